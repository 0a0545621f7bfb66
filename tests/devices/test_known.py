"""Another device on a remembered port is noticed, withheld, and accepted by a person."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from msgspec import structs

from packstation.devices.bench import DeviceConfig, DeviceTimings, Kept, open_devices
from packstation.devices.health import Reporter
from packstation.devices.known import InMind, Introduction
from packstation.devices.opened import OpenBench
from packstation.devices.scales.outcomes import serial_told
from packstation.devices.sim.faces import PtyFace
from packstation.devices.sim.pan import ScaleFacts
from packstation.domain.weights import ScaleState
from packstation.station.ports import DeviceHealth, DeviceState, ScaleRead
from tests.devices.rigs import LINK, SCALE, Recorder, scale_sim

TIMINGS = DeviceTimings(link=LINK, scale=SCALE)


@pytest.mark.parametrize(
    ("expected", "told", "believed"),
    [
        ("", ["A", "A"], "A"),
        ("", ["A"], None),
        ("", ["A", "B", "B"], "B"),
        ("A", ["A"], "A"),
        ("A", ["B", "B"], "B"),
        ("A", ["B", "A"], "A"),
        ("A", ["B"], None),
    ],
)
def test_a_number_is_believed_when_it_is_expected_or_told_twice(
    expected: str, told: list[str], believed: str | None
) -> None:
    who = Introduction(expected)
    verdicts = [who.told(serial) for serial in told]
    assert who.found == believed
    assert verdicts[-1] is (believed is not None)
    assert not who.told("C")  # what is settled stays so on this line


def test_questions_end_with_the_answer_or_with_the_tries() -> None:
    who = Introduction("A", tries=2)
    assert (who.wanted, who.open, who.spoke()) == (True, True, False)
    who.asked()
    who.asked()
    assert not who.wanted
    assert who.spoke()
    assert (who.found, who.open, who.spoke()) == ("", False, False)
    stranger = Introduction("", tries=0)
    assert (stranger.wanted, stranger.open, stranger.spoke()) == (False, False, False)


def test_a_device_that_belongs_here_is_remembered_and_only_another_is_a_fault() -> None:
    memory, heard = InMind(), Recorder()
    reporter = Reporter("scale", heard, known=memory, place="here")
    reporter.introduced("A")
    assert (memory.serial("here"), reporter.strange, heard.happenings) == ("A", False, [])
    assert reporter.accept() is None
    reporter.introduced("B")
    reporter.well("B")
    fault = DeviceHealth(
        "scale", DeviceState.FAULT, "device.other", "", (("expected", "A"), ("found", "B"))
    )
    assert heard.happenings == [fault]
    assert reporter.accept() == ("A", "B")
    assert heard.healthy().detail == "B"
    assert memory.serial("here") == "B"


def test_a_device_that_is_pulled_is_a_stranger_no_more() -> None:
    memory, heard = InMind(), Recorder()
    memory.remember("scale", "A")
    reporter = Reporter("scale", heard, known=memory)
    reporter.introduced("")
    assert heard.of(DeviceHealth)[-1].args == (("expected", "A"), ("found", "?"))
    reporter.lost(OSError(5, "io"), was_open=True)
    assert heard.of(DeviceHealth)[-1].cause == "device.unplugged"
    reporter.introduced("A")
    reporter.well()
    assert heard.of(DeviceHealth)[-1].state is DeviceState.OK


def weighed(heard: Recorder, after: int) -> ScaleRead:
    return heard.next(ScaleRead, lambda one: one.reading.grams == 1250, after=after)


def opened(address: str, memory: InMind) -> tuple[OpenBench, Recorder]:
    heard = Recorder()
    config = DeviceConfig("scale", "mt-sics", address)
    return open_devices([config], heard, timings=TIMINGS, kept=Kept(known=memory)), heard


def test_the_weight_of_another_scale_is_not_taken_until_it_is_accepted(tmp_path: Path) -> None:
    memory = InMind()
    mine = scale_sim(PtyFace(tmp_path / "scale"))
    mine.place(1250)
    bench, heard = opened(mine.address, memory)
    weighed(heard, 0)
    mine.close()
    bench.close()

    facts = structs.replace(ScaleFacts(), serial="0987654321")
    other = scale_sim(PtyFace(tmp_path / "scale"), facts)
    other.place(1250)
    bench, heard = opened(other.address, memory)
    fault = heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
    assert fault.cause == "device.other"
    assert dict(fault.args) == {"expected": ScaleFacts().serial, "found": "0987654321"}
    withheld = heard.next(ScaleRead, after=heard.mark).reading
    assert (withheld.state, withheld.error) == (ScaleState.NOT_READY, "other")
    assert all(one.reading.grams is None for one in heard.of(ScaleRead))
    assert bench.accept("toaster") is None
    mark = heard.mark
    assert bench.accept("scale") == (ScaleFacts().serial, "0987654321")
    heard.healthy(after=mark)
    weighed(heard, mark)
    bench.close()
    other.close()


@pytest.mark.parametrize(
    ("frame", "serial"),
    [
        (b"SIM0001\r\n", "SIM0001"),
        (b"SN, 12345678\r\n", "12345678"),
        (b'PSN "B123456789"\r\n', "B123456789"),
        (b"Serial Number: 8032456\r\n", "8032456"),
        (b"ST,+00123.45  g\r\n", ""),
        (b"      1.250 kg   B/G\r\n", ""),
        (b"1234567.8\r\n", ""),
        (b"\x81\x82\r\n", ""),
        (b"ES\r\n", ""),
    ],
)
def test_a_number_alone_is_one_and_no_weight_is(frame: bytes, serial: str) -> None:
    assert serial_told(frame) == serial


@pytest.mark.parametrize("model", ["and-standard", "ohaus"])
def test_other_makes_tell_their_number_too(model: str, tmp_path: Path) -> None:
    memory, heard = InMind(), Recorder()
    scale = scale_sim(PtyFace(tmp_path / "scale"), model=model)
    config = DeviceConfig("scale", model, scale.address)
    bench = open_devices([config], heard, timings=TIMINGS, kept=Kept(known=memory))
    told = heard.next(DeviceHealth, lambda one: one.detail == ScaleFacts().serial)
    assert told.state is DeviceState.OK
    for _ in range(6):  # the second telling follows within some readings
        heard.next(ScaleRead, after=heard.mark)
    bench.close()
    scale.close()
    assert memory.serial(f"scale {model} {scale.address}") == ScaleFacts().serial
    assert not [one for one in heard.of(ScaleRead) if one.reading.state is ScaleState.FAULT]


def test_a_scale_that_tells_its_number_no_more_is_another_one(tmp_path: Path) -> None:
    memory, face, asked = InMind(), PtyFace(tmp_path / "scale"), threading.Semaphore(0)

    def hear(data: bytes) -> None:
        if b"I4" in data:
            asked.release()
        face.send(b"ES\r\n" if b"I4" in data else b"S S      1.250 kg\r\n")

    face.start(hear)
    bench, heard = opened(face.address, memory)
    weighed(heard, 0)  # nobody was expected
    bench.close()
    memory.remember(f"scale mt-sics {face.address}", "A")
    bench, heard = opened(face.address, memory)
    fault = heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
    assert (fault.cause, dict(fault.args)["found"]) == ("device.other", "?")
    assert all(one.reading.grams is None for one in heard.of(ScaleRead))
    assert asked.acquire(blocking=False)
    bench.close()
    face.close()
