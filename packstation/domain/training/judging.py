"""Judges an attempt at a lesson: ``take(attempt, fact) -> attempt, acts that come due``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.packing import facts as f
from packstation.domain.packing.training_facts import LessonEnded
from packstation.domain.training.lesson import Act, Goal, Lesson, Sign

# Refusals of what a device reports are no slip of the packer's.
_DEVICES: Final = frozenset({"WeightRead", "SizeRead", "PrintReported"})


class Attempt(Struct, frozen=True):
    """How far a lesson is: signs seen, goals reached, mistakes by kind, acts done."""

    lesson: Lesson
    seen: tuple[tuple[Sign, int], ...] = ()
    done: tuple[str, ...] = ()
    slips: tuple[tuple[str, int], ...] = ()
    acted: tuple[Act, ...] = ()
    struck: bool = False
    """The server stopped the order just now: what comes next was in the air already."""

    @property
    def current(self) -> Goal | None:
        """The first goal that is not reached: what the hint speaks of."""
        return next((goal for goal in self.lesson.goals if goal.id not in self.done), None)

    @property
    def mistakes(self) -> int:
        """How many, of every kind."""
        return sum(count for _, count in self.slips)

    @property
    def over(self) -> bool:
        """Everything that must be done is done."""
        return self.current is None

    @property
    def passed(self) -> bool:
        """Done, with no more mistakes than the lesson forgives."""
        return self.over and self.mistakes <= self.lesson.mistakes


def begin(lesson: Lesson) -> tuple[Attempt, tuple[Act, ...]]:
    """Nothing is done yet; what goes wrong from the start."""
    return _due(Attempt(lesson))


def take(attempt: Attempt, fact: f.Fact) -> tuple[Attempt, tuple[Act, ...]]:
    """The attempt after a fact of its bench, and the troubles that it sets off."""
    before = attempt.done
    attempt = _reached(_counted(attempt, fact))
    slip = "" if attempt.done != before or _in_the_air(attempt, fact) else _slip(fact)
    attempt = replace(attempt, struck=isinstance(fact, f.SessionHeld) and fact.by == "server")
    return _due(_slipped(attempt, slip) if slip else attempt)


def ended(attempt: Attempt, person: str, seconds: int) -> LessonEnded:
    """What is recorded of it."""
    undone = tuple(goal.id for goal in attempt.lesson.goals if goal.id not in attempt.done)
    return LessonEnded(
        person=person,
        lesson=attempt.lesson.id,
        passed=attempt.passed,
        mistakes=attempt.slips,
        allowed=attempt.lesson.mistakes,
        undone=undone,
        seconds=seconds,
        edition=attempt.lesson.edition,
    )


def _signs(lesson: Lesson) -> tuple[Sign, ...]:
    """Every sign that something waits for, its count left out."""
    wanted = [goal.sign for goal in lesson.goals]
    wanted += [act.after for act in lesson.acts if act.after is not None]
    return tuple(dict.fromkeys(replace(sign, count=1) for sign in wanted))


def _counted(attempt: Attempt, fact: f.Fact) -> Attempt:
    seen = dict(attempt.seen)
    for sign in _signs(attempt.lesson):
        if _is(sign, fact):
            seen[sign] = seen.get(sign, 0) + 1
    return replace(attempt, seen=tuple(seen.items()))


def _is(sign: Sign, fact: f.Fact) -> bool:
    if type(fact).__name__ != sign.kind:
        return False
    return all(str(getattr(fact, name, "")) == value for name, value in sign.where)


def _met(attempt: Attempt, sign: Sign) -> bool:
    return dict(attempt.seen).get(replace(sign, count=1), 0) >= sign.count


def _in_the_air(attempt: Attempt, fact: f.Fact) -> bool:
    """A scan whose trigger was pulled before anyone could read that the order stops."""
    return attempt.struck and isinstance(fact, f.InputRefused)


def _reached(attempt: Attempt) -> Attempt:
    """Goals in their order, whatever order they were reached in."""
    done = tuple(goal.id for goal in attempt.lesson.goals if _met(attempt, goal.sign))
    return replace(attempt, done=done)


def _due(attempt: Attempt) -> tuple[Attempt, tuple[Act, ...]]:
    waiting = [act for act in attempt.lesson.acts if act not in attempt.acted]
    due = tuple(act for act in waiting if act.after is None or _met(attempt, act.after))
    return replace(attempt, acted=(*attempt.acted, *due)), due


def _slipped(attempt: Attempt, kind: str) -> Attempt:
    slips = dict(attempt.slips)
    slips[kind] = slips.get(kind, 0) + 1
    return replace(attempt, slips=tuple(slips.items()))


def _refused(fact: f.InputRefused) -> str:
    return "" if fact.input in _DEVICES else "not_now"


# Words are training.slip.<kind>. What is not here is no mistake of a packer.
_SLIPS: Final[Mapping[type[f.Fact], Callable[[Any], str]]] = {
    f.ItemRejected: lambda fact: "variant" if fact.reason == "wrong_variant" else "item",
    f.LabelMismatched: lambda _: "label",
    f.WeightDisputed: lambda _: "weight",
    f.InputRefused: _refused,
    f.ItemShorted: lambda _: "short",
    f.ReprintRequested: lambda _: "copy",
    f.LabelVoidRequested: lambda _: "void",
    f.SessionCancelled: lambda _: "given_up",
    f.SessionParked: lambda _: "given_up",
}


def _slip(fact: f.Fact) -> str:
    judge = _SLIPS.get(type(fact))
    return judge(fact) if judge else ""
