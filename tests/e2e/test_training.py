"""A learner made of code passes all eight lessons; one that makes mistakes does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from packstation.bootstrap.late import LateDocuments
from packstation.domain.labels import ParcelPapers, PrintJob
from packstation.domain.packing.training_facts import LessonBegun, LessonEnded
from packstation.domain.printers import Stock
from packstation.domain.training import LESSONS
from packstation.station.views import Screen
from packstation.ui.app import spin
from tests.e2e.classroom import Classroom, Learner

BADGE = "ly-0107"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    made = Classroom(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("number", range(1, len(LESSONS) + 1))
def test_a_learner_who_obeys_passes_without_a_mistake(room: Classroom, number: int) -> None:
    room.sign_in(BADGE)
    view = Learner(room).take(number)
    assert view.adding is not None
    assert view.adding.main.key == "training.result.passed", (view.adding, room.ends())
    (end,) = room.ends()
    assert (end.lesson, end.person) == (LESSONS[number - 1].id, BADGE)
    assert end.passed
    assert end.mistakes == ()
    room.key("accept")
    assert room.view.screen is Screen.TRAINING
    assert room.view.adding is not None
    assert room.view.adding.picks[number - 1].icon == "check"


def test_three_wrong_scans_fail_the_lesson_and_say_so(room: Classroom) -> None:
    room.sign_in(BADGE)
    room.begin(1)
    learner = Learner(room)
    room.scan(room.training.bench.orders[0].order_id)
    for _ in range(3):
        room.scan_sku("PN-GEL-BLK")
        room.key("accept")
    for _ in range(60):
        if room.view.screen is Screen.TRAINING:
            break
        learner.step(room.view)
    page = room.view.adding
    assert page is not None
    assert page.main.key == "training.result.failed"
    assert page.second is not None
    assert page.second.key == "training.result.too_many"
    (end,) = room.ends()
    assert (end.passed, end.mistakes, end.undone) == (False, (("item", 3),), ())
    bar = room.window.frame.training
    painted = spin(room.app, lambda: any("nothing ships" in said.text for said in bar.placed), 5.0)
    assert painted, [said.text for said in bar.placed]


def test_nothing_of_a_lesson_is_work_and_its_label_says_so(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[bool] = []
    make = LateDocuments.make

    def seen(
        self: LateDocuments,
        document: str,
        parcel: ParcelPapers,
        stock: Stock,
        consignment: Sequence[ParcelPapers] = (),
    ) -> PrintJob:
        drawn.append(parcel.training)
        return make(self, document, parcel, stock, consignment)

    monkeypatch.setattr(LateDocuments, "make", seen)
    room.sign_in(BADGE)
    Learner(room).take(2)
    head = room.store.events.head()
    kinds = {LessonBegun.__name__, LessonEnded.__name__}
    assert len(room.store.events.bench_events(kinds)) == head.seq
    assert room.store.events.open_sessions() == ()
    assert drawn
    assert all(drawn)
    assert all(order.order_id.startswith("PRACTICE-") for order in room.training.bench.orders)


def test_end_gives_up_and_escape_leaves(room: Classroom) -> None:
    room.sign_in(BADGE)
    room.begin(7)
    room.key("training")
    assert room.ends()[0].undone[0] == "scale_lost"
    room.key("back")
    room.key("back")
    room.rest(0.1)
    assert room.left
