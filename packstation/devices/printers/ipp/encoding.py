"""IPP messages to bytes (RFC 8010 section 3)."""

from __future__ import annotations

import struct

from packstation.devices.printers.ipp.messages import (
    INTEGERS,
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


def encode(message: Message) -> bytes:
    """The bytes of a message, its document included."""
    head = struct.pack(">BBHI", *message.version, message.code, message.request)
    groups = b"".join(_group(group) for group in message.groups)
    return head + groups + bytes([Tag.END]) + message.data


def _group(group: Group) -> bytes:
    return bytes([group.tag]) + b"".join(_attribute(one) for one in group.attributes)


def _attribute(attribute: Attribute) -> bytes:
    """The name goes with the first value; the others have none."""
    parts = []
    name = attribute.name
    for value in attribute.values:
        parts.append(_value(name, value))
        name = ""
    return b"".join(parts)


def _value(name: str, value: Value) -> bytes:
    if isinstance(value.content, tuple):
        members = b"".join(_member(one) for one in value.content)
        return _field(Tag.COLLECTION, name, b"") + members + _field(Tag.COLLECTION_END, "", b"")
    return _field(value.tag, name, _content(value.tag, value.content))


def _member(attribute: Attribute) -> bytes:
    """A member of a collection says its name as a value, before its values."""
    values = b"".join(_value("", value) for value in attribute.values)
    return _field(Tag.MEMBER, "", attribute.name.encode()) + values


def _content(tag: int, content: Content) -> bytes:
    match content:
        case None:
            return b""
        case bool():
            return bytes([content])
        case int():
            return struct.pack(">i", content)
        case str():
            return content.encode()
        case bytes():
            return content
        case Range(low, high):
            return struct.pack(">ii", low, high)
        case Resolution(across, along, unit):
            return struct.pack(">iiB", across, along, unit)
        case Localised(language, text):
            parts = (language.encode(), text.encode())
            return b"".join(struct.pack(">H", len(part)) + part for part in parts)
    raise TypeError(f"tag {tag:#x}")  # pragma: no cover - all kinds of content are above


def _field(tag: int, name: str, content: bytes) -> bytes:
    raw = name.encode()
    return struct.pack(">BH", tag, len(raw)) + raw + struct.pack(">H", len(content)) + content


# --- the values that requests are made of ----------------------------------------------------


def text(tag: Tag, name: str, *texts: str) -> Attribute:
    """An attribute of one or more texts of a kind."""
    return Attribute(name, tuple(Value(tag, one) for one in texts))


def number(name: str, value: int, tag: Tag = Tag.INTEGER) -> Attribute:
    """An integer or an enumeration."""
    if tag not in INTEGERS:
        raise TypeError(f"tag {tag:#x}")
    return Attribute(name, (Value(tag, value),))


def flag(name: str, *, on: bool) -> Attribute:
    """A boolean."""
    return Attribute(name, (Value(Tag.BOOLEAN, on),))


def collection(name: str, *members: Attribute) -> Attribute:
    """A collection of attributes."""
    return Attribute(name, (Value(Tag.COLLECTION, members),))
