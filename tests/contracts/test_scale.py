"""Every scale, and the fake, reports what lies on it the same way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from packstation.devices.catalogue import scale_model
from packstation.devices.sim.pan import ScaleFacts
from packstation.devices.sim.scale import ScaleSim
from packstation.devices.weighing import ScaleConversation
from packstation.domain.weights import ScaleState
from packstation.station.ports import DeviceHealth, DeviceState, ScaleRead
from tests.devices.rigs import FAULT, SCALE, Recorder, face_of, linked, scale_sim
from tests.fakes import FakeScale

Place = Callable[[int], None]


@contextmanager
def scale_at_work(kind: str, folder: Path) -> Iterator[tuple[ScaleSim, Recorder]]:
    """A simulated scale on a pty or TCP, and what the driver says of it."""
    scale = scale_sim(face_of(kind, folder), ScaleFacts(settle_s=0.05), FAULT)
    conversation = ScaleConversation(scale_model("mt-sics"), timing=SCALE)
    with linked(scale.address, conversation.converse) as heard:
        heard.healthy()
        yield scale, heard
    scale.close()


@pytest.fixture(params=["pty", "tcp", "fake"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Place, Recorder]]:
    if request.param == "fake":
        heard = Recorder()
        yield FakeScale(heard, "device").place, heard
        return
    with scale_at_work(request.param, tmp_path) as (scale, heard):
        yield scale.place, heard


def stable(heard: Recorder, grams: int) -> ScaleRead:
    return heard.next(ScaleRead, lambda one: one.reading.grams == grams)


def test_a_scale_that_answers_is_well(rig: tuple[Place, Recorder]) -> None:
    _, heard = rig
    health = heard.of(DeviceHealth)[0]
    assert (health.device, health.state) == ("device", DeviceState.OK)


def test_reports_what_lies_on_the_pan(rig: tuple[Place, Recorder]) -> None:
    place, heard = rig
    place(1015)
    one = stable(heard, 1015)
    assert (one.reading.value, one.reading.unit) == (Decimal("1.015"), "kg")
    assert (one.device, one.reading.stability) == ("device", "device")


def test_moves_before_it_is_stable(rig: tuple[Place, Recorder]) -> None:
    place, heard = rig
    mark = heard.mark
    place(740)
    steady = stable(heard, 740)
    readings = [one for one in heard.happenings[mark:] if isinstance(one, ScaleRead)]
    before = [one.reading.state for one in readings[: readings.index(steady)]]
    assert ScaleState.MOTION in before


def test_readings_carry_the_time_in_order(rig: tuple[Place, Recorder]) -> None:
    place, heard = rig
    place(740)
    stable(heard, 740)
    place(0)
    heard.next(ScaleRead, lambda one: one.reading.grams == 0, after=heard.mark - 1)
    times = [one.mono_ns for one in heard.of(ScaleRead)]
    assert times == sorted(set(times))
