"""Answers to questions that every view or scan of a bench asks again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from packstation.storage.database import Database

T = TypeVar("T")

# The goods of an order or two.
MANY: Final = 256


class Kept:
    """One answer a question, until another key is asked for or rows have changed."""

    def __init__(self, database: Database) -> None:
        """Answers come from ``database``, whose ``generation`` tells that they are old."""
        self._database = database
        self._generation = database.generation
        self._answers: dict[str, tuple[Hashable, Any]] = {}
        self._many: dict[tuple[str, Hashable], Any] = {}

    def last(self, question: str, key: Hashable, ask: Callable[[], T]) -> T:
        """The answer to ``question`` about ``key``; asked anew where it is not the last one."""
        self._forget_old()
        kept = self._answers.get(question)
        if kept is None or kept[0] != key:
            kept = self._answers[question] = (key, ask())
        answer: T = kept[1]
        return answer

    def each(self, question: str, key: Hashable, ask: Callable[[], T | None]) -> T | None:
        """The answer to ``question`` about each of some `MANY` keys; none is never kept."""
        self._forget_old()
        asked = (question, key)
        answer: T | None = self._many.get(asked)
        if answer is None:
            answer = ask()
            if len(self._many) >= MANY:
                self._many.clear()
            if answer is not None:
                self._many[asked] = answer
        return answer

    def _forget_old(self) -> None:
        if self._generation != self._database.generation:
            self._generation = self._database.generation
            self._answers.clear()
            self._many.clear()
