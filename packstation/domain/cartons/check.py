"""The judge of every answer: it looks at boxes only, and shares no code with what found them.

It knows the goods, the cartons and the answer, and derives everything else by itself. An answer
with a fault never leaves (`choose` raises); benchmarks and tests ask it ten thousand times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from packstation.domain.cartons.goods import CartonAnswer, CartonItem, CartonParcel, Placement
from packstation.domain.parcels import Carton


def faults(
    answer: CartonAnswer, items: Iterable[CartonItem], cartons: Iterable[Carton]
) -> tuple[str, ...]:
    """What is wrong with ``answer``, in plain words; empty where nothing is."""
    goods = list(items)
    known = {carton.code: carton for carton in cartons}
    found = list(_counted(answer, goods))
    for number, parcel in enumerate(answer.parcels, start=1):
        found += [f"parcel {number}: {fault}" for fault in _parcel(parcel, goods, known)]
    found += _stock(answer, known)
    return tuple(found)


def _counted(answer: CartonAnswer, goods: Sequence[CartonItem]) -> Iterator[str]:
    """Each unit once: packed, or named as unpacked."""
    wanted = Counter[str]()
    for item in goods:
        wanted[item.sku] += item.quantity
    there = Counter(one.sku for parcel in answer.parcels for one in parcel.placements)
    for row in answer.unpacked:
        there[row.sku] += row.quantity
    for sku in sorted(wanted.keys() | there.keys()):
        if wanted[sku] != there[sku]:
            yield f"{sku}: {wanted[sku]} units wanted, {there[sku]} accounted for"


def _stock(answer: CartonAnswer, known: Mapping[str, Carton]) -> Iterator[str]:
    for code, used in Counter(parcel.carton for parcel in answer.parcels).items():
        stock = known[code].stock if code in known else None
        if stock is not None and used > stock:
            yield f"{used} of {code} used, {stock} in stock"


def _parcel(
    parcel: CartonParcel, goods: Sequence[CartonItem], known: Mapping[str, Carton]
) -> Iterator[str]:
    boxes = []
    for one in parcel.placements:
        item = _item_of(one, goods)
        if item is None:
            yield f"{one.sku} lies as {one.size_mm}, as no unit of it may"
        else:
            boxes.append(_Box(one, item))
    yield from _pairs(boxes)
    if parcel.kind == "own":
        if len(boxes) != 1 or not boxes[0].item.own_box:
            yield "own packaging holds one unit that ships in it"
    elif any(box.item.own_box for box in boxes):
        yield "a unit that ships in its own packaging lies in a carton"
    elif parcel.carton not in known:
        yield f"carton {parcel.carton} is not in the list"
    else:
        yield from _inside(boxes, known[parcel.carton])
        yield from _weight(parcel, boxes, known[parcel.carton])


def _item_of(one: Placement, goods: Sequence[CartonItem]) -> CartonItem | None:
    """The row that a placed unit may be of: all rows of a SKU are of one size and one rule."""
    fitting = (item for item in goods if item.sku == one.sku and _may_lie(one, item))
    return next(fitting, None)


def _may_lie(one: Placement, item: CartonItem) -> bool:
    thick = max(item.width_mm, item.height_mm) if item.shape == "roll" else None
    sides = (item.length_mm, thick or item.width_mm, thick or item.height_mm)
    if sorted(one.size_mm) != sorted(sides):
        return False
    return not item.keep_upright or one.size_mm[2] == sides[2]


class _Box:
    """A placed unit with the room that it keeps free around it."""

    def __init__(self, one: Placement, item: CartonItem) -> None:
        self.item, self.sku = item, one.sku
        pads = [
            item.padding_mm + (side * item.padding_percent + 199) // 200 for side in one.size_mm
        ]
        self.low = [at - pad for at, pad in zip(one.position_mm, pads, strict=True)]
        self.high = [
            at + side + pad
            for at, side, pad in zip(one.position_mm, one.size_mm, pads, strict=True)
        ]

    def shares(self, other: _Box, axis: int) -> bool:
        """Whether the two cover some length in common along an axis."""
        return self.low[axis] < other.high[axis] and other.low[axis] < self.high[axis]


def _pairs(boxes: Sequence[_Box]) -> Iterator[str]:
    """No two in one place, nothing over what bears nothing, everything on something."""
    for at, one in enumerate(boxes):
        column = [o for o in boxes if o is not one and one.shares(o, 0) and one.shares(o, 1)]
        for other in column:
            if one.shares(other, 2) and any(other is later for later in boxes[at:]):
                yield f"{one.sku} and {other.sku} overlap"
            if other.low[2] >= one.high[2] and not _bears(one.item, other.item):
                yield f"{other.sku} lies over {one.sku}, which bears it not"
        floor = min((box.low[2] for box in boxes), default=0)
        if one.low[2] > floor and not any(o.high[2] == one.low[2] for o in column):
            yield f"{one.sku} floats"
        if any(o.low[2] >= one.high[2] for o in column if any(o is b for b in boxes[:at])):
            yield f"{one.sku} goes in under what is in already"


def _bears(low: CartonItem, up: CartonItem) -> bool:
    if low.no_stack or (low.fragile and not up.fragile):
        return False
    return not low.fragile or 0 < up.weight_g <= low.weight_g


def _inside(boxes: Sequence[_Box], carton: Carton) -> Iterator[str]:
    for box in boxes:
        if any(at < 0 for at in box.low) or any(
            end > side for end, side in zip(box.high, carton.inner_mm, strict=True)
        ):
            yield f"{box.sku} lies outside of {carton.code}"
    if carton.kind == "bag" and boxes:
        thick = max(box.high[2] for box in boxes)
        ends = [max(box.high[axis] for box in boxes) for axis in (0, 1)]
        if any(end + thick > flat for end, flat in zip(ends, carton.inner_mm, strict=False)):
            yield f"{carton.code} does not close round what is in it"
    if carton.kind == "tube":
        for box in boxes:
            if not _in_circle(box, min(carton.inner_mm[1:]), alone=len(boxes) == 1):
                yield f"{box.sku} does not fit into the round of {carton.code}"


def _in_circle(box: _Box, width: int, *, alone: bool) -> bool:
    """Whether the cross-section of a unit lies in a circle as wide as the tube; doubled units."""
    if alone and box.item.shape == "roll" and box.high[0] - box.low[0] > box.high[1] - box.low[1]:
        return max(box.high[1] - box.low[1], box.high[2] - box.low[2]) <= width
    return all(
        (2 * y - width) ** 2 + (2 * z - width) ** 2 <= width * width
        for y in (box.low[1], box.high[1])
        for z in (box.low[2], box.high[2])
    )


def _weight(parcel: CartonParcel, boxes: Sequence[_Box], carton: Carton) -> Iterator[str]:
    grams = sum(box.item.weight_g for box in boxes) + carton.tare_g
    if parcel.gross_g != grams:
        yield f"weighs {grams} g, not {parcel.gross_g} g"
    if carton.max_g is not None and grams > carton.max_g:
        yield f"{grams} g in {carton.code}, which takes {carton.max_g} g"
