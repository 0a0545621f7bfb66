"""Pushes into PostgreSQL by asyncpg: one statement a flush.

How far each journal is known is kept at hand, and the statement moves a journal only if that is
still so: an update that finds the mark elsewhere moves nothing, inserts nothing of that journal,
and the push goes the long way, which reads first. So processes need not tell each other anything,
and the statement alone decides. Where a flush fails for any reason all of it goes the long way.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]  # it has no types
from msgspec import Struct
from sqlalchemy import URL

from packstation.domain.psp import PushAnswer
from packstation.server.core import Clock
from packstation.server.ingest.admission import Mark, admit, answered, moved
from packstation.server.ingest.envelopes import COLUMNS, Entry, Pushed
from packstation.server.ingest.writing import Outcome, Stream, skewed, stream_of
from packstation.server.moments import stamp
from packstation.server.problems import Problem

log = logging.getLogger(__name__)

MOST_MARKS: Final = 50_000
CONNECTIONS: Final = 3
TIMEOUT_S: Final = 10.0
# Of libpq's parameters those that asyncpg reads too.
_PARAMETERS: Final = ("sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs")

LongWay = Callable[[Sequence[Pushed]], Awaitable[Sequence[Outcome]]]

_TYPES: Final = {"v": "bigint", "fence": "bigint"}
_EVENT: Final = tuple((name, _TYPES.get(name, "text")) for name in COLUMNS)


def _arrays(columns: Sequence[tuple[str, str]], first: int) -> str:
    return ", ".join(f"${first + n}::{kind}[]" for n, (_, kind) in enumerate(columns))


def _texts(columns: Sequence[tuple[str, str]], first: int) -> str:
    """Columns that come as one text each: asyncpg looks long at each value of an array."""
    made = (f"string_to_array(${first + n}::text, E'\\x1f', E'\\x1e')" for n in range(len(columns)))
    return ", ".join(f"{one}::{kind}[]" for one, (_, kind) in zip(made, columns, strict=True))


def _names(columns: Sequence[tuple[str, str]], of: str = "") -> str:
    return ", ".join(f'{of}"{name}"' for name, _ in columns)


_GIVEN: Final = (
    ("n", "bigint"),
    ("site", "text"),
    ("station", "text"),
    ("epoch", "text"),
    ("old_hw", "bigint"),
    ("old_hash", "text"),
    ("hw", "bigint"),
    ("last_hash", "text"),
    ("head", "bigint"),
    ("skew_ms", "bigint"),
)
_ROWS: Final = (("n", "bigint"), ("seq", "bigint"), ("hash", "text"), *_EVENT)
# Between values, and for no value; a push with one of them in a text goes the long way.
_NEXT: Final = "\x1f"
_NULL: Final = "\x1e"
_NOBODY: Final = "-1"
# $1 is the time; then the journals that move, then their events.
STATEMENT: Final = f"""
WITH moved AS (
  UPDATE stream s SET hw = g.hw, last_hash = g.last_hash, head = g.head, seen = $1::text,
    skew_ms = g.skew_ms
  FROM unnest({_arrays(_GIVEN, 2)}) AS g({_names(_GIVEN)})
  WHERE s.site = g.site AND s.station = g.station AND s.epoch = g.epoch
    AND s.hw = g.old_hw AND s.last_hash = g.old_hash AND s.closed IS NULL
  RETURNING g.n, s.site, s.station, s.epoch, s.durable, g.skew_ms
), kept AS (
  INSERT INTO journal (site, station, epoch, seq, hash, {_names(_EVENT)}, received, skew_ms)
  SELECT m.site, m.station, m.epoch, e.seq, e.hash, {_names(_EVENT, "e.")}, $1::text, m.skew_ms
  FROM unnest({_texts(_ROWS, 2 + len(_GIVEN))}) AS e({_names(_ROWS)})
  JOIN moved m ON m.n = e.n
)
SELECT n, durable, (SELECT value FROM meta WHERE key = 'generation') AS gen FROM moved
"""  # noqa: S608 - names of our own columns
_MARKS: Final = """
SELECT g.n, s.hw, s.last_hash, s.durable, s.closed
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS g(n, site, station, epoch)
JOIN stream s ON s.site = g.site AND s.station = g.station AND s.epoch = g.epoch
"""


class _Move(Struct):
    """A push whose journal is to be moved."""

    place: int
    push: Pushed
    stream: Stream
    before: Mark
    after: Mark
    fresh: Sequence[Entry]
    skew_ms: int


class HotWriter:
    """Writes pushes of one event loop; ``long_way`` takes those that are out of the ordinary."""

    def __init__(self, url: URL, clock: Clock, long_way: LongWay) -> None:
        """Not connected yet."""
        self._address = address(url)
        self._clock = clock
        self._long_way = long_way
        self._marks: dict[Stream, Mark] = {}
        self._pool: asyncpg.Pool | None = None
        self._connecting = asyncio.Lock()  # flushes run side by side: the first one connects
        self._closed = False

    async def close(self) -> None:
        """Let go of the connections; who comes later goes the long way."""
        async with self._connecting:
            self._closed = True
            pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    async def write(self, pushes: Sequence[Pushed]) -> Sequence[Outcome]:
        """Keep these pushes; what became of each, in their order."""
        outcomes: dict[int, Outcome] = {}
        left = list(range(len(pushes)))
        while left:
            # One push of a journal at a time: the next one builds on it.
            first = {stream_of(pushes[place].caller): place for place in reversed(left)}
            now = sorted(first.values())
            outcomes |= await self._round({place: pushes[place] for place in now})
            left = sorted(set(left) - set(now))
        return [outcomes[place] for place in range(len(pushes))]

    async def _round(self, pushes: dict[int, Pushed]) -> dict[int, Outcome]:
        outcomes: dict[int, Outcome] = {}
        try:
            outcomes = await self._hot(pushes)
        except LookupError:
            log.info("a text that separates texts")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as exc:
            log.warning("the long way: %s", exc)
        except Exception:  # whatever it is: the long way tells whose fault it is
            log.exception("the long way")
        rest = [place for place in pushes if place not in outcomes]
        for place in rest:
            self._marks.pop(stream_of(pushes[place].caller), None)
        if rest:
            told = await self._long_way([pushes[place] for place in rest])
            outcomes |= dict(zip(rest, told, strict=True))
        return outcomes

    async def _hot(self, pushes: dict[int, Pushed]) -> dict[int, Outcome]:
        """What is ordinary among these, kept; all others are not in the answer."""
        pool = await self._connected()
        async with pool.acquire() as connection:
            await self._look(connection, pushes.values())
            at = self._clock.now()
            moves = [move for item in pushes.items() if (move := self._move(*item, at)) is not None]
            if not moves:
                return {}
            now = stamp(at)
            arguments = (*_given(moves), *_rows(moves))
            rows = await connection.fetch(STATEMENT, now, *arguments)
        by_place = {move.place: move for move in moves}
        outcomes: dict[int, Outcome] = {}
        for row in rows:
            move = by_place[row["n"]]
            self._marks[move.stream] = move.after
            outcomes[move.place] = _answer(move, row["durable"], int(row["gen"]), now)
        return outcomes

    async def _connected(self) -> asyncpg.Pool:
        async with self._connecting:
            if self._closed:  # a pool made now is nobody's, and a loop with one does not end
                raise asyncpg.InterfaceError("the server stops")
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    **self._address,
                    min_size=1,
                    max_size=CONNECTIONS,
                    timeout=TIMEOUT_S,
                    command_timeout=TIMEOUT_S,
                    reset=_as_it_is,
                    server_settings={"application_name": "packstation ingest"},
                )
            return self._pool

    async def _look(self, connection: Any, pushes: Sequence[Pushed] | Any) -> None:  # noqa: ANN401
        """Read the marks that are not at hand."""
        wanted = [s for push in pushes if (s := stream_of(push.caller)) not in self._marks]
        if not wanted:
            return
        if len(self._marks) + len(wanted) > MOST_MARKS:
            self._marks.clear()
            wanted = [stream_of(push.caller) for push in pushes]
        columns = [list(column) for column in zip(*wanted, strict=True)]
        numbers = list(range(len(wanted)))
        for row in await connection.fetch(_MARKS, numbers, *columns):
            self._marks[wanted[row["n"]]] = Mark(
                hw=row["hw"],
                last_hash=row["last_hash"],
                durable=row["durable"],
                closed=row["closed"],
                new=False,
            )

    def _move(self, place: int, push: Pushed, now: Any) -> _Move | None:  # noqa: ANN401
        """What to write of a push; None where it is to be looked at more closely."""
        stream = stream_of(push.caller)
        mark = self._marks.get(stream)
        if mark is None or any(entry.columns is None for entry in push.entries):
            return None
        try:
            fresh = admit(mark, push, 0, _unknown)
        except (Problem, LookupError):
            return None
        return _Move(place, push, stream, mark, moved(mark, fresh), fresh, skewed(push, now))


async def _as_it_is(_: object) -> None:
    """Our statements leave nothing behind in a connection that a round trip would have to reset."""


def _unknown(seq: int) -> str:
    raise LookupError(seq)


def _given(moves: Sequence[_Move]) -> list[list[Any]]:
    rows = [
        (
            move.place,
            *move.stream,
            move.before.hw,
            move.before.last_hash,
            move.after.hw,
            move.after.last_hash,
            max(move.push.head, move.after.hw),
            move.skew_ms,
        )
        for move in moves
    ]
    return [list(column) for column in zip(*rows, strict=True)]


def _rows(moves: Sequence[_Move]) -> list[str]:
    """The events of all moves as `_ROWS`, each column in one text.

    Raises:
        LookupError: a text has in it what stands between texts.
    """
    rows = [
        (str(move.place), str(entry.seq), entry.hash, *(entry.columns or ()))
        for move in moves
        for entry in move.fresh
    ]
    # Of no journal, hence never inserted: PostgreSQL takes one empty text for no text at all.
    rows.append((_NOBODY,) * len(_ROWS))
    return [_joined(column) for column in zip(*rows, strict=True)]


def _joined(column: Sequence[Any]) -> str:
    try:
        text, empty = _NEXT.join(column), 0
    except TypeError:  # numbers, or nothing
        empty = column.count(None)
        text = _NEXT.join([_NULL if one is None else str(one) for one in column])
    if text.count(_NEXT) != len(column) - 1 or text.count(_NULL) != empty:
        raise LookupError(_NEXT)
    return text


def _answer(move: _Move, durable: int, gen: int, now: str) -> PushAnswer:
    mark = Mark(hw=move.after.hw, last_hash=move.after.last_hash, durable=durable, new=False)
    return answered(mark, move.fresh, gen, now)


def address(url: URL) -> dict[str, Any]:
    """What asyncpg takes of a database's URL; several hosts as `databases.parsed` leaves them."""
    query = url.query.get("host", ())
    places = (query,) if isinstance(query, str) else tuple(query)
    hosts, ports = [], []
    for place in places or (url.host or "localhost",):
        host, _, port = place.partition(":") if not place.startswith("/") else (place, "", "")
        hosts.append(host)
        given = url.query.get("port", "")
        ports.append(int(port or (given if isinstance(given, str) else "") or url.port or 5432))
    more = {name: url.query[name] for name in _PARAMETERS if name in url.query}
    plain = "&".join(f"{name}={value}" for name, value in more.items())
    return {
        "dsn": f"postgresql:///?{plain}",
        "host": hosts,
        "port": ports,
        "user": url.username,
        "password": url.password,
        "database": url.database,
    }
