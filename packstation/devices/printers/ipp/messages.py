"""What an IPP message is made of (RFC 8010 section 3.1; RFC 8011 section 5.1).

A value keeps its tag, so that what is read can be written again as it was.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from msgspec import Struct


class Tag(IntEnum):
    """Delimiters of groups, and the kinds of values (RFC 8010 sections 3.5.1 and 3.5.2)."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED = 0x05
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTETS = 0x30
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    COLLECTION = 0x34
    TEXT_LANGUAGE = 0x35
    NAME_LANGUAGE = 0x36
    COLLECTION_END = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME_TYPE = 0x49
    MEMBER = 0x4A


# Everything below is a delimiter of groups, what lies between says that there is no value.
FIRST_VALUE: Final = 0x10
FIRST_WITH_CONTENT: Final = 0x20
INTEGERS: Final = frozenset((Tag.INTEGER, Tag.ENUM))
LANGUAGES: Final = frozenset((Tag.TEXT_LANGUAGE, Tag.NAME_LANGUAGE))
STRINGS: Final = frozenset(
    (
        Tag.TEXT,
        Tag.NAME,
        Tag.KEYWORD,
        Tag.URI,
        Tag.URI_SCHEME,
        Tag.CHARSET,
        Tag.LANGUAGE,
        Tag.MIME_TYPE,
    )
)


class Range(Struct, frozen=True):
    """rangeOfInteger: both ends belong to it."""

    low: int
    high: int


class Resolution(Struct, frozen=True):
    """Dots across and along; ``unit`` 3 an inch, 4 a centimetre."""

    across: int
    along: int
    unit: int


class Localised(Struct, frozen=True):
    """A text or name with its language."""

    language: str
    text: str


class Attribute(Struct, frozen=True):
    """A name and at least one value."""

    name: str
    values: tuple[Value, ...]


Content = int | bool | str | bytes | Range | Resolution | Localised | tuple[Attribute, ...] | None


class Value(Struct, frozen=True):
    """``content`` None where the tag itself says all: unknown, no-value, unsupported."""

    tag: int
    content: Content = None


class Group(Struct, frozen=True):
    """Attributes of the operation, a job or a printer."""

    tag: int
    attributes: tuple[Attribute, ...] = ()


class Message(Struct, frozen=True):
    """A request or an answer: ``code`` is the operation, or the status."""

    code: int
    request: int
    groups: tuple[Group, ...] = ()
    data: bytes = b""
    version: tuple[int, int] = (2, 0)

    def groups_of(self, tag: int) -> tuple[Group, ...]:
        """The groups of that kind, in their order."""
        return tuple(group for group in self.groups if group.tag == tag)
