"""Numbers of parcels: the UPU's S10, and that none is used twice (R40)."""

from __future__ import annotations

from typing import Final

from packstation.domain import s10
from packstation.domain.customs.case import Case, Item, Raw, at_path
from packstation.domain.customs.facts import Facts
from packstation.domain.customs.operators import HOLDS, Found, Look, Operators, Said, Wrong
from packstation.domain.errors import InputInvalid


def _waybill(_: Case, parcel: Item) -> str | None:
    number = parcel.raw.get("waybill")
    return s10.compact(number) or None if isinstance(number, str) else None


def _other_waybills(case: Case, parcel: Item) -> tuple[str, ...]:
    """Numbers that are taken: of the pool within two years, of the order's other parcels."""
    used = at_path(case.raw, "bench.used_waybills")
    others = (_waybill(case, one) for one in case.parcels if one.index < parcel.index)
    listed = used if isinstance(used, list) else []
    return (*(s10.compact(one) for one in listed if isinstance(one, str)), *filter(None, others))


def _post(case: Case, _: Item) -> Raw | None:
    """The row of ``tables.s10`` for carrier and service: the one that says most."""
    given = {name: at_path(case.raw, name) for name in ("carrier", "service")}
    rows = [
        row
        for row in case.pack.tables.get("s10", ())
        if all(row.get(name) is None or row[name] == given[name] for name in given)
    ]
    return max(rows, key=lambda row: len({*given} & {*row}), default=None)


def _is_s10(case: Case, parcel: Item) -> bool:
    """Whether the number is one of the UPU's: its post uses them, or it looks like one."""
    number = _waybill(case, parcel)
    return _post(case, parcel) is not None or (number is not None and s10.looks_like(number))


def s10_number(value: str, _: object, look: Look) -> Found:
    """Check digit, country and, where the post's row says so, its country and indicators."""
    try:
        found = s10.parse(value)
    except InputInvalid as exc:
        part, digit = str(exc.fields["path"]), str(exc.fields["allowed"])
        return (Wrong(value=value, allowed=Said(f"s10.{part}", {"digit": digit})),)
    post = _post(look.case, look.item) or {}
    country, letters = post.get("country", found.country), post.get("indicators", ())
    if found.country != country:
        return (Wrong(value=value, allowed=Said("s10.ends", {"country": str(country)})),)
    if letters and not any(value.startswith(one) for one in letters):
        return (Wrong(value=value, allowed=Said("s10.begins", {"letters": ", ".join(letters)})),)
    return HOLDS


FACTS_PARCEL: Final[Facts] = {
    "waybill_number": _waybill,
    "waybills_taken": _other_waybills,
    "is_s10": _is_s10,
}
OPERATORS: Final[Operators] = {"s10": s10_number}
