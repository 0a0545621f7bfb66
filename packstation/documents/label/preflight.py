"""Looks through ZPL that others wrote before a printer sees it.

A carrier's label may hold anything: commands that cancel jobs, store files or change the
printer's settings for good (reference: devices, section 3.3). What is denied here is
refused with its place; the bytes themselves are never changed.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from msgspec import Struct

from packstation.domain.errors import DocumentError

# ^ and ~ commands, by their prefixes, that reach beyond the label: control (~J.), stored
# objects (~D., ^D[FY], ^ID, ^EF, ^EG, ^IS, ^TO, ^FL), settings (^J., ^K., ^N., ^S[ECIRXZ],
# ^W., ~N., ~R., ~WR), other delimiters (^C[CDT], ~C[CDT]), batch printing (^XS, ^XB).
DENIED: Final = re.compile(
    r"~J|\^J(?!M)|[\^~]D[BEFGNSTUY]|\^I[DS]|\^E[FG]|\^TO|\^FL|\^K|[\^~]N|\^S[CEIQRXZ]|[\^~]W"
    r"|~R|[\^~]C[CDT]|\^X[BS]|\^H|~H|~P[LMPRS]|~K|~T|\^M[AIP]|\^P[HP]|\^Q|\^V|\^R[ILNQRSTUVWZ]"
)
_MOST_BYTES: Final = 1_000_000
_MOST_LABELS: Final = 50
_COMMAND: Final = re.compile(rb"[\^~]")
_BINARY: Final = re.compile(rb"\^GF[BC],(\d+),\d*,\d*,", re.IGNORECASE)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What leaves ink; a format without any prints nothing.
_INK: Final = frozenset("^FD ^FV ^SN ^GB ^GC ^GD ^GE ^GF ^GS ^IM ^XG".split())
_QUANTITY: Final = re.compile(rb"\^PQ(\d+)", re.IGNORECASE)


class ZplCheck(Struct, frozen=True):
    """What ZPL holds: ``labels`` it prints, ``formats`` (^XA to ^XZ), and commands by name."""

    labels: int
    formats: int
    commands: Counter[str]


def preflight(zpl: bytes, *, labels: int | None = None) -> ZplCheck:
    """Check ZPL; ``labels`` is how many it ought to print, where that is known.

    Raises DocumentError (``field`` "zpl", ``reason``, ``at`` the byte) for unbalanced formats,
    denied commands, control characters, excess size, or another number of labels.
    """
    if len(zpl) > _MOST_BYTES:
        raise _refused("size", _MOST_BYTES)
    commands: Counter[str] = Counter()
    found = 0
    formats = 0
    opened: int | None = None
    ink = False
    for name, start, end in _tokens(zpl):
        commands[name] += 1
        if name == "^XA":
            if opened is not None:
                raise _refused("^XA in a format", start)
            opened, ink = start, False
        elif opened is None and name[0] == "^":
            raise _refused(f"{name} outside of a format", start)
        elif name == "^XZ":
            formats += 1
            found += _copies(zpl[opened:end]) if ink else 0
            opened = None
        ink = ink or name in _INK
    if opened is not None:
        raise _refused("^XZ missing", opened)
    if found > _MOST_LABELS or (labels is not None and found != labels):
        raise _refused(f"{found} labels", len(zpl))
    return ZplCheck(found, formats, commands)


def _tokens(zpl: bytes) -> list[tuple[str, int, int]]:
    """(command, start, end) in order; the data of binary graphics is stepped over."""
    tokens = []
    at = 0
    while (match := _COMMAND.search(zpl, at)) is not None:
        start = match.start()
        _no_controls(zpl, at, start)
        name = zpl[start : start + 3].decode("ascii", "replace").upper()
        if DENIED.match(name):
            raise _refused(name, start)
        graphic = _BINARY.match(zpl, start)
        at = graphic.end() + int(graphic[1]) if graphic else min(start + 3, len(zpl))
        _no_controls(zpl, start, start + 3)
        tokens.append((name, start, at))
    _no_controls(zpl, at, len(zpl))
    return tokens


def _no_controls(zpl: bytes, start: int, end: int) -> None:
    """STX and ETX stand for ^XA and ^XZ on some printers; no other control belongs there."""
    found = _CONTROL.search(zpl, start, end)
    if found is not None:
        raise _refused(f"control character {found.group()[0]:02X}", found.start())


def _copies(part: bytes) -> int:
    quantities = _QUANTITY.findall(part)
    return int(quantities[-1]) if quantities else 1


def _refused(reason: str, at: int) -> DocumentError:
    return DocumentError("error.document.zpl", field="zpl", reason=reason, at=at)
