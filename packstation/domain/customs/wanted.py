"""Which papers a consignment needs, and where each is printed: rows of the table ``forms``.

The form follows carrier, service, class, destination, category, value, weight and sizes
(reference: customs, sections 0.1 and 1.1). Rows have a slot; of each slot the first row that
holds counts, and one without a kind asks for nothing. Special rows stand before general ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.customs.boxes import on_bench
from packstation.domain.customs.case import Case, Item, Raw, at_path
from packstation.domain.customs.evaluate import condition_holds
from packstation.domain.customs.facts import Facts, fact
from packstation.domain.customs.pack import Condition
from packstation.domain.customs.rows import goes_to, held
from packstation.domain.customs.same import Same
from packstation.first_use import shaped

Printer = Literal["label", "papers"]
Per = Literal["parcel", "consignment"]
FORM: Final = "form"
# Rows that do not say for what they are (of packs from before the column), kinds without a row,
# and the name of the mark that a person confirms.
_OF_PARCEL: Final = frozenset({"cn22", "cn23", "slip", "compliance"})
_MARKS: Final[Mapping[str, str]] = {
    "battery": "battery-mark",
    "battery-preprinted": "battery-mark",
    "class-9": "class-9",
    "cargo-only": "cargo-only",
}
PREPRINTED: Final = "battery-preprinted"


class PaperWanted(Struct, frozen=True, kw_only=True):
    """``copies`` of a kind of paper, ``per`` parcel or for the consignment with its last parcel.

    ``mark``: what it is called as it is confirmed ("" as its kind); ``printer``: the thermal label
    printer or the one for A4; ``confirm``: someone says that it is on the parcel before that is
    closed; ``electronic``: sent as data, not printed.
    """

    kind: str
    copies: int = 1
    width_mm: float = 210.0
    height_mm: float = 297.0
    printer: Printer = "papers"
    tray: str = ""
    confirm: bool = False
    electronic: bool = False
    per: Per = "consignment"
    mark: str = ""


class FormRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of ``forms``: empty lists hold for all, ``to`` are countries and groups.

    ``operator``: post, courier, line, unknown (see table ``carriers``); ``when``: conditions of
    the order, ``each``: of the parcel on the bench, of any where that is not known. ``per``,
    ``mark``: as of `PaperWanted`, by custom of the kind where the row does not say.
    """

    slot: str
    kind: str = ""
    carrier: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    operator: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    each: tuple[Condition, ...] = ()
    per: Per | None = None
    mark: str = ""
    copies: int = 1
    width_mm: float = 210.0
    height_mm: float = 297.0
    printer: Printer = "papers"
    tray: str = ""
    confirm: bool = False
    electronic: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    verified: bool = False


def paper_set(case: Case) -> tuple[PaperWanted, ...]:
    """The papers of an order, in the order of the table."""
    found: tuple[PaperWanted, ...] = fact(case, case.order, "papers")
    return found


def form_of(case: Case) -> str | None:
    """``cn22`` or ``cn23``; None for a courier and within a customs union."""
    found: str | None = fact(case, case.order, "form")
    return found


def _papers(case: Case, _: Item) -> tuple[PaperWanted, ...]:
    found = (_wanted(row) for row in _chosen(case) if row.kind)
    return tuple(one for wanted in found for one in _on_stock(case, wanted))


def _on_stock(case: Case, paper: PaperWanted) -> Iterator[PaperWanted]:
    """A mark on stock with a red border: that cannot carry the class 9 label, which comes beside.

    Either may be wanted alone.
    """
    beside = paper.kind == PREPRINTED and _borne(case, "class_9")
    if not beside or _borne(case, "un_marks"):
        yield paper
    if beside:
        yield replace(paper, kind="class-9", mark="class-9", confirm=True)


def _borne(case: Case, name: str) -> bool:
    """By the parcel on the bench, else by any, or by an order that is not packed yet."""
    return any(fact(case, one, name) for one in on_bench(case) or (case.order,))


def _chosen(case: Case, slot: str = "") -> Iterator[FormRow]:
    """The first row that holds of each slot, or of one."""
    done: set[str] = set()
    asked = tuple(at_path(case.raw, name) for name in ("carrier", "service", "category"))
    for row in _of_day(Same(case.pack.tables), case.today):
        if row.slot not in done and slot in {"", row.slot} and _holds(case, row, asked):
            done.add(row.slot)
            yield row


@lru_cache(maxsize=4)
def _rows(tables: Same[Mapping[str, Sequence[Raw]]]) -> tuple[FormRow, ...]:
    return shaped(tables.value.get("forms", ()), tuple[FormRow, ...])


@lru_cache(maxsize=4)
def _of_day(tables: Same[Mapping[str, Sequence[Raw]]], on: date) -> tuple[FormRow, ...]:
    return tuple(
        row for row in _rows(tables) if (row.valid_from or on) <= on <= (row.valid_to or on)
    )


def _holds(case: Case, row: FormRow, asked: tuple[Any, ...]) -> bool:
    carrier, service, category = asked
    if (
        (row.carrier and carrier not in row.carrier)
        or (row.service and service not in row.service)
        or (row.category and category not in row.category)
    ):
        return False
    if row.operator and fact(case, case.order, "operator") not in row.operator:
        return False
    held = goes_to(case, row.to) and all(condition_holds(case, one) for one in row.when)
    return held and _of_a_parcel(case, row)


def _of_a_parcel(case: Case, row: FormRow) -> bool:
    """Whether the parcel on the bench, else any, is as the row wants each."""
    if not row.each or not case.parcels:
        return True
    return any(
        all(condition_holds(case, one, parcel) for one in row.each) for parcel in on_bench(case)
    )


def _wanted(row: FormRow) -> PaperWanted:
    return PaperWanted(
        kind=row.kind,
        copies=row.copies,
        width_mm=row.width_mm,
        height_mm=row.height_mm,
        printer=row.printer,
        tray=row.tray,
        confirm=row.confirm,
        electronic=row.electronic,
        per=row.per or usual_per(row.kind),
        mark=row.mark or _MARKS.get(row.kind, ""),
    )


def usual_per(kind: str) -> Per:
    """What a kind is made for where no row of the table says."""
    return "parcel" if kind in _OF_PARCEL or kind in _MARKS else "consignment"


def per_of(tables: Mapping[str, Sequence[Raw]], kind: str) -> Per:
    """What papers of a kind are made for: by the table, else by custom."""
    rows = _rows(Same(tables))
    said = next((row.per for row in rows if row.kind == kind and row.per), None)
    return said or usual_per(kind)


def _kinds(case: Case, _: Item) -> tuple[str, ...]:
    """Kinds of the papers that are wanted."""
    return tuple(one.kind for one in paper_set(case))


def _form(case: Case, _: Item) -> str | None:
    # Rows of other slots ask for it, so it cannot be read off the whole set.
    return next((row.kind for row in _chosen(case, FORM) if row.kind), None)


def _operator(case: Case, _: Item) -> str:
    """Who carries: post, courier, line or unknown; by the class of the service, else the carrier.

    While nobody has chosen a carrier it is taken as post; one that no table has is unknown.
    """
    carrier = at_path(case.raw, "carrier")
    known = {str(row["carrier"]): str(row["operator"]) for row in held(case, "carriers")}
    service_class = at_path(case.raw, "service_class")
    if known.get(str(carrier)) == "post" or service_class == "postal":
        return "post"
    by_class = {"express": "courier", "dedicated_line": "line", "freight": "line"}
    named = "unknown" if carrier or service_class else "post"
    return by_class.get(str(service_class)) or known.get(str(carrier)) or named


def _declared_kinds(case: Case, _: Item) -> int:
    """How many different lines a form would have: equal ones are declared as one."""
    names = ("description", "hs", "origin", "unit_value.currency")
    kinds = {
        tuple(str(at_path(line.raw, f"product.customs.{name}")) for name in names)
        for line in case.lines
    }
    return len(kinds)


def _sides(parcel: Item) -> tuple[int, ...]:
    found = [parcel.raw.get(f"{name}_mm") for name in ("length", "width", "height")]
    return tuple(one for one in found if isinstance(one, int))


def _sum3(case: Case, _: Item) -> int | None:
    """Length, width and height of the largest parcel together, in mm."""
    return max((sum(sides) for one in case.parcels if (sides := _sides(one))), default=None)


def _longest(case: Case, _: Item) -> int | None:
    return max((max(sides) for one in case.parcels if (sides := _sides(one))), default=None)


def _cartons(case: Case, _: Item) -> int:
    return len(case.parcels)


def _cn22_full(case: Case, _: Item) -> bool:
    """Whether a bench found that the contents have no room there (reference: customs, 1.2)."""
    return at_path(case.raw, "bench.larger") is True


FACTS_ORDER: Final[Facts] = {
    "papers": _papers,
    "paper_kinds": _kinds,
    "form": _form,
    "operator": _operator,
    "declared_kinds": _declared_kinds,
    "sum3_mm": _sum3,
    "longest_mm": _longest,
    "cartons": _cartons,
    "cn22_full": _cn22_full,
}
