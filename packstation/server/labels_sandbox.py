"""A carrier that exists here only: labels online, at no cost, with a memory of its own.

It behaves as a real one must (``domain.carriers``): one key buys once, a void is
final, and what it sold is still known after a crash of the server. Waybills are S10 numbers
of the service indicator ``ZZ``, which no post has assigned.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Final

import pysqlite3

from packstation.domain.carriers import (
    Bought,
    BuyRequest,
    Capabilities,
    LabelFile,
    LabelWanted,
    Partly,
    refused,
)
from packstation.domain.s10 import number

MAX_G: Final = 30_000
MEDIA: Final = "application/zpl"
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS sale (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " key TEXT NOT NULL UNIQUE, service TEXT NOT NULL, voided INTEGER NOT NULL DEFAULT 0)"
)


class SandboxCarrier(Partly):
    """Sells every service up to 30 kg."""

    capabilities = Capabilities(label=True, void=True, media=(MEDIA,))

    def __init__(self, file: Path) -> None:
        """Open (or make) the carrier's own books."""
        self._lock = threading.Lock()
        self._books: Any = pysqlite3.connect(str(file), check_same_thread=False)
        with self._lock, self._books:
            self._books.execute("PRAGMA journal_mode=WAL")
            self._books.execute("PRAGMA synchronous=FULL")
            self._books.execute(_TABLE)

    def buy(self, request: BuyRequest) -> Bought:
        if request.gross_g > MAX_G:
            raise refused(request.key, "weight", f"gross_g: {request.gross_g} > {MAX_G}")
        with self._lock, self._books:
            self._books.execute(
                "INSERT INTO sale (key, service) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
                (request.key, request.service),
            )
        found = self.find(request.key)
        assert found is not None  # noqa: S101 - it was sold a line above
        return found

    def find(self, key: str) -> Bought | None:
        with self._lock:
            sale = self._books.execute(
                "SELECT id, service, voided FROM sale WHERE key = ?", (key,)
            ).fetchone()
        if sale is None:
            return None
        waybill = number("ZZ", sale[0], "CN")
        return Bought(
            waybill=waybill,
            label=_label(waybill, sale[1]),
            ref=str(sale[0]),
            voided=bool(sale[2]),
        )

    def label(self, key: str, wanted: LabelWanted) -> LabelFile | None:  # noqa: ARG002 - one size
        found = self.find(key)
        if found is None:
            raise refused(key, "never_bought")
        return found.label

    def void(self, key: str) -> None:
        with self._lock, self._books:
            changed = self._books.execute("UPDATE sale SET voided = 1 WHERE key = ?", (key,))
            if changed.rowcount == 0:
                raise refused(key, "never_bought")

    def close(self) -> None:
        """Close the books."""
        self._books.close()


def _label(waybill: str, service: str) -> LabelFile:
    """A label of 4 x 6 in at 203 dpi; the service's name is reduced to letters and digits."""
    words = "".join(c for c in service if c.isascii() and (c.isalnum() or c in "- "))
    content = (
        "^XA^PW812^LL1218^CI28"
        f"^FO60,80^A0N,60,60^FDSANDBOX {words}^FS"
        f"^FO60,220^BY3^BCN,240,Y,N,N^FD{waybill}^FS"
        "^XZ"
    ).encode()
    return LabelFile(content=content, media=MEDIA, width_mm=101.6, height_mm=152.4, dpi=203)
