"""The label model as ESC/POS: one bitmap, ``GS v 0``, in bands.

Commands: Epson's, as in the manuals of MTP and TS1700; reference: devices, section 3.5. Each
band is as wide as its ink. A head is 576 dots wide unless the settings say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from packstation.documents.fonts import Fonts
from packstation.documents.label.dots import Draughtsman
from packstation.documents.label.guarded import Pairs, guarded
from packstation.documents.label.raster import ink, window
from packstation.documents.label.settings import LanguageSettings
from packstation.domain.labels import Label

if TYPE_CHECKING:
    from PIL.Image import Image

_RESET: Final = b"\x1b@"
_RASTER: Final = b"\x1dv0\x00"
_CUT: Final = b"\x1dV\x00"
_TO_NEXT: Final = b"\x1d\x0c"
# 72 mm, what printers of 80 mm paper print.
_HEAD_DOTS: Final = 576
# A receive buffer of 4 kB holds a band of an 80 mm head.
_BAND_ROWS: Final = 48
# DLE EOT, DLE ENQ and DLE DC4 act at once, in the middle of a picture too.
_IMMEDIATE: Final[Pairs] = tuple(
    (bytes((0x10, second)), bytes((0x18, second))) for second in (0x04, 0x05, 0x14)
)


class EscposWriter:
    """Writes labels for receipt printers that take bitmaps."""

    def __init__(self, fonts: Fonts, settings: LanguageSettings | None = None) -> None:
        self._draughtsman = Draughtsman(fonts)
        self._settings = settings or LanguageSettings()

    def write(self, labels: Iterable[Label]) -> bytes:
        """The labels, one after the other, each cut off where there is a cutter to use.

        Raises DocumentError where ink lies beyond the head.
        """
        return b"".join(map(self._label, labels))

    def _label(self, label: Label) -> bytes:
        image = ink(self._draughtsman.draw(label), label.media.size_dots)
        head = self._settings.head_dots or _HEAD_DOTS
        # A label wider than the head is laid in its middle: margins may be lost, ink not.
        left = max(0, (image.width - head) // 2)
        seen = window(image, (left, 0, min(image.width, left + head), image.height))
        return _RESET + b"".join(_bands(seen)) + self._end(label)

    def _end(self, label: Label) -> bytes:
        """To the next label where the stock has any, else past the edge that paper is torn at."""
        cut = _CUT if self._settings.cut else b""
        if self._settings.kind in {"gap", "mark"}:
            return _TO_NEXT + cut
        rows = label.media.dots(self._settings.feed_mm)
        return _raster(1, rows, bytes(rows)) + cut


def _bands(image: Image) -> Iterator[bytes]:
    for top in range(0, image.height, _BAND_ROWS):
        rows = min(_BAND_ROWS, image.height - top)
        band = image.crop((0, top, image.width, top + rows))
        box = band.getbbox()
        width = (box[2] + 7) // 8 if box else 1
        data = band.crop((0, 0, 8 * width, rows)).tobytes()
        yield _raster(width, rows, guarded(data, _IMMEDIATE))


def _raster(row_bytes: int, rows: int, data: bytes) -> bytes:
    return _RASTER + row_bytes.to_bytes(2, "little") + rows.to_bytes(2, "little") + data
