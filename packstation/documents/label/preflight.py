"""Looks through ZPL that others wrote before a printer sees it.

A carrier's label may hold anything: commands that cancel jobs, store files, answer over the
line or change the printer's settings for good (reference: devices, section 3.3). What may
stand in a label is listed; everything else is refused with its place, so that a command
nobody thought of is refused too. The bytes themselves are never changed.

Tried on the 59 carriers' labels that the renderer of the tests comes with: 47 pass, the others
store fonts, graphics or formats, change delimiters, calibrate or save settings, or nest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from packstation.domain.errors import DocumentError

# Fields and where they stand, text, bar codes, drawings; settings that our own labels set
# again; ^DN ends a download that never began, ^XB leaves a label at the tear-off edge.
ALLOWED: Final = frozenset(
    (
        "^XA ^XZ ^FO ^FT ^FD ^FV ^FS ^FH ^FB ^FR ^FX ^FN ^FP ^FM ^FC ^FW ^TB ^SN ^SF ^CF ^CI ^CV "
        "^BY ^GB ^GC ^GD ^GE ^GF ^GS ^IM ^XG ^LH ^LL ^LR ^LS ^LT ^MD ^MF ^ML ^MM ^MN ^MT ^PA "
        "^PM ^PO ^PQ ^PR ^PW ^XB ^DN ~SD "
        + " ".join(f"^A{font}" for font in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ@")
        + " "
        + " ".join(f"^B{code}" for code in "0123457789ABCDEFIJKLMOPQRSTUXZ")
    ).split()
)
# Harmless in some settings only: units in dots, full resolution, an empty page, ZPL II, no
# shift of the edge that labels are torn at, another name for a font that is not ours.
ALLOWED_SO: Final[Mapping[str, re.Pattern[bytes]]] = {
    "^MU": re.compile(rb"[dD]"),
    "^JM": re.compile(rb"[aA]"),
    "^MC": re.compile(rb"[yY]"),
    "^SZ": re.compile(rb"2"),
    "~TA": re.compile(rb"0+"),
    "^CW": re.compile(rb"[1-9A-Z],[^\r\n]*", re.IGNORECASE),
}
# What may stand outside of formats.
_OUTSIDE: Final = frozenset(("^XA", "^CI", "~SD", "~TA"))
_MOST_BYTES: Final = 1_000_000
_MOST_LABELS: Final = 50
_COMMAND: Final = re.compile(rb"[\^~]")
_BINARY: Final = re.compile(rb"\^GF[BC],(\d+),\d*,\d*,", re.IGNORECASE)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# `! U1 setvar`, `! U1 do`: settings and actions beside ZPL. CPCL begins so too.
_BESIDE: Final = re.compile(rb"! ?(?:U1\s|UTILITIES)|! ?\d+ \d+ \d+ \d+ \d+")
_SETTING: Final = re.compile(rb"[\w,.\s]*")
# What leaves ink; a format without any prints nothing.
_INK: Final = frozenset("^FD ^FV ^SN ^GB ^GC ^GD ^GE ^GF ^GS ^IM ^XG".split())
_QUANTITY: Final = re.compile(
    rb"\s*(\d*)(?:,\s*(\d*))?(?:,\s*(\d*))?(?:,\s*[YN]?)?\s*", re.IGNORECASE
)


class ZplCheck(Struct, frozen=True):
    """What ZPL holds: ``labels`` it prints, ``formats`` (^XA to ^XZ), and commands by name."""

    labels: int
    formats: int
    commands: Counter[str]


class _Token(Struct, frozen=True):
    """A command, where it stands, and what follows up to the next; not the data of pictures."""

    name: str
    start: int
    given: bytes


def preflight(zpl: bytes, *, labels: int | None = None) -> ZplCheck:
    """Check ZPL; ``labels`` is how many it ought to print, where that is known.

    Raises DocumentError (``field`` "zpl", ``reason``, ``at`` the byte) for unbalanced formats,
    commands that are no part of a label, text between formats, control characters, excess
    size, or another number of labels.
    """
    if len(zpl) > _MOST_BYTES:
        raise _refused("size", _MOST_BYTES)
    if beside := _BESIDE.search(zpl):
        raise _refused(beside[0].decode("ascii").strip(), beside.start())
    tokens = list(_tokens(zpl))
    formats = _formats(tokens)
    found = sum(_copies(one) for one in formats if any(token.name in _INK for token in one))
    if found > _MOST_LABELS or (labels is not None and found != labels):
        raise _refused(f"{found} labels", len(zpl))
    return ZplCheck(found, len(formats), Counter(token.name for token in tokens))


def _formats(tokens: list[_Token]) -> list[list[_Token]]:
    """The commands of each format; what stands between them only sets, and is no text."""
    formats: list[list[_Token]] = []
    opened: _Token | None = None
    for token in tokens:
        if token.name == "^XA":
            if opened is not None:
                raise _refused("^XA in a format", token.start)
            opened = token
            formats.append([])
        elif opened is None and token.name not in _OUTSIDE:
            raise _refused(f"{token.name} outside of a format", token.start)
        elif token.name == "^XZ":
            opened = None
        if opened is not None:
            formats[-1].append(token)
        elif not _SETTING.fullmatch(token.given) or (token.name == "^XZ" and token.given.strip()):
            raise _refused("text outside of a format", token.start)
    if opened is not None:
        raise _refused("^XZ missing", opened.start)
    return formats


def _tokens(zpl: bytes) -> Iterator[_Token]:
    """Commands in order; the data of binary graphics is stepped over."""
    at = len(zpl) - len(zpl.removeprefix(b"\xef\xbb\xbf"))
    first = _COMMAND.search(zpl, at)
    if zpl[at : first.start() if first else len(zpl)].strip():
        raise _refused("text outside of a format", at)
    while (match := _COMMAND.search(zpl, at)) is not None:
        start = match.start()
        _no_controls(zpl, start, start + 3)
        name = zpl[start : start + 3].decode("ascii", "replace").upper()
        at = start + 3
        if graphic := _BINARY.match(zpl, start):
            at = graphic.end() + int(graphic[1])
            if at > len(zpl):
                raise _refused("picture cut short", start)
        following = _COMMAND.search(zpl, at)
        end = following.start() if following else len(zpl)
        _no_controls(zpl, at, end)
        given = zpl[at:end]
        _allowed(name, given, start)
        yield _Token(name, start, given)


def _allowed(name: str, given: bytes, start: int) -> None:
    only = ALLOWED_SO.get(name)
    if name not in ALLOWED and not (only and only.fullmatch(given.strip())):
        raise _refused(name, start)


def _no_controls(zpl: bytes, start: int, end: int) -> None:
    """STX and ETX stand for ^XA and ^XZ on some printers; no other control belongs there."""
    found = _CONTROL.search(zpl, start, end)
    if found is not None:
        raise _refused(f"control character {found.group()[0]:02X}", found.start())


def _copies(tokens: list[_Token]) -> int:
    """How many of a format come out; the last ^PQ counts.

    Raises DocumentError for a pause among them (the printer would wait for a person) and for
    replicates, of which makers' pages do not say whether they multiply.
    """
    quantities = [token for token in tokens if token.name == "^PQ"]
    if not quantities:
        return 1
    token = quantities[-1]
    found = _QUANTITY.fullmatch(token.given)
    if found is None:
        raise _refused("^PQ", token.start)
    copies, pause, replicates = (int(number or 0) for number in found.groups())
    if 0 < pause < copies or replicates > 1:
        raise _refused("^PQ", token.start)
    return max(1, copies)


def _refused(reason: str, at: int) -> DocumentError:
    return DocumentError("error.document.zpl", field="zpl", reason=reason, at=at)
