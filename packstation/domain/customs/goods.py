"""What lies in the parcels, as transport sees it: batteries, classes, and what takes them.

Facts and operators of the rules R36 to R39, from the tables ``batteries`` and ``restrictions``.
A kit is what it is made of as well; an order without parcels is one parcel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct

from packstation.domain.customs.batteries import (
    BatteryRow,
    Classified,
    Gap,
    cargo_only,
    classify,
    gaps,
    hazardous,
    marked,
    read_battery,
    too_heavy,
)
from packstation.domain.customs.case import Case, Item, Raw, at_path, objects
from packstation.domain.customs.compliance import answers
from packstation.domain.customs.contents import Content, contents, whole
from packstation.domain.customs.facts import Facts, fact
from packstation.domain.customs.findings import LANGUAGES
from packstation.domain.customs.operators import Found, Look, Operators, Wrong
from packstation.domain.customs.phrases import by_language, in_words, phrase
from packstation.domain.customs.reading import count_of
from packstation.domain.customs.restrictions import Restriction, Way, known, verdict
from packstation.domain.customs.rows import rows_of
from packstation.domain.customs.same import Same

# Kits in kits: as deep as anybody nests them, and no loop.
_DEEP: Final = 4
# Who carries, as tariff/1 and the matrix call the class of a service; EMS is postal here.
# A carrier that nobody knows is judged as a post, which takes least.
_CLASSES: Final = {
    "post": "postal",
    "courier": "express",
    "line": "dedicated_line",
    "unknown": "postal",
}
_EMPTY: Final[Raw] = {}
Tables = Mapping[str, Sequence[Raw]]
_MOST_UNITS: Final = 10**6


class Piece(Struct, frozen=True):
    """``units`` of one SKU in a parcel."""

    sku: str
    product: Raw
    units: int

    @property
    def goods(self) -> Raw:
        """Its ``goods`` of catalog/1, {} where there are none."""
        found = self.product.get("goods")
        return found if type(found) is dict or isinstance(found, Mapping) else _EMPTY


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
            many = units * _units(count_of(part.get("quantity")))
            yield from _with_parts(case, name, case.products.get(name, _EMPTY), many, deep - 1)


def _units(count: int | None) -> int:
    """At least one: goods that are there at all are looked at."""
    return min(count or 1, _MOST_UNITS)


def _held(case: Case, parcel: Item) -> list[tuple[Item, int]]:
    """Lines and units in a parcel; all of the order where it does not say."""
    return _known(contents(case, parcel)) or _known(whole(case))


def _known(held: Sequence[Content]) -> list[tuple[Item, int]]:
    return [(one.line, _units(one.pieces)) for one in held if one.line is not None]


def _goods(case: Case, _: Item) -> tuple[Piece, ...]:
    """Everything in the order, each SKU once."""
    every = pieces_of(case, _known(whole(case)))
    return tuple({piece.sku: piece for piece in every}.values())


def _batteries(case: Case, _: Item) -> tuple[tuple[Classified, ...], ...]:
    """Of each parcel its batteries, classed; one parcel where the order has none."""
    packed = [_held(case, parcel) for parcel in case.parcels] or [_known(whole(case))]
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
    """Whether some parcel bears a battery mark or the class 9 label."""
    held = fact(case, case.order, "batteries")
    return any(fact(case, case.order, "battery_marks")) or any(map(hazardous, held))


def _un_marks(case: Case, _: Item) -> bool:
    """Whether some parcel bears a battery mark, whatever else it bears."""
    return any(fact(case, case.order, "battery_marks"))


def _class_9(case: Case, _: Item) -> bool:
    """Whether some parcel bears the class 9 label."""
    return any(map(hazardous, fact(case, case.order, "batteries")))


def _cargo_only(case: Case, _: Item) -> bool:
    """Whether some parcel may go by cargo aircraft only."""
    return any(map(cargo_only, fact(case, case.order, "batteries")))


def _mark_of_parcel(case: Case, parcel: Item) -> bool:
    """Whether this parcel bears a battery mark or the class 9 label."""
    marks: tuple[tuple[str, ...], ...] = fact(case, case.order, "battery_marks")
    held = fact(case, case.order, "batteries")[parcel.index]
    return bool(marks[parcel.index]) or hazardous(held)


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
    if not found or isinstance(found, str) or not isinstance(found, Sequence):
        return ()
    return tuple(dict.fromkeys(one for one in found if isinstance(one, str) and one.strip()))


def _battery_rows(case: Case, _: Item) -> tuple[BatteryRow, ...]:
    return _read_batteries(Same(case.pack.tables))


@lru_cache(maxsize=4)
def _read_batteries(tables: Same[Tables]) -> tuple[BatteryRow, ...]:
    return rows_of(tables.value.get("batteries", ()), BatteryRow)


def _restriction_rows(case: Case, _: Item) -> tuple[Restriction, ...]:
    return _read_restrictions(Same(case.pack.tables))


@lru_cache(maxsize=4)
def _read_restrictions(tables: Same[Tables]) -> tuple[Restriction, ...]:
    return rows_of(tables.value.get("restrictions", ()), Restriction)


def _flawless(value: tuple[Flaw, ...], _: object, look: Look) -> Found:
    return tuple(
        Wrong(
            value=flaw.gap.value or "",
            allowed=flaw.gap.allowed,
            field=f"products[{flaw.sku}].goods.{flaw.gap.field}",
            words={
                "sku": flaw.sku,
                **by_language("what", in_words(look.case.pack, "field", flaw.gap.field)),
            },
        )
        for flaw in value
    )


def _not_refused(value: tuple[Refused, ...], than: object, look: Look) -> Found:
    """``than``: the action of the matrix that is wrong here, BLOCK or WARN."""
    return tuple(_refusal(one, look) for one in value if one.row.action == than)


def _refusal(one: Refused, look: Look) -> Wrong:
    named = in_words(look.case.pack, "value", one.named)
    words = {
        "class": one.named,
        "goods": one.sku,
        "carrier": one.way.carrier or "-",
        "service": one.way.service or "-",
        "country": one.way.country or "-",
    }
    field = "battery" if "battery" in one.row.classes or one.named.startswith("UN") else "classes"
    nobody = phrase(look.case.pack, "way.carrier")
    why = {}
    for name in LANGUAGES:
        own = {"class": named[name], "carrier": one.way.carrier or nobody.get(name, "-")}
        why[f"why_{name}"] = _filled(one.row.text.get(name, one.row.id), {**words, **own})
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
    "un_marks": _un_marks,
    "class_9": _class_9,
    "cargo_only": _cargo_only,
    "way": _way,
    "refused_batteries": _refused_batteries,
    "refused_goods": _refused_goods,
    "unknown_classes": _unknown_classes,
    "heavy_batteries": _heavy,
}
FACTS_LINE: Final[Facts] = {"battery_gaps": _gaps}
FACTS_PARCEL: Final[Facts] = {
    "battery_mark": _mark_of_parcel,
    "un_marks": lambda case, one: bool(fact(case, case.order, "battery_marks")[one.index]),
    "class_9": lambda case, one: hazardous(fact(case, case.order, "batteries")[one.index]),
    "cargo_only": lambda case, one: cargo_only(fact(case, case.order, "batteries")[one.index]),
}
OPERATORS: Final[Operators] = {
    "flawless": _flawless,
    "not_refused": _not_refused,
    "not_heavy": _light,
}
