"""Weight and size of parcels against expectation, limits and labels (R03, R04, R43, R44)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

import msgspec

from packstation.domain.customs.case import Case, Item, Raw, at_path, objects
from packstation.domain.customs.contents import contents
from packstation.domain.customs.facts import Facts
from packstation.domain.customs.operators import HOLDS, Found, Look, Operators, Said, Wrong
from packstation.domain.customs.phrases import by_language, in_words
from packstation.domain.customs.reading import number_of
from packstation.domain.errors import InputInvalid
from packstation.domain.rating.measures import Beyond, beyond, written
from packstation.domain.shipments import ShipmentParcel
from packstation.domain.tariffs import Limits
from packstation.first_use import shaped

_ROUGH: Final = Decimal("0.01")


def on_bench(case: Case) -> tuple[Item, ...]:
    """The parcel that ``bench.parcel`` names (from 1); all of them where it names none."""
    number = at_path(case.raw, "bench.parcel")
    found = [one for one in case.parcels if one.index + 1 == number]
    return tuple(found) or case.parcels


def _on_bench(case: Case, parcel: Item) -> bool:
    """Whether what the bench says is about this parcel."""
    return parcel in on_bench(case)


def _at_hand(case: Case, parcel: Item) -> bool:
    """Whether ``bench.gross`` is about this parcel: the last one of the order."""
    return parcel.index == len(case.parcels) - 1


def _stable(case: Case, parcel: Item) -> object:
    return at_path(case.raw, "bench.gross.stable") if _at_hand(case, parcel) else None


def _tare(case: Case, parcel: Item) -> Decimal | None:
    return number_of(at_path(case.raw, "bench.gross.tare_g")) if _at_hand(case, parcel) else None


def _expected(case: Case, parcel: Item) -> Decimal | None:
    """Grams as the bench expects them, else of goods and box; None while they are learned."""
    if _at_hand(case, parcel):
        if at_path(case.raw, "bench.gross.learning") is True:
            return None
        told = number_of(at_path(case.raw, "bench.gross.expected_g"))
        if told is not None:
            return told
    goods, tare = _goods(case, parcel), _tare(case, parcel)
    return None if goods is None or tare is None else goods + tare


def _goods(case: Case, parcel: Item) -> Decimal | None:
    """Grams of the goods in a parcel by the catalogue."""
    total = Decimal(0)
    for one in contents(case, parcel):
        each = number_of(case.products.get(one.sku, {}).get("weight_g"))
        if each is None or one.pieces is None:
            return None
        total += each * one.pieces
    return total or None


def near(value: object, than: Decimal, look: Look) -> Found:
    """A weight within the tolerance around ``than``: so many grams, or a share if that is more.

    Figures ``weight_tolerance_g`` and ``weight_tolerance_share``.
    """
    measured = number_of(value)
    least, share = _figure(look, "weight_tolerance_g"), _figure(look, "weight_tolerance_share")
    tolerance = max(least, than * share)
    if measured is not None and abs(measured - than) <= tolerance:
        return HOLDS
    allowed = f"{_short(than - tolerance)}-{_short(than + tolerance)} g"
    return (Wrong(allowed=allowed, words={"expected": _short(than)}),)


def _figure(look: Look, name: str) -> Decimal:
    figure = look.case.figure(name)
    if figure is None or figure.value is None:
        raise InputInvalid(path="figures", value=name, allowed="a figure that holds today")
    return figure.value


def _short(value: Decimal) -> str:
    return f"{value.quantize(_ROUGH).normalize():f}"


def in_limits(value: object, _: object, look: Look) -> Found:
    """A parcel within limits as a tariff has them; those that cannot be read refuse nothing.

    What the order does not say of the parcel is found by checks of its own.
    """
    limits, box = _limits(value), _box(look.item.raw)
    if limits is None or box is None:
        return HOLDS
    shown = " x ".join(_short(one) for one in box.sides) + " mm" if box.sides else None
    at = f"parcels[{look.item.index}]"
    return tuple(
        Wrong(value=shown, allowed=_bound(one, look), field=at)
        if one.name
        else Wrong(
            value=f"{_short(box.weight_g)} g", allowed=_bound(one, look), field=f"{at}.gross_g"
        )
        for one in _once(beyond(limits, box))
        if not one.name or box.sides is not None
    )


def _once(found: Iterable[Beyond]) -> Iterator[Beyond]:
    """The longest side by one limit only: it may stand in a tariff twice."""
    told = False
    for one in found:
        longest = one.over and one.name in {"longest side", "side 1"}
        if not (longest and told):
            yield one
        told = told or longest


def _bound(one: Beyond, look: Look) -> Said:
    """What a measure may be at most or must be at least, in words."""
    what = in_words(look.case.pack, "measure", one.name or "weight")
    unit = in_words(look.case.pack, "unit", one.unit)
    fill = {"value": written(one.value), "bound": f"{one.bound}"}
    said = {**by_language("what", what), **by_language("unit", unit)}
    return Said("limit.over" if one.over else "limit.under", {**fill, **said})


def _limits(value: object) -> Limits | None:
    if not isinstance(value, dict):
        return None
    known = {name: one for name, one in value.items() if name in Limits.__struct_fields__}
    try:
        return shaped(known, Limits)
    except (msgspec.ValidationError, ValueError):
        return None


def _box(raw: Raw) -> ShipmentParcel | None:
    try:
        return ShipmentParcel(
            weight_g=number_of(raw.get("gross_g")) or Decimal(1),
            length_mm=number_of(raw.get("length_mm")),
            width_mm=number_of(raw.get("width_mm")),
            height_mm=number_of(raw.get("height_mm")),
        )
    except ValueError:
        return None


def of_stock(value: object, than: object, look: Look) -> Found:
    """Labels of the size that is wanted lie in the printer (figure ``stock_tolerance_mm``)."""
    names = ("width_mm", "height_mm")
    have = [number_of(at_path(value, name)) for name in names]
    want = [number_of(at_path(than, name)) for name in names]
    tolerance = _figure(look, "stock_tolerance_mm")
    pairs = [(h, w) for h, w in zip(have, want, strict=True) if h is not None and w is not None]
    if all(abs(h - w) <= tolerance for h, w in pairs):
        return HOLDS
    lies, size = (
        " x ".join("-" if one is None else _short(one) for one in two) for two in (have, want)
    )
    return (Wrong(value=f"{lies} mm", allowed=f"{size} mm", words={"size": size}),)


def _label(case: Case, _: Item) -> object:
    """Size of the label to be printed: the bench's, else the marketplace's own."""
    made = objects(case.raw.get("labels"))
    return at_path(case.raw, "bench.label") or (made[0] if made else None)


FACTS_ORDER: Final[Facts] = {"label_size": _label}
FACTS_PARCEL: Final[Facts] = {
    "stable": _stable,
    "tare_g": _tare,
    "expected_g": _expected,
    "on_bench": _on_bench,
}
OPERATORS: Final[Operators] = {"near": near, "in_limits": in_limits, "of_stock": of_stock}
