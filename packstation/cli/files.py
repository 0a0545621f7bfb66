"""Files that a command is given."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from packstation.cli.running import Unreadable

if TYPE_CHECKING:
    from packstation.settings import Settings
    from packstation.station.sync import JournalPlace
    from packstation.storage.journal import SqliteJournalReader


def read(name: str) -> bytes:
    """The bytes of a file; "-" is standard input."""
    try:
        return Path("/dev/stdin" if name == "-" else name).read_bytes()
    except OSError as exc:
        raise Unreadable(f"{name}: {exc.strerror}") from exc


def place_in(reader: SqliteJournalReader, path: Path) -> JournalPlace:
    """Whose journal it is, and how long.

    Raises:
        Unreadable: the file was only imported into; no bench has written in it.
    """
    try:
        return reader.place()
    except KeyError as exc:
        raise Unreadable(f"{path}: no bench has worked with it yet") from exc


@contextmanager
def naming(name: str) -> Iterator[None]:
    """What is refused meanwhile is refused with the file's name."""
    from packstation.domain.errors import InputInvalid

    try:
        yield
    except InputInvalid as exc:
        raise InputInvalid(**{"file": name} | exc.fields) from exc


def folder_at(path: Path) -> Path:
    """The folder, made where it is not there yet."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError as exc:
        raise Unreadable(f"{path}: a folder is wanted") from exc
    except OSError as exc:
        raise Unreadable(f"{path}: {exc.strerror}") from exc
    if not os.access(path, os.W_OK):
        raise Unreadable(f"{path}: nothing can be written there")
    return path


def write(name: str, data: bytes) -> None:
    """Write a file whole, or leave what was there; a device (/dev/stdout) is written to."""
    path = Path(name)
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        write_all({path: data})
    except OSError as exc:
        raise Unreadable(f"{name}: {exc.strerror}") from exc


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write all files whole, or leave all that were there.

    Each is written beside its place under a name that nobody can have put a link at; then all take
    their places, the old ones stepping aside until the last is there.

    Raises:
        OSError: one cannot be written.
    """
    new: dict[Path, Path] = {}
    try:
        for target, data in files.items():
            fresh = _beside(target)
            with fresh.open("xb") as file:  # exclusively: no link is followed
                new[target] = fresh
                file.write(data)
        _placed(new)
    finally:
        for path in new.values():
            path.unlink(missing_ok=True)


def _placed(new: Mapping[Path, Path]) -> None:
    old: dict[Path, Path | None] = {}
    try:
        for target, fresh in new.items():
            aside = _beside(target) if target.is_file() or target.is_symlink() else None
            if aside:
                target.replace(aside)
            old[target] = aside
            fresh.replace(target)
    except OSError:
        for target, aside in old.items():
            if aside:
                aside.replace(target)
            elif not target.is_dir():
                target.unlink(missing_ok=True)
        raise
    for aside in old.values():
        if aside:
            aside.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{token_hex(8)}")


def settings(**given: str | None) -> Settings:
    """The settings of this machine, with what the command line gave of them."""
    from packstation.domain.errors import SettingsError
    from packstation.settings import SettingInvalid, load

    try:
        return load({name: value for name, value in given.items() if value})
    except SettingInvalid as exc:
        raise SettingsError(exc.key, **exc.fields) from exc


def data_folder(given: str | None) -> Path:
    """Where this machine's databases lie: as given, else the setting DATADIR."""
    return settings(DATADIR=given and str(Path(given).absolute())).station.data
