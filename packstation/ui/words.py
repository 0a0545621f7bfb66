"""Speaks the words of a view in the person's language."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from packstation.i18n import Catalogue, load
from packstation.station.views import Arg, Words


class Speaker(Struct, frozen=True):
    """A catalogue with the handling that screens need."""

    catalogue: Catalogue

    @property
    def language(self) -> str:
        """en, zh_Hans or ru."""
        return self.catalogue.language

    def say(self, key: str, n: int | None = None, /, **args: Arg) -> str:
        """A text by key."""
        return self.catalogue.say(key, n, **args)

    def of(self, words: Words | None) -> str:
        """The text of a view's words; "" for none."""
        if words is None:
            return ""
        return self.catalogue.say(words.key, words.n, **dict(words.args))

    def told(self, value: str | Words | None) -> str:
        """Words in this language; text that has none as it is."""
        return value if isinstance(value, str) else self.of(value)

    def show(self, value: Arg) -> str:
        """A number or moment as this language writes it."""
        return self.catalogue.show(value)


class Speakers(Struct):
    """One speaker a language, read when first needed."""

    loader: Callable[[str], Catalogue] = load
    _known: dict[str, Speaker] = field(default_factory=dict)

    def of(self, language: str) -> Speaker:
        """The speaker of a language (English for one that is not there)."""
        if language not in self._known:
            self._known[language] = Speaker(self.loader(language))
        return self._known[language]
