"""Reading a label as a person at a simulated bench does: which waybill is in its barcode."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from packstation.devices.sim.printers.ink import codes, picture

if TYPE_CHECKING:
    from PIL.Image import Image

# One field of a label, from its origin to its end, with a barcode in it.
_BARCODE: Final = re.compile(
    rb"\^F[OT](?P<before>(?:(?!\^F[OTDS]).)*\^B[C378](?:(?!\^F[OTDS]).)*)"
    rb"\^FD(?P<data>.*?)\^FS",
    re.DOTALL,
)
_HEX: Final = re.compile(rb"_([0-9A-Fa-f]{2})")
# Code 128 invocation codes of ZPL: subset starts and shifts; ">0" is a literal ">".
_SUBSET: Final = re.compile(r">[1-9:;<=]")
_S10: Final = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
# What only one language begins a label with, in the order in which they are looked for.
_SIGNS: Final = (
    ("zpl", re.compile(rb"\s*(?:~[^^]*)?\^XA")),
    ("brother-ql", re.compile(rb"\x00*(?:\x1b@)?(?:\x1bi[a-zA-Z!])")),
    ("escpos", re.compile(rb"(?:\x1dV.)?(?:\x1b@|\x1dv0)", re.DOTALL)),
    ("cpcl", re.compile(rb"!\s+\d+\s+\d+\s+\d+\s+\d+\s+\d+\s*\r?\n")),
    ("tspl", re.compile(rb"\s*SIZE\s")),
    ("epl2", re.compile(rb"\s*(?:[A-Za-z][^\r\n]*\r?\n)*?\s*N\s")),
    ("zpl", re.compile(rb".*?\^XA", re.DOTALL)),
)


def language_of(label: bytes) -> str:
    """The language that a label is written in; empty for none of them."""
    return next((name for name, sign in _SIGNS if sign.match(label)), "")


def waybill_of(label: bytes) -> str:
    """The waybill number in a label's barcodes: an S10 number, else the first; else empty.

    Codes that the printer draws are read from the commands, all others from the picture.
    """
    language = language_of(label)
    found = _zpl(label) if language == "zpl" else codes(language, label)
    if not any(_S10.fullmatch(code) for code in found):
        paper = picture(language, label)
        found += _read(paper) if paper is not None else []
    return next((code for code in found if _S10.fullmatch(code)), found[0] if found else "")


def _zpl(label: bytes) -> list[str]:
    return [_text(found["before"], found["data"]) for found in _BARCODE.finditer(label)]


def _read(paper: Image) -> list[str]:
    import zxingcpp

    return [found.text for found in zxingcpp.read_barcodes(paper)]


def _text(before: bytes, data: bytes) -> str:
    if b"^FH" in before:
        data = _HEX.sub(lambda found: bytes.fromhex(found[1].decode()), data)
    return _SUBSET.sub("", data.decode("utf-8", "replace")).replace(">0", ">")
