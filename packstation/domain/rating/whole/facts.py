"""What is measured of a parcel once, in whole numbers, for all tariffs.

Weights are counted in hundred-thousandths of a gram (a pound is 45,359,237 of them), sides in
thousandths of a millimetre (an inch is 25,400). What is finer than that has no facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from msgspec import Struct, field

from packstation.domain.rating.measures import written
from packstation.domain.shipments import ShipmentParcel
from packstation.domain.tariff_units import Bound

GRAM: Final = 100_000
MILLIMETRE: Final = 1000
CUBIC_MILLIMETRE: Final = MILLIMETRE**3

# Places in ``Facts.values``.
WEIGHT, LONGEST, MIDDLE, SHORTEST, SUM3, GIRTH, TWO, VOLUME, ROLL, ROLL_2D = range(10)
# Each measure stands there a second time as its negative: what may not be too small
# is a negative that may not be too large.
MINUS: Final = 10
# More than any measure and any bound, of either sign.
UNKNOWN: Final = 1 << 200

_SCALE: Final = {WEIGHT: GRAM, VOLUME: CUBIC_MILLIMETRE}
_PLAIN: Final = 10**15


class Facts(Struct):
    """Measures of a parcel as whole numbers; UNKNOWN where sides are not known.

    ``texts`` keeps what was written of them, by place and unit.
    """

    values: Sequence[int]
    known: bool
    texts: dict[tuple[int, str], str] = field(default_factory=dict)

    def text(self, place: int, unit: str) -> str:
        """A measure for the eye, in a tariff's unit."""
        found = self.texts.get((place, unit))
        if found is None:
            found = self.texts[place, unit] = self._written(place, unit)
        return found

    def _written(self, place: int, unit: str) -> str:
        value, scale = self.values[place], _SCALE.get(place, MILLIMETRE)
        if unit in {"g", "mm"} and not value % scale and value < scale * _PLAIN:
            return str(value // scale)
        return written(Bound(Decimal(1), unit).shown(Fraction(value, scale)))


def facts_of(parcel: ShipmentParcel) -> Facts | None:
    """The measures of ``parcel``; None where they are finer than what is counted in."""
    weight = whole(parcel.weight_g, GRAM)
    if weight is None:
        return None
    sides = parcel.sides
    if sides is None:
        return Facts(_with_minus([weight, *[UNKNOWN] * (MINUS - 1)]), known=False)
    found = [whole(side, MILLIMETRE) for side in sides]
    length, width, height = found
    if length is None or width is None or height is None:
        return None
    return Facts(measures_of(weight, length, width, height, length, width), known=True)


def measures_of(
    weight: int, one: int, two: int, three: int, length: int = 0, diameter: int = 0
) -> list[int]:
    """All measures of a weight and three sides."""
    shortest, middle, longest = sorted((one, two, three))
    both = longest + middle
    return _with_minus(
        [
            weight,
            longest,
            middle,
            shortest,
            both + shortest,
            longest + 2 * (middle + shortest),
            both,
            one * two * three,
            length,
            length + 2 * diameter,
        ]
    )


def _with_minus(values: list[int]) -> list[int]:
    # What is not known is beyond every bound, a lower one too.
    return values + [UNKNOWN if value == UNKNOWN else -value for value in values]


def whole(number: Decimal, scale: int) -> int | None:
    """``number`` x ``scale``, or None where that is not a whole number."""
    numerator, denominator = number.as_integer_ratio()
    count, rest = divmod(numerator * scale, denominator)
    return None if rest else count
