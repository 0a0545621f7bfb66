"""Rule packs from a folder: its parts put together into one document.

``head.json`` has version, reviewed_on and source; ``rules/*.json`` lists of rules, in the order of
their ids; ``figures*.json``, ``groups*.json``, ``lists*.json`` the parts of those names, put
together; ``tables/NAME.json`` the rows of a table.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from packstation.domain.customs.pack import Pack
from packstation.domain.errors import InputInvalid


def read_pack(path: Path) -> Pack:
    """The pack of a folder of parts, or of one file.

    Raises:
        InputInvalid: it is no JSON or of another shape; ``path`` names file or field.
    """
    return read_folder(path) if path.is_dir() else pack_of(_json(path))


def read_folder(folder: Path) -> Pack:
    """The pack of a folder.

    Raises:
        InputInvalid: a part is no JSON or of another shape; ``path`` names file or field.
    """
    whole: dict[str, Any] = dict(_json(folder / "head.json"))
    rules = [rule for part in sorted((folder / "rules").glob("*.json")) for rule in _json(part)]
    whole["rules"] = sorted(rules, key=lambda rule: str(rule.get("id")))
    whole["figures"] = [row for part in sorted(folder.glob("figures*.json")) for row in _json(part)]
    for name in ("groups", "lists"):
        parts = [_json(part) for part in sorted(folder.glob(f"{name}*.json"))]
        whole[name] = {key: one for part in parts for key, one in part.items()}
    whole["tables"] = {
        part.stem: _json(part) for part in sorted((folder / "tables").glob("*.json"))
    }
    return pack_of(whole)


def pack_of(whole: object) -> Pack:
    """A pack of its document.

    Raises:
        InputInvalid: with the path of the field.
    """
    try:
        return msgspec.convert(whole, Pack)
    except msgspec.ValidationError as exc:
        raise InputInvalid(path="customs-pack", value=str(exc), allowed="customs-pack/1") from exc


def _json(path: Path) -> Any:  # noqa: ANN401 - a part of any shape
    try:
        return json.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as exc:
        raise InputInvalid(path=path.name, value=str(exc), allowed="JSON") from exc
