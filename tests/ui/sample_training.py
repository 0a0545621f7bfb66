"""Samples of training: the lessons, one under way, and one that was not passed."""

from __future__ import annotations

from msgspec.structs import replace

from packstation.domain.packing import facts as f
from packstation.domain.packing.training_facts import LessonEnded
from packstation.domain.training import Attempt, begin, lesson_of, standings, take
from packstation.station import course_pages
from packstation.station.views import StationView
from tests.ui.sample_steps import scanning

_WRONG = f.ItemRejected(reason="not_in_order")
_ENDS = (
    LessonEnded(person="ly", lesson="scan", passed=True, seconds=312, mistakes=(("item", 1),)),
    LessonEnded(person="ly", lesson="wrong", passed=False, seconds=400),
)


def _base(language: str) -> StationView:
    return replace(scanning(language), training=True)


def _after(name: str, *facts: f.Fact) -> Attempt:
    lesson = lesson_of(name)
    assert lesson is not None
    attempt = begin(lesson)[0]
    for fact in facts:
        attempt = take(attempt, fact)[0]
    return attempt


def lessons(language: str) -> StationView:
    """The list; one is passed, one was tried."""
    own = standings(("2026-11-21T10:00:00Z", end) for end in _ENDS)
    return course_pages.lessons(_base(language), own, 2)


def lesson(language: str) -> StationView:
    """In the first lesson, with one mistake."""
    attempt = _after("scan", _WRONG)
    return replace(_base(language), lesson=course_pages.lesson(attempt))


def failed(language: str) -> StationView:
    """Given up, with three kinds of mistakes."""
    slips = (_WRONG, _WRONG, f.LabelMismatched(scanned="a", expected="b"))
    return course_pages.result(_base(language), _after("scan", *slips))
