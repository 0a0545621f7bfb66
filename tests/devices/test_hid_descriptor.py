"""Report descriptors, real shapes and garbage (USB HID 1.11 section 6.2.2)."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.devices.hid_descriptor import Descriptor, ReportField, parse_descriptor
from packstation.devices.sim.hid_scanner import HONEYWELL_DESCRIPTOR, NEWLAND_DESCRIPTOR

# The boot keyboard of USB HID 1.11 appendix B.1, with its LEDs.
KEYBOARD = bytes.fromhex(
    "05 01 09 06 A1 01 05 07 19 E0 29 E7 15 00 25 01 75 01 95 08 81 02 95 01 75 08 81 01"
    "95 05 75 01 05 08 19 01 29 05 91 02 95 01 75 03 91 01 95 06 75 08 15 00 25 65 05 07"
    "19 00 29 65 81 00 C0"
)


def test_a_keyboard_is_read_as_its_standard_says() -> None:
    read = parse_descriptor(KEYBOARD)
    assert read.applications == (0x0001_0006,)
    assert not read.numbered
    assert (read.size("input", 0), read.size("output", 0), read.size("feature", 0)) == (8, 1, 0)
    modifiers, reserved, keys = read.of("input", 0)
    assert modifiers.place(0x0007_00E1) == (1, 1)
    assert modifiers.place(0x0007_00E7) == (7, 1)
    assert (reserved.at, reserved.usages) == (8, ())
    assert (keys.at, keys.bits, keys.count) == (16, 8, 6)


def test_a_scanners_fields_have_their_places() -> None:
    read = parse_descriptor(HONEYWELL_DESCRIPTOR)
    assert (read.applications, read.numbered) == ((0x008C_0002,), True)
    assert (read.size("input", 2), read.size("output", 0xFD)) == (63, 63)
    places = {
        usage: place
        for one in read.of("input", 2)
        for usage in (0x0001_003B, 0x8C_00FB, 0x8C_00FC, 0x8C_00FD, 0x8C_00FE, 0x8C_00FF)
        if (place := one.place(usage)) is not None
    }
    assert places == {
        0x0001_003B: (0, 8),
        0x008C_00FB: (8, 8),
        0x008C_00FC: (16, 8),
        0x008C_00FD: (24, 8),
        0x008C_00FE: (32, 448),
        0x008C_00FF: (496, 1),
    }


def test_usages_of_one_item_go_to_its_elements_in_turn_and_the_last_goes_on() -> None:
    one = ReportField("input", 1, at=8, bits=8, count=10, usages=((5, 5), (7, 9)))
    assert one.place(5) == (8, 8)
    assert one.place(8) == (24, 8)
    assert one.place(9) == (32, 56)
    assert one.place(6) is None
    assert ReportField("input", 1, 0, 8, count=1, usages=((5, 9),)).place(7) is None


def test_four_bytes_of_a_usage_carry_its_page_and_push_brings_globals_back() -> None:
    read = parse_descriptor(
        bytes.fromhex("05 01 A4 06 8C 00 B4 75 08 95 01 0B FE 00 8C 00 09 30 81 02")
    )
    assert read.fields[0].usages == ((0x008C_00FE,) * 2, (0x0001_0030,) * 2)


def test_long_items_are_skipped_and_a_local_range_needs_both_ends() -> None:
    head = "05 8C FE 02 F0 AA BB 75 08 95 01"
    assert parse_descriptor(bytes.fromhex(head + "09 FE 81 02")).fields[0].usages
    assert parse_descriptor(bytes.fromhex(head + "29 FE 81 02")).fields[0].usages == ()
    assert parse_descriptor(bytes.fromhex(head + "19 FE 29 01 81 02")).fields[0].usages == ()


@pytest.mark.parametrize(
    "wrong",
    [
        "85 00",  # a report id of nothing
        "86 00 01",  # a report id over a byte
        "B4",  # pop without push
        "C0",  # an end without a begin
        "77 FF FF FF FF 97 FF FF FF FF 81 02",  # a report as large as the world
        "FE",  # a long item cut off
        "26 FF",  # a short one
    ],
)
def test_what_follows_nonsense_is_not_believed(wrong: str) -> None:
    before = parse_descriptor(bytes.fromhex("75 08 95 01 09 01 81 02" + wrong + "09 02 81 02"))
    assert len(before.fields) == 1


def test_nesting_has_an_end() -> None:
    assert parse_descriptor(b"\xa1\x01" * 100 + KEYBOARD).fields == ()
    assert parse_descriptor(b"\xa4" * 100 + KEYBOARD).fields == ()


def test_items_of_no_kind_and_empty_fields_are_passed_over() -> None:
    assert parse_descriptor(bytes.fromhex("0C D0 A1 00 C0 09 01 81 02")).fields == ()


@given(st.binary(max_size=400))
def test_garbage_is_answered_and_never_raises(data: bytes) -> None:
    read = parse_descriptor(data)
    assert isinstance(read, Descriptor)
    for one in read.fields:
        assert one.at >= 0
        assert one.end <= 8 * 65536
        assert one.place(0x008C_00FE) is None or one.bits > 0


@given(st.data())
def test_a_damaged_descriptor_never_raises(data: st.DataObject) -> None:
    original = data.draw(st.sampled_from([HONEYWELL_DESCRIPTOR, NEWLAND_DESCRIPTOR, KEYBOARD]))
    at = data.draw(st.integers(0, len(original) - 1))
    byte = data.draw(st.integers(0, 255))
    damaged = (original[:at] + bytes((byte,)) + original[at + 1 :], original[:at])
    assert all(isinstance(parse_descriptor(one), Descriptor) for one in damaged)


def test_the_worst_numbers_cost_nothing() -> None:
    worst = bytes.fromhex("18 2B FF FF FF FF 75 08 95 FF 81 02") * 300
    begun = time.perf_counter()
    parse_descriptor(worst)
    assert time.perf_counter() - begun < 0.5
