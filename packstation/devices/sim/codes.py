"""Pictures of codes for the simulated camera and the benchmark: a symbol on its label.

Symbols come from zxing-cpp's writer, Code 128 from our own and QR from segno as well, so that a
reader is not judged by its own writer alone. A picture is grey, a row of bytes a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from packstation.devices.camera.pixels import opencv

if TYPE_CHECKING:
    import numpy as np

    from packstation.devices.camera.pixels import Pixels

# Symbols are drawn this many pixels a module, then brought to the camera's own.
_FINE: Final = 8
_QUIET: Final = 10


class Symbol(Struct, frozen=True):
    """What to draw: ``format`` is zxing-cpp's name, ``gs1`` puts FNC1 first."""

    format: str
    text: str
    gs1: bool = False

    @property
    def linear(self) -> bool:
        """Bars, no matrix."""
        return self.format not in {"QRCode", "DataMatrix", "PDF417", "Aztec"}


def modules(symbol: Symbol) -> Pixels:
    """The bare symbol, a pixel a module, 0 is dark; bars are one row."""
    import numpy as np
    import zxingcpp

    kind = getattr(zxingcpp.BarcodeFormat, symbol.format)
    more: dict[str, Any] = {"gs1": True} if symbol.gs1 else {}
    if symbol.format == "DataMatrix":
        more["force_square"] = True
    drawn = zxingcpp.create_barcode(symbol.text, kind, **more)
    picture: Any = np.array(drawn.to_image(scale=1, add_quiet_zones=False))
    # The middle row: an ITF-14 has bearer bars above and below.
    middle = picture.shape[0] // 2
    cells: Pixels = picture[middle : middle + 1] if symbol.linear else picture
    return cells


def drawn(symbol: Symbol, pixels_a_module: float, *, bars_high: float = 28.0) -> Pixels:
    """The symbol in its quiet zone as a camera of that resolution sees it, without any fault.

    ``bars_high`` is the height of bars in modules (an EAN in full height has some 69, a code on
    a small tin or a bag 20 to 30).
    """
    import numpy as np

    cv = opencv()
    cells = modules(symbol)
    if symbol.linear:
        cells = np.repeat(cells, round(bars_high), axis=0)
    sheet = np.pad(cells, ((4, 4), (_QUIET, _QUIET)), constant_values=255)
    fine = np.kron(sheet, np.ones((_FINE, _FINE), np.uint8))
    factor = pixels_a_module / _FINE
    small: Pixels = cv.resize(fine, None, fx=factor, fy=factor, interpolation=cv.INTER_AREA)
    return small


def label_picture(
    symbol: Symbol,
    chance: np.random.Generator,
    *,
    pixels_a_module: float = 2.0,
    size: tuple[int, int] = (640, 480),
) -> Pixels:
    """A label with the symbol and some print, somewhere on grey cardboard, through a fair lens."""
    import numpy as np

    cv = opencv()
    wide, high = size
    code = drawn(symbol, pixels_a_module)
    sheet = np.clip(chance.normal(150, 4, (high, wide)), 0, 255).astype(np.uint8)
    tall, broad = code.shape[0] + 70, code.shape[1] + 40
    left = (wide - broad) // 2 + int(chance.integers(-20, 21))
    top = (high - tall) // 2 + int(chance.integers(-20, 21))
    sheet[top : top + tall, left : left + broad] = 235
    area = (slice(top + 35, top + 35 + code.shape[0]), slice(left + 20, left + 20 + code.shape[1]))
    sheet[area] = np.minimum(code, 235)
    plain = cv.FONT_HERSHEY_SIMPLEX
    cv.putText(sheet, "PACK CO. 42", (left + 8, top + 24), plain, 0.6, 40, 2)
    cv.putText(sheet, "KEEP DRY", (left + 8, top + tall - 10), plain, 0.5, 60, 1)
    soft: Pixels = cv.GaussianBlur(sheet, (0, 0), 0.5)
    return soft
