"""Words by language that operators say: table ``phrases`` of the pack.

A row has ``phrase``, its name, and the text in each language. ``value.X`` is what a code X is
called, ``field.PATH`` a field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from packstation.domain.customs.case import Raw
from packstation.domain.customs.findings import LANGUAGES
from packstation.domain.customs.pack import Pack, Words
from packstation.domain.customs.same import Same

PHRASES: Final = "phrases"
_PLACE: Final = re.compile(r"\[[^\]]*\]")


def phrase(pack: Pack, name: str) -> Words:
    """A phrase by language; empty for one that the pack does not have."""
    return _phrases(Same(pack.tables)).get(name, {})


def in_words(pack: Pack, kind: str, text: str) -> Words:
    """What a code (``kind`` value) or field is called by language; ``text`` where it is unnamed."""
    return phrase(pack, f"{kind}.{_PLACE.sub('', text)}") or dict.fromkeys(LANGUAGES, text)


def by_language(name: str, words: Words) -> Words:
    """``{name}`` of a message in each language: ``name`` in English, ``name_zh``, ``name_ru``."""
    return {name if one == "en" else f"{name}_{one}": text for one, text in words.items()}


@lru_cache(maxsize=4)
def _phrases(tables: Same[Mapping[str, Sequence[Raw]]]) -> dict[str, Words]:
    rows: Sequence[Mapping[str, Any]] = tables.value.get(PHRASES, ())
    return {
        str(row.get("phrase")): {one: str(row[one]) for one in LANGUAGES if row.get(one)}
        for row in rows
    }
