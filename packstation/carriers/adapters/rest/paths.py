"""Where something stands in an answer: ``data.labels[0].content``; what is not there is None."""

from __future__ import annotations

import re
from typing import Any, Final

from packstation.carriers.adapters.rest.shapes import When

_STEP: Final = re.compile(r"([^.\[\]]+)|\[([0-9]{1,4})\]")
PATH: Final = re.compile(r"([^.\[\]\s]+|\[[0-9]{1,4}\])(\.[^.\[\]\s]+|\[[0-9]{1,4}\])*")


def at(document: object, path: str) -> Any:  # noqa: ANN401 - JSON
    """The value at ``path``; the document itself for ""; None where there is none."""
    value = document
    for name, index in _STEP.findall(path):
        if index:
            value = value[int(index)] if _has(value, int(index)) else None  # type: ignore[index]
        else:
            value = value.get(name) if isinstance(value, dict) else None
        if value is None:
            return None
    return value


def _has(value: object, index: int) -> bool:
    return isinstance(value, list) and index < len(value)


def text(document: object, path: str) -> str:
    """A string or number at ``path`` as text; "" for all else."""
    value = at(document, path) if path else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def holds(when: When | None, status: int, document: object) -> bool:
    """Whether a condition is met by an answer; None is met by none."""
    if when is None or (when.status and status not in when.status):
        return False
    if when.absent:
        return at(document, when.path) in (None, "", [], {})
    if when.present:
        return at(document, when.path) not in (None, "", [], {})
    if when.values:
        value = at(document, when.path)
        return _plain(value) in when.values
    return bool(when.status)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else ""
