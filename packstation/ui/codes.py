"""The bits of command codes, read once; the only codes that a screen may show."""

from __future__ import annotations

import json
from functools import cache

from packstation.assets import resource


@cache
def _table() -> dict[str, tuple[str, ...]]:
    text = resource("icons", "commands.json").read_text("utf-8")
    return {command: tuple(rows) for command, rows in json.loads(text).items()}


def bits(command: str) -> tuple[str, ...]:
    """Rows of "0" and "1" (dark) of a command's Data Matrix; empty where it has no code."""
    return _table().get(command, ())
