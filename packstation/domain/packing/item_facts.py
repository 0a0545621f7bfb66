"""Facts of single units and lines: what may stand in, what a marketplace is told of each unit."""

from __future__ import annotations

from packstation.domain.packing.facts import Fact
from packstation.domain.packing.plan import LinePlan


class SubstituteAllowed(Fact, frozen=True, kw_only=True):
    """A supervisor ``by`` allowed another SKU on a line, with badge, PIN and ``reason``.

    ``plan`` is the line as it would be planned for that SKU.
    """

    line: int
    sku: str
    plan: LinePlan
    by: str
    reason: str = ""


class ByHandAllowed(Fact, frozen=True, kw_only=True):
    """A supervisor ``by`` let the packer pick ``units`` more of this order by hand."""

    units: int
    by: str
    reason: str = ""


class OrderChangeTaken(Fact, frozen=True, kw_only=True):
    """The goods stay in their box; the parcel goes on with what the order says at ``rev``.

    ``digest`` and ``prints`` as in SessionOpened; its label, if it had one, is void.
    """

    rev: int
    digest: str = ""
    prints: tuple[str, ...] = ()


class RequirementGiven(Fact, frozen=True, kw_only=True):
    """What a marketplace wants to know of a unit, as scanned or typed.

    It belongs to the item verified in the same commit; ``source``: device or manual. The server
    hands it on and answers by `RequirementAnswer` rows.
    """

    line: int
    sku: str
    kind: str
    value: str
    source: str = "device"


class RequirementAccepted(Fact, frozen=True, kw_only=True):
    """The marketplace took the value."""

    sku: str
    kind: str
    value: str


class RequirementRefused(Fact, frozen=True, kw_only=True):
    """The marketplace refuses the value: that unit must not leave with it."""

    sku: str
    kind: str
    value: str
    reason: str = ""


class DoubleScanAsked(Fact, frozen=True, kw_only=True):
    """The same code came again faster than a hand can change things; nothing was counted."""

    sku: str
    code: str = ""
    after_ms: int = 0
    scanner: str = ""
