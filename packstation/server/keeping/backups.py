"""Copies of the whole database that were opened again and verified before they count.

Only what a verified copy holds is durable: benches may let their own record of it go
(reference/sync.md section 1.1). The vault's key is named in the manifest and never copied: who
gets the copy cannot open the carriers' credentials in it.
"""

from __future__ import annotations

import hashlib
import logging
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from packstation import __version__
from packstation.server.core import Server
from packstation.server.keeping import chains, copies, days, retention
from packstation.server.keeping.days import Head, Report
from packstation.server.keeping.files import synced
from packstation.server.keeping.stages import Unkept
from packstation.server.keeping.tables import BACKUP
from packstation.server.moments import moment, stamp
from packstation.server.store import generation, put_meta
from packstation.server.tables import STREAM
from packstation.server.vault import NAME as VAULT

LOG: Final = logging.getLogger(__name__)
FORMAT: Final = "packstation.backup/1"
STALE: Final = timedelta(hours=36)  # a day's copy that is half a day late
_NAME: Final = "packstation-"
_HALF_MADE_S: Final = 24 * 3600
_TIME: Final = "%Y-%m-%dT%H%M%SZ"


class Manifest(Struct, frozen=True, kw_only=True):
    """What lies beside a copy: ``rows`` by table, where each chain stands, ``problem`` if any.

    ``vault_key``: where the key lay that opens what is sealed in it. ``began``: the highest
    generation that a restore of this copy has begun.
    """

    format: str = FORMAT
    file: str
    made: str
    app: str
    dialect: str
    sha256: str
    size: int
    gen: int
    rows: dict[str, int]
    heads: tuple[Head, ...]
    vault_key: str = ""
    problem: str = ""
    began: int = 0


class Taken(Struct, frozen=True, kw_only=True):
    """A copy that was made; ``near``: on the database's own disk. ``removed``: old ones."""

    file: str
    sha256: str
    size: int
    events: int
    acts: int
    took_ms: int
    near: bool
    problem: str = ""
    removed: tuple[str, ...] = ()


def folder_of(server: Server) -> Path | None:
    """The folder ``backups`` beside the photos, or a database that is a file."""
    if server.evidence is not None:
        return server.evidence.parent / "backups"
    database = server.store.engine.url.database
    if server.store.engine.dialect.name != "sqlite" or not database or database == ":memory:":
        return None
    return Path(database).parent / "backups"


def _key_beside(server: Server) -> str:
    folder = folder_of(server)
    file = folder.parent / VAULT if folder else None
    return str(file.absolute()) if file and file.is_file() else ""


def take(server: Server, folder: Path, vault_key: str = "") -> Taken:
    """Copy, open the copy, verify it, note it, raise what is durable, let old copies go.

    Raises:
        Unkept: no copy could be made; it is noted.
    """
    began = time.monotonic()
    vault_key = vault_key or _key_beside(server)
    at = server.clock.now().astimezone(UTC)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _swept(folder, at)
        manifest, clean, report = _made(server, folder, at, vault_key)
        near = copies.near(server.store.engine, folder)
    except (OSError, Unkept, DBAPIError) as exc:
        _note(server, at, {"problem": str(exc)[:500], "file": str(folder)})
        raise Unkept(str(exc)) from exc
    taken = Taken(
        file=str(folder / manifest.file),
        sha256=manifest.sha256,
        size=manifest.size,
        events=report.events,
        acts=report.acts,
        took_ms=int((time.monotonic() - began) * 1000),
        near=near,
        problem=manifest.problem,
        removed=() if manifest.problem else tuple(_tidied(folder)),
    )
    _noted(server, at, taken, manifest.gen, clean)
    return taken


def _swept(folder: Path, at: datetime) -> None:
    """Copies that a server left half made when it was killed."""
    for part in folder.glob(f"{_NAME}*.part"):
        if at.timestamp() - part.stat().st_mtime > _HALF_MADE_S:
            part.unlink(missing_ok=True)


def _made(
    server: Server, folder: Path, at: datetime, vault_key: str
) -> tuple[Manifest, tuple[Head, ...], Report]:
    """The copy under its name with its manifest, the heads of chains that hold, the report."""
    engine = server.store.engine
    file = folder / f"{_NAME}{at:{_TIME}}{copies.suffix(engine)}"
    part = file.with_name(file.name + ".part")
    try:
        rows = copies.copy(engine, part)
        with copies.opened(engine, part) as connection:
            found = copies.counted(connection)
            report = days.verify(connection)
            gen = generation(connection)
        manifest = Manifest(
            file=file.name,
            made=stamp(at),
            app=__version__,
            dialect=engine.dialect.name,
            sha256=sha256(part),
            size=part.stat().st_size,
            gen=gen,
            rows=rows,
            heads=report.heads,
            vault_key=vault_key,
            problem=_problem(rows, found, report),
        )
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    write_manifest(file, manifest)
    odd = {finding.place for finding in report.findings}
    streams = [head for head in report.heads if head.station]
    clean = tuple(h for h in streams if f"{h.site}/{h.station}/{h.epoch}" not in odd)
    return manifest, clean if rows == found else (), report


def _problem(rows: dict[str, int], found: dict[str, int], report: Report) -> str:
    differ = [name for name in rows if rows[name] != found.get(name)]
    if differ:
        return f"the copy has another number of rows of {', '.join(differ)}"
    if report.findings:
        first = report.findings[0]
        return f"{first.code}: {first.place} at {first.at}: {first.what}"
    return ""


def sha256(file: Path) -> str:
    """Of the whole file."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def write_manifest(file: Path, manifest: Manifest) -> None:
    """Beside the copy, whole or not at all."""
    path = manifest_of(file)
    part = path.with_name(path.name + ".part")
    part.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
    synced(part)
    part.rename(path)


def manifest_of(file: Path) -> Path:
    """Where the manifest of a copy lies."""
    return file.with_name(file.name + ".json")


def manifests(folder: Path) -> list[tuple[Path, Manifest]]:
    """The copies of a folder, oldest first; what is no manifest is none."""
    found = []
    for path in sorted(folder.glob(f"{_NAME}*.json")):
        try:
            manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
        except (OSError, msgspec.DecodeError):
            continue
        if manifest.format == FORMAT and manifest.file + ".json" == path.name:
            found.append((folder / manifest.file, manifest))
    return found


def _tidied(folder: Path) -> list[str]:
    """Let go copies that no rule keeps; of those with a problem only once a good one is newer."""
    here = manifests(folder)
    good = [moment(manifest.made) for _, manifest in here if not manifest.problem]
    held = retention.kept(good)
    gone = []
    for file, manifest in here:
        made = moment(manifest.made)
        if made not in held and made < max(good):
            file.unlink(missing_ok=True)
            manifest_of(file).unlink(missing_ok=True)
            gone.append(file.name)
    return gone


def _note(server: Server, at: datetime, words: dict[str, object]) -> None:
    with server.store.write() as connection:
        _insert(connection, at, words)


def _insert(connection: Connection, at: datetime, words: dict[str, object]) -> None:
    n = (connection.scalar(select(func.max(BACKUP.c.n))) or 0) + 1
    connection.execute(insert(BACKUP).values(n=n, at=stamp(at), **words))


def _noted(server: Server, at: datetime, taken: Taken, gen: int, clean: tuple[Head, ...]) -> None:
    """The copy is known, and what it holds is durable, in one transaction."""
    words: dict[str, object] = {
        "file": taken.file,
        "sha256": taken.sha256,
        "size": taken.size,
        "events": taken.events,
        "acts": taken.acts,
        "took_ms": str(taken.took_ms),
        "near": "yes" if taken.near else "",
        "problem": taken.problem,
        "removed": " ".join(taken.removed),
    }
    with server.store.write() as connection:
        _insert(connection, at, words)
        if not taken.problem:
            put_meta(connection, "backed_up", stamp(at))
        if generation(connection) != gen:
            return  # an older copy was put back meanwhile: this one is of another past
        for head in clean:
            place = chains.Place(head.site, head.station, head.epoch)
            where = (chains.of(STREAM, place), STREAM.c.durable < head.seq, STREAM.c.hw >= head.seq)
            connection.execute(update(STREAM).where(*where).values(durable=head.seq))


def latest(connection: Connection, *, good: bool = True) -> datetime | None:
    """When the last copy was made that was verified; with ``good`` false, or tried."""
    newest = select(BACKUP.c.at).order_by(BACKUP.c.n.desc()).limit(1)
    if good:
        newest = newest.where(BACKUP.c.problem == "")
    found = connection.scalar(newest)
    return moment(found) if found else None
