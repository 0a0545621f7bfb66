"""The pages of the course: eight lessons to choose from, and how the last one went."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from packstation.domain.training import LESSONS, Attempt, Standing
from packstation.station.training_views import LessonView
from packstation.station.viewing.frame import commands
from packstation.station.views import (
    AddDeviceView,
    Fact,
    PickView,
    Screen,
    StationView,
    Words,
)


def lesson(attempt: Attempt) -> LessonView:
    """The bar over the bench: which lesson, what to do now, how it goes."""
    goal = attempt.current
    hint = f"training.goal.{goal.id}" if goal else "training.over"
    return LessonView(
        number=LESSONS.index(attempt.lesson) + 1 if attempt.lesson in LESSONS else 1,
        of=len(LESSONS),
        title=Words(f"training.lesson.{attempt.lesson.id}"),
        hint=Words(hint),
        done=len(attempt.done),
        goals=len(attempt.lesson.goals),
        mistakes=attempt.mistakes,
        allowed=attempt.lesson.mistakes,
    )


def lessons(view: StationView, own: Sequence[Standing], selected: int) -> StationView:
    """The list; what is passed is marked."""
    stands = {standing.lesson: standing for standing in own}
    passed = [s for s in own if s.passed]
    done = len(passed) == len(LESSONS)
    left = sum(one.minutes for one in LESSONS if not _passed(stands, one.id))
    page = AddDeviceView(
        step="lessons",
        rail=0,
        main=Words("training.done" if done else "training.choose"),
        second=Words("training.done.why") if done else Words("training.left", (("n", left),), left),
        picks=tuple(_row(one.id, one.minutes, stands.get(one.id)) for one in LESSONS),
    )
    return _page(view, page, selected, "training.begin")


def _passed(stands: dict[str, Standing], name: str) -> bool:
    return name in stands and stands[name].passed


def _row(name: str, minutes: int, standing: Standing | None) -> PickView:
    passed = standing is not None and standing.passed
    tried = standing is not None and not standing.passed
    return PickView(
        id=name,
        words=Words(f"training.lesson.{name}"),
        detail=_detail(minutes, standing if passed else None),
        note=Words("training.not_passed") if tried else None,
        icon="check" if passed else "help",
    )


def _detail(minutes: int, passed: Standing | None) -> Words:
    """How long it takes, or when it was passed and with how many mistakes."""
    if passed is None:
        return Words("training.minutes", (("n", minutes),), minutes)
    told = (("date", passed.at[:10]), ("n", passed.mistakes))
    return Words("training.passed", told, passed.mistakes)


def result(view: StationView, attempt: Attempt) -> StationView:
    """How a lesson went: passed, or what was wrong, in words."""
    name, slips = Words(f"training.lesson.{attempt.lesson.id}"), attempt.slips
    facts: list[Fact] = [(name, f"{len(attempt.done)}/{len(attempt.lesson.goals)}")]
    facts += [(Words(f"training.slip.{kind}"), str(count)) for kind, count in slips]
    facts.append((Words("training.fact.allowed"), str(attempt.lesson.mistakes)))
    page = AddDeviceView(
        step="result",
        rail=0,
        main=Words("training.result.passed" if attempt.passed else "training.result.failed"),
        second=_why(attempt),
        facts=tuple(facts),
        problem=None if attempt.passed else Words("training.again"),
    )
    return _page(view, page, 0, "training.on")


def _why(attempt: Attempt) -> Words:
    if attempt.passed and not attempt.slips:
        return Words("training.result.clean")
    if attempt.passed:
        return Words("training.result.slips", (("n", attempt.mistakes),), attempt.mistakes)
    goal = attempt.current
    if goal is not None:
        return Words(f"training.goal.{goal.id}")
    counted = (("n", attempt.mistakes), ("allowed", attempt.lesson.mistakes))
    return Words("training.result.too_many", counted, attempt.mistakes)


def _page(view: StationView, page: AddDeviceView, selected: int, enter: str) -> StationView:
    """Nothing of the bench's own stage is shown beside it; ``enter`` says what Enter does."""
    take, back = commands("accept", "back")
    return replace(
        view,
        screen=Screen.TRAINING,
        step=0,
        order=None,
        deadline=None,
        lines=(),
        current=None,
        verdict=None,
        label=None,
        alert=None,
        entry=None,
        done=None,
        queue=None,
        note=None,
        adding=page,
        selected=selected,
        commands=(replace(take, words=Words(enter)), back),
    )
