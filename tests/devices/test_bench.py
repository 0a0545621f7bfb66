from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
from packstation.devices.opened import OpenBench
from packstation.devices.sim import mt_sics
from packstation.devices.sim.bench import SimBench
from packstation.devices.sim.pan import ScaleFacts
from packstation.devices.sim.scale import ScaleSim
from packstation.domain.errors import DeviceOffline, SettingsError
from packstation.domain.weights import ScaleState
from packstation.station.ports import (
    BenchControls,
    CodeScanned,
    DeviceHealth,
    DeviceState,
    PrintJob,
    PrintProgress,
    ScaleRead,
)
from tests.contracts.test_printer import TIMING
from tests.devices.rigs import FAULT, LINK, SCALE, SCANNER, Recorder, face_of, scale_sim

FAST = DeviceTimings(LINK, SCANNER, SCALE, TIMING)
LABEL = b"^XA^FO10,10^BCN,100,N^FH_^FD>;LP_31>623456785CN^FS^FO0,0^FDTo: x^FS^XZ"


class Rig:
    def __init__(self, sim: SimBench, bench: OpenBench, heard: Recorder) -> None:
        self.sim = sim
        self.controls: BenchControls = sim
        self.bench = bench
        self.heard = heard

    def well(self, *devices: str) -> None:
        for device in devices:
            self.is_well(device)

    def is_well(self, device: str) -> None:
        self.heard.next(
            DeviceHealth, lambda one: (one.device, one.state) == (device, DeviceState.OK)
        )

    def printed(self, printer: str) -> None:
        self.heard.next(
            PrintProgress, lambda one: (one.printer, one.outcome) == (printer, "printed")
        )


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    sim = SimBench(tmp_path, scale=ScaleFacts(settle_s=0.03), print_s=0.01, timing=FAULT)
    heard = Recorder()
    bench = open_devices(sim.configs(), heard, timings=FAST)
    rig = Rig(sim, bench, heard)
    rig.well("scanner", "scale", "label", "papers")
    yield rig
    bench.close()
    sim.close()


def test_a_whole_bench_scans_weighs_and_prints(rig: Rig, tmp_path: Path) -> None:
    rig.controls.scan("6901234567892", "]E0")
    assert rig.heard.next(CodeScanned).source == "scanner"
    rig.controls.place(740)
    rig.heard.next(ScaleRead, lambda one: one.reading.grams == 740)
    rig.bench.printer_for("label").submit(PrintJob("p1/1/label", "label", LABEL, "zpl"))
    rig.bench.printer_for("cn22").submit(PrintJob("p1/1/cn22", "cn22", b"%PDF", "pdf"))
    rig.printed("label")
    rig.printed("papers")
    rig.controls.stick_label("LP123456785CN")
    view = rig.controls.view()
    assert (view.on_scale_g, view.stuck, view.faults) == (740, "LP123456785CN", frozenset())
    (paper,) = rig.controls.papers()
    assert (paper.number, paper.payload, paper.waybill) == (1, LABEL, "LP123456785CN")
    assert (tmp_path / "printed" / "000001.zpl").read_bytes() == LABEL
    assert (tmp_path / "papers" / "p1%2F1%2Fcn22.pdf").read_bytes() == b"%PDF"


@pytest.mark.parametrize("device", ["scanner", "scale", "label"])
def test_a_pulled_cable_is_seen_and_comes_back(rig: Rig, device: str) -> None:
    mark = rig.heard.mark
    rig.controls.set_fault(device, "unplug", True)
    rig.heard.next(
        DeviceHealth,
        lambda one: one.device == device and one.state is DeviceState.FAULT,
        after=mark,
    )
    assert rig.controls.view().faults == {(device, "unplug")}
    mark = rig.heard.mark
    rig.controls.set_fault(device, "unplug", False)
    rig.heard.healthy(after=mark)
    assert rig.controls.view().faults == frozenset()


def test_unknown_devices_and_faults_are_refused(rig: Rig) -> None:
    with pytest.raises(ValueError, match="scanner, scale, label"):
        rig.controls.set_fault("camera", "unplug", True)
    with pytest.raises(ValueError, match="unstable"):
        rig.controls.set_fault("scale", "paper_out", True)


def test_labels_of_an_earlier_run_stay_and_numbers_go_on(rig: Rig, tmp_path: Path) -> None:
    job = PrintJob("p1/1/label", "label", LABEL, "zpl")
    rig.bench.printer_for("label").submit(job)
    rig.heard.next(PrintProgress, lambda one: one.outcome == "printed")
    again = SimBench(tmp_path)
    assert [paper.number for paper in again.papers()] == [1]
    again.close()


def test_an_unstable_scale_under_the_same_seed_swings_the_same(tmp_path: Path) -> None:
    def swings(folder: Path) -> list[str]:
        sim = SimBench(folder, seed=5)
        sim.set_fault("scale", "unstable", True)
        sim.place(500)
        assert isinstance(sim.scale, ScaleSim)
        answers = [mt_sics.answer(b"SI", sim.scale.pan).decode() for _ in range(5)]
        sim.close()
        return answers

    first, second = swings(tmp_path / "a"), swings(tmp_path / "b")
    assert first == second
    assert all(answer.startswith("S D") for answer in first)


def test_a_device_that_is_not_there_is_waited_for(tmp_path: Path) -> None:
    heard = Recorder()
    config = DeviceConfig("scale", "mt-sics", str(tmp_path / "scale"), id="scale-2")
    bench = open_devices([config], heard, timings=FAST)
    health = heard.next(DeviceHealth)
    assert (health.device, health.cause) == ("scale-2", "port.missing")
    bench.close()


def test_a_document_without_a_printer_says_which_is_missing() -> None:
    bench = open_devices([], Recorder())
    with pytest.raises(DeviceOffline) as offline:
        bench.printer_for("cn22")
    assert offline.value.fields == {"device": "papers", "cause": "device.not_configured"}


GOOD = DeviceConfig("scale", "mt-sics", "COM3")


@pytest.mark.parametrize(
    ("config", "name"),
    [
        (replace(GOOD, id="2", kind="drone"), "DEVICES[2].kind"),
        (replace(GOOD, id="2", model="toaster"), "DEVICES[2].model"),
        (replace(GOOD, kind="scanner"), "DEVICES[scanner].model"),
        (replace(GOOD, kind="label"), "DEVICES[label].model"),
        (replace(GOOD, id="2", address="tcp://"), "DEVICES[2].address"),
        (replace(GOOD, id="2", settings={"baud": "fast"}), "DEVICES[2].baud"),
        (replace(GOOD, id="2", settings={"period_ms": 0}), "DEVICES[2].period_ms"),
        (replace(GOOD, id="2", settings={"unit": "kilo"}), "DEVICES[2].unit"),
        (replace(GOOD, id="2"), "DEVICES[2].address"),
        (replace(GOOD, address="tcp://127.0.0.1:9"), "DEVICES.id"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_before_anything_opens(
    config: DeviceConfig, name: str
) -> None:
    heard = Recorder()
    with pytest.raises(SettingsError) as refused:
        open_devices([GOOD, config], heard)
    assert refused.value.fields["name"] == name
    assert heard.happenings == []


def test_settings_reach_the_devices(rig: Rig) -> None:
    heard = Recorder()
    rig.bench.close()
    scale = replace(rig.sim.configs()[1], settings={"period_ms": 20, "unit": "kg", "parity": "n"})
    bench = open_devices([scale], heard, timings=FAST)
    one = heard.next(ScaleRead, lambda one: one.reading.state is ScaleState.STABLE)
    assert one.reading.unit == "kg"
    bench.close()


@pytest.mark.parametrize("capacity", ["much", "0", "-3", "NaN", True])
def test_a_capacity_that_is_none_is_named(capacity: object) -> None:
    config = DeviceConfig("scale", "yaohua-a9", "/dev/null", settings={"capacity": capacity})
    with pytest.raises(SettingsError) as caught:
        open_devices([config], Recorder())
    assert caught.value.fields["name"] == "DEVICES[scale].capacity"


def test_more_than_the_capacity_is_over_whatever_the_scale_says(tmp_path: Path) -> None:
    heard = Recorder()
    sim = scale_sim(face_of("pty", tmp_path), model="yaohua-a9")
    config = DeviceConfig("scale", "yaohua-a9", sim.address, settings={"capacity": "6.5"})
    bench = open_devices([config], heard, timings=DeviceTimings(link=LINK))
    sim.place(7000)
    over = heard.next(ScaleRead, lambda one: one.reading.state is ScaleState.OVER).reading
    assert (over.value, over.grams) == (None, None)
    mark = heard.mark
    sim.place(6000)
    heard.next(ScaleRead, lambda one: one.reading.grams == 6000, after=mark)
    bench.close()
    sim.close()
