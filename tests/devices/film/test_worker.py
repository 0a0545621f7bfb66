"""The recorder from outside: killed, stopped, away; the bench's thread never waits for it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.devices.film.wire import Film, Terms
from packstation.devices.film.worker import FilmTiming, FilmWorker, recorder_command
from tests.devices.film.rig import Ear, Scene, shown

TERMS = Terms(fps=20, kbit=400, before_s=1)
TIMING = FilmTiming(first_pause_s=0.05, stuck_s=0.5, join_s=20)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def worker(scene: Scene, ear: Ear) -> Iterator[FilmWorker]:
    made = FilmWorker(scene, ear, TERMS, TIMING)
    made.start()
    yield made
    made.close()


def grown(path: Path) -> None:
    """Wait until the film has a fragment."""
    tick = threading.Event()
    for _ in range(600):
        if path.exists() and b"mdat" in path.read_bytes():
            return
        tick.wait(0.05)
    raise AssertionError(path)


def test_a_film_from_begin_to_end(tmp_path: Path, worker: FilmWorker, ear: Ear) -> None:
    ear.next("ready")
    film = Film("one", str(tmp_path / "one"), "ORDER-1")
    worker.begin(film)
    grown(tmp_path / "one-0.mp4")
    worker.end(film)
    kept = ear.next("kept")
    assert (kept.token, kept.path) == ("one", str(tmp_path / "one-0.mp4"))
    assert len(shown(Path(kept.path)).pictures) == kept.frames
    assert abs(kept.begun_ms / 1000 - time.time()) < 60
    assert worker.cause == ""


def test_a_killed_recorder_is_named_saved_and_started_again(
    tmp_path: Path, worker: FilmWorker, ear: Ear
) -> None:
    ear.next("ready")
    film = Film("one", str(tmp_path / "one"), "ORDER-1")
    worker.begin(film)
    grown(tmp_path / "one-0.mp4")
    os.kill(worker.process_id, signal.SIGKILL)
    missed = ear.next("missed")
    assert (missed.token, missed.cause) == ("one", "video.died")
    saved = ear.next("kept")
    assert saved.path.endswith("one-0.mp4")
    grown(tmp_path / "one-1.mp4")
    worker.end(film)
    rest = ear.next("kept")
    assert (rest.token, Path(rest.path).name) == ("one", "one-1.mp4")
    for kept in (saved, rest):
        assert len(shown(Path(kept.path)).pictures) == kept.frames


def test_a_recorder_that_hangs_is_ended_and_nobody_waited(
    tmp_path: Path, worker: FilmWorker, ear: Ear
) -> None:
    ear.next("ready")
    first = worker.process_id
    worker.begin(Film("one", str(tmp_path / "one")))
    grown(tmp_path / "one-0.mp4")
    os.kill(first, signal.SIGSTOP)
    tick, longest = threading.Event(), 0.0
    for _ in range(600):
        begun = time.perf_counter()
        worker.words(Film("one", words="LX1"))
        worker.look()
        longest = max(longest, time.perf_counter() - begun)
        if worker.process_id not in {0, first}:
            break
        tick.wait(0.05)
    assert ear.next("missed").cause == "video.stuck"
    ear.next("ready")
    assert longest < 0.05


def test_a_camera_that_is_away_makes_no_film(
    tmp_path: Path, scene: Scene, worker: FilmWorker, ear: Ear
) -> None:
    ear.next("ready")
    scene.away = True
    film = Film("one", str(tmp_path / "one"))
    worker.begin(film)
    worker.end(film)
    assert ear.next("missed").cause == "video.no_picture"


def test_without_an_encoder_each_film_says_so(tmp_path: Path, scene: Scene, ear: Ear) -> None:
    worker = FilmWorker(scene, ear, Terms(library="/nowhere/lib.so"), TIMING)
    worker.start()
    try:
        assert ear.next("trouble").cause == "video.no_encoder"
        worker.begin(Film("one", str(tmp_path / "one")))
        assert ear.next("missed").cause == "video.no_encoder"
        worker.end(Film("one"))
    finally:
        worker.close()


def test_a_program_that_cannot_be_started_is_named(scene: Scene, ear: Ear) -> None:
    worker = FilmWorker(scene, ear, TERMS, TIMING, ("/nowhere/recorder",))
    worker.start()
    try:
        assert ear.next("trouble").cause == "video.no_recorder"
    finally:
        worker.close()


def test_an_installed_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert recorder_command()[1:] == ("-m", "packstation.devices.film")
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert recorder_command()[1:] == ("film-recorder",)
