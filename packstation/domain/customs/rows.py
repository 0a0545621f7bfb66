"""Rows of a pack's tables: in their shape, those of today, and whether one is for an order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec
from msgspec import Struct

from packstation.domain.customs.borders import holding
from packstation.domain.customs.case import Case, Raw, at_path
from packstation.domain.customs.facts import fact
from packstation.domain.errors import InputInvalid
from packstation.first_use import shaped

Row = TypeVar("Row", bound=Struct)


def held(case: Case, table: str) -> Iterator[Raw]:
    """Rows of a table that hold today, the first and last day included."""
    return holding(case.pack.tables, table, case.today)


def goes_to(case: Case, places: Sequence[str]) -> bool:
    """Whether the destination is one of these countries or in one of these groups; none: all."""
    if not places:
        return True
    country = str(at_path(case.raw, "ship_to.country"))
    return country in places or any(
        group in places for group in fact(case, case.order, "dest_groups")
    )


def rows_of(table: Sequence[Raw], shape: type[Row]) -> tuple[Row, ...]:
    """A table's rows in their shape.

    Raises:
        InputInvalid: a row of another shape, named.
    """
    try:
        return tuple(shaped(row, shape) for row in table)
    except msgspec.ValidationError as exc:
        raise InputInvalid(path=shape.__name__, value=str(exc), allowed="rows") from exc
