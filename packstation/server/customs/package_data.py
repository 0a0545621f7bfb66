"""Data sets of an order for customs: ITMATT, H7, the 9610 list, the draft of a 报关单.

Which of them an order wants are rows; what a set lacks is named by field, and it is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from packstation.customs.list_9610 import csv_9610
from packstation.domain.customs.case import Case
from packstation.domain.customs.exports import H7, UNJUDGED, Itmatt, Lack, h7, itmatt
from packstation.domain.customs.exports_cn import (
    MODE,
    Declarations,
    List9610,
    declaration,
    entry_9610,
)
from packstation.domain.customs.facts import fact
from packstation.domain.customs.wanted import form_of
from packstation.domain.labels import ParcelPapers
from packstation.i18n import LANGUAGES
from packstation.server.words import catalogue

Parcels = Sequence[ParcelPapers]
Found = tuple[list[Any], tuple[Lack, ...]]
# A spreadsheet reads Chinese only behind this mark.
_CSV: Final = "utf-8-sig"


class DataSet(Struct, frozen=True):
    """``wanted`` of an order; ``made`` gives what there is and what lacks; ``files`` of it."""

    kind: str
    wanted: Callable[[Case], bool]
    made: Callable[[Parcels, Case], Found]
    files: Callable[[tuple[Any, ...], str], Iterator[tuple[str, bytes]]]


def data_sets(
    case: Case, parcels: Parcels, at: str
) -> Iterator[tuple[str, list[tuple[str, bytes]], tuple[Lack, ...]]]:
    """Kind, files and lacks of each set that the order wants; ``at``: when it is prepared."""
    for row in ROWS:
        if row.wanted(case):
            made, lacks = row.made(parcels, case)
            yield row.kind, list(row.files(tuple(made), at)) if made else [], lacks


def said(lack: Lack) -> dict[str, str]:
    """What is wrong with a field, by language."""
    words = {"value": lack.value or "-", "allowed": lack.allowed or "-"}
    key = f"customs.lack.{lack.why}"
    return {language: catalogue(language).say(key, **words) for language in LANGUAGES}


def _postal(case: Case) -> bool:
    return form_of(case) is not None


def _low_value(case: Case) -> bool:
    """Into the EU as a low value, or where only a rate lacks to say so: then that is named."""
    regime = fact(case, case.order, "regime")
    rows = case.pack.tables.get("h7", ())
    return regime in UNJUDGED or any(row["regime"] == regime for row in rows)


def _is_9610(case: Case) -> bool:
    return case.raw.get("cn_export_mode") == MODE


def _from_china(case: Case) -> bool:
    return _country(case, "ship_from") == "CN" and bool(case.raw.get("cn_export_mode"))


def _country(case: Case, side: str) -> str:
    return str((case.raw.get(side) or {}).get("country") or "")


def _split(found: Sequence[Any]) -> Found:
    """What was made, and what lacks of the others."""
    lacks = tuple(lack for one in found if isinstance(one, tuple) for lack in one)
    return [one for one in found if not isinstance(one, tuple)], lacks


def _itmatt(parcels: Parcels, case: Case) -> Found:
    return _split([itmatt(one, case) for one in parcels])


def _h7(parcels: Parcels, case: Case) -> Found:
    return _split([h7(one, case) for one in parcels])


def _9610(parcels: Parcels, _: Case) -> Found:
    return _split([entry_9610(one) for one in parcels])


def _declaration(parcels: Parcels, case: Case) -> Found:
    return _split([declaration(parcels, case.pack.tables.get("cn_elements", ()))])


def _itmatt_files(made: tuple[Any, ...], at: str) -> Iterator[tuple[str, bytes]]:
    yield "itmatt.json", _json(Itmatt(prepared_at=at, items=made))


def _h7_files(made: tuple[Any, ...], at: str) -> Iterator[tuple[str, bytes]]:
    yield "h7.json", _json(H7(prepared_at=at, consignments=made))


def _9610_files(made: tuple[Any, ...], at: str) -> Iterator[tuple[str, bytes]]:
    listed = List9610(prepared_at=at, entries=made)
    yield "9610.json", _json(listed)
    yield "9610.csv", csv_9610(listed).encode(_CSV)


def _declaration_files(made: tuple[Any, ...], at: str) -> Iterator[tuple[str, bytes]]:
    yield "cn-declaration.json", _json(Declarations(prepared_at=at, declarations=made))


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1)


ROWS: Final = (
    DataSet("itmatt", _postal, _itmatt, _itmatt_files),
    DataSet("h7", _low_value, _h7, _h7_files),
    DataSet("cn-9610", _is_9610, _9610, _9610_files),
    DataSet("cn-declaration", _from_china, _declaration, _declaration_files),
)
