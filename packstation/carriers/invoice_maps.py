"""Maps of carriers' invoices: those that come with the program, and reading one of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from msgspec.structs import replace

from packstation.assets import resource
from packstation.domain.costs.maps import InvoiceMap
from packstation.domain.errors import InputInvalid
from packstation.domain.records import decode_one, read_json

# A plain table with English names, for carriers that have no map of their own.
PLAIN: Final = "plain"


def load_map(data: bytes) -> InvoiceMap:
    """The map of a file's bytes.

    Raises:
        InputInvalid: with the path, the value and what is allowed.
    """
    return decode_one(read_json(data), InvoiceMap)


def built_in(folder: Path | None = None) -> dict[str, InvoiceMap]:
    """The maps that come with the program, by carrier; all are examples."""
    found: dict[str, InvoiceMap] = {}
    for path in sorted((folder or resource("invoices")).glob("*.json")):
        try:
            one = load_map(path.read_bytes())
        except InputInvalid as exc:
            raise InputInvalid(**exc.fields, file=path.name) from exc
        found[one.carrier] = one
    return found


def plain_for(carrier: str) -> InvoiceMap:
    """The plain table as the carrier's."""
    return replace(built_in()[PLAIN], carrier=carrier)
