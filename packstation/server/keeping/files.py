"""Files that are really on the disk."""

from __future__ import annotations

import os
from pathlib import Path


def synced(file: Path) -> None:
    """The file and its name are on the disk."""
    for path in (file, file.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError:
            if path is file:  # a folder that cannot be synced (some network disks) is no fault
                raise
        finally:
            os.close(handle)
