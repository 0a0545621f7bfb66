"""Bytes to IPP messages (RFC 8010 section 3): bounded, and `FrameMalformed` for what is none.

The bytes come from whatever answers at an address, so nothing in them is believed: a length
that leads out of the message, collections in collections without end, a value of the wrong
width. Texts that are no UTF-8 are read with replacement signs: printers send such names.
"""

from __future__ import annotations

import struct
from typing import Final

from packstation.devices.printers.ipp.messages import (
    FIRST_VALUE,
    FIRST_WITH_CONTENT,
    INTEGERS,
    LANGUAGES,
    STRINGS,
    Attribute,
    Content,
    Group,
    Localised,
    Message,
    Range,
    Resolution,
    Tag,
    Value,
)
from packstation.domain.errors import FrameMalformed

LIMIT: Final = 1 << 20  # bytes of a message; a printer's whole description has a tenth of it
_DEEPEST: Final = 8
_SHOWN: Final = 64  # bytes of a bad message that an error carries


def decode(data: bytes) -> Message:
    """Read a message; `FrameMalformed` otherwise: long, short, group, name, value or depth."""
    if len(data) > LIMIT:
        raise FrameMalformed(error="long", raw=data[:_SHOWN].hex(" "))
    reader = _Reader(data)
    major, minor, code, request = struct.unpack(">BBHI", reader.take(8))
    groups: list[Group] = []
    while (tag := reader.byte()) != Tag.END:
        if tag >= FIRST_VALUE:
            raise reader.malformed("group")
        groups.append(Group(tag, reader.attributes()))
    return Message(code, request, tuple(groups), reader.rest(), (major, minor))


class _Reader:
    """A place in the bytes that never leads out of them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def malformed(self, error: str) -> FrameMalformed:
        return FrameMalformed(error=error, raw=self._data[:_SHOWN].hex(" "))

    def take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise self.malformed("short")
        found = self._data[self._at : end]
        self._at = end
        return found

    def byte(self) -> int:
        return self.take(1)[0]

    def rest(self) -> bytes:
        return self._data[self._at :]

    def attributes(self) -> tuple[Attribute, ...]:
        """Attributes up to the next delimiter: a value without a name belongs to the one before."""
        found: list[tuple[str, list[Value]]] = []
        while self._next() >= FIRST_VALUE:
            tag, name, raw = self._field()
            if name:
                found.append((name, []))
            elif not found:
                raise self.malformed("name")
            found[-1][1].append(self._value(tag, raw, 0))
        return tuple(Attribute(name, tuple(values)) for name, values in found)

    def _next(self) -> int:
        """The byte that comes, left where it is."""
        byte = self.byte()
        self._at -= 1
        return byte

    def _field(self) -> tuple[int, str, bytes]:
        tag = self.byte()
        name, raw = self._sized(), self._sized()
        return tag, name.decode("utf-8", "replace"), raw

    def _sized(self) -> bytes:
        (length,) = struct.unpack(">H", self.take(2))
        return self.take(length)

    def _value(self, tag: int, raw: bytes, depth: int) -> Value:
        if tag == Tag.COLLECTION:
            return Value(tag, self._members(depth + 1))
        if tag in {Tag.COLLECTION_END, Tag.MEMBER}:
            raise self.malformed("value")
        try:
            return Value(tag, _content(tag, raw))
        except (struct.error, ValueError):
            raise self.malformed("value") from None

    def _members(self, depth: int) -> tuple[Attribute, ...]:
        """The members of a collection: a name, then its values, and so on to the end."""
        if depth > _DEEPEST:
            raise self.malformed("depth")
        found: list[tuple[str, list[Value]]] = []
        while True:
            tag, _, raw = self._field()
            if tag == Tag.COLLECTION_END:
                break
            if tag == Tag.MEMBER:
                found.append((raw.decode("utf-8", "replace"), []))
            elif tag < FIRST_VALUE or not found:
                raise self.malformed("name")
            else:
                found[-1][1].append(self._value(tag, raw, depth))
        return tuple(Attribute(name, tuple(values)) for name, values in found)


def _content(tag: int, raw: bytes) -> Content:
    """A value's content by its tag; struct.error or ValueError for one of a wrong width."""
    if tag < FIRST_WITH_CONTENT:
        return None
    if tag in INTEGERS:
        return int(struct.unpack(">i", raw)[0])
    if tag in STRINGS:
        return raw.decode("utf-8", "replace")
    if tag in LANGUAGES:
        return _localised(raw)
    match tag:
        case Tag.BOOLEAN:
            return bool(struct.unpack(">B", raw)[0])
        case Tag.RANGE:
            return Range(*struct.unpack(">ii", raw))
        case Tag.RESOLUTION:
            return Resolution(*struct.unpack(">iiB", raw))
    return raw


def _localised(raw: bytes) -> Localised:
    """Language and text, each with its length in front."""
    (first,) = struct.unpack_from(">H", raw)
    (second,) = struct.unpack_from(">H", raw, 2 + first)
    if len(raw) != 4 + first + second:
        raise ValueError(raw)
    language, text = raw[2 : 2 + first], raw[4 + first :]
    return Localised(language.decode("utf-8", "replace"), text.decode("utf-8", "replace"))
