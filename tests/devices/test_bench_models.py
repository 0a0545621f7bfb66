"""The simulated bench with other models than the demo's: the driver of each row understands it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from packstation.devices.bench import DeviceTimings, open_devices
from packstation.devices.opened import OpenBench
from packstation.devices.recording import Subject, Tape
from packstation.devices.sim.bench import SimBench
from packstation.devices.sim.models import EXTRAS, LABELS, SCALES, BenchModels, checked
from packstation.domain.errors import InputInvalid
from packstation.domain.weights import ScaleState
from packstation.station.ports import (
    CodeScanned,
    DeviceHealth,
    DeviceState,
    ScaleRead,
    SizeMeasured,
)
from tests.cli.terminal import packstation
from tests.devices.rigs import FAULT, LINK, SCANNER, Recorder

FAST = DeviceTimings(LINK, SCANNER)


@contextmanager
def bench(folder: Path, models: BenchModels) -> Iterator[tuple[SimBench, OpenBench, Recorder]]:
    heard = Recorder()
    with ExitStack() as stack:
        sim = SimBench(folder, models=models, print_s=0.01, timing=FAULT)
        stack.callback(sim.close)
        opened = open_devices(sim.configs(), heard, timings=FAST)
        stack.callback(opened.close)
        yield sim, opened, heard


def rests(read: ScaleRead, grams: int) -> bool:
    return read.reading.state is ScaleState.STABLE and read.reading.grams == grams


def is_well(heard: Recorder, device: str) -> None:
    heard.next(DeviceHealth, lambda one: (one.device, one.state) == (device, DeviceState.OK))


@pytest.mark.parametrize("model", SCALES)
def test_every_scale_of_the_bench_is_weighed_on(model: str, tmp_path: Path) -> None:
    with bench(tmp_path, BenchModels(scale=model)) as (sim, _, heard):
        sim.place(740)
        read = heard.next(ScaleRead, lambda one: rests(one, 740))
        assert read.reading.raw


def test_more_devices_stand_there_when_they_are_asked_for(tmp_path: Path) -> None:
    with bench(tmp_path, BenchModels(label="tspl", extras=EXTRAS)) as (sim, opened, heard):
        for name in ("scanner", "badge", "scale", "dimensioner", "label", "label-2", "light"):
            is_well(heard, name)
        assert [device.id for device in sim.view().devices] == [
            *("scanner", "scale", "label", "dimensioner", "label-2", "badge", "light", "camera")
        ]
        assert sim.view().lit == frozenset()
        assert set(opened.cameras) == {"camera"}
        sim.scan("%PB:p-204")
        assert heard.next(CodeScanned).source == "badge"
        sim.scan("6901234567892")
        assert heard.next(CodeScanned, lambda one: one.text == "6901234567892").source == "scanner"


def test_a_box_is_measured_where_it_is_weighed_and_its_label_seen(tmp_path: Path) -> None:
    with bench(tmp_path, BenchModels(extras=EXTRAS)) as (sim, opened, heard):
        is_well(heard, "dimensioner")
        sim.place(740)
        assert opened.dimensioner is not None
        opened.dimensioner.measure()
        assert heard.next(SizeMeasured).reading.sides_mm == (300, 200, 150)
        sim.stick_label("LP123456785CN")
        assert sim.view().stuck == "LP123456785CN"
        with pytest.raises(ValueError, match="no device kettle"):
            sim.set_fault("kettle", "unplug", True)


def test_every_fault_that_is_told_can_be_switched(tmp_path: Path) -> None:
    with bench(tmp_path, BenchModels(extras=EXTRAS)) as (sim, _, _heard):
        told = [(device.id, fault) for device in sim.view().devices for fault in device.faults]
        for device, fault in told:
            sim.set_fault(device, fault, True)
        assert sim.view().faults == set(told)


def test_the_models_of_a_command_line() -> None:
    assert checked("ohaus", "epl2", " badge, light,badge,") == BenchModels(
        "ohaus", "epl2", ("badge", "light")
    )


@pytest.mark.parametrize(
    ("told", "path", "allowed"),
    [
        (("toaster", "zpl", ""), "--scale", SCALES),
        (("ohaus", "folder", ""), "--label", LABELS),
        (("ohaus", "zpl", "badge,drone"), "--with", EXTRAS),
    ],
)
def test_a_model_that_is_none_is_refused_with_those_that_there_are(
    told: tuple[str, str, str], path: str, allowed: tuple[str, ...]
) -> None:
    with pytest.raises(InputInvalid) as refused:
        checked(*told)
    assert (refused.value.fields["path"], refused.value.fields["allowed"]) == (
        path,
        ", ".join(allowed),
    )


def recorded(path: Path, kind: str = "scale") -> Path:
    """A second of an A9 that weighs 1250 g, again and again."""
    now = [0.0]
    tape = Tape(path, Subject("scale", kind, "yaohua-a9"), clock=lambda: now[0])
    for _ in range(12):
        now[0] += 0.1
        tape.note("in", b"\x02+00125031E\x03")
    tape.close()
    return path


def test_a_scale_says_what_was_recorded_elsewhere(tmp_path: Path) -> None:
    models = checked("", "zpl", "", recorded(tmp_path / "x.jsonl"))
    assert models.scale == "yaohua-a9"
    with bench(tmp_path / "bench", models) as (sim, _, heard):
        sim.place(740)
        assert heard.next(ScaleRead, lambda one: rests(one, 1250)).reading.stability == "software"
        assert sim.view().on_scale_g == 0
        scale = next(one for one in sim.view().devices if one.kind == "scale")
        assert "unplug" in scale.faults
        assert "unstable" not in scale.faults
        sim.set_fault("scale", "unplug", True)
        heard.next(DeviceHealth, lambda one: one.cause == "device.unplugged")
        mark = heard.mark
        sim.set_fault("scale", "unplug", False)
        heard.next(ScaleRead, lambda one: rests(one, 1250), after=mark)
    assert {one.reading.grams for one in heard.of(ScaleRead)} <= {None, 1250}


def test_what_is_no_recording_of_a_scale_is_refused(tmp_path: Path) -> None:
    for path, word in (
        (recorded(tmp_path / "x", "scanner"), "of a scale"),
        (tmp_path / "n", "No "),
    ):
        with pytest.raises(InputInvalid) as refused:
            checked("", "zpl", "", path)
        assert word in str(refused.value.fields["allowed"])
    robot = packstation("demo", "--headless", "--replay", str(tmp_path / "x"))
    assert robot.status == 2
    assert "--headless" in robot.err
