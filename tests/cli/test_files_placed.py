"""Files that a command writes: all or none, never through a link that somebody laid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from packstation.assets import resource
from packstation.cli.files import write, write_all
from packstation.cli.running import Unreadable
from tests.cli.terminal import packstation

AT = ("--at", "2026-11-22T09:00:00Z")


def order(folder: Path, **customs: object) -> str:
    raw: dict[str, Any] = json.loads(resource("customs", "examples", "base.json").read_text())
    raw["products"][0]["customs"] |= customs
    file = folder / "order.json"
    file.write_text(json.dumps(raw))
    return str(file)


def test_an_old_paper_stays_where_the_set_cannot_be_written(tmp_path: Path) -> None:
    place = tmp_path / "d"
    (place / "cn23.pdf").mkdir(parents=True)
    (place / "cn22.pdf").write_text("old")
    asked = ["--out", str(place), "--kind", "cn22,cn23", *AT]
    assert packstation("papers", "make", order(tmp_path), *asked).status == 2
    assert (place / "cn22.pdf").read_text() == "old"
    assert sorted(one.name for one in place.iterdir()) == ["cn22.pdf", "cn23.pdf"]
    assert list((place / "cn23.pdf").iterdir()) == []


def test_what_was_not_there_is_not_there_after(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(OSError, match="b"):
        write_all({tmp_path / "a": b"new", tmp_path / "b": b"new"})
    assert [one.name for one in tmp_path.iterdir()] == ["b"]
    with pytest.raises(OSError, match="gone"):
        write_all({tmp_path / "a": b"new", tmp_path / "gone" / "b": b"new"})
    assert [one.name for one in tmp_path.iterdir()] == ["b"]


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    other, file = tmp_path / "other", tmp_path / "f.pdf"
    other.write_text("mine")
    (tmp_path / ".f.pdf.new").symlink_to(other)
    file.write_text("old")
    write(str(file), b"whole")
    assert (file.read_bytes(), other.read_text()) == (b"whole", "mine")
    file.unlink()
    file.symlink_to(other)
    write(str(file), b"whole")
    assert (file.is_symlink(), file.read_bytes(), other.read_text()) == (False, b"whole", "mine")
    with pytest.raises(Unreadable):
        write(str(tmp_path / "no" / "f"), b"")


@pytest.mark.parametrize("hs", ["61091000１０", 6109100010])
def test_what_the_check_takes_is_made_and_exported(tmp_path: Path, hs: object) -> None:
    file = order(tmp_path, hs=hs)
    assert packstation("papers", "check", file, *AT).status == 0
    assert packstation("papers", "make", file, "--out", str(tmp_path / "d"), *AT).status == 0
    out = tmp_path / "itmatt.json"
    asked = ("--kind", "itmatt", "--out", str(out), *AT)
    assert packstation("papers", "export", file, *asked).status == 0
    assert '"6109100010"' in out.read_text()
