"""One writer a database: an exclusive lock on a file beside it.

The lock dies with its process, so a killed station leaves nothing to clean up.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from packstation.domain.errors import StorageError

if sys.platform == "win32":
    import msvcrt

    def _seize(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _seize(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class WriterLock:
    """Holds ``<database>.lock`` until closed."""

    def __init__(self, database: Path) -> None:
        """Take the lock, or refuse.

        Raises:
            StorageError: another process writes this database.
        """
        path = database.with_name(database.name + ".lock")
        self._file = path.open("ab")
        try:
            _seize(self._file)
        except OSError as exc:
            self._file.close()
            raise StorageError("error.storage.locked", path=str(database)) from exc

    def close(self) -> None:
        """Let go; the file stays, since removing it would race with the next writer."""
        self._file.close()


def is_written(database: Path) -> bool:
    """Whether a process holds the database for writing now."""
    if not os.path.lexists(database.with_name(database.name + ".lock")):
        return False
    try:
        WriterLock(database).close()
    except StorageError:
        return True
    return False
