"""Exchange rates for comparing prices: dated, with a source, never silently stale.

A rate ages in working days (reference: carriers, section 7): fresh, then amber (used, and said
so), then refused. A contract rate is fresh up to its last day and goes before a published one.
A cross goes through one other currency; amounts stay exact and are rounded once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal

from msgspec import Struct

from packstation.domain.orders import Rate
from packstation.domain.quantities import CURRENCIES, Money, minor_units

Age = Literal["fresh", "amber", "refused"]

_RANK: Final[dict[Age, int]] = {"fresh": 0, "amber": 1, "refused": 2}
# What a cross rate may go through, in this order.
_THROUGH: Final = ("EUR", "CNY", "USD", "XDR")
_FRIDAY: Final = 4
# Digits of a crossed or inverse rate handed on as a decimal.
_DIGITS: Final = 18


class Ageing(Struct, frozen=True, kw_only=True):
    """Working days after which a rate is amber, and after which it is refused."""

    amber: int = 3
    refused: int = 10


class FxRow(Struct, frozen=True):
    """1 ``base`` = ``rate`` ``quote`` on a day; ``until`` the last day of one that was agreed."""

    base: str
    quote: str
    rate: Fraction
    on: date
    source: str = ""
    until: date | None = None

    @property
    def id(self) -> str:
        """What is kept with a choice, to find the rate again: ``EUR/CNY 2026-11-20 ECB``."""
        kind = "" if self.until is None else f"contract to {self.until}"
        parts = (f"{self.base}/{self.quote}", f"{self.on}", self.source, kind)
        return " ".join(part for part in parts if part)

    def turned(self) -> FxRow:
        """The same rate the other way round; its id names the row as it was given."""
        return _Turned(self.quote, self.base, 1 / self.rate, self.on, self.source, self.until)


class _Turned(FxRow, frozen=True):
    @property
    def id(self) -> str:
        """That of the row it was made of."""
        return FxRow(self.quote, self.base, 1 / self.rate, self.on, self.source, self.until).id


class Converted(Struct, frozen=True):
    """An amount in another currency.

    ``exact`` is unrounded; ``rates`` are the ids of the rows used, ``on`` the day of the oldest
    (None where none was needed).
    """

    money: Money
    exact: Fraction
    rates: tuple[str, ...] = ()
    age: Age = "fresh"
    on: date | None = None


class NoRate(Struct, frozen=True):
    """No usable rate: ``on`` is the day of the newest one, too old, or None where none is known."""

    base: str
    quote: str
    on: date | None = None


def row_of(rate: Rate) -> FxRow | None:
    """A rate that can be used; None for one of unknown currencies, of no day, or not above 0."""
    pair = {rate.from_, rate.to}
    if len(pair) != 2 or not pair <= CURRENCIES or not rate.rate.is_finite() or rate.rate <= 0:
        return None
    try:
        on = date.fromisoformat(rate.on)
        until = date.fromisoformat(rate.until) if rate.kind == "contract" and rate.until else None
    except ValueError:
        return None
    return FxRow(rate.from_, rate.to, Fraction(rate.rate), on, rate.source, until)


def working_days_between(first: date, last: date) -> int:
    """Mondays to Fridays after ``first``, up to and with ``last``; 0 where it is not later."""
    if last <= first:
        return 0
    weeks, rest = divmod((last - first).days, 7)
    days = (first + timedelta(days=one) for one in range(1, rest + 1))
    return weeks * 5 + sum(day.weekday() <= _FRIDAY for day in days)


class FxTable:
    """Rates at hand; of a pair a contract's goes first, then the newest."""

    def __init__(self, rates: Iterable[Rate], ageing: Ageing | None = None) -> None:
        self._ageing = ageing or Ageing()
        self._pairs: dict[tuple[str, str], list[FxRow]] = {}
        for row in filter(None, map(row_of, rates)):
            self._pairs.setdefault((row.base, row.quote), []).append(row)
            self._pairs.setdefault((row.quote, row.base), []).append(row.turned())

    @property
    def currencies(self) -> tuple[str, ...]:
        """All that some rate speaks of."""
        return tuple(sorted({base for base, _ in self._pairs}))

    def age(self, row: FxRow, today: date) -> Age:
        """How old a rate is on a day."""
        if row.until is not None and today <= row.until:
            return "fresh"
        days = working_days_between(row.until or row.on, today)
        if days > self._ageing.refused:
            return "refused"
        return "amber" if days > self._ageing.amber else "fresh"

    def convert(self, money: Money, to: str, today: date) -> Converted | NoRate:
        """``money`` in the currency ``to``, by the freshest way; direct before crossed."""
        if money.currency == to:
            return Converted(money, Fraction(money.amount))
        way = self._way(money.currency, to, today)
        if way is None or self._worst(way, today) == "refused":
            oldest = min((row.on for row in way), default=None) if way else None
            return NoRate(money.currency, to, oldest)
        exact = Fraction(money.amount)
        for row in way:
            exact *= row.rate
        ids = tuple(row.id for row in way)
        return Converted(
            rounded(exact, to), exact, ids, self._worst(way, today), min(row.on for row in way)
        )

    def rates_from(self, currencies: Iterable[str], today: date) -> tuple[Rate, ...]:
        """A rate of each of ``currencies`` to all others known, none that is too old.

        What tariffs turn declared values by: a gate may stand in any currency.
        """
        return tuple(
            rate
            for base in sorted(set(currencies))
            for quote in self.currencies
            if quote != base and (rate := self._rate(base, quote, today)) is not None
        )

    def _rate(self, base: str, quote: str, today: date) -> Rate | None:
        way = self._way(base, quote, today)
        if way is None or self._worst(way, today) == "refused":
            return None
        exact = Fraction(1)
        for row in way:
            exact *= row.rate
        with localcontext(prec=_DIGITS):
            found = Decimal(exact.numerator) / Decimal(exact.denominator)
        on = min(row.on for row in way).isoformat()
        return Rate(from_=base, to=quote, rate=found, on=on, source=way[0].source)

    def _worst(self, way: Iterable[FxRow], today: date) -> Age:
        return max((self.age(row, today) for row in way), key=_RANK.__getitem__)

    def _way(self, base: str, quote: str, today: date) -> tuple[FxRow, ...] | None:
        """The freshest way; of equally fresh ones the direct one, then by `_THROUGH`."""
        found = list(self._ways(base, quote, today))
        return min(found, key=lambda way: _RANK[self._worst(way, today)], default=None)

    def _ways(self, base: str, quote: str, today: date) -> Iterator[tuple[FxRow, ...]]:
        middles = (one for one in _THROUGH if one not in {base, quote})
        for path in ((base, quote), *((base, middle, quote) for middle in middles)):
            legs = [self._best(pair, today) for pair in pairwise(path)]
            way = tuple(leg for leg in legs if leg is not None)
            if len(way) == len(legs):
                yield way

    def _best(self, pair: tuple[str, str], today: date) -> FxRow | None:
        """Of a pair the agreed rate that holds, else the newest; those of days to come do not."""
        known = [row for row in self._pairs.get(pair, ()) if row.on <= today]
        holds = [row for row in known if row.until is not None and today <= row.until]
        return max(holds or known, key=lambda row: (row.on, row.source), default=None)


def rounded(exact: Fraction, currency: str) -> Money:
    """An exact amount at the currency's minor units, half away from zero."""
    units = exact * 10 ** minor_units(currency)
    whole = int(abs(units) + Fraction(1, 2))
    amount = Decimal(whole if units >= 0 else -whole).scaleb(-minor_units(currency))
    return Money(amount, currency)
