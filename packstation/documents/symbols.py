"""Symbols of trade items by the writer of zxing-cpp, as widths of whole modules.

EAN-13, EAN-8, UPC-A and ITF-14 (ISO/IEC 15420 and 16390), GS1 DataMatrix (ISO/IEC 16022 with
FNC1 in first place). Only the pattern is taken from the library; how many dots a module has is
ours to say, so that bars stay even on every head (python-barcode's default module of 1.6 dots
at 203 dpi cannot be read by every reader).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final, cast

from packstation.documents.code128 import encode
from packstation.domain.errors import DocumentError
from packstation.domain.labels import QUIET_MODULES, Barcode

if TYPE_CHECKING:
    import zxingcpp

LINEAR: Final = frozenset({"code128", "gs1", "ean13", "ean8", "upca", "itf14"})
# GS1 General Specifications 5.2 and 5.3: clear modules before and after a symbol.
_QUIET: Final = {"ean13": 11, "ean8": 7, "upca": 9}
_FORMATS: Final = {"ean13": "EAN13", "ean8": "EAN8", "upca": "UPCA", "itf14": "ITF"}


def widths(code: Barcode) -> tuple[int, ...]:
    """Bars and spaces of a linear code in modules, a bar first.

    Raises DocumentError naming the code's role for data that its symbol cannot hold.
    """
    if code.kind in _FORMATS:
        return _trade_item(code.kind, code.data, code.role)
    return encode(code.data, gs1=code.kind == "gs1", field=code.role).widths


def quiet(kind: str) -> int:
    """Clear modules beside a linear code."""
    return _QUIET.get(kind, QUIET_MODULES)


@lru_cache(maxsize=256)
def _trade_item(kind: str, data: str, field: str) -> tuple[int, ...]:
    import zxingcpp

    try:
        symbol = zxingcpp.create_barcode(data, getattr(zxingcpp.BarcodeFormat, _FORMATS[kind]))
    except ValueError as error:
        raise DocumentError("error.document.code", field=field, value=data[:80]) from error
    row = modules_of(symbol)[0]
    return tuple(len(list(run)) for _, run in groupby(row))


@lru_cache(maxsize=64)
def gs1_matrix(data: str, field: str) -> tuple[tuple[bool, ...], ...]:
    """The modules of a GS1 DataMatrix of ``data`` like ``(01)...(10)...``.

    Raises DocumentError naming ``field``.
    """
    import zxingcpp

    try:
        symbol = zxingcpp.create_barcode(
            data, zxingcpp.BarcodeFormat.DataMatrix, gs1=True, force_square=True
        )
    except ValueError as error:
        raise DocumentError("error.document.code", field=field, value=data[:80]) from error
    return modules_of(symbol)


def modules_of(symbol: zxingcpp.Barcode) -> tuple[tuple[bool, ...], ...]:
    """Rows of a symbol's modules, True where it is dark, without quiet zone."""
    image = symbol.to_image(scale=1, add_quiet_zones=False)
    rows, columns = image.shape
    # It is a buffer of bytes, which its types do not tell.
    cells = memoryview(cast("bytes", image)).cast("B")
    return tuple(
        tuple(cells[row * columns + column] == 0 for column in range(columns))
        for row in range(rows)
    )
