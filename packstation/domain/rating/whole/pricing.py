"""What a zone costs, fees and rounding included, as whole numbers.

Fees that are not bounded only multiply and add, so that they are worked into the pieces' numbers
once for every combination of conditions that hold: a price is then (a + b x steps) // d. A bounded
fee, and rounding by line, are worked out line by line, in whole parts of the same denominator.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import lcm

from msgspec import Struct

from packstation.domain.rating.prices import rounded
from packstation.domain.rating.whole.limiting import Limited, limited
from packstation.domain.rating.whole.segments import Freight, Piece
from packstation.domain.tariff_units import POUND
from packstation.domain.tariffs import Fee, Rounding, Tariff

_ZERO = Fraction(0)
_HALF = Fraction(1, 2)

# What is counted of one parcel by fees: grams (or pieces) in one.
COUNTED = {"per_kg": Fraction(1000), "per_lb": POUND, "per_unit": Fraction(1)}


class More(Struct, frozen=True):
    """What a piece asks beside (a + b x steps) // d.

    ``price`` replaces that formula; ``billed`` grams are billed whatever the steps; ``limits``
    are a band's own, for boxes and for rolls.
    """

    price: Callable[[int], int] | None = None
    billed: Fraction | None = None
    limits: tuple[tuple[Limited, Limited], ...] = ()


# The price of so many steps is (a + b x steps) // d in quanta, where there is nothing more.
Row = tuple[int, int, int, More | None]


RowOf = Callable[[Piece, Fraction], Row]


class Table(Struct):
    """Rows of a zone by the steps at which they end; each is made when it is first needed."""

    ends: list[int]
    rows: list[Row | None]
    freight: Freight
    step: Fraction
    row_of: RowOf

    def made(self, at: int) -> Row | None:
        """A row that is not there yet; None: there is no price."""
        piece = self.freight.piece(at)
        row = None if piece is None else self.row_of(piece, self.step)
        self.rows[at] = row
        return row

    def row(self, steps: int) -> Row | None:
        """The row for so many steps."""
        at = bisect_left(self.ends, steps)
        return self.rows[at] or self.made(at)


class Form(Struct, frozen=True):
    """A line: so much of the freight, of each gram or piece billed, and by itself."""

    freight: Fraction = _ZERO
    billed: Fraction = _ZERO
    alone: Fraction = _ZERO

    def plus(self, other: Form) -> Form:
        """Both."""
        return Form(
            self.freight + other.freight, self.billed + other.billed, self.alone + other.alone
        )

    def times(self, share: Fraction) -> Form:
        """A share of it."""
        return Form(self.freight * share, self.billed * share, self.alone * share)


def table(tariff: Tariff, freight: Freight, step: Fraction, holding: Sequence[bool]) -> Table:
    """The prices of a zone for one parcel; ``holding``: which fees' conditions hold."""
    fees = [fee for fee, holds in zip(tariff.fees, holding, strict=True) if holds]
    row_of = _sum(tariff, fees) if _is_linear(tariff, fees) else _by_line(tariff, fees)
    rows: list[Row | None] = [None] * (len(freight.ends) + 1)
    return Table(freight.ends, rows, freight, step, row_of)


def _is_linear(tariff: Tariff, fees: Iterable[Fee]) -> bool:
    bounded = any(fee.min is not None or fee.max is not None for fee in fees)
    return tariff.rounding.per == "total" and not bounded


def _more(piece: Piece, price: Callable[[int], int] | None = None) -> More | None:
    limits = tuple((limited(one, roll=False), limited(one, roll=True)) for one in piece.limits)
    if price is None and piece.billed is None and not limits:
        return None
    return More(price, piece.billed, limits)


# --- fees that only multiply and add ------------------------------------------------------


def _sum(tariff: Tariff, fees: Sequence[Fee]) -> RowOf:
    form = sum_of(fees)
    rule = tariff.rounding

    def row(piece: Piece, step: Fraction) -> Row:
        if piece.billed is not None:
            amount = form.freight * piece.constant + form.billed * piece.billed + form.alone
            return _units(amount, rule), 0, 1, _more(piece)
        constant = form.freight * piece.constant + form.alone
        slope = (form.freight * piece.slope + form.billed) * step
        fee = form.freight * piece.fee
        if rule.mode == "even" or fee:
            return 0, 0, 1, _more(piece, _stepped(constant, slope, fee, piece, step, rule))
        a, b, d = _denominated([constant, slope], rule)
        return a, b, d, _more(piece)

    return row


def sum_of(fees: Sequence[Fee]) -> Form:
    """Freight and all fees of one parcel."""
    lines = [("freight", Form(freight=Fraction(1)))]
    for fee in fees:
        lines.append((fee.code, _form(fee, lines)))
    total = Form()
    for _, form in lines:
        total = total.plus(form)
    return total


def _form(fee: Fee, lines: Iterable[tuple[str, Form]]) -> Form:
    amount = Fraction(fee.amount)
    if fee.kind in COUNTED:
        return Form(billed=amount / COUNTED[fee.kind])
    if fee.kind != "percent":
        return Form(alone=amount)
    base = Form()
    for code, form in lines:
        if code in fee.base:
            base = base.plus(form)
    return base.times(amount / 100)


def _denominated(parts: Sequence[Fraction], rule: Rounding) -> tuple[int, int, int]:
    """(a, b, d): (a + b x steps) // d is the amount in the rule's quanta, rounded."""
    constant, slope = (part / Fraction(rule.quantum) for part in parts)
    if rule.mode == "half_up":
        constant += _HALF
    d = lcm(constant.denominator, slope.denominator)
    # Up to the next whole one: one less than a whole more, and then down.
    return int(constant * d) + (d - 1 if rule.mode == "up" else 0), int(slope * d), d


def _stepped(
    constant: Fraction, slope: Fraction, fee: Fraction, piece: Piece, step: Fraction, rule: Rounding
) -> Callable[[int], int]:
    """The price by steps of a piece that counts steps of its own, or rounds to even."""
    quantum = Fraction(rule.quantum)
    parts = (constant / quantum, slope / quantum, fee / quantum)
    d = lcm(*(part.denominator for part in parts))
    a, b, c = (int(part * d) for part in parts)
    count = _counter(piece, step)
    finish = _finisher(rule, d)
    return lambda steps: finish(a + b * steps + c * count(steps))


def _counter(piece: Piece, step: Fraction) -> Callable[[int], int]:
    """How many of a tier's steps so many billed steps make: ceil((steps x step - start) / own)."""
    each, start = step / piece.step, piece.start / piece.step
    d = lcm(each.denominator, start.denominator)
    up, down = int(each * d), int(start * d)
    return lambda steps: -((down - steps * up) // d)


def _finisher(rule: Rounding, d: int) -> Callable[[int], int]:
    """Rounds n / d quanta of an amount that is not negative to whole quanta."""
    if rule.mode == "up":
        return lambda n: -(-n // d)
    if rule.mode == "half_up":
        return lambda n: (2 * n + d) // (2 * d)

    def even(n: int) -> int:
        units, rest = divmod(2 * n + d, 2 * d)
        return units - (units & 1) if not rest else units

    return even


def _units(amount: Fraction, rule: Rounding) -> int:
    return int(rounded(amount, rule) / Fraction(rule.quantum))


# --- bounded fees, and rounding by line ---------------------------------------------------


# A fee in whole parts: up / down of the lines at the places ``of``, or where down is 0 alone +
# each x steps; at least, at most.
Amount = tuple[int, int, tuple[int, ...], int, int, int | None, int | None]


def _by_line(tariff: Tariff, fees: Sequence[Fee]) -> RowOf:
    rule = tariff.rounding

    def row(piece: Piece, step: Fraction) -> Row:
        if piece.billed is not None:
            # Only the minimum is ever billed here, so that the price is worked out now.
            billed = piece.billed / step
            price = _line_by_line(piece, step, fees, rule, billed)
            return price(0), 0, 1, _more(piece)
        return 0, 0, 1, _more(piece, _line_by_line(piece, step, fees, rule, None))

    return row


def _line_by_line(
    piece: Piece, step: Fraction, fees: Sequence[Fee], rule: Rounding, fixed: Fraction | None
) -> Callable[[int], int]:
    """The price by steps; ``fixed`` steps are billed whatever they are."""
    quantum = Fraction(rule.quantum)
    scaled = [_quanta(fee, quantum, step, fixed) for fee in fees]
    freight = [part / quantum for part in (piece.constant, piece.slope * step, piece.fee)]
    d = _denominator(freight, scaled, fees)
    a, b, c = (int(part * d) for part in freight)
    lines = _lines(
        (a, b, c), _counter(piece, step), [_amount(*one, fees, d) for one in enumerate(scaled)]
    )
    finish = _finisher(rule, d)
    if rule.per == "total":
        return lambda steps: finish(sum(lines(steps)))
    signed = _signed(finish)
    return lambda steps: sum(map(signed, lines(steps)))


def _lines(
    freight: tuple[int, int, int], count: Callable[[int], int], amounts: Sequence[Amount]
) -> Callable[[int], list[int]]:
    """The amounts of freight and fees by steps."""
    a, b, c = freight

    def found(steps: int) -> list[int]:
        lines = [a + b * steps + c * count(steps) if c else a + b * steps]
        for up, down, of, alone, each, least, most in amounts:
            value = alone + each * steps
            if down:
                for at in of:
                    value += lines[at]
                value = value * up // down
            if least is not None and value < least:
                value = least
            if most is not None and value > most:
                value = most
            lines.append(value)
        return lines

    return found


class _Quanta(Struct, frozen=True):
    """A fee's numbers in quanta."""

    alone: Fraction
    each: Fraction
    least: Fraction | None
    most: Fraction | None


def _quanta(fee: Fee, quantum: Fraction, step: Fraction, fixed: Fraction | None) -> _Quanta:
    amount = Fraction(fee.amount) / quantum
    alone, each = amount, _ZERO
    if fee.kind in COUNTED:
        each = amount / COUNTED[fee.kind] * step
        alone, each = (_ZERO, each) if fixed is None else (each * fixed, _ZERO)
    bounds = (None if bound is None else Fraction(bound) / quantum for bound in (fee.min, fee.max))
    return _Quanta(_ZERO if fee.kind == "percent" else alone, each, *bounds)


def _denominator(
    freight: Iterable[Fraction], scaled: Iterable[_Quanta], fees: Iterable[Fee]
) -> int:
    """What every number, and every share of a share, divides."""
    numbers = list(freight)
    for one in scaled:
        numbers += [one.alone, one.each, one.least or _ZERO, one.most or _ZERO]
    d = lcm(*(number.denominator for number in numbers))
    for fee in fees:
        if fee.kind == "percent":
            d *= (Fraction(fee.amount) / 100).denominator
    return d


def _amount(at: int, one: _Quanta, fees: Sequence[Fee], d: int) -> Amount:
    fee = fees[at]
    least, most = (None if bound is None else int(bound * d) for bound in (one.least, one.most))
    if fee.kind != "percent":
        return 0, 0, (), int(one.alone * d), int(one.each * d), least, most
    codes = ["freight", *(each.code for each in fees[:at])]
    of = tuple(place for place, code in enumerate(codes) if code in fee.base)
    return *(Fraction(fee.amount) / 100).as_integer_ratio(), of, 0, 0, least, most


def _signed(finish: Callable[[int], int]) -> Callable[[int], int]:
    """Rounding of what may be a discount: away from nothing as from the other side."""
    return lambda n: finish(n) if n >= 0 else -finish(-n)
