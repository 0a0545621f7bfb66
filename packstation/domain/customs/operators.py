"""How a fact is compared: each operator a plain function that answers what is wrong.

An operator gets the fact's value (never None), what the rule compares it with, and where it
stands (`Look`). It answers every `Wrong` it finds, none where the condition holds. Operators that
know a subject (addresses, descriptions, identifiers, money) live in that subject's module;
`registry` merges all of them, by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from msgspec import Struct

from packstation.domain.customs.case import Case, Item


class Said(Struct, frozen=True):
    """Words by language: a phrase of the pack (table ``phrases``), and what fills it."""

    phrase: str
    fill: Mapping[str, str] = {}


class Wrong(Struct, frozen=True):
    """One thing that is wrong; empty parts are filled from the check and the value.

    ``value`` "": nothing stands there. ``words`` fill the placeholders of the rule's message, of
    ``{class}`` those in Chinese and Russian by ``class_zh`` and ``class_ru``; ``says`` is a phrase
    that is said in its place. ``suggestion`` is what a person may start from, never filled in by
    itself.
    """

    value: str | None = None
    allowed: str | Said | Mapping[str, str] = ""
    field: str = ""
    words: Mapping[str, str] = {}
    suggestion: str = ""
    says: str = ""


class Look(Struct, frozen=True):
    """Where a condition is looked at."""

    case: Case
    item: Item


Found = tuple[Wrong, ...]
Operator = Callable[[Any, Any, Look], Found]
Operators = Mapping[str, Operator]

HOLDS: Final[Found] = ()


def plain(test: Callable[[Any, Any], bool]) -> Operator:
    """An operator that only says yes or no; what cannot be compared does not hold."""

    def operator(value: object, than: object, _: Look) -> Found:
        try:
            return HOLDS if test(value, than) else (Wrong(),)
        except (TypeError, InvalidOperation):
            return (Wrong(),)

    return operator


def number(value: object) -> Decimal:
    """A JSON number, or text of one, exactly.

    Raises TypeError for anything else, NaN and infinities.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise TypeError
    found = Decimal(value)
    if not found.is_finite():
        raise TypeError
    return found


def _within(value: object, than: Sequence[object]) -> bool:
    """``than``: (lowest, highest), both included."""
    low, high = than
    return number(low) <= number(value) <= number(high)


def _matches(value: Any, than: str) -> bool:  # noqa: ANN401 - any JSON value
    """The whole text, of at most 200 letters: no pattern is long at that."""
    return len(value) <= _LONGEST and re.fullmatch(than, value) is not None


def _any_in(value: Iterable[object], than: Iterable[object]) -> bool:
    return bool({*value} & {*than})


_LONGEST: Final = 200
# What any rule may use, whatever its subject.
COMPARISONS: Final[Operators] = {
    "present": plain(lambda *_: True),
    "eq": plain(lambda value, than: value == than),
    "ne": plain(lambda value, than: value != than),
    "lt": plain(lambda value, than: number(value) < number(than)),
    "le": plain(lambda value, than: number(value) <= number(than)),
    "gt": plain(lambda value, than: number(value) > number(than)),
    "ge": plain(lambda value, than: number(value) >= number(than)),
    "within": plain(_within),
    "in": plain(lambda value, than: value in than),
    "not_in": plain(lambda value, than: value not in than),
    "any_in": plain(_any_in),
    "none_in": plain(lambda value, than: not _any_in(value, than)),
    "matches": plain(_matches),
}
# Holds for what is not there; the evaluator knows it by this name.
ABSENT: Final = "absent"
