"""What a printer's language may be told beside the label: facts of the printer and its stock.

All have a value that suits the printers on most benches; what the makers' pages leave open
(``invert_bitmap``, ``native_codes``) is a setting, and the test label shows which is right.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

# Between labels: a gap, nothing (a roll), a black mark on the back, or what is usual.
Kind = Literal["", "gap", "continuous", "mark"]


class LanguageSettings(Struct, frozen=True):
    """Settings of one printer; those that its language does not know are left alone.

    ``darkness`` and ``speed`` are in the printer's own scale (``LabelLanguage`` has the
    limits) and None leaves the printer as it is set. ``head_dots`` is how wide the head
    prints, 0 the language's usual; ``tape`` the Brother roll by name, "" by the label's size.
    """

    kind: Kind = ""
    gap_mm: float = 2.0
    darkness: int | None = None
    speed: int | None = None
    cut: bool = False
    peel: bool = False
    invert_bitmap: bool = False
    native_codes: bool = True
    hex_graphics: bool = False
    head_dots: int = 0
    tape: str = ""
    feed_mm: Annotated[float, Meta(ge=0, le=200)] = 12.0
