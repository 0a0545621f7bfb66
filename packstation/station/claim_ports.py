"""What a bench asks of its server about claims; rights are ``domain.claims``."""

from __future__ import annotations

from msgspec import Struct

# An order, and the claim and fence that it is packed by.
HeldRight = tuple[str, str, int]


class ClaimRules(Struct, frozen=True):
    """What may be opened without the server's word (settings: OFFLINE_CLAIM, OFFLINE_HOURS).

    ``policy``: partition (what is claimed or assigned to this bench), optimistic (all), deny
    (only what is claimed).
    """

    policy: str = "partition"
    hours: int = 8


class ClaimsAsked(Struct, frozen=True):
    """Claim these orders, and ``ahead`` more of the queue; renew and let go these."""

    want: tuple[str, ...] = ()
    ahead: int = 0
    renew: tuple[HeldRight, ...] = ()
    release: tuple[HeldRight, ...] = ()


class Lost(Struct, frozen=True):
    """The open order is another's: of bench ``by``, or ``taken`` away by that person."""

    by: str = ""
    taken: bool = False
