"""Writes resources/migrations/NNNN.*.sql: what the tables of the program have more than before.

``python -m setup.schema 0002`` compares the tables as they are declared with what the revisions
before 0002 make, on both kinds of database, and writes the difference for each of them. Run it
before a release, read what it wrote, add by hand what it cannot know (a backfill). A revision
that was released is never written again.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from alembic.autogenerate import produce_migrations
from alembic.operations import MigrateOperation, Operations
from alembic.operations.ops import (
    CreateIndexOp,
    CreateTableOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
    DropTableOp,
    ModifyTableOps,
)
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine

from packstation.fleet.postgres import OwnCluster
from packstation.server import app as _app  # noqa: F401 - whatever declares tables is imported
from packstation.server import databases
from packstation.server.columns import METADATA
from packstation.server.migrations.chain import REVISIONS, migrate

FOLDER: Final = Path(__file__).resolve().parent.parent / "resources" / "migrations"
# Nothing is taken away by itself: what only one of the databases has is written by hand.
_LESS: Final = (DropColumnOp, DropConstraintOp, DropIndexOp, DropTableOp)


def differences(connection: Connection) -> Iterator[MigrateOperation]:
    """What a database lacks of the tables that are declared."""
    context = MigrationContext.configure(
        connection,
        opts={
            # SQLite keeps whole numbers of all widths alike.
            "compare_type": connection.dialect.name != "sqlite",
            "include_name": lambda name, kind, _: kind != "table" or name in METADATA.tables,
        },
    )
    found = produce_migrations(context, METADATA).upgrade_ops
    return _flat(found.ops if found else ())


def _flat(found: Iterable[MigrateOperation]) -> Iterator[MigrateOperation]:
    for one in found:
        if isinstance(one, ModifyTableOps):
            yield from _flat(one.ops)
        elif not isinstance(one, _LESS):
            yield one


def statements(connection: Connection) -> str:
    """SQL that makes up for the differences."""
    out = io.StringIO()
    opts = {"as_sql": True, "output_buffer": out}
    context = MigrationContext.configure(dialect=connection.dialect, opts=opts)
    operations = Operations(context)
    for one in differences(connection):
        if isinstance(one, CreateTableOp | CreateIndexOp):
            one.if_not_exists = True  # a build between two releases may have made it
        operations.invoke(one)
    return "\n".join(line.rstrip() for line in out.getvalue().replace("\t", "    ").splitlines())


def _written(url: str, revision: str) -> None:
    engine = create_engine(databases.parsed(url))
    with engine.begin() as connection:
        before = REVISIONS.index(revision)
        if before:
            migrate(connection, REVISIONS[before - 1])
        text = statements(connection)
    engine.dispose()
    kind = engine.dialect.name
    (FOLDER / f"{revision}.{kind}.sql").write_text(text.strip() + "\n", "utf-8")


def main(revision: str) -> None:
    """Write the files of one revision."""
    _written("sqlite://", revision)
    with tempfile.TemporaryDirectory(prefix="packstation-postgres-") as folder:
        cluster = OwnCluster(Path(folder)).create().start()
        try:
            _written(cluster.create_database("schema"), revision)
        finally:
            cluster.stop()


if __name__ == "__main__":
    main(sys.argv[1])
