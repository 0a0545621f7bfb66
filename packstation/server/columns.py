"""Columns of the server's tables, as all of them are written."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, MetaData, Text

METADATA: Final = MetaData()
# Sorted by its bytes everywhere, whatever language a database of PostgreSQL was made for.
TEXT: Final = Text().with_variant(Text(collation="C"), "postgresql")


def text(name: str, *, default: str | None = "", key: bool = False) -> Column[str]:
    """A text; ``default`` None lets it be absent."""
    if key:
        return Column(name, TEXT, primary_key=True)
    return Column(name, TEXT, nullable=default is None, server_default=default)


def number(name: str, *, default: int = 0, key: bool = False) -> Column[int]:
    """A whole number."""
    if key:
        return Column(name, BigInteger, primary_key=True, autoincrement=False)
    return Column(name, BigInteger, nullable=False, server_default=str(default))


def keys(*names: str) -> list[Column[str]]:
    """Texts that the key is made of."""
    return [text(name, key=True) for name in names]
