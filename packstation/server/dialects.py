"""Expressions that SQLite and PostgreSQL write differently; queries name them once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Text,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
)

from packstation.server.tables import JOURNAL


def total(numbers: ColumnElement[int]) -> ColumnElement[int]:
    """The sum of whole numbers, whole: PostgreSQL's own would be a decimal."""
    return cast(func.sum(numbers), BigInteger)


def lesser(numbers: ColumnElement[int], other: int) -> ColumnElement[int]:
    """The lesser of two whole numbers: ``min`` on SQLite, ``least`` on PostgreSQL."""
    limit = literal(other, BigInteger)
    return case((numbers < limit, numbers), else_=limit)


def arrival(connection: Connection) -> tuple[ColumnElement[Any], ...]:
    """What to sort the journal by, so that events stand in the order in which they came."""
    if connection.dialect.name == "sqlite":
        return (literal_column("journal.rowid"),)
    # Events of one moment lie in the table as they came: a journal is only ever added to.
    return JOURNAL.c.received, literal_column("journal.ctid")


def json_text(
    connection: Connection, document: ColumnElement[str], path: str
) -> ColumnElement[str]:
    """The text at a path of names ("order.ship_to.country"), "" when it is not there.

    ``path`` is the program's own, never a caller's: it stands in the statement itself, because
    PostgreSQL groups by an expression only where it is the very same.
    """
    nothing: ColumnElement[str] = literal_column("''")
    if connection.dialect.name == "sqlite":
        return func.coalesce(func.json_extract(document, literal_column(f"'$.{path}'")), nothing)
    names: ColumnElement[str] = literal_column("'{" + path.replace(".", ",") + "}'")
    # PostgreSQL reads no JSON that holds a NUL: such a document has no members there.
    odd = func.strpos(document, literal_column("'\\u0000'")) > literal_column("0")
    found: ColumnElement[str] = cast(document, JSON).op("#>>", return_type=Text())(names)
    return func.coalesce(case((odd, null()), else_=found), nothing)
