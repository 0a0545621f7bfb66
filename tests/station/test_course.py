"""The pages of the course and the lesson between them, with a bench that only remembers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from packstation.domain.packing import facts as f
from packstation.domain.packing.training_facts import LessonBegun, LessonEnded
from packstation.domain.training import LESSONS, Act, Lesson, Standing, lesson_of
from packstation.domain.training.record import standings
from packstation.station import course_pages, ports
from packstation.station.course import Course, Windows
from packstation.station.views import EntryView, PersonView, Screen, StationView, Words
from tests.fakes import FakeClock

LIN = PersonView(name="Lin Yue", badge="ly")
QUEUE = StationView(screen=Screen.QUEUE, person=LIN)
DONE: tuple[f.Fact, ...] = (
    f.SessionOpened(order_id="P", rev=1, lines=(), parcel_id="p"),
    f.ItemVerified(line=1, sku="s"),
    f.ItemRemoved(line=1, sku="s"),
    f.ContentsVerified(),
    f.SessionCompleted(),
)
WRONG = f.ItemRejected(reason="not_in_order")


class Hall:
    """A course with everything round it, to look at."""

    def __init__(self) -> None:
        self.heard: list[ports.Happening] = []
        self.laid: list[str] = []
        self.acts: list[Act] = []
        self.noted: list[f.Fact] = []
        self.views: list[StationView] = []
        self.left = 0
        self.clock = FakeClock()
        self.course = Course(self, self, self.clock, Windows(self.views.append, self._leave))

    def _leave(self) -> None:
        self.left += 1

    def handle(self, happening: ports.Happening) -> None:
        self.heard.append(happening)

    def lay_out(self, lesson: Lesson) -> None:
        self.laid.append(lesson.id)

    def act(self, act: Act) -> None:
        self.acts.append(act)

    @property
    def note(self) -> Callable[[f.Fact], None]:
        return self.noted.append

    def standings(self) -> tuple[Standing, ...]:
        ends = (("2026-11-21T10:00:00Z", x) for x in self.noted if isinstance(x, LessonEnded))
        return standings(ends)

    @property
    def view(self) -> StationView:
        return self.views[-1]

    def key(self, command: str) -> None:
        self.course.handle(ports.CommandGiven(command))


@pytest.fixture
def hall() -> Hall:
    made = Hall()
    made.course.show(QUEUE)
    return made


def main(view: StationView) -> str:
    assert view.adding is not None
    return view.adding.main.key


def test_nobody_is_asked_for_a_badge_first() -> None:
    hall = Hall()
    hall.course.show(StationView(screen=Screen.SIGN_IN))
    assert hall.view.screen is Screen.SIGN_IN
    assert hall.view.training
    scan = ports.CodeScanned("%PB:ly")
    hall.course.handle(scan)
    assert hall.heard == [scan]


def test_the_list_shows_eight_lessons_and_takes_keys(hall: Hall) -> None:
    assert hall.view.screen is Screen.TRAINING
    assert main(hall.view) == "training.choose"
    assert [one.id for one in hall.view.adding.picks] == [one.id for one in LESSONS]  # type: ignore[union-attr]
    hall.key("next-row")
    assert hall.view.selected == 1
    hall.key("previous-row")
    hall.key("previous-row")
    assert hall.view.selected == 7
    hall.course.handle(ports.TextEntered("pin", "1"))
    hall.course.handle(ports.ChoiceMade(99))
    hall.course.handle(ports.CodeScanned("6901234001372"))
    hall.key("undo")
    assert hall.laid == []
    assert hall.heard == []


def test_what_is_the_benchs_goes_to_it_from_the_list_too(hall: Hall) -> None:
    for happening in (ports.Ticked(), ports.CommandGiven("mute"), ports.CodeScanned("%PB:x")):
        hall.course.handle(happening)
    assert len(hall.heard) == 3


@pytest.mark.parametrize(
    "start",
    [
        ports.CommandGiven("accept"),
        ports.ChoiceMade(0),
        ports.CodeScanned("%PS:accept"),
    ],
)
def test_a_lesson_begins_by_key_finger_and_scan(hall: Hall, start: ports.Happening) -> None:
    hall.course.handle(start)
    assert hall.laid == ["scan"]
    assert hall.noted == [LessonBegun(person="ly", lesson="scan")]
    assert hall.view.lesson is not None
    assert hall.view.lesson.hint.key == "training.goal.open"
    assert hall.view.screen is Screen.QUEUE
    hall.course.handle(ports.CodeScanned("PRACTICE-1011"))
    assert hall.heard == [ports.CodeScanned("PRACTICE-1011")]


def test_a_passed_lesson_is_shown_recorded_and_marked(hall: Hall) -> None:
    hall.key("accept")
    hall.clock.advance(125)
    hall.course.told((*DONE, WRONG))
    end = hall.noted[-1]
    assert end == LessonEnded(person="ly", lesson="scan", passed=True, allowed=2, seconds=125)
    assert main(hall.view) == "training.result.passed"
    hall.key("accept")
    assert main(hall.view) == "training.choose"
    assert hall.view.selected == 1
    assert hall.view.adding is not None
    assert isinstance(hall.view.adding.picks[0].detail, Words)
    assert hall.view.adding.picks[0].detail.key == "training.passed"


def test_too_many_mistakes_are_told_in_words(hall: Hall) -> None:
    hall.key("accept")
    hall.course.told((WRONG, WRONG, WRONG, *DONE))
    page = hall.view.adding
    assert page is not None
    assert (page.main.key, page.problem) == ("training.result.failed", Words("training.again"))
    assert page.second == Words("training.result.too_many", (("n", 3), ("allowed", 2)), 3)
    assert (Words("training.slip.item"), "3") in page.facts
    hall.key("back")
    assert main(hall.view) == "training.choose"
    assert hall.left == 0
    assert hall.view.adding is not None
    assert hall.view.adding.picks[0].note == Words("training.not_passed")


def test_end_gives_a_lesson_up_and_names_what_is_missing(hall: Hall) -> None:
    hall.key("accept")
    hall.course.told(DONE[:2])
    hall.key("training")
    assert main(hall.view) == "training.result.failed"
    assert hall.view.adding is not None
    assert hall.view.adding.second == Words("training.goal.undo")
    end = hall.noted[-1]
    assert isinstance(end, LessonEnded)
    assert end.undone == ("undo", "all_in", "close")


def test_a_slip_within_the_mark_is_counted_and_forgiven(hall: Hall) -> None:
    hall.key("accept")
    hall.course.told((WRONG, *DONE))
    assert hall.view.adding is not None
    assert hall.view.adding.second == Words("training.result.slips", (("n", 1),), 1)


def test_troubles_are_the_benchs_to_make(hall: Hall) -> None:
    hall.course.handle(ports.ChoiceMade(5))
    hall.course.told(DONE[1:2])
    assert [act.does for act in hall.acts] == ["cancel"]
    assert hall.view.lesson is not None


def test_facts_outside_a_lesson_mean_nothing(hall: Hall) -> None:
    hall.course.told(DONE)
    assert hall.noted == []
    hall.course._end()
    assert hall.noted == []


def test_escape_leaves_the_room(hall: Hall) -> None:
    hall.key("back")
    assert hall.left == 1


def test_another_person_has_another_list(hall: Hall) -> None:
    for lesson in LESSONS:
        hall.noted.append(LessonEnded(person="ly", lesson=lesson.id, passed=True))
    hall.course.show(QUEUE)
    assert main(hall.view) == "training.done"
    hall.course.show(replace(QUEUE, person=PersonView(name="Chen", badge="ch")))
    assert main(hall.view) == "training.choose"
    hall.course.show(QUEUE)
    assert hall.view.selected == 0


def test_the_pages_show_nothing_of_the_bench() -> None:
    busy = replace(QUEUE, entry=EntryView("pin", Words("entry.pin")), note=Words("queue.why"))
    view = course_pages.lessons(busy, (), 0)
    assert (view.entry, view.note, view.queue) == (None, None, None)


def test_when_all_is_done_the_bar_says_so() -> None:
    from packstation.domain.training import begin, take

    lesson = lesson_of("scan")
    assert lesson is not None
    attempt = begin(lesson)[0]
    for fact in DONE:
        attempt = take(attempt, fact)[0]
    assert course_pages.lesson(attempt).hint == Words("training.over")
