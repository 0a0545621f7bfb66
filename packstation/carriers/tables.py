"""Tables of text as spreadsheets have them, CSV and XLSX, with the places of their cells.

A cell is text whatever a spreadsheet makes of it: a formula is read as it is written, never by
its result, and what is written is never one (OWASP "CSV Injection").
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from packstation.domain.errors import InputInvalid
from packstation.domain.sheets import read_cell, read_table, write_rows

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

# Unpacked bytes of a workbook, and characters of a cell (Excel's own limit).
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_CELL: Final = 32_767
# Cells and rows of a workbook, empty ones too, and rows of a sheet (Excel's own limit): where a
# row or cell stands it says itself, and what is before it is filled up.
MOST_CELLS: Final = 4_000_000
MOST_ROW: Final = 1_048_576
_TITLE: Final = 31
_NOT_IN_TITLES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))

# Column number, from 0, to text; empty cells are not there.
Cells = Mapping[int, str]


class Table(Struct, frozen=True):
    """A sheet: its name ("" of a CSV file) and the rows that hold something, counted from 1."""

    name: str
    rows: tuple[tuple[int, Cells], ...]


class Grid(Struct, frozen=True):
    """A sheet to be written: the header, and rows by column."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Mapping[str, str]]


def letters(column: int) -> str:
    """What a spreadsheet calls a column: 0 is A, 26 is AA."""
    before, last = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def read_csv(data: bytes) -> Table:
    """The table of a CSV file; comma, semicolon or tab; UTF-8, else GB18030.

    Raises:
        InputInvalid: no text, or a broken quote.
    """
    rows = []
    for number, row in enumerate(read_table(data), 1):
        cells = {at: read_cell(cell) for at, cell in enumerate(row) if cell.strip()}
        if cells:
            rows.append((number, cells))
    return Table("", tuple(rows))


def read_xlsx(data: bytes) -> tuple[Table, ...]:
    """The sheets of a workbook; those that hold nothing are left out.

    Raises:
        InputInvalid: it is no workbook, unpacks to more than `MOST_BYTES`, or has more rows or
            cells than there may be.
    """
    from openpyxl import load_workbook

    try:
        _refuse_bomb(data)
        with closing(load_workbook(io.BytesIO(data), read_only=True, data_only=False)) as book:
            seen = _Seen()
            found = [Table(sheet.title, tuple(_rows(sheet, seen))) for sheet in book.worksheets]
    except InputInvalid:
        raise
    except Exception as exc:  # whatever a broken workbook makes the library raise
        why = str(exc)[:80] or type(exc).__name__
        raise InputInvalid(path="file", value=why, allowed="a workbook (XLSX)") from exc
    return tuple(table for table in found if table.rows)


def _refuse_bomb(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        size = sum(member.file_size for member in packed.infolist())
    if size > MOST_BYTES:
        allowed = f"at most {MOST_BYTES // 1024 // 1024} MiB unpacked"
        raise InputInvalid(path="file", value=f"{size} bytes", allowed=allowed)


class _Seen:
    """Counts the cells and rows of a workbook."""

    def __init__(self) -> None:
        self._cells = 0

    def take(self, sheet: str, row: int, cells: int) -> None:
        """One row more.

        Raises:
            InputInvalid: it is one too many.
        """
        self._cells += cells + 1
        if row > MOST_ROW:
            allowed = f"at most {MOST_ROW} rows of a sheet"
            raise InputInvalid(path=f"{sheet} row {row}", value="a row", allowed=allowed)
        if self._cells > MOST_CELLS:
            allowed = f"at most {MOST_CELLS} cells, empty ones too"
            raise InputInvalid(path=f"{sheet} row {row}", value="more cells", allowed=allowed)


def _rows(sheet: Worksheet, seen: _Seen) -> Iterator[tuple[int, Cells]]:
    sheet.reset_dimensions()  # type: ignore[attr-defined] # of a sheet that is only read
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        seen.take(sheet.title, number, len(row))
        texts = ((at, _text(value)) for at, value in enumerate(row))
        cells = {at: text for at, text in texts if text}
        if cells:
            yield number, cells


def _text(value: object) -> str:
    """A cell's value as somebody would have typed it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        # A spreadsheet has no days, only midnights.
        midnight = value.replace(hour=0, minute=0, second=0, microsecond=0)
        return value.date().isoformat() if value == midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        # The shortest decimal that is this double is the one that the sheet shows.
        return f"{Decimal(repr(value)):f}"
    return str(value).strip()


def write_csv(grid: Grid) -> bytes:
    """The table of a CSV file, UTF-8 with the mark that spreadsheets know it by."""
    return write_rows(grid.columns, grid.rows).encode("utf-8-sig")


def write_xlsx(grids: Sequence[Grid]) -> bytes:
    """A workbook with a sheet for each grid; all of it is text.

    Raises:
        InputInvalid: a cell is longer than a spreadsheet takes.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    for grid in grids:
        _refuse_long(grid)
    book = Workbook(write_only=True)
    taken: set[str] = set()
    for grid in grids:
        sheet = book.create_sheet(_title(grid.name, taken))
        sheet.freeze_panes = "A2"
        for row in (dict(zip(grid.columns, grid.columns, strict=True)), *grid.rows):
            cells = []
            for column in grid.columns:
                cell = WriteOnlyCell(sheet, value=row.get(column) or None)
                if cell.value is not None:
                    cell.data_type, cell.number_format = "s", "@"
                cells.append(cell)
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _refuse_long(grid: Grid) -> None:
    """A spreadsheet would cut it without a word."""
    for row in grid.rows:
        for column, text in row.items():
            if len(text) > MOST_CELL:
                allowed = f"at most {MOST_CELL} characters"
                raise InputInvalid(path=column, value=f"{len(text)} characters", allowed=allowed)


def _title(name: str, taken: set[str]) -> str:
    """A name that a spreadsheet takes for a sheet, and that none before it has."""
    stem = name.translate(_NOT_IN_TITLES)
    stem = "".join(c for c in stem if c.isprintable())[:_TITLE] or "tariff"
    title, number = stem, 1
    while title.lower() in taken:
        number += 1
        tail = f"-{number}"
        title = stem[: _TITLE - len(tail)] + tail
    taken.add(title.lower())
    return title
