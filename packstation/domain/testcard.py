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


# Letters that move between QWERTY, QWERTZ, AZERTY and the Cyrillic layouts come first; > ^ ~
# and the backslash are dead keys on too many keyboards to prove anything.
CARD_CODES: Final = (
    CardCode("upper", "code128", "PST-AZERTYQW"),
    CardCode("lower", "code128", "pst-azertyqw"),
    CardCode("digits", "code128", "PST01234567890"),
    CardCode("symbols", "code128", "PST-_/+*=:;,.!?%&$#@()[]"),
    CardCode("gs1", "gs1", "0109521234543213101234\x1d211234"),
    CardCode("matrix", "datamatrix", "PST-MATRIX-1"),
)
