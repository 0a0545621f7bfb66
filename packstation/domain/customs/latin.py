"""A city in Latin letters, for the line that is read on the way (R09).

Source: reference: customs, 1.2 (USPS IMM 122.1d: a roman line for city and country); letters by
ICAO Doc 9303 part 3 as rows of the table ``latin``, each for the countries whose names it writes.
Nothing is guessed: one letter that no row has, and there is no line. What the buyer wrote stays.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from packstation.domain.customs.scripts import LATIN, letters, written_in
from packstation.domain.labels import ParcelPapers
from packstation.domain.orders import Address

TABLE: Final = "latin"
Rows = Sequence[Mapping[str, Any]]
# Two Latin letters are a word that somebody can look for; one letter may be a mark.
_ENOUGH: Final = 2


def legible(text: str) -> bool:
    """Whether Latin letters are in it, or it has no letters at all."""
    found = letters(text)
    return written_in(text, (LATIN,)) >= min(_ENOUGH, len(found))


def latin(text: str, country: str, rows: Rows) -> str:
    """``text`` of a place in ``country`` in Latin letters; "" where a letter is not in the table.

    >>> rows = [{"countries": ["RU"], "letters": {"ч": "ch", "и": "i", "т": "t", "а": "a"}}]
    >>> latin("Чита", "RU", rows), latin("Чита", "DE", rows), latin("Читә", "RU", rows)
    ('Chita', '', '')
    """
    row = next((one for one in rows if country in one["countries"]), None)
    if row is None:
        return ""
    plain = unicodedata.normalize("NFC", text).strip()
    known: Mapping[str, str] = row["letters"]
    found = [_written(plain, at, known) for at in range(len(plain))]
    whole = "" if None in found else "".join(one or "" for one in found)
    return whole if letters(whole) and legible(whole) else ""


def _written(text: str, at: int, known: Mapping[str, str]) -> str | None:
    """One letter, in capitals where it stands among capitals; None where it is not known."""
    letter = text[at]
    if not letter.isalpha() or letter.isascii():
        return letter
    found = known.get(letter.lower())
    if found is None or letter.islower():
        return found
    beside = text[at + 1 : at + 2] or text[max(0, at - 1) : at]
    return found.upper() if beside.isupper() else found.capitalize()


def city_line(to: Address, home: str, rows: Rows) -> str:
    """The Latin line for the city of an address abroad, "" where none is needed or known."""
    if to.country == home or legible(to.city):
        return ""
    return latin(to.city, to.country, rows)


def with_latin(papers: ParcelPapers, tables: Mapping[str, Rows]) -> ParcelPapers:
    """A parcel with the Latin line of its addressee's city, as far as the table writes it."""
    order = papers.order
    line = city_line(order.ship_to, order.ship_from.country, tables.get(TABLE, ()))
    return replace(papers, latin=line) if line else papers
