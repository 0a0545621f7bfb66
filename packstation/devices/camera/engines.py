"""The two decoders behind one shape: zxing-cpp reads, zbar (pyzbar) votes besides.

Texts are plain (`TextMode.Plain`): the default shows GS1 data in brackets. zbar knows no
DataMatrix, PDF417 or Aztec and gives no AIM identifiers; GS1 separators stay GS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from packstation.domain.reading import CodeRead, Corners

if TYPE_CHECKING:
    from packstation.devices.camera.pixels import View

# zxing-cpp's names of single formats, and ours. What is not listed is not read on a bench.
_ZXING: Final = {
    "EAN13": "ean13",
    "EAN8": "ean8",
    "UPCA": "upca",
    "UPCE": "upce",
    "ISBN": "ean13",
    "ITF": "itf",
    "ITF14": "itf",
    "Code128": "code128",
    "Code39": "code39",
    "Code39Std": "code39",
    "Code39Ext": "code39",
    "Code93": "code93",
    "Codabar": "codabar",
    "DataBar": "databar",
    "DataBarOmni": "databar",
    "DataBarStk": "databar",
    "DataBarStkOmni": "databar",
    "DataBarLtd": "databar",
    "DataBarExp": "databar",
    "DataBarExpStk": "databar",
    "QRCode": "qr",
    "QRCodeModel1": "qr",
    "QRCodeModel2": "qr",
    "DataMatrix": "datamatrix",
    "PDF417": "pdf417",
    "CompactPDF417": "pdf417",
    "Aztec": "aztec",
    "AztecCode": "aztec",
    "MaxiCode": "maxicode",
}
_ZBAR: Final = {
    "EAN13": "ean13",
    "EAN8": "ean8",
    "UPCA": "upca",
    "UPCE": "upce",
    "ISBN13": "ean13",
    "I25": "itf",
    "CODE128": "code128",
    "CODE39": "code39",
    "CODE93": "code93",
    "CODABAR": "codabar",
    # Not its DataBar: it writes failed assertions of its own to standard error.
    "QRCODE": "qr",
}
# The formats of a packing bench: goods, cartons, waybills, the shop's own.
BENCH_FORMATS: Final = ("EANUPC", "Code128", "ITF", "QRCode", "DataMatrix", "Code39")

Decode = Callable[["View", str, "bool"], list[CodeRead]]


def zxing(
    view: View,
    step: str,
    *,
    repaired: bool = False,
    formats: Sequence[str] = (),
    thorough: bool = True,
) -> list[CodeRead]:
    """Read with zxing-cpp; no ``formats`` are all. ``thorough`` turns, shrinks and inverts too."""
    import zxingcpp

    wanted: Any = [getattr(zxingcpp.BarcodeFormat, name) for name in formats]
    found = zxingcpp.read_barcodes(
        view.pixels,
        formats=wanted or _everything(),
        try_rotate=thorough,
        try_downscale=thorough,
        try_invert=thorough,
        text_mode=zxingcpp.TextMode.Plain,
    )
    return [
        CodeRead(
            text=code.text,
            aim=code.symbology_identifier,
            format=_ZXING[code.format.name],
            corners=view.whole(_zxing_corners(code.position)),
            engine="zxing",
            step=step,
            repaired=repaired,
        )
        for code in found
        if code.text and code.format.name in _ZXING
    ]


def _everything() -> Any:  # noqa: ANN401 - one format and a list of them are both taken
    import zxingcpp

    return zxingcpp.BarcodeFormat.All


def _zxing_corners(position: Any) -> Corners:  # noqa: ANN401 - zxing-cpp's own type
    names = ("top_left", "top_right", "bottom_right", "bottom_left")
    points = [getattr(position, name) for name in names]
    return tuple((int(point.x), int(point.y)) for point in points)


def _zbar_corners(rect: Any) -> Corners:  # noqa: ANN401 - pyzbar's own type
    """Its polygon has any number of points, so the box round them."""
    left, top, right, bottom = rect.left, rect.top, rect.left + rect.width, rect.top + rect.height
    return (left, top), (right, top), (right, bottom), (left, bottom)


def zbar(view: View, step: str, *, repaired: bool = False) -> list[CodeRead]:
    """Read with zbar, the kinds of `_ZBAR`."""
    from pyzbar import pyzbar

    kinds = [getattr(pyzbar.ZBarSymbol, name) for name in _ZBAR if hasattr(pyzbar.ZBarSymbol, name)]
    return [
        CodeRead(
            text=code.data.decode("utf-8", "replace"),
            aim="",
            format=_ZBAR[code.type],
            corners=view.whole(_zbar_corners(code.rect)),
            engine="zbar",
            step=step,
            repaired=repaired,
        )
        for code in pyzbar.decode(view.pixels, symbols=kinds)
        if code.data and code.type in _ZBAR
    ]
