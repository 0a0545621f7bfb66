"""Putting an older copy back: verified first, the database of now stepped aside and kept.

The generation is raised above every one that benches can have seen, by which they notice and
tell again what the copy lacks (``restores``).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pysqlite3
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import URL

from packstation.domain.errors import SettingsError, StorageError
from packstation.server import audit, restores
from packstation.server.core import Server
from packstation.server.keeping import backups, copies, days
from packstation.server.keeping.backups import Manifest
from packstation.server.keeping.chains import Finding
from packstation.server.keeping.copies import Unkept
from packstation.server.store import Store, open_engine


class Restored(Struct, frozen=True, kw_only=True):
    """What was put back: ``aside`` is where the database of before lies, "" where none was."""

    file: str
    made: str
    gen: int
    events: int
    streams: int
    aside: str = ""
    findings: tuple[Finding, ...] = ()


def restore(file: Path, database: Path) -> Restored:
    """Put the copy ``file`` in the place of ``database`` (SQLite), which no server has open.

    Raises:
        Unkept: the copy is damaged or not what its manifest says; a server has the database.
    """
    manifest = _manifest(file)
    part = database.with_name(database.name + ".restoring")
    try:
        with _alone(database) as known:
            shutil.copyfile(file, part)
            done = _prepared(file, part, manifest, known)
            copies.synced(part)
        aside = _put(part, database)
    except (OSError, pysqlite3.Error) as exc:
        raise Unkept(f"{database}: {exc}") from exc
    finally:
        part.unlink(missing_ok=True)
    if manifest is not None:
        with suppress(OSError):  # a folder that is only read from
            backups.write_manifest(file, replace(manifest, began=done.gen))
    return replace(done, aside=aside)


def _manifest(file: Path) -> Manifest | None:
    """What lies beside the copy; a bare file has none and is judged by itself.

    Raises:
        Unkept: it is there and does not fit.
    """
    path = backups.manifest_of(file)
    if not file.is_file():
        raise Unkept(f"{file}: no such file")
    if not path.is_file():
        return None
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except msgspec.DecodeError as exc:
        raise Unkept(f"{path}: {exc}") from exc
    if backups.sha256(file) != manifest.sha256:
        raise Unkept(f"{file}: its content is not what its manifest says (sha256)")
    return manifest


@contextmanager
def _alone(database: Path) -> Iterator[int]:
    """Nobody else has it open; all of it is in its one file. Answers its generation."""
    if not database.exists():
        yield 0
        return
    with closing(pysqlite3.connect(str(database), isolation_level=None)) as raw:
        gen = 0
        try:
            raw.execute("PRAGMA busy_timeout = 500")
            raw.execute("PRAGMA journal_mode = DELETE")  # refused while anybody else is there
            gen = _generation(raw)
        except pysqlite3.OperationalError as exc:
            words = "a server has it open: stop it first" if "locked" in str(exc) else str(exc)
            raise Unkept(f"{database}: {words}") from exc
        except pysqlite3.DatabaseError:
            gen = 0  # the damage that the copy is put back for
        yield gen


def _generation(raw: object) -> int:
    found = raw.execute("SELECT value FROM meta WHERE key = 'generation'")  # type: ignore[attr-defined]
    row = found.fetchone()
    return int(row[0]) if row else 0


def _prepared(file: Path, part: Path, manifest: Manifest | None, known: int) -> Restored:
    """The copy brought to this program's tables, looked at, its generation raised."""
    try:
        engine = open_engine(URL.create("sqlite", database=str(part)).render_as_string())
    except (SettingsError, StorageError) as exc:
        why = exc.fields.get("allowed") or exc.key
        raise Unkept(f"{file}: {why}") from exc
    store = Store(engine)
    server = Server(store)
    try:
        with store.read() as connection:
            report = days.verify(connection)
        above = max([known, *_begun(file.parent), manifest.began if manifest else 0])
        gen = restores.begin(server, above)
        made = manifest.made if manifest else ""
        with store.write() as connection:
            caller = audit.at_the_machine()
            audit.note(server, connection, caller, "server.restored", file.name, gen=gen, made=made)
    finally:
        store.close()
    with closing(pysqlite3.connect(str(part))) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
    return Restored(
        file=str(file),
        made=made,
        gen=gen,
        events=report.events,
        streams=report.streams,
        findings=report.findings,
    )


def _begun(folder: Path) -> Iterator[int]:
    """Generations that are known of beside the copy: one that benches saw never comes again."""
    for _, manifest in backups.manifests(folder):
        yield max(manifest.gen, manifest.began)


def _put(part: Path, database: Path) -> str:
    aside = ""
    if database.exists():
        old = database.with_name(f"{database.name}.before-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}")
        database.rename(old)
        aside = str(old)
    part.rename(database)
    copies.synced(database)
    return aside
