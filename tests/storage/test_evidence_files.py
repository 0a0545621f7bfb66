"""Evidence on the disk: by its hash, whole or not at all, within the budget."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from packstation.storage.evidence_files import SPARE, Dropped, EvidenceFiles


def named(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def aged(files: EvidenceFiles, data: bytes, age: int) -> str:
    """A file that was kept so long ago."""
    sha256 = files.keep(data, ".jpg").sha256
    path = files.path(sha256)
    assert path is not None
    os.utime(path, ns=(10**18 - age, 10**18 - age))
    return sha256


def test_a_file_lies_under_its_hash_once(tmp_path: Path) -> None:
    files = EvidenceFiles(tmp_path, 1000)
    kept = files.keep(b"photo", ".jpg")
    assert kept.sha256 == named(b"photo")
    assert files.keep(b"photo", ".jpg") == kept
    path = files.path(kept.sha256)
    assert path is not None
    assert path.read_bytes() == b"photo"
    assert [one.name for one in files.waiting()] == [f"{kept.sha256}.jpg"]
    assert files.path(named(b"other")) is None


def test_what_was_sent_makes_room_oldest_first(tmp_path: Path) -> None:
    files = EvidenceFiles(tmp_path, 100)
    old, older = aged(files, b"a" * 40, 1), aged(files, b"b" * 40, 2)
    for sha256 in (old, older):
        files.sent(sha256)
    assert files.waiting() == ()
    assert files.keep(b"c" * 50, ".jpg").dropped == (Dropped(older, sent=True),)
    assert files.path(old) is not None


def test_what_was_not_sent_stays_until_twice_the_budget(tmp_path: Path) -> None:
    files = EvidenceFiles(tmp_path, 100)
    first = aged(files, b"a" * 90, 3)
    assert files.keep(b"b" * 90, ".jpg").dropped == ()
    assert files.keep(b"c" * 90, ".jpg").dropped == (Dropped(first, sent=False),)


def test_half_a_file_is_swept_and_never_read(tmp_path: Path) -> None:
    EvidenceFiles(tmp_path, 100)
    torn = tmp_path / "waiting" / f"{named(b'x')}.jpg.part"
    torn.write_bytes(b"half")
    files = EvidenceFiles(tmp_path, 100)
    assert not torn.exists()
    assert files.waiting() == ()


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    files = EvidenceFiles(tmp_path / "e", 100)
    (tmp_path / "e" / "waiting").rmdir()
    with pytest.raises(OSError, match="waiting"):
        files.keep(b"photo", ".jpg")


def test_the_journal_s_room_on_the_disk_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil's
    files = EvidenceFiles(tmp_path, 1000)
    old = aged(files, b"a" * 40, 1)
    files.sent(old)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, SPARE - 10))
    with pytest.raises(OSError, match="space"):
        files.keep(b"c" * 50, ".jpg")
    assert files.path(old) is not None
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, SPARE + 20))
    assert files.keep(b"c" * 50, ".jpg").dropped == (Dropped(old, sent=True),)
