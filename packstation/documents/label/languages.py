"""The languages of label printers, as rows: whoever prints picks one by its id.

Ids are the printer models of FORMATS.md ("Scale readings", model ids).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from msgspec import Struct

from packstation.documents.fonts import Fonts
from packstation.documents.label.brother_ql import BrotherWriter
from packstation.documents.label.cpcl import CpclWriter
from packstation.documents.label.epl2 import Epl2Writer
from packstation.documents.label.escpos import EscposWriter
from packstation.documents.label.settings import LanguageSettings
from packstation.documents.label.tspl import TsplWriter
from packstation.documents.label.zpl import ZplWriter
from packstation.domain.errors import DocumentError, SettingsError
from packstation.domain.labels import Label, Media

__all__ = [
    "LANGUAGES",
    "LabelLanguage",
    "LabelWriter",
    "LanguageSettings",
    "language",
    "usual_stock",
    "writer",
]

Range = tuple[int, int]


class LabelWriter(Protocol):
    """Turns labels into the bytes that print them, each once; raises DocumentError."""

    def write(self, labels: Sequence[Label]) -> bytes:
        """The labels in their order."""


class LabelLanguage(Struct, frozen=True):
    """A language: who writes it, and what its settings may be.

    ``darkness`` and ``speed`` are the least and the most the language has words for, None
    where it has none; ``dpi`` the resolutions of its printers; ``stock`` what a label is
    drawn on where nothing else is known.
    """

    id: str
    writer: Callable[[Fonts, LanguageSettings], LabelWriter]
    stock: Media
    dpi: tuple[int, ...] = (203, 300)
    darkness: Range | None = None
    speed: Range | None = None


LANGUAGES: Final[tuple[LabelLanguage, ...]] = (
    LabelLanguage("zpl", ZplWriter, Media(100, 150), (203, 300, 600), (0, 30), (1, 14)),
    LabelLanguage("tspl", TsplWriter, Media(100, 150), (203, 300, 600), (0, 15), (1, 18)),
    LabelLanguage("epl2", Epl2Writer, Media(100, 150), (203, 300), (0, 15), (0, 6)),
    LabelLanguage("cpcl", CpclWriter, Media(100, 150), (203, 300), (-99, 200), (0, 5)),
    LabelLanguage("escpos", EscposWriter, Media(72, 180), (203,)),
    LabelLanguage("brother-ql", BrotherWriter, Media(98.5, 140.5, 300), (300,)),
)


def language(id_: str) -> LabelLanguage:
    """The row of a language; raises DocumentError (``field`` "language") for one there is not."""
    for row in LANGUAGES:
        if row.id == id_:
            return row
    raise DocumentError("error.document.unknown", field="language", value=id_)


def usual_stock(id_: str) -> Media:
    """What a label is drawn on where nothing else is known."""
    return language(id_).stock


def writer(id_: str, fonts: Fonts, settings: LanguageSettings | None = None) -> LabelWriter:
    """A writer of a language.

    Raises SettingsError where darkness or speed is beyond what the language can say.
    """
    row = language(id_)
    given = settings or LanguageSettings()
    for name, value, limits in (
        ("darkness", given.darkness, row.darkness),
        ("speed", given.speed, row.speed),
    ):
        if value is not None and limits and not limits[0] <= value <= limits[1]:
            raise SettingsError(name=name, value=value, allowed=f"{limits[0]}..{limits[1]}")
    return row.writer(fonts, given)
