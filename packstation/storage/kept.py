"""The last answer of each question that every view of a bench asks again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from packstation.storage.database import Database

T = TypeVar("T")


class Kept:
    """One answer a question, until another key is asked for or rows have changed."""

    def __init__(self, database: Database) -> None:
        """Answers come from ``database``, whose ``generation`` tells that they are old."""
        self._database = database
        self._generation = database.generation
        self._answers: dict[str, tuple[Hashable, Any]] = {}

    def last(self, question: str, key: Hashable, ask: Callable[[], T]) -> T:
        """The answer to ``question`` about ``key``; asked anew where it is not the last one."""
        if self._generation != self._database.generation:
            self._generation = self._database.generation
            self._answers.clear()
        kept = self._answers.get(question)
        if kept is None or kept[0] != key:
            kept = self._answers[question] = (key, ask())
        answer: T = kept[1]
        return answer
