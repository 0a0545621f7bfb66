"""What channel, clock and house ask for: units, copies, deadlines, age of rules (R42-R48)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from stdnum import imei

from packstation.domain.customs.case import Case, Item, Raw, at_path, objects
from packstation.domain.customs.facts import Facts
from packstation.domain.customs.operators import HOLDS, Found, Look, Operators, Wrong
from packstation.domain.customs.phrases import by_language, in_words
from packstation.domain.customs.reading import count_of, moment_of, money_of, number_of
from packstation.domain.customs.wanted import PaperWanted
from packstation.domain.customs.worth import judged
from packstation.domain.quantities import Money

_MINUTE: Final = timedelta(minutes=1)
_HANDOVER: Final = "handover"


def given(value: object, _: object, look: Look) -> Found:
    """What a marketplace wants told of units: each entry has a value that its kind allows.

    Kinds and their patterns are ``tables.requirements``.
    """
    kinds = {row["kind"]: row for row in look.case.pack.tables.get("requirements", ())}
    return tuple(
        Wrong(
            value=str(one.get("value") or ""),
            allowed=kinds.get(str(one.get("kind")), {}).get("allowed", ", ".join(kinds)),
            field=f"requirements[{at}].value",
            words={
                **by_language("attr", in_words(look.case.pack, "value", str(one.get("kind")))),
                "sku": str(one.get("sku") or "-"),
            },
        )
        for at, one in enumerate(objects(value))
        if not _is_given(one, kinds)
    )


def _is_given(one: Raw, kinds: Mapping[str, Raw]) -> bool:
    kind, value = one.get("kind"), one.get("value")
    row = kinds.get(kind) if isinstance(kind, str) else None
    if row is None or value in (None, ""):
        return False
    values = value if isinstance(value, list) else [value]
    return bool(values) and all(_fits(one, row) for one in values)


def _fits(value: object, row: Raw) -> bool:
    if row.get("number"):
        found = number_of(value)
        return found is not None and found > 0
    if not isinstance(value, str):
        return False
    if row.get("check") == "imei" and not imei.is_valid(value):
        return False
    return _pattern(str(row.get("pattern", ".+"))).fullmatch(value.strip()) is not None


@lru_cache(maxsize=64)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.ASCII | re.DOTALL)


# Copies


def copies(value: tuple[PaperWanted, ...], than: Sequence[str], look: Look) -> Found:
    """Each paper is printed as often as asked for; kinds in ``than`` are not counted.

    ``bench.printed`` counts by kind; more is no fault, electronic ones are not printed.
    """
    printed = at_path(look.case.raw, "bench.printed")
    wrong = []
    for one in value:
        have = count_of(at_path(printed, one.kind)) or 0
        if one.kind not in than and not one.electronic and have < one.copies:
            words = {"n": str(one.copies), "kind": one.kind.upper()}
            field = f"bench.printed.{one.kind}"
            wrong.append(Wrong(value=str(have), allowed=str(one.copies), field=field, words=words))
    return tuple(wrong)


# Money of the whole order


def in_value(value: object, than: object, look: Look) -> Found:
    """An amount within another one, by dated rates; without a rate it does not hold."""
    have, most = money_of(value), money_of(than)
    if have is None or most is None:
        return HOLDS
    found = judged(look.case, {have.currency: Fraction(have.amount)}, most)
    if found.amount is not None and found.amount <= most.amount:
        return HOLDS
    limit = f"{most.amount} {most.currency}"
    says = "rate.drop_off" if found.amount is None else ""
    return (Wrong(value=f"{have.amount} {have.currency}", allowed=limit, says=says),)


# Time


def _due(case: Case, _: Item) -> tuple[int, datetime] | None:
    """The next moment after which lateness costs more, else the last one; with its place."""
    moments = [
        (found, at)
        for at, one in enumerate(objects(case.raw.get("deadlines")))
        if one.get("kind") == _HANDOVER
        for name in ("at", "next_at")
        if (found := moment_of(one.get(name))) is not None
    ]
    if not moments:
        return None
    coming = [one for one in moments if one[0] >= case.now]
    found, at = min(coming) if coming else max(moments)
    return at, found


def _due_place(case: Case, order: Item) -> int | None:
    due = _due(case, order)
    return None if due is None else due[0]


def _due_at(case: Case, order: Item) -> str | None:
    """In the zone of the site, to the minute."""
    due = _due(case, order)
    return None if due is None else f"{due[1].astimezone(case.now.tzinfo):%Y-%m-%d %H:%M}"


def _minutes_left(case: Case, order: Item) -> Decimal | None:
    """Whole minutes, negative once it has passed."""
    due = _due(case, order)
    return None if due is None else Decimal((due[1] - case.now) // _MINUTE)


def _late_cost(case: Case, order: Item) -> str | None:
    """What missing it costs: the charge after it less the one before, in its currency."""
    due = _due(case, order)
    if due is None:
        return None
    row = objects(case.raw.get("deadlines"))[due[0]]
    now, after = money_of(row.get("cost_now")), money_of(row.get("cost_next"))
    if after is not None and now is not None and now.currency == after.currency:
        after = after - now
    return _told(after)


def _told(money: Money | None) -> str:
    return "?" if money is None else f"{money.amount} {money.currency}"


def _minutes_since_sync(case: Case, _: Item) -> Decimal | None:
    """Whole minutes since the bench last heard of the order's status."""
    read = moment_of(at_path(case.raw, "bench.synced_at"))
    return None if read is None else Decimal((case.now - read) // _MINUTE)


def _pack_days(case: Case, _: Item) -> int:
    """Days since anybody last looked through the rules."""
    return (case.today - case.pack.reviewed_on).days


def _pack_reviewed(case: Case, _: Item) -> str:
    return case.pack.reviewed_on.isoformat()


def _today(case: Case, _: Item) -> str:
    return case.today.isoformat()


def _span(minutes: Decimal) -> str:
    """Hours and minutes, as on a clock: "29 min", "-10 h 13 min"."""
    hours, rest = divmod(abs(int(minutes)), 60)
    sign = "-" if minutes < 0 else ""
    return f"{sign}{hours} h {rest:02} min" if hours else f"{sign}{rest} min"


SHOWN: Final[Mapping[str, Callable[[Any], object]]] = {"minutes_left": _span}
FACTS_ORDER: Final[Facts] = {
    "due_place": _due_place,
    "due_at": _due_at,
    "minutes_left": _minutes_left,
    "late_cost": _late_cost,
    "minutes_since_sync": _minutes_since_sync,
    "pack_days": _pack_days,
    "pack_reviewed": _pack_reviewed,
    "today": _today,
}
OPERATORS: Final[Operators] = {"given": given, "copies": copies, "in_value": in_value}
