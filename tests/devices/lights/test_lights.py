"""Andon lights: right frames, dark at the end, and a broken lamp that disturbs nobody."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
from packstation.devices.health import Reporter
from packstation.devices.lights.colours import COLOURS, TOUR, colour_of
from packstation.devices.lights.frames import (
    channels_of,
    relay_frame,
    relay_frames,
    tower_frames,
)
from packstation.devices.lights.lamp import FrameLight, Moods
from packstation.devices.lights.udp import udp_opener
from packstation.devices.lights.usb import UsbLight, answers_to
from packstation.devices.sim.light import RelayLightSim
from packstation.domain.errors import SettingsError
from packstation.station.mood import Mood
from packstation.station.ports import DeviceHealth, DeviceState
from tests.devices.rigs import LINK, Recorder, chance, face_of, linked

# --- bytes ---------------------------------------------------------------------------------


def test_relay_frames_are_those_of_the_reference() -> None:
    assert relay_frame(1, on=True) == bytes.fromhex("A0 01 01 A2")
    assert relay_frame(1, on=False) == bytes.fromhex("A0 01 00 A1")


def test_every_mood_has_a_colour_and_dark_comes_before_light() -> None:
    assert COLOURS.keys() == set(Mood)
    assert colour_of("sunset").rgb == (0, 0, 0)
    frames = relay_frames({"green": 1, "red": 4})
    assert frames["stopped"] == relay_frame(1, on=False) + relay_frame(4, on=True)
    assert frames["waiting"] == relay_frame(1, on=False) + relay_frame(4, on=False)


@pytest.mark.parametrize(
    "value",
    [{}, "green", {"blue": 1}, {"red": 0}, {"red": 9}, {"red": True}, {"red": 1, "green": 1}],
)
def test_channels_that_are_none_are_refused(value: object) -> None:
    with pytest.raises(SettingsError):
        channels_of(value)


def test_a_tower_is_a_table_of_frames() -> None:
    frames = tower_frames({"off": "00", "stopped": "01 02"})
    assert (frames["stopped"], frames["working"]) == (b"\x01\x02", b"\x00")
    assert tower_frames(None)["stopped"] == b"W\x01"
    assert channels_of(None)["red"] == 3
    assert channels_of({"red": 2}) == {"red": 2}


@pytest.mark.parametrize(
    "value", [{}, {"off": ""}, {"off": "zz"}, {"stopped": "01"}, {"off": "00", "party": "01"}, 7]
)
def test_frames_that_are_none_are_refused(value: object) -> None:
    with pytest.raises(SettingsError):
        tower_frames(value)


# --- a relay on a line ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["pty", "tcp"])
def test_a_relay_light_follows_moods_and_goes_dark_when_it_is_closed(
    kind: str, tmp_path: Path
) -> None:
    sim = RelayLightSim(face_of(kind, tmp_path), chance())
    heard = Recorder()
    row = DeviceConfig("light", "relay", sim.address)
    bench = open_devices([row], heard, timings=DeviceTimings(link=LINK))
    heard.healthy()
    light = bench.lights["light"]
    light.show("working")
    assert sim.wait_for("green")
    light.show("stopped")
    assert sim.wait_for("red")
    bench.close()
    assert sim.wait_for()
    sim.close()


def test_a_lamp_that_was_unplugged_shows_the_last_mood_when_it_is_back(tmp_path: Path) -> None:
    sim = RelayLightSim(face_of("pty", tmp_path), chance())
    light = FrameLight(relay_frames(channels_of(None)), refresh_s=0.05)
    light.moods.set("waiting")
    with linked(sim.address, light.converse) as heard:
        assert sim.wait_for("amber")
        sim.set_fault("unplug", on=True)
        heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
        light.moods.set("stopped")
        sim.set_fault("unplug", on=False)
        assert sim.wait_for("red")
        sim.set_fault("stuck", on=True)
        light.moods.set("working")
        assert not sim.wait_for("green", timeout=0.2)
        sim.set_fault("stuck", on=False)
        assert sim.wait_for("green")
    assert sim.wait_for()
    assert sim.lit == frozenset()
    sim.close()


def test_a_test_shows_all_colours_and_then_the_mood_again() -> None:
    moods = Moods(tour_s=0.5)
    moods.set("working")
    moods.tour()
    shown = [moods.next(5.0) for _ in range(len(TOUR) + 1)]
    assert shown == [*((mood, 0.5) for mood in TOUR), ("working", 5.0)]


# --- a tower in the network ----------------------------------------------------------------


def test_a_tower_gets_datagrams_and_is_dark_at_the_end() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tower:
        tower.bind(("127.0.0.1", 0))
        tower.settimeout(5)
        heard = Recorder()
        address = f"udp://127.0.0.1:{tower.getsockname()[1]}"
        row = DeviceConfig("light", "tower", address)
        bench = open_devices([row], heard, timings=DeviceTimings(link=LINK))
        assert tower.recv(16) == b"W\x00"
        bench.lights["light"].show("stopped")
        while tower.recv(16) != b"W\x01":
            pass
        bench.close()
        assert tower.recv(16) == b"W\x00"


def test_a_tower_that_nobody_listens_at_is_a_fault_and_no_more() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        number = gone.getsockname()[1]
    heard = Recorder()
    row = DeviceConfig("light", "tower", f"udp://127.0.0.1:{number}")
    bench = open_devices([row], heard, timings=DeviceTimings(link=LINK))
    fault = heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
    assert fault.cause.startswith(("port.", "device."))
    bench.lights["light"].show("working")
    bench.close()


@pytest.mark.parametrize("address", ["udp://", "udp://host", "udp://host:0", "udp://host:99999"])
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(SettingsError):
        udp_opener(address)


def test_a_light_on_a_line_can_be_tested_and_tried_again(tmp_path: Path) -> None:
    sim = RelayLightSim(face_of("pty", tmp_path), chance())
    heard = Recorder()
    row = DeviceConfig("light", "relay", sim.address)
    bench = open_devices([row], heard, timings=DeviceTimings(link=LINK))
    heard.healthy()
    light = bench.lights["light"]
    light.test()
    assert sim.wait_for_tour("green", "amber", "red")
    light.retry_now()
    bench.close()
    sim.close()


# --- a USB light -----------------------------------------------------------------------------


class Lamp:
    """A light of busylight-core's shape that can be pulled out."""

    def __init__(self) -> None:
        self.shown: queue.Queue[tuple[int, int, int]] = queue.Queue()
        self.broken = threading.Event()
        self.released = threading.Event()

    def on(self, color: tuple[int, int, int]) -> None:
        if self.broken.is_set():
            raise RuntimeError("the library's own error")
        self.shown.put(color)

    def off(self) -> None:
        self.shown.put((0, 0, 0))

    def release(self) -> None:
        self.released.set()

    def wait_for(self, mood: str) -> bool:
        while self.shown.get(timeout=5) != colour_of(mood).rgb:
            pass
        return True


def usb(find: Callable[[], list[Lamp]], heard: Recorder) -> UsbLight:
    return UsbLight(Reporter("light", heard), find, refresh_s=0.02, retry_s=0.02)


def test_a_usb_light_shows_the_mood_and_is_given_back_dark() -> None:
    lamp, heard = Lamp(), Recorder()
    light = usb(lambda: [lamp], heard)
    heard.healthy()
    light.show("stopped")
    assert lamp.wait_for("stopped")
    light.test()
    assert all(lamp.wait_for(mood) for mood in TOUR)
    light.close()
    assert lamp.released.is_set()
    assert lamp.shown.queue[-1] == (0, 0, 0)


@dataclass(frozen=True)
class Plug:
    vendor_id: int = 0x27B8
    product_id: int = 0x01ED
    serial_number: str = "A1"
    path: bytes = b"/dev/hidraw3"


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("usb", True),
        ("", True),
        ("usb:27b8:01ed", True),
        ("usb:27B8:01ED:A1", True),
        ("/dev/hidraw3", True),
        ("usb:27b8:01ed:A2", False),
        ("usb:27b8:01ee", False),
        ("usb:27b8", False),
        ("hid:27b8:01ed", False),
        ("/dev/hidraw4", False),
    ],
)
def test_a_lamp_is_chosen_by_its_numbers_or_its_path(address: str, *, meant: bool) -> None:
    assert answers_to(Plug(), address) is meant


def test_a_second_lamp_stays_free_for_who_means_it() -> None:
    mine, other, heard, asked = Lamp(), Lamp(), Recorder(), list[str]()

    def find(address: str) -> list[Lamp]:
        asked.append(address)
        return [mine, other]

    row = DeviceConfig("light", "busylight", "usb:27b8:01ed:A1")
    bench = open_devices([row], heard, timings=DeviceTimings(lamps=find))
    heard.healthy()
    assert other.released.wait(5)
    assert asked == ["usb:27b8:01ed:A1"]
    bench.lights["light"].show("stopped")
    assert mine.wait_for("stopped")
    bench.close()


def test_a_usb_light_that_breaks_is_reported_once_and_comes_back() -> None:
    lamp, heard = Lamp(), Recorder()
    there = [lamp]
    light = usb(lambda: list(there), heard)
    heard.healthy()
    there.clear()
    lamp.broken.set()
    lost = heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
    assert lost.cause == "device.unplugged"
    back = heard.mark
    lamp.broken.clear()
    there.append(lamp)
    light.retry_now()
    heard.healthy(after=back)
    light.close()
    faults = [one for one in heard.of(DeviceHealth) if one.state is DeviceState.FAULT]
    assert len(faults) == 1


def test_the_systems_own_usb_lights_can_be_looked_for() -> None:
    heard = Recorder()
    bench = open_devices([DeviceConfig("light", "busylight", "usb")], heard)
    assert heard.next(DeviceHealth, timeout=30.0).cause == "port.missing"
    bench.close()


def test_what_the_library_says_of_its_own_failure_is_kept() -> None:
    heard = Recorder()

    def fails() -> list[Lamp]:
        raise RuntimeError("no backend for HID")

    light = usb(fails, heard)
    lost = heard.next(DeviceHealth)
    assert lost.cause == "port.missing"
    assert "no backend for HID" in lost.detail
    light.close()
