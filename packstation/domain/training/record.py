"""Who has passed what: a fold of the facts of learning, for the person and for a supervisor."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from packstation.domain.packing.training_facts import LessonEnded


class Standing(Struct, frozen=True):
    """A person's standing in a lesson; ``at`` RFC 3339 UTC of the pass, else of the last try."""

    person: str
    lesson: str
    passed: bool
    tries: int
    mistakes: int
    seconds: int
    at: str
    edition: int = 1


def standings(ends: Iterable[tuple[str, LessonEnded]]) -> tuple[Standing, ...]:
    """From (when, fact), oldest first: the first pass stays, whatever is tried afterwards."""
    found: dict[tuple[str, str], Standing] = {}
    for at, end in ends:
        key = end.person, end.lesson
        before = found.get(key)
        tries = before.tries + 1 if before else 1
        if before is not None and before.passed:
            continue
        found[key] = Standing(
            person=end.person,
            lesson=end.lesson,
            passed=end.passed,
            tries=tries,
            mistakes=sum(count for _, count in end.mistakes),
            seconds=end.seconds,
            at=at,
            edition=end.edition,
        )
    return tuple(found.values())
