"""A carrier's invoice out of a table or workbook, by the carrier's map of its columns.

Above the header may stand what it likes: the header is the first row that names the waybill's
column. Each bad cell is named by sheet, row, column and value, with what is allowed, and takes its
parcel out of the import and no other. A row of sums is held against the rows above it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final, TypeVar

from msgspec import Struct

from packstation.carriers.tables import Cells, Table, letters, read_csv, read_xlsx
from packstation.carriers.tariff_sheets import Flaw
from packstation.domain.costs import cells as read_cell
from packstation.domain.costs.cells import Odd
from packstation.domain.costs.charges import Charge
from packstation.domain.costs.maps import InvoiceMap
from packstation.domain.errors import InputInvalid
from packstation.domain.records import shown

T = TypeVar("T")
_WORKBOOK: Final = b"PK\x03\x04"
# Rows in which a header is looked for, and rows of one file.
_HEAD: Final = 60
MOST_ROWS: Final = 200_000
_LONGEST: Final = 120
_NOTHING: Final = "nothing"
_MASSES: Final = {
    "weight": "weight_g",
    "actual_weight": "actual_g",
    "volumetric_weight": "volumetric_g",
}
_SIDES: Final = ("length", "width", "height")
_WORDS: Final = ("invoice", "service", "zone", "country")


class Rejected(Struct, frozen=True, kw_only=True):
    """A bad cell: ``waybill`` of the parcel that is left out for it, "" where none is.

    ``code`` is what is allowed there, for words in other languages: amount, weight, side, waybill,
    cut, date, currency, word, missing, sum, charges or before; of the last three ``figure`` is
    what it should have been.
    """

    sheet: str
    waybill: str
    flaw: Flaw
    code: str = ""
    figure: str = ""

    def to_json(self) -> dict[str, object]:
        """As answers of imports have it."""
        flaw = self.flaw
        return {
            "sheet": self.sheet,
            "waybill": self.waybill,
            "row": flaw.row,
            "column": flaw.column,
            "letter": flaw.letter,
            "path": flaw.path,
            "value": flaw.value,
            "allowed": flaw.allowed,
            "code": self.code,
            "figure": self.figure,
            "message": f"{self.sheet}: {flaw.message}" if self.sheet else flaw.message,
        }


class Read(Struct, frozen=True):
    """The parcels of an invoice in their order, and what is wrong with the others."""

    charges: tuple[Charge, ...]
    rejected: tuple[Rejected, ...]


def read(data: bytes, rule: InvoiceMap, *, invoice: str = "", currency: str = "") -> Read:
    """The charges of a file; ``invoice`` and ``currency`` where no column says them.

    Raises:
        InputInvalid: it is no table, none of its sheets has the map's columns, or nothing says
            whose invoice or what currency it is.
    """
    tables = read_xlsx(data) if data.startswith(_WORKBOOK) else (read_csv(data),)
    if sum(len(table.rows) for table in tables) > MOST_ROWS:
        raise InputInvalid(path="file", value="more rows", allowed=f"at most {MOST_ROWS} rows")
    sheets = [_Sheet(table, at, rule) for table in tables if (at := _header_at(table, rule)) >= 0]
    if not sheets:
        first = " | ".join(list(tables[0].rows[0][1].values())[:8]) if _filled(tables) else ""
        allowed = "a row with a column " + " or ".join(rule.columns.waybill)
        raise InputInvalid(path="header", value=shown(first), allowed=allowed)
    given = _said(invoice.strip(), currency.strip(), rule)
    for sheet in sheets:
        sheet.refuse_unsaid(given)
    for sheet in sheets:
        sheet.take(given)
    charges = [one for sheet in sheets for one in sheet.charges()]
    return Read(tuple(charges), tuple(one for sheet in sheets for one in sheet.rejected))


def _said(invoice: str, currency: str, rule: InvoiceMap) -> dict[str, str]:
    """What is said with the file."""
    if len(invoice) > _LONGEST or not invoice.isprintable():
        allowed = f"one line of at most {_LONGEST} characters"
        raise InputInvalid(path="invoice", value=shown(invoice), allowed=allowed)
    try:
        code = read_cell.currency(currency) if currency else rule.currency
    except Odd as odd:
        raise InputInvalid(path="currency", value=shown(currency), allowed=str(odd)) from odd
    return {"invoice": invoice, "currency": code}


def _filled(tables: tuple[Table, ...]) -> bool:
    return bool(tables and tables[0].rows)


def _plain(text: str) -> str:
    """A name of a column whatever its blanks, line breaks and capitals."""
    return " ".join(text.split()).casefold()


def _header_at(table: Table, rule: InvoiceMap) -> int:
    """The place of the header among the rows, -1 without one."""
    names = {_plain(name) for name in rule.columns.waybill}
    for at, (_, cells) in enumerate(table.rows[:_HEAD]):
        if any(_plain(cell) in names for cell in cells.values()):
            return at
    return -1


class _Sheet:
    """One sheet's rows by the map's fields."""

    def __init__(self, table: Table, header: int, rule: InvoiceMap) -> None:
        self.name = table.name
        self.rejected: list[Rejected] = []
        self._rule = rule
        self._head, cells = table.rows[header]
        self._rows = table.rows[header + 1 :]
        # Field of the map -> column, and its name there.
        self._columns: dict[str, int] = {}
        self._names: dict[str, str] = {}
        self._find(cells)
        # Charges by parcel, one or (in a row for each charge) made of several rows.
        self._found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        self._bad: set[tuple[str, ...]] = set()

    def _find(self, cells: Cells) -> None:
        at_name: dict[str, int] = {}
        for at, cell in sorted(cells.items()):
            at_name.setdefault(_plain(cell), at)
        for field, names in self._rule.wanted():
            for name in names:
                if _plain(name) in at_name:
                    self._columns[field] = at_name[_plain(name)]
                    self._names[field] = " ".join(name.split())
                    break

    def refuse_unsaid(self, given: dict[str, str]) -> None:
        """Refuse a sheet without money, and one that does not say its invoice or currency.

        Raises:
            InputInvalid: see above.
        """
        money = [field for field in self._columns if field.startswith(("total", "amount"))]
        wanted = dict(self._rule.wanted())
        if self._rule.layout == "charge":
            money = [field for field in ("code", "amount") if field in self._columns]
        if not money or (self._rule.layout == "charge" and len(money) < 2):
            names = [one for field in ("total", "code", "amount") for one in wanted.get(field, ())]
            names += [one for field in wanted if "." in field for one in wanted[field]]
            where = f"{self.name} row {self._head}".strip()
            raise InputInvalid(path="header", value=where, allowed=f"columns {', '.join(names)}")
        for field in ("invoice", "currency"):
            if not given[field] and field not in self._columns:
                allowed = f"a column of it, or {field} said with the file"
                raise InputInvalid(path=field, value=_NOTHING, allowed=allowed)

    def take(self, given: dict[str, str]) -> None:
        """Read all rows."""
        for number, cells in self._rows:
            row = _Row(self, number, cells)
            if len(cells) == 1 and not row.has_money():
                continue  # a remark below the table
            if row.is_sum(self._rule.sums):
                self._check_sum(row, given)
            elif row.says("waybill"):
                self._take(row, given)
            elif row.has_money():
                row.flaw("waybill", _NOTHING, "a waybill number", "missing")
                self._keep(row, "")

    def _take(self, row: _Row, given: dict[str, str]) -> None:
        said = row.charge(self._rule, given)
        waybill = said["waybill"] or ""
        key = (said["invoice"], waybill, *(() if self._joined else (str(row.number),)))
        if row.flaws:
            self._bad.add(key)
        self._keep(row, waybill)
        if waybill:
            self._found.setdefault(key, []).append(said)

    @property
    def _joined(self) -> bool:
        """Whether several rows make a parcel."""
        return self._rule.layout == "charge"

    def _keep(self, row: _Row, waybill: str) -> None:
        self.rejected += [
            Rejected(sheet=self.name, waybill=waybill, flaw=flaw, code=code, figure=figure)
            for flaw, code, figure in row.flaws
        ]

    def _check_sum(self, row: _Row, given: dict[str, str]) -> None:
        """The file's own sum against that of its rows; something is missing where they differ."""
        field = "amount" if self._joined else "total"
        if row.text(field).startswith("="):
            return  # a formula is never worked out here, and says nothing of what is missing
        said = row.read(field, lambda text: row.money(text, given["currency"] or "CNY"))
        if said is not None and not self.rejected:
            rows = [one for rows in self._found.values() for one in rows]
            total = sum((one["total"] for one in rows), Decimal(0))
            if total != said:
                allowed = f"{total:f}, what its {len(rows)} rows come to"
                row.flaw(field, row.text(field), allowed, "sum", f"{total:f}")
        self._keep(row, "")

    def charges(self) -> Iterator[Charge]:
        """Those of which every cell was good."""
        for key, rows in self._found.items():
            if key in self._bad:
                continue
            first = rows[0]
            if len({one["currency"] for one in rows}) > 1:
                self._refuse_mixture(rows)
                continue
            joined: dict[str, Any] = {}
            for one in rows:
                joined = {**one, **{name: value for name, value in joined.items() if value}}
            lines: dict[str, Decimal] = {}
            for one in rows:
                for code, amount in one["lines"].items():
                    lines[code] = lines.get(code, Decimal(0)) + amount
            total = sum((one["total"] for one in rows), Decimal(0))
            row = {"row": first["row"], "sheet": self.name, "lines": lines, "total": total}
            yield Charge(**{**joined, **row})

    def _refuse_mixture(self, rows: list[dict[str, Any]]) -> None:
        other = next(one for one in rows if one["currency"] != rows[0]["currency"])
        flaw = self.flaw_at(other["row"], "currency", other["currency"], rows[0]["currency"])
        was = rows[0]["currency"]
        self.rejected.append(
            Rejected(
                sheet=self.name, waybill=other["waybill"], flaw=flaw, code="before", figure=was
            )
        )

    def column(self, field: str) -> int:
        """Where a field stands, -1 where the sheet has no such column."""
        return self._columns.get(field, -1)

    def amounts(self) -> Iterator[str]:
        """Codes of the charges that have columns here."""
        return (name.partition(".")[2] for name in self._columns if name.startswith("amounts."))

    def flaw_at(self, row: int, field: str, value: str, allowed: str) -> Flaw:
        """A bad cell where a spreadsheet has it."""
        at = self._columns.get(field, -1)
        return Flaw(
            row=row,
            column=self._names.get(field, field),
            path=field,
            value=value,
            allowed=allowed,
            letter=letters(at) if at >= 0 else "",
        )

    @property
    def rule(self) -> InvoiceMap:
        """The carrier's map."""
        return self._rule


class _Row:
    """One row; what is wrong with it gathers in ``flaws``."""

    def __init__(self, sheet: _Sheet, number: int, cells: Cells) -> None:
        self.number = number
        # Each with its code and figure.
        self.flaws: list[tuple[Flaw, str, str]] = []
        self._sheet, self._cells = sheet, cells

    def text(self, field: str) -> str:
        """A field's cell, "" where it is empty."""
        return self._cells.get(self._sheet.column(field), "").strip()

    def says(self, field: str) -> bool:
        """Whether the cell holds anything."""
        return bool(self.text(field))

    def is_sum(self, names: tuple[str, ...]) -> bool:
        """Whether it is a row of sums by its first words, and no waybill number."""
        first = _plain(next(iter(self._cells.values())))
        starts = tuple(_plain(name) for name in names)
        if not starts or not first.startswith(starts):
            return False
        number = self.text("waybill")
        return not number or (_plain(number) == first and not any(map(str.isdigit, number)))

    def has_money(self) -> bool:
        """Whether an amount stands in it."""
        fields = ("total", "amount", *(f"amounts.{code}" for code in self._sheet.amounts()))
        return any(self.says(field) for field in fields)

    def flaw(self, field: str, value: str, allowed: str, code: str, figure: str = "") -> None:
        """Note a bad cell."""
        flaw = self._sheet.flaw_at(self.number, field, value, allowed)
        self.flaws.append((flaw, code, figure))

    def read(self, field: str, reader: Callable[[str], T]) -> T | None:
        """A field's value; None where the cell is empty or bad."""
        text = self.text(field)
        if not text:
            return None
        try:
            return reader(text)
        except Odd as odd:
            self.flaw(field, shown(text), str(odd), odd.code)
            return None

    def money(self, text: str, currency: str) -> Decimal:
        """An amount of the invoice."""
        return read_cell.amount(text, currency, self._sheet.rule)

    def charge(self, rule: InvoiceMap, given: dict[str, str]) -> dict[str, Any]:
        """The fields of a `Charge`."""
        words = {name: self.read(name, read_cell.word) or "" for name in _WORDS}
        currency = self.read("currency", read_cell.currency) or given["currency"]
        if not currency and not self.flaws:
            self.flaw("currency", _NOTHING, "a currency (ISO 4217: CNY, EUR, USD)", "missing")
        day = self.read("date", lambda text: read_cell.day(text, rule))
        masses = {
            name: self.read(field, lambda text: read_cell.grams(text, rule))
            for field, name in _MASSES.items()
        }
        sides = [self.read(one, lambda text: read_cell.millimetres(text, rule)) for one in _SIDES]
        total, lines = self._amounts(rule, currency)
        invoice = words["invoice"] or given["invoice"]
        if not invoice:
            self.flaw("invoice", _NOTHING, "the number of the invoice", "missing")
        return {
            "waybill": self.read("waybill", read_cell.waybill),
            "total": total,
            "lines": lines,
            "currency": currency,
            "invoice": invoice,
            "date": day.isoformat() if day else "",
            "service": rule.services.get(words["service"], words["service"]),
            "zone": rule.zones.get(words["zone"], words["zone"]),
            "country": rule.countries.get(words["country"], words["country"]),
            "sides_mm": tuple(sides) if all(sides) else None,
            "row": self.number,
            **masses,
        }

    def _amounts(self, rule: InvoiceMap, currency: str) -> tuple[Decimal, dict[str, Decimal]]:
        def read(field: str) -> Decimal | None:
            return self.read(field, lambda text: self.money(text, currency))

        if rule.layout == "charge":
            code = self.read("code", read_cell.word)
            amount = read("amount")
            for field, found in (("code", code), ("amount", amount)):
                if found is None and not self.says(field):
                    self.flaw(field, _NOTHING, "a charge and its amount", "missing")
            total = amount or Decimal(0)
            return total, {rule.codes.get(code or "", code or ""): total}
        apart = {code: read(f"amounts.{code}") for code in self._sheet.amounts()}
        lines = {code: one for code, one in apart.items() if one}
        total_said, made = read("total"), sum(lines.values(), Decimal(0))
        if total_said is None and not self.says("total"):
            if not any(self.says(f"amounts.{code}") for code in apart):
                self.flaw("total", _NOTHING, f"an amount in {currency}", "missing")
            total_said = made
        elif total_said is not None and lines and total_said != made and not self.flaws:
            allowed = f"{made:f}, what its charges come to"
            self.flaw("total", shown(self.text("total")), allowed, "charges", f"{made:f}")
        return total_said or Decimal(0), lines
