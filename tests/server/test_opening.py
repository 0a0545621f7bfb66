"""What is told when a PostgreSQL does not open: in words, and never with a secret."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from packstation.cli import main
from packstation.domain.errors import SettingsError, StorageError
from packstation.fleet.postgres import OwnCluster
from packstation.server import databases
from packstation.server.store import Store, open_engine
from tests.clusters import TEMPLATE, Copies

SECRET = "s3cret-of-nobody"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (lambda own: f"postgresql://me:{SECRET}@127.0.0.1:{own.port}/packs", "password"),
        (lambda own: own.url("no_such_database"), "does not exist"),
        (lambda _: f"postgresql://me:{SECRET}@127.0.0.1:1/packs", "refused"),
        (lambda _: f"postgresql://me:{SECRET}@127.0.0.1:1,127.0.0.1:2/packs", "refused"),
    ],
)
def test_a_database_that_does_not_open_is_told_in_its_words(
    url: Callable[[OwnCluster], str],
    words: str,
    cluster: OwnCluster,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = url(cluster)
    with pytest.raises(SettingsError) as refused:
        open_engine(given)
    assert refused.value.key == "error.server.database.open"
    assert words in str(refused.value.fields["allowed"])
    assert main(["server", "--database", given, "--listen", "127.0.0.1:0"]) != 0
    said = capsys.readouterr()
    assert words in said.err
    assert SECRET not in said.err + said.out + str(refused.value)


@pytest.mark.parametrize("url", ["postgresql://me@host", "postgresql://me@host:x,other/db"])
def test_an_address_without_its_parts_is_no_address(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        databases.parsed(url)
    assert refused.value.key == "error.server.database.url"


def test_several_hosts_are_written_as_libpq_writes_them() -> None:
    url = databases.parsed(
        f"postgresql://me:{SECRET}@one:5432,two:5433/packs?target_session_attrs=read-write"
    )
    assert url.query["host"] == ("one:5432", "two:5433")
    assert url.query["target_session_attrs"] == "read-write"
    assert databases.shown(url) == "one:5432,two:5433/packs"
    assert SECRET not in databases.without_password(f"postgresql://me:{SECRET}@one/packs")
    assert databases.shown(databases.parsed("postgresql://me@one:7/packs")) == "one:7/packs"
    assert databases.shown(databases.parsed("sqlite://")) == ":memory:"


def test_a_database_of_another_encoding_is_refused(cluster: OwnCluster) -> None:
    with cluster.connect() as connection:
        connection.execute("CREATE DATABASE odd TEMPLATE template0 ENCODING 'SQL_ASCII'")
    with pytest.raises(StorageError, match="SQL_ASCII"):
        open_engine(cluster.url("odd"))
    cluster.drop_database("odd")


def test_writers_of_two_processes_wait_for_each_other(copies: Copies) -> None:
    with copies.one() as url:
        one, other = Store(open_engine(url)), Store(open_engine(url))
        free = text(f"SELECT pg_try_advisory_xact_lock({databases.WRITER_LOCK})")
        with one.write(), other.read() as connection:
            assert connection.scalar(free) is False
        with other.read() as connection:
            assert connection.scalar(free) is True
        one.close()
        other.close()
    assert url != TEMPLATE


def test_texts_sort_by_their_bytes_on_any_database(cluster: OwnCluster) -> None:
    engine = open_engine(cluster.create_database("sorted"))
    with engine.begin() as connection:
        for key in ("b", "A", "a", "Ж", "中", "_", "B"):
            connection.execute(
                text("INSERT INTO meta (key, value) VALUES (:key, '')"), {"key": key}
            )
        found = connection.scalars(text("SELECT key FROM meta ORDER BY key")).all()
        column = text(
            "SELECT collation_name FROM information_schema.columns"
            " WHERE table_name = 'meta' AND column_name = 'key'"
        )
        assert connection.scalar(column) == "C"
    assert [key for key in found if len(key) == 1] == ["A", "B", "_", "a", "b", "Ж", "中"]
    engine.dispose()
    cluster.drop_database("sorted")
