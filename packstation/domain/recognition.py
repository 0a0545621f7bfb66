"""What an unknown scale turned out to be: candidates, and how sure one may be of them.

Some families say the same bytes with another meaning (the two ``=`` formats of Yaohua, every
protocol without a unit): only a known weight on the pan tells them apart.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct

# A known weight agrees within a hundredth of itself or two digits of the last place sent.
_SHARE: Final = Decimal("0.01")
_DIGITS: Final = 2


class Finding(StrEnum):
    """``AMBIGUOUS`` wants a known weight; ``DISAGREE`` none of the candidates reads it.

    ``NOTHING``: no byte came; ``GARBAGE``: bytes that are no text, as of a wrong speed;
    ``UNKNOWN``: text that no model speaks.
    """

    FOUND = "found"
    AMBIGUOUS = "ambiguous"
    NOTHING = "nothing"
    GARBAGE = "garbage"
    UNKNOWN = "unknown"
    DISAGREE = "disagree"


class Candidate(Struct, frozen=True):
    """A model that reads what came.

    ``unit`` "" where it is on the wire; ``baud`` 0 where there is no line (network). ``good``
    and ``bad`` count frames; ``check`` is how the protocol guards a frame: xor, parity, width
    or none; ``asked`` whether it answered its own question; ``confidence`` in per cent;
    ``shown`` the last weight as it would be read, "1.250 kg".
    """

    model: str
    unit: str = ""
    baud: int = 0
    bytesize: int = 8
    parity: str = "N"
    good: int = 0
    bad: int = 0
    check: str = "none"
    asked: bool = False
    confidence: int = 0
    shown: str = ""


class Recognition(Struct, frozen=True):
    """The answer: what was found, candidates best first."""

    finding: Finding
    candidates: tuple[Candidate, ...] = ()

    @property
    def first(self) -> Candidate | None:
        """The best candidate."""
        return self.candidates[0] if self.candidates else None


def agrees(read_g: Decimal, known_g: Decimal, digit_g: Decimal) -> bool:
    """Whether a reading is that known weight; ``digit_g`` is one digit of its last place."""
    return abs(read_g - known_g) <= max(known_g * _SHARE, digit_g * _DIGITS)
