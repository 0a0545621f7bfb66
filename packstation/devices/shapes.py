"""What the value of an option may be: a kind of value, and a range or words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from msgspec import Struct

WHOLE, NUMBER, SWITCH, TEXT = "whole", "number", "switch", "text"
WORD, LIST, TABLE = "word", "list", "table"
TYPES: Final = (WHOLE, NUMBER, SWITCH, TEXT, WORD, LIST, TABLE)
_MOST_ENTRIES: Final = 64


class Shape(Struct, frozen=True):
    """``type`` is one of `TYPES`; ``allowed`` says the same as ``fits``, in no language.

    ``words`` are those there are, of which the nearest can be suggested.
    """

    type: str
    allowed: str
    fits: Callable[[object], bool]
    words: tuple[str, ...] = ()


def whole(least: int, most: int, *, only: tuple[int, ...] = ()) -> Shape:
    """A whole number of a range, or one of a few."""

    def fits(value: object) -> bool:
        right = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return right and (not only or value in only)

    return Shape(WHOLE, ", ".join(map(str, only)) or f"{least}..{most}", fits)


def number(least: float, most: float, *, texts: bool = False, over: bool = False) -> Shape:
    """A number of a range, ``over`` the least where that is not allowed itself.

    ``texts``: written as text it counts too, for decimals that are exact.
    """
    low, high = Decimal(str(least)), Decimal(str(most))
    read = (int, float, str) if texts else (int, float)

    def fits(value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, read):
            return False
        try:
            found = Decimal(str(value).strip())
        except InvalidOperation:
            return False
        return found.is_finite() and low <= found <= high and not (over and found == low)

    return Shape(NUMBER, f"{'>' if over else ''}{least:.10g}..{most:.10g}", fits)


def switch() -> Shape:
    """On or off, and no text or number that might mean it."""
    return Shape(SWITCH, "true, false", lambda value: isinstance(value, bool))


def text(most: int, *, example: str = "", least: int = 1, printable: bool = True) -> Shape:
    """Text of one line, so many characters."""

    def fits(value: object) -> bool:
        right = isinstance(value, str) and least <= len(value) <= most
        return right and (not printable or str(value).isprintable())

    shown = f'"{example}" ' if example else ""
    return Shape(TEXT, f"{shown}({least}..{most})", fits)


def word(*words: str, any_case: bool = False) -> Shape:
    """One of some words; "" counts where it is among them."""

    def fits(value: object) -> bool:
        return isinstance(value, str) and (value.upper() if any_case else value) in words

    return Shape(WORD, ", ".join(filter(None, words)), fits, tuple(filter(None, words)))


def checked(type_: str, allowed: str, fits: Callable[[object], bool]) -> Shape:
    """A value that somebody else knows how to read."""
    return Shape(type_, allowed, fits)


def texts(example: str) -> Shape:
    """A list of texts, at least one."""

    def fits(value: object) -> bool:
        full = isinstance(value, list | tuple) and 0 < len(value) <= _MOST_ENTRIES
        return full and all(isinstance(one, str) and one for one in _entries(value))

    return Shape(LIST, example, fits)


def table(example: str, entry: Callable[[object], bool]) -> Shape:
    """A table with at least one entry, each of which fits."""

    def fits(value: object) -> bool:
        full = isinstance(value, Mapping) and 0 < len(value) <= _MOST_ENTRIES
        return (
            full
            and all(isinstance(name, str) and name for name in _entries(value))
            and all(map(entry, _values(value)))
        )

    return Shape(TABLE, example, fits)


def _entries(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple | Mapping) else ()


def _values(value: object) -> tuple[object, ...]:
    return tuple(value.values()) if isinstance(value, Mapping) else ()
