"""What was recorded says the same again; labels leave only their length and hash."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from packstation.devices import commands
from packstation.devices.bench import DeviceConfig, DeviceTimings, Kept, open_devices
from packstation.devices.health import Reporter
from packstation.devices.link import LinkTiming
from packstation.devices.opened import OpenBench
from packstation.devices.opening import ReplayAddress, parse_address
from packstation.devices.ports import PortLost
from packstation.devices.printers.timing import PrinterTiming
from packstation.devices.recording import Recording, Step, Subject, Tape, read_recording
from packstation.devices.sim.faces import PtyFace, TcpFace
from packstation.devices.sim.pan import Pan
from packstation.devices.sim.printers.catalogue import DIALECTS
from packstation.devices.sim.printers.press import LabelPrinterSim
from packstation.devices.sim.replay import Playback, ReplayPort, replay_opener
from packstation.devices.sim.scanner import SerialScannerSim
from packstation.devices.sim.speeches import SPEECHES
from packstation.devices.tapes import Tapes
from packstation.devices.weighing import ScaleTiming
from packstation.domain.errors import InputInvalid, SettingsError
from packstation.station.ports import (
    CodeScanned,
    DeviceHealth,
    DeviceState,
    PrintJob,
    PrintProgress,
    ScaleRead,
)
from tests.devices.rigs import LINK, Recorder, chance, scale_sim

SCALE = Subject("scale", "scale", "mt-sics")
RAW = ScaleTiming(period_s=0.02, confirm=1)
NAME = "Ivan Petrov"
LABEL = f"^XA^FO50,50^FD{NAME}^FS^XZ".encode()


def opened(folder: Path, config: DeviceConfig, heard: Recorder) -> OpenBench:
    times = DeviceTimings(link=LINK, scale=RAW, printer=PrinterTiming(settle_s=0.02, watch_s=0.03))
    return open_devices([config], heard, timings=times, kept=Kept(recordings=folder))


def lines(folder: Path) -> list[dict[str, Any]]:
    (path,) = folder.glob("*.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def weights(heard: Recorder) -> list[tuple[str, bytes]]:
    """What frames said, each change once."""
    readings = [one.reading for one in heard.of(ScaleRead) if one.reading.raw]
    said = [(str(one.value), one.raw) for one in readings]
    return [said[0], *(two for one, two in pairwise(said) if one != two)]


def until(heard: Recorder, grams: int, after: int) -> None:
    heard.next(ScaleRead, lambda one: one.reading.grams == grams, after=after)


@pytest.mark.parametrize("model", ["mt-sics", "st-gs"])
def test_a_recorded_scale_weighs_the_same_again(model: str, tmp_path: Path) -> None:
    scale, heard = scale_sim(PtyFace(tmp_path / "scale"), model=model), Recorder()
    config = DeviceConfig("scale", model, scale.address, settings={"record": True})
    bench = opened(tmp_path / "tapes", config, heard)
    for grams in (1250, 0, 415):
        mark = heard.mark
        scale.place(grams)
        until(heard, grams, mark)
    bench.close()
    scale.close()
    (path,) = (tmp_path / "tapes").glob("*.jsonl")
    assert read_recording(path).subject == Subject("scale", "scale", model)

    again = Recorder()
    bench = opened(tmp_path, DeviceConfig("scale", model, f"replay@5:{path}"), again)
    over = again.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT, timeout=20)
    assert over.cause == "device.unplugged"
    bench.close()
    assert weights(again) == weights(heard)


def test_a_scanner_is_recorded_for_as_long_as_is_asked(tmp_path: Path) -> None:
    scanner = SerialScannerSim(TcpFace(), ("unplug",), chance())
    heard, folder = Recorder(), tmp_path / "tapes"
    bench = opened(folder, DeviceConfig("scanner", "serial", scanner.address), heard)
    heard.healthy()
    assert bench.record("toaster", 5) is None
    begun = bench.record("scanner", 5)
    assert begun is not None
    scanner.scan("6901234567892")
    heard.next(CodeScanned)
    assert bench.record("scanner", 0) == begun
    assert bench.record("scanner", 0) is None
    scanner.scan("4006381333931")
    heard.next(CodeScanned, lambda one: one.text.startswith("4006"))
    bench.close()
    scanner.close()
    said = b"".join(step.data for step in read_recording(Path(begun)).steps)
    assert said == b"6901234567892\r"


@pytest.mark.parametrize("payloads", [False, True])
def test_a_label_leaves_its_length_and_hash_unless_it_was_asked_for(
    payloads: bool, tmp_path: Path
) -> None:
    printer = LabelPrinterSim(TcpFace(), chance(), tmp_path / "printed", DIALECTS["zpl"]())
    heard, folder = Recorder(), tmp_path / "tapes"
    settings = {"record": True, "record_payloads": payloads}
    config = DeviceConfig("label", "zpl", printer.address, settings=settings)
    bench = opened(folder, config, heard)
    bench.printers["label"].submit(PrintJob("j1", "label", LABEL, "zpl"))
    heard.next(PrintProgress, lambda one: one.outcome == "printed")
    bench.close()
    printer.close()
    kept = lines(folder)
    assert any("7e 48 53" in line.get("hex", "") for line in kept)  # ~HS
    hidden = [line for line in kept if "sha256" in line]
    raw = NAME.encode().hex(" ")
    assert any(raw in line.get("hex", "") for line in kept) is payloads
    if not payloads:
        assert [(one["bytes"], one["sha256"]) for one in hidden] == [
            (len(LABEL), hashlib.sha256(LABEL).hexdigest())
        ]


def test_a_tape_is_bounded_and_keeps_the_file_before(tmp_path: Path) -> None:
    path = tmp_path / "scale.jsonl"
    tape = Tape(path, SCALE, most=400)
    for _ in range(50):
        tape.note("in", b"S S      1.250 kg\r\n")
    tape.close()
    files = sorted(one.name for one in tmp_path.iterdir())
    assert files == ["scale.before.jsonl", "scale.jsonl"]
    assert all(one.stat().st_size < 700 for one in tmp_path.iterdir())
    assert (
        len(read_recording(path).steps) + len(read_recording(tmp_path / "scale.before.jsonl").steps)
        < 20
    )


def test_a_tape_ends_by_itself_and_by_a_disk_that_refuses(tmp_path: Path) -> None:
    now = [0.0]
    tape = Tape(tmp_path / "a.jsonl", SCALE, seconds=60, clock=lambda: now[0])
    tape.note("open")
    now[0] = 60.0
    tape.note("in", b"late")
    assert not tape.running
    tape.note("in", b"later")
    assert [step.way for step in read_recording(tmp_path / "a.jsonl").steps] == ["open"]

    with pytest.raises(OSError, match="No space"):
        Tape(Path("/dev/full"), SCALE)
    tape = Tape(tmp_path / "b.jsonl", SCALE)
    assert tape._file is not None
    with tape._file, Path("/dev/full").open("wb", buffering=0) as full:
        tape._file = full
        tape.note("in", b"x")
    assert not tape.running


def test_where_nothing_can_be_written_nothing_is_recorded(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    row = DeviceConfig("scale", "mt-sics", "tcp://192.0.2.1:1", settings={"record": True})
    reporters = {"scale": Reporter("scale", Recorder())}
    assert Tapes(tmp_path / "file" / "no", [row], reporters).record("scale", 1) is None
    assert Tapes(None, [row], reporters).record("scale", 1) is None
    assert reporters["scale"].tape is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "line 1"),
        ("[]", "line 1"),
        ('{"recording": 2}', "line 1"),
        ('{"recording": 1}\nnone', "line 2"),
        ('{"recording": 1}\n{"t_ms": 1, "dir": "in", "hex": "5"}', "line 2"),
        ('{"recording": 1}\n{"t_ms": 1, "dir": "in", "hex": 5}', "line 2"),
        ('{"recording": 1}\n{"t_ms": 1, "dir": "up", "hex": ""}', "line 2"),
        ('{"recording": 1}\n\n{"t_ms": true, "dir": "in"}', "line 3"),
        ('{"recording": 1}\n{"t_ms": 1, "dir": "out", "bytes": "x"}', "line 2"),
    ],
)
def test_what_is_no_recording_is_refused_by_its_line(text: str, line: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(InputInvalid) as refused:
        read_recording(path)
    assert refused.value.fields["path"] == line


ASKED = (
    Step(0, "open"),
    Step(100, "out", b"SI\r\n", 4),
    Step(120, "in", b"S S\r\n", 5),
    Step(200, "out", b"SI\r\n", 4),
    Step(230, "in", b"S D\r\n", 5),
)


def test_an_answer_comes_as_long_after_the_question_as_it_did() -> None:
    play = Playback(ASKED, 10.0)
    assert play.due(10.5)[1] == pytest.approx(1.5)  # patient for the first question
    play.heard(4, 11.0)
    assert play.due(11.0)[1] == pytest.approx(0.02)
    assert play.due(11.021)[0] == b"S S\r\n"
    play.heard(4, 11.1)
    assert play.due(11.14)[0] == b"S D\r\n"
    assert play.over
    assert play.due(12.0)[1] == pytest.approx(0.05)


def test_a_bench_that_does_not_ask_is_not_waited_for_without_end() -> None:
    play = Playback(ASKED, 0.0, speed=10.0)
    assert play.due(1.0)[0] == b""
    assert play.due(2.1)[0] == b""  # goes on from here
    assert play.due(2.2)[0] == b"S S\r\n"
    assert Playback((), 0.0).over


def test_a_replayed_port_can_be_woken_and_ends_once(tmp_path: Path) -> None:
    port = ReplayPort(ASKED, speed=1000)
    port.wake()
    assert port.receive(60.0) == b""
    assert port.receive(0.0) == b""
    assert port.send(b"SI\r\n", 1.0) == 4
    assert port.receive(5.0) == b"S S\r\n"
    port.send(b"SI\r\n", 1.0)
    assert port.receive(5.0) == b"S D\r\n"
    with pytest.raises(PortLost):
        port.receive(1.0)
    port.close()
    with pytest.raises(FileNotFoundError):
        replay_opener(tmp_path / "none")()


def written(path: Path, recording: Recording) -> Path:
    tape = Tape(path, recording.subject)
    for step in recording.steps:
        tape.note(step.way, step.data)
    tape.close()
    return path


def written_at(path: Path, recording: Recording) -> Path:
    """As `written`, at the moments of its steps."""
    now = [0.0]
    tape = Tape(path, recording.subject, clock=lambda: now[0])
    for step in recording.steps:
        now[0] = step.t_ms / 1000
        tape.note(step.way, step.data)
    tape.close()
    return path


def test_the_address_of_a_recording_has_a_speed() -> None:
    assert parse_address("replay:/a b.jsonl") == ReplayAddress("/a b.jsonl", 1.0)
    assert parse_address("replay@20:C:\\x.jsonl") == ReplayAddress("C:\\x.jsonl", 20.0)
    with pytest.raises(SettingsError):
        parse_address("replay@0:x")


def test_a_recording_is_read_to_its_end(tmp_path: Path) -> None:
    stream = tuple(Step(n, "in", b"ST,GS,+0012.340kg\r\n", 19) for n in range(3))
    path = written(tmp_path / "x.jsonl", Recording(Subject("scale", "scale", "st-gs"), stream))
    times = DeviceTimings(link=LinkTiming(drain_s=0.01), scale=ScaleTiming(confirm=1))
    found = list(commands.read(f"replay:{path}", "st-gs", timings=times))
    assert [one["grams"] for one in found if one["raw"]] == [12340] * 3


def indicator(*loads: tuple[int, float]) -> Recording:
    """What an A9 streams, five frames a second: grams, for so many seconds."""
    pan = Pan(SPEECHES["yaohua-a9"].facts, chance(), lambda: False)
    say, steps, at = SPEECHES["yaohua-a9"].frame, [], 0.0
    assert say is not None
    for grams, seconds in loads:
        pan.load_g = grams
        for _ in range(round(seconds * 5)):
            steps.append(Step(at, "in", say(pan), 12))
            at += 200.0
    return Recording(Subject("scale", "scale", "yaohua-a9"), tuple(steps))


@pytest.mark.parametrize("speed", [1, 20])
def test_rest_that_software_judges_comes_as_it_came_then(speed: int, tmp_path: Path) -> None:
    """Too short to rest, then long enough: by the recording's own time."""
    seconds = (0.6, 2.0, 1.4) if speed == 1 else (0.6, 8.0, 8.0)
    told = indicator(*zip((300, 1250, 0), seconds, strict=True))
    path = written_at(tmp_path / "x.jsonl", told)
    config = DeviceConfig("scale", "yaohua-a9", f"replay@{speed}:{path}")
    heard = Recorder()
    bench = open_devices([config], heard, timings=DeviceTimings(link=LinkTiming(drain_s=0.01)))
    heard.next(DeviceHealth, lambda one: one.cause == "device.unplugged", timeout=20)
    bench.close()
    taken = [one.reading for one in heard.of(ScaleRead) if one.reading.grams is not None]
    assert {one.grams for one in taken} == {1250, 0}
    assert {one.stability for one in taken} == {"software"}


def test_a_scanner_that_sends_no_end_is_replayed_faster_with_its_pauses(tmp_path: Path) -> None:
    codes = tuple(Step(n * 1000.0, "in", b"6901234567892", 13) for n in range(4))
    path = written_at(tmp_path / "x.jsonl", Recording(Subject("s", "scanner", "serial"), codes))
    heard = Recorder()
    bench = open_devices([DeviceConfig("scanner", "serial", f"replay@10:{path}")], heard)
    heard.next(DeviceHealth, lambda one: one.cause == "device.unplugged", timeout=10)
    bench.close()
    assert [one.text for one in heard.of(CodeScanned)] == ["6901234567892"] * 4


def test_a_silence_that_would_open_a_port_anew_does_not_end_a_recording(tmp_path: Path) -> None:
    frame = b"ST,GS,+0012.340kg\r\n"
    steps = (Step(0.0, "in", frame, 19), Step(45_000.0, "in", frame, 19))
    path = written_at(tmp_path / "x.jsonl", Recording(Subject("s", "scale", "st-gs"), steps))
    times = DeviceTimings(link=LinkTiming(drain_s=0.01), scale=ScaleTiming(confirm=1))
    found = list(commands.read(f"replay@100:{path}", "st-gs", timings=times))
    assert [one["grams"] for one in found if one["raw"]] == [12340, 12340]
    assert "STABLE NOT_READY STABLE" in " ".join(str(one["state"]) for one in found)


def test_a_recording_on_a_shelf_says_it_again_and_again(tmp_path: Path) -> None:
    stream = (Step(0, "in", b"ST,GS,+0012.340kg\r\n", 19),)
    path = written(tmp_path / "x.jsonl", Recording(Subject("scale", "scale", "st-gs"), stream))
    row = {"kind": "replay", "transport": "tcp", "file": str(path), "speed": 10}
    shelf = commands.simulate({"devices": [row]}, tmp_path)
    heard = Recorder()
    bench = opened(tmp_path, DeviceConfig("scale", "st-gs", shelf.devices[0].address), heard)
    for _ in range(3):
        heard.next(ScaleRead, lambda one: one.reading.grams == 12340, after=heard.mark)
    bench.close()
    shelf.close()
    assert heard.of(DeviceHealth)
    with pytest.raises(InputInvalid) as refused:
        commands.simulate({"devices": [row | {"file": str(tmp_path / "none")}]}, tmp_path)
    assert refused.value.fields["path"] == "file"
