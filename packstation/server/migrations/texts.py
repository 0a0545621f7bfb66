"""Statements of a revision: a file for each kind of database, never edited once released."""

from __future__ import annotations

from typing import Final

from alembic import op

from packstation.assets import resource

_END: Final = ";\n"


def run(revision: str) -> None:
    """Run the statements of a revision on the database that is being migrated."""
    connection = op.get_bind()
    file = resource("migrations", f"{revision}.{connection.dialect.name}.sql")
    for statement in file.read_text("utf-8").split(_END):
        if statement.strip():
            connection.exec_driver_sql(statement)
