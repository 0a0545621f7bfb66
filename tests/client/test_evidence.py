"""Photos and films to a real server: while nobody packs, in pieces, exactly as they are."""

from __future__ import annotations

import hashlib
import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.bootstrap.photos import BenchShelf
from packstation.bootstrap.uploads import BenchUploads
from packstation.client.enrolment import enrolment_of
from packstation.client.evidence import AWAY_S, BUSY_S, PIECE, REFUSED_S, REST_S, EvidenceSender
from packstation.client.keys import key_of
from packstation.client.wire import Access, Who, Wire, open_http
from packstation.server import evidence
from packstation.server.enrolment import revoke
from packstation.server.run import Running
from packstation.station.filming import EvidenceMoved
from packstation.station.ports import Happening
from tests.client.test_with_server import RealClock, joined, running

__all__ = ["joined", "running"]
FILM = bytes(range(256)) * (PIECE // 100)
STATION = "B-01"


class Rig:
    """A bench with a shelf, a sender, and a hand that packs or does not."""

    def __init__(self, server: Running, folder: Path) -> None:
        self.told: queue.Queue[Happening] = queue.Queue()
        self.shelf = BenchShelf(folder)
        self.idle = [True] * 100
        self.uploads = BenchUploads(self.shelf, self.is_idle, self.told.put)
        enrolment = enrolment_of(folder)
        assert enrolment is not None
        self.server = server
        self.wire = Wire(open_http(Access(server.url)), key_of(folder), RealClock())
        who = Who(STATION, "6d0a3b57-4f2a-4f4e-9d5e-0f6ed6c7d1aa", enrolment.gen)
        self.sender = EvidenceSender(self.wire, lambda: who, self.uploads)

    def is_idle(self) -> bool:
        return self.idle.pop(0) if len(self.idle) > 1 else self.idle[0]

    def keep(self, data: bytes, suffix: str) -> str:
        with self.shelf.files() as files:
            return files.keep(data, suffix).sha256

    def write_down(self) -> list[Happening]:
        """What the station does: the fact of each into the journal, and then it is settled."""
        told = [self.told.get_nowait() for _ in range(self.told.qsize())]
        for one in told:
            assert isinstance(one, EvidenceMoved)
            self.uploads.settled(one)
        return told

    def at_server(self, sha256: str) -> evidence.EvidenceState:
        return evidence.state(self.server.server, "GZ-1", sha256)


@pytest.fixture
def rig(joined: Running, tmp_path: Path) -> Iterator[Rig]:
    made = Rig(joined, tmp_path)
    yield made
    made.sender.close()


def test_an_idle_bench_sends_what_waits_and_remembers(rig: Rig, tmp_path: Path) -> None:
    assert rig.sender.turn() == REST_S
    photo, film = rig.keep(b"\xff\xd8photo", ".30.jpg"), rig.keep(FILM, ".180.mp4")
    assert [rig.sender.turn(), rig.sender.turn(), rig.sender.turn()] == [0.0, 0.0, REST_S]
    assert set(rig.write_down()) == {EvidenceMoved(photo), EvidenceMoved(film)}
    there = tmp_path / evidence.FOLDER / "GZ-1" / film[:2] / f"{film}.180.mp4"
    assert hashlib.sha256(there.read_bytes()).hexdigest() == film
    assert rig.uploads.waiting() == ()
    with rig.shelf.files() as files:
        path = files.path(film)
    assert path is not None
    assert path.parent.name == "sent"


def test_a_bench_that_packs_sends_nothing_and_goes_on_later(rig: Rig) -> None:
    film = rig.keep(FILM, ".30.mp4")
    rig.idle = [False]
    assert rig.sender.turn() == BUSY_S
    assert rig.at_server(film).have == 0
    # Idle for one piece, then somebody scans.
    rig.idle = [True, True, False]
    assert rig.sender.turn() == BUSY_S
    assert rig.at_server(film) == evidence.EvidenceState(PIECE)
    rig.idle = [True]
    assert rig.sender.turn() == 0.0
    assert rig.at_server(film).whole


def test_a_server_that_is_away_or_refuses_loses_nothing(rig: Rig) -> None:
    rig.keep(FILM, ".30.xyz")
    assert [rig.sender.turn(), rig.sender.turn()] == [0.0, REST_S]
    film = rig.keep(FILM + b"1", ".mp4")
    revoke(rig.server.server, "GZ-1", STATION)
    assert rig.sender.turn() == REFUSED_S
    rig.server.stop()
    assert rig.sender.turn() == AWAY_S
    assert film in {one.sha256 for one in rig.uploads.waiting()}


def test_what_was_kept_long_enough_goes_here_too(rig: Rig) -> None:
    import os

    old, young = rig.keep(b"old", ".1.jpg"), rig.keep(b"young", ".9.jpg")
    while rig.sender.turn() != REST_S:
        pass
    assert len(rig.write_down()) == 2
    rig.sender.turn()
    with rig.shelf.files() as files:
        for sha256 in (old, young):
            path = files.path(sha256)
            assert path is not None
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 3 * 86400))
    rig.sender.turn()
    rig.sender.turn()
    with rig.shelf.files() as files:
        assert files.path(old) is not None
    assert rig.write_down() == [EvidenceMoved(old, gone=True)]
    rig.sender.turn()
    with rig.shelf.files() as files:
        assert files.path(old) is None
        assert files.path(young) is not None


def test_a_file_stays_until_its_fact_is_in_the_journal(rig: Rig) -> None:
    film = rig.keep(FILM, ".30.mp4")
    assert [rig.sender.turn(), rig.sender.turn(), rig.told.qsize()] == [0.0, REST_S, 1]
    # The program ended before the fact was written: the next one finds it and tells it again.
    told: queue.Queue[Happening] = queue.Queue()
    later = BenchUploads(rig.shelf, lambda: True, told.put)
    assert [one.sha256 for one in later.waiting()] == [film]
    later.sent(film)
    later.settled(EvidenceMoved("cd" * 32, gone=True, why="room"))
    later.settled(told.get_nowait())  # type: ignore[arg-type]
    assert later.waiting() == ()
    with rig.shelf.files() as files:
        assert files.waiting() == ()
        assert files.path(film) is not None


def test_the_thread_does_it_by_itself(rig: Rig) -> None:
    film = rig.keep(FILM, ".30.mp4")
    rig.sender.start()
    assert rig.told.get(timeout=30) == EvidenceMoved(film)
