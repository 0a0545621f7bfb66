"""CPCL printers: ``ESC h``, answered only once the label before it is done.

Zebra, CPCL Programming Manual, section 11; reference/devices.md section 3.5. So the answer is
the proof, and silence is what a printer at work sounds like.
"""

from __future__ import annotations

from typing import Final

from packstation.devices.printers.replies import decode_cpcl
from packstation.devices.printers.talk import Fact, PrinterTalk, thrice, up_to

STATUS: Final = b"\x1bh"
INFORMATION: Final = b"\x1bv"


def _model(data: bytes) -> str:
    """Model, firmware and serial number in front of a NUL."""
    words = data.rstrip(b"\x00").decode("latin-1").split()
    return " ".join(words) if all(word.isprintable() for word in words) else ""


TALK: Final = PrinterTalk(
    id="cpcl",
    ask=(thrice(STATUS, decode_cpcl),),
    facts=(Fact(INFORMATION, up_to(b"\x00"), _model),),
    vouches=True,
    patient=True,
)
