"""Parcels that must not leave as they are: packed twice, against a cancellation, for old data.

Pure (reference/sync.md section 1.1, table of conflicts). Facts are never dropped: a parcel
that exists is somebody's task until its goods are back or it has another label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from packstation.domain.claims import Pack, standing

ROW: Final = "conflict"
DUPLICATE, CANCELLED, RELABEL = "duplicate_pack", "packed_after_cancel", "relabel_required"
# What stops such a parcel at the hand-over, as `handover.parcels.Due.stop`.
STOPS: Final[Mapping[str, str]] = {DUPLICATE: "duplicate", RELABEL: "relabel"}


class Conflict(Struct, frozen=True, kw_only=True):
    """Row ``conflict`` by session: its parcels (``waybills``) lie at ``bench`` of ``station``.

    ``stands``: the bench whose parcel of the same order is the right one, "" for none.
    """

    session: str
    kind: str
    order: str = ""
    station: str = ""
    bench: str = ""
    waybills: tuple[str, ...] = ()
    stands: str = ""


def judged(packs: Sequence[Pack], *, cancelled: bool, stale: frozenset[str]) -> dict[str, str]:
    """What is wrong with the packs of one order: the kind by session.

    ``stale``: sessions whose labels were made of what the order is not any more.
    """
    if not packs:
        return {}
    best = standing(packs).session
    found = {pack.session: DUPLICATE for pack in packs if pack.session != best}
    if cancelled:
        found[best] = CANCELLED
    elif best in stale:
        found[best] = RELABEL
    return found
