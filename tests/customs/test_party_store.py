from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from packstation.customs.party_store import FOLDER, Kept, index_of, keep, kept_lists
from packstation.domain.customs.reference import Party
from packstation.domain.errors import InputInvalid, StorageError

ON = date(2026, 11, 22)


def test_a_list_is_kept_replaced_and_searched(tmp_path: Path) -> None:
    assert kept_lists(tmp_path) == ()
    keep(tmp_path, Kept(name="b", on=ON, parties=(Party("Old Name", "b"),)))
    keep(tmp_path, Kept(name="b", on=ON, parties=(Party("Ivan Petrov", "b", "1"),)))
    keep(tmp_path, Kept(name="a", on=ON, parties=(Party("Blue Heron", "a"),)))
    lists = kept_lists(tmp_path)
    assert [one.name for one in lists] == ["a", "b"]
    index = index_of(lists)
    assert len(index) == 2
    assert [hit.party for hit in index.find("PETROV, Ivan", 0.92)] == [
        Party("Ivan Petrov", "b", "1")
    ]


@pytest.mark.parametrize("name", ["", "../x", "a b", "x" * 41, "a/b", ".a", "a\n"])
def test_a_name_that_is_no_files_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputInvalid):
        keep(tmp_path, Kept(name=name, on=ON, parties=()))


def test_a_list_that_cannot_be_read_stops_the_screening(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "a.json").write_bytes(b'{"name": "a"')
    with pytest.raises(StorageError):
        kept_lists(tmp_path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file")
    with pytest.raises(StorageError):
        keep(tmp_path, Kept(name="a", on=ON, parties=()))
