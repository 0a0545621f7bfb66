"""Mass, size and money: exact, with their units, never a float.

Integer grams and millimetres round half up from the exact decimal
(ARCHITECTURE "Decided once"); 1 lb = 453.59237 g, 1 in = 25.4 mm, exactly.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import msgspec

from packstation.domain.errors import InputInvalid

GRAMS_PER_UNIT: Final[dict[str, Decimal]] = {
    "mg": Decimal("0.001"),
    "g": Decimal(1),
    "kg": Decimal(1000),
    "t": Decimal(1_000_000),
    "oz": Decimal("28.349523125"),
    "lb": Decimal("453.59237"),
    "ozt": Decimal("31.1034768"),
    "jin": Decimal(500),
}

# A text like 1E+999999 is a finite decimal that no sum survives.
_PLACES: Final = 18

# ISO 4217 minor units other than two.
_MINOR_UNITS: Final[dict[str, int]] = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}

# ISO 4217 list one (active codes), and XDR, the IMF's unit that postal limits are stated in.
CURRENCIES: Final[frozenset[str]] = frozenset(
    (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN "
        "BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD "
        "FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY "
        "KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP "
        "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR "
        "RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT "
        "TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UZS VED VES VND VUV WST XAF XCD XDR XOF XPF "
        "YER ZAR ZMW ZWG"
    ).split()
)


def whole(value: Decimal) -> int:
    """Round to an integer, half up (away from zero at the half)."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def grams_exact(value: Decimal, unit: str) -> Decimal:
    """Convert ``value`` of ``unit`` (mg, g, kg, t, oz, lb, ozt, jin) to grams, exactly."""
    try:
        return value * GRAMS_PER_UNIT[unit]
    except KeyError:
        raise InputInvalid(path="unit", value=unit, allowed=" ".join(GRAMS_PER_UNIT)) from None


def minor_units(currency: str) -> int:
    """Digits after the point of ``currency`` (ISO 4217 minor units)."""
    return _MINOR_UNITS.get(currency, 2)


class Money(msgspec.Struct, frozen=True):
    """An exact amount of one ISO 4217 ``currency``."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Refuse unknown currencies and amounts that are not finite or beyond all use."""
        if self.currency not in CURRENCIES:
            raise ValueError("currency: an ISO 4217 code is allowed")
        if not self.amount.is_finite():
            raise ValueError("amount: a finite decimal is allowed")
        if self.amount and not -_PLACES <= self.amount.adjusted() <= _PLACES:
            raise ValueError("amount: at most 18 digits on either side of the point is allowed")

    def __add__(self, other: Money) -> Money:
        """Add two amounts of one currency."""
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        """Subtract an amount of the same currency."""
        return Money(self.amount - self._same(other).amount, self.currency)

    def __mul__(self, count: int) -> Money:
        """Multiply by a count of things."""
        return Money(self.amount * count, self.currency)

    def rounded(self) -> Money:
        """Round half up to the currency's minor units."""
        quantum = Decimal(1).scaleb(-minor_units(self.currency))
        return Money(self.amount.quantize(quantum, rounding=ROUND_HALF_UP), self.currency)

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise InputInvalid(path="currency", value=other.currency, allowed=self.currency)
        return other


class Size(msgspec.Struct, frozen=True, order=True):
    """Outer sides of a thing in whole millimetres."""

    length_mm: int
    width_mm: int
    height_mm: int

    @property
    def sorted_mm(self) -> tuple[int, int, int]:
        """The sides, longest first."""
        longest, middle, shortest = sorted(
            (self.length_mm, self.width_mm, self.height_mm), reverse=True
        )
        return longest, middle, shortest

    @property
    def volume_mm3(self) -> int:
        """Volume in cubic millimetres."""
        return self.length_mm * self.width_mm * self.height_mm
