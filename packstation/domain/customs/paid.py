"""What is declared beside what the buyer paid (R23), and which form that gives (R24).

Reference: customs, sections 1.1, 2.8 and 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from packstation.domain.customs.case import Case, Item, at_path
from packstation.domain.customs.facts import Facts, fact
from packstation.domain.customs.money import Worth, money_of, quantity, shown, sums, told
from packstation.domain.customs.operators import HOLDS, Found, Look, Operators, Said, Wrong
from packstation.domain.customs.rates import way_of
from packstation.domain.customs.worth import (
    clearly_below,
    figure,
    gap,
    judged,
    limit,
)
from packstation.domain.quantities import Money

CN22_VALUE: Final = "upu_cn22_value"


def _paid(case: Case, _: Item) -> Money | None:
    """What was paid: as the channel says, else the prices of the lines; None for nothing."""
    total = money_of(at_path(case.raw, "payment.total"))
    if total is not None and total.amount > 0:
        return total
    prices = list(_prices(case))
    added = sums(prices) if len(prices) == len(case.lines) else ()
    if len(added) != 1 or added[0].amount <= 0:
        return None
    discount = money_of(case.raw.get("discount"))
    if discount is None or discount.currency != added[0].currency:
        return added[0]
    return added[0] - discount if 0 < discount.amount < added[0].amount else added[0]


def _prices(case: Case) -> Iterator[Money]:
    for line in case.lines:
        price, pieces = money_of(at_path(line.raw, "unit_price")), quantity(line)
        if price is not None and pieces is not None:
            yield (price * pieces).rounded()


def _explained(case: Case) -> tuple[Fraction, ...]:
    """Sums that a buyer may have paid for goods declared so: with or without what is beside them.

    A discount is in the declared value already, unless it would have left nothing.
    """
    goods: Money = fact(case, case.order, "declared_value")
    beside = {
        name: Fraction(one.amount) if one is not None and one.currency == goods.currency else 0
        for name in ("freight", "insurance", "discount")
        for one in [money_of(case.raw.get(name))]
    }
    extra = beside["freight"] + beside["insurance"]
    less = 0 if fact(case, case.order, "discount_off") else beside["discount"]
    return tuple(Fraction(goods.amount) - off + more for off in (0, less) for more in (0, extra))


def _rate_to_paid(case: Case) -> Fraction | None:
    """1 of the goods' currency in that of the payment, by a rate that is fresh."""
    paid, goods = fact(case, case.order, "paid"), fact(case, case.order, "goods_value")
    if paid.currency == goods.currency:
        return Fraction(1)
    days = int(figure(case, "rate_days") or 0)
    way = way_of(case, goods.currency, paid.currency, days)
    return None if way is None or (case.today - way.on).days > days else way.rate


def _comparable(case: Case, _: Item) -> bool | None:
    """Whether what was paid and what is declared can be compared; None where one is not known."""
    if None in (fact(case, case.order, "paid"), fact(case, case.order, "goods_value")):
        return None
    return _rate_to_paid(case) is not None


def _is_comparable(value: bool, _: object, look: Look) -> Found:  # noqa: FBT001 - a fact
    """Holds where a fresh rate leads from the declared to the paid currency; names the pair."""
    if value:
        return HOLDS
    both = (fact(look.case, look.case.order, name) for name in ("goods_value", "paid"))
    pair = "-".join(one.currency for one in both)
    return (Wrong(value=pair, allowed=Said("rate.newer", {"pair": pair}), words={"pair": pair}),)


def _explains(value: Money, than: object, look: Look) -> Found:
    """Holds where the declared goods come to what was paid, within ``than`` per cent of it."""
    rate = _rate_to_paid(look.case) or Fraction(0)
    paid = Fraction(value.amount)
    most = paid * Fraction(str(than)) / 100
    if any(abs(one * rate - paid) <= most for one in _explained(look.case)):
        return HOLDS
    goods: Money = fact(look.case, look.case.order, "declared_value")
    words = {"declared": shown(goods), "paid": shown(value)}
    return (Wrong(value=shown(goods), allowed=f"{shown(value)} ± {than} %", words=words),)


def _reason(case: Case, _: Item) -> str | None:
    """Why a post's form is a CN23: rates, value, weight, lines or service.

    None where it is none, and where the value is not known (R20 says so).
    """
    if fact(case, case.order, "form") != "cn23":
        return None
    worth, line = fact(case, case.order, "goods_worth"), limit(case, CN22_VALUE)
    if worth is None or line is None:
        return None
    if not judged(case, worth, line).known:
        return "rates"
    if not clearly_below(case, worth, line):
        return "value"
    for name, most in (("heaviest_g", "upu_cn22_weight_g"), ("declared_kinds", "cn22_lines")):
        found, allowed = fact(case, case.order, name), figure(case, most)
        if found is not None and allowed is not None and found > allowed:
            return name
    return "service"


def _not_for(value: str, than: str, look: Look) -> Found:
    """Holds unless the form is a CN23 for this reason; tells the value in SDR."""
    if value != than:
        return HOLDS
    worth: Worth = fact(look.case, look.case.order, "goods_worth")
    line: Money = limit(look.case, CN22_VALUE) or Money(Decimal(0), "XDR")
    found = judged(look.case, worth, line)
    if found.amount is None or found.old:
        return (gap(found),)
    sdr = told(found.amount)
    return (Wrong(value=f"{sdr} SDR", words={"sdr": sdr}),)


FACTS_ORDER: Final[Facts] = {
    "paid": _paid,
    "paid_comparable": _comparable,
    "cn23_reason": _reason,
}
OPERATORS: Final[Operators] = {
    "comparable": _is_comparable,
    "explains": _explains,
    "not_for": _not_for,
}
