"""A tariff as plain values, and values as cells: what the three kinds of tariff files share.

A cell is its value as it stands in the JSON file. A list stands in one cell, parted by semicolons;
``[]`` is an empty list and ``{}`` an empty object. A text that could be taken for anything else
(blanks around it, a semicolon, a line break, a quotation mark first) is written as a JSON string.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import NODEFAULT, Struct

from packstation.domain.tariffs import Tariff

Raw = dict[str, Any]
EMPTY_LIST: Final = "[]"
EMPTY_OBJECT: Final = "{}"
# Excel reads _x000A_ in a cell as a line break.
_EXCEL: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ODD: Final = re.compile(r"""^["'\s]|\s$|;""")
_QUOTED: Final = re.compile(r'\s*("(?:[^"\\]|\\.)*")\s*(?:;|$)')
_SIMPLE: Final = re.compile(r"([^;]*)(?:;|$)")


def plain(part: Struct) -> Raw:
    """What a part of a tariff says, by the keys of its file; what is as by default is left out."""
    found: Raw = {}
    tag = part.__struct_config__.tag
    if tag is not None:
        found["kind"] = tag
    for field in msgspec.structs.fields(type(part)):
        value = getattr(part, field.name)
        if field.name == "schema" or field.default is NODEFAULT or value != field.default:
            found[field.encode_name] = _value(value)
    return found


def _value(value: object) -> object:
    if isinstance(value, Struct):
        return plain(value)
    if isinstance(value, tuple):
        return [_value(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def written(tariff: Tariff) -> bytes:
    """The JSON file of a tariff; the same tariff is always the same bytes."""
    return (json.dumps(plain(tariff), indent=1, ensure_ascii=False) + "\n").encode()


def flat(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """The cells of a plain value: path and text."""
    if isinstance(value, Mapping) and value:
        for key, one in value.items():
            yield from flat(one, f"{path}.{key}".removeprefix("."))
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for at, one in enumerate(value):
            yield from flat(one, f"{path}[{at}]")
    elif isinstance(value, list):
        yield path, "; ".join(_said(str(one)) for one in value) or EMPTY_LIST
    else:
        yield path, EMPTY_OBJECT if isinstance(value, Mapping) else said(value)


def said(value: object) -> str:
    """A single value as a cell."""
    if isinstance(value, bool):
        return str(value).lower()
    return _said(str(value))


def _said(text: str) -> str:
    plainly = text and text.isprintable() and not _ODD.search(text) and not _EXCEL.search(text)
    if plainly and text not in {EMPTY_LIST, EMPTY_OBJECT}:
        return text
    return _EXCEL.sub(r"\\u005f", json.dumps(text))


def heard(cell: str) -> str:
    """A single text out of a cell."""
    if cell.startswith('"'):
        try:
            text = json.loads(cell)
        except ValueError:
            return cell
        return text if isinstance(text, str) else cell
    return cell


def listed(cell: str) -> list[str]:
    """The texts of a list in one cell."""
    if cell == EMPTY_LIST:
        return []
    found, at = [], 0
    while at < len(cell):
        match = _QUOTED.match(cell, at) or _SIMPLE.match(cell, at)
        assert match is not None  # noqa: S101 - the second takes anything
        found.append(heard(match[1].strip()))
        at = match.end()
    return found


def lists(shapes: Iterable[type[Struct]]) -> frozenset[str]:
    """Names of the fields that hold lists of single values."""
    found = set()
    for shape in shapes:
        info = msgspec.inspect.type_info(shape)
        assert isinstance(info, msgspec.inspect.StructType)  # noqa: S101 - so it was given
        for field in info.fields:
            kinds = field.type.types if isinstance(field.type, msgspec.inspect.UnionType) else ()
            for kind in kinds or (field.type,):
                if isinstance(kind, msgspec.inspect.VarTupleType):
                    inner = kind.item_type
                    if not isinstance(inner, msgspec.inspect.StructType):
                        found.add(field.encode_name)
    return frozenset(found)
