"""DataMatrix and QR symbols as rows of modules, by the writer of zxing-cpp."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from packstation.documents.symbols import gs1_matrix, modules_of
from packstation.domain.errors import DocumentError
from packstation.domain.labels import CodeKind

Modules = tuple[tuple[bool, ...], ...]
_PLAIN: Final = re.compile(r"[\x1d\x20-\x7e]+")
# As much of refused data as an error carries.
_SHOWN: Final = 80


def matrix(kind: CodeKind, data: str, field: str = "code") -> Modules:
    """The modules of a symbol of ``kind`` datamatrix or qr, without quiet zone; True is dark.

    Raises DocumentError naming ``field`` for data that no such symbol holds, and for anything
    but printable ASCII and GS: readers differ in what they make of other bytes.
    """
    if kind == "gs1-datamatrix":
        return gs1_matrix(data, field)
    if not _PLAIN.fullmatch(data):
        raise DocumentError("error.document.code", field=field, value=data[:_SHOWN])
    try:
        return _encoded(kind, data)
    except ValueError as error:
        raise DocumentError("error.document.code", field=field, value=data[:_SHOWN]) from error


@lru_cache(maxsize=64)
def _encoded(kind: CodeKind, data: str) -> Modules:
    import zxingcpp

    # Square: printers draw DataMatrix so unless told otherwise.
    symbol = (
        zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
        if kind == "datamatrix"
        # Level Q, as the printers are asked for: their own symbols are then as large.
        else zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    )
    return modules_of(symbol)
