"""Units of tariffs: metric keys, inch-pound keys, pieces; exact in grams and millimetres.

A key ends in its unit (FORMATS.md "packstation.tariff/1"): ``_g``, ``_kg``, ``_mm``, ``_cm3``,
or ``_lb``, ``_in``, ``_in3``. 1 lb = 453.59237 g and 1 in = 25.4 mm, exactly (international
yard and pound agreement, 1959). A tariff keeps the numbers as they were written; what is worked
out of them are fractions.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar, Final, Literal

from msgspec import Struct

POUND: Final = Fraction("453.59237")
INCH: Final = Fraction("25.4")
_CM3: Final = Fraction(1000)

# Unit at the end of a key -> the same measure in the other system, what one of it is.
_FACTORS: Final[dict[str, Fraction]] = {
    "g": Fraction(1),
    "lb": POUND,
    "mm": Fraction(1),
    "in": INCH,
    "cm3": _CM3,
    "in3": INCH**3,
}
_OTHER: Final = {"g": "lb", "kg": "lb", "mm": "in", "cm3": "in3"}
_KIND: Final = {
    **dict.fromkeys(("g", "kg", "lb"), "mass"),
    **dict.fromkeys(("mm", "cm3", "in", "in3"), "length"),
}
_INCH_POUND: Final = frozenset({"lb", "in", "in3"})
_NOTHING: Final = (None, (), 0)
_PLACES: Final = 18
_DIVISORS: Final = {"divisor_cm3_per_kg": "cm3 kg", "divisor_in3_per_lb": "in3 lb"}

Measure = Literal["g", "lb", "unit"]


class Bound(Struct, frozen=True):
    """A number of a tariff as it was written, with its unit; ``exact`` in grams, mm or mm3."""

    number: Decimal
    unit: str

    @property
    def exact(self) -> Fraction:
        """In grams, millimetres or cubic millimetres."""
        found, factor = Fraction(self.number), _FACTORS[self.unit]
        return found if factor == 1 else found * factor

    def shown(self, exact: Fraction) -> Fraction:
        """A measure (grams, mm, mm3) in the unit of this bound."""
        factor = _FACTORS[self.unit]
        return exact if factor == 1 else exact / factor


def refuse_number(
    name: str, number: Decimal, above_zero: AbstractSet[str], signed: AbstractSet[str] = frozenset()
) -> None:
    """Raise ValueError for a number that the field ``name`` may not hold."""
    if not number.is_finite() or (number and abs(number.adjusted()) > _PLACES):
        raise ValueError(f"{name}: a number of at most {_PLACES} digits is allowed")
    if name not in signed and (number < 0 or (name in above_zero and not number)):
        least = "above 0" if name in above_zero else "of 0 or more"
        raise ValueError(f"{name}: a number {least} is allowed")


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all parts of a tariff: what it does not know it refuses.

    Its numbers are finite and not negative, those of ``ABOVE_ZERO`` more than that and those of
    ``SIGNED`` of either sign. A measure stands in one unit: of ``x_mm`` and ``x_in`` one is given.
    ``ORDERED`` are pairs (least, most) of which the second may not be the smaller one.
    """

    ABOVE_ZERO: ClassVar[frozenset[str]] = frozenset()
    SIGNED: ClassVar[frozenset[str]] = frozenset()
    ORDERED: ClassVar[tuple[tuple[str, str], ...]] = ()

    def __post_init__(self) -> None:
        """Refuse numbers that no weight, side or price can be."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            for number in value if isinstance(value, tuple) else (value,):
                if isinstance(number, Decimal):
                    refuse_number(name, number, self.ABOVE_ZERO, self.SIGNED)
        for one, other in _pairs(type(self)):
            # A lower edge of 0 g is there without being written.
            if getattr(self, one) not in _NOTHING and getattr(self, other) not in _NOTHING:
                raise ValueError(f"{other}: either {one} or {other} is allowed")
        for least, most in self.ORDERED:
            low, high = getattr(self, least), getattr(self, most)
            if low is not None and high is not None and low > high:
                raise ValueError(f"{most}: {least} or more is allowed")


@lru_cache(maxsize=64)
def _pairs(shape: type[Part]) -> tuple[tuple[str, str], ...]:
    """Fields of ``shape`` that are one measure in two units."""
    names = shape.__struct_fields__
    found = [("divisor_cm3_per_kg", "divisor_in3_per_lb")]
    for name in names:
        stem, _, unit = name.rpartition("_")
        found.append((name, f"{stem}_{_OTHER.get(unit)}"))
    return tuple((one, other) for one, other in found if one in names and other in names)


@lru_cache(maxsize=64)
def _units(shape: type[Part]) -> dict[str, tuple[str, ...]]:
    """Units in the names of the fields of ``shape``."""
    found = {}
    for name in shape.__struct_fields__:
        if name in _DIVISORS:
            found[name] = tuple(_DIVISORS[name].split())
        elif (unit := name.rpartition("_")[2]) in _KIND:
            found[name] = (unit,)
    return found


def units_in(part: Part, path: str = "") -> Iterator[tuple[str, bool, str]]:
    """Units that are used inside ``part``: ("mass" or "length", whether inch-pound, path).

    Nothing (0) is the same in every unit and does not count.
    """
    units = _units(type(part))
    for name in part.__struct_fields__:
        value, where = getattr(part, name), f"{path}.{name}".removeprefix(".")
        if isinstance(value, Part):
            yield from units_in(value, where)
        elif isinstance(value, tuple):
            for at, one in enumerate(value):
                if isinstance(one, Part):
                    yield from units_in(one, f"{where}[{at}]")
        if value and name in units:
            yield from ((_KIND[unit], unit in _INCH_POUND, where) for unit in units[name])


def refuse_mixture(part: Part) -> None:
    """Raise ValueError where grams and pounds, or millimetres and inches, stand side by side."""
    first: dict[str, tuple[bool, str]] = {}
    for kind, inch_pound, where in units_in(part):
        known, before = first.setdefault(kind, (inch_pound, where))
        if known is not inch_pound:
            raise ValueError(f"{where}: the unit of {before} is allowed")


def bound(part: Part, stem: str, *units: str) -> Bound | None:
    """The measure ``stem`` of ``part`` in the one of ``units`` it is given in, or None."""
    for unit in units:
        number = getattr(part, f"{stem}_{unit}")
        if number is not None:
            return Bound(number, unit)
    return None


def mass(part: Part, stem: str) -> Bound | None:
    """``stem`` in grams or pounds."""
    return bound(part, stem, "g", "lb")


def length(part: Part, stem: str) -> Bound | None:
    """``stem`` in millimetres or inches."""
    return bound(part, stem, "mm", "in")


def volume(part: Part, stem: str) -> Bound | None:
    """``stem`` in cubic centimetres or inches."""
    return bound(part, stem, "cm3", "in3")


def lengths(part: Part, stem: str) -> tuple[Bound, ...]:
    """A list of sides in millimetres or inches."""
    return tuple(
        Bound(side, unit) for unit in ("mm", "in") for side in getattr(part, f"{stem}_{unit}")
    )


def exact(found: Bound | None) -> Fraction | None:
    """In grams, millimetres or cubic millimetres; None stays None."""
    return None if found is None else found.exact
