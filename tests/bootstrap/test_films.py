"""Films of a simulated camera, by a real recorder, onto the bench's disk; killed, started again."""

from __future__ import annotations

import hashlib
import os
import queue
import shutil
import signal
import time
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from packstation.bootstrap.films import FILMING, BenchFilmer
from packstation.bootstrap.photos import BenchShelf
from packstation.devices.bench import DeviceConfig, open_devices
from packstation.devices.film.worker import FilmTiming
from packstation.devices.opened import OpenBench
from packstation.devices.sim.camera import CameraSim
from packstation.domain.evidence import VideoRule
from packstation.station.filming import FilmMade, FilmStood, Reel
from packstation.station.ports import DeviceHealth, DeviceState, Happening
from packstation.storage.evidence_files import SPARE
from tests.devices.film.rig import shown

RULE = VideoRule(fps=15, kbit=400, before_s=1)
TIMING = FilmTiming(first_pause_s=0.05, join_s=20)
Told = queue.Queue[Happening]


def reel(token: str) -> Reel:
    return Reel(token, "s", "parcel", "O-1", "camera", "LX123456785CN", 30)


def made(told: Told) -> FilmMade:
    until = time.monotonic() + 40
    while True:
        one = told.get(timeout=max(0.1, until - time.monotonic()))
        if isinstance(one, FilmMade):
            return one


def stood(told: Told, cause: str = "") -> None:
    until = time.monotonic() + 40
    while told.get(timeout=max(0.1, until - time.monotonic())) != FilmStood(cause):
        pass


@pytest.fixture
def told() -> Told:
    return queue.Queue()


@pytest.fixture
def bench(told: Told) -> Iterator[OpenBench]:
    sim = CameraSim(size=(640, 360), fps=20)
    rows = (DeviceConfig("camera", "mjpeg", sim.address, settings={"use": "look"}),)
    opened = open_devices(rows, told.put)
    while True:
        one = told.get(timeout=20)
        if isinstance(one, DeviceHealth) and one.state is DeviceState.OK:
            break
    yield opened
    opened.close()
    sim.close()


def grown(folder: Path, name: str) -> None:
    path, until = folder / name, time.monotonic() + 40
    while not (path.exists() and b"mdat" in path.read_bytes()):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_film_lies_under_its_hash_even_after_a_kill(
    tmp_path: Path, told: Told, bench: OpenBench
) -> None:
    filmer = BenchFilmer(BenchShelf(tmp_path), bench.cameras, RULE, told.put, TIMING)
    assert filmer.cameras() == ("camera",)
    filmer.switch(on=True)
    folder = tmp_path / "evidence" / FILMING
    try:
        stood(told)
        filmer.begin(reel("one"))
        filmer.words(reel("one"))
        grown(folder, "one-0.mp4")
        assert filmer.worker is not None
        os.kill(filmer.worker.process_id, signal.SIGKILL)
        assert made(told) == FilmMade(reel("one"), cause="video.died")
        first = made(told)
        grown(folder, "one-1.mp4")
        filmer.look()
        filmer.end(reel("one"))
        second = made(told)
    finally:
        filmer.close()
    for one in (first, second):
        assert one.take is not None
        path = tmp_path / "evidence" / "waiting" / f"{one.take.sha256}.30.mp4"
        assert hashlib.sha256(path.read_bytes()).hexdigest() == one.take.sha256
        assert len(shown(path).pictures) == one.take.frames
    assert not list(folder.glob("*.mp4"))


def test_what_an_end_of_the_program_left_is_saved_at_the_next_start(
    tmp_path: Path, told: Told, bench: OpenBench
) -> None:
    shelf = BenchShelf(tmp_path)
    filmer = BenchFilmer(shelf, bench.cameras, RULE, told.put, TIMING)
    filmer.switch(on=True)
    stood(told)
    filmer.begin(reel("one"))
    folder = tmp_path / "evidence" / FILMING
    grown(folder, "one-0.mp4")
    filmer.close()
    # As if the bench had died before it took the film in.
    done = made(told)
    assert done.take is not None
    with shelf.files() as files:
        path = files.path(done.take.sha256)
    assert path is not None
    path.replace(folder / "one-0.mp4")
    (folder / "gone.json").write_bytes(b"{}")
    again = BenchFilmer(shelf, bench.cameras, RULE, told.put, TIMING)
    again.switch(on=True)
    try:
        saved = made(told)
    finally:
        again.close()
    assert saved.reel == reel("one")
    assert saved.take is not None
    assert (saved.take.sha256, saved.take.frames) == (done.take.sha256, done.take.frames)
    assert not (folder / "gone.json").exists()


def test_a_film_whose_fact_was_never_written_is_told_again(
    tmp_path: Path, told: Told, bench: OpenBench
) -> None:
    filmer = BenchFilmer(BenchShelf(tmp_path), bench.cameras, RULE, told.put, TIMING)
    filmer.switch(on=True)
    stood(told)
    filmer.begin(reel("one"))
    folder = tmp_path / "evidence" / FILMING
    grown(folder, "one-0.mp4")
    # The program ends: nobody writes down what it says last.
    filmer.close()
    done = made(told)
    (folder / "torn.made").write_bytes(b"{")
    later: Told = queue.Queue()
    again = BenchFilmer(BenchShelf(tmp_path), {}, RULE, later.put, TIMING)
    again.switch(on=False)
    assert later.get_nowait() == replace(done, again=True)
    again.switch(on=False)
    assert later.empty()
    again.recorded(done)
    BenchFilmer(BenchShelf(tmp_path), {}, RULE, later.put, TIMING).switch(on=False)
    assert later.empty()


def test_a_film_that_the_shelf_refused_is_not_told_as_kept(
    tmp_path: Path, told: Told, bench: OpenBench
) -> None:
    filmer = BenchFilmer(BenchShelf(tmp_path), bench.cameras, RULE, told.put, TIMING)
    filmer.switch(on=True)
    stood(told)
    filmer.begin(reel("one"))
    folder = tmp_path / "evidence" / FILMING
    grown(folder, "one-0.mp4")
    (tmp_path / "evidence" / "waiting").write_text("in the way")
    filmer.close()
    assert made(told).cause == "video.disk"
    assert (folder / "one-0.mp4").exists()
    assert not list(folder.glob("*.made"))


def test_off_and_on_again_leaves_a_film_to_whoever_writes_it(
    tmp_path: Path, told: Told, bench: OpenBench
) -> None:
    filmer = BenchFilmer(BenchShelf(tmp_path), bench.cameras, RULE, told.put, TIMING)
    filmer.switch(on=True)
    folder = tmp_path / "evidence" / FILMING
    try:
        stood(told)
        filmer.begin(reel("one"))
        grown(folder, "one-0.mp4")
        filmer.end(reel("one"))
        filmer.switch(on=False)
        filmer.switch(on=True)
        filmer.begin(reel("two"))
        films = [made(told)]
        grown(folder, "two-0.mp4")
        filmer.end(reel("two"))
        while films[-1].reel != reel("two"):
            films.append(made(told))
    finally:
        filmer.close()
    assert [(one.reel.token, one.cause) for one in films] == [("one", ""), ("two", "")]


def test_a_bench_without_an_encoder_or_a_disk_says_so(
    tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = VideoRule(library="/nowhere/lib.so")
    filmer = BenchFilmer(BenchShelf(tmp_path), {}, rule, told.put, TIMING)
    filmer.begin(reel("early"))
    filmer.words(reel("early"))
    filmer.end(reel("early"))
    filmer.look()
    filmer.switch(on=True)
    try:
        stood(told, "video.no_encoder")
        filmer.begin(reel("one"))
        assert made(told).cause == "video.no_encoder"
        filmer.end(reel("one"))
        (tmp_path / "evidence" / FILMING / "two.json").mkdir()
        filmer.begin(reel("two"))
        assert made(told).cause == "video.disk"
        usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil's
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, SPARE - 1))
        filmer.begin(reel("three"))
        assert made(told).cause == "video.disk"
        assert not (tmp_path / "evidence" / FILMING / "three.json").exists()
    finally:
        filmer.switch(on=False)
        filmer.close()
