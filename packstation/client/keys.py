"""The station's own Ed25519 key: the one secret of a bench, in its data folder, mode 0600."""

from __future__ import annotations

import base64
import binascii
import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from packstation.domain.errors import StorageError

FILE: Final = "station.key"


class StationKey:
    """Signs requests; its public part is pinned by the server at enrolment."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        """Hold ``private``."""
        self._private = private

    @property
    def public(self) -> str:
        """Base64 of the raw public key, as the wire carries it."""
        return base64.b64encode(self._private.public_key().public_bytes_raw()).decode()

    def sign(self, text: bytes) -> bytes:
        """The 64 bytes of the signature."""
        return self._private.sign(text)


def key_of(folder: Path) -> StationKey:
    """The key in ``folder``, made at the first need.

    Raises:
        StorageError: the file cannot be read, or holds no key.
    """
    path = folder / FILE
    try:
        if not path.exists():
            _make(path)
        _close_to_others(path)
        raw = base64.b64decode(path.read_bytes().strip(), validate=True)
        return StationKey(Ed25519PrivateKey.from_private_bytes(raw))
    except (OSError, ValueError, binascii.Error) as exc:
        raise StorageError("error.storage.key", path=str(path), cause=str(exc)) from exc


def _make(path: Path) -> None:
    """Write a new key so that a kill leaves either none or a whole one, and two makers one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()) + b"\n"
    handle, name = tempfile.mkstemp(".new", path.stem, path.parent)
    torn = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # A key that was shown to a server must stay: whoever is first gives it its name.
        with suppress(FileExistsError):
            path.hardlink_to(torn)
    finally:
        torn.unlink(missing_ok=True)


def _close_to_others(path: Path) -> None:
    """Take away what a copy or a backup may have opened; Windows has ACLs of the folder."""
    if sys.platform != "win32" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        path.chmod(0o600)
