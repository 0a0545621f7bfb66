"""A label that a carrier or marketplace made: printed as it came, or refused by name.

The file is known and whole already (``carriers/label_files.py``). What speaks the printer's own
language goes to it byte for byte, once nothing in it does more than print; PDF and PNG are turned
into the printer's dots: pages at its resolution, pictures dot for dot, black or white by a
threshold, so that no bar becomes wider than its maker drew it. Nothing is ever scaled to fit:
a label for other paper is refused, as is one on which the parcel's number cannot be read.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from packstation.documents.fonts import Fonts
from packstation.documents.label.languages import LabelWriter
from packstation.documents.label.preflight import preflight
from packstation.documents.label.tspl_preflight import preflight_tspl
from packstation.documents.layout import Box, Sheet, Style
from packstation.domain.carriers import LabelFile
from packstation.domain.errors import DocumentError
from packstation.domain.labels import MM_PER_INCH, Image, Label, PrintJob
from packstation.domain.printers import PDF, SHEET, Stock
from packstation.pdf_turn import PDF_TURN

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

# Formats of files, and the language of printers that take them as they are.
NATIVE: Final = {"application/zpl": "zpl", "application/tspl": "tspl", "application/pdf": PDF}
PICTURES: Final = frozenset({"application/pdf", "image/png"})
MEDIA: Final = frozenset({*NATIVE, *PICTURES})
# 4 x 6 in and 100 x 150 mm are 2.4 mm apart and are two stocks.
TOLERANCE_MM: Final = 1.5
_MOST_PAGES: Final = 10
_THRESHOLD: Final = 128
_POINTS: Final = 72
_PREVIEW: Final = 900


def carried_job(file: LabelFile, stock: Stock, writer: LabelWriter, waybill: str) -> PrintJob:
    """The bytes that print ``file`` on ``stock``; ``writer`` writes the stock's language.

    Raises DocumentError: ``field`` label for other paper (``error.document.stock``), another
    resolution (``dpi``), a language that the printer does not speak (``language``), commands that
    are no part of a label (``zpl``); ``field`` waybill where it cannot be read off the label.
    """
    _fits(file, stock)
    size = (stock.width_mm, stock.height_mm)
    if NATIVE.get(file.media) == stock.language:
        count = _native(file, stock, waybill)
        return PrintJob("", "label", file.content, stock.language, *size, labels=count)
    if file.media not in PICTURES or stock.language == PDF:
        spoken = NATIVE.get(file.media, "png")
        raise DocumentError(
            "error.document.language", field="label", value=spoken, allowed=stock.language
        )
    pages = [_label(picture, stock) for picture in _pictures(file, stock, waybill)]
    return PrintJob("", "label", writer.write(pages), stock.language, *size, labels=len(pages))


def carried_preview(file: LabelFile, stock: Stock, fonts: Fonts, waybill: str) -> bytes:
    """A small PNG of its first page for a screen; of ZPL and TSPL, which only printers draw, facts.

    Codes are hatched: the only one to scan is on the box. Raises DocumentError as `carried_job`.
    """
    from PIL import Image as Pillow

    if file.media in PICTURES:
        picture = _pictures(file, stock, waybill)[0].convert("L")
        _hatch(picture)
    else:
        from packstation.documents.label.png import draw

        picture = draw(_facts(file, stock, fonts, waybill), fonts, hatched=True)
    picture.thumbnail((_PREVIEW, _PREVIEW), Pillow.Resampling.LANCZOS)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


# --- whether it may ----------------------------------------------------------------------------


def _fits(file: LabelFile, stock: Stock) -> None:
    """Its paper is what lies in the printer; sides that nobody knows pass."""
    sides = ((file.width_mm, stock.width_mm), (file.height_mm, stock.height_mm))
    if stock.kind == SHEET:
        wrong = any(has > there + TOLERANCE_MM for has, there in sides)
    else:
        wrong = any(has and abs(has - there) > TOLERANCE_MM for has, there in sides)
    if wrong:
        raise DocumentError(
            "error.document.stock",
            field="label",
            value=f"{file.width_mm:g} x {file.height_mm:g} mm",
            allowed=f"{stock.width_mm:g} x {stock.height_mm:g} mm",
        )


def _native(file: LabelFile, stock: Stock, waybill: str) -> int:
    """How many labels it prints."""
    if stock.language == PDF:
        return len(_pictures(file, stock, waybill))
    if file.dpi and file.dpi != stock.dpi:
        raise DocumentError(
            "error.document.dpi", field="label", value=str(file.dpi), limit=stock.dpi
        )
    zpl = stock.language == "zpl"
    labels = preflight(file.content).labels if zpl else preflight_tspl(file.content)
    if not _may_bear(file.content, waybill):
        raise DocumentError("error.document.unread", field="waybill", value=waybill)
    return labels


# What a printer draws as it is sent: the number may be in it.
_DRAWN: Final = re.compile(rb"(?i)\^GF|\^XG|\^IM|\bBITMAP\b|\bPUTBMP\b|\bPUTPCX\b")
_HEX: Final = re.compile(rb"(?i)_([0-9a-f]{2})")
_SUBSET: Final = re.compile(rb">[0-9:;<=]")
_NO_LETTER: Final = re.compile(rb"[^0-9a-z]")


def _may_bear(content: bytes, waybill: str) -> bool:
    """Whether commands name the number, however it is grouped or encoded, or draw pictures.

    What they draw only a printer knows. Commands that name other numbers alone are another's.
    """
    wanted = _NO_LETTER.sub(b"", waybill.lower().encode())
    plain = _HEX.sub(lambda found: bytes((int(found[1], 16),)), content)
    ways = (content, plain, _SUBSET.sub(b"", plain))
    if any(wanted in _NO_LETTER.sub(b"", way.lower()) for way in ways):
        return True
    return _DRAWN.search(content) is not None


# --- pictures ----------------------------------------------------------------------------------


def _pictures(file: LabelFile, stock: Stock, waybill: str) -> list[Picture]:
    """Its pages in the stock's dots, black or white; the number stands on one of them."""
    pages = _pages(file.content, stock) if file.media == "application/pdf" else _png(file, stock)
    if not any(waybill in text for page in pages for text in _codes(page)):
        raise DocumentError("error.document.unread", field="waybill", value=waybill)
    return pages


def _pages(content: bytes, stock: Stock) -> list[Picture]:
    import pypdfium2

    try:
        with PDF_TURN, pypdfium2.PdfDocument(content) as document:
            if len(document) > _MOST_PAGES:
                raise DocumentError(
                    "error.document.image", field="label", reason=f"{len(document)} pages"
                )
            drawn = [
                document[at].render(scale=stock.dpi / _POINTS, no_smoothtext=True).to_pil()
                for at in range(len(document))
            ]
    except pypdfium2.PdfiumError as exc:
        raise DocumentError("error.document.image", field="label", reason=str(exc)) from exc
    return [_black_and_white(page) for page in drawn]


def _png(file: LabelFile, stock: Stock) -> list[Picture]:
    """A picture dot for dot, or each of its dots as a square of whole dots."""
    from PIL import Image as Pillow

    dpi = file.dpi or stock.dpi
    times, rest = divmod(stock.dpi, dpi)
    if rest:
        raise DocumentError("error.document.dpi", field="label", value=str(dpi), limit=stock.dpi)
    try:
        with Pillow.open(io.BytesIO(file.content)) as opened:
            wide, high = (side * MM_PER_INCH / dpi for side in opened.size)
            _fits(replace(file, width_mm=round(wide, 2), height_mm=round(high, 2)), stock)
            flat = Pillow.new("RGB", opened.size, "white")
            clear = opened.convert("RGBA")
            flat.paste(clear, mask=clear.getchannel("A"))
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError) as exc:
        raise DocumentError("error.document.image", field="label", reason=str(exc)[:80]) from exc
    size = (flat.width * times, flat.height * times)
    return [_black_and_white(flat.resize(size, Pillow.Resampling.NEAREST))]


def _black_and_white(page: Picture) -> Picture:
    return page.convert("L").point(lambda level: 255 if level >= _THRESHOLD else 0).convert("1")


def _label(picture: Picture, stock: Stock) -> Label:
    """The picture from the corner of the paper on, dot for dot."""
    media = stock.media
    wide, high = media.size_dots
    cut = picture.crop((0, 0, min(wide, picture.width), min(high, picture.height)))
    held = io.BytesIO()
    cut.save(held, "PNG")
    sides = (media.mm(cut.width), media.mm(cut.height))
    return Label(media, (Image("label", 0.0, 0.0, *sides, held.getvalue()),))


def _codes(page: Picture) -> list[str]:
    import zxingcpp

    found = zxingcpp.read_barcodes(page.convert("L"), text_mode=zxingcpp.TextMode.Plain)
    return [code.text for code in found]


def _hatch(picture: Picture) -> None:
    """White stripes over every code, and a little beyond, so that none can be read."""
    import zxingcpp
    from PIL import ImageDraw

    canvas = ImageDraw.Draw(picture)
    while found := zxingcpp.read_barcodes(picture):
        for code in found:
            at = code.position
            corners = (at.top_left, at.top_right, at.bottom_left, at.bottom_right)
            left, right = min(c.x for c in corners), max(c.x for c in corners)
            top, bottom = min(c.y for c in corners), max(c.y for c in corners)
            canvas.rectangle((left, top, right, max(bottom, top + 1)), outline=0, fill=255)
            for x in range(left - (bottom - top), right, 12):
                canvas.line((x, bottom, x + bottom - top, top), fill=0, width=2)


def _facts(file: LabelFile, stock: Stock, fonts: Fonts, waybill: str) -> Label:
    sheet = Sheet(stock.media, fonts)
    page = Box(0, 0, stock.width_mm, stock.height_mm).inset(4.0, 4.0)
    sheet.frame(page, 0.5)
    size = f"{file.width_mm:g} x {file.height_mm:g} mm" if file.width_mm else ""
    lines = [NATIVE[file.media].upper(), waybill, size, f"{len(file.content)} B"]
    shown = [line for line in lines if line]
    style = Style((7.0, 6.0, 5.0, 4.0, 3.0, 2.2), bold=True, align="center", middle=True)
    sheet.text("label", page.inset(2.0, 2.0), shown, style)
    return sheet.label()
