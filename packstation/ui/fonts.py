"""The bundled fonts: two weights before the first paint, the rest after it."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtGui import QFontDatabase

from packstation.assets import resource

_log = logging.getLogger(__name__)
FIRST = ("NotoSans-400.ttf", "NotoSans-700.ttf")
FIRST_CHINESE = ("NotoSansSC-400.ttf", "NotoSansSC-700.ttf")
REST = ("NotoSans-600.ttf", "NotoSans-800.ttf", "JetBrainsMono-400.ttf", "JetBrainsMono-700.ttf")


def load(names: tuple[str, ...], folder: Path | None = None) -> tuple[str, ...]:
    """Loads font files; the families that came of it.

    A file that is missing or broken is logged and the system's own font stands in: a bench
    without a font still packs.
    """
    families: list[str] = []
    root = folder or resource("fonts")
    for name in names:
        number = QFontDatabase.addApplicationFont(str(root / name))
        if number < 0:
            _log.warning("font.missing", extra={"font": name})
            continue
        families.extend(QFontDatabase.applicationFontFamilies(number))
    return tuple(families)


def load_first(language: str) -> None:
    """What the first paint needs in this language."""
    load((*FIRST, *FIRST_CHINESE) if language.startswith("zh") else FIRST)


def load_rest(language: str) -> None:
    """All that `load_first` left."""
    load(REST if language.startswith("zh") else (*REST, *FIRST_CHINESE))
