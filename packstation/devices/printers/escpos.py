"""ESC/POS printers: ``DLE EOT 1`` to ``4`` at once, ``GS r 1`` in its turn.

``GS r`` is executed when the data before it has been (Epson TM-T85 and HPRT TP80K manuals),
not while the printer is off line: its answer is a receipt. reference/devices.md section 3.5.
"""

from __future__ import annotations

import re
from typing import Final

from packstation.devices.printers.replies import decode_escpos
from packstation.devices.printers.talk import (
    Fact,
    PrinterLook,
    PrinterTalk,
    Question,
    exactly,
    look_of,
)

STATUS: Final = b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"
RECEIPT: Final = b"\x1dr\x01"
MODEL: Final = b"\x1dIC"

_MODEL: Final = re.compile(rb"_([\x20-\x7e]*)\x00")


def _paper(data: bytes) -> PrinterLook | None:
    """Bits 4 and 7 are off: what else a printer says by itself has them on."""
    return PrinterLook() if data[0] & 0x90 == 0 else None


def _block(data: bytes) -> bytes | None:
    found = _MODEL.search(data)
    return found[0] if found else None


def _model(data: bytes) -> str:
    return data[1:-1].decode("ascii")


TALK: Final = PrinterTalk(
    id="escpos",
    ask=(Question(STATUS, exactly(4), lambda data: look_of(decode_escpos(data))),),
    facts=(Fact(MODEL, _block, _model),),
    receipt=Question(RECEIPT, exactly(1), _paper),
)
