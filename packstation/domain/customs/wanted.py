"""Which papers a consignment needs, and where each is printed: rows of the table ``forms``.

The form follows carrier, service, class, destination, category, value, weight and sizes
(reference: customs, sections 0.1 and 1.1). Rows have a slot; of each slot the first row that
holds counts, and one without a kind asks for nothing. Special rows stand before general ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, Literal

import msgspec
from msgspec import Struct

from packstation.domain.customs.case import Case, Item, at_path
from packstation.domain.customs.facts import Facts, fact
from packstation.domain.customs.pack import Condition
from packstation.domain.customs.rows import condition_holds, goes_to, held

Printer = Literal["label", "papers"]
FORM: Final = "form"


class PaperWanted(Struct, frozen=True, kw_only=True):
    """``copies`` of a kind of paper: of each parcel for a form, of the consignment else.

    ``printer``: the thermal label printer or the one for A4; ``confirm``: someone says that it is
    on the parcel before that is closed; ``electronic``: sent as data, not printed.
    """

    kind: str
    copies: int = 1
    width_mm: float = 210.0
    height_mm: float = 297.0
    printer: Printer = "papers"
    tray: str = ""
    confirm: bool = False
    electronic: bool = False


class FormRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of ``forms``: empty lists hold for all, ``to`` are countries and groups.

    ``operator``: post, courier, line (see table ``carriers``); ``when``: conditions of the order.
    """

    slot: str
    kind: str = ""
    carrier: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    operator: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
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
    return tuple(_wanted(row) for row in _chosen(case) if row.kind)


def _chosen(case: Case, slot: str = "") -> Iterator[FormRow]:
    """The first row that holds of each slot, or of one."""
    done: set[str] = set()
    for raw in held(case, "forms"):
        if raw["slot"] not in done and slot in {"", raw["slot"]}:
            row = msgspec.convert(raw, FormRow)
            if _holds(case, row):
                done.add(row.slot)
                yield row


def _holds(case: Case, row: FormRow) -> bool:
    one_of = (
        (row.carrier, at_path(case.raw, "carrier")),
        (row.service, at_path(case.raw, "service")),
        (row.operator, fact(case, case.order, "operator")),
        (row.category, at_path(case.raw, "category")),
    )
    if not all(not allowed or value in allowed for allowed, value in one_of):
        return False
    return goes_to(case, row.to) and all(condition_holds(case, one) for one in row.when)


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
    )


def _kinds(case: Case, _: Item) -> tuple[str, ...]:
    """Kinds of the papers that are wanted."""
    return tuple(one.kind for one in paper_set(case))


def _form(case: Case, _: Item) -> str | None:
    # Rows of other slots ask for it, so it cannot be read off the whole set.
    return next((row.kind for row in _chosen(case, FORM) if row.kind), None)


def _operator(case: Case, _: Item) -> str:
    """Who carries: post, courier or line; as the carrier is known, else by its service's class."""
    carrier = at_path(case.raw, "carrier")
    known = {str(row["carrier"]): str(row["operator"]) for row in held(case, "carriers")}
    service_class = at_path(case.raw, "service_class")
    if known.get(str(carrier)) == "post" or service_class == "postal":
        return "post"
    by_class = {"express": "courier", "dedicated_line": "line"}
    return by_class.get(str(service_class)) or known.get(str(carrier)) or "post"


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


FACTS_ORDER: Final[Facts] = {
    "papers": _papers,
    "paper_kinds": _kinds,
    "form": _form,
    "operator": _operator,
    "declared_kinds": _declared_kinds,
    "sum3_mm": _sum3,
    "longest_mm": _longest,
    "cartons": _cartons,
}
