"""What modem managers write to a port that was just plugged in. Pure.

ModemManager opens new serial ports for some ten seconds and asks them whether they are modems;
devices that echo hand its questions on to us (reference/devices.md section 6). The udev rules
that are installed keep it away; this is for machines without them.
"""

from __future__ import annotations

import re
from typing import Final

PROBED_S: Final = 15.0
"""Seconds after opening in which such bytes are not what a device says."""

# Attention, then any of: basic commands with their numbers, S registers, extended commands.
_COMMAND: Final = rb"(?:[EIQVXZH]\d?|&[CDF]\d?|S\d+=\d+|[+*^#%$!][A-Z]+(?:=\?|\?|=[\d,\"]*)?)"
_ATTENTION: Final = re.compile(rb"AT(?:\s*;?\s*" + _COMMAND + rb")*\s*")
# Qualcomm's diagnostic frames: a command, its checksum (CRC-16), between tildes.
_DIAGNOSTIC: Final = re.compile(rb"~?[\x00-\x0c\x78]\xf0?[\x00-\xff]{0,2}~", re.DOTALL)


def is_modem_probe(frame: bytes) -> bool:
    """Whether a line is a modem manager's question and no code or weight.

    A bare code such as ``AT123456`` is none: commands have letters or signs after AT.
    """
    line = frame.strip()
    return bool(_ATTENTION.fullmatch(line) or _DIAGNOSTIC.fullmatch(line))
