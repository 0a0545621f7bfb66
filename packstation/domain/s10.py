"""Postal item identifiers of UPU standard S10: "RB 123 456 785 GB".

Thirteen characters: two letters of service, eight digits, a check digit, the ISO 3166-1
alpha-2 code of the issuing post (reference/customs.md section 1.4).
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from packstation.domain.countries import ALPHA2
from packstation.domain.errors import InputInvalid

_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)
_SHAPE: Final = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_PREFIX: Final = re.compile(r"[A-Z]{2}")
LAST_SERIAL: Final = 99_999_999


class S10(Struct, frozen=True):
    """An identifier in its parts; ``serial`` are the eight digits without the check digit."""

    service: str
    serial: str
    check: str
    country: str

    def __str__(self) -> str:
        """The compact form, as stored and as in the bar code."""
        return f"{self.service}{self.serial}{self.check}{self.country}"

    def grouped(self) -> str:
        """The form for the eye: ``RB 123 456 785 GB``."""
        digits = self.serial + self.check
        return f"{self.service} {digits[:3]} {digits[3:6]} {digits[6:]} {self.country}"


def check_digit(serial: str) -> int:
    """The check digit of eight digits: 11 - (weighted sum mod 11); 10 becomes 0, 11 becomes 5."""
    total = sum(int(digit) * weight for digit, weight in zip(serial, _WEIGHTS, strict=True))
    digit = 11 - total % 11
    return {10: 0, 11: 5}.get(digit, digit)


def compact(text: str) -> str:
    """``text`` without blanks and in capitals, as S10 numbers are stored."""
    return "".join(text.split()).upper()


def looks_like(text: str) -> bool:
    """Whether ``text`` has the shape of S10: letters and digits in their places."""
    return _SHAPE.fullmatch(compact(text)) is not None


def parse(text: str) -> S10:
    """The identifier written in ``text``; blanks and small letters are accepted.

    Raises:
        InputInvalid: ``path`` is shape, check digit or country.
    """
    match = _SHAPE.fullmatch(compact(text))
    if match is None:
        raise InputInvalid(path="shape", value=text, allowed="AA999999999AA")
    found = S10(*match.groups())
    expected = check_digit(found.serial)
    if int(found.check) != expected:
        raise InputInvalid(path="check digit", value=found.check, allowed=str(expected))
    if found.country not in ALPHA2:
        raise InputInvalid(path="country", value=found.country, allowed="ISO 3166-1 alpha-2")
    return found


def number(prefix: str, serial: int, country: str) -> str:
    """The compact identifier of one serial (0..99999999) of a leased pool.

    Raises:
        InputInvalid: ``path`` is prefix, serial or country.
    """
    if _PREFIX.fullmatch(prefix) is None:
        raise InputInvalid(path="prefix", value=prefix, allowed="two capital letters")
    if not 0 <= serial <= LAST_SERIAL:
        raise InputInvalid(path="serial", value=serial, allowed=f"0..{LAST_SERIAL}")
    if country not in ALPHA2:
        raise InputInvalid(path="country", value=country, allowed="ISO 3166-1 alpha-2")
    digits = f"{serial:08d}"
    return f"{prefix}{digits}{check_digit(digits)}{country}"
