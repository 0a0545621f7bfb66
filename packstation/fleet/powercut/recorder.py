"""Files of SQLite that note every write, sync and delete, in order.

A VFS of apsw over the system's own: the station's real code runs through it, with the SQL and the
pragmas of ``packstation.storage``. Two things differ, and both are the connection's alone: apsw's
files have no shared memory, so the lock is exclusive and the index of the log lies in the heap;
and nothing is mapped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

from msgspec import Struct

from packstation.storage.database import PRAGMAS, WRITER_PRAGMAS, Cursor, Raw

EXCLUSIVE: Final = "PRAGMA locking_mode = EXCLUSIVE"
_SYNCHRONOUS: Final = "PRAGMA synchronous = "


class Op(Struct, frozen=True):
    """One call to the disk: ``what`` is open, write, truncate, sync or delete.

    ``at``: byte offset of a write, size of a truncation, 1 for a delete that syncs its folder.
    """

    what: str
    file: str
    at: int = 0
    content: bytes = b""


class Recorded:
    """``storage.database.Raw`` over an apsw connection."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - apsw is a library of the tests
        """Take over ``connection``."""
        self._connection = connection

    @property
    def total_changes(self) -> int:
        """Rows changed since it was opened."""
        return int(self._connection.total_changes())

    def execute(self, sql: str, args: Sequence[object] = (), /) -> Cursor:
        """Run a statement to its first row."""
        return cast("Cursor", self._connection.execute(sql, tuple(args)))

    def executemany(self, sql: str, args: Sequence[Sequence[object]], /) -> Cursor:
        """Run it once for each of ``args``."""
        return cast("Cursor", self._connection.executemany(sql, [tuple(each) for each in args]))

    def close(self) -> None:
        """Close the file; the log goes into it."""
        self._connection.close()


class Recorder:
    """One run's disk: ``ops`` grows while connections of ``connect`` work.

    ``synchronous`` takes the place of the station's own, for a control that must lose.
    """

    def __init__(self, name: str, synchronous: str = "") -> None:
        """Make the VFS ``name``.

        Raises:
            ModuleNotFoundError: apsw is not installed; it comes with the tests.
        """
        self.ops: list[Op] = []
        self._apsw: Any = import_module("apsw")
        self._name = name
        self._vfs = _vfs(self._apsw, name, self.ops.append)
        swap = [_SYNCHRONOUS + synchronous] if synchronous else []
        kept = [p for p in WRITER_PRAGMAS if not (swap and p.startswith(_SYNCHRONOUS))]
        self._pragmas = (EXCLUSIVE, *PRAGMAS, *kept, *swap)

    def connect(self, path: Path, *, read_only: bool = False) -> Raw:
        """As ``storage.database.connect``, through this disk."""
        if read_only:
            raise ValueError("one connection at a time: the lock is exclusive")
        raw = Recorded(self._apsw.Connection(str(path), vfs=self._name))
        for pragma in self._pragmas:
            raw.execute(pragma)
        return raw

    def close(self) -> None:
        """Take the VFS out of SQLite."""
        self._vfs.unregister()


def _vfs(apsw: Any, name: str, note: Callable[[Op], None]) -> Any:  # noqa: ANN401 - as above
    opened = _file_class(apsw, note)

    class Disk(apsw.VFS):  # type: ignore[misc]
        """The system's files with a witness."""

        def __init__(self) -> None:
            super().__init__(name, base="")

        def xOpen(self, path: Any, flags: list[int]) -> Any:  # noqa: ANN401, N802 - apsw's names
            return opened(path, flags)

        def xDelete(self, path: str, sync: bool) -> None:  # noqa: FBT001, N802 - apsw's
            super().xDelete(path, sync)
            note(Op("delete", Path(path).name, int(sync)))

    return Disk()


def _file_class(apsw: Any, note: Callable[[Op], None]) -> Any:  # noqa: ANN401 - as above
    class Noted(apsw.VFSFile):  # type: ignore[misc]
        """One file."""

        def __init__(self, path: Any, flags: list[int]) -> None:  # noqa: ANN401 - as above
            super().__init__("", path, flags)
            named = path.filename() if hasattr(path, "filename") else path
            self._file = Path(named).name if named else ""
            self._note("open")

        def _note(self, what: str, at: int = 0, content: bytes = b"") -> None:
            if self._file:  # what is temporary has no name, and nobody looks for it afterwards
                note(Op(what, self._file, at, content))

        def xWrite(self, content: bytes, offset: int) -> None:  # noqa: N802 - apsw's
            super().xWrite(content, offset)
            self._note("write", offset, bytes(content))

        def xTruncate(self, size: int) -> None:  # noqa: N802 - apsw's
            super().xTruncate(size)
            self._note("truncate", size)

        def xSync(self, flags: int) -> None:  # noqa: N802 - apsw's
            super().xSync(flags)
            self._note("sync")

    return Noted
