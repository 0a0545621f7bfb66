"""Bringing a database to this program's schema, in the transaction of whoever opens it.

A change of the schema is three releases: *expand* (new tables and columns, which older
processes do not see), *backfill*, and only when no older process runs any more *contract*.
So replicas of two releases work side by side on one database while they are changed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import Final

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script.base import Script
from alembic.script.revision import RevisionMap
from sqlalchemy import Connection, inspect

from packstation.domain.errors import StorageError
from packstation.server.columns import METADATA
from packstation.server.migrations import v0001, v0002, v0003

# Imported as any module, not found in a folder: a frozen program has no such folder.
_MODULES: Final[tuple[ModuleType, ...]] = (v0001, v0002, v0003)
REVISIONS: Final = tuple(str(module.revision) for module in _MODULES)
_MAP: Final = RevisionMap(lambda: [Script(one, one.revision, "") for one in _MODULES])


def migrate(connection: Connection, last: str = REVISIONS[-1]) -> None:
    """Run the revisions that the database lacks, up to ``last``; a new one gets all.

    A database of a release before the first revision has its tables already: that revision makes
    what is not there.

    Raises:
        StorageError: it is of a newer program.
    """

    def steps(heads: Iterable[str], _: MigrationContext) -> list[MigrationStep]:
        return [MigrationStep.upgrade_from_script(_MAP, one) for one in _lacking(heads, last)]

    context = MigrationContext.configure(connection, opts={"fn": steps})
    with Operations.context(context):
        context.run_migrations()


def complete(connection: Connection) -> None:
    """Tables that no revision has yet: of a build between two releases."""
    there = set(inspect(connection).get_table_names())
    METADATA.create_all(
        connection,
        tables=[one for one in METADATA.sorted_tables if one.name not in there],
        checkfirst=False,
    )


def _lacking(heads: Iterable[str], last: str) -> list[Script]:
    """The revisions after the one that a database is at."""
    done = -1
    for head in heads:
        if head not in REVISIONS:
            raise StorageError("error.server.newer", schema=head, known=REVISIONS[-1])
        done = max(done, REVISIONS.index(head))
    names = REVISIONS[done + 1 : REVISIONS.index(last) + 1]
    return [one for one in map(_MAP.get_revision, names) if isinstance(one, Script)]
