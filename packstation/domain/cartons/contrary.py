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
        path = f"cartons[{at}]"
        if carton.code in seen:
            yield {"path": f"{path}.code", "value": carton.code, "allowed": "each code once"}
        seen.add(carton.code)
        outer = sorted(carton.outer_mm or carton.inner_mm)
        if any(out < inner for out, inner in zip(outer, sorted(carton.inner_mm), strict=True)):
            allowed = f"no side less than inside: {list(carton.inner_mm)}"
            yield {"path": f"{path}.outer_mm", "value": carton.outer_mm, "allowed": allowed}
        if carton.max_g is not None and carton.max_g <= carton.tare_g:
            allowed = f"> {carton.tare_g} (tare_g): it is the weight of the closed parcel"
            yield {"path": f"{path}.max_g", "value": carton.max_g, "allowed": allowed}
