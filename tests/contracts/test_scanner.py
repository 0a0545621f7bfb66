"""Every way a line scanner is connected behaves the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.devices.scanners import SerialScanner
from packstation.devices.sim.faults import LINE_FAULTS
from packstation.devices.sim.scanner import SerialScannerSim
from packstation.station.ports import CodeScanned, DeviceHealth, DeviceSeen, DeviceState
from packstation.station.scantext import LONGEST
from tests.devices.rigs import FAULT, SCANNER, Recorder, chance, face_of, linked

EAN = "6901234567892"


class Rig:
    def __init__(self, scanner: SerialScannerSim, heard: Recorder) -> None:
        self.scanner = scanner
        self.heard = heard

    def code(self, text: str) -> CodeScanned:
        """The scan of that text."""
        return self.heard.next(CodeScanned, lambda one: one.text == text)


@pytest.fixture(params=["pty", "tcp"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    scanner = SerialScannerSim(face_of(request.param, tmp_path), LINE_FAULTS, chance(), FAULT)
    with linked(scanner.address, SerialScanner(SCANNER).converse) as heard:
        heard.healthy()
        yield Rig(scanner, heard)
    scanner.close()


def test_a_scan_arrives_with_its_symbology(rig: Rig) -> None:
    rig.scanner.scan(EAN, "]E0")
    scan = rig.heard.next(CodeScanned)
    assert (scan.text, scan.aim, scan.source, scan.error) == (EAN, "]E0", "device", "")
    assert scan.raw == b"]E0" + EAN.encode()
    assert scan.received_ns > 0
    assert rig.heard.next(DeviceSeen).raw == b"]E0" + EAN.encode() + b"\r"


def test_split_and_delayed_codes_arrive_whole(rig: Rig) -> None:
    rig.scanner.set_fault("split", on=True)
    rig.scanner.set_fault("delay", on=True)
    for text in ("T-117", "LP123456785CN"):
        rig.scanner.scan(text)
        assert rig.code(text).error == ""


def test_codes_merged_into_one_write_stay_two(rig: Rig) -> None:
    rig.scanner.set_fault("merge", on=True)
    rig.scanner.scan("T-117")
    rig.scanner.scan("T-118")
    rig.code("T-118")
    assert [one.text for one in rig.heard.of(CodeScanned)] == ["T-117", "T-118"]


def test_a_lost_byte_never_passes_for_the_code(rig: Rig) -> None:
    rig.scanner.set_fault("drop", on=True)
    rig.scanner.scan(EAN)
    assert rig.heard.next(CodeScanned).text != EAN
    rig.scanner.set_fault("drop", on=False)
    rig.scanner.scan("T-1")
    assert rig.code("T-1").error == ""


def test_an_endless_code_is_reported_once_as_too_long(rig: Rig) -> None:
    rig.scanner.scan("9" * 2000)
    scan = rig.heard.next(CodeScanned)
    assert (scan.error, len(scan.text), scan.text[-1]) == ("too_long", LONGEST, "…")
    rig.scanner.scan("T-1")
    rig.code("T-1")
    assert len(rig.heard.of(CodeScanned)) == 2


def test_a_trigger_held_down_is_one_scan(rig: Rig) -> None:
    for _ in range(3):
        rig.scanner.scan(EAN)
    rig.scanner.scan("T-1")
    rig.code("T-1")
    assert [one.text for one in rig.heard.of(CodeScanned)] == [EAN, "T-1"]


def test_an_unplugged_scanner_is_reported_once_and_comes_back(rig: Rig) -> None:
    mark = rig.heard.mark
    rig.scanner.set_fault("unplug", on=True)
    rig.heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT, after=mark)
    back = rig.heard.mark
    rig.scanner.set_fault("unplug", on=False)
    rig.heard.healthy(after=back)
    rig.scanner.scan(EAN)
    assert rig.heard.next(CodeScanned).text == EAN
    faults = [one.cause for one in rig.heard.of(DeviceHealth) if one.state is DeviceState.FAULT]
    assert len(set(faults)) == len(faults)


def test_a_code_torn_by_the_cable_is_no_code(rig: Rig) -> None:
    rig.scanner.scan("T-1")
    rig.heard.next(CodeScanned)
    mark = rig.heard.mark
    rig.scanner.send(EAN[:6].encode())
    rig.heard.next(DeviceSeen, after=mark)
    rig.scanner.set_fault("unplug", on=True)
    scan = rig.heard.next(CodeScanned, after=mark)
    assert (scan.text, scan.error) == ("690123…", "torn")


def test_a_scanner_without_a_suffix_ends_a_code_by_silence(rig: Rig) -> None:
    rig.scanner.send(b"T-117")
    assert rig.heard.next(CodeScanned).text == "T-117"
