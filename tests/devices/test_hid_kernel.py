"""HID scale and scanner: by the real hidapi over a kernel of umockdev, and over the simulators.

No kernel here lends a hidraw node to a program (/dev/uhid is not there). umockdev lists, opens,
answers ioctls and gives reports, but its nodes outlive their device: unplugging is the simulators'.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
from packstation.devices.hid import list_scales
from packstation.devices.sim.hid_scale import HidScaleSim
from packstation.domain.weights import ScaleState
from packstation.station.ports import DeviceHealth, DeviceState, ScaleRead
from tests.devices.mocking import told
from tests.devices.rigs import FAULT, LINK, Recorder, chance


@pytest.fixture(scope="module")
def kernel(repository: Path) -> dict[str, Any]:
    return told(repository, "tests/devices/mocked_hid.py")


def test_hidraw_nodes_are_listed_by_what_their_descriptors_say(kernel: dict[str, Any]) -> None:
    (scale,), (scanner,) = kernel["scales"], kernel["scanners"]
    assert (scale["port"], scale["address"]) == ("/dev/hidraw0", "usb:0922:8003:0012")
    assert (scanner["port"], scanner["by_path"]) == ("/dev/hidraw1", "usb:0C2E:0B6A@1-2")
    assert kernel["gone"] == []


def test_reports_of_a_hidraw_node_are_weights(kernel: dict[str, Any]) -> None:
    assert kernel["scale"][0] == ["ZERO", 0]
    assert kernel["scale"][1] == ["MOTION", None]
    assert kernel["scale"][-1] == ["STABLE", 300]
    assert ["scale", "ok", ""] in kernel["health"]


def test_reports_of_a_hidraw_node_are_codes_by_the_descriptor_of_an_ioctl(
    kernel: dict[str, Any],
) -> None:
    long = "https://id.gs1.org/01/09521234543213/10/ABC1/21/12345678901234567890?17=270101"
    assert kernel["scanner"] == [["6901234567892", "]E0"], [long, "]Q1"]]


@pytest.fixture
def scale() -> Iterator[tuple[HidScaleSim, Recorder]]:
    sim, heard = HidScaleSim(chance(), timing=FAULT), Recorder()
    timings = DeviceTimings(link=LINK, hid=lambda: sim.face)
    bench = open_devices([DeviceConfig("scale", "hid-pos", sim.address)], heard, timings=timings)
    heard.healthy()
    yield sim, heard
    bench.close()
    sim.close()


def until(heard: Recorder, state: ScaleState, after: int = 0) -> ScaleRead:
    return heard.next(ScaleRead, lambda one: one.reading.state is state, after=after)


def test_a_simulated_hid_scale_is_listed_and_weighs(scale: tuple[HidScaleSim, Recorder]) -> None:
    sim, heard = scale
    (row,) = list_scales(lambda: sim.face)
    assert row["address"] == sim.address
    assert until(heard, ScaleState.ZERO).reading.grams == 0
    sim.place(1250)
    assert until(heard, ScaleState.STABLE).reading.grams == 1250
    mark = heard.mark
    sim.place(20_000)
    assert until(heard, ScaleState.OVER, mark).reading.value is None
    sim.place(-50)
    assert until(heard, ScaleState.UNDER, mark).reading.grams is None


def test_its_faults_move_silence_and_pull_it(scale: tuple[HidScaleSim, Recorder]) -> None:
    sim, heard = scale
    sim.place(1250)
    until(heard, ScaleState.STABLE)
    mark = heard.mark
    sim.set_fault("unstable", on=True)
    assert until(heard, ScaleState.MOTION, mark).reading.grams is None
    sim.set_fault("unstable", on=False)
    sim.set_fault("stale", on=True)
    asleep = heard.next(DeviceHealth, lambda one: one.state is DeviceState.ASLEEP, after=mark)
    assert asleep.cause == "scale.asleep"
    sim.set_fault("stale", on=False)
    sim.set_fault("delay", on=True)
    until(heard, ScaleState.STABLE, heard.mark)
    mark = heard.mark
    sim.set_fault("unplug", on=True)
    gone = heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT, after=mark)
    assert gone.cause == "device.unplugged"
    assert heard.of(ScaleRead)[-1].reading.value is None
    assert list_scales(lambda: sim.face) == []
    mark = heard.mark
    sim.set_fault("unplug", on=False)
    heard.healthy(after=mark)
    assert until(heard, ScaleState.STABLE, mark).reading.grams == 1250
