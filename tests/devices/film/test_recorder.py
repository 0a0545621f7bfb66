"""The recorder with the real encoder: what it films is decoded and looked at."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import msgspec
import pytest

from packstation.devices.film import wire
from packstation.devices.film.openh264 import Encoder
from packstation.devices.film.recorder import Recorder
from packstation.devices.film.wire import Film, Terms, Told
from packstation.devices.film.worker import i420_of
from packstation.domain.errors import DeviceFaulty
from tests.devices.film.rig import SIZE, moving, reads, shown

BEGUN_MS = 1_790_000_000_000
GAP_MS = 100
TERMS = Terms(fps=10, kbit=400, before_s=2)


def picture(count: int, size: tuple[int, int] = SIZE, gap_ms: int = GAP_MS) -> bytes:
    i420, width, height = i420_of(moving(count, size))
    start = wire.PICTURE.pack(BEGUN_MS + count * gap_ms, width, height)
    return wire.message(wire.FRAME, start + i420.tobytes())


def recorded(*messages: bytes, terms: Terms = TERMS) -> list[Told]:
    said = io.BytesIO()
    Recorder(terms, said).run(io.BytesIO(b"".join(messages)))
    return [msgspec.json.decode(line, type=Told) for line in said.getvalue().splitlines()]


def test_a_film_begins_before_its_beginning_and_shows_time_and_waybill(tmp_path: Path) -> None:
    film = Film("t", str(tmp_path / "t-0.mp4"), "ORDER-1")
    waybill = wire.say(wire.WORDS, Film("t", words="LX123456785CN"))
    ready, kept = recorded(
        *(picture(n) for n in range(50)),
        wire.say(wire.BEGIN, film),
        *(picture(n) for n in range(50, 70)),
        waybill,
        *(picture(n) for n in range(70, 80)),
        wire.say(wire.END, film),
    )
    assert ready.detail.startswith("OpenH264 ")
    path = Path(kept.path)
    assert kept.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert kept.bytes == path.stat().st_size
    # Two to three seconds of the ring, for it begins with a key picture; then three of the film.
    assert 50 <= kept.frames <= 61
    assert kept.begun_ms == BEGUN_MS + (80 - kept.frames) * GAP_MS
    assert (kept.length_ms, kept.lost) == (kept.frames * GAP_MS, 0)
    found = shown(path)
    assert (found.codec, len(found.pictures)) == (b"h264", kept.frames)
    assert found.times_ms[-1] == pytest.approx(kept.length_ms - GAP_MS, abs=1)
    last_ms = BEGUN_MS + 79 * GAP_MS
    waybills = [f"LX12345678{digit}CN" for digit in range(10)]
    best = max(waybills, key=lambda text: reads(found.pictures[-1], last_ms, text))
    assert best == "LX123456785CN"
    tenths = [last_ms + 100 * step for step in range(-5, 6)]
    assert max(tenths, key=lambda ms: reads(found.pictures[-1], ms, best)) == last_ms
    assert reads(found.pictures[-1], last_ms, best) > 0.97
    assert reads(found.pictures[-15], last_ms - 14 * GAP_MS, "ORDER-1") > 0.97


def test_a_bench_that_dies_leaves_a_whole_film(tmp_path: Path) -> None:
    film = Film("t", str(tmp_path / "t-0.mp4"))
    *_, kept = recorded(wire.say(wire.BEGIN, film), *(picture(n) for n in range(25)), b"F\0")
    assert (kept.kind, kept.frames) == ("kept", 25)
    assert len(shown(Path(kept.path)).pictures) == 25


def test_what_a_killed_recorder_wrote_is_salvaged_up_to_its_last_second(tmp_path: Path) -> None:
    film = Film("t", str(tmp_path / "t-0.mp4"))
    recorded(wire.say(wire.BEGIN, film), *(picture(n) for n in range(25)))
    path = Path(film.path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    *_, kept = recorded(wire.say(wire.SALVAGE, film))
    assert (kept.kind, kept.frames) == ("kept", 20)
    assert kept.bytes == path.stat().st_size < len(whole)
    assert len(shown(path).pictures) == 20
    path.write_bytes(whole[:40])
    *_, missed = recorded(wire.say(wire.SALVAGE, film))
    assert (missed.kind, missed.cause) == ("missed", "video.no_picture")
    assert not path.exists()


def test_gaps_are_seen_in_the_film_and_counted(tmp_path: Path) -> None:
    film = Film("t", str(tmp_path / "t-0.mp4"))
    pictures = [picture(n) for n in (*range(10), *range(30, 40))]
    *_, kept = recorded(wire.say(wire.BEGIN, film), *pictures, wire.say(wire.END, film))
    assert (kept.frames, kept.lost, kept.length_ms) == (20, 20, 4000)
    assert shown(Path(kept.path)).times_ms[10] == pytest.approx(3000, abs=1)


def test_without_a_picture_there_is_no_film(tmp_path: Path) -> None:
    film = Film("t", str(tmp_path / "t-0.mp4"))
    *_, missed = recorded(wire.say(wire.BEGIN, film), wire.say(wire.END, film))
    assert missed == Told("missed", "t", cause="video.no_picture")
    assert not Path(film.path).exists()


def test_a_disk_that_refuses_is_named(tmp_path: Path) -> None:
    film = Film("t", str(tmp_path / "nowhere" / "t-0.mp4"))
    told = recorded(wire.say(wire.BEGIN, film), *(picture(n) for n in range(5)))
    assert [(one.kind, one.cause) for one in told[1:]] == [("missed", "video.disk")]


def test_a_camera_with_another_size_ends_the_film(tmp_path: Path) -> None:
    film = Film("t", str(tmp_path / "t-0.mp4"))
    small = [picture(n, (160, 120)) for n in range(12, 20)]
    *_, kept = recorded(wire.say(wire.BEGIN, film), *(picture(n) for n in range(12)), *small)
    assert (kept.kind, kept.frames) == ("kept", 12)


def test_a_library_that_is_not_there_is_named() -> None:
    (told,) = recorded(terms=Terms(library="/nowhere/libopenh264.so"))
    assert (told.kind, told.cause) == ("trouble", "video.no_encoder")
    with pytest.raises(DeviceFaulty) as raised:
        Encoder(SIZE, 10, 400, "/nowhere/libopenh264.so")
    assert raised.value.fields["detail"] == "/nowhere/libopenh264.so"
