"""IPP messages: bytes from the standard, every message there and back, and any bytes at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.devices.printers.ipp.decoding import LIMIT, decode
from packstation.devices.printers.ipp.encoding import collection, encode, flag, number, text
from packstation.devices.printers.ipp.messages import (
    STRINGS,
    Attribute,
    Group,
    Localised,
    Message,
    Range,
    Resolution,
    Tag,
    Value,
)
from packstation.domain.errors import FrameMalformed

# RFC 8010, appendix A.1: the start of a Print-Job request.
PRINT_JOB = bytes.fromhex(
    "01010002000000010147001261747472696275746573 2d6368617273657400057574662d38"
    "48001b617474726962757465732d6e61747572616c2d6c616e67756167650005656e2d7573"
    "45000b7072696e7465722d7572690015"
)
URI = b"ipp://printer.example"


def test_a_request_of_the_standard() -> None:
    raw = PRINT_JOB + URI + b"\x02\x21\x00\x06copies\x00\x04\x00\x00\x00\x14\x03%!PDF"
    found = decode(raw)
    assert (found.version, found.code, found.request, found.data) == ((1, 1), 2, 1, b"%!PDF")
    operation, job = found.groups
    assert operation.attributes[0] == text(Tag.CHARSET, "attributes-charset", "utf-8")
    assert operation.attributes[2] == text(Tag.URI, "printer-uri", URI.decode())
    assert job == Group(Tag.JOB, (number("copies", 20),))
    assert encode(found) == raw
    assert found.groups_of(Tag.JOB) == (job,)


def test_a_collection_of_the_standard() -> None:
    """RFC 8010 section 3.1.6 and appendix A.7: media-col with media-size in it."""
    size = collection("media-size", number("x-dimension", 21000), number("y-dimension", 29700))
    attribute = collection("media-col", text(Tag.KEYWORD, "media-color", "blue"), size)
    raw = encode(Message(2, 1, (Group(Tag.JOB, (attribute,)),)))
    assert (
        b"\x34\x00\x09media-col\x00\x00\x4a\x00\x00\x00\x0bmedia-color\x44\x00\x00\x00\x04blue"
        in raw
    )
    assert raw.endswith(b"\x37\x00\x00\x00\x00\x37\x00\x00\x00\x00\x03")
    assert decode(raw).groups[0].attributes == (attribute,)


words = st.text(max_size=20)
names = st.text(min_size=1, max_size=12)
int32 = st.integers(-(2**31), 2**31 - 1)
plain = st.one_of(
    st.builds(Value, st.sampled_from((Tag.INTEGER, Tag.ENUM)), int32),
    st.builds(Value, st.just(Tag.BOOLEAN), st.booleans()),
    st.builds(Value, st.sampled_from(sorted(STRINGS)), words),
    st.builds(Value, st.sampled_from((Tag.OCTETS, Tag.DATE_TIME)), st.binary(max_size=12)),
    st.builds(Value, st.just(Tag.RANGE), st.builds(Range, int32, int32)),
    st.builds(
        Value, st.just(Tag.RESOLUTION), st.builds(Resolution, int32, int32, st.integers(0, 255))
    ),
    st.builds(Value, st.just(Tag.NAME_LANGUAGE), st.builds(Localised, words, words)),
    st.builds(Value, st.sampled_from((0x10, 0x12, 0x13))),
)


def attributes(values: st.SearchStrategy[Value]) -> st.SearchStrategy[tuple[Attribute, ...]]:
    rows = st.lists(values, min_size=1, max_size=3).map(tuple)
    return st.lists(st.builds(Attribute, names, rows), max_size=4).map(tuple)


values = st.recursive(
    plain, lambda inner: st.builds(Value, st.just(Tag.COLLECTION), attributes(inner)), max_leaves=4
)
groups = st.builds(
    Group, st.sampled_from((Tag.OPERATION, Tag.JOB, Tag.PRINTER)), attributes(values)
)
messages = st.builds(
    Message,
    st.integers(0, 0xFFFF),
    st.integers(0, 2**32 - 1),
    st.lists(groups, max_size=3).map(tuple),
    st.binary(max_size=20),
    st.tuples(st.integers(0, 255), st.integers(0, 255)),
)


ERRORS = {"", "short", "group", "name", "value", "depth"}


def error_of(raw: bytes) -> str:
    """What is wrong with the bytes; "" for nothing. Any other error ends the test."""
    try:
        decode(raw)
    except FrameMalformed as refused:
        return str(refused.fields["error"])
    return ""


@settings(max_examples=60)
@given(messages)
def test_every_message_comes_back(message: Message) -> None:
    assert decode(encode(message)) == message


@settings(max_examples=60)
@given(messages, st.data())
def test_damaged_messages_are_refused_or_read_and_never_more(
    message: Message, data: st.DataObject
) -> None:
    raw = bytearray(encode(message))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    assert error_of(bytes(raw)) in ERRORS
    assert error_of(bytes(raw[:cut])) in ERRORS


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_read(raw: bytes) -> None:
    assert error_of(HEAD + raw) in ERRORS


DEEPER = b"\x4a\x00\x00\x00\x01a\x34\x00\x00\x00\x00"
HEAD = b"\x02\x00\x00\x00\x00\x00\x00\x01"


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"\x02\x00", "short"),
        (HEAD + b"\x01\x21\x00\x01a\x00\x04\x00\x00", "short"),
        (HEAD + b"\x21\x00\x01a\x00\x04\x00\x00\x00\x01\x03", "group"),
        (HEAD + b"\x01\x21\x00\x00\x00\x04\x00\x00\x00\x01\x03", "name"),
        (HEAD + b"\x01\x21\x00\x01a\x00\x02\x00\x01\x03", "value"),
        (HEAD + b"\x01\x36\x00\x01a\x00\x05\x00\x01a\x00\x09\x03", "value"),
        (HEAD + b"\x01\x37\x00\x01a\x00\x00\x03", "value"),
        (HEAD + b"\x01\x34\x00\x01a\x00\x00\x21\x00\x00\x00\x04\x00\x00\x00\x01\x03", "name"),
        (HEAD + b"\x01\x34\x00\x01a\x00\x00\x03\x00\x00\x00\x00\x03", "name"),
        (
            HEAD + b"\x01\x34\x00\x01a\x00\x00" + b"\x4a\x00\x00\x00\x01a\x34\x00\x00\x00\x00" * 9,
            "depth",
        ),
        (HEAD + b"\x03" + bytes(LIMIT), "long"),
    ],
)
def test_what_is_wrong_is_named(raw: bytes, error: str) -> None:
    with pytest.raises(FrameMalformed) as refused:
        decode(raw)
    assert refused.value.fields["error"] == error


def test_names_in_another_encoding_are_read_all_the_same() -> None:
    raw = HEAD + b"\x04\x42\x00\x01a\x00\x02\xe9t\x03"
    assert decode(raw).groups[0].attributes[0].values[0].content == "\ufffdt"


def test_builders_of_values() -> None:
    assert flag("a", on=True).values == (Value(Tag.BOOLEAN, True),)
    with pytest.raises(TypeError):
        number("a", 1, Tag.TEXT)
