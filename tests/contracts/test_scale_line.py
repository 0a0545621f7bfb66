"""What only a scale on a real line can go through."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.devices.sim.scale import ScaleSim
from packstation.domain.weights import Reading, ScaleState
from packstation.station.ports import DeviceHealth, DeviceState, ScaleRead
from tests.contracts.test_scale import scale_at_work
from tests.devices.rigs import Recorder


class Rig:
    def __init__(self, scale: ScaleSim, heard: Recorder) -> None:
        self.scale = scale
        self.heard = heard

    def until(self, state: ScaleState, *, grams: int | None = None) -> Reading:
        """The next reading of that state from now on."""
        return self.heard.next(
            ScaleRead,
            lambda one: one.reading.state is state and grams in {None, one.reading.grams},
            after=self.heard.mark,
        ).reading


@pytest.fixture(params=["pty", "tcp"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with scale_at_work(request.param, tmp_path) as (scale, heard):
        yield Rig(scale, heard)


@pytest.mark.parametrize(("grams", "state"), [(31_000, ScaleState.OVER), (-50, ScaleState.UNDER)])
def test_out_of_range_has_no_weight(rig: Rig, grams: int, state: ScaleState) -> None:
    rig.scale.place(grams)
    assert rig.until(state).grams is None


def test_an_unstable_scale_is_never_captured(rig: Rig) -> None:
    rig.scale.set_fault("unstable", on=True)
    rig.scale.place(500)
    assert rig.until(ScaleState.MOTION).grams is None


def test_a_sleeping_scale_is_no_fault_and_clears_its_weight(rig: Rig) -> None:
    rig.scale.place(500)
    rig.until(ScaleState.STABLE, grams=500)
    mark = rig.heard.mark
    rig.scale.set_fault("stale", on=True)
    health = rig.heard.next(DeviceHealth, after=mark)
    assert (health.state, health.cause) == (DeviceState.ASLEEP, "scale.asleep")
    last = rig.heard.of(ScaleRead)[-1].reading
    assert (last.state, last.value, last.error) == (ScaleState.NOT_READY, None, "silent")
    mark = rig.heard.mark
    rig.scale.set_fault("stale", on=False)
    rig.heard.healthy(after=mark)
    assert rig.until(ScaleState.STABLE).grams == 500


def test_an_unplugged_scale_clears_its_weight_and_comes_back(rig: Rig) -> None:
    rig.scale.place(500)
    rig.until(ScaleState.STABLE, grams=500)
    mark = rig.heard.mark
    rig.scale.set_fault("unplug", on=True)
    gone = rig.heard.next(DeviceHealth, after=mark)
    assert gone.state is DeviceState.FAULT
    last = rig.heard.of(ScaleRead)[-1].reading
    assert (last.state, last.value, last.error) == (ScaleState.NOT_READY, None, "offline")
    mark = rig.heard.mark
    rig.scale.set_fault("unplug", on=False)
    assert rig.heard.healthy(after=mark).detail == "SIM0001"
    assert rig.until(ScaleState.STABLE).grams == 500


@pytest.mark.parametrize("fault", ["garble", "drop"])
def test_damaged_frames_are_faults_and_never_another_weight(rig: Rig, fault: str) -> None:
    rig.scale.place(12_345)
    rig.until(ScaleState.STABLE, grams=12_345)
    mark = rig.heard.mark
    rig.scale.set_fault(fault, on=True)
    for _ in range(20):
        assert rig.until(ScaleState.FAULT).grams is None
    if fault == "drop":
        grams = {one.reading.grams for one in rig.heard.of(ScaleRead)[mark:]}
        assert grams <= {None, 12_345}


def test_a_line_of_garbage_is_a_fault_of_the_scale(rig: Rig) -> None:
    mark = rig.heard.mark
    rig.scale.say(b"garbage\r\n" * 10)
    health = rig.heard.next(DeviceHealth, after=mark)
    assert (health.state, health.cause) == (DeviceState.FAULT, "scale.garbled")
    rig.heard.healthy(after=rig.heard.happenings.index(health))


@pytest.mark.parametrize("fault", ["split", "merge", "delay"])
def test_chopped_and_late_frames_are_read(rig: Rig, fault: str) -> None:
    rig.scale.set_fault(fault, on=True)
    rig.scale.place(800)
    assert rig.until(ScaleState.STABLE, grams=800).unit == "kg"
