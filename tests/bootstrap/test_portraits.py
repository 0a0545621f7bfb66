"""A product's picture is the photo, kept where evidence does not make room."""

from __future__ import annotations

from pathlib import Path

import pytest

from packstation.bootstrap.photos import BenchPhotographer, BenchShelf
from packstation.bootstrap.portraits import FOLDER, BenchPortraits
from packstation.domain.errors import DeviceFaulty
from packstation.station.filming import EvidenceMoved
from packstation.station.photographing import Shot
from packstation.station.ports import Happening

JPEG = b"\xff\xd8 a mug \xff\xd9"


class Camera:
    """Gives one picture, for ever."""

    def photo(self) -> tuple[bytes, int, int]:
        return JPEG, 640, 480

    def latest(self) -> None:
        return None


def portraits(folder: Path, *, camera: bool = True) -> BenchPortraits:
    photos = BenchPhotographer(BenchShelf(folder), {"cam": Camera()} if camera else {})
    return BenchPortraits(folder, lambda: photos, list[Happening]().append)


def test_the_picture_stays_when_the_evidence_is_gone(tmp_path: Path) -> None:
    album = portraits(tmp_path)
    assert album.ready
    sha256 = album.take()
    (evidence,) = (tmp_path / "evidence").glob(f"*/{sha256}*.jpg")
    evidence.unlink()
    assert Path(album.path(sha256)).read_bytes() == JPEG
    assert album.take() == sha256


def test_what_is_no_hash_and_what_is_not_here_has_no_path(tmp_path: Path) -> None:
    album = portraits(tmp_path)
    assert album.path("../../etc/passwd") == ""
    assert album.path("ab" * 32) == ""


def test_a_bench_without_a_camera_says_so(tmp_path: Path) -> None:
    album = portraits(tmp_path, camera=False)
    assert not album.ready
    with pytest.raises(DeviceFaulty):
        album.take()


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    album = portraits(tmp_path)
    (tmp_path / FOLDER).write_text("in the way", "ascii")
    with pytest.raises(DeviceFaulty) as refused:
        album.take()
    assert refused.value.fields["fault"] == "photo.disk"


class Forgetful:
    """Takes photos and keeps none."""

    def cameras(self) -> tuple[str, ...]:
        return ("cam",)

    def shoot(self, camera: str, days: int) -> Shot:
        del camera, days
        return Shot("ab" * 32, 10, 1, 1, dropped=(("cd" * 32, False), ("ef" * 32, True)))


def test_a_photo_that_vanished_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(DeviceFaulty):
        BenchPortraits(tmp_path, Forgetful, list[Happening]().append).take()


def test_what_had_to_go_for_it_is_told(tmp_path: Path) -> None:
    told: list[Happening] = []
    with pytest.raises(DeviceFaulty):
        BenchPortraits(tmp_path, Forgetful, told.append).take()
    assert told == [
        EvidenceMoved("cd" * 32, gone=True, why="room", sent=False),
        EvidenceMoved("ef" * 32, gone=True, why="room", sent=True),
    ]
