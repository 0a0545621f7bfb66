"""Addresses of USB ports: read, written, and told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.devices.identity import (
    UsbAddress,
    UsbPort,
    by_path,
    choose,
    fits,
    lasting,
    parse_location,
    parse_usb,
)

FTDI = UsbPort("/dev/ttyUSB0", 0x0403, 0x6001, "A10K2X", "1-1.2")
CH340 = UsbPort("/dev/ttyUSB1", 0x1A86, 0x7523, "", "1-1.3")
TWIN = UsbPort("/dev/ttyUSB2", 0x1A86, 0x7523, "", "1-1.4")
QUAD = tuple(UsbPort(f"/dev/ttyUSB{3 + n}", 0x0403, 0x6011, "Q1", "1-3", n) for n in range(4))
# Adapters whose maker gives all of them the same number.
COPIES = tuple(
    UsbPort(f"COM{n}", 0x10C4, 0xEA60, "0001", path) for n, path in ((9, "1-5"), (10, "1-6"))
)
BLIND = (UsbPort("COM3", 0x067B, 0x2303), UsbPort("COM4", 0x067B, 0x2303))
ALL = (FTDI, CH340, TWIN, *QUAD, *COPIES, *BLIND)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("usb:0403:6001", UsbAddress(0x0403, 0x6001)),
        ("usb:0403:6001:A10K2X", UsbAddress(0x0403, 0x6001, "A10K2X")),
        ("usb:0c2e:0B61:S:1", UsbAddress(0x0C2E, 0x0B61, "S:1")),
        ("usb:0403:6011:Q1:if02", UsbAddress(0x0403, 0x6011, "Q1", 2)),
        ("usb:0403:6011:if02", UsbAddress(0x0403, 0x6011, "", 2)),
        ("usb:1A86:7523@1-1.4", UsbAddress(0x1A86, 0x7523, path="1-1.4")),
        ("usb:1A86:7523@1-1.4:1.0", UsbAddress(0x1A86, 0x7523, interface=0, path="1-1.4")),
        ("usb:1A86:7523@1-4:x.2", UsbAddress(0x1A86, 0x7523, interface=2, path="1-4")),
    ],
)
def test_addresses_are_read(text: str, address: UsbAddress) -> None:
    assert parse_usb(text) == address
    assert parse_usb(str(address)) == address


@pytest.mark.parametrize(
    "text", ["usb:1:2", "usb:0403:6001:", "usb:0403:6001@", "usb:0403:6001@left", "tty", ""]
)
def test_what_is_none_is_none(text: str) -> None:
    assert parse_usb(text) is None


@given(st.text(min_size=1, max_size=12).filter(lambda text: text[0] != "@" and "\n" not in text))
def test_a_serial_number_may_be_anything_else(serial: str) -> None:
    address = UsbAddress(0x0403, 0x6001, serial)
    read = parse_usb(str(address))
    assert read is not None
    assert str(read) == str(address)


@pytest.mark.parametrize(
    ("location", "read"),
    [
        ("1-1.4", ("1-1.4", None)),
        ("1-1.4:1.2", ("1-1.4", 2)),
        ("1-4:x.0", ("1-4", 0)),
        ("", ("", None)),
        ("Port_#0002", ("Port_#0002", None)),
    ],
)
def test_locations(location: str, read: tuple[str, int | None]) -> None:
    assert parse_location(location) == read


def test_what_a_side_does_not_tell_is_no_obstacle() -> None:
    assert fits(UsbAddress(0x0403, 0x6001, interface=0), FTDI)
    assert not fits(UsbAddress(0x0403, 0x6011, "Q1", 1), QUAD[0])
    assert not fits(UsbAddress(0x1A86, 0x7523, path="1-9"), CH340)
    assert not fits(UsbAddress(0x1A86, 0x7523, "X"), CH340)
    assert not fits(UsbAddress(0x1A86, 0x7524), CH340)


@pytest.mark.parametrize(
    ("port", "address"),
    [
        (FTDI, "usb:0403:6001:A10K2X"),
        (CH340, "usb:1A86:7523@1-1.3"),
        (QUAD[2], "usb:0403:6011:Q1:if02"),
        (COPIES[1], "usb:10C4:EA60@1-6"),
        (BLIND[0], "usb:067B:2303"),
    ],
)
def test_the_address_to_remember_fits_no_other(port: UsbPort, address: str) -> None:
    assert lasting(port, ALL) == address


def test_an_only_adapter_without_a_number_is_found_in_any_socket() -> None:
    assert lasting(CH340, (FTDI, CH340)) == "usb:1A86:7523"


def test_a_socket_is_an_address_where_the_system_names_it() -> None:
    assert by_path(QUAD[1]) == "usb:0403:6011@1-3:1.1"
    assert by_path(BLIND[0]) == ""


def test_a_remembered_address_finds_its_port_and_twins_are_several() -> None:
    for port in (FTDI, CH340, TWIN, *QUAD, *COPIES):
        address = parse_usb(lasting(port, ALL))
        assert address is not None
        assert choose(address, ALL) == (port,)
    twins = parse_usb(lasting(BLIND[0], ALL))
    assert twins is not None
    assert choose(twins, ALL) == BLIND
