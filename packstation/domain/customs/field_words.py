"""What a field of an order is called, for people: table ``field_words`` of the pack.

A row names a path without its places (``ship_to``, ``ship_to.lines``), or a last name anywhere
(``*.city``). ``products[A].names.de`` is told as "Product A: name (de)".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from packstation.domain.customs.case import Raw
from packstation.domain.customs.findings import LANGUAGES
from packstation.domain.customs.pack import Pack, Words
from packstation.domain.customs.phrases import phrase
from packstation.domain.customs.same import Same

TABLE: Final = "field_words"
_PART: Final = re.compile(r"([^.\[\]]+)(?:\[([^\]]*)\])?")
# Their place in a path is the SKU; others are counted from 0 there, and from 1 by people.
_BY_SKU: Final = "products"
_COLON: Final = {"zh": "："}
Parts = Sequence[tuple[str, str]]


def field_in_words(pack: Pack, path: str) -> Words:
    """A path by language; the path itself where no row knows how it begins."""
    parts: Parts = _PART.findall(path)
    known = _rows(Same(pack.tables))
    whole = phrase(pack, f"field.{path}")
    if whole or not parts or parts[0][0] not in known:
        return whole or dict.fromkeys(LANGUAGES, path)
    return {one: _told(known, parts, one) for one in LANGUAGES}


def _told(known: Mapping[str, Words], parts: Parts, language: str) -> str:
    """All names that have words; others in brackets behind the last that has."""
    path, said = "", ""
    for name, place in parts:
        path = f"{path}.{name}" if path else name
        row = known.get(path) or known.get(f"*.{name}")
        if row is None:
            said += f" ({name})"
            continue
        said += (_COLON.get(language, ": ") if said else "") + _placed(row[language], name, place)
    return said


def _placed(text: str, name: str, place: str) -> str:
    if name != _BY_SKU and place.isascii() and place.isdigit():
        place = str(int(place[:9]) + 1)
    return f"{text} {place}" if place else text


@lru_cache(maxsize=4)
def _rows(tables: Same[Mapping[str, Sequence[Raw]]]) -> dict[str, Words]:
    rows = tables.value.get(TABLE, ())
    return {str(row["path"]): {one: str(row[one]) for one in LANGUAGES} for row in rows}
