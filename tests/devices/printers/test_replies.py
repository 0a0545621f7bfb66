"""Answers of printers: the reference's bytes, and that nothing but a reply is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.devices.printers.replies import REPLIES, ReplyState, decode, reply_document
from packstation.domain.errors import SettingsError

HS = (
    b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n"
    b"\x02000,0,0,0,0,2,6,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
)


def brother(first: int = 0, second: int = 0, kind: int = 0, phase: int = 0) -> bytes:
    head = bytes.fromhex("80 20 42 30 37 30 00 00")
    rest = bytes((62, 0x0A, 0, 0, 0, 0, 0, 0, kind, phase)) + bytes(12)
    return head + bytes((first, second)) + rest


CASES = [
    ("tspl", "00", "READY", ()),
    ("tspl", "20", "BUSY", ("printing",)),
    ("tspl", "05", "ATTENTION", ("head_open", "paper_out")),
    ("tspl", "41", "ATTENTION", ("head_open", "cover_open")),
    ("tspl", "10", "ATTENTION", ("paused",)),
    ("tspl", "02 40 40 40 40 03 0D 0A", "READY", ()),
    ("tspl", "02 50 40 40 40 03 0D 0A", "BUSY", ("printing",)),
    ("tspl", "02 4C 40 40 40 03 0D 0A", "BUSY", ("label_waiting",)),
    ("tspl", "02 45 48 40 41 03 0D 0A", "ATTENTION", ("error", "buffer_full", "paper_out")),
    ("tspl", "02 45 40 49 40 03 0D 0A", "ATTENTION", ("error", "head_hot", "cutter")),
    ("cpcl", "00", "READY", ()),
    ("cpcl", "01", "BUSY", ("printing",)),
    ("cpcl", "06", "ATTENTION", ("paper_out", "head_open")),
    ("cpcl", "18", "READY", ("battery_low", "reset")),
    ("epl2", "24 30 30 0D 0A", "READY", ()),
    ("epl2", "30 37 0D 0A", "ATTENTION", ("paper_out",)),
    ("epl2", "24 31 31 0D 0A", "ATTENTION", ("head_open",)),
    ("epl2", "24 39 39", "ATTENTION", ("error",)),
    # Measured on an independent simulator of an XP-80T (reference/devices.md section 3.5).
    ("escpos", "12 12 12 12", "READY", ()),
    ("escpos", "1A 32 12 7E", "ATTENTION", ("paper_out", "near_end")),
    ("escpos", "1A 16 12 12", "ATTENTION", ("cover_open",)),
    ("escpos", "12 12 12 1E", "READY", ("near_end",)),
    ("escpos", "1A 12 12 12", "ATTENTION", ("offline",)),
    ("brother-ql", brother().hex(), "READY", ()),
    ("brother-ql", brother(phase=1).hex(), "BUSY", ("printing",)),
    ("brother-ql", brother(first=0x01).hex(), "ATTENTION", ("paper_out",)),
    ("brother-ql", brother(kind=2).hex(), "ATTENTION", ("error",)),
    ("brother-ql", brother(first=0x04, kind=2).hex(), "ATTENTION", ("cutter",)),
    ("brother-ql", brother(second=0x11).hex(), "ATTENTION", ("wrong_media", "cover_open")),
    ("zpl", HS.hex(), "READY", ()),
    ("zpl", HS.replace(b"030,0,0", b"030,1,0").hex(), "ATTENTION", ("paper_out",)),
    ("zpl", HS.replace(b"1245,000", b"1245,002").hex(), "BUSY", ("printing",)),
    (
        "zpl",
        HS.replace(b"\x02000,0,0,0", b"\x02000,0,1,1").hex(),
        "ATTENTION",
        ("head_open", "ribbon_out"),
    ),
]
BROKEN = [
    ("tspl", ""),
    ("tspl", "00 00"),
    ("tspl", "02 41 40 40 40 03 0D 0A"),
    ("tspl", "02 40 40 40 40 03 0D"),
    ("cpcl", "00 00"),
    ("epl2", "24 30"),
    ("epl2", "24 30 78"),
    ("escpos", "12 12 12"),
    ("escpos", "12 12 12 13"),
    ("escpos", "FF FF FF FF"),
    ("brother-ql", brother().hex()[:-2]),
    ("brother-ql", "00" + brother().hex()[2:]),
    ("zpl", HS[:40].hex()),
    ("zpl", HS.replace(b"1245", b"12x5").hex()),
]


@pytest.mark.parametrize(("model", "data", "state", "flags"), CASES)
def test_a_reply(model: str, data: str, state: str, flags: tuple[str, ...]) -> None:
    reply = decode(model, bytes.fromhex(data))
    assert (str(reply.state), reply.flags, reply.printed) == (state, flags, False)


@pytest.mark.parametrize(("model", "data"), BROKEN)
def test_what_is_no_reply_is_a_fault(model: str, data: str) -> None:
    reply = decode(model, bytes.fromhex(data))
    assert reply.state is ReplyState.FAULT
    assert reply.error
    assert reply_document(reply) == {
        "state": "FAULT",
        "error": reply.error,
        "raw": bytes.fromhex(data).hex(" "),
    }


def test_a_brother_says_that_a_label_came_out() -> None:
    assert reply_document(decode("brother-ql", brother(kind=1)))["printed"] is True


def test_a_language_that_is_none_is_named() -> None:
    with pytest.raises(SettingsError) as caught:
        decode("fax", b"")
    assert "tspl" in str(caught.value.fields["allowed"])


@pytest.mark.parametrize("model", sorted(REPLIES))
@given(data=st.binary(max_size=40))
def test_any_bytes_give_an_answer(model: str, data: bytes) -> None:
    reply = decode(model, data)
    assert reply.raw == data
    assert (reply.state is ReplyState.FAULT) == bool(reply.error)


def test_every_language_has_cases_of_both_kinds() -> None:
    assert {row[0] for row in CASES} == {row[0] for row in BROKEN} == set(REPLIES)
