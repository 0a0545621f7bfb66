"""A cluster of our own is started, killed, started again and taken away."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from packstation.domain.errors import StorageError
from packstation.fleet import postgres
from packstation.fleet.postgres import OwnCluster


@pytest.fixture(scope="module")
def own() -> Iterator[OwnCluster]:
    """Not the one of all tests: this one is killed."""
    made = OwnCluster(Path(tempfile.mkdtemp(prefix="packstation-postgres-")), durable=True)
    made.create().start()
    yield made
    made.remove()


def test_what_was_committed_is_there_after_a_kill(own: OwnCluster) -> None:
    with psycopg.connect(own.create_database("kept"), autocommit=True) as connection:
        connection.execute("CREATE TABLE fact (n int)")
        connection.execute("INSERT INTO fact VALUES (7)")
    own.kill()
    assert own.pid == 0
    own.start()
    assert own.do(sql.SQL("SELECT n FROM fact"), "kept") == [(7,)]
    port = own.port
    assert own.restart().port == port
    own.create_database("copy", "kept")
    assert own.do(sql.SQL("SELECT n FROM fact"), "copy") == [(7,)]
    own.drop_database("copy")
    own.drop_database("copy")  # twice is no mistake


def test_the_port_wants_the_password_and_the_socket_does_not(own: OwnCluster) -> None:
    psycopg.connect(own.url("postgres")).close()
    psycopg.connect(own.url("postgres", tcp=True)).close()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(own.url("postgres", tcp=True).replace(own.password, "wrong"))


def test_a_program_that_fails_says_why_in_its_own_words(own: OwnCluster) -> None:
    with pytest.raises(StorageError, match="no-such-option"):
        own.run("pg_dump", "--no-such-option")
    with pytest.raises(StorageError, match="nonsense"):
        OwnCluster(own.folder, options={"nonsense": "1"}).start()


def test_a_machine_without_postgresql_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    with pytest.raises(StorageError, match=r"postgres\.missing"):
        postgres.binaries()
