"""The schema comes version by version, and an older database keeps all that it has."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, inspect, select, text

from packstation.assets import resource
from packstation.domain.errors import StorageError
from packstation.fleet.postgres import OwnCluster
from packstation.server import databases
from packstation.server.migrations.chain import REVISIONS, migrate
from packstation.server.store import Store, meta, open_engine
from packstation.server.tables import META, STATION
from setup.schema import differences
from tests.server.kinds import KINDS


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.sqlite3'}"
        return
    cluster: OwnCluster = request.getfixturevalue("cluster")
    yield cluster.create_database("empty")
    cluster.drop_database("empty")


@pytest.fixture
def bare(empty: str) -> Iterator[Engine]:
    """An engine as the server's, before it has looked at the schema."""
    url = databases.parsed(empty)
    engine = databases.KINDS[url.get_backend_name()].engine(url)
    yield engine
    engine.dispose()


def version(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def test_the_revisions_alone_make_all_tables_that_the_program_knows(bare: Engine) -> None:
    """Where this fails: python -m setup.schema NNNN, and read what it wrote."""
    with bare.begin() as connection:
        migrate(connection)
        missing = [str(vars(one)) for one in differences(connection)]
    assert missing == []
    assert version(bare) == REVISIONS[-1]


def test_a_migration_that_breaks_off_leaves_nothing(bare: Engine) -> None:
    with suppress(ZeroDivisionError), bare.begin() as connection:
        migrate(connection)
        raise ZeroDivisionError
    assert inspect(bare).get_table_names() == []


def test_a_database_of_the_first_releases_keeps_what_it_has(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    old = databases.KINDS["sqlite"].engine(databases.parsed(url))
    with old.begin() as connection:
        for statement in resource("migrations", "0001.sqlite.sql").read_text().split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
        connection.execute(insert(META).values(key="schema", value="1"))
        connection.execute(insert(META).values(key="generation", value="3"))
        connection.execute(insert(STATION).values(site="GZ-1", station="s-1", name="07"))
    old.dispose()
    store = Store(open_engine(url))
    with store.read() as connection:
        assert meta(connection, "generation") == "3"
        assert connection.scalars(select(STATION.c.name)).all() == ["07"]
        # An older program that works beside this one still finds what it looks at.
        assert meta(connection, "schema") == "1"
    assert version(store.engine) == REVISIONS[-1]
    store.close()


def test_a_database_of_a_newer_program_is_refused(empty: str) -> None:
    engine = open_engine(empty)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="newer") as refused:
        open_engine(empty)
    assert refused.value.fields == {"schema": "9999", "known": REVISIONS[-1]}
    engine.dispose()


def test_processes_that_start_at_once_migrate_once(empty: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        engines = list(pool.map(open_engine, [empty] * 4))
    assert {version(engine) for engine in engines} == {REVISIONS[-1]}
    for engine in engines:
        engine.dispose()
