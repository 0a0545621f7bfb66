"""The course: a list of lessons, the lesson on the training bench, and how it went.

It stands between the window and a station of its own that packs on simulated devices. It shows what
that station shows, with the lesson on it, and never decides anything for it: verification is the
station's, as on every day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.packing.facts import Fact
from packstation.domain.packing.training_facts import LessonBegun
from packstation.domain.training import LESSONS, Act, Attempt, Lesson, Standing, begin, ended, take
from packstation.station import course_pages as pages
from packstation.station import ports as p
from packstation.station.views import Screen, StationView

_NS = 1_000_000_000
_MOVES = {"next-row": 1, "previous-row": -1}


class LessonBench(Protocol):
    """The training bench: a station and its simulated devices."""

    def handle(self, happening: p.Happening) -> None:
        """What happens there."""

    def lay_out(self, lesson: Lesson) -> None:
        """Clear the bench and bring the lesson's orders; whatever was open is forgotten."""

    def act(self, act: Act) -> None:
        """Let a trouble come."""


class Learning(Protocol):
    """The record of who passed what; the bench's own journal keeps it."""

    @property
    def note(self) -> Callable[[Fact], None]:
        """Keeps a fact."""

    def standings(self) -> Sequence[Standing]:
        """Everybody's."""


class Windows(Struct, frozen=True):
    """Where the course shows itself, and what ends it."""

    publish: Callable[[StationView], None]
    leave: Callable[[], None]


class Course:
    """One person after the other at one training bench."""

    def __init__(
        self, bench: LessonBench, learning: Learning, clock: p.Clock, windows: Windows
    ) -> None:
        self._bench, self._learning, self._clock, self._windows = bench, learning, clock, windows
        self._view = StationView(screen=Screen.SIGN_IN)
        self._attempt: Attempt | None = None
        self._last: Attempt | None = None
        self._selected = 0
        self._begun_ns = 0
        self._person = ""

    # --- what happens ---------------------------------------------------------------------

    def handle(self, happening: p.Happening) -> None:
        """A lesson's inputs go to its bench; the pages are the course's own."""
        if self._busy and not _gives_up(happening):
            self._bench.handle(happening)
        elif self._busy:
            self._end()
        elif not self._asked(happening):
            self._bench.handle(happening)
        else:
            self._show()

    @property
    def _busy(self) -> bool:
        """Whether what is done now is the training bench's."""
        return self._attempt is not None or self._nobody

    @property
    def _nobody(self) -> bool:
        return self._view.screen is Screen.SIGN_IN

    def _asked(self, happening: p.Happening) -> bool:
        """What a page of the course makes of it; False for what the bench should hear."""
        match happening:
            case p.ChoiceMade():
                self._start(happening.index)
            case p.CommandGiven(command="accept"):
                self._accept()
            case p.CommandGiven(command="back" | "training"):
                self._back()
            case p.CommandGiven(command=command) if command in _MOVES:
                self._selected = (self._selected + _MOVES[command]) % len(LESSONS)
            case p.CommandGiven():
                return happening.command not in {"mute", "person"}
            case p.CodeScanned():
                return self._scanned(happening.text.strip().upper())
            case p.TextEntered() | p.AnswerGiven():
                pass
            case _:
                return False
        return True

    def _scanned(self, text: str) -> bool:
        """A badge is the bench's; nothing else is packed while no lesson is on."""
        if text == "%PS:ACCEPT":
            self._accept()
        return not text.startswith("%PB:")

    def _accept(self) -> None:
        if self._last is not None:
            self._forget_last()
        else:
            self._start(self._selected)

    def _back(self) -> None:
        if self._last is not None:
            self._forget_last()
        else:
            self._windows.leave()

    def _forget_last(self) -> None:
        """From the result to the list, where the next lesson is chosen."""
        self._last, self._selected = None, self._next()

    def _next(self) -> int:
        """The first lesson that the person has not passed; after the last the first."""
        passed = {s.lesson for s in self._own() if s.passed}
        waiting = [n for n, lesson in enumerate(LESSONS) if lesson.id not in passed]
        return waiting[0] if waiting else 0

    def _own(self) -> tuple[Standing, ...]:
        return tuple(s for s in self._learning.standings() if s.person == self._person)

    # --- a lesson -------------------------------------------------------------------------

    def _start(self, index: int) -> None:
        if not 0 <= index < len(LESSONS):
            return
        lesson = LESSONS[index]
        self._last, self._selected = None, index
        self._begun_ns = self._clock.mono_ns()
        self._learning.note(
            LessonBegun(person=self._person, lesson=lesson.id, edition=lesson.edition)
        )
        self._bench.lay_out(lesson)
        self._attempt, acts = begin(lesson)
        self._come(acts)

    def _come(self, acts: tuple[Act, ...]) -> None:
        for act in acts:
            self._bench.act(act)

    def told(self, facts: tuple[Fact, ...]) -> None:
        """Facts of the training bench's journal: what was done, and what comes of it."""
        for fact in facts:
            if self._attempt is None:
                return
            self._attempt, acts = take(self._attempt, fact)
            self._come(acts)
            if self._attempt.over:
                self._end()

    def _end(self) -> None:
        attempt, self._attempt = self._attempt, None
        if attempt is None:
            return
        seconds = (self._clock.mono_ns() - self._begun_ns) // _NS
        self._learning.note(ended(attempt, self._person, seconds))
        self._last = attempt
        self._show()

    # --- what is shown --------------------------------------------------------------------

    def show(self, view: StationView) -> None:
        """The training bench's own view came."""
        self._view = view
        if not self._nobody and view.person.badge != self._person:
            self._person = view.person.badge
            self._last, self._selected = None, self._next()
        self._show()

    def _show(self) -> None:
        view = replace(self._view, training=True)
        if self._nobody:
            self._windows.publish(view)
        elif self._attempt is not None:
            self._windows.publish(replace(view, lesson=pages.lesson(self._attempt)))
        elif self._last is not None:
            self._windows.publish(pages.result(view, self._last))
        else:
            self._windows.publish(pages.lessons(view, self._own(), self._selected))


def _gives_up(happening: p.Happening) -> bool:
    """End in a lesson: back to the list, and the lesson is not passed."""
    return isinstance(happening, p.CommandGiven) and happening.command == "training"
