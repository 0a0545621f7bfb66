"""A camera that comes and goes, freezes, goes dark; its pictures and codes on the way."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
from packstation.devices.camera.pixels import opencv
from packstation.devices.camera.watch import CameraTiming, FrameWatch, Sight, WatchTiming
from packstation.devices.opened import OpenBench
from packstation.devices.sim.camera import CameraSim, Laid, in_rows
from packstation.domain.errors import SettingsError
from packstation.station.frames import Frame
from packstation.station.ports import CodesSeen, DeviceHealth, DeviceState
from tests.devices.rigs import LINK, Recorder

EAN, OTHER, WAYBILL = "6901234567892", "4006381333931", "LX123456785CN"
TIMINGS = DeviceTimings(
    link=LINK,
    camera=CameraTiming(watch=WatchTiming(warm_up=2, frozen_s=0.6, dark_s=0.3)),
)


@pytest.fixture
def sim() -> Iterator[CameraSim]:
    camera = CameraSim(size=(960, 540), fps=30)
    yield camera
    camera.close()


@pytest.fixture
def told() -> Recorder:
    return Recorder()


@pytest.fixture
def bench(sim: CameraSim, told: Recorder) -> Iterator[OpenBench]:
    opened = open_devices([DeviceConfig("camera", "mjpeg", sim.address)], told, timings=TIMINGS)
    yield opened
    opened.close()


def fault(told: Recorder, cause: str, after: int = 0) -> DeviceHealth:
    return told.next(DeviceHealth, lambda one: one.cause == cause, after=after, timeout=15)


def seen(told: Recorder, texts: set[str], after: int = 0) -> CodesSeen:
    def fits(one: CodesSeen) -> bool:
        return {read.text for read in one.reads} == texts

    return told.next(CodesSeen, fits, after=after, timeout=20)


def frame_of(bench: OpenBench, at_least: int = 1) -> Frame:
    port, waits = bench.cameras["camera"], threading.Event()
    for _ in range(300):
        frame = port.latest()
        if frame is not None and frame.seq >= at_least:
            return frame
        waits.wait(0.05)
    raise AssertionError("no picture")


def test_all_codes_on_the_mat_are_seen_with_their_places(
    sim: CameraSim, told: Recorder, bench: OpenBench
) -> None:
    sim.show(in_rows([EAN, OTHER, WAYBILL]))
    report = seen(told, {EAN, OTHER, WAYBILL})
    assert (report.device, report.size) == ("camera", (960, 540))
    middles = {read.text: read.centre for read in report.reads}
    assert middles[EAN][0] < middles[OTHER][0] < middles[WAYBILL][0]
    assert told.healthy().device == "camera"
    assert bench.cameras


def test_equal_codes_are_seen_one_by_one_and_an_empty_mat_is_said_once(
    sim: CameraSim, told: Recorder, bench: OpenBench
) -> None:
    sim.show([Laid(EAN, 0.2, 0.3), Laid(EAN, 0.7, 0.3, 180), Laid(EAN, 0.5, 0.7)])
    told.next(CodesSeen, lambda one: [r.text for r in one.reads] == [EAN] * 3, timeout=20)
    sim.show([])
    mark = told.mark
    seen(told, set(), after=mark)
    frame_of(bench, at_least=frame_of(bench).seq + 10)
    assert sum(not one.reads for one in told.of(CodesSeen)) == 1


def test_a_tilted_label_is_read_within_some_pictures(
    sim: CameraSim, told: Recorder, bench: OpenBench
) -> None:
    sim.show([Laid(EAN, 0.5, 0.5, 33.0)])
    seen(told, {EAN})
    assert bench.cameras


def test_the_newest_picture_waits_for_the_window(
    sim: CameraSim, told: Recorder, bench: OpenBench
) -> None:
    sim.show([Laid(EAN, 0.5, 0.5)])
    seen(told, {EAN})
    frame = frame_of(bench, at_least=frame_of(bench).seq + 5)
    assert (frame.width, frame.height, frame.format) == (640, 360, "bgr888")
    assert frame.full == (960, 540)
    assert len(frame.data) == frame.stride * frame.height
    assert [mark.text for mark in frame.marks] == [EAN]
    assert frame.fps > 1
    assert 80 < frame.brightness < 160
    assert frame.sharpness > 0


def test_unplugged_and_back(sim: CameraSim, told: Recorder, bench: OpenBench) -> None:
    told.healthy()
    mark = told.mark
    sim.set_fault("unplug", on=True)
    lost = told.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT, after=mark)
    assert lost.cause in {"port.lost", "port.refused", "device.unplugged"}
    sim.set_fault("unplug", on=False)
    told.healthy(after=mark)
    assert bench.cameras


def test_equal_pictures_are_a_frozen_camera_which_is_opened_anew(
    sim: CameraSim, told: Recorder, bench: OpenBench
) -> None:
    told.healthy()
    sim.set_fault("frozen", on=True)
    assert fault(told, "camera.frozen").state is DeviceState.FAULT
    mark = told.mark
    sim.set_fault("frozen", on=False)
    told.healthy(after=mark)
    assert bench.cameras


def test_pictures_that_come_too_late_are_frozen_too(
    sim: CameraSim, told: Recorder, bench: OpenBench
) -> None:
    told.healthy()
    sim.set_fault("slow", on=True)
    fault(told, "camera.frozen")
    assert bench.cameras


def test_a_covered_lens_sleeps_and_says_so(
    sim: CameraSim, told: Recorder, bench: OpenBench
) -> None:
    told.healthy()
    sim.set_fault("dark", on=True)
    assert fault(told, "camera.dark").state is DeviceState.ASLEEP
    mark = told.mark
    sim.set_fault("dark", on=False)
    told.healthy(after=mark)
    assert bench.cameras


def test_a_camera_that_was_never_there_is_missing(told: Recorder) -> None:
    rows = [DeviceConfig("camera", "uvc", "/dev/v4l/by-id/usb-none-video-index0")]
    opened = open_devices(rows, told, timings=TIMINGS)
    try:
        assert fault(told, "port.missing").device == "camera"
        assert opened.cameras["camera"].latest() is None
    finally:
        opened.close()


def test_opencv_reads_a_video_as_it_reads_a_camera(told: Recorder, tmp_path: Path) -> None:
    cv, path = opencv(), tmp_path / "mat.avi"
    writer = cv.VideoWriter(str(path), cv.VideoWriter.fourcc(*"MJPG"), 15, (640, 480))
    from packstation.devices.sim.codes import Symbol, label_picture

    chance = np.random.default_rng(1)
    picture = label_picture(Symbol("EAN13", EAN), chance)
    for _ in range(20):
        grain = np.clip(picture + chance.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)
        writer.write(cv.cvtColor(grain, cv.COLOR_GRAY2BGR))
    writer.release()
    # An exposure as Windows counts it: a power of two of seconds.
    row = DeviceConfig("camera", "uvc", str(path), settings={"exposure": -6})
    opened = open_devices([row], told, timings=TIMINGS)
    try:
        assert seen(told, {EAN}).size == (640, 480)
        # The file ends: for a camera that is the cable.
        fault(told, "device.unplugged")
    finally:
        opened.close()


@pytest.mark.parametrize(
    ("model", "address", "settings"),
    [
        ("mjpeg", "ftp://host/x", {}),
        ("mjpeg", "/dev/video0", {}),
        ("uvc", "  ", {}),
        ("webcam", "0", {}),
        ("uvc", "0", {"use": "spy"}),
        ("uvc", "0", {"fps": 0}),
        ("uvc", "0", {"exposure": "short"}),
        ("uvc", "0", {"exposure": True}),
    ],
)
def test_a_row_that_cannot_be_used_is_refused(
    model: str, address: str, settings: dict[str, object], told: Recorder
) -> None:
    with pytest.raises(SettingsError):
        open_devices([DeviceConfig("camera", model, address, settings=settings)], told)


def test_warming_seeing_dark_and_frozen_in_turn() -> None:
    watch, s = FrameWatch(0, WatchTiming(warm_up=1)), 1_000_000_000
    assert watch.picture(b"1", 100, s) is Sight.WARMING
    assert watch.picture(b"2", 100, 2 * s) is Sight.SEES
    assert watch.nothing(4 * s) is Sight.SEES
    assert watch.nothing(5 * s) is Sight.FROZEN
    assert watch.picture(b"3", 2, 6 * s) is Sight.DARK
    assert watch.picture(b"4", 90, 7 * s) is Sight.SEES
    assert watch.picture(b"4", 90, 10 * s) is Sight.FROZEN


def test_nothing_heavy_is_imported_before_a_camera_opens() -> None:
    script = (
        "import sys; import packstation.devices.bench, packstation.devices.camera.worker, "
        "packstation.devices.sim.shelf; "
        "print(sorted({'numpy', 'cv2', 'zxingcpp', 'pyzbar'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
