"""Whether a description says what the goods are: the checks that customs' own filters make.

Source: reference: customs, 2.6 (EU ICS2 stop words, Transport Canada PACT). A stop word standing
alone is refused by the EU's filter, one among others may be flagged. The words themselves are
data of the pack; the same words are looked for in the names of parties.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from msgspec import Struct

from packstation.domain.customs.case import Case, Item, Key, at_path
from packstation.domain.customs.hs import read_hs, text_of
from packstation.domain.customs.operators import HOLDS, Found, Look, Operators, Wrong
from packstation.domain.customs.scripts import folded, letters, written_in
from packstation.domain.errors import InputInvalid

_TOKEN: Final = re.compile(r"\d+|[^\W\d_]+")
_APOSTROPHES: Final = str.maketrans("", "", "'’`ʼ")
_RUN: Final = re.compile(r"([^\s\d])\1\1")
_SIZE: Final = re.compile(r"(?<![^\W_])x{2,}[ls](?![^\W_])")
_HISSING: Final = ("s", "x", "z", "ch", "sh")
_CASED: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN")

Phrase = tuple[str, ...]


class Vocabulary(Struct, frozen=True):
    """Stop words as phrases in all their forms, and words that say nothing by themselves."""

    stop: frozenset[Phrase]
    first: frozenset[str]
    joined: frozenset[str]
    neutral: frozenset[str]
    longest: int


@lru_cache(maxsize=16)
def vocabulary(stop: tuple[Phrase, ...], neutral: tuple[Phrase, ...]) -> Vocabulary:
    """The vocabulary of lists of stop words and lists of words that do not count."""
    small = frozenset(word for term in chain(*neutral) for word in tokens(term))
    listed = frozenset(tokens(term) for term in chain(*stop))
    # "goods" is listed; its singular is another word, and stands among the small ones.
    derived = frozenset(form for phrase in listed for form in _forms(phrase))
    phrases = listed | {form for form in derived if not small.issuperset(form)}
    return Vocabulary(
        stop=phrases,
        first=frozenset(phrase[0] for phrase in phrases if phrase),
        joined=frozenset("".join(phrase) for phrase in phrases),
        neutral=small,
        longest=max((len(phrase) for phrase in phrases), default=0),
    )


@lru_cache(maxsize=512)
def tokens(text: str) -> Phrase:
    """Words and numbers of a text, small, without punctuation: ``2pcs T-shirts`` has four."""
    return tuple(_TOKEN.findall(folded(text).casefold().translate(_APOSTROPHES)))


def _forms(phrase: Phrase) -> Iterator[Phrase]:
    """A phrase with its last word as listed, as singular and as plural."""
    if phrase:
        for last in {phrase[-1], *_singular(phrase[-1]), *_plural(phrase[-1])}:
            yield (*phrase[:-1], last)


def _singular(word: str) -> tuple[str, ...]:
    if word.endswith("ies"):
        return (word[:-3] + "y",)
    if word.endswith("es") and word[:-2].endswith(_HISSING):
        return (word[:-2],)
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return (word[:-1],)
    return ()


def _plural(word: str) -> tuple[str, ...]:
    return (word + "s", word + "es", *((word[:-1] + "ies",) if word.endswith("y") else ()))


@lru_cache(maxsize=512)
def shape_fault(text: str, extensions: Phrase) -> bool:
    """Whether a text is no words at all: only digits and punctuation, a file, a held key."""
    plain = folded(text).casefold()
    if not any(map(str.isalpha, plain)):
        return True
    if "." in plain and _file_name(extensions).search(plain):
        return True
    return _RUN.search(_SIZE.sub("", plain) if "xx" in plain else plain) is not None


@lru_cache(maxsize=16)
def _file_name(extensions: Phrase) -> re.Pattern[str]:
    endings = "|".join(re.escape(one) for one in extensions)
    return re.compile(rf"\.(?:{endings})(?!\w)")


@lru_cache(maxsize=512)
def stands_alone(text: str, known: Vocabulary) -> str:
    """The stop word that is all a text says besides counts and small words; "" where it says more.

    >>> stands_alone("2 pcs of Gifts!", vocabulary((("gift",),), (("pcs", "of"),)))
    'gifts'
    """
    words, found = tokens(text), ""
    if "".join(words) in known.joined:
        return "".join(words)
    at = 0
    while at < len(words):
        phrase = _phrase_at(words, at, known)
        if not phrase and not _neutral(words[at], known):
            return ""
        found = found or " ".join(phrase)
        at += len(phrase) or 1
    return found


def stop_words_in(text: str, known: Vocabulary) -> Phrase:
    """The stop words among a text's words, in their order; pieces that are counted are none."""
    words, found, at = tokens(text), [], 0
    if known.first.isdisjoint(words):
        return ()
    while at < len(words):
        phrase = _phrase_at(words, at, known)
        if not known.neutral.issuperset(phrase):
            found.append(" ".join(phrase))
        at += len(phrase) or 1
    return tuple(found)


def _phrase_at(words: Phrase, at: int, known: Vocabulary) -> Phrase:
    if words[at] not in known.first:
        return ()
    for length in range(min(known.longest, len(words) - at), 0, -1):
        if words[at : at + length] in known.stop:
            return words[at : at + length]
    return ()


def _neutral(word: str, known: Vocabulary) -> bool:
    return word.isdigit() or word in known.neutral


def meaningful(text: str, known: Vocabulary) -> Phrase:
    """The words that say something: two letters or more, no counts or small words."""
    return tuple(word for word in tokens(text) if len(word) > 1 and not _neutral(word, known))


def suggestion(case: Case, line: Item) -> str:
    """Where a better description may start: the HS text of the line's own code, "" without one.

    It is shown, never filled in: the heading says what a tariff calls the goods, not what they are.
    """
    code = read_hs(at_path(line.raw, "product.customs.hs"))
    return text_of(case.reference, code, (6, 4))[1]


def _known(than: Mapping[str, Any], look: Look) -> Vocabulary:
    """``than``: {"stop": names of lists, "neutral": names of lists}."""
    # Hashing all words of the lists, or their names, would take longer than looking for them.
    key: Key = ("words", id(than))
    kept = look.case.known.get(key)
    if kept is None or kept[0] is not than:
        stop, neutral = (
            tuple(_listed(look, name) for name in than[part]) for part in ("stop", "neutral")
        )
        kept = look.case.known[key] = than, vocabulary(stop, neutral)
    found: Vocabulary = kept[1]
    return found


def _listed(look: Look, name: str) -> Phrase:
    found = look.case.pack.lists.get(name)
    if found is None:
        raise InputInvalid(path="than", value=name, allowed="a list of the pack")
    return found


def _wrong(look: Look, **told: str) -> Found:
    hint = suggestion(look.case, look.item) if look.item.scope == "line" else ""
    return (Wrong(suggestion=hint, words={**told, "suggestion": hint}),)


def _words(value: object, than: Any, look: Look) -> Found:  # noqa: ANN401 - as the row has it
    """``than``: {"extensions": a list's name}. Words, no code, file name or held key."""
    if isinstance(value, str) and not shape_fault(value, _listed(look, than["extensions"])):
        return HOLDS
    return _wrong(look)


def _no_stop_word(value: object, than: Any, look: Look) -> Found:  # noqa: ANN401 - as above
    """Not a stop word standing alone, whatever its count, number, case and punctuation."""
    alone = stands_alone(value, _known(than, look)) if isinstance(value, str) else ""
    return _wrong(look, word=alone) if alone else HOLDS


def _no_stop_word_within(value: object, than: Any, look: Look) -> Found:  # noqa: ANN401 - as above
    """No stop word among others."""
    known = _known(than, look)
    if not isinstance(value, str) or stands_alone(value, known):
        return HOLDS
    found = stop_words_in(value, known)
    return _wrong(look, word=", ".join(dict.fromkeys(found))) if found else HOLDS


def _says_enough(value: object, than: Any, look: Look) -> Found:  # noqa: ANN401 - as above
    """At least ``words`` meaningful words and ``letters`` letters.

    Alphabets that write no blanks cannot be counted so: that they are in the wrong language is
    another rule's.
    """
    known = _known(than, look)
    if not isinstance(value, str) or stands_alone(value, known):
        return HOLDS
    told = letters(value)
    if not (told if value.isascii() else written_in(value, _CASED)):
        return HOLDS
    enough = len(meaningful(value, known)) >= than["words"] and len(told) >= than["letters"]
    return HOLDS if enough else _wrong(look)


def _at_most(value: object, than: Any, look: Look) -> Found:  # noqa: ANN401 - as above
    """No longer than ``than`` characters."""
    length = len(value) if isinstance(value, str) else 0
    return HOLDS if length <= than else _wrong(look, length=str(length))


def _readable(value: object, than: Any, look: Look) -> Found:  # noqa: ANN401 - as above
    """In Latin letters or an alphabet of the destination; a second language may stand beside.

    ``than``: {"enough": letters that make a description}.
    """
    # Latin letters are read everywhere.
    if not isinstance(value, str) or value.isascii():
        return HOLDS
    accepted = written_in(value, scripts_of(look.case, at_path(look.case.raw, "ship_to.country")))
    return HOLDS if accepted >= min(len(letters(value)), than["enough"]) else _wrong(look)


def scripts_of(case: Case, country: object) -> tuple[str, ...]:
    """Alphabets that a country reads (table ``scripts``), Latin always."""
    rows = case.pack.tables.get("scripts", ())
    return ("LATIN", *(str(row["script"]) for row in rows if country in row["countries"]))


OPERATORS: Final[Operators] = {
    "words": _words,
    "no_stop_word": _no_stop_word,
    "no_stop_word_within": _no_stop_word_within,
    "says_enough": _says_enough,
    "at_most": _at_most,
    "readable": _readable,
}
