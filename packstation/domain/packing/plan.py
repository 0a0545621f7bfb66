"""What is due of an order, line by line, as a session plans it when it is opened."""

from __future__ import annotations

from msgspec import Struct

from packstation.domain.gs1 import GS


class LinePlan(Struct, frozen=True, kw_only=True):
    """What is due of an order line, with what the guards need to know of its SKU.

    ``unit_g`` is the weight of a unit, None when not known; ``tolerance_g`` how far
    one unit may be off. ``size_mm`` are its sides, empty when not known; ``lots`` are
    those the buyer may get, empty for any.

    A part of a kit has a line of its own: ``of`` is the order's line that it belongs to (0: it
    is one itself), ``kit`` the SKU sold there, ``kits`` how many of them all parts make up,
    ``after`` the line that must be packed before it (0: none). ``others`` are the SKUs that
    may be packed instead, planned as they would be; ``needs`` the marketplace's kinds of
    data still to give for it (`packstation.domain.requirements`).
    """

    line: int
    sku: str
    quantity: int
    unit_g: int | None = None
    tolerance_g: int = 0
    size_mm: tuple[int, ...] = ()
    serial: bool = False
    lot: bool = False
    expiry: bool = False
    min_days_left: int = 0
    lots: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    battery: str = "none"
    of: int = 0
    kit: str = ""
    kits: int = 0
    after: int = 0
    others: tuple[LinePlan, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def order_line(self) -> int:
        """The order's own line."""
        return self.of or self.line

    def takes(self, sku: str) -> bool:
        """Whether ``sku`` may be packed on this line."""
        return sku == self.sku or any(other.sku == sku for other in self.others)

    def packed_as(self, sku: str) -> LinePlan:
        """The plan by which ``sku`` is judged and weighed on this line."""
        return next((other for other in self.others if other.sku == sku), self)


class Given(Struct, frozen=True, kw_only=True):
    """A value given for a unit; ``status``: "" (waits for an answer), accepted or refused.

    ``source``: device or manual, "" as the item itself came.
    """

    kind: str
    value: str
    status: str = ""
    reason: str = ""
    source: str = ""


class PaperDue(Struct, frozen=True, kw_only=True):
    """A document that a parcel needs: how many copies, from which tray of its printer.

    ``confirm``: the parcel is not closed before a person has stuck it on, or put it in, and
    ``mark`` is what the rules call it then ("" as the document).
    ``printer`` is the class of printer that the rule names, label or papers, "" for none.
    ``on_label``: the service's label carries it, so it is no paper of its own; ``larger``: it
    stands for a CN 22 that has no room for the contents.
    """

    document: str
    copies: int = 1
    tray: str = ""
    confirm: bool = False
    mark: str = ""
    printer: str = ""
    on_label: bool = False
    larger: bool = False


class Change(Struct, frozen=True, kw_only=True):
    """What changed of an order under the packer's hands; never a person's data.

    ``what``: quantity, added, removed (of ``sku``, ``was`` and ``now`` units), country, address,
    service or terms.
    """

    what: str
    sku: str = ""
    was: int = 0
    now: int = 0


# Kinds of data of which each unit has its own, in no other box of the site.
OWN_TO_A_UNIT = frozenset({"mark", "imei", "jw_uin"})


def unit_codes(sku: str, serial: str, given: tuple[Given, ...]) -> tuple[str, ...]:
    """Names of what only one unit in the world carries: serials of a SKU, marks, IMEIs, UINs."""
    # The signature of a mark may be made anew: what it stands for ends at the first separator.
    own = tuple(
        f"{one.kind}:{one.value.partition(GS)[0]}" for one in given if one.kind in OWN_TO_A_UNIT
    )
    return (f"serial:{sku}:{serial}", *own) if serial else own
