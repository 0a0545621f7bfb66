"""When the syncer sends what: the numbers of reference/sync.md section 1.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.station.sync import (
    LARGEST_BATCH,
    Cursor,
    Line,
    Waiting,
    backoff_s,
    between,
    cut,
    flush_at,
    is_lost,
    is_urgent,
)
from tests.fake_storage import FakeClock, FakeEventStore, FakeIds
from tests.storage.samples import draft, verified


@pytest.mark.parametrize(
    ("kinds", "urgent"),
    [
        (["ItemVerified"], False),
        ([], False),
        (["ItemVerified", "SessionCompleted"], True),
        (["SessionHeld"], True),
        (["LabelRequested"], True),
        (["LabelIssued"], True),
        (["SessionOpened"], False),
    ],
)
def test_labels_holds_and_completions_go_at_once(kinds: list[str], urgent: bool) -> None:
    assert is_urgent(kinds) == urgent


@pytest.mark.parametrize(
    ("waiting", "at"),
    [
        (Waiting(), None),
        (Waiting(events=1, size=500, since=10.0), 12.0),
        (Waiting(events=1, size=500, since=10.0, urgent=True), 10.0),
        (Waiting(events=200, size=500, since=10.0), 10.0),
        (Waiting(events=199, size=500, since=10.0), 12.0),
        (Waiting(events=2, size=256 * 1024, since=10.0), 10.0),
        (Waiting(events=2, size=256 * 1024 - 1, since=10.0), 12.0),
    ],
)
def test_others_wait_two_seconds_for_company(waiting: Waiting, at: float | None) -> None:
    assert flush_at(waiting) == at


@given(failures=st.integers(0, 10_000), chance=st.floats(0, 1, exclude_max=True))
def test_pauses_are_full_jitter_under_a_cap(failures: int, chance: float) -> None:
    pause = backoff_s(failures, chance)
    assert 0 <= pause <= 60
    assert pause <= 0.5 * 2 ** min(failures, 20)


@pytest.mark.parametrize(("asked", "pause"), [(7.0, 7.0), (0.0, 0.0), (-3.0, 0.0), (1e9, 3600.0)])
def test_a_server_that_says_how_long_is_believed(asked: float, pause: float) -> None:
    assert backoff_s(3, 0.9, asked) == pause


@given(chance=st.floats(0, 1, exclude_max=True))
def test_probes_come_between_their_bounds(chance: float) -> None:
    assert 5 <= between((5, 15), chance) <= 15


def test_three_failures_are_offline() -> None:
    line = Line().succeeded()
    assert line.online
    line = line.failed(0.0).failed(1.0)
    assert line.online
    assert not line.failed(1.1).online


def test_five_seconds_of_failure_are_offline() -> None:
    line = Line().succeeded().failed(100.0)
    assert line.failed(104.9).online
    assert not line.failed(105.0).online


def test_a_success_forgets_the_failures() -> None:
    line = Line().succeeded().failed(0.0).failed(1.0).succeeded()
    assert line.failures == 0
    assert line.failed(50.0).online


def test_after_an_outage_batches_grow_from_fifty() -> None:
    line, sizes = Line().failed(0.0), []
    for _ in range(7):
        sizes.append(line.batch)
        line = line.succeeded()
    assert sizes == [50, 100, 200, 400, 800, 1000, 1000]
    assert line.batch == LARGEST_BATCH
    assert line.failed(0.0).batch == 50


def test_a_busy_server_is_no_outage() -> None:
    line = Line().succeeded().succeeded()
    for _ in range(9):
        line = line.held_up()
    assert (line.online, line.failures, line.batch) == (True, 9, 50)


@pytest.mark.parametrize(("count", "batch"), [(1000, 500), (3, 1), (1, 1), (0, 1)])
def test_a_batch_that_is_too_large_is_halved(count: int, batch: int) -> None:
    assert Line(batch=1000).halved(count).batch == batch


@pytest.mark.parametrize(("hw", "sent"), [(41, 41), (0, 0), (None, 0), (-5, 0), (80, 80), (99, 80)])
def test_a_gap_moves_the_cursor_back_only(hw: int | None, sent: int) -> None:
    assert Cursor(80, 3).rewound(hw) == Cursor(sent, 3)


def test_a_server_that_knows_more_than_the_journal() -> None:
    assert is_lost(11, 10)
    assert not is_lost(10, 10)


@given(sizes=st.lists(st.integers(0, 50), max_size=30), limit=st.integers(0, 200))
def test_a_cut_is_the_longest_start_within_the_limit(sizes: list[int], limit: int) -> None:
    store = FakeEventStore("B", FakeClock(), FakeIds())
    events = [record.event for record in store.append([draft(verified())] * len(sizes))]
    taken = len(cut(events, sizes, limit))
    assert list(cut(events, sizes, limit)) == events[:taken]
    assert taken >= min(1, len(sizes))
    assert taken <= 1 or sum(sizes[:taken]) <= limit
    assert taken == len(sizes) or sum(sizes[: taken + 1]) > limit
