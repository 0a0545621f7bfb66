"""AIM identifiers ``]cm``: which kind of code was read (ISO/IEC 15424; devices section 2.4).

A scanner says so only when it is set to. Makers deviate (UPC-A and UPC-E as ``]X0``), so a
check digit is worth more than this.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct, field


class Symbology(Struct, frozen=True):
    """A code character ``c`` with its name; ``modifiers`` have names of their own."""

    letter: str
    name: str
    modifiers: Mapping[str, str] = field(default_factory=dict)


SYMBOLOGIES: Final = (
    Symbology("A", "Code 39"),
    Symbology("B", "Telepen"),
    Symbology("C", "Code 128", {"1": "GS1-128", "2": "Code 128 with FNC1 second", "4": "ISBT 128"}),
    Symbology("D", "Code One"),
    Symbology("E", "EAN/UPC", {"0": "EAN-13", "3": "EAN-13 with add-on", "4": "EAN-8"}),
    Symbology("F", "Codabar"),
    Symbology("G", "Code 93"),
    Symbology("H", "Code 11"),
    Symbology("I", "Interleaved 2 of 5", {"1": "ITF-14"}),
    Symbology("J", "DotCode", {"1": "GS1 DotCode"}),
    Symbology("K", "Code 16K"),
    Symbology("L", "PDF417"),
    Symbology("M", "MSI"),
    Symbology("N", "Anker"),
    Symbology("O", "Codablock"),
    Symbology("P", "Plessey"),
    Symbology("Q", "QR Code", {"3": "GS1 QR Code", "4": "GS1 QR Code"}),
    Symbology("R", "2 of 5, two-bar start"),
    Symbology("S", "2 of 5"),
    Symbology("T", "Code 49"),
    Symbology("U", "MaxiCode"),
    Symbology("X", "other"),
    Symbology("d", "Data Matrix", {"2": "GS1 DataMatrix", "5": "GS1 DataMatrix"}),
    Symbology("e", "GS1 DataBar", {"1": "GS1 Composite", "2": "GS1 Composite"}),
    Symbology("h", "Han Xin Code"),
    Symbology("z", "Aztec Code", {"1": "GS1 Aztec Code"}),
)
_BY_LETTER: Final = MappingProxyType({row.letter: row for row in SYMBOLOGIES})


def symbology_of(aim: str) -> str:
    """The name of a code by its identifier; "" where there is none or it is not known."""
    row = _BY_LETTER.get(aim[1:2]) if len(aim) == 3 and aim[0] == "]" else None
    return row.modifiers.get(aim[2], row.name) if row else ""
