"""``code`` and ``schema``."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from importlib import import_module
from typing import Any, Final

from packstation.cli.running import DONE, REFUSED, Out, Unreadable


def code(args: Namespace, out: Out) -> int:
    """What a scanned text means."""
    from packstation.domain.barcodes import Unknown, parse_code

    if args.aim and not _AIM.fullmatch(args.aim):
        raise Unreadable(f"--aim {args.aim}: no AIM identifier, as ]C1 or ]d2 is")
    found = parse_code(args.text, args.aim)
    document = found.to_json()
    parts = [f"{key} {_plain(value)}" for key, value in document.items() if key not in _SILENT]
    out.show(document, f"{document['kind']}: {', '.join(parts)}")
    return REFUSED if isinstance(found, Unknown) else DONE


_AIM: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_SILENT: Final = frozenset({"kind", "valid"})
_SHAPES: Final = {
    "order": ("orders", "Order"),
    "catalog": ("catalog", "Catalog"),
    "cartons": ("parcels", "Cartons"),
    "tariff": ("tariffs", "Tariff"),
    "shipment": ("shipments", "Shipment"),
    "items": ("items", "Items"),
    "people": ("people", "People"),
    "packing-rules": ("packing_rules", "PackingRules"),
    "templates": ("templates", "Templates"),
    "itmatt": ("customs.exports", "Itmatt"),
    "h7": ("customs.exports", "H7"),
    "cn-9610": ("customs.exports_cn", "List9610"),
    "cn-declaration": ("customs.exports_cn", "Declarations"),
    "customs-pack": ("customs.pack", "Pack"),
    "choice": ("choice.rules", "ChoiceRules"),
    "lanes": ("choice.lanes", "Lanes"),
    "calendars": ("choice.calendars", "Calendars"),
    "carrier-invoice": ("costs.maps", "InvoiceMap"),
    "carrier": (".carriers.adapters.rest.shapes", "Description"),
}


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"({ai}) {text}" for ai, text in value.items())
    return str(value)


def schema(args: Namespace, out: Out) -> int:
    """The JSON Schema of a document (draft 2020-12)."""
    document = schema_of(args.name)
    out.show(document, json.dumps(document, ensure_ascii=False, indent=2))
    return DONE


def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema of a document, generated from its model."""
    import msgspec

    module, shape = _SHAPES[name]
    place = f"packstation{module}" if module.startswith(".") else f"packstation.domain.{module}"
    made = msgspec.json.schema(getattr(import_module(place), shape))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:packstation:schema:{name}:1",
        "title": f"packstation.{name}/1",
        **made,
    }
