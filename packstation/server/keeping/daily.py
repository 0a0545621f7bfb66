"""The day's work by itself: sign the day, take a verified copy, let old ones go; its age is shown.

Of several processes on one database one does it: who notes first that it has begun.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from packstation.server.core import Server
from packstation.server.floor_view import Need
from packstation.server.keeping import backups, days
from packstation.server.keeping.files import synced
from packstation.server.keeping.stages import Unkept
from packstation.server.moments import moment, stamp
from packstation.server.store import meta, put_meta

LOG: Final = logging.getLogger(__name__)
NAME: Final = "packstation-keeping"
EVERY: Final = timedelta(days=1)
AGAIN: Final = timedelta(hours=1)  # after one that failed
BUSY: Final = timedelta(hours=6)  # a process that began and is not heard of since
GRAVE: Final = timedelta(days=3)
LOOKS_S: Final = 60
_NONE: Final = "none"
_FOLDER, _SINCE, _BEGAN = "backups", "backups_since", "backups_began"


def folder_of(server: Server, named: str) -> Path | None:
    """``named``, else ``backups`` beside the database; None where none are wanted."""
    if named == _NONE:
        return None
    return Path(named) if named else backups.folder_of(server)


def begin(server: Server, folder: Path | None, vault_key: str = "") -> threading.Thread | None:
    """Work in a thread of its own until the server goes down; None where there is no folder."""
    now = server.clock.now()
    name = "" if folder is None else str(folder)
    with server.store.write() as connection:
        if meta(connection, _FOLDER) != name:
            put_meta(connection, _FOLDER, name)
            put_meta(connection, _SINCE, stamp(now))
    if folder is None:
        return None
    if why := ready(folder):
        LOG.error("no copy of the database can be made: %s", why)
    thread = threading.Thread(target=_run, args=(server, folder, vault_key), name=NAME, daemon=True)
    thread.start()
    return thread


def _run(server: Server, folder: Path, vault_key: str) -> None:
    pause, looks_in = threading.Event(), 0
    while not server.bell.closed:
        if looks_in == 0:
            _tried(server, folder, vault_key)
            looks_in = LOOKS_S
        pause.wait(1.0)
        looks_in -= 1


def _tried(server: Server, folder: Path, vault_key: str) -> None:
    try:
        work(server, folder, vault_key)
    except Exception:  # a thread of its own: nobody else would hear of it
        if not server.bell.closed:
            LOG.exception(NAME)


def work(server: Server, folder: Path, vault_key: str = "") -> backups.Taken | None:
    """Do what is due; the copy that was made, None where none was due or none could be made."""
    if not _taken(server):
        return None
    try:
        days.sign_day(server)
        taken = backups.take(server, folder, vault_key)
    except (Unkept, SQLAlchemyError) as exc:
        LOG.error("no copy of the database: %s", exc)  # noqa: TRY400 - the words say it all
        return None
    finally:
        with server.store.write() as connection:
            put_meta(connection, _BEGAN, "")
    if taken.problem:
        LOG.error("the copy %s is not good: %s", taken.file, taken.problem)
    elif taken.near:
        LOG.warning("%s lies on the database's own disk: name a folder elsewhere", taken.file)
    else:
        LOG.info("verified copy %s: %d facts", taken.file, taken.events)
    return taken


def _taken(server: Server) -> bool:
    """Whether a copy is due and this process is the one that makes it."""
    now = server.clock.now()
    with server.store.read() as connection:
        if not _due(connection, now):
            return False
    with server.store.write() as connection:
        if not _due(connection, now):
            return False
        put_meta(connection, _BEGAN, stamp(now))
    return True


def _due(connection: Connection, now: datetime) -> bool:
    began = meta(connection, _BEGAN)
    if began and abs(now - moment(began)) < BUSY:
        return False
    good, tried = backups.latest(connection), backups.latest(connection, good=False)
    if tried is not None and tried != good and timedelta(0) <= now - tried < AGAIN:
        return False
    return good is None or not timedelta(0) <= now - good < EVERY


def age(connection: Connection, now: datetime) -> timedelta | None:
    """Since when no verified copy was made, or since copies are wanted; None where they are not."""
    if not meta(connection, _FOLDER):
        return None
    since = backups.latest(connection) or moment(meta(connection, _SINCE))
    return max(timedelta(0), now - since)


def needs(connection: Connection, now: datetime) -> Iterable[Need]:
    """What the floor is told: a copy that is half a day late, gravely after three."""
    old = age(connection, now)
    if old is None or old < backups.STALE:
        return
    level = "stop" if old > GRAVE else "warn"
    yield Need(kind="backup", level=level, since=now - old)


def ready(folder: Path) -> str:
    """Why nothing can be written there; "" where it can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".packstation-probe"
        probe.write_bytes(b"")
        synced(probe)
        probe.unlink()
    except OSError as exc:
        return f"{folder}: {exc.strerror}"
    return ""
