"""The codes of the scanner's test card: what each one proves when it is read as it stands here.

A scanner that types as a keyboard may swap letters of another layout, lose the case, drop
the FNC1 of GS1 codes or the AIM identifier (reference: devices, sections 2.1 to 2.5).
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from packstation.domain.labels import CodeKind


class CardCode(Struct, frozen=True):
    """One code of the card: ``text`` is what a scanner set up well sends, GS (0x1D) included."""

    name: str
    kind: CodeKind
    text: str


# Every letter in both cases, every digit, and what the house's own codes, AIM identifiers and
# GS1 Digital Links are written with: whatever a keyboard does to them is seen here. The first
# character tells the codes apart when nothing else does; no two have the same length but for
# the letters. = [ ^ ~ and the backslash are dead keys on too many keyboards to prove anything;
# + is one on some, so it comes last, where it can harm no other.
CARD_CODES: Final = (
    CardCode("upper", "code128", "1ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    CardCode("lower", "code128", "2abcdefghijklmnopqrstuvwxyz"),
    CardCode("symbols", "code128", "3%PS:0456789-./_,;?&!()]+"),
    CardCode("gs1", "gs1", "0109521234543213101234\x1d211234"),
    CardCode("matrix", "datamatrix", "PST-MATRIX-1"),
)
# What must be read before anything is judged; the square one only imagers can read.
NEEDED_CODES: Final = ("upper", "lower", "symbols", "gs1")
