"""Help from its files: `resources/help/<language>/<topic>.toml`, the causes from the catalogue."""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec

from packstation.assets import resource
from packstation.i18n import FALLBACK, LANGUAGES, load
from packstation.station.help_book import TOPICS, HelpBook, Topic, causes


def read_help(language: str, folder: Path | None = None) -> HelpBook:
    """All topics of a language, some twenty small files; a missing one is read in English.

    Raises:
        msgspec.ValidationError: a file of another shape.
        OSError: a topic that English has not either.
    """
    root = folder or resource("help")
    topics = {name: _topic(root, language, name) for name in TOPICS}
    return HelpBook(topics | causes(load(language)))


def _topic(root: Path, language: str, name: str) -> Topic:
    path = root / language / f"{name}.toml"
    if not path.is_file():
        path = root / FALLBACK / f"{name}.toml"
    return msgspec.toml.decode(path.read_bytes(), type=Topic)


class HelpFiles:
    """Books by language, each read once; ``warm`` beside the first scans."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._books: dict[str, HelpBook] = {}

    def book(self, language: str) -> HelpBook:
        """The book of a language; from memory once it was read."""
        with self._lock:
            if language not in self._books:
                self._books[language] = read_help(language)
            return self._books[language]

    def warm(self) -> None:
        """Read all books, off the main thread."""
        for language in LANGUAGES:
            self.book(language)
