"""The label model as PDF: vector bars at whole dots, embedded fonts, extractable text.

Same input, same bytes: ReportLab's ``invariant`` leaves out times and random ids.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from packstation.documents.fonts import Fonts
from packstation.documents.label.matrix import matrix
from packstation.documents.label.pdf_fonts import EmbeddedFont, outlines
from packstation.documents.symbols import LINEAR, widths
from packstation.domain.labels import Barcode, Element, Fill, Frame, Image, Label, Polygon, Text

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_POINTS_PER_MM = 72 / 25.4
_RED = (0.8, 0.0, 0.0)


def write_pdf(labels: Iterable[Label], fonts: Fonts, *, title: str = "") -> bytes:
    """One page a label, each in the size of its media."""
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    # Without an initial font of ours ReportLab refers to Helvetica, which is not embedded.
    canvas = Canvas(
        target,
        invariant=1,
        lang="en-GB",
        initialFontName=_prepared(),  # type: ignore[arg-type]  # the stubs say float; it is a name
        pageCompression=1,
    )
    # An order's number is in it, which may hold half a character.
    canvas.setTitle(title.encode("utf-8", "replace").decode())
    canvas.setCreator("packstation")
    inks = _Inks(canvas, fonts)
    for label in labels:
        _page(canvas, label, inks)
    canvas.save()
    return target.getvalue()


class _NoFont:
    """A font that nothing is written in; as ReportLab calls one that is embedded by need."""

    fontName = "packstation"  # noqa: N815 - ReportLab's name
    _dynamicFont, _multiByte = 1, 0  # noqa: N815 - as above

    class face:  # noqa: N801 - as above
        name = "packstation"


@lru_cache(maxsize=1)
def _prepared() -> str:
    """ReportLab set up once a process; answers the name of the font it starts with."""
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics

    # Streams as they are: text of them would be a quarter longer.
    rl_config.useA85 = 0
    pdfmetrics.registerFont(_NoFont())
    return _NoFont.fontName


class _Inks:
    """The fonts of one document, and the one that its page was last written in."""

    def __init__(self, canvas: Canvas, fonts: Fonts) -> None:
        self.fonts = fonts
        # Where ReportLab's own fonts register.
        self._document: Any = canvas._doc  # type: ignore[attr-defined]  # noqa: SLF001
        self._faces: dict[str, EmbeddedFont] = {}
        self._last = ""

    def new_page(self) -> None:
        """A page begins without a font."""
        self._last = ""

    def shown(self, text: str, size: float, *, bold: bool) -> Iterator[str]:
        """Operators that write ``text`` where the pen is."""
        for file, piece in self.fonts.runs(text, bold=bold):
            for name, codes in self._face(file).encode(piece):
                font = f"{name} {size:.3f} Tf"
                if font != self._last:
                    self._last = font
                    yield font
                yield f"<{codes.hex()}> Tj"

    def _face(self, file: str) -> EmbeddedFont:
        if file not in self._faces:
            made = EmbeddedFont(outlines(self.fonts.folder / file), f"F{len(self._faces) + 1}")
            self._faces[file] = made
            self._document.delayedFonts.append(made)
        return self._faces[file]


def _page(canvas: Canvas, label: Label, inks: _Inks) -> None:
    height = label.media.height_mm
    canvas.setPageSize((label.media.width_mm * _POINTS_PER_MM, height * _POINTS_PER_MM))
    # From here on in millimetres, upwards from the bottom left as PDF has it.
    canvas.scale(_POINTS_PER_MM, _POINTS_PER_MM)
    inks.new_page()
    for element in label.elements:
        _element(canvas, element, label, inks)
    canvas.showPage()


def _element(canvas: Canvas, element: Element, label: Label, inks: _Inks) -> None:
    height = label.media.height_mm
    match element:
        case Text():
            _text(canvas, element, height, inks)
        case Fill():
            bottom = height - element.y - element.height
            box = f"{element.x:.3f} {bottom:.3f} {element.width:.3f} {element.height:.3f}"
            canvas.addLiteral(f"{box} re f")
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


def _text(canvas: Canvas, text: Text, height: float, inks: _Inks) -> None:
    """Written operator by operator: ReportLab's own text objects take five times as long."""
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[text.align]
    said, at = ["1 g BT" if text.inverse else "BT"], (0.0, 0.0)
    for index, line in enumerate(text.lines):
        spare = text.width - inks.fonts.width(line, text.size, bold=text.bold) if share else 0.0
        place = text.x + share * spare, height - text.baseline(index)
        said.append(f"{place[0] - at[0]:.3f} {place[1] - at[1]:.3f} Td")
        said += inks.shown(line, text.size, bold=text.bold)
        at = place
    said.append("ET 0 g" if text.inverse else "ET")
    canvas.addLiteral(" ".join(said))


def _frame(canvas: Canvas, frame: Frame, height: float) -> None:
    line = frame.thickness
    x, y = frame.x + line / 2, height - frame.y - frame.height + line / 2
    size = f"{frame.width - line:.3f} {frame.height - line:.3f}"
    canvas.addLiteral(f"{line:.3f} w {x:.3f} {y:.3f} {size} re S")


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
    bars = []
    for index, width in enumerate(widths(code)):
        if index % 2 == 0:
            bars.append(f"{x:.4f} {bottom:.4f} {width * module:.6f} {code.height:.4f} re")
        x += width * module
    canvas.addLiteral(" ".join((*bars, "f")))


def _matrix(canvas: Canvas, code: Barcode, label: Label) -> None:
    module = label.media.mm(code.module_dots)
    path = canvas.beginPath()
    for row, cells in enumerate(matrix(code.kind, code.data, code.role)):
        bottom = label.media.height_mm - code.y - (row + 1) * module
        for column, dark in enumerate(cells):
            if dark:
                path.rect(code.x + column * module, bottom, module, module)
    canvas.drawPath(path, stroke=0, fill=1)
