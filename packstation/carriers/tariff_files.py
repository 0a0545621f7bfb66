"""Tariffs in files of three kinds, JSON, CSV and XLSX; a tariff is the same in each.

JSON holds one tariff or a list of them, CSV one, a workbook one a sheet. A tariff with anything
wrong in it is not taken, for a price without one of its rows would be a wrong price; all that is
wrong with it is named, and the other tariffs of the file are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from msgspec import Struct

from packstation.carriers.tables import Table, read_csv, read_xlsx, write_csv, write_xlsx
from packstation.carriers.tariff_parts import judged
from packstation.carriers.tariff_sheets import PART, Flaw, from_table, to_grid
from packstation.carriers.tariff_text import plain, written
from packstation.domain.errors import InputInvalid
from packstation.domain.records import read_json
from packstation.domain.tariffs import Tariff

Kind = Literal["json", "csv", "xlsx"]
KINDS: Final[tuple[Kind, ...]] = ("json", "csv", "xlsx")
_WORKBOOK: Final = b"PK\x03\x04"
_ODD: Final = re.compile(r"[^a-z0-9._-]+")
_LONGEST: Final = 60


class Rejected(Struct, frozen=True, kw_only=True):
    """What is wrong with a tariff: its place in the file (from 0), its sheet, and where there."""

    record: int
    sheet: str
    flaw: Flaw

    def to_json(self) -> dict[str, object]:
        """As answers of imports have it."""
        flaw = self.flaw
        return {
            "record": self.record,
            "sheet": self.sheet,
            "row": flaw.row,
            "column": flaw.column,
            "letter": flaw.letter,
            "path": flaw.path,
            "value": flaw.value,
            "allowed": flaw.allowed,
            "message": f"{self.sheet}: {flaw.message}" if self.sheet else flaw.message,
        }


class Read(Struct, frozen=True):
    """Tariffs of a file, and what is wrong with its others."""

    tariffs: tuple[Tariff, ...]
    rejected: tuple[Rejected, ...]


def kind_of(name: str, data: bytes = b"") -> Kind:
    """By the file's name, else by its first bytes."""
    ending = name.rpartition(".")[2].lower()
    for kind in KINDS:
        if ending == kind:
            return kind
    if data.startswith(_WORKBOOK):
        return "xlsx"
    return "json" if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["} else "csv"


def read(data: bytes, kind: Kind) -> Read:
    """The tariffs of a file.

    Raises:
        InputInvalid: it is no file of that kind at all, or holds no tariff.
    """
    if kind == "json":
        found = tuple(_of_json(data))
    else:
        tables = (read_csv(data),) if kind == "csv" else _sheets(read_xlsx(data))
        if not any(table.rows for table in tables):
            raise InputInvalid(path="file", value="it is empty", allowed="a tariff")
        found = tuple((table.name, *from_table(table)) for table in tables)
    return Read(
        tuple(tariff for _, tariff, _ in found if tariff is not None),
        tuple(
            Rejected(record=at, sheet=sheet, flaw=flaw)
            for at, (sheet, _, flaws) in enumerate(found)
            for flaw in flaws
        ),
    )


def _of_json(data: bytes) -> Iterator[tuple[str, Tariff | None, tuple[Flaw, ...]]]:
    document = read_json(data)
    for raw in document if isinstance(document, list) else [document]:
        try:
            tariff, faults = judged(raw)
        except RecursionError as exc:
            raise InputInvalid(path="file", value="nested too deeply", allowed="JSON") from exc
        flaws = (
            Flaw(row=0, column="", path=one.path, value=one.value, allowed=one.allowed)
            for one in faults
        )
        yield "", tariff, tuple(flaws)


def _sheets(tables: Sequence[Table]) -> Sequence[Table]:
    """The sheets of a workbook that are tariffs; all of them where none says so.

    Others are a shop's own notes: the first row of a tariff has a column `part`.
    """
    ours = [
        table for table in tables if PART in {text.strip() for text in table.rows[0][1].values()}
    ]
    return ours or tables


def write(tariffs: Sequence[Tariff], kind: Kind) -> bytes:
    """A file of ``tariffs``.

    Raises:
        InputInvalid: several in a CSV file, which has one table, or a text no sheet takes.
    """
    if kind == "xlsx":
        return write_xlsx([to_grid(tariff) for tariff in tariffs])
    if kind == "csv":
        if len(tariffs) != 1:
            raise InputInvalid(path="file", value=f"{len(tariffs)} tariffs", allowed="one in CSV")
        return write_csv(to_grid(tariffs[0]))
    if len(tariffs) == 1:
        return written(tariffs[0])
    import json

    documents = [plain(tariff) for tariff in tariffs]
    return (json.dumps(documents, indent=1, ensure_ascii=False) + "\n").encode()


def file_name(tariff: Tariff) -> str:
    """What its JSON file is called: carrier, service and first day, whatever letters they have."""
    words = (tariff.carrier, tariff.service, tariff.valid_from.isoformat())
    return "-".join(_bare(word) for word in words) + ".json"


def _bare(word: str) -> str:
    plain_letters = _ODD.sub("-", word.lower()).strip("-.")[:_LONGEST]
    if plain_letters == word.lower():
        return plain_letters
    # Two names of other letters must not become one file.
    import zlib

    return f"{plain_letters}-{zlib.crc32(word.encode()):08x}".lstrip("-")
