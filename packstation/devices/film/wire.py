"""What bench and recorder say to each other: messages down a pipe, lines of JSON back."""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

import msgspec
from msgspec import Struct

# A message is its kind, the length of what follows, and that.
HEAD: Final = struct.Struct(">cI")
# A picture: milliseconds since 1970, width, height; then I420.
PICTURE: Final = struct.Struct(">QHH")
MOST: Final = 64 * 1024 * 1024
FRAME, BEGIN, WORDS, END, SALVAGE = b"F", b"B", b"W", b"E", b"S"


class Film(Struct, frozen=True):
    """Which film a message is about; ``words`` are burnt in."""

    token: str = ""
    path: str = ""
    words: str = ""


class Terms(Struct, frozen=True):
    """How a recorder films: pictures a second, kilobits a second, seconds kept before a film."""

    fps: int = 12
    kbit: int = 1200
    before_s: int = 5
    library: str = ""


class Told(Struct, frozen=True, omit_defaults=True):
    """A line of the recorder's: ``kind`` ready, kept, missed or trouble.

    ``begun_ms`` since 1970; ``lost`` pictures that were not taken in time.
    """

    kind: str
    token: str = ""
    path: str = ""
    sha256: str = ""
    bytes: int = 0
    begun_ms: int = 0
    length_ms: int = 0
    frames: int = 0
    lost: int = 0
    cause: str = ""
    detail: str = ""


def message(kind: bytes, payload: bytes) -> bytes:
    """A message as it goes down the pipe."""
    return HEAD.pack(kind, len(payload)) + payload


def say(kind: bytes, film: Film) -> bytes:
    """A message about a film."""
    return message(kind, msgspec.json.encode(film))


def read(pipe: BinaryIO) -> tuple[bytes, bytes] | None:
    """The next message; None where the pipe has ended, or is torn."""
    start = pipe.read(HEAD.size)
    if len(start) < HEAD.size:
        return None
    kind, length = HEAD.unpack(start)
    if length > MOST:
        return None
    payload = pipe.read(length)
    return (kind, payload) if len(payload) == length else None
