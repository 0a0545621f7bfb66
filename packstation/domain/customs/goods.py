"""What lies in the parcels, as transport sees it: batteries, classes, and what takes them.

Facts and operators of the rules R36 to R39, from the tables ``batteries`` and ``restrictions``.
A kit is what it is made of as well; an order without parcels is one parcel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from packstation.domain.customs.batteries import (
    BatteryRow,
    Classified,
    Gap,
    classify,
    gaps,
    marked,
    read_battery,
    too_heavy,
)
from packstation.domain.customs.case import Case, Item, Raw, at_path, objects
from packstation.domain.customs.compliance import answers
from packstation.domain.customs.facts import Facts, fact
from packstation.domain.customs.findings import LANGUAGES
from packstation.domain.customs.operators import Found, Look, Operators, Wrong
from packstation.domain.customs.restrictions import Restriction, Way, known, verdict
from packstation.domain.errors import InputInvalid

# Kits in kits: as deep as anybody nests them, and no loop.
_DEEP: Final = 4
# Who carries, as tariff/1 and the matrix call the class of a service; EMS is postal here.
_CLASSES: Final = {"post": "postal", "courier": "express", "line": "dedicated_line"}
_EMPTY: Final[Raw] = {}
_MOST_UNITS: Final = 10**6
Row = TypeVar("Row", BatteryRow, Restriction)


class Piece(Struct, frozen=True):
    """``units`` of one SKU in a parcel."""

    sku: str
    product: Raw
    units: int

    @property
    def goods(self) -> Raw:
        """Its ``goods`` of catalog/1, {} where there are none."""
        found = self.product.get("goods")
        return found if isinstance(found, Mapping) else _EMPTY


class Flaw(Struct, frozen=True):
    """A gap of one SKU's goods."""

    sku: str
    gap: Gap


class Refused(Struct, frozen=True):
    """A row of the matrix that speaks of one SKU; ``named`` is what it is called there."""

    sku: str
    named: str
    row: Restriction
    way: Way


class Heavy(Struct, frozen=True):
    """A parcel with more net weight of one instruction than a package holds."""

    parcel: int
    named: str
    grams: int
    limit: int
    certain: bool


def pieces_of(case: Case, lines: Sequence[tuple[Item, int]]) -> tuple[Piece, ...]:
    """Lines and their units, kits with all their parts."""
    return tuple(
        piece
        for line, units in lines
        for piece in _with_parts(case, line.sku, line.raw["product"], units, _DEEP)
    )


def _with_parts(case: Case, sku: str, product: Raw, units: int, deep: int) -> Iterator[Piece]:
    yield Piece(sku, product, units)
    if deep:
        for part in objects(product.get("kit")):
            name = str(part.get("sku") or "")
            many = units * _units(part.get("quantity"))
            yield from _with_parts(case, name, case.products.get(name, _EMPTY), many, deep - 1)


def _units(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        return 1
    return min(value, _MOST_UNITS)


def _contents(case: Case, parcel: Item) -> list[tuple[Item, int]]:
    """Its lines; all of the order where it does not say."""
    lines = (line for line in case.lines if _hashable(line.raw.get("line")))
    numbered = {line.raw.get("line"): line for line in lines}
    held = [
        (numbered[one["line"]], _units(one.get("quantity")))
        for one in objects(parcel.raw.get("contents"))
        if _hashable(one.get("line")) and one.get("line") in numbered
    ]
    return held or _whole(case)


def _hashable(value: object) -> bool:
    return isinstance(value, int | str)


def _whole(case: Case) -> list[tuple[Item, int]]:
    return [(line, _units(line.raw.get("quantity"))) for line in case.lines]


def _goods(case: Case, _: Item) -> tuple[Piece, ...]:
    """Everything in the order, each SKU once."""
    every = pieces_of(case, _whole(case))
    return tuple({piece.sku: piece for piece in every}.values())


def _batteries(case: Case, _: Item) -> tuple[tuple[Classified, ...], ...]:
    """Of each parcel its batteries, classed; one parcel where the order has none."""
    packed = [_contents(case, parcel) for parcel in case.parcels] or [_whole(case)]
    rows = fact(case, case.order, "battery_rows")
    return tuple(_classed(case, pieces_of(case, lines), rows) for lines in packed)


def _classed(
    case: Case, pieces: Sequence[Piece], rows: Sequence[BatteryRow]
) -> tuple[Classified, ...]:
    found = []
    for piece in pieces:
        net_g = at_path(piece.product, "customs.net_g")
        battery = read_battery(piece.goods, piece.sku, piece.units, net_g)
        if battery and (classed := classify(battery, rows, case.today)):
            found.append(classed)
    return tuple(found)


def _marks(case: Case, _: Item) -> tuple[tuple[str, ...], ...]:
    """Of each parcel the UN numbers on its battery mark, () for none."""
    return marked(fact(case, case.order, "batteries"))


def _mark_of_order(case: Case, _: Item) -> bool:
    """Whether some parcel bears a battery mark."""
    return any(fact(case, case.order, "battery_marks"))


def _mark_of_parcel(case: Case, parcel: Item) -> bool:
    """Whether this parcel bears a battery mark."""
    marks: tuple[tuple[str, ...], ...] = fact(case, case.order, "battery_marks")
    return bool(marks[parcel.index])


def _gaps(case: Case, line: Item) -> tuple[Flaw, ...] | None:
    """What the goods of a line lack as batteries, its parts included."""
    rows = fact(case, case.order, "battery_rows")
    flaws = [
        Flaw(piece.sku, gap)
        for piece in pieces_of(case, [(line, 1)])
        for gap in gaps(piece.goods, rows, case.today)
    ]
    return tuple(flaws) or None


def _way(case: Case, _: Item) -> Way:
    country = _text(at_path(case.raw, "ship_to.country"))
    groups = fact(case, case.order, "dest_groups")
    return Way(
        carrier=_text(case.raw.get("carrier")),
        service=_text(case.raw.get("service")),
        service_class=_CLASSES[fact(case, case.order, "operator")] if _routed(case) else "",
        places=frozenset((country, *groups)),
        country=country,
    )


def _routed(case: Case) -> bool:
    """Whether it is known at all who carries."""
    return any(at_path(case.raw, name) for name in ("carrier", "service_class"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _refused_batteries(case: Case, _: Item) -> tuple[Refused, ...] | None:
    """What the matrix says of the batteries, each SKU once."""
    way, rows = fact(case, case.order, "way"), fact(case, case.order, "restriction_rows")
    found: dict[str, Refused] = {}
    for one in (one for held in fact(case, case.order, "batteries") for one in held):
        row = verdict(rows, one.codes, way, case.today)
        if row and row.action != "ALLOW":
            found[one.battery.sku] = Refused(one.battery.sku, one.described, row, way)
    return tuple(found.values()) or None


def _refused_goods(case: Case, _: Item) -> tuple[Refused, ...] | None:
    """What the matrix says of classes of goods."""
    way, rows = fact(case, case.order, "way"), fact(case, case.order, "restriction_rows")
    found = []
    for piece in fact(case, case.order, "goods"):
        for name in classes_of(piece.goods):
            row = verdict(rows, (name,), way, case.today)
            if row and row.action != "ALLOW":
                found.append(Refused(piece.sku, name, row, way))
    return tuple(found) or None


def _unknown_classes(case: Case, _: Item) -> tuple[Flaw, ...] | None:
    """Classes that no row of the matrix knows: nobody has said whether they may go."""
    names = known(fact(case, case.order, "restriction_rows"))
    allowed = ", ".join(sorted(name for name in names if name.islower() and name != "battery"))
    flaws = [
        Flaw(piece.sku, Gap("classes", name, allowed))
        for piece in fact(case, case.order, "goods")
        for name in classes_of(piece.goods)
        if name not in names
    ]
    return tuple(flaws) or None


def _heavy(case: Case, _: Item) -> tuple[Heavy, ...] | None:
    found = [
        Heavy(at, one.described, grams, one.row.net_max_g or 0, certain)
        for at, held in enumerate(fact(case, case.order, "batteries"))
        for one, grams, certain in too_heavy(held)
    ]
    return tuple(found) or None


def classes_of(goods: Raw) -> tuple[str, ...]:
    """The classes of catalog/1 goods, what is no text left out."""
    found = goods.get("classes")
    listed = found if isinstance(found, Sequence) and not isinstance(found, str) else ()
    return tuple(dict.fromkeys(one for one in listed if isinstance(one, str) and one.strip()))


def _battery_rows(case: Case, _: Item) -> tuple[BatteryRow, ...]:
    return rows_of(case.pack.tables.get("batteries", ()), BatteryRow)


def _restriction_rows(case: Case, _: Item) -> tuple[Restriction, ...]:
    return rows_of(case.pack.tables.get("restrictions", ()), Restriction)


def rows_of(table: Sequence[Raw], shape: type[Row]) -> tuple[Row, ...]:
    """A table's rows in their shape.

    Raises:
        InputInvalid: a row of another shape, named.
    """
    try:
        return tuple(msgspec.convert(row, shape) for row in table)
    except msgspec.ValidationError as exc:
        raise InputInvalid(path=shape.__name__, value=str(exc), allowed="rows") from exc


def _flawless(value: tuple[Flaw, ...], _: object, __: Look) -> Found:
    return tuple(
        Wrong(
            value=flaw.gap.value or "",
            allowed=flaw.gap.allowed,
            field=f"products[{flaw.sku}].goods.{flaw.gap.field}",
            words={"sku": flaw.sku, "what": flaw.gap.field},
        )
        for flaw in value
    )


def _not_refused(value: tuple[Refused, ...], than: object, _: Look) -> Found:
    """``than``: the action of the matrix that is wrong here, BLOCK or WARN."""
    return tuple(_refusal(one) for one in value if one.row.action == than)


def _refusal(one: Refused) -> Wrong:
    words = {
        "class": one.named,
        "goods": one.sku,
        "carrier": one.way.carrier or "-",
        "service": one.way.service or "-",
        "country": one.way.country or "-",
    }
    field = "battery" if "battery" in one.row.classes or one.named.startswith("UN") else "classes"
    why = {f"why_{name}": _filled(one.row.text.get(name, one.row.id), words) for name in LANGUAGES}
    where = f"products[{one.sku}].goods.{field}"
    return Wrong(value=one.named, field=where, words={**words, **why})


def _filled(text: str, words: Mapping[str, str]) -> str:
    """Its {names} replaced; what a buyer wrote in braces is put in and not looked at again."""
    parts = text.split("{")
    return parts[0] + "".join(
        words.get(name, "{" + name + "}") + rest
        for name, _, rest in (part.partition("}") for part in parts[1:])
    )


def _light(value: tuple[Heavy, ...], than: object, _: Look) -> Found:
    """``than``: whether the batteries' weight is known (true), or only that of the goods."""
    return tuple(
        Wrong(
            value=f"{one.grams} g",
            allowed=f"<= {one.limit} g",
            field=f"parcels[{one.parcel}].contents",
            words={"class": one.named, "limit_kg": f"{one.limit / 1000:g}"},
        )
        for one in value
        if one.certain is than
    )


def _compliance(case: Case, _: Item) -> bool:
    """Whether the destination asks for a label and somebody is entered for it."""
    country = _text(at_path(case.raw, "ship_to.country"))
    store = _text(case.raw.get("store"))
    return bool(answers(case.pack.tables, country, store, case.today))


FACTS_ORDER: Final[Facts] = {
    "compliance": _compliance,
    "battery_rows": _battery_rows,
    "restriction_rows": _restriction_rows,
    "goods": _goods,
    "batteries": _batteries,
    "battery_marks": _marks,
    "battery_mark": _mark_of_order,
    "way": _way,
    "refused_batteries": _refused_batteries,
    "refused_goods": _refused_goods,
    "unknown_classes": _unknown_classes,
    "heavy_batteries": _heavy,
}
FACTS_LINE: Final[Facts] = {"battery_gaps": _gaps}
FACTS_PARCEL: Final[Facts] = {"battery_mark": _mark_of_parcel}
OPERATORS: Final[Operators] = {
    "flawless": _flawless,
    "not_refused": _not_refused,
    "not_heavy": _light,
}
