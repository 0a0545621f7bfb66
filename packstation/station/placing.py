"""Where the goods go in the box: asked in the background, drawn when the answer is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from packstation.domain.cartons.goods import CartonItem
from packstation.domain.catalog import Packing, Product
from packstation.domain.packing import Session, State
from packstation.domain.packing.facts import Fact, LinePlan
from packstation.station.box_plan import boxes
from packstation.station.boxes import BoxPlan, worked_out
from packstation.station.core import Core
from packstation.station.planning import packed
from packstation.station.ports import Happening

# SKUs that lie in the parcel, and how many units of each.
Units = tuple[tuple[str, int], ...]


class Placed(Happening, frozen=True):
    """The boxes found for the contents of a parcel as of ``units``; None: it was not worked out."""

    parcel: str
    units: Units
    plan: BoxPlan | None = None


_NOTHING: Final[tuple[str, Units]] = ("", ())


class Placing:
    """Asks once for each parcel that is about to be boxed."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._asked: tuple[str, Units] = _NOTHING

    def told(self, _: tuple[Fact, ...]) -> None:
        """Contents are complete: find out how they lie."""
        session = self._core.session
        key = contents_key(session) if session.parcels else _NOTHING
        if key == self._asked:
            return
        self._asked, self._core.desk.plan = _NOTHING, None
        if session.state is State.CARTONING:
            self._ask(session, key)

    def _ask(self, session: Session, key: tuple[str, Units]) -> None:
        self._asked = parcel, units = key
        inside = packed(session)
        goods = items_of(inside, self._products(plan.sku for plan, _ in inside))
        cartons = boxes(self._core)
        if goods:
            # Where it fails, boxes are offered by volume: it stops no parcel.
            self._core.run(
                lambda: Placed(parcel, units, worked_out(goods, cartons)), Placed(parcel, units)
            )

    def _products(self, skus: Iterable[str]) -> Mapping[str, Product]:
        found = {sku: self._core.cache.product(sku) for sku in skus}
        return {sku: product for sku, product in found.items() if product is not None}

    def placed(self, done: Placed) -> None:
        """Keep the answer while it is about the open parcel."""
        session = self._core.session
        if session.parcels and contents_key(session) == (done.parcel, done.units):
            self._core.desk.plan = done.plan


def contents_key(session: Session) -> tuple[str, Units]:
    """The open parcel, and how many units of what lie in it."""
    return session.parcel.id, tuple((plan.sku, units) for plan, units in packed(session))


def items_of(
    goods: Sequence[tuple[LinePlan, int]], products: Mapping[str, Product]
) -> list[CartonItem]:
    """Goods as things with sides; none at all where one thing's sides are not known."""
    if not all(plan.size_mm for plan, _ in goods):
        return []
    return [_item(plan, units, products.get(plan.sku)) for plan, units in goods]


def _item(plan: LinePlan, units: int, product: Product | None) -> CartonItem:
    length, width, height = plan.size_mm
    packing = product.packing if product is not None else Packing()
    return CartonItem(
        sku=plan.sku,
        quantity=units,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        weight_g=plan.unit_g or 0,
        keep_upright=packing.this_side_up,
        fragile=packing.fragile,
        own_box=packing.own_box,
        no_stack=packing.no_stack,
        padding_mm=packing.padding_mm,
        padding_percent=packing.padding_percent,
        shape=packing.shape,
    )
