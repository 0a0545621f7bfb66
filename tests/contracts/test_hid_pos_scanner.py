"""A HID-POS scanner on a bench: the same rows, reports and lamps as one on a line."""

from __future__ import annotations

import platform
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from packstation.devices import hid
from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
from packstation.devices.hid import list_scanners
from packstation.devices.opened import OpenBench
from packstation.devices.sim.hid import HidIdentity
from packstation.devices.sim.hid_scanner import HONEYWELL, NEWLAND, HidScannerSim
from packstation.domain.errors import SettingsError
from packstation.station.ports import CodeScanned, DeviceHealth, DeviceState
from tests.devices.rigs import FAULT, LINK, SCANNER, Recorder, chance

EAN = "6901234567892"
LONG = "https://id.gs1.org/01/09521234543213/10/ABC1/21/12345678901234567890?17=270101"


class Rig:
    """A simulated scanner, and a bench that has opened it."""

    def __init__(self, identity: HidIdentity, **settings: object) -> None:
        self.heard = Recorder()
        self.sim = HidScannerSim(identity, chance(), FAULT)
        timings = DeviceTimings(link=LINK, scanner=SCANNER, hid=lambda: self.sim.face)
        row = DeviceConfig("scanner", "hid-pos", self.sim.address.rstrip(":"), settings=settings)
        self.bench: OpenBench = open_devices([row], self.heard, timings=timings)

    def close(self) -> None:
        self.bench.close()
        self.sim.close()


@pytest.fixture(params=[HONEYWELL, NEWLAND], ids=["honeywell", "newland"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    rig = Rig(request.param)
    rig.heard.healthy()
    yield rig
    rig.close()


def test_codes_come_whole_however_long(rig: Rig) -> None:
    rig.sim.scan(EAN, "]E0")
    scan = rig.heard.next(CodeScanned)
    aim = "]E0" if rig.sim.face.identity is HONEYWELL else ""
    assert (scan.text, scan.aim, scan.source, scan.raw) == (EAN, aim, "scanner", EAN.encode())
    rig.sim.scan(LONG, "]Q1")
    assert rig.heard.next(CodeScanned, lambda one: one.text == LONG).error == ""


def test_reports_without_their_id_are_the_same_codes(rig: Rig) -> None:
    rig.sim.set_fault("stripped", on=True)
    rig.sim.scan(LONG)
    assert rig.heard.next(CodeScanned).text == LONG


def test_a_lost_report_is_a_torn_code_and_the_next_is_whole(rig: Rig) -> None:
    rig.sim.set_fault("lose", on=True)
    rig.sim.scan(LONG)
    torn = rig.heard.next(CodeScanned)
    assert (torn.error, torn.text[-1]) == ("torn", "…")
    rig.sim.set_fault("lose", on=False)
    rig.sim.scan(EAN)
    assert rig.heard.next(CodeScanned, lambda one: one.text == EAN).error == ""


def test_a_trigger_held_down_is_one_scan(rig: Rig) -> None:
    for _ in range(3):
        rig.sim.scan(EAN)
    rig.sim.scan("T-1")
    rig.heard.next(CodeScanned, lambda one: one.text == "T-1")
    assert [one.text for one in rig.heard.of(CodeScanned)] == [EAN, "T-1"]


def test_a_cable_comes_and_goes(rig: Rig) -> None:
    mark = rig.heard.mark
    rig.sim.set_fault("unplug", on=True)
    lost = rig.heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT, after=mark)
    assert lost.cause == "device.unplugged"
    back = rig.heard.mark
    rig.sim.set_fault("unplug", on=False)
    rig.heard.healthy(after=back)
    rig.sim.scan(EAN)
    assert rig.heard.next(CodeScanned, after=back).text == EAN


def test_a_honeywell_is_put_into_hid_mode_and_beeps_on_command() -> None:
    rig = Rig(HONEYWELL)
    rig.heard.healthy()
    assert rig.sim.face.features == [b"\xfe\x01"]
    scanner = rig.bench.scanners["scanner"]
    assert scanner.actions == ("trigger", "release", "beep")
    assert scanner.do("beep")
    assert not scanner.do("dance")
    rig.sim.scan(EAN)
    rig.heard.next(CodeScanned)
    assert rig.sim.heard == [b"\xfd\x03\x16\x07\x0d" + bytes(59)]
    rig.close()


def test_a_scanner_that_nobody_knows_says_so_with_a_cure() -> None:
    rig = Rig(replace(HONEYWELL, vid=0x1234, descriptor=b""))
    fault = rig.heard.next(DeviceHealth)
    assert (fault.state, fault.cause) == (DeviceState.FAULT, "scanner.no_layout")
    rig.close()


def test_without_its_descriptor_a_known_maker_is_read_all_the_same() -> None:
    rig = Rig(replace(NEWLAND, descriptor=b""))
    rig.heard.healthy()
    rig.sim.scan(LONG)
    assert rig.heard.next(CodeScanned).text == LONG
    assert rig.bench.scanners["scanner"].actions == ()
    rig.close()


def test_text_in_the_encoding_of_the_row() -> None:
    rig = Rig(NEWLAND, encoding="latin-1")
    rig.heard.healthy()
    rig.sim.scan("é")
    assert rig.heard.next(CodeScanned).text == "Ã©"
    rig.close()


def test_a_code_that_begins_like_an_identifier_keeps_all_its_text() -> None:
    rig = Rig(HONEYWELL)
    rig.heard.healthy()
    rig.sim.scan("]E0-1", "]C0")
    assert rig.heard.next(CodeScanned).text == "]E0-1"
    rig.close()


def test_a_device_of_another_usage_is_no_scanner() -> None:
    rig = Rig(replace(HONEYWELL, usage=0x01))
    assert rig.heard.next(DeviceHealth).cause == "port.missing"
    assert list_scanners(lambda: rig.sim.face) == []
    rig.close()


def test_scanners_are_listed_and_on_windows_with_what_stands_in_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sim = HidScannerSim(HONEYWELL, chance())
    (row,) = list_scanners(lambda: sim.face)
    assert (row["address"], row["description"]) == ("usb:0C2E:0B6A:SIM1", "HID-POS scanner")
    assert "cause" not in row
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    (row,) = list_scanners(lambda: sim.face)
    assert row["cause"] == "scanner.windows_pos"
    heard = Recorder()
    timings = DeviceTimings(link=LINK, hid=lambda: sim.face)
    row_of = DeviceConfig("scanner", "hid-pos", sim.address)
    bench = open_devices([row_of], heard, timings=timings)
    assert heard.next(DeviceHealth).cause == "scanner.windows_pos"
    bench.close()
    sim.close()


def test_addresses_and_words_are_checked_before_anything_is_opened() -> None:
    heard = Recorder()
    for row in (
        DeviceConfig("scanner", "hid-pos", "/dev/hidraw0"),
        DeviceConfig("scanner", "hid-pos", "usb:0C2E:0B6A", settings={"encoding": "morse"}),
        DeviceConfig("scanner", "serial", "/dev/ttyS0", settings={"commands": "acme"}),
    ):
        with pytest.raises(SettingsError):
            open_devices([row], heard)


def test_a_device_that_refuses_its_feature_report_is_read_all_the_same() -> None:
    class Stubborn:
        def send_feature_report(self, data: bytes) -> int:
            raise OSError(data)

        def get_report_descriptor(self) -> list[int]:
            raise OSError

    port = hid.HidPort(Stubborn(), "/dev/hidraw-none")  # type: ignore[arg-type]
    assert not port.feature(b"\xfe\x01")
    assert port.descriptor() == b""
