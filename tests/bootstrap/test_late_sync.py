"""The syncer comes up after the first paint, and nothing asked before is lost."""

from __future__ import annotations

import threading

import pytest

from packstation.bootstrap.offline import NoLabels
from packstation.bootstrap.server import LateLabels, LateSync
from packstation.domain.errors import LabelRefused
from tests.station.desk import FakeSync


class Slow:
    """A syncer that is made when the test says so."""

    def __init__(self) -> None:
        self.sync = FakeSync()
        self.go, self.made = threading.Event(), threading.Event()

    def make(self) -> FakeSync:
        self.go.wait(5)
        self.made.set()
        return self.sync


def test_what_is_asked_before_it_is_up_is_asked_then() -> None:
    slow = Slow()
    late = LateSync(slow.make)
    late.want_numbers("c", "s", 5)
    late.report({"step": "idle"})
    late.begin()
    late.wake(urgent=True)
    slow.go.set()
    late.join(5)
    late.wake()
    assert slow.sync.wanted == [("c", "s", 5)]
    assert slow.sync.statuses == [{"step": "idle"}]
    assert slow.sync.wakes == [True, False]
    late.close()
    assert slow.sync.closed


def test_a_bench_closed_before_it_is_up_leaves_nothing_running() -> None:
    slow = Slow()
    late = LateSync(slow.make)
    late.begin()
    late.close()
    slow.go.set()
    late.join(5)
    assert slow.sync.closed


def test_a_bench_closed_before_it_began_closes_nothing() -> None:
    slow = Slow()
    LateSync(slow.make).close()
    assert not slow.made.is_set()


def test_labels_are_asked_of_what_the_first_ask_makes() -> None:
    late = LateLabels(NoLabels)
    late.close()
    with pytest.raises(LabelRefused):
        late.issue("k/1", {})
    late.close()
