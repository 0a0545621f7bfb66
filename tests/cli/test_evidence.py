"""`evidence`: a dispute's file is made, proven, and caught where it was touched."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from packstation.domain.packing import facts as f
from packstation.domain.packing.evidence_facts import PhotoTaken
from packstation.station.ports import Draft
from packstation.storage.evidence_files import EvidenceFiles
from packstation.storage.store import FILE, open_store
from tests.cli.terminal import packstation
from tests.fake_storage import FakeClock, FakeIds

PHOTO = b"\xff\xd8 a box"
HASH = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    opened = f.SessionOpened(order_id="O-1", rev=1, lines=(), parcel_id="p-1")
    photo = PhotoTaken(sha256=HASH, bytes=len(PHOTO), why="value")
    with open_store(folder / FILE, station="B", clock=FakeClock(), ids=FakeIds()) as store:
        other = [Draft(f.PersonSignedIn(badge=f"x{n}"), "bench", "x") for n in range(600)]
        store.events.append(other)
        own = [Draft(fact, "s", "PK-1", "p-1", "O-1") for fact in (opened, photo)]
        store.events.append([own[0], other[0], own[1]])
        store.events.append(other[:3])
    EvidenceFiles(folder / "evidence", 10**6).keep(PHOTO, ".30.jpg")
    return folder


def made(data: Path) -> Path:
    out = data.parent / "dispute.json"
    argv = ("evidence", "make", "O-1", "--data", data, "--out", out, "--files", data.parent)
    done = packstation(*argv, "--json")
    assert done.status == 0, done.err
    assert done.document["records"] == 3
    assert done.document["files"] == {HASH: "copied"}
    return out


def test_what_is_made_is_proven_with_its_photo(data: Path) -> None:
    file = made(data)
    done = packstation("evidence", "verify", file, "--json")
    assert (done.status, done.document["ok"], done.document["faults"]) == (0, True, [])
    assert done.document["files"] == [{"sha256": HASH, "state": "same"}]
    assert "1 of 1 are here and the same" in packstation("evidence", "verify", file).out


def test_a_touched_file_and_a_touched_photo_are_named(data: Path) -> None:
    file = made(data)
    document = json.loads(file.read_bytes())
    document["records"][1]["event"]["actor"] = "somebody"
    file.write_text(json.dumps(document))
    (data.parent / f"{HASH}.jpg").write_bytes(b"another box")
    done = packstation("evidence", "verify", file, "--json")
    faults = {one["fault"] for one in done.document["faults"]}
    assert done.status == 1
    assert {"evidence.broken", "evidence.other_file"} <= faults
    assert "the chain is broken" in packstation("evidence", "verify", file).out


def test_photos_that_are_elsewhere_are_missing_and_no_fault(data: Path) -> None:
    file = made(data)
    done = packstation("evidence", "verify", file, "--files", data / "nowhere", "--json")
    assert (done.status, done.document["files"][0]["state"]) == (0, "missing")


def test_what_is_not_there_or_no_such_file_is_said(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.json"
    nobody = packstation("evidence", "make", "O-9", "--data", data, "--out", out)
    assert (nobody.status, out.exists()) == (1, False)
    assert packstation("evidence", "make", "O-1", "--data", tmp_path, "--out", out).status == 2
    out.write_text('{"schema": "packstation.order/1"}')
    assert packstation("evidence", "verify", out).status == 2
