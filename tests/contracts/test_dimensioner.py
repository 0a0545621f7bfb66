"""A dimensioner at work over a pty and TCP: asked, pressed, doubted, silent, pulled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
from packstation.devices.commands import read
from packstation.devices.dimensioners import cubiscan
from packstation.devices.health import Reporter
from packstation.devices.link import Link
from packstation.devices.opened import OpenBench
from packstation.devices.opening import LineSettings, opener
from packstation.devices.sim.dimensioner import CubiscanSim
from packstation.devices.sizing import DimensionerConversation
from packstation.domain.sizes import SizeState
from packstation.station.ports import DeviceHealth, DeviceState, SizeMeasured
from tests.devices.rigs import FAULT, LINK, Recorder, chance, face_of

BOX = (400, 300, 205)


@contextmanager
def at_work(kind: str, folder: Path) -> Iterator[tuple[CubiscanSim, OpenBench, Recorder]]:
    sim, heard = CubiscanSim(face_of(kind, folder), chance(), FAULT), Recorder()
    config = DeviceConfig("dimensioner", "cubiscan", sim.address)
    bench = open_devices([config], heard, timings=DeviceTimings(link=LINK))
    heard.healthy()
    yield sim, bench, heard
    bench.close()
    sim.close()


@pytest.mark.parametrize("kind", ["pty", "tcp"])
def test_it_measures_when_asked_and_when_pressed(kind: str, tmp_path: Path) -> None:
    with at_work(kind, tmp_path) as (sim, bench, heard):
        assert bench.dimensioner is not None
        sim.set_fault("split", on=True)
        sim.place(BOX, 1250)
        bench.dimensioner.measure()
        reading = heard.next(SizeMeasured).reading
        assert (reading.sides_mm, reading.grams) == (BOX, 1250)
        mark = heard.mark
        sim.place((100, 90, 80))
        sim.press()
        assert heard.next(SizeMeasured, after=mark).reading.sides_mm == (100, 90, 80)


@pytest.mark.parametrize(
    ("fault", "state", "error"),
    [
        ("under", SizeState.UNSURE, "under"),
        ("over", SizeState.UNSURE, "over"),
        ("imprecise", SizeState.UNSURE, "imprecise"),
        ("not_zeroed", SizeState.NOT_READY, "zero"),
        ("drop", SizeState.FAULT, "frame"),
    ],
)
def test_what_cannot_be_taken_says_why(
    fault: str, state: SizeState, error: str, tmp_path: Path
) -> None:
    with at_work("pty", tmp_path) as (sim, _, heard):
        sim.place(BOX)
        sim.set_fault(fault, on=True)
        sim.press()
        reading = heard.next(SizeMeasured).reading
        assert (reading.state, reading.error, reading.sides_mm) == (state, error, None)


def test_one_that_does_not_answer_is_a_fault_until_it_does(tmp_path: Path) -> None:
    sim, heard = CubiscanSim(face_of("tcp", tmp_path), chance(), FAULT), Recorder()
    sim.set_fault("stale", on=True)
    talk = DimensionerConversation(
        cubiscan.framer, cubiscan.decode, ask=cubiscan.MEASURE, answer_s=0.1
    )
    reporter = Reporter("dimensioner", heard, seen_gap_s=0.0)
    link = Link(reporter, opener(sim.address, LineSettings()), talk.converse, LINK)
    link.start()
    heard.healthy()
    talk.request()
    link.wake()
    silent = heard.next(SizeMeasured).reading
    assert (silent.state, silent.error) == (SizeState.NOT_READY, "silent")
    lost = heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
    assert lost.cause == "dimensioner.silent"
    mark = heard.mark
    sim.set_fault("stale", on=False)
    sim.place(BOX)
    talk.request()  # the port is being opened anew
    link.wake()
    heard.healthy(after=mark)
    link.close()
    sim.close()


def test_a_pulled_cable_is_told_and_it_comes_back(tmp_path: Path) -> None:
    with at_work("pty", tmp_path) as (sim, bench, heard):
        mark = heard.mark
        sim.set_fault("unplug", on=True)
        gone = heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT, after=mark)
        assert gone.cause == "device.unplugged"
        mark = heard.mark
        sim.set_fault("unplug", on=False)
        heard.healthy(after=mark)
        sim.place(BOX)
        assert bench.dimensioner is not None
        bench.dimensioner.measure()
        assert heard.next(SizeMeasured, after=mark).reading.sides_mm == BOX


def test_devices_read_asks_again_and_again(tmp_path: Path) -> None:
    sim = CubiscanSim(face_of("tcp", tmp_path), chance())
    sim.place(BOX, 740)
    found = list(read(sim.address, "cubiscan", count=2))
    sides = [(one["length_mm"], one["width_mm"], one["height_mm"]) for one in found]
    assert sides == [BOX] * 2
    sim.close()
