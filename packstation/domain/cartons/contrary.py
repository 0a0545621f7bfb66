"""Lists of goods and of cartons that contradict themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from packstation.domain.cartons.goods import CartonItem
from packstation.domain.parcels import Carton


def of_items(items: Iterable[CartonItem]) -> Iterator[dict[str, object]]:
    """Rows of one SKU that differ in more than their quantity; shaped as `contradictions`."""
    known: dict[str, CartonItem] = {}
    for at, item in enumerate(items):
        one = replace(item, quantity=1)
        if known.setdefault(item.sku, one) != one:
            allowed = "one size, weight and rule for all units of a SKU"
            yield {"path": f"items[{at}].sku", "value": item.sku, "allowed": allowed}


def contradictions(cartons: Iterable[Carton]) -> Iterator[dict[str, object]]:
    """Where (``path``), what (``value``) and what is allowed (``allowed``), one after another."""
    seen = set[str]()
    for at, carton in enumerate(cartons):
        found = list(of_carton(carton))
        if carton.code in seen:
            found.insert(0, ("code", carton.code, "each code once"))
        seen.add(carton.code)
        for field, value, allowed in found:
            yield {"path": f"cartons[{at}].{field}", "value": value, "allowed": allowed}


def of_carton(carton: Carton) -> Iterator[tuple[str, object, str]]:
    """Field, value and what is allowed, where a carton contradicts itself."""
    outer = sorted(carton.outer_mm or carton.inner_mm)
    if any(out < inner for out, inner in zip(outer, sorted(carton.inner_mm), strict=True)):
        yield "outer_mm", carton.outer_mm, f"no side less than inside: {list(carton.inner_mm)}"
    if carton.max_g is not None and carton.max_g <= carton.tare_g:
        allowed = f"> {carton.tare_g} (tare_g): it is the weight of the closed parcel"
        yield "max_g", carton.max_g, allowed
    if carton.stock is not None and carton.stock < 0:
        yield "stock", carton.stock, ">= 0"
    if carton.cost is not None and carton.cost.amount < 0:
        yield "cost.amount", str(carton.cost.amount), ">= 0"
