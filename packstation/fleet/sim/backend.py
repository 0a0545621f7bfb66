"""The server: its real functions on a real database in memory, that dies and is put back.

The same database serves seed after seed; a template with a site, its benches and its numbers is
copied into it each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final, cast

import msgspec
import pysqlite3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Request
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Engine, event, select

from packstation.client.keys import StationKey
from packstation.client.wire import Answer
from packstation.domain import psp
from packstation.domain.orders import Address, Deadline, Order, OrderLine
from packstation.fleet.sim.world import START, SimClock, SimIds, World
from packstation.server import (
    access,
    enrolment,
    journal,
    pools,
    problems,
    restores,
    rows,
    shelves,
    sites,
    statuses,
)
from packstation.server.bodies import ENCODINGS, plain
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.pools import PoolRange, add_range
from packstation.server.store import Store, generation, open_engine
from packstation.server.tables import STATION, STREAM

SITE: Final = "GZ-1"
BENCHES: Final = 4  # that the template knows
CARRIER, SERVICE = "chinapost", "e-packet"
_NUMBERS: Final = 4000


class Sent(Struct, frozen=True):
    """A request as it went out."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class Died(Exception):
    """The server's process ended while it worked on a request."""


def station_of(number: int) -> str:
    """The id of a bench."""
    return f"bench-{number:02d}"


def key_of(number: int) -> StationKey:
    """Its key, the same in every run."""
    return StationKey(Ed25519PrivateKey.from_private_bytes(bytes([number + 1]) * 32))


def order_of(number: int, lines: int = 1, status: str = "ready") -> Order:
    """An order as an office has it."""
    return Order(
        order_id=f"O-{number:03d}",
        status=cast("Any", status),
        deadlines=(Deadline(kind="handover", at=START.replace(hour=18)),),
        ship_to=Address(name="Зоя Лунёва", country="RU", city="Тверь"),
        lines=tuple(OrderLine(line=n + 1, sku=f"SKU-{n}", quantity=2) for n in range(lines)),
    )


class Database:
    """One process's server database, filled anew for every seed."""

    def __init__(self) -> None:
        """Make the tables, and the template."""
        self.engine: Engine = open_engine("sqlite://")
        self.store = Store(self.engine)
        self.kill = ""  # the next commit of a request: "before" or "after" it the server dies
        self.asked = False  # whether a request is worked on
        event.listen(self.engine, "commit", self._committing)
        self._fill(Server(self.store, clock=SimClock(World(0)), ids=SimIds("template")))
        self.template = self.copy()

    def _committing(self, _: Connection) -> None:
        if not self.asked:
            return
        if self.kill == "before":
            self.kill = ""
            raise Died
        if self.kill == "after":
            self.kill = "answer"

    def _fill(self, server: Server) -> None:
        with self.store.write() as connection:
            sites.put_site(server, connection, psp.SiteBody(code=SITE, zone="Asia/Shanghai"))
            last = 10_000_000 + _NUMBERS - 1
            place = {"carrier": CARRIER, "service": SERVICE, "prefix": "RB", "country": "CN"}
            add_range(connection, SITE, PoolRange(first=10_000_000, last=last, **place))
        for number in range(BENCHES):
            asked = psp.EnrolRequest(
                token=enrolment.make_enrol_token(server, SITE),
                station_id=station_of(number),
                pubkey=key_of(number).public,
                name=f"{number:02d}",
            )
            enrolment.enrol(server, asked)

    def copy(self) -> Any:  # noqa: ANN401 - the driver has no types
        """A backup."""
        kept = pysqlite3.connect(":memory:")
        self._raw().backup(kept)
        return kept

    def put_back(self, kept: Any) -> None:  # noqa: ANN401 - as above
        """What ``copy`` gave."""
        kept.backup(self._raw())

    def _raw(self) -> Any:  # noqa: ANN401 - as above
        connection = self.engine.raw_connection()
        try:
            return connection.driver_connection
        finally:
            connection.close()


class Backend:
    """The server of one seed."""

    def __init__(self, world: World, database: Database) -> None:
        """As the template has it."""
        self.world, self.database = world, database
        database.kill = ""
        database.put_back(database.template)
        self.clock = SimClock(world)
        self._ids = SimIds("server")
        self.server = self._started()
        self.up = True
        self.shedding = 0.0  # share of requests that are answered 429 or 503
        self.backup: Any = None
        self.restored = 0
        self.revoked: dict[str, float] = {}
        self.ended: dict[tuple[str, str], int] = {}  # streams that may grow no more

    def _started(self) -> Server:
        return Server(self.database.store, clock=self.clock, ids=self._ids)

    def answer(self, sent: Sent) -> Answer:
        """What the server says.

        Raises:
            Died: it does not live to say it.
        """
        self.database.asked = True
        try:
            document = self._do(sent)
        except Died:
            self._dead()
            raise
        except Exception as exc:  # noqa: BLE001 - told apart here, as the application does
            return self._refusal(exc)
        finally:
            self.database.asked = False
        if self.database.kill == "answer":
            self.database.kill = ""
            self._dead()
            raise Died
        content = b"" if document is None else msgspec.json.encode(document)
        return Answer(204 if document is None else 200, content)

    def _refusal(self, exc: Exception) -> Answer:
        if not isinstance(exc, problems.Problem | msgspec.MsgspecError):
            self.world.wrong(f"I9 the server failed: {type(exc).__name__}: {str(exc)[:300]}")
            return Answer(500, b"")
        response = problems.as_problem(exc).response()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, bytes(response.body), headers)

    def _do(self, sent: Sent) -> object:
        server = self.server
        if self.world.chance(self.shedding):
            status = self.world.random.choice((429, 503))
            wait = str(self.world.random.randint(1, 5))
            raise problems.Problem(status, "busy", headers={"Retry-After": wait})
        if sent.path == "/v1/hello":
            with server.store.read() as connection:
                gen = generation(connection)
            return psp.Hello(gen=gen, now=stamp(server.clock.now()), encodings=ENCODINGS)
        caller = access.signed(server, _request(sent), sent.body)
        encoding = dict(sent.headers).get(b"content-encoding", b"").decode()
        body = plain(sent.body, encoding, psp.MAX_PUSH_BYTES)
        return _DOES[sent.method, sent.path](server, caller, sent.query, body)

    def _dead(self) -> None:
        """The process is gone; another one starts a little later on the same database."""
        self.up = False
        self.world.tell("server died")
        self.world.after(self.world.random.uniform(0.5, 20.0), self.start)

    def start(self) -> None:
        """Serve again."""
        self.server, self.up = self._started(), True

    def keep_backup(self) -> None:
        """Of this moment."""
        self.backup = self.database.copy()

    def restore(self) -> None:
        """Put the backup back, as an operator does: the generation rises by ``restores``."""
        if self.backup is None:
            return
        with self.server.store.read() as connection:
            known = generation(connection)
        self.database.put_back(self.backup)
        self.server = self._started()
        # A copy does not know how often later ones were restored; the tool that does is told.
        gen = restores.begin(self.server)
        while gen <= known:
            gen = restores.begin(self.server)
        self.restored += 1
        self.ended.clear()
        with self.server.store.read() as connection:
            gone = connection.scalars(
                select(STATION.c.station).where(STATION.c.revoked.isnot(None))
            )
            self.revoked = dict.fromkeys(gone, self.world.now)
        self.world.tell(f"server restored, generation {gen}")

    def revoke(self, station: str) -> None:
        """From now on nothing of it counts."""
        enrolment.revoke(self.server, SITE, station)
        self.revoked[station] = self.world.now
        self._end(STREAM.c.station == station)

    def close(self, station: str, epoch: str) -> None:
        """From now on nothing of this epoch counts."""
        enrolment.close_epoch(self.server, SITE, station, epoch)
        self._end(STREAM.c.epoch == epoch)

    def _end(self, where: ColumnElement[bool]) -> None:
        with self.server.store.read() as connection:
            for row in connection.execute(select(STREAM).where(where)):
                self.ended[row.station, row.epoch] = row.hw

    def import_orders(self, random: Random, count: int) -> None:
        """An office sends orders, some of them changed."""
        with self.server.store.write() as connection:
            for _ in range(count):
                order = order_of(random.randrange(60), random.randint(1, 3))
                shelves.put_order(self.server, connection, SITE, order)
        self.server.bell.ring()


def _request(sent: Sent) -> Request:
    scope = {
        "type": "http",
        "method": sent.method,
        "path": sent.path,
        "raw_path": sent.path.encode(),
        "query_string": sent.query.encode(),
        "headers": list(sent.headers),
        "server": ("sim", 80),
        "scheme": "http",
    }
    return Request(scope)


def _changes(server: Server, caller: access.StationCaller, query: str, _: bytes) -> object:
    asked = dict(part.split("=", 1) for part in query.split("&"))
    return rows.changes(server, caller.site, asked.get("cursor", ""), int(asked["limit"]))


def _lease(server: Server, caller: access.StationCaller, _: str, body: bytes) -> object:
    return pools.lease(server, caller, msgspec.json.decode(body, type=psp.LeaseRequest))


def _status(server: Server, caller: access.StationCaller, _: str, body: bytes) -> None:
    statuses.put(server, caller, msgspec.json.decode(body, type=statuses.Status))


def _push(server: Server, caller: access.StationCaller, _: str, body: bytes) -> object:
    return journal.push(server, caller, body)


_Does = Callable[[Server, access.StationCaller, str, bytes], object]
_DOES: Final[Mapping[tuple[str, str], _Does]] = {
    ("POST", "/v1/journal"): _push,
    ("GET", "/v1/changes"): _changes,
    ("POST", "/v1/pools/lease"): _lease,
    ("PUT", "/v1/status"): _status,
}
