"""No cell of any table that leaves the program is a formula of a spreadsheet."""

from __future__ import annotations

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from packstation.domain.sheets import read_cell, safe_cell, write_rows
from tests.walls.sources import ROOT

STARTS = "=+-@\t\r\n＝＋－＠"
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
HOSTILE = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", " ", "\t", "\u3000", "'", "' '", "''\t"]),
    st.sampled_from(STARTS),
    CELL,
)


@example(["\t", "'\t", "'=x", " '=x", "''", "'-5", "' \n'"])
@given(st.lists(HOSTILE | CELL | st.integers().map(str), min_size=1, max_size=5))
def test_no_cell_runs_and_nothing_is_lost(cells: list[str]) -> None:
    columns = [f"c{at}" for at, _ in enumerate(cells)]
    text = write_rows(columns, [dict(zip(columns, cells, strict=True))])
    shown = list(csv.reader(io.StringIO(text, newline="")))[1]
    for cell, said in zip(cells, shown, strict=True):
        number = said.lstrip("-").replace(".", "", 1).isdigit()
        assert number or not said.lstrip().startswith(tuple(STARTS))
        assert said in {cell, f"'{cell}"}
        assert read_cell(safe_cell(cell)) in {cell, cell.strip()}


def test_every_table_is_written_by_the_one_function() -> None:
    writers = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in (ROOT / "packstation").rglob("*.py")
        if "csv.writer" in path.read_text("utf-8") or "csv.DictWriter" in path.read_text("utf-8")
    }
    assert "packstation/domain/sheets.py" in writers
    assert [name for name, text in writers.items() if "safe_cell(" not in text] == []
