"""Rows of keyboard scanners, badge readers and pedals as the window's filter gets them."""

from __future__ import annotations

import pytest

from packstation.bootstrap.keyboards import pedals_of, wedge_of
from packstation.devices.bench import DeviceConfig, open_devices
from packstation.domain.errors import SettingsError
from packstation.station.ports import DeviceHealth, DeviceState
from packstation.station.wedge import Key
from tests.devices.rigs import Recorder


def row(kind: str, name: str, **settings: object) -> DeviceConfig:
    return DeviceConfig(kind, "keyboard", "keyboard", name, settings)


PEDAL = row("pedal", "pedal", keys={"F13": "accept", "F14": "next-parcel", "F15": "back"})


def test_without_rows_any_keyboard_is_a_scanner() -> None:
    wedge = wedge_of([DeviceConfig("scanner", "serial", "/dev/ttyACM0")])
    assert wedge.sources == {"wedge"}


def test_rows_name_the_sources() -> None:
    wedge = wedge_of(
        [
            row("scanner", "left"),
            row("scanner", "right", prefix="F20"),
            row("badge", "b", prefix="F21"),
        ]
    )
    assert wedge.sources == {"left", "right", "b"}
    assert wedge.rule.frames == (("F20", "right"), ("F21", "b"))


@pytest.mark.parametrize(
    "rows",
    [
        [row("badge", "badge")],
        [row("scanner", "left"), row("scanner", "right")],
        [row("scanner", "left", prefix="F13"), row("badge", "b", prefix="F13")],
    ],
)
def test_devices_that_could_not_be_told_apart_are_refused(rows: list[DeviceConfig]) -> None:
    with pytest.raises(SettingsError) as caught:
        wedge_of(rows)
    assert caught.value.fields["name"] == "prefix"


def test_a_pedals_keys_are_commands() -> None:
    pedals = pedals_of([row("scanner", "left"), PEDAL])
    step = pedals.press(Key("", 1, "F14"))
    assert step is not None
    assert (step.command, step.device) == ("next-parcel", "pedal")


@pytest.mark.parametrize("keys", [None, {}, "F13", {"F13": "format-disk"}])
def test_pedals_without_meaning_are_refused(keys: object) -> None:
    with pytest.raises(SettingsError) as caught:
        pedals_of([row("pedal", "pedal", keys=keys)])
    assert caught.value.fields["name"] == "keys"


def test_keyboard_devices_have_lamps_like_all_others() -> None:
    heard = Recorder()
    bench = open_devices([PEDAL, row("badge", "badge", prefix="F20")], heard)
    for name in ("pedal", "badge"):
        told = [one for one in heard.of(DeviceHealth) if one.device == name]
        assert [one.state for one in told] == [DeviceState.OK]
    bench.close()
