"""Disk, database, clock, ports, printers and fonts of this machine."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from packstation.doctor.findings import Finding, State
from packstation.doctor.rights import why_denied
from packstation.domain.errors import StorageError

WRITES: Final = 25
BLOCK: Final = 4096
# A scan's commit is targeted at 5 ms and may take a frame of 16.7 ms (ARCHITECTURE "Threads").
SLOW_MS: Final = 16.7
SPACE_MB: Final = 1024
# Nothing of this program is older; a clock before it has lost its battery.
_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
_FONTS: Final = ("NotoSans-400.ttf", "NotoSans-700.ttf", "NotoSansSC-400.ttf")
_MB: Final = 1024 * 1024


def disk(folder: Path) -> Iterator[Finding]:
    """How long a durable write of 4 KiB takes where the journal lies, and the space left."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        times = sorted(_durable_writes(folder))
        free = shutil.disk_usage(folder).free // _MB
    except OSError as exc:
        why = exc.strerror or str(exc)
        yield Finding("disk", State.FAIL, "disk.refused", {"folder": str(folder), "why": why})
        return
    p50, worst = times[len(times) // 2], times[-1]
    slow = p50 > SLOW_MS
    yield Finding(
        "disk",
        State.WARN if slow else State.OK,
        "disk.slow" if slow else "disk.ok",
        {"p50": _ms(p50), "worst": _ms(worst), "folder": str(folder)},
    )
    low = free < SPACE_MB
    key = "space.low" if low else "space.ok"
    yield Finding("space", State.WARN if low else State.OK, key, {"free": free})


def _durable_writes(folder: Path) -> Iterator[float]:
    """Milliseconds of each write that reached the disk."""
    path = folder / f".doctor-{os.getpid()}"
    try:
        with path.open("wb", buffering=0) as file:
            for _ in range(WRITES):
                begun = time.perf_counter()
                file.write(b"\0" * BLOCK)
                os.fsync(file.fileno())
                yield (time.perf_counter() - begun) * 1000
    finally:
        path.unlink(missing_ok=True)


def _ms(value: float) -> Decimal:
    return Decimal(f"{value:.1f}")


def database(path: Path) -> Iterator[Finding]:
    """The version of SQLite, and whether the journal's file is whole and known."""
    import pysqlite3

    from packstation.storage.database import Database, require_sqlite, storage_errors
    from packstation.storage.migrations import require_known

    try:
        require_sqlite(pysqlite3.sqlite_version_info)
    except StorageError as exc:
        yield Finding("database", State.FAIL, "database.sqlite", {"have": str(exc.fields["have"])})
        return
    if not path.is_file():
        yield Finding("database", State.OK, "database.none", {"path": str(path)})
        return
    try:
        opened = Database(path, read_only=True)
        try:
            version = require_known(opened)
            with storage_errors(path):
                row = opened.raw.execute("PRAGMA quick_check(1)").fetchone()
                found = str(row[0]) if row else ""
        finally:
            opened.close()
    except StorageError as exc:
        newer = exc.key == "error.storage.newer"
        key = "database.newer" if newer else "database.refused"
        yield Finding("database", State.FAIL, key, {"path": str(path), "why": str(exc)})
        return
    if found != "ok":
        why = {"path": str(path), "why": found}
        yield Finding("database", State.FAIL, "database.damaged", why)
        return
    yield Finding("database", State.OK, "database.ok", {"path": str(path), "schema": version})


def clock(now: datetime) -> Iterator[Finding]:
    """Whether the machine knows the day; ``now`` is its own UTC."""
    shown = f"{now:%Y-%m-%d %H:%M} UTC"
    wrong = now < _EPOCH or now > _EPOCH + timedelta(days=365 * 40)
    key = "clock.wrong" if wrong else "clock.ok"
    yield Finding("clock", State.FAIL if wrong else State.OK, key, {"now": shown})


def ports(
    rows: Iterable[dict[str, object]], usable: Callable[[str], bool] | None = None
) -> Iterator[Finding]:
    """Whether each serial port may be opened by this user; ``rows`` as ``devices list``."""
    found = [str(row["port"]) for row in rows]
    if not found:
        yield Finding("ports", State.WARN, "ports.none")
    for port in found:
        allowed = (usable or _usable)(port)
        key, group = ("ports.ok", "") if allowed else why_denied(port)
        args = {"port": port, "group": group}
        yield Finding("ports", State.OK if allowed else State.FAIL, key, args)


def printers(folder: Path, usable: Callable[[str], bool] | None = None) -> Iterator[Finding]:
    """USB printers of ``folder`` (/dev/usb) and whether they may be written."""
    found = sorted(str(path) for path in folder.glob("lp*"))
    if not found:
        yield Finding("printers", State.OK, "printers.none")
    for port in found:
        allowed = (usable or _usable)(port)
        key = "printers.ok" if allowed else "printers.denied"
        yield Finding("printers", State.OK if allowed else State.FAIL, key, {"port": port})


def _usable(port: str) -> bool:
    # Windows' COM ports are no files; there whoever is signed in may open them.
    return not Path(port).exists() or os.access(port, os.R_OK | os.W_OK)


def fonts(folder: Path) -> Iterator[Finding]:
    """Whether labels and papers can be drawn in every script."""
    missing = [name for name in _FONTS if not (folder / name).is_file()]
    key = "fonts.missing" if missing else "fonts.ok"
    args = {"names": ", ".join(missing or _FONTS)}
    yield Finding("fonts", State.FAIL if missing else State.OK, key, args)
