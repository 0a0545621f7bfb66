from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.devices.printers.status import (
    labels_in,
    parse_hs,
    parse_odometer,
)
from packstation.domain.errors import FrameMalformed

FIRST = "030,0,0,1245,000,0,0,0,000,0,0,0"
SECOND = "000,0,0,0,0,2,6,0,00000000,1,000"
THIRD = "1234,0"


def answer(first: str = FIRST, second: str = SECOND, third: str = THIRD) -> bytes:
    return "".join(f"\x02{line}\x03\r\n" for line in (first, second, third)).encode()


def changed(line: str, field: int, value: str) -> str:
    fields = line.split(",")
    fields[field] = value
    return ",".join(fields)


def test_the_idle_sample_of_the_reference() -> None:
    sample = answer()
    assert len(sample) == 82
    status = parse_hs(sample)
    assert (status.idle, status.blocked, status.formats, status.labels_left) == (True, "", 0, 0)


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (answer(first=changed(FIRST, 1, "1")), "printer.paper_out"),
        (answer(first=changed(FIRST, 2, "1")), "printer.paused"),
        (answer(first=changed(FIRST, 9, "1")), "printer.ram_lost"),
        (answer(first=changed(FIRST, 10, "1")), "printer.too_cold"),
        (answer(first=changed(FIRST, 11, "1")), "printer.too_hot"),
        (answer(second=changed(SECOND, 2, "1")), "printer.head_open"),
        (answer(second=changed(SECOND, 3, "1")), "printer.ribbon_out"),
    ],
)
def test_what_wants_a_hand_blocks(data: bytes, cause: str) -> None:
    status = parse_hs(data)
    assert (status.blocked, status.idle) == (cause, False)


@pytest.mark.parametrize(
    "data",
    [
        answer(first=changed(FIRST, 4, "003")),
        answer(first=changed(FIRST, 7, "1")),
        answer(second=changed(SECOND, 8, "00000012")),
    ],
)
def test_work_left_is_busy_and_not_blocked(data: bytes) -> None:
    status = parse_hs(data)
    assert (status.blocked, status.idle) == ("", False)


def test_fields_that_do_not_block() -> None:
    status = parse_hs(answer(first=changed(FIRST, 5, "1"), second=changed(SECOND, 7, "1")))
    assert (status.buffer_full, status.label_waiting, status.idle) == (True, True, True)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "lines"),
        (answer()[:40], "lines"),
        (answer() + answer(), "lines"),
        (answer(first=FIRST + ",0"), "fields"),
        (answer(second=SECOND[:-4]), "fields"),
        (answer(third="12x4,0"), "digits"),
        (answer(third=""), "digits"),
    ],
)
def test_a_malformed_answer_is_named(data: bytes, error: str) -> None:
    with pytest.raises(FrameMalformed) as malformed:
        parse_hs(data)
    assert malformed.value.fields == {"error": error, "raw": data.hex(" ")}


@given(st.binary(max_size=120))
def test_any_bytes_are_a_status_or_malformed(data: bytes) -> None:
    named = ""
    try:
        parse_hs(data)
    except FrameMalformed as malformed:
        named = str(malformed.fields["error"])
    assert named in {"", "lines", "fields", "digits"}


@pytest.mark.parametrize(
    ("data", "count"),
    [(b'"123"\r\n', 123), (b'"0"', 0), (b'"?"', None), (b"", None), (b'"12', None)],
)
def test_the_odometer(data: bytes, count: int | None) -> None:
    assert parse_odometer(data) == count


@pytest.mark.parametrize(
    ("payload", "count"),
    [
        (b"^XA^FDa^FS^XZ", 1),
        (b"^XA^FDa^FS^XZ\r\n^xa^FDb^FS^PQ3,0,1,Y^xz", 4),
        (b"~HS", 0),
        (b"^XA^FDhalf", 0),
    ],
)
def test_labels_in_a_job(payload: bytes, count: int) -> None:
    assert labels_in(payload) == count
