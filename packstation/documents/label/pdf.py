"""The label model as PDF: vector bars at whole dots, embedded fonts, extractable text.

Same input, same bytes: ReportLab's ``invariant`` leaves out times and random ids.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from packstation.documents.fonts import Fonts
from packstation.documents.label.matrix import matrix
from packstation.documents.symbols import LINEAR, widths
from packstation.domain.labels import Barcode, Element, Fill, Frame, Image, Label, Polygon, Text

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_POINTS_PER_MM = 72 / 25.4
_RED = (0.8, 0.0, 0.0)


def write_pdf(labels: Iterable[Label], fonts: Fonts, *, title: str = "") -> bytes:
    """One page a label, each in the size of its media."""
    from reportlab.pdfgen.canvas import Canvas

    pages = list(labels)
    first = _register(fonts, pages)
    target = io.BytesIO()
    # Without an initial font of ours ReportLab refers to Helvetica, which is not embedded.
    canvas = Canvas(
        target,
        invariant=1,
        lang="en-GB",
        initialFontName=first,  # type: ignore[arg-type]  # the stubs say float; it is a name
        pageCompression=1,
    )
    canvas.setTitle(title)
    canvas.setCreator("packstation")
    for label in pages:
        _page(canvas, label, fonts)
    canvas.save()
    return target.getvalue()


def _register(fonts: Fonts, pages: list[Label]) -> str:
    """Make the faces that the pages need known to ReportLab; answers the name of one of them."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    files = {
        file: None
        for label in pages
        for element in label.elements
        if isinstance(element, Text)
        for line in element.lines
        for file, _piece in fonts.runs(line, bold=element.bold)
    } or {fonts.runs("x")[0][0]: None}
    known = set(pdfmetrics.getRegisteredFontNames())
    for file in files:
        if _face(fonts, file) not in known:
            pdfmetrics.registerFont(TTFont(_face(fonts, file), str(fonts.folder / file)))
    return _face(fonts, next(iter(files)))


def _face(fonts: Fonts, file: str) -> str:
    """ReportLab's name of a face; the folder keeps two installations apart."""
    return f"{fonts.folder}/{file}"


def _page(canvas: Canvas, label: Label, fonts: Fonts) -> None:
    height = label.media.height_mm
    canvas.setPageSize((label.media.width_mm * _POINTS_PER_MM, height * _POINTS_PER_MM))
    # From here on in millimetres, upwards from the bottom left as PDF has it.
    canvas.scale(_POINTS_PER_MM, _POINTS_PER_MM)
    for element in label.elements:
        _element(canvas, element, label, fonts)
    canvas.showPage()


def _element(canvas: Canvas, element: Element, label: Label, fonts: Fonts) -> None:
    height = label.media.height_mm
    match element:
        case Text():
            _text(canvas, element, height, fonts)
        case Fill():
            top = height - element.y - element.height
            canvas.rect(element.x, top, element.width, element.height, stroke=0, fill=1)
        case Frame():
            _frame(canvas, element, height)
        case Polygon():
            _polygon(canvas, element, height)
        case Image():
            _image(canvas, element, height)
        case Barcode() if element.kind in LINEAR:
            _linear(canvas, element, label)
        case Barcode():
            _matrix(canvas, element, label)


def _text(canvas: Canvas, text: Text, height: float, fonts: Fonts) -> None:
    canvas.setFillGray(1 if text.inverse else 0)
    for index, line in enumerate(text.lines):
        wide = fonts.width(line, text.size, bold=text.bold)
        shift = {"left": 0.0, "center": 0.5, "right": 1.0}[text.align] * (text.width - wide)
        run = canvas.beginText(text.x + shift, height - text.baseline(index))
        for file, piece in fonts.runs(line, bold=text.bold):
            run.setFont(_face(fonts, file), text.size)
            run.textOut(piece)
        canvas.drawText(run)
    canvas.setFillGray(0)


def _frame(canvas: Canvas, frame: Frame, height: float) -> None:
    line = frame.thickness
    canvas.setLineWidth(line)
    x, y = frame.x + line / 2, height - frame.y - frame.height + line / 2
    canvas.rect(x, y, frame.width - line, frame.height - line)


def _polygon(canvas: Canvas, polygon: Polygon, height: float) -> None:
    path = canvas.beginPath()
    path.moveTo(polygon.corners[0][0], height - polygon.corners[0][1])
    for x, y in polygon.corners[1:]:
        path.lineTo(x, height - y)
    path.close()
    if polygon.red:
        canvas.setFillColorRGB(*_RED)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.setFillGray(0)


def _image(canvas: Canvas, image: Image, height: float) -> None:
    from reportlab.lib.utils import ImageReader

    bottom = height - image.y - image.height
    canvas.drawImage(
        ImageReader(io.BytesIO(image.data)), image.x, bottom, image.width, image.height
    )


def _linear(canvas: Canvas, code: Barcode, label: Label) -> None:
    module = label.media.mm(code.module_dots)
    bottom = label.media.height_mm - code.y - code.height
    x = label.media.mm(label.media.dots(code.x))
    path = canvas.beginPath()
    for index, width in enumerate(widths(code)):
        if index % 2 == 0:
            path.rect(x, bottom, width * module, code.height)
        x += width * module
    canvas.drawPath(path, stroke=0, fill=1)


def _matrix(canvas: Canvas, code: Barcode, label: Label) -> None:
    module = label.media.mm(code.module_dots)
    path = canvas.beginPath()
    for row, cells in enumerate(matrix(code.kind, code.data, code.role)):
        bottom = label.media.height_mm - code.y - (row + 1) * module
        for column, dark in enumerate(cells):
            if dark:
                path.rect(code.x + column * module, bottom, module, module)
    canvas.drawPath(path, stroke=0, fill=1)
