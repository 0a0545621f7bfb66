"""EPL2 printers: ``^ee``, whose codes know of trouble and of nothing else.

No code says that it prints, so idle means: without trouble for as long as a label may take,
the weakest proof of all families (reference/devices.md section 3.5; EPL2 manual p171).
"""

from __future__ import annotations

import re
from typing import Final

from packstation.devices.printers.replies import decode_epl2
from packstation.devices.printers.talk import (
    PrinterTalk,
    Question,
    look_of,
    prints_in,
    up_to,
)

STATUS: Final = b"\r\n^ee\r\n"

_PICTURE: Final = re.compile(rb"^GW\d{1,6},\d{1,6},(\d{1,4}),(\d{1,5}),", re.MULTILINE)
_PRINTS: Final = re.compile(rb"^P(\d{1,5})(?:,(\d{1,5}))?\s*$", re.MULTILINE)


def labels_in(payload: bytes) -> int:
    """How many labels a job makes."""
    return prints_in(payload, _PICTURE, _PRINTS)


TALK: Final = PrinterTalk(
    id="epl2",
    ask=(Question(STATUS, up_to(b"\n"), lambda data: look_of(decode_epl2(data))),),
    labels=labels_in,
)
