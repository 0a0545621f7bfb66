"""Answers and jobs of every family: what is no answer is none, whatever the bytes."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from packstation.devices.catalogue import PRINTERS
from packstation.devices.printers import brother_ql, cpcl, epl2, escpos, tspl, zpl
from packstation.devices.printers.replies import ReplyState, decode_epl2, decode_hqes, decode_tspl
from packstation.devices.printers.talk import PrinterTalk, look_of, one_way
from packstation.devices.sim.labels import language_of, waybill_of
from packstation.devices.sim.printers.catalogue import DIALECTS
from packstation.devices.sim.printers.dialect import Sheet
from packstation.devices.sim.printers.escpos import command_size

TALKS = [pytest.param(row.talk, id=row.id) for row in PRINTERS if row.talk is not None]
PIECES = (
    *(b"\x1b", b"\x1d", b"\x00", b"\r\n", b"PRINT 9", b",", b"BITMAP 0,0,9,9,0,", b"GW1,1,2,2,"),
    *(b"^XA", b"^XZ", b"^PQ7", b"! 0 200 200 10 2\r\n", b"CG 1 2 0 0 ", b"\x1dv0\x00\x02\x00"),
    *(b"g\x00\x05", b"M\x02", b"\x1a", b"P3\r\n", b"N\r\n", b"~HS", b"\x1bi", b"z", b"9" * 30),
    *(
        b"^FO1,1^GFA,8,8,2,",
        b":Z64:eJw=:0000",
        b"^FS",
        b"EG 1 2 0 0 ",
        b"BAR 1,1,9,9",
        b"LO1,1,2,2",
    ),
)
CHAFF = st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=30).map(b"".join)


@pytest.mark.parametrize("talk", TALKS)
@given(data=CHAFF)
@example(data=b"\x1dv0\x00\x02\x00\x03")
def test_no_bytes_upset_a_talk(talk: PrinterTalk, data: bytes) -> None:
    questions = [*talk.ask, *(one for one in (talk.receipt, talk.listen) if one)]
    for question in questions:
        answer = question.take(data)
        if answer:
            question.read(answer)
    for fact in talk.facts:
        told = fact.take(data)
        assert told is None or fact.read(told).isprintable()
    for odometer in talk.odometers:
        shown = odometer.take(data)
        assert shown is None or (odometer.read(shown) or 0) >= 0
    assert talk.labels(data) >= 0


@pytest.mark.parametrize("model", DIALECTS)
@given(data=CHAFF, cut=st.integers(0, 200))
def test_no_bytes_upset_a_simulated_printer_and_cuts_do_not_matter(
    model: str, data: bytes, cut: int
) -> None:
    whole, halves = DIALECTS[model](), DIALECTS[model]()
    once = [one for one in whole.feed(data) if isinstance(one, Sheet)]
    twice = [*halves.feed(data[:cut]), *halves.feed(data[cut:])]
    assert once == [one for one in twice if isinstance(one, Sheet)]


@given(data=CHAFF)
def test_no_label_upsets_who_reads_it(data: bytes) -> None:
    assert language_of(data) in {"", *DIALECTS}
    assert isinstance(waybill_of(data), str)


@given(data=CHAFF)
def test_commands_of_receipt_printers_have_a_length(data: bytes) -> None:
    if data:
        assert 0 <= command_size(data) <= len(data)


@given(data=CHAFF)
def test_raster_commands_add_up(data: bytes) -> None:
    found, rest = brother_ql.tokens(data)
    assert b"".join(token.raw for token in found) + rest == data


HQES = b"\x02\r\n  PRINTER STATUS\r\n   ERRORS:         %s\r\n   WARNINGS: 0\r\n\x03"


@pytest.mark.parametrize(
    ("told", "state", "flags"),
    [
        (b"0 00000000 00000000", "READY", ()),
        (b"1 00000000 00000005", "ATTENTION", ("paper_out", "head_open")),
        (b"1 00000000 00000002", "ATTENTION", ("ribbon_out",)),
        (b"1 00000000 00000018", "ATTENTION", ("cutter", "head_hot")),
        (b"1 00000000 00001000", "ATTENTION", ("jam",)),
        (b"1 00000000 00200000", "ATTENTION", ("error",)),
        (b"1 0000000 00000005", "FAULT", ()),
    ],
)
def test_what_a_zebra_says_when_its_host_status_is_silent(
    told: bytes, state: str, flags: tuple[str, ...]
) -> None:
    reply = decode_hqes(HQES % told)
    assert (reply.state, reply.flags) == (ReplyState(state), flags)


def test_three_lines_that_are_no_host_status_are_none() -> None:
    status = zpl.TALK.ask[0]
    lines = b"\x02030,0\x03\r\n" * 3
    assert status.take(lines[:-5]) is None
    assert status.take(lines) == lines
    assert status.read(lines) is None


def test_a_zebra_without_errors_is_not_said_to_be_idle() -> None:
    question = zpl.TALK.ask[1]
    assert question.read(HQES % b"0 00000000 00000000") is None
    look = question.read(HQES % b"1 00000000 00000004")
    assert look is not None
    assert look.blocked == "printer.head_open"


@pytest.mark.parametrize(
    ("data", "state", "flags"),
    [
        (b"07,11\r\n", "ATTENTION", ("paper_out", "head_open")),
        (b"01\r\n", "READY", ("command_error",)),
        (b"62\r\n", "ATTENTION", ("head_hot",)),
        (b"00,\r\n", "FAULT", ()),
    ],
)
def test_several_codes_at_once(data: bytes, state: str, flags: tuple[str, ...]) -> None:
    reply = decode_epl2(data)
    assert (reply.state, reply.flags) == (ReplyState(state), flags)
    assert (look_of(reply) is None) == (state == "FAULT")


@pytest.mark.parametrize(
    ("data", "state", "flags"),
    [
        (b"\x02\x45\x40\x40\x60\x03\r\n", "ATTENTION", ("error", "head_open")),
        (b"\x02\x43\x40\x40\x40\x03\r\n", "BUSY", ("cutting",)),
        (b"\x02\x40\x40\x40\x00\x03\r\n", "FAULT", ()),
        (b"\x02\x40\x40\xc0\x40\x03\r\n", "FAULT", ()),
    ],
)
def test_the_long_status_of_tspl(data: bytes, state: str, flags: tuple[str, ...]) -> None:
    reply = decode_tspl(data)
    assert (reply.state, reply.flags) == (ReplyState(state), flags)


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"\x1507P002L0003\x1307\r\n", b"07\r\n"),
        (b"\x13\x1100\r\n", b"00\r\n"),
        (b"\x06\x0600\n", b"00\n"),
        (b"\r\n00\r\n", b"00\r\n"),
        (b"\x1501", None),
        (b"\x1507P001\r\n", None),
    ],
)
def test_an_epl_printer_may_say_more_than_it_was_asked(data: bytes, codes: bytes | None) -> None:
    assert epl2.TALK.ask[0].take(data) == codes


def test_a_refusal_is_told_from_trouble() -> None:
    assert epl2.TALK.refuses(b"\x1501P001")
    assert not epl2.TALK.refuses(b"\x1507P001\x06")
    assert not zpl.TALK.refuses(b"\x1501")


def test_a_full_buffer_is_work_and_no_error() -> None:
    """Error byte 2, bit 1 of a Brother; the other bits of that byte want a hand."""
    look = brother_ql.TALK.ask[0].read(b"\x80\x20\x42" + bytes(6) + b"\x02" + bytes(22))
    assert look is not None
    assert (look.blocked, look.busy, look.idle) == ("", True, False)
    look = brother_ql.TALK.ask[0].read(b"\x80\x20\x42" + bytes(6) + b"\x12" + bytes(22))
    assert look is not None
    assert look.blocked == "printer.head_open"


def test_a_byte_counts_when_it_came_three_times() -> None:
    short = tspl.TALK.ask[1]
    assert short.take(b"\x00\x00") is None
    assert short.read(b"\x00\x04\x00") is None
    look = short.read(b"\x04\x04\x04")
    assert look is not None
    assert look.blocked == "printer.paper_out"


def test_what_printers_say_of_themselves() -> None:
    assert zpl.TALK.facts[0].read(b"\x02ZD421,V93.21,8,8192KB\x03") == "ZD421 V93.21"
    assert zpl.TALK.facts[1].read(b"\x02\r\nSERIAL NUMBER\r\n18J2\r\n\x03") == "18J2"
    assert zpl.TALK.facts[1].read(b"\x02\x03") == ""
    assert tspl.TALK.facts[0].read(b"TTP-245C\r") == "TTP-245C"
    assert tspl.TALK.odometers[0].read(b"66\r") == 66
    assert tspl.TALK.odometers[0].read(b"?\r") is None
    assert cpcl.TALK.facts[0].read(b"QL420 V24\x00") == "QL420 V24"
    assert cpcl.TALK.facts[0].read(b"QL\x80\x81\x00") == ""
    assert escpos.TALK.facts[0].take(b"\x00_TM-m30\x00") == b"_TM-m30\x00"
    assert escpos.TALK.facts[0].read(b"_TM-m30\x00") == "TM-m30"
    meters = b'\x02\r\nPRINT METERS\r\nTOTAL NONRESETTABLE: 144 "\r\n\x03'
    assert zpl.TALK.odometers[2].read(meters) == 144
    assert zpl.TALK.odometers[2].read(b"\x02\x03") is None
    receipt = escpos.TALK.receipt
    assert receipt is not None
    assert receipt.read(b"\x12") is None
    assert receipt.read(b"\x03") is not None


@pytest.mark.parametrize("half", [b"\x1b", b"\x1bi", b"\x1biz\x00", b"g\x00", b"g\x00\x05ab", b"M"])
def test_half_a_raster_command_waits_for_the_rest(half: bytes) -> None:
    assert brother_ql.tokens(b"\x1a" + half) == ([brother_ql.Token("page", b"\x1a")], half)


def test_a_report_of_a_brother_is_cut_out_of_what_came() -> None:
    listen = brother_ql.TALK.listen
    assert listen is not None
    report = b"\x80\x20\x42" + bytes(15) + b"\x01" + bytes(13)
    assert listen.take(report[:-1]) is None
    assert listen.take(b"\x00\x80" + report + b"\x80") == report
    look = listen.read(report)
    assert look is not None
    assert look.printed
    assert listen.read(report[:-1]) is None


def test_labels_are_counted_past_pictures_that_look_like_commands() -> None:
    picture = b"\r\nP7\r\nPRINT 9\r\n12"
    assert epl2.labels_in(b"N\r\nGW0,0,6,3," + picture + b"\r\nP2,3\r\nP1\r\n") == 7
    assert tspl.labels_in(b"CLS\r\nBITMAP 0,0,6,3,0," + picture + b"\r\nPRINT 2,2\r\n") == 4
    assert brother_ql.pages(b"g\x00\x02\x0c\x1a\x0cM\x02G\x01\x00\x1a\x1a") == 2


def test_a_line_without_a_way_back_asks_nothing() -> None:
    mute = one_way(brother_ql.TALK)
    assert (mute.ask, mute.listen, mute.receipt, mute.odometers) == ((), None, None, ())
    assert mute.labels(b"g\x00\x01a\x1a") == 1
