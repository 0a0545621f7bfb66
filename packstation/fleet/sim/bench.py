"""A bench: its disk, its journal and its syncer are real; a packer's hands come from the seed."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec

from packstation.client.syncer import Syncer
from packstation.domain.events import Event, decode
from packstation.domain.packing import facts as f
from packstation.fleet.sim.backend import CARRIER, SERVICE, key_of, station_of
from packstation.fleet.sim.network import Network, SimWire
from packstation.fleet.sim.world import SimClock, SimIds, SimLoop, World
from packstation.station.pool import NumberPool
from packstation.station.ports import (
    CursorMoved,
    Draft,
    Happening,
    NumbersLeased,
    RowsPulled,
    SyncChanged,
)
from packstation.station.reports import Reports
from packstation.station.sync import JournalPlace, is_urgent
from packstation.storage.journal import SqliteJournalReader
from packstation.storage.store import FILE, Store, open_store

if TYPE_CHECKING:
    import httpx

    from packstation.station.core import Core

_LOW, _LEASE = 3, 6  # numbers: when more are asked for, and how many
_FILES: Final = (FILE, f"{FILE}-wal")
# Facts whose body no server understands: it has to keep them aside and go on.
Poison: Final = cast(
    "Callable[[], f.Fact]",
    msgspec.defstruct("ItemVerified", [("units", str, "many")], bases=(f.Fact,), frozen=True),
)


class _Ear(Reports):
    """The station's own handlers of what the syncer tells, without the rest of the station."""

    def __init__(self, core: object) -> None:
        self._core = cast("Core", core)

    def look_again(self) -> None:
        """No order is open before a packer's eyes."""

    def _forget_old(self, tables: set[str]) -> None:
        """Nothing of the rows is remembered."""

    def _is_open(self, _: str) -> bool:
        return False


class _Reader(SqliteJournalReader):
    """The sender's look at the journal; facts may come between two of them."""

    def __init__(self, path: Path, meanwhile: Callable[[], None]) -> None:
        super().__init__(path)
        self._meanwhile = meanwhile

    def events(self, place: JournalPlace, after: int, count: int) -> tuple[Event, ...]:
        self._meanwhile()
        return super().events(place, after, count)


class Bench:
    """One PC; ``name`` tells two apart that have one disk's copy."""

    def __init__(
        self,
        world: World,
        network: Network,
        http: httpx.Client,
        number: int,
        place: tuple[str, Path],
    ) -> None:
        """Open what lies in the folder of ``place``; its first part is the name."""
        self.world, self.network, self._http, self.number = world, network, http, number
        self.name, self._root = place
        self.clock, self.ids = SimClock(world), SimIds(self.name)
        self.green: dict[str, None] = {}  # ids of facts that the packer saw taken
        self.acked: dict[str, None] = {}  # ids of facts that the server said it had
        self.up, self.alarms, self.orders = False, 0, 0
        self.rolled_back, self.idle = False, False  # idle: the packer has gone home
        self._lives = 0
        self._inbox: deque[Happening] = deque()
        self._image: Path | None = None

    # --- power ------------------------------------------------------------------------------

    @property
    def _folder(self) -> Path:
        return self._root / f"{self.name}-{self._lives}"

    def open(self) -> None:
        """Start the program on the disk as it is."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self.store: Store = open_store(
            self._folder / FILE, station=station_of(self.number), clock=self.clock, ids=self.ids
        )
        self.pool = NumberPool()
        leased = self.store.events.bench_events(("PoolLeased", "NumberUsed"))
        self.pool.apply_all(_facts(leased))
        self._inbox.clear()
        desk = SimpleNamespace(online=False, waiting=0, earcon="", offline_since=None)
        self.desk = desk
        core = SimpleNamespace(
            desk=desk,
            clock=self.clock,
            store=self.store.events,
            cache=self.store.orders,
            record=lambda fact: self.write("", None, fact),
        )
        self._ear = _Ear(core)
        self.up = True
        known = {row[0] for row in self.query("SELECT id FROM event")}
        if missing := self.green.keys() - known:
            self.world.wrong(f"I1 {self.name} lost {len(missing)} green facts on its own disk")
        self.green = dict.fromkeys(sorted(known))
        self._sync()
        self.world.tell(f"{self.name} up at {self.store.events.head().seq}")

    def _sync(self) -> None:
        def wire() -> SimWire:
            key = key_of(self.number)
            return SimWire(self._http, key, self.clock, self.network, self.name, self._meanwhile)

        def loop(_: str, turn: Callable[[], float], end: Callable[[], None]) -> SimLoop:
            return SimLoop(self.world, self.clock, turn, end, self._pause)

        self.syncer = Syncer(
            (wire(), wire()),
            _Reader(self._folder / FILE, self._meanwhile),
            self._post,
            clock=self.clock,
            ids=self.ids,
            chance=self.world.random.random,
            acknowledged=self.store.events.acknowledged(),
            loop=loop,
        )
        self.syncer.start()

    def down(self, *, torn: bool = False) -> None:
        """The power goes; ``torn``: in the middle of a commit, some of which reached the disk."""
        if not self.up:
            return
        wal = self._folder / _FILES[1]
        before = wal.stat().st_size if wal.exists() else 0
        if torn:
            seen = dict(self.green)
            self._act()
            self.green = seen
        self._lives += 1
        old = self._root / f"{self.name}-{self._lives - 1}"
        _copy(old, self._folder)
        after = wal.stat().st_size if wal.exists() else 0
        if torn and after > before:
            with (self._folder / _FILES[1]).open("r+b") as file:
                file.truncate(self.world.random.randint(before, after))
        self._end(old)
        self.world.tell(f"{self.name} down{' torn' if torn else ''}")

    def _end(self, folder: Path) -> None:
        self.up = False
        self.syncer.close()
        self.store.close()
        shutil.rmtree(folder)

    def close(self) -> None:
        """At the end."""
        if self.up:
            self._end(self._folder)

    def keep_image(self) -> None:
        """Somebody copies the disk."""
        if self.up:
            self._image = self._root / f"{self.name}-image"
            _copy(self._folder, self._image)

    def put_image_back(self) -> None:
        """The copy takes the place of the disk, with all that was forgotten since."""
        if self._image is None or not self.up:
            return
        self.down()
        shutil.rmtree(self._folder)
        _copy(self._image, self._folder)
        self.green, self.rolled_back = {}, True
        self.world.tell(f"{self.name} has its old disk")
        self.open()

    def clone(self, place: tuple[str, Path]) -> Bench:
        """Another PC with a copy of this disk."""
        twin = Bench(self.world, self.network, self._http, self.number, place)
        twin.orders = 1000
        _copy(self._folder, twin._folder)
        twin.open()
        return twin

    # --- the main thread --------------------------------------------------------------------

    def _post(self, happening: Happening) -> None:
        self._inbox.append(happening)
        self.world.after(self.world.random.uniform(0.001, 0.3), self.handle)

    def handle(self) -> None:
        """Take in what the syncer told."""
        while self.up and self._inbox:
            self._heard(self._inbox.popleft())

    def _heard(self, happening: Happening) -> None:
        match happening:
            case SyncChanged():
                epoch = self.store.events.head().epoch
                self._ear.sync(happening)
                if self.store.events.head().epoch != epoch:
                    self.alarms += 1
                    self.world.tell(f"{self.name} {happening.cause} at {happening.at}")
            case CursorMoved():
                self._ear.cursor(happening)
                self._note_acked()
            case NumbersLeased():
                self._ear.leased(happening)
            case RowsPulled():
                self._pulled(happening)

    def _note_acked(self) -> None:
        events = self.store.events
        where = "SELECT id FROM event WHERE epoch = ? AND seq <= ?"
        for row in self.query(where, events.head().epoch, events.acknowledged()):
            self.acked[row[0]] = None

    def _pulled(self, pulled: RowsPulled) -> None:
        """Rows of orders with facts that the server has not must stay as they are (I8)."""
        events = self.store.events
        held = {
            row[0]: row[1]
            for row in self.query(
                'SELECT order_id, rev FROM order_row WHERE order_id IN (SELECT "order" FROM event'
                " WHERE epoch = ? AND seq > ?)",
                events.head().epoch,
                events.acknowledged(),
            )
        }
        self._ear.rows(pulled)
        for order, rev in held.items():
            now = self.query("SELECT rev FROM order_row WHERE order_id = ?", order)
            if now != [(rev,)]:
                self.world.wrong(f"I8 {self.name}: {order} changed under facts that wait")

    def _meanwhile(self) -> None:
        """While a thread waits for the server, a packer goes on now and then."""
        if self.up and not self.idle and self.world.chance(0.15):
            self.handle()
            self._act()

    def _pause(self, _: float) -> None:
        if self.world.chance(0.7):
            self.handle()

    def query(self, sql: str, *args: object) -> list[Any]:
        """Rows of this disk."""
        return self.store.database.raw.execute(sql, args).fetchall()

    # --- the packer -------------------------------------------------------------------------

    def work(self) -> None:
        """One thing done at the bench."""
        if self.up:
            self.handle()
            self._act()

    def _act(self) -> None:
        random = self.world.random
        opened = self.store.events.open_sessions()
        if opened and random.random() < 0.75:
            self._go_on(random.choice(opened))
        else:
            self._begin()

    def _begin(self) -> None:
        number = self.number + 4 * self.orders
        self.orders += 1
        order = f"O-{number:03d}"
        plan = f.LinePlan(line=1, sku="SKU-0", quantity=2, unit_g=180)
        opened = f.SessionOpened(order_id=order, rev=1, lines=(plan,), parcel_id=f"p-{order}")
        self.write(self.ids.new(), order, opened)

    def _go_on(self, session: str) -> None:
        events = self.store.events.session_events(session)
        order = events[0].order
        kinds = [event.kind for event in events]
        if kinds.count("ItemVerified") < 2:
            fact = f.ItemVerified(line=1, sku="SKU-0", code="6901234567892")
            self.write(session, order, fact)
        elif self.world.chance(0.1):
            self.write(session, order, f.SessionCancelled(reason="other"))
        else:
            self._finish(session, order, len(kinds))

    def _finish(self, session: str, order: str | None, attempt: int) -> None:
        today = self.clock.now().date().isoformat()
        key = f"p-{order}/{attempt}"
        used = self.pool.take(CARRIER, SERVICE, key, today)
        label = f.LabelIssued(
            key=key,
            waybill=used.number if used else f"ON-{session}",
            carrier=CARRIER,
            service=SERVICE,
        )
        burned = (used,) if used else ()
        self.write(session, order, *burned, label, f.SessionCompleted())

    def poison(self) -> None:
        """A fact that the server cannot understand."""
        if self.up:
            self.write(self.ids.new(), None, Poison())

    def write(self, session: str, order: str | None, *facts: f.Fact) -> None:
        """Commit facts, as the station does, and tell the syncer."""
        drafts = [Draft(fact=fact, session=session, actor="P-1", order=order) for fact in facts]
        made = self.store.events.append(drafts)
        self.pool.apply_all(facts)
        self.green.update((record.event.id, None) for record in made)
        self.syncer.wake(urgent=is_urgent(type(fact).__name__ for fact in facts))
        if self.pool.left(CARRIER, SERVICE, "2026-11-21") < _LOW:
            newest = self.pool.newest(CARRIER, SERVICE)
            self.syncer.want_numbers(CARRIER, SERVICE, _LEASE, newest)


def _facts(events: Any) -> list[f.Fact]:  # noqa: ANN401 - events of the store
    return [decode(event.kind, event.v, event.body) for event in events]


def _copy(source: Path, target: Path) -> None:
    """The disk as a cut of power leaves it between two commits."""
    target.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        if (source / name).exists():
            shutil.copyfile(source / name, target / name)
        else:
            (target / name).unlink(missing_ok=True)
