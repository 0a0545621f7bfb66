"""Workbooks that are small on disk and endless when they are read."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from packstation.carriers import tables
from packstation.carriers.tables import read_xlsx
from packstation.domain.errors import InputInvalid

SHEET = "xl/worksheets/sheet1.xml"


def workbook(old: bytes, new: bytes) -> bytes:
    """A workbook of two rows, its sheet's XML changed as no program writes it."""
    book, held, made = Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append(["waybill", "total"])  # type: ignore[union-attr]
    book.active.append(["AB1", "=1+1"])  # type: ignore[union-attr]
    book.save(held)
    with zipfile.ZipFile(held) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            assert name != SHEET or old in content
            target.writestr(name, content.replace(old, new) if name == SHEET else content)
    return made.getvalue()


def test_a_row_may_stand_far_below() -> None:
    (table,) = read_xlsx(workbook(b'<row r="2"', b'<row r="1048576"'))
    assert table.rows == ((1, {0: "waybill", 1: "total"}), (1_048_576, {0: "AB1", 1: "=1+1"}))


@pytest.mark.parametrize("row", [b"1048577", b"99999999999999"])
def test_a_row_that_no_sheet_has_is_refused(row: bytes) -> None:
    with pytest.raises(InputInvalid) as caught:
        read_xlsx(workbook(b'<row r="2"', b'<row r="' + row + b'"'))
    assert caught.value.fields["path"] == "Sheet row 1048577"
    assert caught.value.fields["allowed"] == "at most 1048576 rows of a sheet"


def test_cells_far_to_the_right_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_CELLS", 100_000)
    far = b"".join(b'<row r="%d"><c r="ZZZ%d"><v>1</v></c></row>' % (at, at) for at in range(3, 30))
    with pytest.raises(InputInvalid) as caught:
        read_xlsx(workbook(b"</sheetData>", far + b"</sheetData>"))
    assert caught.value.fields["path"] == "Sheet row 8"
    assert caught.value.fields["allowed"] == "at most 100000 cells, empty ones too"
