"""Putting an older copy back: verified first, the database of now stepped aside and kept.

The generation is raised above every one that benches can have seen, by which they notice and
tell again what the copy lacks (``restores``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from packstation.domain.errors import SettingsError, StorageError
from packstation.server import audit, restores
from packstation.server.core import Server
from packstation.server.databases import parsed, said
from packstation.server.keeping import backups, days
from packstation.server.keeping.backups import Manifest
from packstation.server.keeping.chains import Finding
from packstation.server.keeping.copies import KEEPERS
from packstation.server.keeping.stages import Stage, Unkept
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


def restore(file: Path, database: str) -> Restored:
    """Put the copy ``file`` in the place of ``database`` (a URL), which no server has open.

    Raises:
        SettingsError, StorageError: ``database`` is no URL.
        Unkept: the copy is damaged or not what its manifest says; a server has the database.
    """
    url = parsed(database)
    if not url.database or url.database == ":memory:":
        raise Unkept("a database that is kept is wanted: sqlite:///FILE, postgresql://HOST/NAME")
    manifest = _manifest(file)
    keeper = KEEPERS[url.get_backend_name()]
    if file.suffix != keeper.suffix:
        raise Unkept(f"{file}: a copy of another kind of database; {keeper.suffix} is wanted")
    with keeper.staged(url, file) as stage:
        try:
            done = _prepared(file, stage, manifest)
        except (SQLAlchemyError, ValueError) as exc:  # ValueError: a generation that is no number
            raise Unkept(f"{file}: {said(exc)}") from exc
        aside = stage.put()
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


def _prepared(file: Path, stage: Stage, manifest: Manifest | None) -> Restored:
    """The copy brought to this program's tables, looked at, its generation raised."""
    try:
        engine = open_engine(_text(stage.url))
    except (SettingsError, StorageError) as exc:
        raise Unkept(f"{file}: {exc.fields.get('allowed') or exc.key}") from exc
    store = Store(engine)
    server = Server(store)
    made = manifest.made if manifest else ""
    try:
        with store.read() as connection:
            report = days.verify(connection)
        above = max([stage.known, *_begun(file.parent), manifest.began if manifest else 0])
        gen = restores.begin(server, above)
        with store.write() as connection:
            caller = audit.at_the_machine()
            audit.note(server, connection, caller, "server.restored", file.name, gen=gen, made=made)
    finally:
        store.close()
    return Restored(
        file=str(file),
        made=made,
        gen=gen,
        events=report.events,
        streams=report.streams,
        findings=report.findings,
    )


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _begun(folder: Path) -> Iterator[int]:
    """Generations that are known of beside the copy: one that benches saw never comes again."""
    for _, manifest in backups.manifests(folder):
        yield max(manifest.gen, manifest.began)
