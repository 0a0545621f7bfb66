"""What the border may cost, as information: rows of the table ``fees`` that hold today.

Reference: customs, section 2.5. Nobody promises an estimate: what cannot be worked out for lack of
a rate or a tariff number is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from packstation.domain.customs.borders import holding
from packstation.domain.customs.case import Case, Raw, at_path
from packstation.domain.customs.facts import fact
from packstation.domain.customs.findings import Estimate
from packstation.domain.customs.hs import read_hs
from packstation.domain.customs.rows import goes_to
from packstation.domain.customs.same import Same
from packstation.domain.customs.worth import judged
from packstation.domain.quantities import Money
from packstation.first_use import shaped

_HS: int = 6


class Fee(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of ``fees``: an amount ``per`` thing, or ``percent`` of the goods' value.

    tariff_item: distinct numbers of six digits; line: lines of the order; parcel; consignment;
    value: per cent of the goods in ``amount``'s currency.
    """

    code: str
    to: tuple[str, ...] = ()
    regimes: tuple[str, ...] = ()
    per: Literal["tariff_item", "line", "parcel", "consignment", "value"]
    amount: Money
    percent: Decimal = Decimal(0)
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    verified: bool = False


def estimates(case: Case) -> tuple[Estimate, ...]:
    """Costs at the border, none for what does not cross one."""
    if fact(case, case.order, "abroad") is not True:
        return ()
    rows = _rows(Same(case.pack.tables), case.today)
    ours = (row for row in rows if goes_to(case, row.to) and _applies(case, row))
    found = ((row.code, _amount(case, row)) for row in ours)
    return tuple(Estimate(code=code, amount=one) for code, one in found if one is not None)


@lru_cache(maxsize=4)
def _rows(tables: Same[Mapping[str, Sequence[Raw]]], on: date) -> tuple[Fee, ...]:
    return tuple(shaped(row, Fee) for row in holding(tables.value, "fees", on))


def _applies(case: Case, row: Fee) -> bool:
    return not row.regimes or fact(case, case.order, "regime") in row.regimes


def _amount(case: Case, row: Fee) -> Money | None:
    if row.per == "value":
        return _share(case, row)
    counted = {
        "tariff_item": tariff_items(case),
        "line": len(case.lines),
        "parcel": len(case.parcels),
        "consignment": 1,
    }[row.per]
    return (row.amount * counted).rounded() if counted else None


def tariff_items(case: Case) -> int:
    """Distinct tariff numbers of six digits; 0 where a line has none."""
    codes = [_six(at_path(line.raw, "product.customs.hs")) for line in case.lines]
    return 0 if None in codes else len({*codes})


def _six(value: object) -> str | None:
    code = read_hs(value)
    return code.digits[:_HS] if code is not None and len(code.digits) >= _HS else None


def _share(case: Case, row: Fee) -> Money | None:
    worth = fact(case, case.order, "goods_worth")
    if worth is None:
        return None
    found = judged(case, worth, row.amount)
    if found.amount is None:
        return None
    part: Fraction = found.amount * Fraction(row.percent) / 100
    exact = Decimal(part.numerator) / Decimal(part.denominator)
    return Money(exact, row.amount.currency).rounded()
