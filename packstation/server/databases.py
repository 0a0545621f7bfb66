"""How an engine is opened on each kind of database, and what its transactions begin with.

SQLite through pysqlite3: WAL, every commit on disk, one writer by ``BEGIN IMMEDIATE``.
PostgreSQL through psycopg: one writer by an advisory lock that ends with the transaction, so
that all processes on one database write in turn, as on SQLite; readers see a snapshot.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import pysqlite3
from msgspec import Struct
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import StaticPool

from packstation.domain.errors import SettingsError, StorageError

OLDEST_SQLITE: Final = (3, 51, 3)  # the WAL-reset fix (reference/sync.md section 1)
OLDEST_POSTGRES: Final = 140000  # as ``server_version_num`` counts
WRITES: Final = "packstation_write"  # the execution option of who writes

# The writers' lock: "PACKSTAT" as a number; advisory locks belong to one database.
WRITER_LOCK: Final = 0x5041434B53544154
# Who waits longer than this for its turn gives up; who holds it and does nothing for so long (a
# process that was stopped) loses it with its transaction.
TURN_S: Final = 20
IDLE_S: Final = 15
_TAKE_TURN: Final = (
    f"SELECT set_config('lock_timeout', '{TURN_S}s', true),"
    f" set_config('idle_in_transaction_session_timeout', '{IDLE_S}s', true),"
    f" pg_advisory_xact_lock({WRITER_LOCK})"
)
_HOST: Final = re.compile(r"[^:,\s]+(:[0-9]{1,5})?|\[[0-9a-f:]+\](:[0-9]{1,5})?", re.IGNORECASE)
# A dead host is noticed by the connection itself, not by the patience of who waits for it.
_ALIVE: Final[Mapping[str, Any]] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15000,
    "application_name": "packstation",
    "client_encoding": "utf8",
}


class Kind(Struct, frozen=True):
    """A kind of database: how its engine is made and checked."""

    engine: Callable[[URL], Engine]
    check: Callable[[Connection], None]
    reads: Mapping[str, Any]  # execution options of who only reads


def kind_of(engine: Engine) -> Kind:
    """What kind of database an engine is on."""
    return KINDS[engine.dialect.name]


def parsed(url: str) -> URL:
    """The parts of a database's URL.

    SQLite's file stands after three slashes, never as a host. PostgreSQL may have several
    hosts, as libpq writes them: ``postgresql://user@one:5432,two:5432/name``.

    Raises:
        SettingsError: it is no URL, or one of no database that is known here.
    """
    try:
        found = _of_several(url) if _is_postgres(url) and "," in url else make_url(url)
    except (ArgumentError, ValueError) as exc:
        raise _no_url(url) from exc
    if found.get_backend_name() == "sqlite" and found.host:
        raise _no_url(url)
    if found.get_backend_name() not in KINDS:
        raise StorageError("error.server.database", url=found.render_as_string())
    if found.get_backend_name() == "postgresql":
        if not found.database:
            raise _no_url(url)
        return found.set(drivername="postgresql+psycopg")
    return found


def shown(url: URL) -> str:
    """Where a database is, without who comes in and by what."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    hosts = url.query.get("host", ())
    places = (hosts,) if isinstance(hosts, str) else tuple(hosts)
    if url.host:
        places = (f"{url.host}:{url.port}" if url.port else url.host,)
    return f"{','.join(places)}/{url.database}"


def without_password(url: str) -> str:
    """A database's URL as it may stand in a log."""
    found = parsed(url)
    return found.set(drivername=found.get_backend_name()).render_as_string(hide_password=True)


def said(exc: Exception) -> str:
    """What the database itself said, in one line."""
    words = str(exc.orig if isinstance(exc, DBAPIError) else exc)
    return "; ".join(line.strip() for line in words.splitlines() if line.strip())


def _is_postgres(url: str) -> bool:
    return url.partition(":")[0].partition("+")[0] in {"postgresql", "postgres"}


def _of_several(url: str) -> URL:
    """SQLAlchemy wants each of several hosts as a parameter."""
    parts = urlsplit(url)
    who, at, hosts = parts.netloc.rpartition("@")
    if not all(_HOST.fullmatch(host) for host in hosts.split(",")):
        raise ValueError(hosts)
    plain = make_url(f"postgresql://{who}{at}/{parts.path.lstrip('/')}")
    query: dict[str, Any] = dict(parse_qsl(parts.query))
    return plain.update_query_dict({**query, "host": tuple(hosts.split(","))})


def _no_url(url: str) -> SettingsError:
    where = url.rpartition("@")[2]  # before it stands a password
    return SettingsError(
        "error.server.database.url",
        name="database",
        value=where,
        allowed="sqlite:///FILE, postgresql://USER:PASSWORD@HOST/NAME",
    )


# --- SQLite --------------------------------------------------------------------------------


def _sqlite(url: URL) -> Engine:
    if pysqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StorageError("error.server.sqlite", version=pysqlite3.sqlite_version)
    pool: dict[str, Any] = (
        {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
        if url.database in {None, "", ":memory:"}
        else {"pool_size": 8, "max_overflow": 32}
    )
    engine = create_engine(url, module=pysqlite3, hide_parameters=True, **pool)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin_on_sqlite)
    return engine


def _configure(raw: Any, _record: object) -> None:  # noqa: ANN401 - pysqlite3 has no types
    raw.isolation_level = None  # transactions are begun by _begin_on_sqlite, not by the driver
    cursor = raw.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_on_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


# --- PostgreSQL ----------------------------------------------------------------------------


def _postgres(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=16,
        pool_pre_ping=True,  # a database that was restarted is found again by the next request
        connect_args=dict(_ALIVE),
        hide_parameters=True,  # values are people's: they stand in no log
    )
    event.listen(engine, "begin", _begin_on_postgres)
    return engine


def _begin_on_postgres(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITES, False):
        connection.exec_driver_sql(_TAKE_TURN)


def _check_postgres(connection: Connection) -> None:
    version = int(connection.scalar(text("SHOW server_version_num")) or 0)
    encoding = connection.scalar(text("SHOW server_encoding"))
    if version < OLDEST_POSTGRES:
        raise StorageError("error.server.postgres.old", version=str(version // 10000))
    if encoding != "UTF8":
        raise StorageError("error.server.postgres.encoding", encoding=encoding)


KINDS: Final[Mapping[str, Kind]] = {
    "sqlite": Kind(engine=_sqlite, check=lambda _: None, reads={}),
    "postgresql": Kind(
        engine=_postgres,
        check=_check_postgres,
        reads={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
    ),
}
