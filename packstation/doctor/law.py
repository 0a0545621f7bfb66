"""The customs rules of this program: whether they are there, as they were signed, and how old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from packstation.customs.packs import publishers as makers
from packstation.customs.packs import read_folder, signer_of
from packstation.customs.signing import PackRefused, verify
from packstation.doctor.findings import Finding, State
from packstation.domain.errors import InputInvalid, StorageError
from packstation.station.customs_findings import PACK

# As rule R47 asks a supervisor from then on.
OLD_DAYS: Final = 90
# So much of a key tells it from others, for people who compare.
SHOWN: Final = 12


def rules(folder: Path, today: date) -> Iterator[Finding]:
    """The rule pack in ``folder``."""
    try:
        pack = read_folder(folder)
        signer_of(folder)
    except PackRefused as exc:
        yield Finding("customs", State.FAIL, "customs.changed", {"why": str(exc.fields["value"])})
        return
    except InputInvalid as exc:
        fields = {"path": str(exc.fields["path"]), "why": str(exc.fields["value"])}
        yield Finding("customs", State.FAIL, "customs.refused", fields)
        return
    days = (today - pack.reviewed_on).days
    old = days > OLD_DAYS
    told: dict[str, str | int] = {
        "version": pack.version,
        "rules": len(pack.rules),
        "days": days,
    }
    key = "customs.old" if old else "customs.ok"
    yield Finding("customs", State.WARN if old else State.OK, key, told)


def publishers(keys: Sequence[str]) -> Iterator[Finding]:
    """Whose rule packs are taken from a server: the makers', and those of CUSTOMS_KEYS."""
    named = ", ".join(f"{key[:SHOWN]}…" for key in keys) or "-"
    told: dict[str, str | int] = {"makers": len(makers()), "n": len(keys), "keys": named}
    yield Finding("customs", State.OK, "customs.keys", told)


def pulled(database: Path, keys: Sequence[str]) -> Iterator[Finding]:
    """The rule packs that the bench has from its server, each whether it is taken here."""
    for body in _bodies(database):
        yield _taken(body, (*makers(), *keys))


def _bodies(database: Path) -> tuple[Mapping[str, Any], ...]:
    """None where the database cannot be read: its own check says so."""
    from packstation.storage.database import Database
    from packstation.storage.order_cache import SqliteOrderCache

    if not database.is_file():
        return ()
    try:
        opened = Database(database, read_only=True)
    except StorageError:
        return ()
    try:
        return SqliteOrderCache(opened, lambda: ("", 0)).kept_all(PACK)
    except StorageError:
        return ()
    finally:
        opened.close()


def _taken(body: Mapping[str, Any], trusted: Sequence[str]) -> Finding:
    document, key = body.get("pack"), str(body.get("key") or "")
    known = document if isinstance(document, Mapping) else {}
    told = {"version": str(known.get("version") or "-"), "key": f"{key[:SHOWN]}…"}
    try:
        verify(known, str(body.get("signature") or ""), trusted, key=key)
    except PackRefused as exc:
        end = "stranger" if exc.cause == "unknown_key" else "torn"
        return Finding("customs", State.FAIL, f"customs.{end}", told)
    return Finding("customs", State.OK, "customs.pulled", told)
