"""A tariff as a sheet (docs/formats/tariff-sheet.md): a row a thing, a column a field.

The first row names the columns. ``part`` says what a row is: ``tariff`` rows have a ``field`` and
its ``value``; rows of ``zone``, ``not_served``, ``band`` and ``fee`` have a column for each field,
named by its path in packstation.tariff/1 (``price.per_g``, ``match[0].countries``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec import Struct

from packstation.carriers.tables import Cells, Grid, Table, letters
from packstation.carriers.tariff_parts import MISSING, PARTS, Fault, judged, steps
from packstation.carriers.tariff_text import flat, heard, listed, lists, plain
from packstation.domain.records import shown
from packstation.domain.tariffs import (
    Band,
    Billable,
    Fee,
    Gates,
    Limits,
    Match,
    Tariff,
    When,
    Zone,
)

Raw = dict[str, Any]
PART: Final = "part"
FIELD: Final = "field"
VALUE: Final = "value"
HEAD: Final = "tariff"
# What a row says it is -> key of the tariff's file.
ROWS: Final[Mapping[str, str]] = {
    "zone": "zones",
    "not_served": "not_served",
    "band": "bands",
    "fee": "fees",
}
_NAMES: Final = {key: name for name, key in ROWS.items()}
_WHOLE: Final = frozenset({"min_days", "max_days"})
_YES_NO: Final = {"true": True, "false": False}
_BOOLEAN: Final = frozenset({"tax_included"})
_LISTS: Final = lists((Band, Billable, Fee, Gates, Limits, Match, Tariff, When, Zone))
_DEEPEST: Final = 12
_MOST: Final = 200  # entries of one list


class Flaw(Struct, frozen=True, kw_only=True):
    """What is wrong with a sheet: where it stands there, what does, and what is allowed.

    ``row`` counts from 1 with the header, as spreadsheets do, 0: of no row; ``column`` is the
    header's name, ``letter`` the spreadsheet's; ``path`` the place in the tariff.
    """

    row: int
    column: str
    path: str
    value: str
    allowed: str
    letter: str = ""

    @property
    def message(self) -> str:
        """In one line."""
        column = f"{self.column} ({self.letter})" if self.letter else self.column
        where = f"row {self.row}, column {column}" if self.row else self.path
        return f"{where}: {self.value} is not allowed; allowed: {self.allowed}"


def to_grid(tariff: Tariff) -> Grid:
    """The sheet of a tariff."""
    raw = plain(tariff)
    rows: list[dict[str, str]] = []
    for path, text in flat({key: one for key, one in raw.items() if key not in PARTS}):
        rows.append({PART: HEAD, FIELD: path, VALUE: text})
    for name, key in ROWS.items():
        for one in raw.get(key, ()):
            cells = sorted(flat(one) if one else (), key=lambda cell: _nested(cell[0]))
            rows.append({PART: name, **dict(cells)})
    columns = dict.fromkeys([PART, FIELD, VALUE, *(name for row in rows for name in row)])
    return Grid(f"{tariff.carrier} {tariff.service}", tuple(columns), rows)


def from_table(table: Table) -> tuple[Tariff | None, tuple[Flaw, ...]]:
    """The tariff of a sheet, or everything that is wrong with it."""
    sheet = _Sheet(table)
    if PART not in sheet.columns:
        return None, tuple(sheet.flaws)
    raw = sheet.raw()
    tariff, faults = judged(raw)
    flaws = [*sheet.flaws, *map(sheet.placed, faults)]
    # What is wrong with a cell may leave something else without its value: told once.
    told = {(one.row, one.column): one for one in reversed(flaws)}
    ordered = sorted(told.values(), key=lambda one: (one.row, one.column))
    return (None if ordered else tariff), tuple(ordered)


class _Sheet:
    """The rows of a table, and where each path of the tariff stands in it."""

    def __init__(self, table: Table) -> None:
        self.flaws: list[Flaw] = []
        self._rows = table.rows
        self._columns = self._header(table.rows[0][1] if table.rows else {})
        self._letters = {name: letters(at) for at, name in self._columns.items()}
        # Path, text and row of what is of no part.
        self._head: list[tuple[str, str, int]] = []
        # Path in the tariff -> row, column.
        self._places: dict[str, tuple[int, str]] = {}

    @property
    def columns(self) -> Iterable[str]:
        """Names of the columns."""
        return self._columns.values()

    def _header(self, cells: Cells) -> dict[int, str]:
        columns: dict[int, str] = {}
        for at, cell in sorted(cells.items()):
            name = cell.strip()
            if name in columns.values():
                self._flaw(1, name, shown(name), "each column once")
            columns[at] = name
        if PART not in columns.values():
            self._flaw(1, PART, "nothing", f"a column {PART}")
        return columns

    def _flaw(self, row: int, column: str, value: str, allowed: str, path: str = "") -> None:
        letter = getattr(self, "_letters", {}).get(column, "")
        self.flaws.append(
            Flaw(row=row, column=column, path=path, value=value, allowed=allowed, letter=letter)
        )

    def raw(self) -> Raw:
        """The tariff's plain value as far as the rows say it."""
        found: Raw = defaultdict(list)
        head: Raw = {}
        for number, cells in self._rows[1:]:
            row = {self._columns.get(at, ""): text for at, text in cells.items()}
            if "" in row:
                self._flaw(number, "", shown(row.pop("")), "nothing under no name")
            part = row.pop(PART, "").strip()
            if part.startswith("#"):
                continue
            if part == HEAD:
                self._take_head(number, row)
            elif part in ROWS:
                key = ROWS[part]
                found[key].append(self._record(number, row, f"{key}[{len(found[key])}]"))
            else:
                allowed = ", ".join((HEAD, *ROWS))
                self._flaw(number, PART, shown(part) if part else "nothing", allowed)
        for path, text, number in sorted(self._head, key=lambda one: _order(one[0])):
            self._put(head, path, text, (number, VALUE), path)
        return {**head, **found}

    def _take_head(self, number: int, row: dict[str, str]) -> None:
        path, text = row.pop(FIELD, "").strip(), row.pop(VALUE, "")
        for column, cell in row.items():
            self._flaw(number, column, shown(cell), f"only {FIELD} and {VALUE}")
        if not path:
            self._flaw(number, FIELD, "nothing", "the name of a field")
        elif path.partition("[")[0].partition(".")[0] in PARTS:
            allowed = f"a row of {_NAMES[path.partition('[')[0].partition('.')[0]]}"
            self._flaw(number, FIELD, shown(path), allowed)
        elif path in self._places:
            self._flaw(number, FIELD, shown(path), "each field once")
        elif text:
            self._places[path] = (number, VALUE)
            self._head.append((path, text, number))

    def _record(self, number: int, row: dict[str, str], where: str) -> Raw:
        record: Raw = {}
        self._places[where] = (number, PART)
        for column, text in sorted(row.items(), key=lambda cell: _order(cell[0])):
            self._put(record, column, text, (number, column), f"{where}.{column}")
        return record

    def _put(self, record: Raw, path: str, text: str, place: tuple[int, str], whole: str) -> None:
        self._places[whole] = place
        way = steps(path)
        allowed = _put_at(record, way, _value(way, text)) if way else "a field's path"
        if allowed:
            self._flaw(*place, shown(path), allowed, whole)

    def placed(self, fault: Fault) -> Flaw:
        """A fault of the tariff where it stands in the sheet."""
        path = fault.path
        row, column = self._places.get(path, (0, ""))
        while path and not row:
            path = _shorter(path)
            row, column = self._places.get(path, (0, ""))
        if row and path != fault.path and column == PART:
            column = fault.path.removeprefix(path).lstrip(".")
        value = fault.value
        if not row and fault.allowed == MISSING:
            column, value = VALUE, "nothing"
        letter = self._letters.get(column, "")
        return Flaw(
            row=row,
            column=column,
            path=fault.path,
            value=value,
            allowed=fault.allowed,
            letter=letter,
        )


def _nested(path: str) -> bool:
    return len(steps(path)) > 1


def _order(path: str) -> list[tuple[str, int]]:
    """First entries of a list first, whatever stands first in the sheet."""
    return [("", step) if isinstance(step, int) else (step, 0) for step in steps(path)]


def _shorter(path: str) -> str:
    """The path one piece up."""
    cut = max(path.rfind("."), path.rfind("["))
    return path[:cut] if cut > 0 else ""


def _value(way: list[str | int], text: str) -> object:
    """A cell as the value of its field."""
    name = next((step for step in reversed(way) if isinstance(step, str)), "")
    if text in {"[]", "{}"}:
        return [] if text == "[]" else {}
    if name in _LISTS:
        return listed(text)
    if name in _WHOLE and text.isascii() and text.isdigit():
        return int(text[:18])
    if name in _BOOLEAN:
        return _YES_NO.get(text.lower(), text)
    return heard(text)


def _put_at(record: Raw, way: list[str | int], value: object) -> str:
    """Put a value where its path says; answers what would be allowed where it cannot stand."""
    if len(way) > _DEEPEST or not isinstance(way[0], str):
        return "the path of a field"
    here: Any = record
    for step, after in zip(way, [*way[1:], None], strict=True):
        inner: Any = value if after is None else [] if isinstance(after, int) else {}
        if isinstance(step, int):
            if not isinstance(here, list) or step > min(len(here), _MOST):
                return f"[{len(here) if isinstance(here, list) else 0}] before it"
            if step == len(here):
                here.append(inner)
                here = inner
                continue
        elif not isinstance(here, dict):
            return "one of the two columns"
        elif step not in here:
            here[step] = inner
            here = inner
            continue
        if after is None:
            return "each field once"
        here = here[step]
    return ""
