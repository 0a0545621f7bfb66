"""A driver's signature lies with the bench's photos until the server has it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from packstation.bootstrap.photos import BenchShelf, keeper
from packstation.client.evidence import MEDIA
from packstation.domain.errors import StorageError


def test_a_signature_waits_for_the_server_as_a_file_of_its_hash(tmp_path: Path) -> None:
    shelf = BenchShelf(tmp_path)
    keeper(shelf)(b"{}", 3660)
    with shelf.files() as files:
        (path,) = files.waiting()
    assert path.name == f"{hashlib.sha256(b'{}').hexdigest()}.3660.json"
    assert path.read_bytes() == b"{}"
    assert MEDIA[path.suffix] == "application/json"


def test_a_disk_that_takes_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("in the way")
    with pytest.raises(StorageError):
        keeper(BenchShelf(tmp_path))(b"{}", 30)
