"""What is declared: values of lines and their sums by currency, exact, rounded as ISO 4217 says.

Reference: customs, section 2.8. A line's value is ROUND_HALF_UP(unit x quantity), a document's
total the sum of its rounded lines; thresholds look at the goods alone, unrounded (`worth`).
Freight and insurance stand beside the goods; a discount is taken off the lines, so that these add
up to what the buyer paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import reduce
from typing import Any, Final

from packstation.domain.customs.case import Case, Item, at_path, stated
from packstation.domain.customs.facts import Facts, fact
from packstation.domain.customs.operators import HOLDS, Found, Look, Operators, Said, Wrong, number
from packstation.domain.quantities import Money, minor_units

UNIT: Final = "product.customs.unit_value"
# What a document states besides its goods, in the document's one currency.
BESIDE: Final = ("freight", "insurance", "discount", "declared_total")

# As many digits as all lines of the largest order can be added up in (`Money` has 18).
_BEYOND: Final = 10**10
# As order/1 has it.
_PIECES: Final = 100_000

Worth = Mapping[str, Fraction]


def money_of(value: object) -> Money | None:
    """An amount of JSON; None where it is none: no number, no ISO 4217 currency, beyond use."""
    if not isinstance(value, dict):
        return None
    try:
        amount = number(stated(value.get("amount")))
        found = Money(amount, str(stated(value.get("currency"))))
    except (TypeError, ValueError, InvalidOperation):
        return None
    return found if abs(amount) < _BEYOND else None


def decimals(money: Money) -> int:
    """Digits after the point, as written."""
    return max(0, -int(money.amount.as_tuple().exponent))


def quantity(line: Item) -> int | None:
    """Pieces of a line, None where it says none."""
    found = line.raw.get("quantity")
    return found if type(found) is int and 0 < found <= _PIECES else None


def shared(total: Money, weights: Sequence[int | Fraction]) -> tuple[Money, ...]:
    """``total``, rounded, in parts by weight that add up to it: the method of largest remainders.

    Each part is less than one minor unit from its exact share; of equal remainders the first
    lines get the unit. Weights of nothing share equally.

    Raises:
        ValueError: no weights, or one below nothing.
    """
    if not weights or min(weights) < 0:
        raise ValueError("weights: at least one, none below 0")
    whole = int(total.rounded().amount.scaleb(minor_units(total.currency)))
    weighed = weights if any(weights) else [1] * len(weights)
    shares = [Fraction(whole) * one / sum(weighed) for one in weighed]
    units = [share.numerator // share.denominator for share in shares]
    by_rest = sorted(range(len(shares)), key=lambda at: units[at] - shares[at])
    for at in by_rest[: whole - sum(units)]:
        units[at] += 1
    return tuple(_of_units(one, total.currency) for one in units)


def _of_units(units: int, currency: str) -> Money:
    return Money(Decimal(units).scaleb(-minor_units(currency)), currency)


def taken_off(values: Sequence[Money], discount: Money | None) -> tuple[Money, ...]:
    """What a discount takes off each value; () where it is not distributed.

    That is where there is none, where currencies differ, and where it would leave a value of
    nothing: what is declared is above nothing, also of goods that were given away (reference:
    customs, 2.8).
    """
    if discount is None or discount.amount <= 0 or not values:
        return ()
    if {one.currency for one in values} != {discount.currency}:
        return ()
    if any(one.amount < 0 for one in values):
        return ()
    parts = shared(discount, [Fraction(one.amount) for one in values])
    pairs = zip(values, parts, strict=True)
    return () if any(part.amount and part.amount >= one.amount for one, part in pairs) else parts


def sums(values: Sequence[Money]) -> tuple[Money, ...]:
    """One sum a currency, in the order in which they come."""
    by_currency: dict[str, list[Money]] = {}
    for one in values:
        by_currency.setdefault(one.currency, []).append(one)
    return tuple(reduce(Money.__add__, some) for some in by_currency.values())


def _unit_value(_: Case, line: Item) -> Money | None:
    return money_of(at_path(line.raw, UNIT))


def _pieces(_: Case, line: Item) -> int | None:
    return quantity(line)


def _line_value(case: Case, line: Item) -> Money | None:
    unit, pieces = fact(case, line, "unit_money"), quantity(line)
    return None if unit is None or pieces is None else (unit * pieces).rounded()


def _unit_worth(case: Case, line: Item) -> Worth | None:
    unit, off = fact(case, line, "unit_money"), fact(case, case.order, "discount_off")
    if unit is None:
        return None
    each = Fraction(off[line.index]) / (quantity(line) or 1) if line.index in off else 0
    return {unit.currency: Fraction(unit.amount) - each}


def _goods_values(case: Case, _: Item) -> tuple[Money, ...] | None:
    values = [fact(case, line, "line_value") for line in case.lines]
    return None if not values or None in values else sums(values)


def _goods_value(case: Case, _: Item) -> Money | None:
    values = fact(case, case.order, "goods_values")
    return values[0] if values and len(values) == 1 else None


def _off(case: Case, _: Item) -> Mapping[int, Decimal]:
    """By a line's index what the order's discount takes off it."""
    discount = money_of(case.raw.get("discount"))
    if discount is None:
        return {}
    values = [fact(case, line, "line_value") for line in case.lines]
    parts = () if None in values else taken_off(values, discount)
    return {line.index: part.amount for line, part in zip(case.lines, parts, strict=False)}


def _declared_value(case: Case, _: Item) -> Money | None:
    """The goods as papers declare them: the sum of their lines, less the discount."""
    goods: Money | None = fact(case, case.order, "goods_value")
    off = sum(fact(case, case.order, "discount_off").values(), Decimal(0))
    return goods - Money(off, goods.currency) if goods and off else goods


def _goods_worth(case: Case, _: Item) -> Worth | None:
    return worth_of(case, case.lines)


def worth_of(case: Case, lines: Sequence[Item]) -> Worth | None:
    """What goods are worth, less the discount, by currency; None where one is not known.

    Unrounded.
    """
    off: Mapping[int, Decimal] = fact(case, case.order, "discount_off")
    # `Money` has at most 18 digits: so many lines are added up exactly in a decimal's 28.
    worth: dict[str, Decimal] = {}
    for line in lines:
        unit, pieces = fact(case, line, "unit_money"), quantity(line)
        if unit is None or pieces is None:
            return None
        amount = unit.amount * pieces
        worth[unit.currency] = worth.get(unit.currency, Decimal(0)) + amount
        if line.index in off:
            worth[unit.currency] -= off[line.index]
    return {currency: Fraction(amount) for currency, amount in worth.items()} or None


def _currencies(case: Case, _: Item) -> tuple[tuple[str, str], ...]:
    """Field and currency of each amount on the document: its lines', and those beside them."""
    units = [
        (f"products[{line.sku}].customs.unit_value", fact(case, line, "unit_money"))
        for line in case.lines
    ]
    beside = [(name, money_of(case.raw.get(name))) for name in BESIDE]
    return tuple((name, one.currency) for name, one in (*units, *beside) if one is not None)


def _beside_wrong(case: Case, _: Item) -> tuple[str, ...]:
    """Amounts beside the goods that are there and are none."""
    given = (name for name in BESIDE if at_path(case.raw, name) is not None)
    return tuple(name for name in given if fault(case.raw[name], least=Decimal(0)))


def fault(value: object, least: Decimal | None = None) -> Said | None:
    """What is allowed instead of an amount of JSON, None where it is one.

    ``least``: it may be that; None for above 0.
    """
    money = money_of(value)
    if money is None:
        return Said("money.shape")
    too_low = money.amount <= 0 if least is None else money.amount < least
    if too_low:
        return Said("money.above") if least is None else Said("money.least", {"least": f"{least}"})
    most = minor_units(money.currency)
    if decimals(money) <= most:
        return None
    return Said("money.decimals", {"currency": money.currency, "most": f"{most}"})


def is_amount(value: object, _: object, __: Look) -> Found:
    """Holds for an amount above nothing with no more decimals than its currency has."""
    allowed = fault(value)
    return (Wrong(value=written(value), allowed=allowed),) if allowed else HOLDS


def none_wrong(value: Sequence[str], _: object, look: Look) -> Found:
    """Holds for no names; each name is a field of the order that is no amount."""
    raw = look.case.raw
    return tuple(
        Wrong(value=written(raw[name]), allowed=fault(raw[name], Decimal(0)) or "", field=name)
        for name in value
    )


def one_currency(value: Sequence[tuple[str, str]], _: object, __: Look) -> Found:
    """Holds for one currency; the first amount in another one is named."""
    ours = next((currency for _, currency in value), "")
    other = next(((name, one) for name, one in value if one != ours), None)
    if other is None:
        return HOLDS
    return (Wrong(value=other[1], allowed=ours, field=other[0], words={"other": other[1]}),)


def same_amount(value: object, than: Money | None, _: Look) -> Found:
    """Holds for an amount that is another one; what is not known is not compared.

    Nor are two currencies: that they are two is another check's.
    """
    money = money_of(value)
    if money is None or than is None or money.currency != than.currency:
        return HOLDS
    wrong = Wrong(value=shown(money), allowed=shown(than), words={"sum": shown(than)})
    return HOLDS if money == than else (wrong,)


def shown(money: Money) -> str:
    """``12.50 EUR``; what is below nothing by nothing is nothing."""
    return f"{money.amount + 0:f} {money.currency}"


def written(value: object) -> str:
    """An amount of JSON as it stands there."""
    parts = (at_path(value, name) for name in ("amount", "currency"))
    return " ".join(str(one) for one in parts if one is not None) or str(value)


def told(value: Any) -> str:  # noqa: ANN401 - a fraction or decimal
    """An exact figure with two decimals, as a message tells it."""
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.2f}"


FACTS_ORDER: Final[Facts] = {
    "goods_values": _goods_values,
    "goods_value": _goods_value,
    "goods_worth": _goods_worth,
    "declared_value": _declared_value,
    "discount_off": _off,
    "currencies": _currencies,
    "beside_wrong": _beside_wrong,
}
FACTS_LINE: Final[Facts] = {
    "unit_money": _unit_value,
    "line_value": _line_value,
    "unit_worth": _unit_worth,
    "pieces": _pieces,
}
OPERATORS: Final[Operators] = {
    "is_amount": is_amount,
    "none_wrong": none_wrong,
    "one_currency": one_currency,
    "same_amount": same_amount,
}
