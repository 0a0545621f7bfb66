"""What was bought through karrio, by key: written down before a purchase leaves, and after it.

karrio's carriers cannot be asked what a key bought. So the step before the last one is a fact on
disk: ``sent`` is committed before the worker lets a purchase out. A key that is not ``sent`` was
never bought; one that is and has no answer stays unknown until a person settles it, and is never
bought again. Labels are kept for two days (until then the server has them) in a file that only
this user reads.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal

import pysqlite3
from msgspec import Struct

from packstation.domain.quantities import Money

State = Literal["asked", "sent", "bought", "refused", "voided"]
KEPT: Final = timedelta(days=2)
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS purchase (key TEXT PRIMARY KEY, account TEXT NOT NULL,"
    " state TEXT NOT NULL, at TEXT NOT NULL, waybill TEXT NOT NULL DEFAULT '',"
    " ref TEXT NOT NULL DEFAULT '', label TEXT NOT NULL DEFAULT '',"
    " amount TEXT NOT NULL DEFAULT '', currency TEXT NOT NULL DEFAULT '')"
)
_COLUMNS: Final = "account, state, waybill, ref, label, amount, currency"


class Entry(Struct, frozen=True, kw_only=True):
    """A purchase; ``label`` is Base64 as it came, "" once it is no longer kept."""

    account: str
    state: State
    waybill: str = ""
    ref: str = ""
    label: str = ""
    price: Money | None = None


class Books:
    """One file for all accounts; of several threads."""

    def __init__(self, file: Path | None) -> None:
        """Open (or make) them; None: in memory, as a server's whose database is there."""
        self._lock = threading.Lock()
        if file is not None:
            file.touch(mode=0o600)
        self._books: Any = pysqlite3.connect(str(file or ":memory:"), check_same_thread=False)
        with self._lock, self._books:
            self._books.execute("PRAGMA journal_mode=WAL")
            self._books.execute("PRAGMA synchronous=FULL")
            self._books.execute(_TABLE)

    def close(self) -> None:
        """Close them."""
        self._books.close()

    def of(self, key: str) -> Entry | None:
        """What is written of ``key``."""
        with self._lock:
            row = self._books.execute(
                f"SELECT {_COLUMNS} FROM purchase WHERE key = ?",  # noqa: S608 - our own columns
                (key,),
            ).fetchone()
        if row is None:
            return None
        price = Money(Decimal(row[5]), row[6]) if row[5] else None
        return Entry(
            account=row[0], state=row[1], waybill=row[2], ref=row[3], label=row[4], price=price
        )

    def ask(self, key: str, account: str, now: datetime) -> None:
        """A purchase begins; whatever sold nothing before is forgotten."""
        with self._lock, self._books:
            self._books.execute(
                "INSERT INTO purchase (key, account, state, at) VALUES (?, ?, 'asked', ?)"
                " ON CONFLICT (key) DO UPDATE SET state = 'asked', at = excluded.at"
                " WHERE state IN ('asked', 'refused')",
                (key, account, now.isoformat()),
            )
            before = (now - KEPT).isoformat()
            self._books.execute("UPDATE purchase SET label = '' WHERE at < ?", (before,))

    def sent(self, key: str) -> bool:
        """It leaves now; False where it left before."""
        return self._to(key, "sent", "asked")

    def bought(self, key: str, entry: Entry) -> bool:
        """The carrier's answer; False where no answer was awaited."""
        amount = f"{entry.price.amount:f}" if entry.price else ""
        currency = entry.price.currency if entry.price else ""
        with self._lock, self._books:
            done = self._books.execute(
                "UPDATE purchase SET state = 'bought', waybill = ?, ref = ?, label = ?,"
                " amount = ?, currency = ? WHERE key = ? AND state = 'sent'",
                (entry.waybill, entry.ref, entry.label, amount, currency, key),
            )
            return bool(done.rowcount)

    def refused(self, key: str, was: State) -> bool:
        """Nothing was bought, for certain; False where it is not as it ``was`` any more."""
        return self._to(key, "refused", was)

    def voided(self, key: str) -> bool:
        """It was taken back."""
        return self._to(key, "voided", "bought")

    def open_keys(self, account: str) -> tuple[str, ...]:
        """Keys that left and have no answer: a person must look at the carrier's own pages."""
        with self._lock:
            rows = self._books.execute(
                "SELECT key FROM purchase WHERE state = 'sent' AND account = ? ORDER BY at, key",
                (account,),
            ).fetchall()
        return tuple(row[0] for row in rows)

    def _to(self, key: str, state: State, was: State) -> bool:
        with self._lock, self._books:
            done = self._books.execute(
                "UPDATE purchase SET state = ? WHERE key = ? AND state = ?", (state, key, was)
            )
            return bool(done.rowcount)
