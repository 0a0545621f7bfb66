"""Frames of the reference (section 9) and of its text: what each says, and what none may say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from packstation.devices.catalogue import SCALES, scale_model
from packstation.devices.readings import decode as document
from packstation.domain.weights import Reading

Expected = tuple[str, str | None, str, bool]  # state, value, unit, net

A12_OVER = b"         OL23\r\n"
A12_UNDER = b"         LO23\r\n"
CAS = b"ST,GS,1\xc4,+0012.34 kg\r\n"


def frame(text: str) -> bytes:
    """Bytes of hex digits, with NN*xx for repeats."""
    return bytes.fromhex(text)


WEIGHTS: list[tuple[str, bytes, Expected]] = [
    ("toledo-8217", frame("02 30 31 2E 32 35 30 0D"), ("STABLE", "1.250", "kg", False)),
    ("toledo-8217", frame("82 30 B1 2E B2 35 30 8D"), ("STABLE", "1.250", "kg", False)),
    ("toledo-8217", b"\x02 1.250N\r", ("STABLE", "1.250", "kg", True)),
    ("toledo-8217", b"\x0200.000\r", ("STABLE", "0.000", "kg", False)),
    ("nci-scp01", b"\n001.25kg\r\n00\r\x03", ("STABLE", "1.25", "kg", False)),
    ("nci-scp01", b"\n001.25KG\r\nS00\r\x03", ("STABLE", "1.25", "kg", False)),
    ("nci-scp01", b"\n000.00kg\r\n20\r\x03", ("ZERO", "0.00", "kg", False)),
    ("nci-scp01", b"\n001.25kg\r\n10\r\x03", ("MOTION", "1.25", "kg", False)),
    ("nci-scp01", b"\n02lb 03.5oz\r\n00\r\x03", ("STABLE", "35.5", "oz", False)),
    ("nci-scp01", b"\n001.25kg\r\n0p4\r\x03", ("STABLE", "1.25", "kg", True)),
    ("sma", b"\n 1G       1.250kg_\r", ("STABLE", "1.250", "kg", False)),
    ("sma", b"\n 1N       1.250kg \r", ("STABLE", "1.250", "kg", True)),
    ("sma", b"\n 1GM      1.250lb_\r", ("MOTION", "1.250", "lb", False)),
    ("sma", b"\nZ1G       0.000kg_\r", ("ZERO", "0.000", "kg", False)),
    ("sma", b"\n 1G      -0.005kg_\r", ("STABLE", "-0.005", "kg", False)),
    ("sartorius-sbi", b"N     +  52.1874 g  \r\n", ("STABLE", "52.1874", "g", True)),
    ("sartorius-sbi", b"N     +  52.1874    \r\n", ("MOTION", "52.1874", "", True)),
    ("sartorius-sbi", b"+    1.250 kg \r\n", ("STABLE", "1.250", "kg", False)),
    ("sartorius-sbi", b"-    0.125 kg \r\n", ("STABLE", "-0.125", "kg", False)),
    ("sartorius-sbi", b"G#    +  52.18[4] g  \r\n", ("STABLE", "52.184", "g", False)),
    ("and-standard", b"ST,+00123.45  g\r\n", ("STABLE", "123.45", "g", False)),
    ("and-standard", b"US,-00000.50 kg\r\n", ("MOTION", "-0.50", "kg", False)),
    ("and-standard", b"ST,OK,+00123.45  g\r\n", ("STABLE", "123.45", "g", False)),
    ("st-gs", b"ST,GS,+0012.340kg\r\n", ("STABLE", "12.340", "kg", False)),
    ("st-gs", b"US,NT,-  12.340kg\r\n", ("MOTION", "-12.340", "kg", True)),
    ("cas-22", CAS, ("STABLE", "12.34", "kg", False)),
    ("cas-22", b"ST,NT,1\xc2,   12.34 kg\r\n", ("STABLE", "12.34", "kg", True)),
    ("cas-22", b"ST,GS,1\xc5,+0000.00 kg\r\n", ("ZERO", "0.00", "kg", False)),
    ("cas-22", b"ST,GS,1\x84,+0012.34 kg\r\n", ("MOTION", "12.34", "kg", False)),
    ("ohaus", b"     1.250 kg   B/G\r\n", ("STABLE", "1.250", "kg", False)),
    ("ohaus", b"    1.250 kg   ?NET\r\n", ("MOTION", "1.250", "kg", True)),
    ("ohaus", b"-    0.125 kg   NET\r\n", ("STABLE", "-0.125", "kg", True)),
    ("ohaus", b"   2:03.5 lb:oz G  \r\n", ("STABLE", "35.5", "oz", False)),
    ("adam", b"  1.234kg\r\n", ("UNKNOWN", "1.234", "kg", False)),
    ("adam", b"- 0.010 kg\r\n", ("UNKNOWN", "-0.010", "kg", False)),
    ("yaohua-a9", frame("02 2B 30 30 34 31 33 39 33 31 37 03"), ("UNKNOWN", "4.139", "kg", False)),
    ("yaohua-a9", frame("02 2D 30 30 30 30 31 32 32 31 43 03"), ("UNKNOWN", "-0.12", "kg", False)),
    ("yaohua-a9", frame("02 2D 30 30 30 30 31 32 32 31 3C 03"), ("UNKNOWN", "-0.12", "kg", False)),
    ("yaohua-a9", frame("02 2B 30 30 30 30 30 30 33 31 38 03"), ("UNKNOWN", "0.000", "kg", False)),
    (
        "yaohua-a12",
        frame("57 47 30 30 34 2E 31 33 39 6B 67 33 44 0D 0A"),
        ("UNKNOWN", "4.139", "kg", False),
    ),
    ("yaohua-a12", b"ww004.139kg\r\n", ("UNKNOWN", "4.139", "kg", False)),
    ("yaohua-a12", b"wn-0000.1kg\r\n", ("UNKNOWN", "-0.1", "kg", True)),
    ("yaohua-reversed", b"=000.3000", ("UNKNOWN", "3.000", "kg", False)),
    ("yaohua-reversed", b"=00.1000-", ("UNKNOWN", "-1.00", "kg", False)),
    ("yaohua-forward", b"=0003.000", ("UNKNOWN", "3.000", "kg", False)),
    ("yaohua-forward", b"=-0001.00", ("UNKNOWN", "-1.00", "kg", False)),
    ("hid-pos", frame("03 04 02 00 2C 01"), ("STABLE", "300", "g", False)),
    ("hid-pos", frame("03 04 0B FF 0E 01"), ("STABLE", "27.0", "oz", False)),
    ("hid-pos", frame("03 05 0C FE 10 00"), ("UNDER", "-0.16", "lb", False)),
    ("hid-pos", frame("03 02 0B FF 00 00"), ("ZERO", "0.0", "oz", False)),
    ("hid-pos", frame("04 03 0C FE 10 00"), ("MOTION", "0.16", "lb", False)),
]

# What says how the scale is, and no weight.
STATES: list[tuple[str, bytes, str]] = [
    ("toledo-8217", frame("02 3F 41 0D"), "MOTION"),
    ("toledo-8217", frame("02 3F 01 0D"), "MOTION"),
    ("toledo-8217", frame("02 3F 42 0D"), "OVER"),
    ("toledo-8217", frame("02 3F 02 0D"), "OVER"),
    ("toledo-8217", frame("02 3F 44 0D"), "UNDER"),
    ("toledo-8217", frame("02 3F 48 0D"), "NOT_READY"),
    ("toledo-8217", frame("02 3F 50 0D"), "ZERO"),
    ("toledo-8217", frame("02 3F 60 0D"), "NOT_READY"),
    ("nci-scp01", frame("0A 31 30 0D 03"), "MOTION"),
    ("nci-scp01", b"\nS10\r\x03", "MOTION"),
    ("nci-scp01", b"\n02\r\x03", "OVER"),
    ("nci-scp01", b"\n01\r\x03", "UNDER"),
    ("nci-scp01", b"\n20\r\x03", "ZERO"),
    ("nci-scp01", b"\n00\r\x03", "NOT_READY"),
    ("nci-scp01", b"\n0p8\r\x03", "NOT_READY"),
    ("sma", b"\nO1G  ----------kg_\r", "OVER"),
    ("sma", b"\nU1G  ----------kg_\r", "UNDER"),
    ("sma", b"\nE1G  ----------kg_\r", "NOT_READY"),
    ("sma", b"\n 1T       1.250kg_\r", "NOT_READY"),
    ("sma", b"\nSMA:2/1.0\r", "NOT_READY"),
    ("sartorius-sbi", b"Stat        High    \r\n", "OVER"),
    ("sartorius-sbi", b"    Low       \r\n", "UNDER"),
    ("sartorius-sbi", b"Stat      Cal.Ext.  \r\n", "NOT_READY"),
    ("sartorius-sbi", b"T     +  52.1874 g  \r\n", "NOT_READY"),
    ("and-standard", b"OL,+9999999E+19\r\n", "OVER"),
    ("and-standard", b"OL,-9999999E+19\r\n", "UNDER"),
    ("and-standard", b"QT,+00000012 PC\r\n", "NOT_READY"),
    ("and-standard", b"ST,+0012.500  %\r\n", "NOT_READY"),
    ("and-standard", b"\x06\r\n", "NOT_READY"),
    ("st-gs", b"OL,GS,+         \r\n", "OVER"),
    ("st-gs", b"OL,NT,-         \r\n", "UNDER"),
    ("st-gs", b"ST,TR,+0000.120kg\r\n", "NOT_READY"),
    ("cas-22", b"OL,GS,1\x84,+        kg\r\n", "OVER"),
    ("cas-22", b"OL,GS,1\x84,-        kg\r\n", "UNDER"),
    ("cas-22", b"ST,TR,1\xc4,+0000.10 kg\r\n", "NOT_READY"),
    ("ohaus", b"OK!\r\n", "NOT_READY"),
    ("ohaus", b"    0.120 kg    T  \r\n", "NOT_READY"),
    ("yaohua-a12", A12_OVER, "OVER"),
    ("yaohua-a12", A12_UNDER, "UNDER"),
    ("yaohua-a12", b"wt000.120kg\r\n", "NOT_READY"),
    ("hid-pos", frame("03 06 02 00 00 00"), "OVER"),
    ("hid-pos", frame("03 07 02 00 2C 01"), "NOT_READY"),
    ("hid-pos", frame("03 08 02 00 2C 01"), "NOT_READY"),
]

FAULTS: list[tuple[str, bytes, str]] = [
    ("toledo-8217", frame("82 30 B1 2E B2 34 30 8D"), "parity"),
    ("toledo-8217", b"\x021.250\r", "value"),  # a digit was lost on the line
    ("toledo-8217", b"\x0201.2.0\r", "value"),
    ("toledo-8217", b"01.250\r", "frame"),
    ("toledo-8217", b"\x02-1.250\r", "frame"),
    ("nci-scp01", b"\n?\r\x03", "syntax"),
    ("nci-scp01", b"\n01.25kg\r\n00\r\x03", "frame"),
    ("nci-scp01", b"\n001.25kg\r\n40\r\x03", "device"),
    ("nci-scp01", b"\n001.25kg\r\n08\r\x03", "device"),
    ("nci-scp01", b"\n001.25xx\r\n00\r\x03", "unit"),
    ("nci-scp01", b"\n00..25kg\r\n00\r\x03", "value"),
    ("nci-scp01", b"\xb1\n001.25kg\r\n00\r\x03", "parity"),
    ("sma", b"\n?\r", "syntax"),
    ("sma", b"\n 1G      1.250kg_\r", "frame"),
    ("sma", b"\n 1G       1 250kg_\r", "value"),
    ("sma", b"\n 1G       1.250pc_\r", "unit"),
    ("sartorius-sbi", b"N     +  52.1874 g  ", "terminator"),
    ("sartorius-sbi", b"Stat      ERR 101   \r\n", "device"),
    ("sartorius-sbi", b"    APP.ER    \r\n", "device"),
    ("sartorius-sbi", b"+  52.1874 g  +\r\n", "frame"),
    ("sartorius-sbi", b"X     +  52.1874 g  \r\n", "frame"),
    ("sartorius-sbi", b"N     + 5 2.1874 g  \r\n", "value"),
    ("sartorius-sbi", b"N     +  52.1874 dwt\r\n", "unit"),
    ("and-standard", b"ST,+0123.45  g\r\n", "frame"),
    ("and-standard", b"ST,+00.23.45  g\r\n", "value"),
    ("and-standard", b"ST,+00123.45 xx\r\n", "unit"),
    ("and-standard", b"EC,E11\r\n", "device"),
    ("st-gs", b"ST,GS,+012.340kg\r\n", "frame"),
    ("st-gs", b"ST,GS,+001 .340kg\r\n", "value"),
    ("st-gs", b"OL,GS,0012.340kg\r\n", "frame"),
    ("cas-22", b"ST,GS,1\x44,+0012.34 kg\r\n", "lamps"),
    ("cas-22", b"ST,GS,1\xc4,+0012.3. kg\r\n", "value"),
    ("cas-22", b"ST,GS,1\xc4,+012.34 kg\r\n", "frame"),
    ("ohaus", b"ES\r\n", "syntax"),
    ("ohaus", b"Err 8.3\r\n", "device"),
    ("ohaus", b"     1.2.0 kg   B/G\r\n", "value"),
    ("ohaus", b"   2.03.5 lb:oz G  \r\n", "value"),
    ("ohaus", b"    1.250 PCS   G  \r\n", "unit"),
    ("ohaus", b"    1.250 kg   B/G\r\n", "frame"),
    ("adam", b"1.234\r\n", "frame"),
    ("adam", b"1.2.4kg\r\n", "frame"),
    ("yaohua-a9", frame("02 2B 30 30 34 31 33 39 33 31 38 03"), "checksum"),
    ("yaohua-a9", frame("02 2B 30 30 34 31 33 39 35 31 31 03"), "frame"),
    (
        "yaohua-a12",
        frame("57 47 30 30 34 2E 31 33 38 6B 67 33 44 0D 0A"),
        "checksum",
    ),
    ("yaohua-a12", b"WG004.139kg\r\n", "frame"),
    ("yaohua-a12", b"ww00.4.13kg\r\n", "value"),
    ("yaohua-reversed", b"=0003.00", "frame"),
    ("yaohua-reversed", b"=0.0.3000", "value"),
    # Each is a weight of the other format: the point stands in the wrong half.
    ("yaohua-reversed", b"=0003.000", "order"),
    ("yaohua-forward", b"=000.3000", "order"),
    ("yaohua-forward", b"=0.03.000", "value"),
    ("yaohua-forward", b"=--001.00", "frame"),
    ("hid-pos", frame("03 01 02 00 00 00"), "device"),
    ("hid-pos", frame("03 04 02 00 2C"), "frame"),
    ("hid-pos", frame("09 04 02 00 2C 01"), "frame"),
    ("hid-pos", frame("03 09 02 00 2C 01"), "frame"),
    ("hid-pos", frame("03 04 05 00 2C 01"), "unit"),
    ("hid-pos", frame("03 04 02 40 2C 01"), "value"),
    ("hid-pos", frame("03 02 02 00 2C 01"), "value"),
]


def read(model: str, data: bytes) -> Reading:
    return scale_model(model).decode(data, "kg")


@pytest.mark.parametrize(("model", "data", "expected"), WEIGHTS)
def test_a_weight(model: str, data: bytes, expected: Expected) -> None:
    state, value, unit, net = expected
    reading = read(model, data)
    assert (str(reading.state), reading.unit, reading.net) == (state, unit, net), reading
    assert value is not None
    assert reading.value == Decimal(value)
    assert document(model, data)["value"] == value
    captured = state in {"STABLE", "ZERO"}
    assert (reading.grams is not None) == captured
    assert reading.stability == ("software" if state == "UNKNOWN" else "device")


@pytest.mark.parametrize(("model", "data", "state"), STATES)
def test_a_state_clears_the_last_weight(model: str, data: bytes, state: str) -> None:
    reading = read(model, data)
    assert (str(reading.state), reading.value, reading.grams) == (state, None, None), reading


@pytest.mark.parametrize(("model", "data", "error"), FAULTS)
def test_a_damaged_frame_is_never_a_weight(model: str, data: bytes, error: str) -> None:
    reading = read(model, data)
    assert (str(reading.state), reading.error, reading.value) == ("FAULT", error, None), reading
    assert document(model, data) == {"state": "FAULT", "error": error, "raw": data.hex(" ")}


def test_a_unit_that_the_protocol_leaves_out_is_the_setting() -> None:
    data = frame("02 2B 30 30 34 31 33 39 30 31 34 03")
    reading = scale_model("yaohua-a9").decode(data, "jin")
    assert (reading.value, reading.unit, reading.shown_grams) == (Decimal(4139), "jin", 2069500)
    bad = scale_model("yaohua-a9").decode(data, "stone")
    assert (str(bad.state), bad.error) == ("FAULT", "unit")
    pounds = scale_model("toledo-8217").decode(b"\x0212.25\r", "lb")
    assert (pounds.value, pounds.unit, pounds.grams) == (Decimal("12.25"), "lb", 5557)


def test_every_model_has_vectors_of_all_kinds() -> None:
    models = {row.id for row in SCALES} - {"mt-sics"}
    assert {row[0] for row in WEIGHTS} == models
    assert {row[0] for row in FAULTS} == models
    silent = {"adam", "yaohua-a9", "yaohua-reversed", "yaohua-forward"}  # they say weights only
    assert {row[0] for row in STATES} == models - silent
