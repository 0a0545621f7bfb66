"""The small parts of the composition root."""

from __future__ import annotations

import gc
import itertools
import sys
import threading
from datetime import UTC
from pathlib import Path
from queue import Queue

import pytest
from argon2 import PasswordHasher

from packstation.assets import resource
from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.bootstrap.command import station_id
from packstation.bootstrap.interpreter import TURN_S, rest, resume, settle, short_turns
from packstation.bootstrap.late import Late, LateDocuments, LateRater
from packstation.bootstrap.offline import NoLabels, NoSync
from packstation.bootstrap.pins import check_pin
from packstation.bootstrap.services import load_services
from packstation.bootstrap.station import _warm
from packstation.bootstrap.work import Pool, Ticker
from packstation.demo import samples
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused, SettingsError
from packstation.station.ports import Happening, SyncChanged, Ticked, WorkFailed


def test_the_clock_is_utc_and_never_goes_back() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.mono_ns() <= clock.mono_ns()


def test_ids_sort_by_time() -> None:
    ids = Uuid7Ids()
    made = [ids.new() for _ in range(50)]
    assert made == sorted(made)
    assert {text[14] for text in made} == {"7"}


def test_work_runs_elsewhere_and_its_result_is_posted() -> None:
    done: Queue[Happening] = Queue()
    pool = Pool(done.put)
    here = threading.get_ident()
    pool.run(lambda: SyncChanged(online=True, waiting=int(threading.get_ident() != here)))
    assert done.get(timeout=5) == SyncChanged(online=True, waiting=1)
    pool.run(lambda: 1 / 0)  # type: ignore[arg-type,return-value]
    assert done.get(timeout=5) == WorkFailed("ZeroDivisionError")
    pool.close()


def test_the_beat_goes_on_until_it_is_closed() -> None:
    beats: Queue[Happening] = Queue()
    ticker = Ticker(beats.put, every_s=0.01)
    assert [beats.get(timeout=5), beats.get(timeout=5)] == [Ticked(), Ticked()]
    ticker.close()
    assert "ticker" not in {thread.name for thread in threading.enumerate()}


def test_a_late_thing_is_made_once() -> None:
    numbers = itertools.count(1)
    late = Late(lambda: next(numbers))
    assert (late.get(), late.get()) == (1, 1)


def test_the_rater_and_the_documents_come_with_their_first_use() -> None:
    order = samples.orders(samples.WRITTEN)[1]
    products = {product.sku: product for product in samples.products()}
    rater = LateRater(resource("tariffs"), lambda: "2026-11-21")
    rater.warm()
    quotes, refusals = rater.quote(order, products, 400, (220, 160, 100))
    assert [quote.service for quote in quotes] == ["e-packet"]
    assert refusals == ()
    LateDocuments().warm()


def test_services_are_rows_and_a_bad_file_is_named(tmp_path: Path) -> None:
    (row,) = load_services(resource("services"))
    assert (row.carrier, row.numbers, row.documents) == ("chinapost", "pool", ("label",))
    (tmp_path / "bad.json").write_text('{"schema":"packstation.services/1","services":[{}]}')
    with pytest.raises(SettingsError) as caught:
        load_services(tmp_path)
    assert caught.value.fields["name"] == "bad.json"


def test_a_pin_is_right_wrong_or_no_hash_at_all() -> None:
    known = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("1111")
    assert check_pin(known, "1111")
    assert not check_pin(known, "1112")
    assert not check_pin("nonsense", "1111")


def test_a_bench_by_itself_buys_nothing_and_sends_nothing() -> None:
    sync, labels = NoSync(), NoLabels()
    sync.wake(urgent=True)
    sync.want_numbers("c", "s", 5)
    sync.report({})
    sync.close()
    with pytest.raises(LabelRefused):
        labels.issue("k/1", {"parcel": "k"})
    for ask in (labels.find, labels.void):
        with pytest.raises(LabelOutcomeUnknown):
            ask("k/1")


def test_the_bench_keeps_its_id(tmp_path: Path) -> None:
    assert station_id(tmp_path) == station_id(tmp_path)


def test_a_log_without_room_is_said_and_keeps_nothing_from_coming_in(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    documents, rater = LateDocuments(), LateRater(resource("tariffs"), lambda: "2026-11-21")
    _warm(tmp_path / "gone" / "station.sqlite3", documents, rater)
    for thread in threading.enumerate():
        if thread.name == "warm-up":
            thread.join()
    assert "not warmed up: log's room" in caplog.text
    assert rater._late._made is not None
    assert documents._late._made is not None


def test_what_cannot_be_warmed_up_keeps_nothing_else_from_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents, rater = LateDocuments(), LateRater(resource("tariffs"), lambda: "2026-11-21")

    def broken() -> None:
        raise ValueError("a tariff")

    monkeypatch.setattr(rater, "warm", broken)
    gc.set_threshold(700, 10, 1_000_000)
    _warm(tmp_path / "gone" / "station.sqlite3", documents, rater)
    for thread in threading.enumerate():
        if thread.name == "warm-up":
            thread.join()
    assert "not warmed up: tariffs" in caplog.text
    assert documents._late._made is not None
    assert gc.get_threshold()[2] == 10
    gc.unfreeze()


def test_the_collector_rests_until_the_start_is_over_and_forgets_what_is_there() -> None:
    before = gc.get_freeze_count()
    try:
        rest()
        assert not gc.isenabled()
        resume()
        assert gc.isenabled()
        assert gc.get_freeze_count() > before
        assert gc.get_threshold()[2] > 1000  # no full collection while imports come in
        later = [[] for _ in range(100)]  # type: ignore[var-annotated]
        frozen = gc.get_freeze_count()
        settle()
        assert gc.get_freeze_count() >= frozen + len(later)
        assert gc.get_threshold()[2] == 10
    finally:
        gc.enable()
        gc.unfreeze()


def test_threads_take_short_turns() -> None:
    before = sys.getswitchinterval()
    try:
        sys.setswitchinterval(0.005)
        short_turns()
        assert sys.getswitchinterval() == pytest.approx(TURN_S)
    finally:
        sys.setswitchinterval(before)
