"""EPL2 printers: ``^ee``, whose codes know of trouble and of nothing else.

No code says that it prints, so idle means: without trouble for as long as a label may take,
the weakest proof of all families (reference/devices.md section 3.5; EPL2 manual p171).

It may say more than it was asked for: XON and XOFF at every trouble (``eR``, the default), and
where error reports are on (``US``, kept in its flash by whoever sent it), ACK or NAK with a
number behind each label (EPL2 manual, ``eR`` and ``US``; ESim of the PC4, p118).
"""

from __future__ import annotations

import re
from typing import Final

from packstation.devices.printers.replies import EPL2, decode_epl2
from packstation.devices.printers.talk import (
    PrinterTalk,
    Question,
    look_of,
    prints_in,
)

STATUS: Final = b"\r\n^ee\r\n"

_PICTURE: Final = re.compile(rb"^GW\d{1,6},\d{1,6},(\d{1,4}),(\d{1,5}),", re.MULTILINE)
_PRINTS: Final = re.compile(rb"^P(\d{1,5})(?:,(\d{1,5}))?\s*$", re.MULTILINE)

# NAK 07, NAK 01P002L0003 and the like; the letters and numbers tell how far a batch is.
_REPORT: Final = re.compile(rb"\x15(\d\d)(?:[A-Z]+\d{0,4}){0,3}|[\x06\x11\x13]")
_NAK: Final = re.compile(rb"\x15(\d\d)")
_LINE: Final = re.compile(rb"[^\r\n]*\d\d\r?\n")


def _answer(data: bytes) -> bytes | None:
    """The line of codes, without what was said unasked in front of it."""
    found = _LINE.search(_REPORT.sub(b"", data))
    return found[0] if found else None


def _refuses(data: bytes) -> bool:
    """Whether a NAK among it says that a command was not understood."""
    return any(EPL2.get(code) == "command_error" for code in _NAK.findall(data))


def labels_in(payload: bytes) -> int:
    """How many labels a job makes."""
    return prints_in(payload, _PICTURE, _PRINTS)


TALK: Final = PrinterTalk(
    id="epl2",
    ask=(Question(STATUS, _answer, lambda data: look_of(decode_epl2(data))),),
    labels=labels_in,
    refuses=_refuses,
)
