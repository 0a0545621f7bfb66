"""What copying and restoring have in common, whatever the database is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from msgspec import Struct
from sqlalchemy import URL, Connection, Engine


class Unkept(Exception):
    """A copy that cannot be made, read or put back; the words say why."""


class Stage(Struct, frozen=True):
    """A copy beside the database that it replaces.

    ``known``: the generation of the database of before. ``put`` puts it in its place and
    answers where the one of before is now, "" where there was none.
    """

    url: URL
    known: int
    put: Callable[[], str]


class Keeper(Struct, frozen=True):
    """How one kind of database is copied, a copy opened, and put back."""

    suffix: str
    copy: Callable[[Engine, Path], dict[str, int]]
    opened: Callable[[Engine, Path], AbstractContextManager[Connection]]
    staged: Callable[[URL, Path], AbstractContextManager[Stage]]
