"""Papers that set a bench up: the scanner's test card, command cards, a printer's test label.

All are label models, so each comes out of a label printer or as PDF. ``words`` turns a
message key into text of the bench's language (`i18n.Catalogue.say`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from packstation.documents.code128 import encode
from packstation.documents.fonts import Fonts
from packstation.documents.label.matrix import matrix
from packstation.documents.layout import Box, Sheet, Style
from packstation.domain.barcodes import BENCH_COMMANDS, CARD_COMMANDS, ORDER_COMMANDS
from packstation.domain.errors import FormOverflow
from packstation.domain.labels import QUIET_MODULES, Barcode, Label, Media, media
from packstation.domain.testcard import CARD_CODES, CardCode

Words = Callable[[str], str]

_MARGIN: Final = 3.0
_TITLE: Final = Style((6.0, 5.0, 4.0), bold=True, middle=True)
_HINT: Final = Style((3.2, 2.8, 2.5))
_NAME: Final = Style((3.4, 3.0, 2.6), bold=True, middle=True)
_CODE_TEXT: Final = Style((2.5, 2.2, 1.9), align="center")
_MODULE_MM: Final = 0.38
# The test label's rulers with their numbers, and the heights that its parts need, in mm.
_RULER: Final = 9.0
_PROOF, _GREYS, _BARS, _SMALL = 17.0, 14.0, 17.0, 9.0
# Each sheet of cards: its title, and what is on it.
_SHEETS: Final = (
    ("card.commands.title", ORDER_COMMANDS),
    ("card.commands.bench", (*BENCH_COMMANDS, *CARD_COMMANDS)),
)


def scanner_card(paper: Media, words: Words, fonts: Fonts) -> Label:
    """The test card: its codes, one below the other, each with what it checks."""
    sheet = Sheet(paper, fonts)
    page = Box(0, 0, paper.width_mm, paper.height_mm).inset(_MARGIN, _MARGIN)
    sheet.frame(page, 0.5)
    # All letters in one code are 352 modules with their quiet zones: 88 mm at two dots each.
    inner = page.inset(1.5, 2.0)
    sheet.text("title", Box(inner.x, inner.y, inner.width, 8.0), words("card.test.title"), _TITLE)
    hint = Box(inner.x, inner.y + 8.0, inner.width, 8.5)
    sheet.text("hint", hint, words("card.test.hint"), _HINT)
    top = hint.bottom + 0.5
    pitch = (inner.bottom - top) / len(CARD_CODES)
    for number, code in enumerate(CARD_CODES, start=1):
        row = Box(inner.x, top + (number - 1) * pitch, inner.width, pitch)
        sheet.across(page, row.y)
        _test_code(sheet, row.inset(0, 0.9), f"{number}  {words(f'card.code.{code.name}')}", code)
    return sheet.label()


def _test_code(sheet: Sheet, row: Box, caption: str, code: CardCode) -> None:
    if code.kind == "datamatrix":
        left, right = row.split(3, 1)
        sheet.text("caption", Box(left.x, left.y, left.width, 4.4), caption, _NAME)
        below = Box(left.x, left.y + 4.8, left.width, 4.0)
        sheet.text("code", below, code.text, Style((2.5,)))
        _square(sheet, right, code)
        return
    sheet.text("caption", Box(row.x, row.y, row.width, 4.4), caption, _NAME)
    bars = Box(row.x, row.y + 4.8, row.width, row.height - 4.8 - 3.4)
    sheet.linear("code", bars, code.text, gs1=code.kind == "gs1", most=_MODULE_MM)
    shown = code.text.replace("\x1d", " <GS> ")
    sheet.text("code", Box(row.x, bars.bottom + 0.2, row.width, 3.2), shown, _CODE_TEXT)


def _square(sheet: Sheet, box: Box, code: CardCode) -> None:
    """A matrix code as large as ``box`` allows with a quiet zone of two modules."""
    side = len(matrix(code.kind, code.text)) + 4
    dots = int(min(box.width, box.height) / sheet.media.mm(side))
    inset = sheet.media.mm(2 * dots)
    size = sheet.media.mm(side * dots)
    x = box.x + box.width - size + inset
    sheet.elements.append(Barcode("code", code.kind, code.text, x, box.y + inset, dots))


def command_cards(words: Words, fonts: Fonts, paper: Media | None = None) -> tuple[Label, ...]:
    """All command codes, to cut out and laminate: those of an order, then those of the bench."""
    paper = paper or media("a4", 300)
    return tuple(_cards(Sheet(paper, fonts), words, title, commands) for title, commands in _SHEETS)


def _cards(sheet: Sheet, words: Words, headline: str, commands: Sequence[str]) -> Label:
    page = Box(0, 0, sheet.media.width_mm, sheet.media.height_mm).inset(10.0, 9.0)
    title = Box(page.x, page.y, page.width, 8.0)
    sheet.text("title", title, words(headline), _TITLE)
    rows = -(-len(commands) // 2)
    height = (page.bottom - title.bottom - 2.0) / rows
    for index, command in enumerate(commands):
        column, row = divmod(index, rows)
        left = page.x + column * page.width / 2
        card = Box(left, title.bottom + 2.0 + row * height, page.width / 2, height)
        _command(sheet, card, command, words(f"card.command.{command}"))
    return sheet.label()


def _command(sheet: Sheet, card: Box, command: str, name: str) -> None:
    sheet.frame(card, 0.2)
    inner = card.inset(2.0, 1.4)
    sheet.text(
        "name",
        Box(inner.x, inner.y, inner.width, 5.2),
        name,
        Style((4.4, 3.8, 3.2, 2.7), bold=True, align="center", middle=True),
    )
    bars = Box(inner.x, inner.y + 5.8, inner.width, inner.height - 5.8 - 3.4)
    text = f"%PS:{command}"
    sheet.linear("code", bars, text, most=_MODULE_MM)
    sheet.text("code", Box(inner.x, bars.bottom + 0.3, inner.width, 3.2), text, _CODE_TEXT)


def printer_label(
    paper: Media, bench: str, words: Words, fonts: Fonts, code: str = "", printer: str = ""
) -> Label:
    """A printer's test label: edges, rulers, five greys, bars of 0.25 to 0.5 mm, small text.

    ``code`` is a command that says that this very label was read, ``printer`` names the model.
    The rulers count mm from the paper's edges, so that a wrong resolution, size or origin is
    seen without a second tool. Short paper has fewer bars.
    """
    sheet = Sheet(paper, fonts)
    page = Box(0, 0, paper.width_mm, paper.height_mm).inset(2.0, 2.0)
    sheet.frame(page, 0.75)
    _rulers(sheet, page)
    left, top = page.x + _RULER + 1.0, page.y + _RULER
    inner = Box(left, top, page.x + page.width - 3.0 - left, page.bottom - 3.0 - top)
    y = _heading(sheet, inner, bench, words("label.test.title"), printer) + 2.0
    foot = Box(inner.x, inner.bottom - 10.0, inner.width, 10.0)
    if code:
        y = _proof(sheet, Box(inner.x, y, inner.width, _PROOF), code) + 3.0
    _patterns(sheet, Box(inner.x, y, inner.width, foot.y - y), words)
    style = Style((8.0, 6.5, 5.0, 4.0, 3.0), bold=True, align="center", middle=True)
    sheet.text("foot", foot, words("label.test.not_for_shipping"), style)
    return sheet.label()


def _proof(sheet: Sheet, box: Box, code: str) -> float:
    """The code that confirms the label; answers where it ends."""
    bars = Box(box.x, box.y, box.width, box.height - 4.0)
    try:
        sheet.linear("code", bars, code, most=_MODULE_MM)
        sheet.text("code", Box(box.x, box.bottom - 3.6, box.width, 3.4), code, _CODE_TEXT)
    except FormOverflow:
        # Too narrow for so long a name: the same in a square, its text beside it.
        square, beside = box.split(1, 3)
        _square(sheet, square, CardCode("proof", "datamatrix", code))
        sheet.text("code", beside.inset(2.0), code, Style((2.8, 2.5, 2.2, 1.9), middle=True))
    return box.bottom


def _patterns(sheet: Sheet, box: Box, words: Words) -> None:
    """Greys, bars and small text, as many of them as there is room for."""
    paper, y = sheet.media, box.y
    modules = [
        dots
        for dots in (paper.dots(module) for module in (0.25, 0.375, 0.5))
        if _bars_width(dots) * dots <= paper.dots(box.width)
    ]
    if box.height > _GREYS + _BARS:
        _greys(sheet, Box(box.x, y, box.width, _GREYS - 3.0))
        y += _GREYS
    most = int((box.bottom - y) / _BARS)
    for dots in modules if len(modules) <= most else modules[1 : 1 + most]:
        _bars(sheet, Box(box.x, y, box.width, 11.0), dots)
        y += _BARS
    small = Box(box.x, y, box.width, box.bottom - y)
    if small.height > _SMALL:
        sheet.text("small", small, words("label.test.small"), Style((2.5, 2.12)))


def _heading(sheet: Sheet, inner: Box, bench: str, title: str, printer: str) -> float:
    """Title, bench, and what the label was drawn for; answers the lower edge."""
    paper = sheet.media
    top = Box(inner.x, inner.y, inner.width, 9.5)
    sheet.text("title", top, title, Style((7.5, 6.0, 5.0, 4.0), bold=True, middle=True))
    under = Box(inner.x, top.bottom, inner.width, 7.5)
    sheet.text("bench", under, bench, Style((6.0, 5.0, 4.0, 3.2), bold=True, middle=True))
    size = f"{paper.width_mm:g} x {paper.height_mm:g} mm"
    drawn = " · ".join(filter(None, (printer, f"{paper.dpi} dpi", size)))
    below = Box(inner.x, under.bottom, inner.width, 5.0)
    sheet.text("stock", below, drawn, Style((4.0, 3.4, 2.8), bold=True, middle=True))
    return below.bottom


def _rulers(sheet: Sheet, page: Box) -> None:
    """Marks each mm along the upper and the left edge, numbered each 10 mm."""
    style = Style((2.12,), align="center")
    thin = sheet.media.mm(max(1, sheet.media.dots(0.15)))
    ends = (page.x + page.width - _RULER, page.bottom - _RULER)
    for mm in range(int(page.x + _RULER) + 1, int(ends[0])):
        sheet.fill(Box(mm, page.y, thin, _tick_length(mm)))
        if mm % 10 == 0:
            sheet.text("ruler", Box(mm - 3, page.y + 4.0, 6, 2.7), str(mm), style)
    for mm in range(int(page.y + _RULER) + 1, int(ends[1])):
        sheet.fill(Box(page.x, mm, _tick_length(mm), thin))
        if mm % 10 == 0:
            sheet.text("ruler", Box(page.x + 3.6, mm - 1.3, 6, 2.7), str(mm), style)


def _tick_length(mm: int) -> float:
    return 3.8 if mm % 10 == 0 else 2.8 if mm % 5 == 0 else 1.8


def _greys(sheet: Sheet, box: Box) -> None:
    """Five fields of stripes, from full black to one dot in five."""
    dot = sheet.media.mm(1)
    for column, (ink, pitch) in zip(
        box.split(1, 1, 1, 1, 1), ((1, 1), (3, 4), (1, 2), (1, 3), (1, 5)), strict=True
    ):
        field = column.inset(0.6)
        if ink == pitch:
            sheet.fill(field)
            continue
        y = field.y
        while y < field.bottom:
            sheet.fill(Box(field.x, y, field.width, dot * ink))
            y += dot * pitch


def _bars_width(dots: int) -> int:
    """Modules of a test bar code with its quiet zones."""
    return encode(_bars_text(dots)).modules + 2 * QUIET_MODULES


def _bars_text(dots: int) -> str:
    return f"PST-{dots}-DOTS"


def _bars(sheet: Sheet, box: Box, dots: int) -> None:
    text = _bars_text(dots)
    sheet.linear("code", box, text, most=sheet.media.mm(dots) + 1e-6)
    below = Box(box.x, box.bottom + 0.4, box.width, 3.4)
    sheet.text("code", below, f"{text}  {sheet.media.mm(dots):.3f} mm", _CODE_TEXT)
