"""Files of restricted parties, read: lists of the US, the UN and the EU, or a plain one.

Shapes, from own knowledge of what the publishers offer and not compared with a file of today
(docs/customs-fields.md): OFAC SDN.CSV and ALT.CSV (no header, -0- for nothing), the UN's
consolidated XML, the EU's CSV (semicolons, a column with the whole name), or a CSV with a column
``name``. What is none of them is refused, never taken for an empty list.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from packstation.domain.customs.reference import Party
from packstation.domain.errors import InputInvalid

# The columns of a name and of its number in the list, as their headers are written, small.
_NAMES: Final = ("namealias_wholename", "naal_wholename", "name")
_NUMBERS: Final = ("entity_eureferencenumber", "entity_logicalid", "reference")
_NOTHING: Final = "-0-"
_SDN_COLUMNS: Final = 12
_ALT_COLUMNS: Final = 5
_UN_NAMES: Final = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_UN_ALIASES: Final = ("INDIVIDUAL_ALIAS", "ENTITY_ALIAS")
ALLOWED: Final = "OFAC SDN or ALT CSV, UN XML, EU CSV, or CSV with a column name"


def read_parties(data: bytes, listed: str) -> tuple[Party, ...]:
    """The parties of a file, each of its names and aliases; ``listed`` is the list's name.

    Raises:
        InputInvalid: the file is none of the known shapes, or has no name in it.
    """
    text = _text(data)
    rows = _un(text) if text.lstrip().startswith("<") else _csv(text)
    found = {(name, number): Party(name, listed, number) for name, number in rows if name}
    if not found:
        raise _refused(text)
    return tuple(found.values())


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _refused(text: str) -> InputInvalid:
    first = text.strip()[:60].partition("\n")[0].rstrip()
    shown = f'"{first}"' if first else "it is empty"
    return InputInvalid(path="file", value=shown, allowed=ALLOWED)


def _csv(text: str) -> Iterator[tuple[str, str]]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
    except csv.Error as exc:
        raise _refused(text) from exc
    header = [one.strip().lower() for one in rows[0]] if rows else []
    at = _column(header, _NAMES)
    if at is not None:
        return _of_table(rows[1:], at, _column(header, _NUMBERS))
    return _ofac(rows)


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(one) for one in names if one in header), None)


def _of_table(
    rows: Sequence[Sequence[str]], at: int, number: int | None
) -> Iterator[tuple[str, str]]:
    for row in rows:
        if len(row) > at:
            known = number is not None and len(row) > number
            yield row[at].strip(), row[number].strip() if known and number is not None else ""


def _ofac(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """SDN.CSV has the name second, ALT.CSV fourth; both begin with the party's number."""
    for row in rows:
        at = {_SDN_COLUMNS: 1, _ALT_COLUMNS: 3}.get(len(row))
        if at is not None and row[0].strip().isdigit() and row[at].strip() != _NOTHING:
            yield row[at].strip(), row[0].strip()


def _un(text: str) -> Iterator[tuple[str, str]]:
    try:
        root = ET.fromstring(text)  # noqa: S314 - expat 2.4.1 and newer bound entities
    except ET.ParseError as exc:
        raise _refused(text) from exc
    for party in root.iter():
        if party.tag in {"INDIVIDUAL", "ENTITY"}:
            number = _said(party, "REFERENCE_NUMBER")
            yield " ".join(filter(None, (_said(party, one) for one in _UN_NAMES))), number
            for alias in (one for kind in _UN_ALIASES for one in party.iter(kind)):
                yield _said(alias, "ALIAS_NAME"), number


def _said(element: ET.Element, name: str) -> str:
    return " ".join((element.findtext(name) or "").split())
