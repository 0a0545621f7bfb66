"""Photos and films on the server: by piece, by hash, within limits, for as long as was asked."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from sqlalchemy import create_engine

from packstation.domain.psp import SiteBody
from packstation.server import evidence
from packstation.server.app import create_app
from packstation.server.evidence import EvidenceState
from packstation.server.problems import Problem
from packstation.server.run import Running
from packstation.server.sites import put_site
from tests.server.bench import Bench, Clock
from tests.server.conftest import TOKEN, NewBench

FILM = bytes(range(256)) * 40
HASH = hashlib.sha256(FILM).hexdigest()
PATH = f"/v1/evidence/{HASH}"
MP4 = {"Content-Type": "video/mp4"}


def put(
    bench: Bench, content: bytes, at: int = 0, of: int = len(FILM), days: int = 30, path: str = PATH
) -> httpx.Response:
    return bench.send("PUT", f"{path}?at={at}&of={of}&days={days}", content, headers=MP4)


def state(answer: httpx.Response) -> EvidenceState:
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=EvidenceState)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_film_comes_in_pieces_and_goes_on_where_it_was(bench: Bench, tmp_path: Path) -> None:
    assert state(bench.get(PATH)) == EvidenceState()
    assert state(put(bench, FILM[:4000])) == EvidenceState(4000)
    # The answer was lost and the same piece comes again: nothing is written twice.
    assert state(put(bench, FILM[:4000])) == EvidenceState(4000)
    assert state(bench.get(PATH)) == EvidenceState(4000)
    assert state(put(bench, FILM[4000:], at=4000)) == EvidenceState(len(FILM), whole=True)
    assert state(put(bench, FILM)) == EvidenceState(len(FILM), whole=True)
    (kept,) = (tmp_path / evidence.FOLDER / "GZ-1" / HASH[:2]).iterdir()
    assert (kept.name, kept.read_bytes()) == (f"{HASH}.30.mp4", FILM)


def test_a_power_cut_after_the_last_piece_is_mended_when_the_bench_goes_on(
    bench: Bench, tmp_path: Path
) -> None:
    put(bench, FILM)
    (kept,) = (tmp_path / evidence.FOLDER / "GZ-1" / HASH[:2]).iterdir()
    # The disk has all bytes, and not the new name.
    kept.rename(kept.with_name(f"{HASH}.part"))
    assert state(bench.get(PATH)) == EvidenceState(len(FILM))
    done = state(put(bench, b"", at=len(FILM)))
    assert done == EvidenceState(len(FILM), whole=True)
    assert kept.read_bytes() == FILM


def test_its_name_is_on_the_disk_before_it_is_said(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / evidence.FOLDER / "GZ-1" / HASH[:2]
    synced: list[tuple[Path, int]] = []

    def noted(number: int) -> None:
        path = Path(f"/proc/self/fd/{number}").readlink()
        synced.append((path, len(list(folder.glob("*.mp4")))))

    monkeypatch.setattr(os, "fsync", noted)
    put(bench, FILM)
    assert (folder, 1) in synced
    assert (folder.parent, 0) in synced


def test_another_hash_is_thrown_away(bench: Bench, tmp_path: Path) -> None:
    assert code(put(bench, FILM[::-1])) == (422, "other_hash")
    assert state(bench.get(PATH)) == EvidenceState()
    assert not list((tmp_path / evidence.FOLDER / "GZ-1" / HASH[:2]).iterdir())


def test_what_is_too_much_or_no_evidence_is_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert code(put(bench, FILM, of=evidence.MOST + 1)) == (413, "too_large")
    assert code(put(bench, b"")) == (413, "too_large")
    assert code(put(bench, FILM, days=0)) == (422, "invalid")
    assert code(put(bench, FILM, path="/v1/evidence/x.mp4")) == (422, "invalid")
    assert code(bench.send("PUT", f"{PATH}?at=0&of=5&days=5", b"12345")) == (415, "media")
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil has it
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(9, 8, 1))
    assert code(put(bench, FILM)) == (507, "disk_full")


def test_one_at_a_time(bench: Bench, running: Running) -> None:
    assert running.server.desk.take(f"evidence/GZ-1/{HASH}")
    assert code(put(bench, FILM)) == (503, "busy")


def test_another_site_and_a_stranger_see_nothing(
    bench: Bench, running: Running, http: httpx.Client, new_bench: NewBench
) -> None:
    put(bench, FILM)
    assert http.get(PATH).status_code == 401
    with running.server.store.write() as connection:
        put_site(running.server, connection, SiteBody(code="SZ-2"))
    elsewhere = new_bench("02", at="SZ-2")
    assert state(elsewhere.get(PATH)) == EvidenceState()
    stranger = Bench(http, bench.clock, station="0190a0b0-0000-7000-8000-000000000099")
    assert stranger.get(PATH).status_code == 401


def test_people_may_look_at_it(bench: Bench, api: httpx.Client, http: httpx.Client) -> None:
    put(bench, FILM)
    assert TOKEN
    answer = api.get(f"/evidence/{HASH}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    assert answer.content == FILM
    part = api.get(f"/evidence/{HASH}", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, FILM[10:20])
    assert api.get(f"/evidence/{'0' * 64}").status_code == 404
    assert http.get(f"/evidence/{HASH}", follow_redirects=False).status_code == 303


def test_its_days_are_kept_and_then_it_goes(
    bench: Bench, running: Running, clock: Clock, tmp_path: Path
) -> None:
    put(bench, FILM, days=2)
    put(bench, b"never sent on", path=f"/v1/evidence/{'1' * 64}")
    (tmp_path / evidence.FOLDER / "GZ-1" / HASH[:2] / "notes.txt").write_text("not ours")
    # Files have the machine's time, the server's clock is the test's.
    clock.time = datetime.now(UTC) + timedelta(days=1)
    assert evidence.sweep(running.server) == 0
    clock.forward(days=7)
    assert evidence.sweep(running.server) == 2
    assert state(bench.get(PATH)) == EvidenceState()
    assert (tmp_path / evidence.FOLDER / "GZ-1" / HASH[:2] / "notes.txt").exists()


def test_old_files_are_looked_for_once_an_hour(bench: Bench, clock: Clock, tmp_path: Path) -> None:
    def another(number: int) -> None:
        data = FILM + bytes([number])
        path = f"/v1/evidence/{hashlib.sha256(data).hexdigest()}"
        assert state(put(bench, data, of=len(data), path=path)).whole

    put(bench, FILM, days=1)
    (kept,) = (tmp_path / evidence.FOLDER / "GZ-1" / HASH[:2]).iterdir()
    long_ago = clock.time.timestamp() - 2 * 86400
    os.utime(kept, (long_ago, long_ago))
    another(1)
    assert kept.exists()
    clock.forward(minutes=61)
    another(2)
    assert not kept.exists()


def test_a_database_in_memory_keeps_none() -> None:
    app = create_app(create_engine("sqlite://"))
    assert app.state.server.evidence is None


def test_a_site_in_any_script_has_a_folder_of_its_own(running: Running, tmp_path: Path) -> None:
    for site in ("Склад 1", "深圳", "..", "../GZ-1", "GZ-1"):
        piece = evidence.Piece(at=0, of=len(FILM), days=30, media="video/mp4", content=FILM)
        assert evidence.put(running.server, site, HASH, piece).whole
        assert evidence.file_of(running.server, site, HASH).read_bytes() == FILM
    folders = list((tmp_path / evidence.FOLDER).iterdir())
    assert len(folders) == 5
    assert "GZ-1" in {folder.name for folder in folders}
    with pytest.raises(Problem, match="invalid"):
        evidence.state(running.server, "深" * 100, HASH)
