import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.devices.framing import Frame
from packstation.devices.scanners import decode_scan, decode_text
from packstation.station.ports import CodeScanned
from packstation.station.scantext import LONGEST, Repeats, ScanText, clean


def scan(raw: bytes, error: str = "") -> CodeScanned:
    return decode_scan(Frame(raw, error), source="scanner-1", at_ns=7)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"6901234567892", "6901234567892"),
        ("订单-117".encode(), "订单-117"),
        ("订单-117".encode("gb18030"), "订单-117"),
        (b"caf\xe9", "café"),
        (b"\xff\xff", "ÿÿ"),
    ],
)
def test_text_is_decoded_by_the_first_encoding_that_fits(raw: bytes, text: str) -> None:
    assert decode_text(raw) == text


def test_an_aim_identifier_is_split_off_and_gs_is_kept() -> None:
    one = scan(b"]C1010952123454321310ABC\x1d3712")
    assert (one.aim, one.text) == ("]C1", "010952123454321310ABC\x1d3712")
    assert (one.source, one.received_ns) == ("scanner-1", 7)
    assert one.raw == b"]C1010952123454321310ABC\x1d3712"


@pytest.mark.parametrize("raw", [b"", b"\x00\x1b", b"]E0"])
def test_a_frame_without_a_code_has_no_text(raw: bytes) -> None:
    assert scan(raw).text == ""


@given(st.binary(max_size=600), st.sampled_from(["", "torn", "too_long"]))
def test_no_scan_carries_controls_or_more_than_the_longest(raw: bytes, error: str) -> None:
    one = scan(raw, error)
    assert len(one.text) <= LONGEST
    assert not any(char < " " and char != "\x1d" for char in one.text)
    assert not any("\x7f" <= char < "\xa0" for char in one.text)
    assert one.raw == raw
    if one.error and one.text:
        assert one.text.endswith("…")


def test_text_that_is_too_long_is_cut_and_named() -> None:
    cut = clean("9" * (LONGEST + 1))
    assert (len(cut.text), cut.text[-1], cut.error) == (LONGEST, "…", "too_long")
    assert clean("9" * LONGEST).error == ""


def test_the_same_code_at_once_is_one_scan() -> None:
    repeats = Repeats(window_ns=400)
    one, other = ScanText("A", "]E0"), ScanText("A", "]C1")
    assert repeats.fresh(one, 1_000)
    assert not repeats.fresh(one, 1_399)
    # A trigger that stays down goes on being the same scan.
    assert not repeats.fresh(one, 1_798)
    assert repeats.fresh(one, 2_198)
    assert repeats.fresh(other, 2_199)
