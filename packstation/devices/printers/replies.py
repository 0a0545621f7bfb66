"""What label printers of every family answer when asked how they are; pure, a table a family.

reference/devices.md sections 3.2 to 3.5. Flags have one vocabulary for all families, so that
what is done about an open head does not depend on who made the printer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from packstation.devices.printers.status import parse_hs
from packstation.domain.errors import FrameMalformed, SettingsError


class ReplyState(StrEnum):
    """READY takes a job, BUSY works, ATTENTION wants a hand, FAULT is no reply."""

    READY = "READY"
    BUSY = "BUSY"
    ATTENTION = "ATTENTION"
    FAULT = "FAULT"


class PrinterReply(Struct, frozen=True):
    """``flags`` in the table's order; ``printed``: the printer says that a label has come out."""

    state: ReplyState
    flags: tuple[str, ...] = ()
    printed: bool = False
    raw: bytes = b""
    error: str = ""


Bits = tuple[tuple[int, str], ...]

# What only says that it works, or that something will be due later.
_WORKING: Final = frozenset(
    {
        "printing",
        "buffer_full",
        "label_waiting",
        "imaging",
        "feeding",
        "backing",
        "cutting",
        "in_use",
    }
)
_WARNINGS: Final = frozenset({"near_end", "battery_low", "reset", "command_error"})

# <ESC>!? answers one byte, also in an error (GP-2120T manual p34).
TSPL: Final[Bits] = (
    (0x01, "head_open"),
    (0x02, "jam"),
    (0x04, "paper_out"),
    (0x08, "ribbon_out"),
    (0x10, "paused"),
    (0x20, "printing"),
    (0x40, "cover_open"),
    (0x80, "temperature"),
)
# <ESC>!S, firmware 6.29 and later (TTP-244 manual p97): message, warning and two error bytes.
_TSPL_MESSAGES: Final[Mapping[int, str]] = {
    0x40: "",
    0x60: "paused",
    0x42: "backing",
    0x43: "cutting",
    0x45: "error",
    0x46: "feeding",
    0x4B: "waits_for_key",
    0x4C: "label_waiting",
    0x50: "printing",
    0x57: "imaging",
}
_TSPL_FIRST: Final[Bits] = (
    (0x01, "head_hot"),
    (0x02, "motor_hot"),
    (0x04, "head_fault"),
    (0x08, "cutter"),
    (0x10, "memory"),
)
# The last two after Brother's emulation (TD-4420TN, FBPL p98).
_TSPL_SECOND: Final[Bits] = (
    (0x01, "paper_out"),
    (0x02, "jam"),
    (0x04, "ribbon_out"),
    (0x08, "jam"),
    (0x20, "head_open"),
)

# <ESC>h of CPCL; it is answered only once the label before it is done.
CPCL: Final[Bits] = (
    (0x01, "printing"),
    (0x02, "paper_out"),
    (0x04, "head_open"),
    (0x08, "battery_low"),
    (0x10, "reset"),
)
# ^ee of EPL2: two digits a code, several with commas (EPL2 manual p171; the others after the
# EPL emulation of the EasyCoder PC4, p153). What was wrong with a command stops no printer.
EPL2: Final[Mapping[bytes, str]] = {
    b"00": "",
    **dict.fromkeys((b"01", b"02", b"03", b"04", b"05", b"08", b"09", b"10"), "command_error"),
    b"07": "paper_out",
    b"11": "head_open",
    b"12": "paused",
    b"62": "head_hot",
    b"81": "cutter",
    b"92": "paused",
}
# Error nibbles of ~HQES, the rightmost digit first (docs.zebra.com, r-zpl-wq).
_HQES_ERRORS: Final[tuple[Bits, ...]] = (
    ((0x01, "paper_out"), (0x02, "ribbon_out"), (0x04, "head_open"), (0x08, "cutter")),
    ((0x01, "head_hot"), (0x02, "motor_hot"), (0x04, "head_fault"), (0x08, "head_fault")),
    ((0x01, "memory"), (0x02, "head_fault")),
    ((0x01, "jam"), (0x02, "jam"), (0x04, "jam"), (0x08, "jam")),
)
_HQES: Final = re.compile(rb"ERRORS:\s+([01])\s+([0-9A-F]{8})\s+([0-9A-F]{8})", re.IGNORECASE)
# DLE EOT 1 to 4, each answered by a byte whose bits 1 and 4 are set and bits 0 and 7 are not.
_ESCPOS: Final[tuple[Bits, ...]] = (
    ((0x08, "offline"),),
    ((0x04, "cover_open"), (0x20, "paper_out"), (0x40, "error")),
    ((0x08, "cutter"), (0x20, "unrecoverable"), (0x40, "temperature")),
    ((0x0C, "near_end"), (0x60, "paper_out")),
)
# Brother QL, 32 bytes: two bytes of errors, then what kind of report it is.
_BROTHER_FIRST: Final[Bits] = (
    (0x01, "paper_out"),
    (0x02, "paper_end"),
    (0x04, "cutter"),
    (0x10, "in_use"),
    (0x80, "fan"),
)
_BROTHER_SECOND: Final[Bits] = (
    (0x01, "wrong_media"),
    (0x02, "buffer_full"),
    (0x04, "communication"),
    (0x10, "cover_open"),
    (0x40, "jam"),
    (0x80, "system"),
)
_BROTHER_LENGTH: Final = 32
_BROTHER_PRINTED: Final = 0x01
_BROTHER_ERROR: Final = 0x02
_BROTHER_PRINTING: Final = 0x01


def decode_tspl(data: bytes) -> PrinterReply:
    """One byte, or the eight of the extended answer. Faults: "frame"."""
    if len(data) == 1:
        return _told(_named(data[0], TSPL), data)
    framed = len(data) == 8 and data[0] == 0x02 and data[5:] == b"\x03\r\n"
    # Every byte of the four has bit 6 on and bit 7 off.
    framed = framed and all(byte & 0xC0 == 0x40 for byte in data[1:5])
    if not framed or data[1] not in _TSPL_MESSAGES:
        return _fault("frame", data)
    message = _TSPL_MESSAGES[data[1]]
    flags = [
        *([message] if message else []),
        *(["buffer_full"] if data[2] & 0x08 else []),
        *_named(data[3], _TSPL_FIRST),
        *_named(data[4], _TSPL_SECOND),
    ]
    return _told(flags, data)


def decode_cpcl(data: bytes) -> PrinterReply:
    """One byte. Faults: "frame"."""
    return _told(_named(data[0], CPCL), data) if len(data) == 1 else _fault("frame", data)


def decode_epl2(data: bytes) -> PrinterReply:
    """``$nn`` or ``nn,nn,...``. Faults: "frame"; a number that is not known is "error"."""
    codes = data.strip(b"\r\n").removeprefix(b"$").split(b",")
    if any(len(code) != 2 or not code.isdigit() for code in codes):
        return _fault("frame", data)
    flags = dict.fromkeys(EPL2.get(code, "error") for code in codes)
    return _told([flag for flag in flags if flag], data)


def decode_escpos(data: bytes) -> PrinterReply:
    """The answers to DLE EOT 1 to 4, in this order. Faults: "frame"."""
    fixed = all(byte & 0x93 == 0x12 for byte in data)
    if len(data) != len(_ESCPOS) or not fixed:
        return _fault("frame", data)
    found = [flag for byte, bits in zip(data, _ESCPOS, strict=True) for flag in _named(byte, bits)]
    # Why it is offline is among the others; by itself it is all there is.
    causes = [flag for flag in dict.fromkeys(found) if flag != "offline"]
    return _told(causes or found, data)


def decode_brother(data: bytes) -> PrinterReply:
    """A status of 32 bytes, asked for or sent by itself. Faults: "frame"."""
    if len(data) != _BROTHER_LENGTH or data[:3] != b"\x80\x20\x42":
        return _fault("frame", data)
    flags = [*_named(data[8], _BROTHER_FIRST), *_named(data[9], _BROTHER_SECOND)]
    if not flags and data[18] == _BROTHER_ERROR:
        flags = ["error"]
    if not flags and data[19] == _BROTHER_PRINTING:
        flags = ["printing"]
    return _told(flags, data, printed=data[18] == _BROTHER_PRINTED)


def decode_zpl(data: bytes) -> PrinterReply:
    """The three lines of ``~HS``. Faults: those of `parse_hs`."""
    try:
        status = parse_hs(data)
    except FrameMalformed as failure:
        return _fault(str(failure.fields.get("error", "frame")), data)
    flags = [
        flag
        for on, flag in (
            (status.head_open, "head_open"),
            (status.paper_out, "paper_out"),
            (status.ribbon_out, "ribbon_out"),
            (status.paused, "paused"),
            (status.too_hot or status.too_cold, "temperature"),
            (status.ram_lost, "memory"),
            (bool(status.formats or status.labels_left or status.partial), "printing"),
            (status.buffer_full, "buffer_full"),
            (status.label_waiting, "label_waiting"),
        )
        if on
    ]
    return _told(flags, data)


def decode_hqes(data: bytes) -> PrinterReply:
    """The answer to ``~HQES``, which comes also where ``~HS`` stays silent. Faults: "frame".

    It tells of errors only, so READY here does not mean that nothing is in the buffer.
    """
    found = _HQES.search(data)
    if found is None:
        return _fault("frame", data)
    digits = found[3].decode()[::-1]
    flags: list[str] = []
    for digit, bits in zip(digits, _HQES_ERRORS, strict=False):
        flags += _named(int(digit, 16), bits)
    if found[1] == b"1" and not flags:
        flags = ["error"]
    return _told(list(dict.fromkeys(flags)), data)


REPLIES: Final[Mapping[str, Callable[[bytes], PrinterReply]]] = {
    "zpl": decode_zpl,
    "tspl": decode_tspl,
    "epl2": decode_epl2,
    "cpcl": decode_cpcl,
    "escpos": decode_escpos,
    "brother-ql": decode_brother,
}


def decode(model: str, data: bytes) -> PrinterReply:
    """The answer of a printer of that language; `SettingsError` names those there are."""
    if model not in REPLIES:
        raise SettingsError(name="model", value=model, allowed=", ".join(REPLIES))
    return REPLIES[model](data)


def reply_document(reply: PrinterReply) -> dict[str, object]:
    """As ``devices decode`` shows it."""
    raw = reply.raw.hex(" ")
    if reply.state is ReplyState.FAULT:
        return {"state": reply.state.value, "error": reply.error, "raw": raw}
    return {
        "state": reply.state.value,
        "flags": list(reply.flags),
        "printed": reply.printed,
        "raw": raw,
    }


def _named(byte: int, bits: Bits) -> list[str]:
    return [name for mask, name in bits if byte & mask]


def _told(flags: list[str], data: bytes, *, printed: bool = False) -> PrinterReply:
    serious = set(flags) - _WORKING - _WARNINGS
    busy = set(flags) & _WORKING
    state = ReplyState.ATTENTION if serious else ReplyState.BUSY if busy else ReplyState.READY
    return PrinterReply(state, tuple(flags), printed, data)


def _fault(error: str, data: bytes) -> PrinterReply:
    return PrinterReply(ReplyState.FAULT, raw=data, error=error)
