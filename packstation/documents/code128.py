"""Code 128 (ISO/IEC 15417): the shortest symbol of a text, as widths of bars and spaces.

The width is known before the code is placed, and page and picture draw it in whole dots.
Printable ASCII only: codes that steer devices have no business on a parcel.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from packstation.domain.errors import DocumentError

GS: Final = "\x1d"
_LONGEST: Final = 48
_START_B, _START_C, _FNC1, _TO_B, _TO_C, _STOP = 104, 105, 102, 100, 99, 106

# Widths of bars and spaces in modules, symbol values 0 to 106 (ISO/IEC 15417, Table 1).
_PATTERNS: Final = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 "
    "122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 "
    "321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 "
    "211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 "
    "213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 "
    "121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 "
    "241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 "
    "412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 "
    "211214 211232 2331112"
).split()

_TEXT: Final = re.compile(r"[\x20-\x7e]+")
_ELEMENTS: Final = re.compile(r"[\x21-\x7e\x1d]+")


class Code128(Struct, frozen=True):
    """A symbol: ``widths`` of its bars and spaces in modules, a bar first."""

    widths: tuple[int, ...]

    @property
    def modules(self) -> int:
        """Width without quiet zones."""
        return sum(self.widths)


@lru_cache(maxsize=1024)
def encode(text: str, *, gs1: bool = False, field: str = "waybill") -> Code128:
    """The symbol of ``text``; with ``gs1`` FNC1 leads and stands for each GS.

    Raises DocumentError naming ``field`` for anything but 1 to 48 printable ASCII characters.
    """
    allowed = _ELEMENTS if gs1 else _TEXT
    if allowed.fullmatch(text) is None or len(text) > _LONGEST:
        raise DocumentError("error.document.code", field=field, value=text)
    values = _values(text, gs1=gs1)
    check = (values[0] + sum(at * value for at, value in enumerate(values))) % 103
    bars = "".join(_PATTERNS[value] for value in (*values, check, _STOP))
    return Code128(tuple(int(width) for width in bars))


def _digits(text: str, at: int) -> int:
    """How many digits stand in a row from ``at``."""
    found = re.compile(r"[0-9]*").match(text, at)
    return len(found.group()) if found else 0


def _worth_pairs(text: str, at: int, *, start: bool) -> bool:
    """Whether to change to subset C here (ISO/IEC 15417, annex E)."""
    run = _digits(text, at)
    if start:
        return run >= 4
    # An odd digit goes first, in subset B: the pairs then come out even.
    return run % 2 == 0 and run >= (4 if at + run == len(text) else 6)


def _values(text: str, *, gs1: bool) -> list[int]:
    pairs = _worth_pairs(text, 0, start=True) or (len(text) == 2 and _digits(text, 0) == 2)
    values = [_START_C if pairs else _START_B, *([_FNC1] if gs1 else [])]
    at = 0
    while at < len(text):
        if text[at] == GS:
            values.append(_FNC1)
            at += 1
        elif pairs and _digits(text, at) >= 2:
            values.append(int(text[at : at + 2]))
            at += 2
        elif pairs:
            values.append(_TO_B)
            pairs = False
        elif _worth_pairs(text, at, start=False):
            values.append(_TO_C)
            pairs = True
        else:
            values.append(ord(text[at]) - 32)
            at += 1
    return values
