"""Who a badge reader's text belongs to.

A reader sends what is on the badge (`%PB:` and an id, or the id alone) or, by radio, the
number of a card: decimal or hex, with zeros in front or not (reference/devices.md section 5).
A card is a person's by ``prefs["card"]``, one number or several. It identifies; it proves
nothing: what needs a PIN needs it all the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from packstation.station.ports import PersonRow

_MARK = "%PB:"
_BETWEEN = str.maketrans("", "", " :-.,")


def person_of(text: str, people: Iterable[PersonRow]) -> PersonRow | None:
    """Whose badge or card that is; None for nobody's, and for a card of two people."""
    text = text.strip()
    if text[: len(_MARK)].upper() == _MARK:
        text = text[len(_MARK) :].strip()
    rows = list(people)
    named = next((row for row in rows if row.badge == text), None)
    if named is not None:
        return named
    wanted = _number(text)
    owners = [row for row in rows if wanted and wanted in _cards(row)]
    return owners[0] if len(owners) == 1 else None


def _cards(person: PersonRow) -> set[str]:
    kept = person.prefs.get("card", ())
    cards = kept if isinstance(kept, list | tuple) else (kept,)
    return {_number(str(card)) for card in cards}


def _number(text: str) -> str:
    """A card's number in one form; hex only where a letter proves that it is."""
    plain = text.translate(_BETWEEN).upper()
    if not plain.isascii() or not plain or set(plain) - set("0123456789ABCDEF"):
        return ""
    return str(int(plain, 10 if plain.isdigit() else 16))
