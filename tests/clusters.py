"""PostgreSQL of the tests: one cluster a test process, a database of its own for each test."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from packstation.fleet.postgres import OwnCluster, clear
from packstation.server.store import open_engine

TEMPLATE = "prepared"
PREFIX = "packstation-postgres-"
_ALONE = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_EMPTY = """
    DO $$ DECLARE one text; BEGIN
        FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
            AND tablename <> 'alembic_version' LOOP
            EXECUTE format('DELETE FROM %I', one);
        END LOOP;
    END $$
"""


class Copies:
    """Databases with the server's tables, as a new server has them."""

    def __init__(self, cluster: OwnCluster) -> None:
        self.cluster = cluster
        self._numbers = count(1)
        self._free: list[str] = []
        open_engine(cluster.create_database(TEMPLATE)).dispose()
        with cluster.connect(TEMPLATE) as connection:
            self._meta = connection.execute("SELECT key, value FROM meta").fetchall()

    @contextmanager
    def one(self) -> Iterator[str]:
        """The URL of a database in which nothing stands; used again by later tests.

        Emptied row by row: a new database is hundreds of files, which a busy machine is slow to
        make.
        """
        name = self._free.pop() if self._free else self._new()
        yield self.cluster.url(name)
        with self.cluster.connect(name) as connection:
            connection.execute(_ALONE)
            connection.execute(_EMPTY)
            for row in self._meta:
                connection.execute("INSERT INTO meta (key, value) VALUES (%s, %s)", row)
        self._free.append(name)

    @contextmanager
    def own(self) -> Iterator[str]:
        """As `one`, for a test that changes tables: it is deleted afterwards."""
        name = self._new()
        yield self.cluster.url(name)
        self.cluster.drop_database(name)

    def _new(self) -> str:
        name = f"test_{next(self._numbers)}"
        self.cluster.create_database(name, TEMPLATE)
        return name


@pytest.fixture(scope="session")
def cluster() -> Iterator[OwnCluster]:
    """A cluster that forgets when the machine stops; started at the first need."""
    clear(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
    # Not below pytest's own folders: these are shut to the user that PostgreSQL runs as.
    made = OwnCluster(Path(tempfile.mkdtemp(prefix=PREFIX)))
    made.create().start()
    yield made
    made.remove()


@pytest.fixture(scope="session")
def copies(cluster: OwnCluster) -> Copies:
    return Copies(cluster)
