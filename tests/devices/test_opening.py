from __future__ import annotations

import errno

import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from packstation.cli.wording import said
from packstation.devices import discovery
from packstation.devices.health import cause_of
from packstation.devices.identity import UsbAddress
from packstation.devices.opening import (
    Address,
    LineSettings,
    SerialAddress,
    TcpAddress,
    find_usb,
    opener,
    parse_address,
    serial_ports,
)
from packstation.domain.errors import SettingsError
from packstation.i18n import LANGUAGES


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp://192.168.1.7:9100", TcpAddress("192.168.1.7", 9100)),
        ("tcp://printer.local:9100", TcpAddress("printer.local", 9100)),
        ("tcp://[::1]:9100", TcpAddress("::1", 9100)),
        ("/dev/ttyUSB0", SerialAddress("/dev/ttyUSB0")),
        ("COM12", SerialAddress("COM12")),
        (r"\\.\COM12", SerialAddress(r"\\.\COM12")),
        ("usb:0403:6001", UsbAddress(0x0403, 0x6001, "")),
        ("usb:0c2e:0B61:S:1", UsbAddress(0x0C2E, 0x0B61, "S:1")),
    ],
)
def test_addresses(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text", ["", "  ", "tcp://host", "tcp://host:0", "tcp://host:70000", "tcp://:1", "usb:1:2"]
)
def test_what_is_no_address_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        opener(text, LineSettings())
    assert refused.value.fields["value"] == text
    assert "usb:VID:PID:SERIAL" in str(refused.value.fields["allowed"])


@pytest.mark.parametrize(
    "text",
    ["cups:a4", "cups:", "ipp://192.0.2.9", "ipps:x", "spool:Office", "folder:", "bench://a:9310"],
)
def test_where_only_papers_go_is_no_port_that_is_missing(text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse_address(text)
    assert refused.value.key == "error.setting.queue"
    assert all(text in said(refused.value, language) for language in LANGUAGES)


@pytest.mark.parametrize(
    "text", ["moxa:4001", "file:///dev/ttyS0", "http://a", "udp://a:1", "replay:", "/dev/\x1b[31m"]
)
def test_what_looks_like_an_address_and_is_none(text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse_address(text)
    assert refused.value.key == "error.setting"


def port(
    device: str,
    vid: int | None = None,
    pid: int | None = None,
    number: str | None = None,
    location: str | None = None,
) -> ListPortInfo:
    info = ListPortInfo(device)
    info.location = location
    info.vid, info.pid, info.serial_number = vid, pid, number
    return info


@pytest.fixture
def two_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = [
        port("/dev/ttyUSB1", 0x0403, 0x6001, "B"),
        port("/dev/ttyUSB0", 0x0403, 0x6001, "A"),
        port("/dev/ttyS0"),
    ]
    monkeypatch.setattr(list_ports, "comports", lambda: ports)


@pytest.mark.usefixtures("two_alike")
def test_an_adapter_is_found_by_its_identity() -> None:
    assert [one.device for one in serial_ports()] == ["/dev/ttyS0", "/dev/ttyUSB0", "/dev/ttyUSB1"]
    assert find_usb(UsbAddress(0x0403, 0x6001, "B")) == "/dev/ttyUSB1"


@pytest.mark.usefixtures("two_alike")
@pytest.mark.parametrize(
    ("address", "number"),
    [
        (UsbAddress(0x0403, 0x6001, "C"), errno.ENOENT),
        (UsbAddress(0x0403, 0x6001, ""), errno.ENOTUNIQ),
    ],
)
def test_none_and_several_are_different_troubles(address: UsbAddress, number: int) -> None:
    with pytest.raises(OSError, match="Errno") as failure:
        find_usb(address)
    assert failure.value.errno == number


def test_a_scan_that_trips_over_a_vanishing_device_is_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers: list[list[ListPortInfo] | Exception] = [
        TypeError("unplugged while it was read"),
        [port("/dev/ttyS0")],
    ]

    def comports() -> list[ListPortInfo]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(list_ports, "comports", comports)
    assert [one.device for one in serial_ports()] == ["/dev/ttyS0"]


def test_a_scan_that_always_trips_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def comports() -> list[ListPortInfo]:
        raise TypeError("unplugged")

    monkeypatch.setattr(list_ports, "comports", comports)
    assert serial_ports() == []
    with pytest.raises(OSError, match="No such file"):
        opener("usb:0403:6001", LineSettings())()


TWINS = [
    port("/dev/ttyUSB0", 0x1A86, 0x7523, None, "1-1.3"),
    port("/dev/ttyUSB1", 0x1A86, 0x7523, None, "1-1.4"),
    port("/dev/ttyACM0", 0x0C2E, 0x0B61, "S1", "1-2:1.0"),
]


def test_twins_without_a_serial_number_are_ambiguous_until_their_socket_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(list_ports, "comports", lambda: TWINS)
    with pytest.raises(OSError, match=r"usb:1A86:7523@1-1\.3, usb:1A86:7523@1-1\.4") as failure:
        find_usb(UsbAddress(0x1A86, 0x7523))
    assert cause_of(failure.value, was_open=False) == "port.ambiguous"
    assert find_usb(UsbAddress(0x1A86, 0x7523, path="1-1.4")) == "/dev/ttyUSB1"


def test_ports_are_listed_with_the_address_to_remember_and_that_of_the_socket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(list_ports, "comports", lambda: [*TWINS, port("/dev/ttyS0"), port("COM9")])
    rows = {row["port"]: (row["address"], row["by_path"]) for row in discovery.list_ports()}
    assert rows["/dev/ttyUSB1"] == ("usb:1A86:7523@1-1.4", "usb:1A86:7523@1-1.4")
    assert rows["/dev/ttyACM0"] == ("usb:0C2E:0B61:S1", "usb:0C2E:0B61@1-2:1.0")
    assert rows["/dev/ttyS0"] == ("/dev/ttyS0", "")


def test_windows_ports_of_two_digits_are_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_ports, "comports", lambda: [port("COM10"), port("COM9")])
    assert [one.device for one in serial_ports()] == ["COM9", "COM10"]
