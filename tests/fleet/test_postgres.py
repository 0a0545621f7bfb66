"""A cluster of our own is started, killed, started again and taken away."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from packstation.domain.errors import StorageError
from packstation.fleet import postgres
from packstation.fleet.postgres import OwnCluster, clear


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


def test_a_cluster_whose_maker_was_killed_is_taken_down_by_the_next(own: OwnCluster) -> None:
    folder = Path(tempfile.mkdtemp(prefix="packstation-postgres-"))
    script = (
        "import os, sys; from pathlib import Path\n"
        "from packstation.fleet.postgres import OwnCluster\n"
        "print(OwnCluster(Path(sys.argv[1])).create().start().pid, flush=True)\n"
        "os._exit(9)\n"
    )
    made = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=False
    )
    pid = int(made.stdout)
    assert clear([own.folder]) == []  # its maker lives: this process
    assert clear([folder, folder / "none"]) == [folder]
    assert not folder.exists()
    until = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()
    assert own.do(sql.SQL("SELECT 1")) == [(1,)]


def test_a_machine_without_postgresql_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    with pytest.raises(StorageError, match=r"postgres\.missing"):
        postgres.binaries()
