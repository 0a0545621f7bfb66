"""Reading a label as a person at a simulated bench does: which waybill is in its barcode."""

from __future__ import annotations

import re
from typing import Final

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


def waybill_of(label: bytes) -> str:
    """The waybill number in a label's barcodes: an S10 number, else the first; else empty."""
    codes = [_text(found["before"], found["data"]) for found in _BARCODE.finditer(label)]
    return next((code for code in codes if _S10.fullmatch(code)), codes[0] if codes else "")


def _text(before: bytes, data: bytes) -> str:
    if b"^FH" in before:
        data = _HEX.sub(lambda found: bytes.fromhex(found[1].decode()), data)
    return _SUBSET.sub("", data.decode("utf-8", "replace")).replace(">0", ">")
