"""Looks through TSPL that others wrote before a printer sees it, as `preflight` does ZPL.

What may stand in a label is listed; what stores, deletes, runs, waits or sets a printer up for
good (DOWNLOAD, KILL, RUN, SET other than of the cutter, SELFTEST, EOP ...) is refused with its
place. The data of pictures is stepped over by its size.
"""

from __future__ import annotations

import re
from typing import Final

from packstation.domain.errors import DocumentError

ALLOWED: Final = frozenset(
    "SIZE GAP BLINE OFFSET SPEED DENSITY DIRECTION REFERENCE SHIFT CODEPAGE COUNTRY CLS BAR BOX "
    "BARCODE TEXT BLOCK QRCODE DMATRIX PDF417 MPDF417 AZTEC MAXICODE BITMAP CIRCLE ELLIPSE "
    "DIAGONAL ERASE REVERSE PRINT SET".split()
)
_SETTINGS: Final = frozenset({"TEAR", "PEEL", "CUTTER", "PARTIAL_CUTTER"})
_MOST_BYTES: Final = 1_000_000
_MOST_LABELS: Final = 50
_LINE: Final = re.compile(rb"[ \t]*([A-Za-z0-9_]+)([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_PICTURE: Final = re.compile(
    rb"[ \t]*BITMAP[ \t]+\d+,[ \t]*\d+,[ \t]*(\d+),[ \t]*(\d+),[ \t]*\d+,", re.IGNORECASE
)
_PRINT: Final = re.compile(rb"\s*(\d+)\s*(?:,\s*(\d+)\s*)?")


def preflight_tspl(tspl: bytes) -> int:
    """How many labels it prints.

    Raises DocumentError (``field`` "tspl", ``reason``, ``at`` the byte) for commands that are no
    part of a label, a picture cut short, no label, more than 50, or excess size.
    """
    if len(tspl) > _MOST_BYTES:
        raise _refused("size", _MOST_BYTES)
    labels, at = 0, len(tspl) - len(tspl.removeprefix(b"\xef\xbb\xbf"))
    while at < len(tspl):
        if tspl[at : at + 1] in b"\r\n \t":
            at += 1
        elif picture := _PICTURE.match(tspl, at):
            at = picture.end() + int(picture[1]) * int(picture[2])
            if at > len(tspl):
                raise _refused("picture cut short", picture.start())
        else:
            line = _LINE.match(tspl, at)
            if line is None:
                raise _refused(f"byte {tspl[at]:02X}", at)
            labels += _printed(line[1].decode().upper(), line[2], at)
            at = line.end()
    if not 0 < labels <= _MOST_LABELS:
        raise _refused(f"{labels} labels", len(tspl))
    return labels


def _printed(name: str, given: bytes, at: int) -> int:
    """What a line prints: 0 but for PRINT."""
    what = given.split(b",")[0].strip().upper().decode("latin-1").split(" ")[0]
    if name not in ALLOWED or (name == "SET" and what not in _SETTINGS):
        raise _refused(f"{name} {what}".strip() if name == "SET" else name, at)
    if any(byte < 0x20 and byte != 0x09 for byte in given):
        raise _refused("control character", at)
    if name != "PRINT":
        return 0
    found = _PRINT.fullmatch(given)
    if found is None:
        raise _refused("PRINT", at)
    return int(found[1]) * int(found[2] or 1)


def _refused(reason: str, at: int) -> DocumentError:
    return DocumentError("error.document.zpl", field="tspl", reason=reason[:40], at=at)
