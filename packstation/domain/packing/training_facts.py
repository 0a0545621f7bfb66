"""Facts of learning: who practised which lesson, and how it went.

They belong to the bench and to a person, not to an order: what is packed in a lesson stays in
the training folder's own journal, and only these come into the bench's.
"""

from __future__ import annotations

from packstation.domain.packing.facts import Fact


class LessonBegun(Fact, frozen=True, kw_only=True):
    """``person`` (a badge) began a lesson; ``edition`` counts changes of what it asks for."""

    person: str
    lesson: str
    edition: int = 1


class LessonEnded(Fact, frozen=True, kw_only=True):
    """A lesson is over: passed where nothing is ``undone`` and the mistakes are not too many.

    ``mistakes`` are (kind, how often); ``allowed`` as many as the lesson forgives; ``undone`` the
    goals that were not reached; ``seconds`` from its first view to its end, never a reason to fail.
    """

    person: str
    lesson: str
    passed: bool
    mistakes: tuple[tuple[str, int], ...] = ()
    allowed: int = 0
    undone: tuple[str, ...] = ()
    seconds: int = 0
    edition: int = 1
