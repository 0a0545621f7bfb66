"""No cut of power takes what the station was promised; the proof itself can see a loss."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from packstation.benchmarks import powercut
from packstation.fleet.powercut.disk import CUTS, Disk
from packstation.fleet.powercut.judge import Run, around_checkpoint, judged, recorded, reopened
from packstation.fleet.powercut.recorder import Op
from packstation.fleet.powercut.work import AGAIN, opened

SEEDS = (11,)


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder without a disk below it: thousands of files are synced in it."""
    folder = Path("/dev/shm")
    made = Path(tempfile.mkdtemp(prefix="cuts-", dir=folder if folder.is_dir() else None))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_no_cut_after_any_call_loses_a_promise(memory: Path) -> None:
    for seed in SEEDS:
        told: list[str] = []
        run = recorded(memory / "bench", seed, 5)
        tally = judged(run, memory / "cut", seed, told.append)
        assert told == []
        assert tally.states == len(run.ops) * len(CUTS)
        assert tally.promises == 6
        assert {op.what for op in run.ops} >= {"write", "sync"}


def test_a_log_that_goes_into_the_database_by_itself_is_cut_too(memory: Path) -> None:
    run = recorded(memory / "bench", 8, powercut.LONG_STEPS, goods=powercut.LONG_GOODS)
    calls = around_checkpoint(run)
    assert len(calls) == 300
    tally = judged(run, memory / "cut", 8, only=calls[55:70])
    assert (tally.states, tally.lost, tally.corrupt) == (60, 0, 0)


def test_without_syncs_the_same_proof_sees_losses(memory: Path) -> None:
    for mode in ("NORMAL", "OFF"):
        run = recorded(memory / "bench", 11, 6, synchronous=mode)
        first, last = run.promises[3].after, run.promises[5].after
        assert judged(run, memory / "cut", 11, only=range(first, last)).lost > 0, mode


def test_a_file_that_does_not_open_or_is_another_counts_as_corrupt(memory: Path) -> None:
    run = recorded(memory / "bench", 11, 4)
    calls = range(len(run.ops), len(run.ops) + 1)
    foreign = recorded(memory / "bench", 12, 4)
    assert judged(Run(run.ops, foreign.promises), memory / "cut", 1, only=calls).corrupt == 4
    torn = [op if op.what != "write" else Op("write", op.file, op.at, b"x") for op in run.ops]
    assert judged(Run(torn, run.promises), memory / "cut", 1, only=calls).corrupt == 4


def test_what_is_left_is_opened_as_a_bench_opens_it(memory: Path) -> None:
    found = reopened({}, memory / "cut")
    assert not isinstance(found, str)
    assert found.epoch.startswith(AGAIN)
    with opened(memory / "cut") as store:
        assert store.events.head().epoch == found.epoch


def test_only_what_was_synced_is_sure_to_be_there() -> None:
    disk, random = Disk(), Random(1)
    for op in (
        Op("open", "a"),
        Op("write", "a", 0, b"1" * 1024),
        Op("sync", "a"),
        Op("write", "a", 512, b"2" * 1024),
        Op("truncate", "a", 1000),
        Op("open", "b"),
        Op("write", "b", 4, b"3"),
    ):
        disk.take(op)
    assert disk.files(disk.image("none", random)) == {"a": b"1" * 1024}
    whole = disk.files(disk.image("all", random))
    assert whole == {"a": b"1" * 512 + b"2" * 488, "b": b"\0\0\0\0" + b"3"}
    torn = {bytes(disk.files(disk.image("torn", random))["a"][512:]) for _ in range(40)}
    new, old = b"2" * 512, b"1" * 512
    assert torn == {old, new, new + new, old + new}
    some = {tuple(sorted(disk.files(disk.image("some", random)))) for _ in range(40)}
    assert some == {("a",), ("a", "b")}


def test_a_deleted_file_is_gone_when_its_folder_was_synced() -> None:
    random = Random(1)
    for last, gone in ((Op("sync", "b-wal"), True), (Op("sync", "c"), False)):
        disk = Disk()
        for op in (
            *(Op("open", "a"), Op("write", "a", 0, b"1"), Op("sync", "a"), Op("delete", "a")),
            *(Op("open", "b-wal"), Op("open", "c")),
        ):
            disk.take(op)
        disk.take(last)
        assert ("a" not in disk.files(disk.image("none", random))) is gone
    disk.take(Op("delete", "a", 1))
    assert "a" not in disk.files(disk.image("none", random))


def test_the_command_shows_states_and_controls() -> None:
    rows = powercut.measure(quick=True)
    assert [row.missed for row in rows] == [(), (), ()]
    assert rows[0].figures["states"] > 0
    assert rows[0].figures["lost"] == rows[0].figures["corrupt"] == 0
    assert min(row.figures["lost"] for row in rows[1:]) > 0
