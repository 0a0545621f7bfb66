"""Exchange rates with their days: direct, inverse, or across one other currency.

An order brings rates of its own (FORMATS ``rates``), a pack has the table ``rates``; those of the
order count first. A rate that is not there is None: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Final

from msgspec import Struct

from packstation.domain.customs.case import Case, Item, Key, Raw, at_path, objects
from packstation.domain.customs.facts import Facts, fact
from packstation.domain.customs.reading import number_of
from packstation.domain.customs.same import Same
from packstation.domain.quantities import CURRENCIES

# What a cross rate may go through, in this order; XDR is the IMF's unit.
_THROUGH: Final = ("XDR", "EUR", "CNY", "USD")
_SDR: Final = "SDR"


class RateRow(Struct, frozen=True):
    """1 ``base`` = ``rate`` ``quote`` on a day."""

    base: str
    quote: str
    rate: Fraction
    on: date


class Way(Struct, frozen=True):
    """How one currency becomes another: 1 ``path[0]`` = ``rate`` ``path[-1]``.

    ``on`` is the day of the oldest rate used.
    """

    rate: Fraction
    path: tuple[str, ...]
    on: date

    def __str__(self) -> str:
        """As a finding names it, e.g. ``CNY-XDR-EUR 2026-11-20``."""
        return f"{'-'.join(self.path)} {self.on.isoformat()}"


def rows_of(listed: object) -> tuple[RateRow, ...]:
    """The rates of a JSON list; misshapen ones are left out."""
    return tuple(row for one in objects(listed) for row in _row(one))


def _row(one: object) -> Iterator[RateRow]:
    base, quote = (currency_of(at_path(one, name)) for name in ("from", "to"))
    try:
        rate = number_of(at_path(one, "rate"))
        day = date.fromisoformat(str(at_path(one, "on")))
    except ValueError:
        return
    if rate is not None and rate > 0 and {base, quote} <= CURRENCIES and base != quote:
        yield RateRow(base, quote, Fraction(rate), day)


def currency_of(value: object) -> str:
    """A code as it is written, small or as SDR too."""
    code = str(value).upper()
    return "XDR" if code == _SDR else code


def best_way(
    sets: Iterable[Sequence[RateRow]], base: str, quote: str, today: date, days: int
) -> Way | None:
    """The first way that is at most so many days old, else the newest, else None.

    ``sets``: rates in the order in which they count; those of a day to come do not.
    """
    known = [[row for row in rows if row.on <= today] for rows in sets]
    newest = None
    for one in ways(known, base, quote):
        if (today - one.on).days <= days:
            return one
        newest = one if newest is None or one.on > newest.on else newest
    return newest


def sets_of(case: Case) -> tuple[tuple[RateRow, ...], ...]:
    """An order's own rates; then these together with the pack's."""
    found: tuple[tuple[RateRow, ...], ...] = fact(case, case.order, "rate_sets")
    return found


def _sets(case: Case, _: Item) -> tuple[tuple[RateRow, ...], ...]:
    own = rows_of(case.raw.get("rates"))
    return own, own + pack_rows(Same(case.pack.tables))


@lru_cache(maxsize=4)
def pack_rows(tables: Same[Mapping[str, Sequence[Raw]]]) -> tuple[RateRow, ...]:
    """Those of a pack's table."""
    return rows_of(tables.value.get("rates"))


def way_of(case: Case, base: str, quote: str, days: int) -> Way | None:
    """As `best_way` by the rates and on the day of a case; worked out once."""
    key: Key = ("rates", base, quote, days)
    if key not in case.known:
        case.known[key] = best_way(sets_of(case), base, quote, case.today, days)
    found: Way | None = case.known[key]
    return found


def ways(sets: Iterable[Sequence[RateRow]], base: str, quote: str) -> Iterator[Way]:
    """All ways, those of the first set of rates first, direct ones before crosses."""
    for rows in sets:
        for path in _paths(base, quote):
            found = _along(rows, path)
            if found is not None:
                yield found


def _paths(base: str, quote: str) -> Iterator[tuple[str, ...]]:
    yield base, quote
    for middle in _THROUGH:
        if middle not in {base, quote}:
            yield base, middle, quote


def _along(rows: Sequence[RateRow], path: tuple[str, ...]) -> Way | None:
    rate, oldest = Fraction(1), date.max
    for base, quote in pairwise(path):
        leg = _leg(rows, base, quote)
        if leg is None:
            return None
        rate, oldest = rate * leg.rate, min(oldest, leg.on)
    return Way(rate, path, oldest)


def _leg(rows: Sequence[RateRow], base: str, quote: str) -> RateRow | None:
    """The newest rate of a pair; its inverse serves too."""
    pairs = [one for one in rows if {one.base, one.quote} == {base, quote}]
    if not pairs:
        return None
    newest = max(pairs, key=lambda one: one.on)
    if newest.base == base:
        return newest
    return RateRow(base, quote, 1 / newest.rate, newest.on)


FACTS_ORDER: Final[Facts] = {"rate_sets": _sets}
