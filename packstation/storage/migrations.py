"""Schema changes of the station's database: a numbered list, expand only.

Each step runs in one transaction with the new version, so a kill leaves either. Before
the first step over an existing file a copy is put beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from packstation.domain.errors import StorageError
from packstation.storage.database import Database, Raw, storage_errors


class Migration(Struct, frozen=True):
    """Statements that lead to schema ``version``; what they make, older programs can read."""

    version: int
    name: str
    statements: tuple[str, ...]


_FIRST: Final = (
    """CREATE TABLE event (n INTEGER NOT NULL PRIMARY KEY, station TEXT NOT NULL,
       epoch TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
       v INTEGER NOT NULL, session TEXT NOT NULL, parcel TEXT, "order" TEXT, claim TEXT,
       fence INTEGER NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL, mono_ns TEXT NOT NULL,
       prev TEXT NOT NULL, body TEXT NOT NULL)""",
    "CREATE UNIQUE INDEX event_place ON event (station, epoch, seq)",
    "CREATE INDEX event_session ON event (session)",
    'CREATE INDEX event_order ON event ("order")',
    "CREATE INDEX event_kind ON event (kind)",
    """CREATE TABLE session (session TEXT NOT NULL PRIMARY KEY, "order" TEXT NOT NULL,
       state TEXT NOT NULL, first_n INTEGER NOT NULL)""",
    'CREATE INDEX session_order ON session ("order", first_n)',
    "CREATE INDEX session_state ON session (state, first_n)",
    """CREATE TABLE waybill (waybill TEXT NOT NULL, order_id TEXT NOT NULL,
       PRIMARY KEY (waybill, order_id)) WITHOUT ROWID""",
    "CREATE TABLE cursor (epoch TEXT NOT NULL PRIMARY KEY, hw INTEGER NOT NULL)",
    """CREATE TABLE quarantine (epoch TEXT NOT NULL, seq INTEGER NOT NULL,
       record TEXT NOT NULL, PRIMARY KEY (epoch, seq))""",
    """CREATE TABLE order_row (order_id TEXT NOT NULL PRIMARY KEY, rev INTEGER NOT NULL,
       status TEXT NOT NULL, handover_at TEXT NOT NULL, bench TEXT NOT NULL,
       hold TEXT NOT NULL, country TEXT NOT NULL, doc TEXT NOT NULL)""",
    "CREATE INDEX order_row_queue ON order_row (status, bench, handover_at, order_id)",
    """CREATE TABLE order_code (code TEXT NOT NULL, order_id TEXT NOT NULL,
       PRIMARY KEY (code, order_id)) WITHOUT ROWID""",
    "CREATE INDEX order_code_order ON order_code (order_id)",
    """CREATE TABLE order_sku (sku TEXT NOT NULL, handover_at TEXT NOT NULL,
       order_id TEXT NOT NULL, PRIMARY KEY (sku, handover_at, order_id)) WITHOUT ROWID""",
    "CREATE INDEX order_sku_order ON order_sku (order_id)",
    """CREATE TABLE product (sku TEXT NOT NULL PRIMARY KEY, rev INTEGER NOT NULL,
       doc TEXT NOT NULL)""",
    """CREATE TABLE product_code (code TEXT NOT NULL, sku TEXT NOT NULL,
       units INTEGER NOT NULL, PRIMARY KEY (code, sku)) WITHOUT ROWID""",
    "CREATE INDEX product_code_sku ON product_code (sku)",
    """CREATE TABLE carton (code TEXT NOT NULL PRIMARY KEY, rev INTEGER NOT NULL,
       volume_mm3 INTEGER NOT NULL, doc TEXT NOT NULL)""",
    """CREATE TABLE person (badge TEXT NOT NULL PRIMARY KEY, rev INTEGER NOT NULL,
       doc TEXT NOT NULL)""",
    "CREATE TABLE site (code TEXT NOT NULL PRIMARY KEY, rev INTEGER NOT NULL, doc TEXT NOT NULL)",
    """CREATE TABLE row_image (t TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL,
       doc TEXT NOT NULL, PRIMARY KEY (t, id))""",
    """CREATE TABLE held_row (order_id TEXT NOT NULL PRIMARY KEY, rev INTEGER NOT NULL,
       op TEXT NOT NULL, doc TEXT NOT NULL)""",
)

# Serials that journals of before hold: those verified more often than taken out again.
_UNITS: Final = (
    """CREATE TABLE unit_code (code TEXT NOT NULL, session TEXT NOT NULL,
       PRIMARY KEY (code, session)) WITHOUT ROWID""",
    "CREATE INDEX unit_code_session ON unit_code (session)",
    """INSERT INTO unit_code SELECT code, session FROM
       (SELECT 'serial:' || json_extract(body, '$.sku') || ':' || json_extract(body, '$.serial')
        AS code, session, CASE kind WHEN 'ItemVerified' THEN 1 ELSE -1 END AS units
        FROM event WHERE kind IN ('ItemVerified', 'ItemRemoved')
        AND coalesce(json_extract(body, '$.serial'), '') <> ''
        AND session NOT IN (SELECT session FROM session WHERE state = 'cancelled'))
       GROUP BY code, session HAVING sum(units) > 0""",
)

# A program of before has kept the server's weights aside, as rows of a kind that it did not know.
_WEIGHT: Final = (
    """CREATE TABLE weight (key TEXT NOT NULL PRIMARY KEY, seen INTEGER NOT NULL,
       doc TEXT NOT NULL)""",
    """INSERT INTO weight SELECT id, coalesce(json_extract(doc, '$.seen'),
       json_extract(doc, '$.parcels')), doc FROM row_image WHERE t = 'weight'
       AND json_type(doc, '$.parcels') = 'integer'""",
)

# Whoever is held among thousands that are ready is found without looking at these.
_LANE: Final = (
    "CREATE INDEX order_row_lane ON order_row (status, bench, hold, handover_at, order_id)",
)

# What stands in the chain for old records that went.
_COMPACTED: Final = (
    """CREATE TABLE let_go (station TEXT NOT NULL, epoch TEXT NOT NULL,
       first INTEGER NOT NULL, last INTEGER NOT NULL, hash TEXT NOT NULL,
       PRIMARY KEY (station, epoch, first)) WITHOUT ROWID""",
)

MIGRATIONS: Final = (
    Migration(1, "journal and order cache", _FIRST),
    Migration(2, "what only one unit carries", _UNITS),
    Migration(3, "learned weights", _WEIGHT),
    Migration(4, "queue and held orders apart", _LANE),
    Migration(5, "old records that went", _COMPACTED),
)

_META: Final = (
    "CREATE TABLE IF NOT EXISTS meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)"
)


def schema_version(raw: Raw) -> int:
    """The version of an open file; 0 for a new one."""
    if not raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return 0
    row = raw.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
    return int(row[0]) if row else 0


def require_known(database: Database, steps: Sequence[Migration] = MIGRATIONS) -> int:
    """The file's version, if this program knows it.

    Raises:
        StorageError: a newer program made the file; fields ``have``, ``known``, ``path``.
    """
    with storage_errors(database.path):
        have = schema_version(database.raw)
    known = steps[-1].version
    if have > known:
        raise StorageError("error.storage.newer", have=have, known=known, path=str(database.path))
    return have


def migrate(database: Database, steps: Sequence[Migration] = MIGRATIONS) -> Path | None:
    """Bring an open database to the newest schema; answer the copy made before, if any.

    Raises:
        StorageError: the file is of a newer schema, or a step failed and left no trace.
    """
    have = require_known(database, steps)
    due = [step for step in steps if step.version > have]
    copy = _copy(database, have) if due and have else None
    for step in due:
        with database.transaction() as raw:
            raw.execute(_META)
            for statement in step.statements:
                raw.execute(statement)
            raw.execute(
                "INSERT INTO meta VALUES ('schema', ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (str(step.version),),
            )
    return copy


def _copy(database: Database, version: int) -> Path:
    path = database.path
    copy = path.with_name(f"{path.name}.schema-{version}.backup")
    copy.unlink(missing_ok=True)
    with storage_errors(path):
        database.raw.execute("VACUUM INTO ?", (str(copy),))
    return copy
