"""HID-POS scan reports: the captured vectors, continued codes, layouts of two makers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.devices.hid_descriptor import parse_descriptor
from packstation.devices.hid_scanner import (
    HONEYWELL_LAYOUT,
    NEWLAND_LAYOUT,
    HidScan,
    HidScanReader,
    ScanLayout,
    is_scanner,
    layout_for,
    layout_of,
    maker_of,
    wrapped,
)
from packstation.devices.sim.hid_scanner import (
    HONEYWELL_DESCRIPTOR,
    NEWLAND_DESCRIPTOR,
    scan_reports,
)
from packstation.station.scantext import LONGEST

# reference/devices.md section 9, HIDPOS.
CAPTURE = bytes.fromhex("02 09 5D 58 30 75 6D 3A 20 4E 2F 41 0D 0A") + bytes(47) + b"\x3f\x00\x00"
LAYOUTS = (HONEYWELL_LAYOUT, NEWLAND_LAYOUT)


def read(layout: ScanLayout, *reports: bytes) -> list[HidScan]:
    reader = HidScanReader(layout)
    return [scan for report in reports for scan in reader.feed(report)]


def test_the_captured_report_is_read_to_its_last_byte() -> None:
    assert len(CAPTURE) == 64
    (scan,) = read(HONEYWELL_LAYOUT, CAPTURE)
    assert (scan.data, scan.aim, scan.error) == (b"um: N/A\r\n", "]X0", "")
    assert scan.reply  # "?" as the maker's code id: an answer to a command


def test_earlier_reports_of_a_long_code_say_that_more_follows() -> None:
    data = bytes(range(0x20, 0x7F)) + b"0123456789" * 5
    first, second, third = scan_reports(HONEYWELL_LAYOUT, data, "]Q1")
    assert (first[63], second[63], third[63]) == (1, 1, 0)
    reader = HidScanReader(HONEYWELL_LAYOUT)
    pending = []
    for report, scans in ((first, []), (second, []), (third, [HidScan(data, "]Q1")])):
        assert reader.feed(report) == scans
        pending.append(reader.pending)
    assert pending == [True, True, False]
    assert reader.flush() == []


def test_a_back_end_that_strips_the_id_changes_nothing() -> None:
    assert read(HONEYWELL_LAYOUT, CAPTURE[1:]) == read(HONEYWELL_LAYOUT, CAPTURE)


def test_other_reports_and_short_ones_are_no_codes() -> None:
    assert read(HONEYWELL_LAYOUT, b"\x03" + CAPTURE[1:], b"", b"\x07") == []
    assert read(HONEYWELL_LAYOUT, b"\x02", CAPTURE[:8]) == [
        HidScan(b"", "", "torn"),
        HidScan(CAPTURE[5:8], "]X0", "torn"),
    ]


def test_a_report_that_was_lost_tears_the_code_and_spares_the_next() -> None:
    first, _ = scan_reports(HONEYWELL_LAYOUT, b"A" * 60, "]C0")
    (other,) = scan_reports(HONEYWELL_LAYOUT, b"6901234567892", "]E0")
    assert read(HONEYWELL_LAYOUT, first, other) == [
        HidScan(b"A" * 56, "]C0", "torn"),
        HidScan(b"6901234567892", "]E0"),
    ]
    reader = HidScanReader(HONEYWELL_LAYOUT)
    reader.feed(first)
    assert reader.flush() == [HidScan(b"A" * 56, "]C0", "torn")]


def test_a_code_without_end_is_cut_and_named() -> None:
    (endless,) = scan_reports(NEWLAND_LAYOUT, b"7" * 56)
    reader = HidScanReader(NEWLAND_LAYOUT)
    for _ in range(5000):
        assert reader.feed(endless[:-1] + b"\x01") == []
    (scan,) = reader.feed(endless)
    assert (len(scan.data), scan.error) == (LONGEST, "too_long")


def test_the_descriptor_tells_both_layouts() -> None:
    told = layout_for(HONEYWELL_DESCRIPTOR, 0x0C2E)
    assert told == HONEYWELL_LAYOUT
    assert layout_for(HONEYWELL_DESCRIPTOR, 0xFFFF) == replace(HONEYWELL_LAYOUT, kind_at=-1)
    assert layout_for(NEWLAND_DESCRIPTOR, 0x1EAB) == NEWLAND_LAYOUT


def test_a_maker_is_asked_only_where_the_descriptor_is_missing() -> None:
    assert layout_for(b"", 0x1EAB) == NEWLAND_LAYOUT
    assert layout_for(b"", 0x0C2E) == HONEYWELL_LAYOUT
    assert layout_for(b"", 0xFFFF) is None
    # A scanner of a known maker whose descriptor names no data.
    assert layout_for(bytes.fromhex("05 8C 09 02 A1 01 C0"), 0x1EAB) == NEWLAND_LAYOUT
    assert layout_for(bytes.fromhex("05 8C 09 02 A1 01 C0"), 0xFFFF) is None


def test_a_keyboard_that_borrows_the_page_is_no_scanner() -> None:
    keyboard = bytes.fromhex("05 8C 09 01 A1 01 15 00 26 FF 00 75 08 95 20 09 FE 81 02 C0")
    assert not is_scanner(keyboard)
    assert layout_for(keyboard, 0x3434) is None
    assert layout_for(keyboard, 0x0C2E) is None


def test_a_layout_of_another_maker_is_read_from_its_usages() -> None:
    """AIM behind the data, the flag as a bit inside a byte, no count, no report ids."""
    other = bytes.fromhex(
        "05 8C 09 02 A1 01 15 00 26 FF 00 75 08 95 08 09 FE 81 02 95 03 19 FB 29 FD 81 02"
        "75 01 95 03 81 03 95 01 09 FF 81 02 95 04 81 03 C0"
    )
    layout = layout_for(other, 0xFFFF)
    assert layout == ScanLayout(
        report=0, size=12, data_at=0, data_size=8, aim_at=8, more_at=11, more_mask=0x08
    )
    assert read(layout, b"ABCDEFGH]C0\x08", b"IJ\x00\x00\x00\x00\x00\x00]C0\x07") == [
        HidScan(b"ABCDEFGHIJ", "]C0")
    ]
    assert read(layout, bytes(12)) == []


def test_a_first_byte_that_has_its_own_usage_is_no_length() -> None:
    flag_first = bytes.fromhex("05 8C 09 02 A1 01 75 08 95 01 09 FF 81 02 95 08 09 FE 81 02 C0")
    layout = layout_for(flag_first, 0xFFFF)
    assert layout is not None
    assert (layout.count_at, layout.more_at, layout.more_mask) == (-1, 0, 0xFF)


def test_data_that_lies_across_bytes_is_not_read() -> None:
    crooked = bytes.fromhex("05 8C 75 04 95 01 09 01 81 02 75 08 95 08 09 FE 81 02")
    assert layout_of(parse_descriptor(crooked)) is None
    aim_crooked = bytes.fromhex("05 8C 75 08 95 08 09 FE 81 02 75 04 95 01 81 03 75 08 09 FB 81 02")
    layout = layout_of(parse_descriptor(aim_crooked))
    assert layout is not None
    assert layout.aim_at == -1


def test_an_aim_that_is_none_is_left_out() -> None:
    (report,) = scan_reports(HONEYWELL_LAYOUT, b"T-117", "]?!")
    assert read(HONEYWELL_LAYOUT, report) == [HidScan(b"T-117", "")]


@pytest.mark.parametrize("layout", LAYOUTS)
@given(data=st.binary(min_size=1, max_size=LONGEST), stripped=st.booleans())
def test_whatever_is_sent_arrives(layout: ScanLayout, data: bytes, stripped: bool) -> None:
    reports = [report[stripped:] for report in scan_reports(layout, data)]
    assert [one.data for one in read(layout, *reports)] == [data]


@given(st.lists(st.binary(max_size=70), max_size=12), st.binary(max_size=120), st.integers(0, 5))
def test_garbage_never_raises(reports: list[bytes], descriptor: bytes, cut: int) -> None:
    layout = layout_for(descriptor, 0x0C2E) or HONEYWELL_LAYOUT
    reader = HidScanReader(replace(layout, count_at=cut - 1))
    for report in reports:
        for scan in reader.feed(report):
            assert len(scan.data) <= LONGEST
    reader.flush()


def test_a_serial_command_is_wrapped_into_a_report() -> None:
    maker = maker_of(0x0C2E)
    assert maker is not None
    assert wrapped(maker, b"\x16\x54\x0d") == b"\xfd\x03\x16\x54\x0d" + bytes(59)
