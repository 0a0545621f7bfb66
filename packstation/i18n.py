"""Words by key and language, from gettext catalogues; the language is a parameter, never a global.

The source is a folder a language with one `.po` fragment an area
(`resources/translations/<language>/<area>.po`): `msgid` is the key, `msgstr` the text with named
`{placeholders}`. Fragments are read as they are: a language takes a few milliseconds, so nothing
has to be compiled at set-up and a checkout, a wheel and a frozen program work alike. The format is
that of the GNU gettext manual, section "The Format of PO Files".
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from gettext import c2py
from pathlib import Path

from msgspec import Struct, field

from packstation.assets import resource

LANGUAGES = ("en", "zh_Hans", "ru")
FALLBACK = "en"
THIN_SPACE = "\u2009"
Arg = str | int | Decimal | datetime

_log = logging.getLogger(__name__)
_DECIMAL = {"ru": ","}
_LINE = re.compile(r'^(msgid_plural|msgid|msgstr)(?:\[(\d)\])?\s+"(.*)"$')
# An entry of one line each, as nearly all are: read as a whole, in a fifth of the time.
_ENTRY = re.compile(r'msgid "([^"\\\n]+)"\nmsgstr "([^"\\\n]*(?:\\.[^"\\\n]*)*)"')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}
_PLURAL = re.compile(r"plural=([^;\n]+)")


class Fragment(Struct, frozen=True):
    """One parsed `.po` file: texts by key (plural forms in order) and its header."""

    texts: Mapping[str, tuple[str, ...]]
    header: str


def parse_po(text: str) -> Fragment:
    """Reads a `.po` file. Comments and `msgctxt` are skipped; a key twice keeps the last.

    Raises `ValueError` with the line number for a line that is none of the format.
    """
    texts: dict[str, tuple[str, ...]] = {}
    number = 1
    for block in text.split("\n\n"):
        found = _ENTRY.fullmatch(block)
        if found:
            texts[found[1]] = (_plain(found[2]),)
        else:
            texts |= _read_lines(block, number)
        number += block.count("\n") + 2
    header = texts.pop("", ("",))[0]
    return Fragment(texts, header)


def _read_lines(text: str, first: int) -> dict[str, tuple[str, ...]]:
    """A block of whatever shape, whose first line has the number ``first`` in its file."""
    entries: dict[str, dict[int, str]] = {}
    key: str | None = None
    current: tuple[str, int] = ("", 0)
    for number, line in enumerate(text.splitlines(), start=first):
        if not line or line[0] == "#":
            continue
        if line[0] == '"' and line[-1] == '"' and len(line) > 1:
            key = _more(entries, key, current, _plain(line[1:-1]))
            continue
        found = _LINE.match(line)
        if not found:
            raise ValueError(f"line {number}: {line}")
        word, index, body = found.groups()
        current = (word, int(index or 0))
        if word == "msgid":
            key = _plain(body)
        elif word == "msgstr" and key is not None:
            entries.setdefault(key, {})[current[1]] = _plain(body)
    return {name: tuple(forms[i] for i in sorted(forms)) for name, forms in entries.items()}


def _more(
    entries: dict[str, dict[int, str]], key: str | None, current: tuple[str, int], text: str
) -> str | None:
    """A continuation line belongs to the key itself or to the form that was begun."""
    word, index = current
    if word == "msgid":
        return (key or "") + text
    if word == "msgstr" and key is not None:
        entries[key][index] += text
    return key


def _plain(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), text)


def plural_rule(header: str) -> Callable[[int], int]:
    """The `Plural-Forms` of a header as a function of n; English's where there is none."""
    found = _PLURAL.search(header)
    rule: Callable[[int], int] = c2py(found[1].strip() if found else "n != 1")
    return rule


class Catalogue(Struct, frozen=True, eq=False):
    """The words of one language; what it lacks is said in ``fallback`` (English)."""

    language: str
    texts: Mapping[str, tuple[str, ...]]
    rule: Callable[[int], int]
    fallback: Catalogue | None = None
    told: set[str] = field(default_factory=set)

    def __repr__(self) -> str:
        return f"Catalogue({self.language!r}, {len(self.texts)} texts)"

    def say(self, key: str, n: int | None = None, /, **args: Arg) -> str:
        """The text of ``key`` with its placeholders filled; ``n`` picks the plural form.

        ``n`` also fills the placeholder `{n}`. A key that no catalogue has is said as it is and
        logged once: a bench goes on working while a word is missing.
        """
        forms = self.texts.get(key)
        if forms is None:
            return self._missing(key, n, args)
        form = forms[min(self.rule(abs(n)), len(forms) - 1)] if n is not None else forms[0]
        if "{" not in form:
            return form
        filled = {name: self.show(value) for name, value in args.items()}
        if n is not None:
            filled.setdefault("n", self.show(n))
        try:
            return form.format_map(filled)
        except KeyError as missing:
            _log.warning("words.placeholder", extra={"key": key, "placeholder": str(missing)})
            return form

    def _missing(self, key: str, n: int | None, args: Mapping[str, Arg]) -> str:
        if self.fallback is not None:
            return self.fallback.say(key, n, **args)
        if key not in self.told:
            self.told.add(key)
            _log.warning("words.missing", extra={"key": key, "language": self.language})
        return key

    def has(self, key: str) -> bool:
        """Whether this language itself has the key."""
        return key in self.texts

    def show(self, value: Arg) -> str:
        """An argument as read by a person.

        Thousands are parted by a thin space, decimals by the language's sign, and a moment is
        given as hours and minutes in the zone that it carries. Text stays as it is.
        """
        if isinstance(value, str):
            return value
        if isinstance(value, datetime):
            return f"{value:%H:%M}"
        whole = f"{value:,}".replace(",", THIN_SPACE).replace("-", "\u2212")
        return whole.replace(".", _DECIMAL.get(self.language, "."))


def load(language: str, folder: Path | None = None) -> Catalogue:
    """The catalogue of a language with all its fragments; ``folder`` holds a folder a language.

    An unknown language is English's. Raises `ValueError` for a file that is no `.po`.
    """
    root = folder or resource("translations")
    known = language if (root / language).is_dir() else FALLBACK
    below = load(FALLBACK, root) if known != FALLBACK else None
    texts: dict[str, tuple[str, ...]] = {}
    header = ""
    for path in sorted((root / known).glob("*.po")):
        fragment = parse_po(path.read_text("utf-8"))
        texts.update(fragment.texts)
        header = header or fragment.header
    return Catalogue(known, texts, plural_rule(header), below)
