"""Imported lists of restricted parties, one file a list in a folder beside the databases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from packstation.domain.customs.parties import PartyIndex
from packstation.domain.customs.reference import Party
from packstation.domain.errors import InputInvalid, StorageError
from packstation.first_use import met

# Below the data folder.
FOLDER: Final = "parties"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


class Kept(Struct, frozen=True, kw_only=True):
    """A list as it is kept: who, and the day it was taken in."""

    name: str
    on: date
    parties: tuple[Party, ...]


def keep(data: Path, kept: Kept) -> None:
    """Put a list in place of the one of its name, whole or not at all.

    Raises:
        InputInvalid: a name that is no file's.
        StorageError: it cannot be written.
    """
    if _NAME.fullmatch(kept.name) is None:
        raise InputInvalid(path="list", value=kept.name, allowed="letters, digits, - and _")
    path = data / FOLDER / f"{kept.name}.json"
    new = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(msgspec.json.encode(kept))
        new.replace(path)
    except OSError as exc:
        raise StorageError(cause=str(exc.strerror)) from exc


def kept_lists(data: Path) -> tuple[Kept, ...]:
    """All lists that were imported, by name.

    Raises:
        StorageError: one that is there cannot be read: screening without it would let pass.
    """
    try:
        files = sorted((data / FOLDER).glob("*.json"))
        return tuple(msgspec.json.decode(one.read_bytes(), type=met(Kept)) for one in files)
    except (OSError, msgspec.DecodeError) as exc:
        raise StorageError(cause=f"{FOLDER}: {exc}") from exc


def index_of(lists: Sequence[Kept]) -> PartyIndex:
    """The index of these lists."""
    return PartyIndex(party for kept in lists for party in kept.parties)
