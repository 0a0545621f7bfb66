"""What is known of one unit: serial, lot, expiry, and what marketplaces want (FORMATS.md).

``check`` takes a value as scanned or typed and answers its stored form, or why it cannot be
one, as a message key. What is checked is the form; whether the value exists only its register
knows. Forms: serial and lot are GS1 AIs 21 and 10 (up to 20 characters of set 82); an IMEI is
15 digits with Luhn's check digit (3GPP TS 23.003); a UIN of jewellery is 16 digits; a mark
(Честный знак) is GS1 01 + 21 with its key and signature in 91 + 92, or the short form with 93,
or the 29 characters of a pack of tobacco. The patterns of GTD and RNPT are not verified against
an official text: they stand in `PATTERNS`, and nothing else depends on them.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Final

from msgspec import Struct

from packstation.domain.countries import ALPHA2
from packstation.domain.gs1 import GS, Gs1Refused, element_string

# What an order may ask for, in the order in which a packer gives it.
KINDS: Final = ("mark", "imei", "jw_uin", "gtd", "rnpt", "country", "weight")
# Asked once for all units of a line: the next unit has the same unless somebody says otherwise.
SAME_FOR_A_LINE: Final = frozenset({"gtd", "rnpt", "country", "weight"})
PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "serial": re.compile(r"[!-~]{1,20}"),
    "lot": re.compile(r"[!-~]{1,20}"),
    "jw_uin": re.compile(r"[0-9]{16}"),
    "gtd": re.compile(r"[0-9]{8}/[0-9]{6}/[0-9]{7}(/[0-9]{1,3})?"),
    "rnpt": re.compile(r"[0-9]{4}([0-9]{4})?/[0-9]{6}/[0-9]{7}/[0-9]{1,5}"),
    "weight": re.compile(r"[1-9][0-9]{0,6}"),
}
# A pack of tobacco: GTIN, 7 characters of serial, 4 of the price, 4 of the signature.
_TOBACCO: Final = re.compile(r"[0-9]{14}[!-~]{15}")
_DIGITS: Final = re.compile(r"[ -]")
_DAY_MONTH_YEAR: Final = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")


class Checked(Struct, frozen=True):
    """A value in its stored form, or the key of what is wrong with it."""

    value: str = ""
    problem: str = ""


def check(kind: str, text: str, gtins: tuple[str, ...] = ()) -> Checked:
    """Judge ``text`` as a value of ``kind``; ``gtins`` (14 digits) are those of the product.

    ``kind``: serial, lot, expiry or one of `KINDS`.
    """
    text = text.strip()
    special = _SPECIAL.get(kind)
    if special is not None:
        return special(text, gtins)
    found = PATTERNS[kind].fullmatch(text)
    return Checked(text) if found else Checked(problem=f"unit.{kind}.form")


def _mark(text: str, gtins: tuple[str, ...]) -> Checked:
    text = text.strip(GS)
    gtin = _gtin_of_mark(text)
    if not gtin:
        return Checked(problem="unit.mark.form")
    if gtins and gtin not in gtins:
        return Checked(problem="unit.mark.other")
    return Checked(text)


def _gtin_of_mark(text: str) -> str:
    """GTIN-14 of a mark, "" where the text is none."""
    if _TOBACCO.fullmatch(text) and not text.startswith("01"):
        return text[:14]
    try:
        parts = element_string(text)
    except Gs1Refused:
        return ""
    signed = {"91", "92"} <= set(parts) or "93" in parts
    return parts["01"] if {"01", "21"} <= set(parts) and signed else ""


def _imei(text: str, _: tuple[str, ...]) -> Checked:
    digits = _DIGITS.sub("", text)
    if not re.fullmatch(r"[0-9]{15}", digits):
        return Checked(problem="unit.imei.form")
    doubled = [int(d) * (1 + n % 2) for n, d in enumerate(digits)]
    right = sum(value // 10 + value % 10 for value in doubled) % 10 == 0
    return Checked(digits) if right else Checked(problem="unit.imei.check")


def _country(text: str, _: tuple[str, ...]) -> Checked:
    code = text.upper()
    return Checked(code) if code in ALPHA2 else Checked(problem="unit.country.form")


def _expiry(text: str, _: tuple[str, ...]) -> Checked:
    iso = typed_date(text)
    return Checked(iso) if iso else Checked(problem="unit.expiry.form")


_SPECIAL: Final[Mapping[str, Callable[[str, tuple[str, ...]], Checked]]] = {
    "mark": _mark,
    "imei": _imei,
    "country": _country,
    "expiry": _expiry,
}


def typed_date(text: str) -> str:
    """The ISO date that somebody read off a pack and typed; "" where it is none.

    2027-01-31, 31.01.2027, 20270131, and GS1's YYMMDD, in which a day of 00 is the month's last.
    """
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat()
    if found := _DAY_MONTH_YEAR.fullmatch(text):
        day, month, year = map(int, found.groups())
        with suppress(ValueError):
            return date(year, month, day).isoformat()
    return _six_digits(text)


def _six_digits(text: str) -> str:
    if not re.fullmatch(r"[0-9]{6}", text):
        return ""
    with suppress(ValueError):
        if text.endswith("00"):
            month = datetime.strptime(text[:4], "%y%m").date()  # noqa: DTZ007 - a day on a pack
            return month.replace(day=calendar.monthrange(month.year, month.month)[1]).isoformat()
        return datetime.strptime(text, "%y%m%d").date().isoformat()  # noqa: DTZ007 - as above
    return ""


def of_scan(kind: str, text: str, aim: str = "") -> str:
    """What a scanned code says of ``kind``: its GS1 element, else the text itself."""
    element = {"serial": "21", "lot": "10", "expiry": "17"}.get(kind)
    if element is None or not (aim or text.startswith(("01", "21", "10", "17", GS))):
        return text
    try:
        return element_string(text).get(element, text)
    except Gs1Refused:
        return text
