"""Cells of a carrier's invoice, read strictly: what could be read two ways is refused.

A formula is text here, whatever a spreadsheet would make of it, and so is markup: neither is a
figure. A number that a spreadsheet has cut (1.23E+15) is no waybill number any more.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from packstation.domain.costs.maps import InvoiceMap
from packstation.domain.quantities import CURRENCIES, grams_exact

# Signs that stand for one currency where it is the invoice's own.
_SIGNS: Final = {
    "\u00a5": ("CNY", "JPY"),
    "\uffe5": ("CNY",),
    "$": ("USD",),
    "\u20ac": ("EUR",),
    "\u00a3": ("GBP",),
    "\u20bd": ("RUB",),
}
_MINUS: Final = ("-", "\u2212")
_BLANKS: Final = "\u00a0\u202f\u2009\u2019' "
_WHOLE: Final = re.compile(r"[0-9]{1,12}")
_PART: Final = re.compile(r"[0-9]{1,4}")
_NOISE: Final = re.compile(r"[0-9]{11,20}")
_FOURTH: Final = Decimal("0.0001")
_NOISE_MOST: Final = Decimal("1E-9")
_GROUPED: Final = re.compile(r"[0-9]{1,3}([,.'\u2019 \u00a0\u202f\u2009])[0-9]{3}(\1[0-9]{3}){0,2}")
_WAYBILL: Final = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{3,38})[A-Z0-9]")
_CUT: Final = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_WORD: Final = re.compile(r"(?![=@+])[^<>\x00-\x1f\x7f]{1,120}")
_DAY: Final = re.compile(
    r"([0-9]{1,4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,4})日?(?:[T ][0-9][0-9]:[0-9][0-9].*)?"
)
_ORDERS: Final = {"ymd": (0, 1, 2), "dmy": (2, 1, 0), "mdy": (2, 0, 1)}
_SHOWN: Final = {"ymd": "2026-11-30", "dmy": "30.11.2026", "mdy": "11/30/2026"}
_FIRST: Final = date(2000, 1, 1)
_LAST: Final = date(2099, 12, 31)
_YEAR_DIGITS: Final = 4
_SIDES: Final = {"mm": Decimal(1), "cm": Decimal(10), "in": Decimal("25.4")}
_MOST_G: Final = 100_000_000
_MOST_MM: Final = 100_000


class Odd(ValueError):
    """A cell that cannot be what its column says.

    The text is what is allowed; ``code`` says the same for words in other languages.
    """

    def __init__(self, code: str, allowed: str) -> None:
        """Keep both."""
        super().__init__(allowed)
        self.code = code


def amount(text: str, currency: str, rule: InvoiceMap) -> Decimal:
    """An amount; its currency may stand with it, a minus before or behind, or parentheses.

    Raises:
        Odd: with what is allowed.
    """
    bare, outside = _unsigned(text.strip(_BLANKS))
    for mark in (currency, *(sign for sign, known in _SIGNS.items() if currency in known)):
        bare = bare.removeprefix(mark).removesuffix(mark).strip(_BLANKS)
    bare, inside = _unsigned(bare)
    number = _number(bare, rule.decimal)
    if number is None or (outside and inside):
        raise Odd("amount", f"an amount in {currency} (1234{rule.decimal}50)")
    return -number if number and (outside or inside) else number


def _unsigned(text: str) -> tuple[str, bool]:
    """Without its minus, and whether it had one."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(_BLANKS), True
    for mark in _MINUS:
        if text.startswith(mark) != text.endswith(mark):
            return text.removeprefix(mark).removesuffix(mark).strip(_BLANKS), True
    return text, False


def _number(text: str, point: str) -> Decimal | None:
    """Digits with at most four after the point; thousands only where groups are whole."""
    whole, mark, part = text.partition(point)
    grouped = _GROUPED.fullmatch(whole)
    if grouped and grouped[1] != point:
        whole = whole.replace(grouped[1], "")
    if _NOISE.fullmatch(part) and _WHOLE.fullmatch(whole):
        return _shown(Decimal(f"{whole}.{part}"))
    if not _WHOLE.fullmatch(whole) or (mark and not _PART.fullmatch(part)):
        return None
    return Decimal(f"{whole}.{part}" if mark else whole)


def _shown(number: Decimal) -> Decimal | None:
    """What a spreadsheet shows of a binary fraction (12.340000000000002); None of other digits."""
    near = number.quantize(_FOURTH)
    return near.normalize() + 0 if abs(near - number) < _NOISE_MOST else None


def grams(text: str, rule: InvoiceMap) -> Decimal:
    """A weight, exactly; its unit may stand behind it.

    Raises:
        Odd: with what is allowed.
    """
    bare = text.strip(_BLANKS).lower().removesuffix(rule.weight_unit).strip(_BLANKS)
    number = _number(bare, rule.decimal)
    found = None if number is None else grams_exact(number, rule.weight_unit)
    if found is None or not 0 < found <= _MOST_G:
        raise Odd("weight", f"a weight in {rule.weight_unit}")
    return found


def millimetres(text: str, rule: InvoiceMap) -> Decimal:
    """A side; its unit may stand behind it.

    Raises:
        Odd: with what is allowed.
    """
    bare = text.strip(_BLANKS).lower().removesuffix(rule.side_unit).strip(_BLANKS)
    number = _number(bare, rule.decimal)
    unit = _SIDES[rule.side_unit]
    if number is None or not 0 < number * unit <= _MOST_MM:
        raise Odd("side", f"a side in {rule.side_unit}")
    return number * unit


def waybill(text: str) -> str:
    """A waybill number as labels have it: capitals and digits, no blanks.

    Raises:
        Odd: with what is allowed.
    """
    bare = "".join(text.split()).upper()
    if _CUT.fullmatch(bare):
        raise Odd("cut", "the whole number: a spreadsheet has cut it, send the column as text")
    if not _WAYBILL.fullmatch(bare):
        raise Odd("waybill", "a waybill number (capitals and digits)")
    return bare


def day(text: str, rule: InvoiceMap) -> date:
    """A day, in the order of the map; 2026-11-30 is read whatever the order.

    Raises:
        Odd: with what is allowed.
    """
    found = _DAY.fullmatch(text.strip())
    parts = found.groups() if found else ("0", "0", "0")
    order = _ORDERS["ymd"] if len(parts[0]) == _YEAR_DIGITS else _ORDERS[rule.dates]
    year, month, number = (int(parts[at]) for at in order)
    try:
        read = date(year, month, number)
    except ValueError:
        read = date.min
    if not _FIRST <= read <= _LAST:
        raise Odd("date", f"a day ({_SHOWN[rule.dates]})")
    return read


def currency(text: str) -> str:
    """A currency by its code, RMB as CNY.

    Raises:
        Odd: with what is allowed.
    """
    code = text.strip().upper()
    code = "CNY" if code in {"RMB", "人民币"} else code
    if code not in CURRENCIES:
        raise Odd("currency", "a currency (ISO 4217: CNY, EUR, USD)")
    return code


def word(text: str) -> str:
    """A name on one line, no formula and no markup.

    Raises:
        Odd: with what is allowed.
    """
    bare = text.strip()
    if not _WORD.fullmatch(bare):
        raise Odd("word", "a word on one line, at most 120 characters, no formula, no markup")
    return bare
