"""Brother QL printers: ``ESC i S`` before a job, and then its own word that a label is out.

Brother, Raster Command Reference of the QL series: no command may be sent while it prints, the
status request neither; the printer reports by itself. reference/devices.md section 3.5.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from packstation.devices.printers.replies import decode_brother
from packstation.devices.printers.talk import PrinterLook, PrinterTalk, Question, look_of

STATUS: Final = b"\x1biS"
_REPORT: Final = re.compile(rb"\x80\x20\x42.{29}", re.DOTALL)
# How many bytes follow ESC i and its letter; where it is not here, one.
_AFTER_ESC_I: Final = {ord("z"): 10, ord("d"): 2}


class Token(Struct, frozen=True):
    """A raster command: nothing, init, status, row, page (the end of one) or set."""

    kind: str
    raw: bytes


def tokens(data: bytes) -> tuple[list[Token], bytes]:
    """The whole commands in ``data``, and the rest that is half of one."""
    found = []
    while data and (size := _size(data)) and len(data) >= size:
        found.append(Token(_kind(data), data[:size]))
        data = data[size:]
    return found, data


def pages(payload: bytes) -> int:
    """How many labels a job makes."""
    return sum(token.kind == "page" for token in tokens(payload)[0])


def _kind(data: bytes) -> str:
    if data[:3] == STATUS:
        return "status"
    kinds = {0x00: "nothing", 0x0C: "page", 0x1A: "page", 0x67: "row", 0x47: "row", 0x5A: "row"}
    return "init" if data[:2] == b"\x1b@" else kinds.get(data[0], "set")


def _size(data: bytes) -> int:
    """The length of the first command; 0 while that cannot be told."""
    if data[0] == 0x1B:
        return _escape_size(data)
    if data[0] in b"gG":
        if len(data) < 3:
            return 0
        # g 00 n of the QL series; G low high of their relatives.
        return 3 + (data[2] if data[0] == 0x67 else data[1] | data[2] << 8)
    return 2 if data[0] == 0x4D else 1


def _escape_size(data: bytes) -> int:
    if len(data) < 2:
        return 0
    if data[1] != ord("i"):
        return 2
    if len(data) < 3:
        return 0
    return 3 + (0 if data[2] == ord("S") else _AFTER_ESC_I.get(data[2], 1))


def _report(data: bytes) -> bytes | None:
    found = _REPORT.search(data)
    return found[0] if found else None


def _read(data: bytes) -> PrinterLook | None:
    return look_of(decode_brother(data))


TALK: Final = PrinterTalk(
    id="brother-ql",
    ask=(Question(STATUS, _report, _read),),
    listen=Question(b"", _report, _read),
    labels=pages,
)
