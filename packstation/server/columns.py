"""Columns of the server's tables, as all of them are written."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, MetaData, Text

METADATA: Final = MetaData()


def text(name: str, *, default: str | None = "", key: bool = False) -> Column[str]:
    """A text; ``default`` None lets it be absent."""
    if key:
        return Column(name, Text, primary_key=True)
    return Column(name, Text, nullable=default is None, server_default=default)


def number(name: str, *, default: int = 0, key: bool = False) -> Column[int]:
    """A whole number."""
    if key:
        return Column(name, Integer, primary_key=True, autoincrement=False)
    return Column(name, Integer, nullable=False, server_default=str(default))


def keys(*names: str) -> list[Column[str]]:
    """Texts that the key is made of."""
    return [text(name, key=True) for name in names]
