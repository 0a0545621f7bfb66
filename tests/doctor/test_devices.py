"""The devices of a bench but its printers, as the doctor finds them."""

from __future__ import annotations

import os
import pty
import socket
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.devices.sim.bench import SimBench
from packstation.devices.sim.models import BenchModels
from packstation.doctor import Finding, State
from packstation.doctor.devices import configured
from packstation.doctor.talking import Heard, side_by_side
from packstation.i18n import LANGUAGES, load
from packstation.settings import DeviceSection
from tests.devices.printers.queues.cups import free_port


def checked(*rows: DeviceSection) -> dict[str, Finding]:
    return {str(one.args["device"]): one for one in configured(rows)}


def one(kind: str, model: str, address: str, **options: object) -> tuple[str, str, str]:
    (found,) = checked(DeviceSection(kind, model, address, options=options)).values()
    assert found.check == "devices"
    return found.key, str(found.state), found.cause


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[SimBench]:
    models = BenchModels(extras=("badge", "light", "cubiscan", "camera"))
    made = SimBench(tmp_path, models=models)
    yield made
    made.close()


def test_a_whole_bench_side_by_side(bench: SimBench) -> None:
    bench.place(1250)
    rows = [
        DeviceSection(row.kind, row.model, row.address, row.id, dict(row.settings))
        for row in bench.configs()
    ]
    begun = time.monotonic()
    found = checked(*rows)
    assert time.monotonic() - begun < 9
    assert {name: str(one.state) for name, one in found.items()} == dict.fromkeys(
        ("scanner", "scale", "badge", "light", "dimensioner", "camera"), "ok"
    )
    assert found["scale"].key == "devices.answers"
    assert "1.250 kg" in str(found["scale"].args["told"])
    assert found["camera"].key == "devices.picture"
    assert found["scanner"].key == found["light"].key == "devices.opens"
    assert bench.light is not None
    assert not bench.light.lit


def test_a_scale_that_says_nothing_or_something_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        assert one("scale", "mt-sics", address) == ("devices.trouble", "fail", "scale.asleep")
    refused = f"tcp://127.0.0.1:{free_port()}"
    assert one("scale", "mt-sics", refused) == ("devices.trouble", "warn", "port.refused")


def test_another_protocol_than_the_rows(bench: SimBench) -> None:
    assert one("scale", "sma", bench.scale.address) == ("devices.trouble", "fail", "scale.garbled")


@pytest.mark.parametrize(
    ("kind", "model", "address"),
    [
        ("scale", "mt-sics", "/dev/ttyNone0"),
        ("scanner", "serial", "usb:0C2E:0B6A:NONE"),
        ("badge", "serial", "/dev/ttyNone0"),
        ("dimensioner", "cubiscan", "/dev/ttyNone0"),
        ("light", "relay", "/dev/ttyNone0"),
        ("camera", "uvc", "/dev/videoNone"),
    ],
)
def test_what_is_not_there(kind: str, model: str, address: str) -> None:
    assert one(kind, model, address) == ("devices.trouble", "fail", "port.missing")


def test_a_port_that_somebody_holds(tmp_path: Path) -> None:
    import serial

    master, slave = pty.openpty()
    tty.setraw(slave)
    name = os.ttyname(slave)
    with serial.Serial(name, exclusive=True):
        assert one("scale", "mt-sics", name) == ("devices.trouble", "warn", "port.busy")
        assert one("light", "relay", name) == ("devices.trouble", "warn", "port.busy")
    os.close(master)
    os.close(slave)


def test_lamps_on_usb(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from busylight_core import Hardware, Light

    class Found:
        path = os.fsencode(tmp_path / "hidraw0")

    lamps: dict[type[Light], list[Found]] = {Light: [Found()]}
    monkeypatch.setattr(Hardware, "enumerate", classmethod(lambda _: []))
    assert one("light", "busylight", "usb") == ("devices.trouble", "fail", "port.missing")
    monkeypatch.setattr(Light, "available_hardware", classmethod(lambda _: lamps))
    assert one("light", "busylight", "usb") == ("devices.opens", "ok", "")
    (tmp_path / "hidraw0").touch()
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert one("light", "busylight", "usb") == ("devices.trouble", "fail", "port.denied")


def test_lights_of_the_network() -> None:
    assert one("light", "tower", "udp://127.0.0.1:9") == ("devices.opens", "ok", "")


def test_keys_cannot_be_told_apart_and_rows_that_are_refused_are_told_elsewhere() -> None:
    assert one("scanner", "keyboard", "keyboard") == ("devices.keys", "ok", "")
    assert one("pedal", "keyboard", "keyboard", keys={"F13": "accept"}) == (
        "devices.keys",
        "ok",
        "",
    )
    assert checked(DeviceSection("scale", "mt-sics", "COM3", options={"period": 5})) == {}
    assert checked(DeviceSection("label", "zpl", "COM3")) == {}


def test_one_that_hangs_keeps_no_other_waiting() -> None:
    late = Heard("port.unreachable")
    done = threading.Event()

    def hangs() -> Heard:
        done.wait(5)
        return Heard()

    assert side_by_side([hangs, Heard], late, 0.2) == [late, Heard()]
    done.set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_have_words(language: str) -> None:
    words = load(language)
    args = {"device": "scale", "kind": "scale", "model": "sma", "address": "a\x1b[2J", "told": "x"}
    for key in ("answers", "opens", "keys", "picture"):
        told = Finding("devices", State.OK, f"devices.{key}", args)
        assert "doctor." not in told.message(words)
        assert "\x1b" not in told.message(words)
        assert told.cure(words) == ""
    told = Finding("devices", State.FAIL, "devices.trouble", args, cause="port.denied")
    assert words.say("port.denied") in told.message(words)
    assert told.cure(words) == words.say("port.denied.cure")
