"""Tables that go on over several pages: heads repeat, subtotals are carried, no row is torn.

A row stands whole on one page. The last one takes what follows the table (totals, signature)
with it, so that no page has totals and nothing they are of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style, wrap
from packstation.domain.errors import FormOverflow
from packstation.domain.labels import LEADING, Align, Label, Media, Text

SIDE: Final = 15.0
TOP: Final = 12.0
FOOT: Final = 16.0
CAPTION: Final = Style((2.15, 2.0, 1.85, 1.7))
# White above and below the text of a row, beside that of a column.
_ROW_PAD, _PAD = 1.05, 1.0
_HAIR, _LINE, _RULE = 0.12, 0.25, 0.6
_BODY, _SMALL = 2.75, 2.3
# Rows that stay together at the end.
_TOGETHER: Final = 3
# What the head of a table takes at most in use.
_HEAD: Final = 12.0


class Column(Struct, frozen=True):
    """``titles`` are its head's lines; ``share`` its part of the width."""

    titles: tuple[str, ...]
    share: float
    align: Align = "left"


class Cell(Struct, frozen=True):
    """Paragraphs of one cell; ``small`` ones stand below in a smaller size."""

    role: str
    text: str | tuple[str, ...] = ""
    small: tuple[str, ...] = ()
    bold: bool = False


class Row(Struct, frozen=True):
    """``band``: one cell over the whole width, with a line above it; it is kept with the next."""

    cells: tuple[Cell, ...]
    band: bool = False


class Placed(Struct, frozen=True):
    """A cell's lines as they were broken."""

    cell: Cell
    lines: list[str]
    small: list[str]

    @property
    def height(self) -> float:
        """Of its text."""
        return LEADING * (_BODY * len(self.lines) + _SMALL * len(self.small))


Turn = Callable[[Sheet], float]
Subtotal = Callable[[int, bool], Row]


class Pages:
    """Pages under construction: ``first`` and ``further`` draw what stands above on a page.

    ``y`` is where the next thing goes on the last page; ``bottom`` the edge that nothing crosses.
    """

    def __init__(self, media: Media, fonts: Fonts, first: Turn, further: Turn) -> None:
        self.media, self.fonts, self._further = media, fonts, further
        self.bottom = media.height_mm - FOOT
        self.sheets: list[Sheet] = [Sheet(media, fonts)]
        self.y = first(self.sheets[0])

    @property
    def sheet(self) -> Sheet:
        """The page that is being filled."""
        return self.sheets[-1]

    @property
    def width(self) -> float:
        """Between the margins."""
        return self.media.width_mm - 2 * SIDE

    def box(self, height: float) -> Box:
        """The next so many millimetres, as wide as the page."""
        return Box(SIDE, self.y, self.width, height)

    def fits(self, height: float) -> bool:
        """Whether so much is left on this page."""
        return self.y + height <= self.bottom + 1e-6

    def turn(self) -> None:
        """A new page."""
        self.sheets.append(Sheet(self.media, self.fonts))
        self.y = self._further(self.sheet)

    def need(self, height: float) -> None:
        """Turn where so much is not left."""
        if not self.fits(height):
            self.turn()

    def labels(self, foot: Callable[[Sheet, int, int], None]) -> list[Label]:
        """All pages, each with its foot (page, of how many)."""
        for number, sheet in enumerate(self.sheets, start=1):
            foot(sheet, number, len(self.sheets))
        return [sheet.label() for sheet in self.sheets]


class Table:
    """A table on ``pages``."""

    def __init__(self, pages: Pages, columns: Sequence[Column], subtotal: Subtotal | None) -> None:
        self._pages, self._columns, self._subtotal = pages, columns, subtotal
        self._carry = self._height(self._broken(subtotal(0, False))) if subtotal else 0.0  # noqa: FBT003 - a row's height only

    def draw(self, rows: Sequence[Row], after: float = 0.0) -> None:
        """All rows; the last one stands together with ``after`` mm that follow the table.

        Raises FormOverflow (the role of its tallest cell) for a row that no page holds.
        """
        broken = [self._broken(row) for row in rows]
        heights = [self._height(placed) for placed in broken]
        if rows and not self._pages.fits(_HEAD + self._wanted(0, rows, heights, after)):
            self._pages.turn()
        self._head()
        for at, (row, placed) in enumerate(zip(rows, broken, strict=True)):
            self._room(at, rows, heights, after, placed)
            self._row(row, placed, heights[at])
        self._pages.sheet.across(self._pages.box(0), self._pages.y, _LINE)

    def _room(
        self,
        at: int,
        rows: Sequence[Row],
        heights: Sequence[float],
        after: float,
        placed: Sequence[Placed],
    ) -> None:
        """Turn the page where a row does not fit with what has to stand on the same page."""
        if self._pages.fits(self._wanted(at, rows, heights, after)):
            return
        if at:
            self._turn(at)
        last = at == len(rows) - 1
        if not self._pages.fits(heights[at] + (0.0 if last else self._carry)):
            tallest = max(placed, key=lambda one: one.height)
            raise FormOverflow(field=tallest.cell.role, limit=int(self._pages.bottom))

    def _wanted(
        self, at: int, rows: Sequence[Row], heights: Sequence[float], after: float
    ) -> float:
        """A row with what has to stand on its page: what follows, a subtotal, a band's first."""
        last = at == len(rows) - 1
        rest = sum(heights[at:]) + after
        # The last few rows go on together, so that no page has totals and one row.
        if not last and at == self._ending(rows, heights, after):
            return rest
        wanted = heights[at] + (after if last else self._carry)
        return wanted + (heights[at + 1] if rows[at].band and not last else 0.0)

    def _ending(self, rows: Sequence[Row], heights: Sequence[float], after: float) -> int:
        """The row that the last ones begin with: as many of them as fit a page with ``after``."""
        empty = self._pages.bottom - TOP - _HEAD - self._carry - 10.0
        for at in range(max(0, len(rows) - _TOGETHER), len(rows)):
            if sum(heights[at:]) + after <= empty:
                return at
        return len(rows)

    def _turn(self, at: int) -> None:
        if self._subtotal:
            self._carried(at, onward=True)
        else:
            self._pages.sheet.across(self._pages.box(0), self._pages.y, _LINE)
        self._pages.turn()
        self._head()
        if self._subtotal:
            self._carried(at, onward=False)

    def _carried(self, at: int, *, onward: bool) -> None:
        if self._subtotal:
            row = self._subtotal(at, onward)
            self._row(row, self._broken(row), self._carry)

    def _head(self) -> None:
        """English bold, the second language below it."""
        pages = self._pages
        size = CAPTION.sizes[0]
        boxes = self._boxes(pages.box(0))
        lowest = y = pages.y + 1.2
        pages.sheet.across(pages.box(0), pages.y, _RULE)
        for column, box in zip(self._columns, boxes, strict=True):
            at = y
            for bold, title in zip((True, False), column.titles, strict=False):
                lines = wrap(title, box.width, size, pages.fonts, bold=bold) if title else []
                self._put("column", box, at, size, lines, column.align, bold=bold)
                at += len(lines) * size * LEADING
            lowest = max(lowest, at)
        pages.y = lowest + 0.7
        pages.sheet.across(pages.box(0), pages.y, _LINE)
        pages.y += _LINE

    def _boxes(self, box: Box) -> list[Box]:
        """Columns with white between them; the outer ones reach the margins."""
        columns = box.split(*(one.share for one in self._columns))
        ends = (columns[0].x, columns[-1].x + columns[-1].width)
        found = []
        for one in columns:
            left = ends[0] if one is columns[0] else one.x + _PAD
            right = ends[1] if one is columns[-1] else one.x + one.width - _PAD
            found.append(Box(left, one.y, right - left, one.height))
        return found

    def _broken(self, row: Row) -> list[Placed]:
        boxes = [self._pages.box(0)] if row.band else self._boxes(self._pages.box(0))
        return [self._cell(cell, box.width) for cell, box in zip(row.cells, boxes, strict=False)]

    def _cell(self, cell: Cell, width: float) -> Placed:
        pages = self._pages
        given = (cell.text,) if isinstance(cell.text, str) else cell.text
        lines = [
            line
            for text in given
            if text
            for line in wrap(
                pages.sheet.words(text, cell.role), width, _BODY, pages.fonts, bold=cell.bold
            )
        ]
        small = [
            line
            for text in cell.small
            if text
            for line in wrap(pages.sheet.words(text, cell.role), width, _SMALL, pages.fonts)
        ]
        return Placed(cell, lines, small)

    @staticmethod
    def _height(placed: Sequence[Placed]) -> float:
        return max(one.height for one in placed) + 2 * _ROW_PAD

    def _row(self, row: Row, placed: Sequence[Placed], height: float) -> None:
        pages = self._pages
        across = pages.box(height)
        boxes = [across] if row.band else self._boxes(across)
        aligns: list[Align] = ["left"] if row.band else [one.align for one in self._columns]
        for one, box, align in zip(placed, boxes, aligns, strict=False):
            y = pages.y + _ROW_PAD
            self._put(one.cell.role, box, y, _BODY, one.lines, align, bold=one.cell.bold)
            y += _BODY * LEADING * len(one.lines)
            self._put(one.cell.role, box, y, _SMALL, one.small, align, bold=False)
        pages.y += height
        pages.sheet.across(pages.box(0), pages.y - _HAIR, _LINE if row.band else _HAIR)

    def _put(
        self,
        role: str,
        box: Box,
        y: float,
        size: float,
        lines: Sequence[str],
        align: Align,
        *,
        bold: bool,
    ) -> None:
        if lines:
            text = Text(role, box.x, y, box.width, size, tuple(lines), bold, align)
            self._pages.sheet.elements.append(text)
