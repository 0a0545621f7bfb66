"""A driver's signature: who, and the strokes as they were drawn; a file of its own by its hash.

Facts are for ever and a name is not, so they have the hash alone and this file can be erased.
"""

from __future__ import annotations

import hashlib
import math
from itertools import pairwise
from typing import Final

import msgspec
from msgspec import Struct

from packstation.first_use import shaped

SCHEMA: Final = "packstation.signature/1"
# The pad's own units: its longer side is so many, whatever screen it was drawn on.
WIDE: Final = 10_000
# A slip of the finger is no name: so long a line must it be.
LEAST: Final = WIDE // 10
MOST_POINTS: Final = 20_000
LONGEST_NAME: Final = 80

Stroke = tuple[tuple[int, int], ...]


class Signature(Struct, frozen=True, kw_only=True):
    """``strokes`` of (x, y) on a pad of ``wide`` by ``high``; ``at`` RFC 3339."""

    schema: str
    manifest: str
    driver: str
    at: str
    count: int
    wide: int
    high: int
    strokes: tuple[Stroke, ...]


def drawn(strokes: tuple[Stroke, ...]) -> float:
    """How long all strokes are together."""
    return sum(math.dist(one, two) for stroke in strokes for one, two in pairwise(stroke))


def problem(driver: str, strokes: tuple[Stroke, ...]) -> str:
    """Why it is no signature: name, blank or long; "" where it is one."""
    if not driver.strip():
        return "name"
    if sum(len(stroke) for stroke in strokes) > MOST_POINTS:
        return "long"
    return "blank" if drawn(strokes) < LEAST else ""


def encode(signature: Signature) -> bytes:
    """The file."""
    return msgspec.json.encode(signature, order="deterministic")


def digest(data: bytes) -> str:
    """What facts know of it."""
    return hashlib.sha256(data).hexdigest()


def decode(data: bytes) -> Signature | None:
    """A signature's file; None where it is none."""
    try:
        found = shaped(msgspec.json.decode(data), Signature)
    except (msgspec.DecodeError, ValueError):
        return None
    return found if found.schema == SCHEMA else None


def path(signature: Signature) -> str:
    """The strokes as the ``d`` of an SVG path in the pad's units; a dot is a short line."""
    return "".join(map(_line, filter(None, signature.strokes)))


def _line(stroke: Stroke) -> str:
    (x, y), *rest = stroke
    return f"M{x} {y}" + "".join(f"L{x} {y}" for x, y in rest or stroke)
