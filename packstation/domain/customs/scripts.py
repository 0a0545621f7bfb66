"""Which alphabets a text is written in: by the Unicode names of its letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Names as Unicode writes them: the first word of LATIN SMALL LETTER A, CJK UNIFIED IDEOGRAPH-4E2D.
LATIN = "LATIN"
_OTHER_DIGITS = re.compile(r"[^\D0-9]")


def folded(text: str) -> str:
    """``text`` with compatibility forms resolved (full-width letters, ligatures): NFKC."""
    # Asking first is cheap, and nearly every text is folded as it comes.
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        return text
    return unicodedata.normalize("NFKC", text)


def plain(text: str) -> str:
    """``text`` folded, with the digits of all alphabets as 0 to 9."""
    if text.isascii():
        return text
    return _OTHER_DIGITS.sub(lambda one: str(int(one[0])), folded(text))


def letters(text: str) -> str:
    """The letters of a text, of any alphabet."""
    return "".join(filter(str.isalpha, folded(text)))


@lru_cache(maxsize=8192)
def script(letter: str) -> str:
    """The alphabet of a letter, e.g. LATIN, CYRILLIC, CJK; "" where Unicode has no name for it."""
    return unicodedata.name(letter, "").partition(" ")[0].partition("-")[0]


def written_in(text: str, scripts: Iterable[str]) -> int:
    """How many letters of a text are of these alphabets."""
    wanted = frozenset(scripts)
    if text.isascii() and LATIN in wanted:
        return len(letters(text))
    return sum(script(letter) in wanted for letter in letters(text))
