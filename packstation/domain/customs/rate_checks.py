"""Whether an exchange rate can be right: none of a day to come, none far from what is known.

A point in the wrong place (82 for 8.2) makes every threshold wrong by ten. What is known is the
pack's table ``rates``, across another currency where it has no direct rate; for an import the
site's own rows count first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from packstation.domain.customs.case import Case
from packstation.domain.customs.operators import Found, Look, Operators, Wrong
from packstation.domain.customs.pack import Pack
from packstation.domain.customs.rates import RateRow, Way, best_way, pack_rows, rows_of
from packstation.domain.customs.same import Same

JUMP: Final = "rate_jump_percent"
OLD: Final = "rate_days_old"


def far_from(
    row: RateRow, sets: Sequence[Sequence[RateRow]], today: date, limit: Decimal, days: int
) -> Way | None:
    """The known rate that ``row`` is over ``limit`` per cent away from, None where it is near.

    The greater of the two counts as so much above the smaller. Known rates over ``days`` old say
    nothing.
    """
    way = best_way(sets, row.base, row.quote, today, days)
    if way is None or (today - way.on).days > days:
        return None
    times = max(row.rate / way.rate, way.rate / row.rate)
    return way if (times - 1) * 100 > limit else None


def far_in_pack(row: RateRow, pack: Pack, today: date, own: Sequence[RateRow] = ()) -> Way | None:
    """As `far_from`, by ``own`` rates and then the pack's, its figures as limits."""
    limit, days = (_figure(pack, name, today) for name in (JUMP, OLD))
    if limit is None or days is None:
        return None
    known = pack_rows(Same(pack.tables))
    return far_from(row, (own, known) if own else (known,), today, limit, int(days))


def _figure(pack: Pack, name: str, today: date) -> Decimal | None:
    found = pack.figure(name, today)
    return found.value if found else None


def plain(rate: Fraction) -> str:
    """A rate as people read it: six figures at most.

    >>> plain(Fraction(839832, 108626)), plain(Fraction(1, 100000))
    ('7.73141', '0.00001')
    """
    return f"{Decimal(f'{float(rate):.6g}'):f}"


def _in_past(value: object, _: object, look: Look) -> Found:
    """No rate of a day to come."""
    today = look.case.today
    return tuple(
        Wrong(value=row.on.isoformat(), field=f"rates[{at}].on", words={"today": today.isoformat()})
        for at, row in _rows(value)
        if row.on > today
    )


def _near(value: object, _: object, look: Look) -> Found:
    """No rate far from the pack's."""
    found = ((at, row, _far(row, look.case)) for at, row in _rows(value))
    return tuple(_wrong(at, row, way) for at, row, way in found if way)


def _wrong(at: int, row: RateRow, way: Way) -> Wrong:
    return Wrong(
        value=plain(row.rate),
        field=f"rates[{at}].rate",
        words={"pair": f"{row.base}/{row.quote}", "known": plain(way.rate), "way": str(way)},
    )


def _rows(value: object) -> Iterator[tuple[int, RateRow]]:
    for at, one in enumerate(value if isinstance(value, list) else ()):
        for row in rows_of((one,)):
            yield at, row


def _far(row: RateRow, case: Case) -> Way | None:
    return _kept(row, Same(case.pack), case.today)


@lru_cache(maxsize=256)
def _kept(row: RateRow, pack: Same[Pack], today: date) -> Way | None:
    return far_in_pack(row, pack.value, today)


OPERATORS: Final[Operators] = {"rates_past": _in_past, "rates_near": _near}
