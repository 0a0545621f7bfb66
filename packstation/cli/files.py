"""Files that a command is given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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
    new = path.with_name(f".{path.name}.new")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        new.write_bytes(data)
        new.replace(path)
    except OSError as exc:
        new.unlink(missing_ok=True)
        raise Unreadable(f"{name}: {exc.strerror}") from exc


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
