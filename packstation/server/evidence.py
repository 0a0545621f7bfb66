"""Photos and films of the benches, by their hash, on the server's disk for as long as is asked.

They are too large for the database: a file lies in ``server-evidence/SITE/HA/`` as
``HASH.DAYS.mp4``, HA its first two digits, one on its way in beside it as ``HASH.part``. The folder
says what there is; nothing else counts it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from packstation.server.core import Server
from packstation.server.problems import Problem

SUFFIXES: Final = {"image/jpeg": ".jpg", "video/mp4": ".mp4", "application/json": ".json"}
# Not the name of a bench's folder: both may lie in one data folder.
FOLDER: Final = "server-evidence"
MOST: Final = 512 * 1024**2
# Left free for the database, whatever benches send.
SPARE: Final = 2 * 1024**3
LONGEST_DAYS: Final = 3660
SWEEP_EVERY: Final = timedelta(hours=1)
_SHA256: Final = re.compile("[0-9a-f]{64}")
# Bytes of a folder's name that every file system takes.
LONGEST_NAME: Final = 200
_PART: Final = ".part"


class EvidenceState(Struct, frozen=True):
    """How much of a file the server has; ``whole``: all of it, and its hash is right."""

    have: int = 0
    whole: bool = False


class Piece(Struct, frozen=True):
    """A piece of a file from byte ``at`` on, ``of`` bytes in all, to be kept ``days``."""

    at: int
    of: int
    days: int
    media: str
    content: bytes


def state(server: Server, site: str, sha256: str) -> EvidenceState:
    """Where a bench goes on.

    Raises:
        Problem: 404 this server keeps none; 422 no such hash.
    """
    folder = _folder(server, site, sha256)
    found = path_of(folder, sha256)
    if found is not None:
        return EvidenceState(found.stat().st_size, whole=True)
    part = folder / f"{sha256}{_PART}"
    return EvidenceState(part.stat().st_size if part.exists() else 0)


def put(server: Server, site: str, sha256: str, piece: Piece) -> EvidenceState:
    """Take a piece in; one that does not fit on is left out, and the answer says what does.

    Raises:
        Problem: 404, 413, 415, 422 (another hash: the pieces are thrown away), 503, 507.
    """
    folder = _folder(server, site, sha256)
    suffix = _checked(piece)
    key = f"evidence/{site}/{sha256}"
    if not server.desk.take(key):
        raise Problem(503, "busy", headers={"Retry-After": "2"})
    try:
        return _put(server, site, sha256, piece, folder, suffix)
    finally:
        server.desk.give_back(key)


def _put(
    server: Server, site: str, sha256: str, piece: Piece, folder: Path, suffix: str
) -> EvidenceState:
    now = state(server, site, sha256)
    if now.whole or now.have != piece.at:
        return now
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        for above in folder.parents[:3]:
            _sync(above)
    if shutil.disk_usage(folder).free < SPARE + piece.of:
        raise Problem(507, "disk_full")
    part = folder / f"{sha256}{_PART}"
    with part.open("ab") as file:
        file.write(piece.content)
    have = part.stat().st_size
    if have < piece.of:
        return EvidenceState(have)
    with part.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if have > piece.of or found != sha256:
        part.unlink()
        raise Problem(422, "other_hash")
    # The bench lets its own go once it hears that we have it.
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(folder / f"{sha256}.{piece.days}{suffix}")
    _sync(folder)
    # It looks at every file of all sites: seconds, where there are a hundred thousand.
    if server.desk.due("evidence.sweep", server.clock.now(), SWEEP_EVERY):
        sweep(server)
    return EvidenceState(have, whole=True)


def _sync(folder: Path) -> None:
    """A name given outlives a cut of power; Windows syncs no folders, its NTFS has a log."""
    if os.name != "nt":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _checked(piece: Piece) -> str:
    """The suffix of its kind; raises Problem for what is too large or of no kind."""
    # Nothing after the last byte: all was sent, and a cut of power came before its new name.
    empty = not piece.content and piece.at != piece.of
    if piece.of > MOST or not piece.of > 0 or empty:
        raise Problem(413, "too_large", f"1 to {MOST} bytes")
    if not 1 <= piece.days <= LONGEST_DAYS or piece.at < 0:
        raise Problem(422, "invalid", f"days: 1 to {LONGEST_DAYS}")
    suffix = SUFFIXES.get(piece.media)
    if suffix is None:
        raise Problem(415, "media", ", ".join(SUFFIXES))
    return suffix


def _folder(server: Server, site: str, sha256: str) -> Path:
    if server.evidence is None:
        raise Problem(404, "no_evidence", "this server keeps no photos and films")
    if not _SHA256.fullmatch(sha256):
        raise Problem(422, "invalid", "sha256: 64 lower-case hex digits")
    return server.evidence / _folder_name(site) / sha256[:2]


def _folder_name(site: str) -> str:
    """A site's code in any script as the name of one folder: never a path, never a dot folder."""
    name = quote(site, safe="").replace("~", "%7E")
    name = f"%2E{name[1:]}" if name.startswith(".") else name
    if not 0 < len(name) <= LONGEST_NAME:
        raise Problem(422, "invalid", "site")
    return name


def path_of(folder: Path, sha256: str) -> Path | None:
    """A whole file, None where it is not here (any more)."""
    found = (path for path in folder.glob(f"{sha256}.*") if path.suffix != _PART)
    return next(found, None)


def file_of(server: Server, site: str, sha256: str) -> Path:
    """The whole file.

    Raises:
        Problem: 404, 422.
    """
    found = path_of(_folder(server, site, sha256), sha256)
    if found is None:
        raise Problem(404, "unknown_evidence")
    return found


def sweep(server: Server) -> int:
    """Files whose days are over go, and pieces that nobody sends on; how many went."""
    gone = 0
    for path, days in _files(server):
        over = server.clock.now().timestamp() - timedelta(days=days).total_seconds()
        if path.stat().st_mtime < over:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _files(server: Server) -> Iterator[tuple[Path, int]]:
    for path in sorted(server.evidence.glob("*/*/*")) if server.evidence else ():
        days = path.name.split(".")[1] if path.name.count(".") == 2 else ""
        if path.suffix == _PART:
            yield path, 7
        elif days.isdecimal():
            yield path, int(days)
