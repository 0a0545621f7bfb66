"""Words of the catalogue, as views and reports carry them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import Struct

Arg = str | int | Decimal | datetime


class Words(Struct, frozen=True):
    """A message of the catalogue with its arguments; ``n`` picks the plural."""

    key: str
    args: tuple[tuple[str, Arg], ...] = ()
    n: int | None = None


# A row of what is known: its name, and its value as words or as text that has no language.
Fact = tuple[Words, str | Words]
