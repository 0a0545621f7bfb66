"""A PostgreSQL cluster of our own: for tests, figures and simulations, never for packing.

`OwnCluster` makes a cluster in a folder, starts it on a Unix socket and a loopback port, and
takes it down again. PostgreSQL refuses to run as root; then it runs as ``postgres``, or as
``nobody`` where that user is not there.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import psycopg
from psycopg import sql

from packstation.domain.errors import StorageError

USER: Final = "packstation"
# Debian keeps the programs out of PATH, one folder a version; the newest comes last.
DEBIAN: Final = Path("/usr/lib/postgresql")
STARTS_WITHIN_S: Final = 30.0
_LOOKS_S: Final = 0.05
_OWNER: Final = "owner"  # the file that names the process which made a cluster
# What a cluster may lose that is thrown away anyhow.
CARELESS: Final[Mapping[str, str]] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def binaries() -> Path:
    """The folder of ``initdb`` and ``postgres``.

    Raises:
        StorageError: PostgreSQL is not installed.
    """
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    versions = sorted(DEBIAN.glob("*/bin"), key=lambda one: float(one.parent.name))
    for folder in (*folders, *reversed(versions)):
        if (folder / "postgres").exists():
            return folder
    raise StorageError("error.server.postgres.missing")


class OwnCluster:
    """One cluster in one folder.

    ``durable``: every commit is on disk before it is answered, as in earnest; else it forgets
    all when the machine stops, and is faster. ``options``: more of ``postgresql.conf``.
    Authentication: by trust through the socket (its folder is the owner's alone), by password
    on the port.
    """

    def __init__(
        self, folder: Path, *, durable: bool = False, options: Mapping[str, str] | None = None
    ) -> None:
        """``folder`` is made if it is not there; every user must be able to pass to it."""
        self.folder = folder
        self.data = folder / "data"
        self.socket = folder / "run"
        self.port = _free_port()
        self.password = secrets.token_urlsafe(12)
        self._options = {**({} if durable else CARELESS), **(options or {})}
        self._bin = binaries()
        self._process: subprocess.Popen[bytes] | None = None

    # --- its life --------------------------------------------------------------------------

    def create(self) -> OwnCluster:
        """``initdb``: a cluster in UTF-8 whose texts sort by their bytes."""
        self._folders()
        (self.folder / _OWNER).write_text(str(os.getpid()))
        secret = self.folder / "password"
        secret.write_text(self.password)
        self._give(secret)
        self.run(
            "initdb",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            f"--username={USER}",
            f"--pwfile={secret}",
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
            "--pgdata",
            str(self.data),
        )
        secret.unlink()
        return self

    def start(self) -> OwnCluster:
        """Start, and return when it takes connections.

        Raises:
            StorageError: it ended at once, or did not come up within 30 s; with its own words.
        """
        given = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.socket),
            "max_connections": "200",
            "shared_buffers": "64MB",
            "timezone": "UTC",
            **self._options,
        }
        options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._bin / "postgres"), "-D", str(self.data), *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **_as_owner(),
            )
        self._wait_for_it(self._process)
        return self

    def stop(self) -> None:
        """End it in good order: connections are cut, everything is on disk."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End it as a power cut would: it gets no time for anything."""
        self._end(signal.SIGKILL)

    def restart(self) -> OwnCluster:
        """Stop and start, at the same port."""
        self.stop()
        return self.start()

    def remove(self) -> None:
        """Stop it and delete its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """The postmaster's process; 0 when it does not run."""
        return self._process.pid if self._process else 0

    # --- its standby -----------------------------------------------------------------------

    def standby(self, folder: Path, name: str = "standby") -> OwnCluster:
        """A second cluster that follows this one, and is followed: a commit waits for it.

        It takes readers; writers after `promote`.
        """
        other = OwnCluster(folder, options=self._options)
        other.password = self.password
        other._folders()
        source = f"host={self.socket} port={self.port} user={USER} application_name={name}"
        target = str(other.data)
        # Its first words are about the checkpoint that it would wait for.
        self.run("pg_basebackup", "-d", source, "-D", target, "-R", "-X", "stream", "-c", "fast")
        other.start()
        self.do(sql.SQL("ALTER SYSTEM SET synchronous_standby_names = {}").format(name))
        self.do(sql.SQL("SELECT pg_reload_conf()"))
        until = time.monotonic() + STARTS_WITHIN_S
        asked = sql.SQL("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'")
        while not self.do(asked):
            if time.monotonic() > until:
                raise StorageError(
                    "error.server.postgres.failed", program="standby", why="it does not follow"
                )
            time.sleep(_LOOKS_S)
        return other

    def promote(self) -> None:
        """From now on it takes writers, and waits for no standby of its own."""
        self.do(sql.SQL("ALTER SYSTEM SET synchronous_standby_names = ''"))
        self.do(sql.SQL("SELECT pg_promote()"))

    # --- its databases ---------------------------------------------------------------------

    def url(self, database: str, *, tcp: bool = False) -> str:
        """The address for ``--database``: through the socket, or the loopback port."""
        if tcp:
            return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"
        return f"postgresql://{USER}@/{database}?host={quote(str(self.socket))}&port={self.port}"

    def create_database(self, name: str, template: str = "template0") -> str:
        """Make a database, empty or a copy of one that nobody is connected to; its URL."""
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.do(make.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Delete a database, whoever is still connected to it."""
        self.do(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def do(
        self, statement: sql.SQL | sql.Composed, database: str = "postgres"
    ) -> list[tuple[Any, ...]]:
        """Run one statement outside of any transaction; its rows."""
        with self.connect(database) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of its owner, each statement a transaction."""
        return psycopg.connect(
            host=str(self.socket), port=self.port, user=USER, dbname=database, autocommit=True
        )

    # --- its programs ----------------------------------------------------------------------

    def run(self, program: str, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        """Run one of PostgreSQL's programs as the cluster's owner; what it printed.

        Raises:
            StorageError: it failed; with its own words.
        """
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [str(self._bin / program), *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C", **(env or {})},
            **_as_owner(),
        )
        if done.returncode:
            raise StorageError(
                "error.server.postgres.failed", program=program, why=done.stderr.strip()
            )
        return done.stdout

    # --- inside ----------------------------------------------------------------------------

    def _folders(self) -> None:
        for folder in (self.folder, self.socket):
            folder.mkdir(parents=True, exist_ok=True)
            self._give(folder)
            folder.chmod(0o700)

    @staticmethod
    def _give(path: Path) -> None:
        owner = _owner()
        if owner is not None:
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def _wait_for_it(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                self.connect().close()
                return
            except psycopg.OperationalError as exc:
                if process.poll() is None and time.monotonic() < until:
                    time.sleep(_LOOKS_S)
                    continue
                said = (self.folder / "log").read_text("utf-8", "replace")[-2000:]
                self.kill()
                raise StorageError(
                    "error.server.postgres.failed", program="postgres", why=said
                ) from exc

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        children = _children(process.pid)
        process.send_signal(how)
        process.wait()
        # A killed postmaster's children end by themselves; only then it can be started again.
        until = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < until and any(_state(pid) for pid in children):
            time.sleep(_LOOKS_S)


def clear(folders: Iterable[Path]) -> list[Path]:
    """Take down clusters whose makers have ended without doing so; those that were."""
    gone = []
    for folder in folders:
        try:
            maker = int((folder / _OWNER).read_text("ascii"))
        except (OSError, ValueError):
            continue
        if _state(maker):
            continue
        with suppress(OSError, ValueError, IndexError):
            pid = int((folder / "data" / "postmaster.pid").read_text("ascii").split()[0])
            if str(folder / "data") in Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace"):
                os.kill(pid, signal.SIGINT)
        shutil.rmtree(folder, ignore_errors=True)
        gone.append(folder)
    return gone


def _children(parent: int) -> list[int]:
    pids = (int(one.name) for one in Path("/proc").glob("[0-9]*"))
    return [pid for pid in pids if _state(pid)[1:] == (str(parent),)]


def _state(pid: int) -> tuple[str, ...]:
    """A process's state and its parent; () when it has ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return ()
    state, parent = stat.rpartition(")")[2].split()[:2]
    return () if state == "Z" else (state, parent)


def _owner() -> pwd.struct_passwd | None:
    """Who runs PostgreSQL where this process is root; None: this process's own user."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _as_owner() -> dict[str, Any]:
    """What ``subprocess`` takes to run something as the owner, in a session of its own.

    The own session keeps an interrupt from the terminal away, so that what started the cluster
    ends it in good order.
    """
    owner = _owner()
    who: dict[str, Any] = {"start_new_session": True, "umask": 0o077}
    if owner is not None:
        who |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    return who


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
