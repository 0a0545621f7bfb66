"""What dimensioners say: sides that may be taken, and everything that may not."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.devices.catalogue import dimensioner_model
from packstation.devices.dimensioners.cubiscan import decode, framer
from packstation.devices.dimensioners.framed import FramedPattern
from packstation.devices.readings import decode as document
from packstation.devices.sizing import Agreement
from packstation.domain.errors import SettingsError
from packstation.domain.sizes import SizeState

# reference/devices.md section 4.1: 62 bytes.
VECTOR = b"\x02MAH000000,L040.0,W030.0,H020.0,M,K012.34,D004.80,M,F5000,I\x03\r\n"


def test_the_vector_of_the_reference() -> None:
    assert len(VECTOR) == 62
    assert document("cubiscan", VECTOR) == {
        "state": "STABLE",
        "value": "12.34",
        "unit": "kg",
        "grams": 12340,
        "net": False,
        "stability": "device",
        "length_mm": 400,
        "width_mm": 300,
        "height_mm": 200,
        "length": "40.0",
        "width": "30.0",
        "height": "20.0",
        "size_unit": "cm",
        "error": "",
        "raw": VECTOR.hex(" "),
    }


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        (b"040.0", b"_40.0", "UNDER"),
        (b"040.0", b"~40.0", "OVER"),
        (b"040.0", b"-40.0", "UNKNOWN"),
        (b"040.0", b"000.0", "UNKNOWN"),
    ],
)
def test_sides_in_millimetres_are_null_where_they_may_not_be_taken(
    old: bytes, new: bytes, state: str
) -> None:
    shown = document("cubiscan", VECTOR.replace(old, new, 1))
    sides = {shown["length_mm"], shown["width_mm"], shown["height_mm"]}
    assert (shown["state"], sides) == (state, {None})


@pytest.mark.parametrize("end", [b"", b"\r", b"\n", b"\r\n"])
def test_the_line_end_may_be_missing(end: bytes) -> None:
    assert decode(VECTOR.rstrip(b"\r\n") + end).sides_mm == (400, 300, 200)


def test_inches_and_pounds_become_whole_millimetres_and_grams() -> None:
    frame = VECTOR.replace(b",M,K", b",E,K").replace(b",M,F", b",E,F")
    reading = decode(frame)
    assert (reading.unit, reading.weight_unit) == ("in", "lb")
    assert reading.sides_mm == (1016, 762, 508)
    assert reading.grams == 5597


@pytest.mark.parametrize(
    ("side", "error"), [(b"_40.0", "under"), (b"~40.0", "over"), (b"-40.0", "imprecise")]
)
def test_a_side_that_the_device_doubts_is_not_taken(side: bytes, error: str) -> None:
    reading = decode(VECTOR.replace(b"040.0", side))
    assert (reading.state, reading.error, reading.length) == (
        SizeState.UNSURE,
        error,
        Decimal("40.0"),
    )
    assert (reading.sides_mm, reading.grams) == (None, None)


def test_a_weight_that_the_device_doubts_leaves_the_sides() -> None:
    reading = decode(VECTOR.replace(b"K012.34", b"K~12.34"))
    assert (reading.sides_mm, reading.weight, reading.grams) == ((400, 300, 200), None, None)


@pytest.mark.parametrize(
    ("frame", "state", "error"),
    [
        (b"\x02MNHZ\x03\r\n", "NOT_READY", "zero"),
        (b"\x02MNCC\x03\r\n", "NOT_READY", "corner"),
        (b"\x02MNM\x03\r\n", "NOT_READY", "measure"),
        (b"\x02UAMMI5000000000\x03\r\n", "NOT_READY", ""),
        (b"\x02?N\x03\r\n", "FAULT", "syntax"),
        (VECTOR.replace(b"040.0", b"40.0"), "FAULT", "frame"),
        (VECTOR.replace(b"040.0", b"04..0"), "FAULT", "value"),
        (VECTOR.replace(b"W030.0,", b""), "FAULT", "frame"),
        (VECTOR[1:], "FAULT", "frame"),
        (VECTOR.replace(b"\x03", b""), "FAULT", "frame"),
    ],
)
def test_what_holds_no_box(frame: bytes, state: str, error: str) -> None:
    reading = decode(frame)
    assert (str(reading.state), reading.error, reading.sides_mm) == (state, error, None)


def test_a_box_without_a_side_is_none() -> None:
    assert decode(VECTOR.replace(b"H020.0", b"H000.0")).sides_mm is None


@given(st.binary(max_size=80))
def test_any_bytes_give_a_reading(frame: bytes) -> None:
    reading = decode(frame)
    assert reading.raw == frame
    assert reading.sides_mm is None or frame.startswith(b"\x02MA")


@given(st.lists(st.integers(0, 300), max_size=6), st.binary(max_size=6))
def test_how_bytes_are_chopped_does_not_matter(cuts: list[int], noise: bytes) -> None:
    stream = noise.replace(b"\x02", b"") + VECTOR * 3
    edges = sorted({0, len(stream), *(cut % len(stream) for cut in cuts)})
    cutter = framer()
    pieces = [stream[a:b] for a, b in itertools.pairwise(edges)]
    frames = [frame for piece in pieces for frame in cutter.feed(piece)]
    assert [decode(frame.data).sides_mm for frame in frames] == [(400, 300, 200)] * 3


def test_a_frame_that_says_nothing_is_shown_as_such() -> None:
    assert document("cubiscan", b"\x02?N\x03") == {
        "state": "FAULT",
        "error": "syntax",
        "raw": "02 3f 4e 03",
    }


def test_a_model_that_is_none_is_named_among_all_there_are() -> None:
    with pytest.raises(SettingsError) as caught:
        document("cubi", b"")
    allowed = str(caught.value.fields["allowed"])
    assert {"mt-sics", "cubiscan", "framed", "tspl"} <= set(allowed.split(", "))


# --- a pattern of settings ------------------------------------------------------------------


def test_a_line_of_commas_is_the_pattern_where_none_is_set() -> None:
    reading = FramedPattern(unit="mm").decode(b"400, 300, 200, 1.25\r\n")
    assert (reading.sides_mm, reading.grams) == ((400, 300, 200), 1250)
    assert FramedPattern().decode(b"40,30.5,20\n").sides_mm == (400, 305, 200)
    assert FramedPattern().decode(b"40,30\n").error == "frame"


def test_a_pattern_names_what_is_where() -> None:
    pattern = r"H=(?P<height>\S+) W=(?P<width>\S+) L=(?P<length>\S+)"
    decoder = dimensioner_model("framed").decoder({"pattern": pattern, "unit": "in"})
    assert decoder(b"H=10 W=20 L=30\r\n").sides_mm == (762, 508, 254)
    assert decoder(b"H=10 W=abc L=30\r\n").error == "value"
    assert decoder(b"H=10 W=1e9 L=30\r\n").error == "value"


def test_a_weight_of_an_unknown_unit_leaves_the_sides() -> None:
    reading = FramedPattern(weight_unit="stone").decode(b"40,30,20,1.5\n")
    assert (reading.sides_mm, reading.grams) == ((400, 300, 200), None)


def test_a_side_that_the_pattern_lets_be_away_is_a_fault() -> None:
    pattern = r"(?P<length>\d+),(?P<width>\d+)(?:,(?P<height>\d+))?"
    assert FramedPattern(pattern).decode(b"40,30\n").error == "value"


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"pattern": "("}, "pattern"),
        ({"pattern": "(?P<length>.)"}, "pattern"),
        ({"unit": "ell"}, "unit"),
    ],
)
def test_settings_that_cannot_be_used_are_named(settings: dict[str, object], name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        dimensioner_model("framed").decoder(settings)
    assert caught.value.fields["name"] == name


# --- what proves itself ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "proven"),
    [
        (b"L040.0", b"L040.0", True),
        (b"L040.0", b"L041.0", False),
        (b"D004.80", b"D004.81", True),
        (b"D004.80", b"D004.82", False),
        (b"D004.80", b"D000.00", False),
        (b"F5000", b"F0000", False),
        (b",M,K", b",E,K", False),
        (b"H020.0", b"H000.0", False),
    ],
)
def test_a_frame_whose_dimensional_weight_fits_its_sides_proves_itself(
    old: bytes,
    new: bytes,
    proven: bool,
) -> None:
    assert decode(VECTOR.replace(old, new)).proven is proven


def test_a_box_is_reported_once_two_measurements_agree_that_prove_themselves() -> None:
    agreement = Agreement()
    assert agreement.agreed(decode(VECTOR)) is None
    other = decode(VECTOR.replace(b"L040.0", b"L020.0").replace(b"D004.80", b"D002.40"))
    assert agreement.agreed(other) is None
    found = agreement.agreed(decode(VECTOR))
    assert found is not None
    assert found.sides_mm == (400, 300, 200)
    assert agreement.agreed(decode(VECTOR)) is None  # the next box begins


def test_three_must_agree_where_nothing_proves_them() -> None:
    agreement, plain = Agreement(), decode(VECTOR.replace(b"D004.80", b"D009.99"))
    assert [agreement.agreed(plain) for _ in range(3)] == [None, None, plain]


def test_measurements_that_never_agree_are_unsure() -> None:
    agreement = Agreement()
    boxes = [decode(VECTOR.replace(b"L040.0", b"L04%d.0" % at)) for at in range(5)]
    found = [agreement.agreed(box) for box in boxes]
    assert found[:4] == [None] * 4
    assert found[4] is not None
    assert (found[4].state, found[4].error, found[4].sides_mm) == (
        SizeState.UNSURE,
        "disagree",
        None,
    )


def test_a_refusal_is_told_at_once() -> None:
    agreement = Agreement()
    assert agreement.agreed(decode(VECTOR)) is None
    refused = decode(b"\x02MNHZ\x03\r\n")
    assert agreement.agreed(refused) is refused
