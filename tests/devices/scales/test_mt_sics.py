from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.devices.catalogue import scale_model
from packstation.devices.readings import decode as decode_document
from packstation.devices.scales.mt_sics import decode, identity
from packstation.domain.weights import ScaleState


def test_the_vector_of_the_reference() -> None:
    frame = bytes.fromhex("53 20 53 20 20 20 20 20 31 30 30 2E 30 30 20 67 0D 0A")
    assert decode_document("mt-sics", frame) == {
        "state": "STABLE",
        "value": "100.00",
        "unit": "g",
        "grams": 100,
        "net": False,
        "stability": "device",
        "raw": "53 20 53 20 20 20 20 20 31 30 30 2e 30 30 20 67 0d 0a",
    }


@pytest.mark.parametrize(
    ("frame", "state", "value", "unit", "grams"),
    [
        (b"S S      1.250 kg\r\n", ScaleState.STABLE, "1.250", "kg", 1250),
        (b"S D      1.250 kg\r\n", ScaleState.MOTION, "1.250", "kg", None),
        (b"S S      -0.05 g\r\n", ScaleState.STABLE, "-0.05", "g", 0),
        (b"S D     -12.50 g\r\n", ScaleState.MOTION, "-12.50", "g", None),
        (b"S S       0.00 g\r\n", ScaleState.STABLE, "0.00", "g", 0),
        (b"S S       1.00 lb\r\n", ScaleState.STABLE, "1.00", "lb", 454),
        (b"S S          7 g\n", ScaleState.STABLE, "7", "g", 7),
        (b"S S 1234567.89 mg\r\n", ScaleState.STABLE, "1234567.89", "mg", 1235),
    ],
)
def test_weights(frame: bytes, state: ScaleState, value: str, unit: str, grams: int | None) -> None:
    reading = decode(frame)
    assert (reading.state, reading.value, reading.unit) == (state, Decimal(value), unit)
    assert (reading.grams, reading.raw) == (grams, frame)


@pytest.mark.parametrize(
    ("frame", "state"),
    [
        (b"S I\r\n", ScaleState.NOT_READY),
        (b"S +\r\n", ScaleState.OVER),
        (b"S -\r\n", ScaleState.UNDER),
        (b"Z A\r\n", ScaleState.NOT_READY),
        (b"Z I\r\n", ScaleState.NOT_READY),
        (b"Z +\r\n", ScaleState.OVER),
        (b"ZI D\r\n", ScaleState.NOT_READY),
        (b"T S     100.00 g\r\n", ScaleState.NOT_READY),
        (b"TI D    100.00 g\r\n", ScaleState.NOT_READY),
        (b"TA A    100.00 g\r\n", ScaleState.NOT_READY),
        (b"TAC A\r\n", ScaleState.NOT_READY),
        (b'I4 A "0123456789"\r\n', ScaleState.NOT_READY),
        (b'I0 B 0 "S"\r\n', ScaleState.NOT_READY),
        (b"I1 I\r\n", ScaleState.NOT_READY),
    ],
)
def test_a_reply_without_a_weight_clears_the_last_one(frame: bytes, state: ScaleState) -> None:
    reading = decode(frame)
    assert (reading.state, reading.value, reading.grams) == (state, None, None)


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        (b"ES\r\n", "syntax"),
        (b"ET\r\n", "transmission"),
        (b"EL\r\n", "logic"),
        (b"TA L\r\n", "parameter"),
        (b"S S     100.00 g", "terminator"),
        (b"", "terminator"),
        (b"\r\n", "frame"),
        (b"S S     100.00\r\n", "frame"),
        (b"S S    100.00 g\r\n", "frame"),
        (b"S S      100.00 g\r\n", "frame"),
        (b"S X     100.00 g\r\n", "frame"),
        (b"SI S     100.00 g\r\n", "frame"),
        (b"S S     100.00 g\r\nS S     100.00 g\r\n", "frame"),
        (b"\xd3 S     100.00 g\r\n", "frame"),
        (b"S S     - 5.00 g\r\n", "value"),
        (b"S S     100.0. g\r\n", "value"),
        (b"S S            g\r\n", "value"),
        (b"S S   1 100.00 g\r\n", "value"),
        (b"S S    10      g\r\n", "value"),
        (b"S S     100.00 G\r\n", "unit"),
        (b"S S          7 PCS\r\n", "unit"),
        (b"S S     100.00 ct\r\n", "unit"),
    ],
)
def test_what_is_no_weight_is_a_fault_that_says_why(frame: bytes, error: str) -> None:
    reading = decode(frame)
    assert (reading.state, reading.error, reading.value) == (ScaleState.FAULT, error, None)
    assert decode_document("mt-sics", frame) == {
        "state": "FAULT",
        "error": error,
        "raw": frame.hex(" "),
    }


def test_an_empty_value_has_its_place_in_the_document() -> None:
    document = decode_document("mt-sics", b"S +\r\n")
    assert (document["state"], document["value"], document["unit"]) == ("OVER", None, "")
    assert document["grams"] is None


@given(st.binary(max_size=40))
def test_any_bytes_give_a_reading_and_only_a_listed_weight_can_be_captured(frame: bytes) -> None:
    reading = decode(frame)
    assert reading.raw == frame
    assert (reading.state is ScaleState.FAULT) == bool(reading.error)
    assert reading.grams is None or frame.startswith(b"S S ")


@given(
    st.decimals(min_value=-9999, max_value=99999, places=3),
    st.sampled_from(["g", "kg", "lb"]),
    st.integers(min_value=0, max_value=14),
)
def test_a_byte_lost_before_the_unit_never_makes_another_weight(
    value: Decimal, unit: str, at: int
) -> None:
    frame = f"S S {value:>10} {unit}\r\n".encode()
    assert decode(frame).value == value
    torn = decode(frame[:at] + frame[at + 1 :])
    assert torn.state is ScaleState.FAULT or (torn.value, torn.unit) == (value, unit)


def test_identity() -> None:
    assert identity(b'I4 A "0123456789"\r\n') == "0123456789"
    assert identity(b"I4 I\r\n") == ""


def test_the_row_frames_by_line_feed_and_keeps_it() -> None:
    framer = scale_model("mt-sics").framer()
    frames = framer.feed(b"S S      1.250 kg\r\nS +")
    assert [frame.data for frame in frames] == [b"S S      1.250 kg\r\n"]
