"""An order from bytes, leniently: only what is no JSON at all, or of another schema, is refused.

Numbers of thousands of digits and lists in lists without end are JSON too; the rules find them.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final

from packstation.domain.customs.taming import CUT
from packstation.domain.errors import InputInvalid

SCHEMA: Final = "packstation.order/1"
# Python refuses to read longer ones (sys.set_int_max_str_digits).
_DIGITS: Final = 40
_DEEP: Final = 100
_SHOWN: Final = 80


def read_order(data: bytes) -> dict[str, Any]:
    """The order/1 document of a file as JSON values, decimals exact.

    Raises:
        InputInvalid: ``path`` is "file" (no UTF-8, no JSON) or "schema".
    """
    if not data.strip():
        raise InputInvalid(path="file", value="it is empty", allowed="JSON")
    try:
        raw = _parsed(data.decode("utf-8-sig"))
    except UnicodeDecodeError as exc:
        where = f"no UTF-8 at byte {exc.start}"
        raise InputInvalid(path="file", value=where, allowed="UTF-8") from exc
    except ValueError as exc:
        raise InputInvalid(path="file", value=str(exc)[:_SHOWN], allowed="JSON") from exc
    if not isinstance(raw, dict):
        raise InputInvalid(path="file", value=_kind(raw), allowed=f"one JSON object ({SCHEMA})")
    if (schema := raw.get("schema", SCHEMA)) != SCHEMA:
        raise InputInvalid(path="schema", value=str(schema)[:_SHOWN], allowed=SCHEMA)
    return raw


def _kind(raw: object) -> str:
    """What a file holds in place of an object."""
    if isinstance(raw, list):
        return "an array"
    if isinstance(raw, str):
        return "a text"
    return "a number" if type(raw) in {int, Decimal} else "true, false or null"


def _parsed(text: str) -> object:
    try:
        return _loaded(text)
    except RecursionError:
        return _loaded(shallow(text))


def _loaded(text: str) -> object:
    return json.loads(text, parse_float=Decimal, parse_int=_whole, parse_constant=_no_number)


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) <= _DIGITS else Decimal(text)


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON number")


def shallow(text: str) -> str:
    """JSON text whose arrays and objects deeper than 100 levels are the text "…"."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for sign in text:
        if quoted:
            quoted, escaped = escaped or sign != '"', not escaped and sign == "\\"
        elif sign == '"':
            quoted = True
        elif sign in "[{":
            depth += 1
            if depth == _DEEP:
                kept.append(f'"{CUT}"')
        elif sign in "]}":
            depth -= 1
            if depth == _DEEP - 1:
                continue
        if depth < _DEEP:
            kept.append(sign)
    return "".join(kept)
