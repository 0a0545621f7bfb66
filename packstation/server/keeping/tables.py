"""Acts of the office, signed days, verified copies of the database, profiles of benches."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Index, Table

from packstation.server.columns import METADATA, keys, number, text

# Who changed what, in a chain of its own for each site ("*": what is of the whole server).
AUDIT: Final = Table(
    "audit",
    METADATA,
    *keys("site"),
    number("n", key=True),
    text("at"),
    text("who"),
    text("role"),
    text("address"),
    text("act"),
    text("thing"),
    text("before"),
    text("after"),
    text("more"),
    text("prev"),
    text("hash"),
    Index("audit_act", "site", "act", "n"),
    Index("audit_thing", "site", "thing", "n"),
)

# The server's word on all chains, once a day: ``body`` is JSON, signed by the server's own key.
AUDIT_DAY: Final = Table(
    "audit_day", METADATA, number("n", key=True), text("at"), text("body"), text("signature")
)

# Where the chain of each stream that had moved stood at day ``n``. ``digest`` is over hash and
# time of receipt of its rows since the day before that has it.
AUDIT_HEAD: Final = Table(
    "audit_head",
    METADATA,
    *keys("site", "station", "epoch"),
    number("n", key=True),
    number("seq"),
    text("hash"),
    text("digest"),
    Index("audit_head_day", "n"),
)

# Copies that were opened again and verified, newest last; ``problem`` where one was not good.
BACKUP: Final = Table(
    "backup",
    METADATA,
    number("n", key=True),
    text("at"),
    text("file"),
    text("sha256"),
    number("size"),
    number("events"),
    number("acts"),
    text("took_ms"),
    text("near"),  # "yes": it lies on the disk that the database lies on
    text("problem"),
    text("removed"),
)

# What a bench's devices are and how they are set, as the bench itself last said.
PROFILE: Final = Table(
    "bench_profile", METADATA, *keys("site", "station"), text("at"), text("sha256"), text("body")
)

# Facts of a lost bench's disk that a person gave in, by the disk's own place for them.
SALVAGE: Final = Table(
    "salvage",
    METADATA,
    *keys("site", "station", "epoch"),
    number("first", key=True),
    number("last"),
    text("at"),
    text("who"),
    text("file"),
)
