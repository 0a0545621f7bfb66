"""What lies in a parcel, as it says itself: the one place that reads ``parcels[].contents``.

What a parcel says of a line that the order has not, or in no number, is kept as not known: each
rule has to decide what that means for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from packstation.domain.customs.case import Case, Item, Key, objects, stated
from packstation.domain.customs.reading import count_of


class Content(Struct, frozen=True):
    """Pieces of a line; None for a line that the order has not, and for what is no count."""

    line: Item | None
    pieces: int | None

    @property
    def sku(self) -> str:
        """Of its line, "" without one."""
        return "" if self.line is None else self.line.sku


def contents(case: Case, parcel: Item) -> tuple[Content, ...]:
    """What a parcel says that it holds; () where it does not say. Read once."""
    key: Key = ("contents", parcel.index)
    if key not in case.known:
        case.known[key] = _read(case, parcel)
    found: tuple[Content, ...] = case.known[key]
    return found


def _read(case: Case, parcel: Item) -> tuple[Content, ...]:
    # By its text: what stands there may be of any shape.
    by_number = {repr(stated(one.raw.get("line"))): one for one in case.lines}
    by_number.pop(repr(None), None)
    return tuple(
        Content(by_number.get(repr(stated(one.get("line")))), count_of(one.get("quantity")))
        for one in objects(parcel.raw.get("contents"))
    )


def whole(case: Case) -> tuple[Content, ...]:
    """All of the order."""
    return tuple(Content(one, count_of(one.raw.get("quantity"))) for one in case.lines)


def known(held: Sequence[Content]) -> tuple[tuple[Item, int], ...] | None:
    """Lines and pieces, None where one of them is not known."""
    found = tuple(
        (one.line, one.pieces) for one in held if one.line is not None and one.pieces is not None
    )
    return found if len(found) == len(held) else None
