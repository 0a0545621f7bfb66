"""The training room: simulated devices, a station of its own, and the course over it.

Everything of it lies in a folder of its own, which begins empty each time: nothing that is packed
there is an order of the shop, and its journal is sent to nobody. Only who passed what goes into the
bench's own journal (`Learning`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import asdict, replace

from packstation.bootstrap import practice
from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.bootstrap.offline import NoLabels
from packstation.bootstrap.station import OpenStation, Server, Setup, open_station
from packstation.devices.sim.bench import SimBench
from packstation.domain.events import decode
from packstation.domain.orders import Order
from packstation.domain.packing import IDLE
from packstation.domain.packing.facts import Fact
from packstation.domain.packing.training_facts import LessonEnded
from packstation.domain.psp import PersonBody
from packstation.domain.training import Act, Lesson, Standing, standings
from packstation.station.core import BENCH_STREAM
from packstation.station.course import Course, Windows
from packstation.station.flow_state import FlowState
from packstation.station.ports import (
    CodeScanned,
    CursorMoved,
    Draft,
    EventStore,
    Happening,
    NumbersLeased,
    PersonRow,
    Post,
    Row,
    RowsPulled,
    SyncChanged,
)
from packstation.station.views import StationView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packstation.station.claim_ports import ClaimsAsked
    from packstation.storage.store import Store

FOLDER: Final = "training"
STATION: Final = "training"
_LEASE: Final = NumbersLeased("practice", "chinapost", "e-packet", "LP", "CN", 10000000, 10009999)


class OwnSync:
    """``station.ports.Sync`` of a bench that is its own server: nothing leaves it."""

    def __init__(self, events: EventStore, post: Post) -> None:
        self._events, self._post = events, post
        post(SyncChanged(online=True, waiting=0))

    def wake(self, *, urgent: bool = False) -> None:
        """What is there counts as sent, so that changed orders are taken at once."""
        del urgent
        self._post(CursorMoved(self._events.head().seq, 1))

    def want_numbers(self, carrier: str, service: str, count: int, after: str = "") -> None:
        """The numbers of the room are there from the start."""

    def claims(self, asked: ClaimsAsked) -> None:
        """Nobody else packs here."""

    def report(self, status: Mapping[str, object]) -> None:
        """Nobody looks."""

    def close(self) -> None:
        """Nothing runs."""


class Bench:
    """`packstation.station.course.LessonBench` over simulated devices."""

    def __init__(self, folder: Path, bench: str, people: Sequence[PersonRow], post: Post) -> None:
        """The room is cleared first; ``people`` may sign in, and the sample supervisor too."""
        shutil.rmtree(folder, ignore_errors=True)
        self._folder, self._name, self._post = folder, bench, post
        self.goods = practice.goods()
        helper = practice.may_release(self.goods.people)
        known = [PersonBody(**{**asdict(row), "prefs": dict(row.prefs)}) for row in people]
        self.people = (*(known or self.goods.people), *([helper] if known else []))
        self.sim = SimBench(folder / "bench", print_s=0.4)
        self.opened: OpenStation | None = None
        self.orders: tuple[Order, ...] = ()
        self._clock, self._run, self._rev = SystemClock(), 0, 1

    def open(self, publish: Callable[[StationView], None]) -> OpenStation:
        """Open the station; its goods, boxes, people and numbers arrive as from a server."""
        setup = Setup(self._folder, STATION, self._name, self.sim.configs(), training=True)
        self.opened = open_station(setup, self._post, publish, self._server)
        self._pull(tuple(practice.rows_of(self.goods, self.people)))
        self._post(_LEASE)
        return self.opened

    def _server(self, store: Store, post: Post) -> Server:
        return Server(OwnSync(store.events, post), NoLabels())

    def _pull(self, rows: tuple[Row, ...]) -> None:
        self._rev += 1
        self._post(RowsPulled(rows, str(self._rev), 1))

    # --- a lesson ---------------------------------------------------------------------------

    def handle(self, happening: Happening) -> None:
        """See ``LessonBench``."""
        if self.opened is not None:
            self.opened.station.handle(happening)

    def lay_out(self, lesson: Lesson) -> None:
        """See ``LessonBench``."""
        self._run += 1
        self._mend()
        if self.opened is not None:
            core = self.opened.station.core
            core.resume("", IDLE)
            core.desk.forget_order()
            core.desk.alert, core.desk.verdict, core.desk.page = None, None, ""
            core.desk.flow = FlowState()
        gone = [Row("order", order.order_id, self._rev + 1, "del", {}) for order in self.orders]
        self.orders = practice.orders_of(lesson, self._run, self._clock.now(), self.goods.pattern)
        rows = [practice.order_row(order, self._rev + 1) for order in self.orders]
        self._pull((*gone, *rows))

    def _mend(self) -> None:
        """Whatever was broken in the lesson before is whole again."""
        for device, fault in self.sim.view().faults:
            self.sim.set_fault(device, fault, False)  # noqa: FBT003 - a switch
        self.sim.place(0)

    def act(self, act: Act) -> None:
        """See ``LessonBench``; a change of an order comes as from the server."""
        if act.does == "fault":
            self.sim.set_fault(act.device, act.fault, act.on)
            return
        order = self.orders[act.order - 1]
        if act.does == "cancel":
            order = replace(order, status="cancelled")
        hold = "practice" if act.does == "hold" else ""
        self._pull((practice.order_row(order, self._rev + 1, hold),))

    def post_badge(self, badge: str) -> None:
        """Somebody's badge is scanned, once people are known."""
        self._post(CodeScanned(f"%PB:{badge}", source="scanner"))

    def close(self) -> None:
        """Stop station and devices; the room is cleared when it is next opened."""
        if self.opened is not None:
            self.opened.station.sign_out("training")
            self.opened.close()
        self.sim.close()


class JournalLearning:
    """`packstation.station.course.Learning` in the bench's own journal."""

    def __init__(self, store: EventStore, record: Callable[[Fact], None] | None = None) -> None:
        """``record`` is a running bench's; without one nothing else writes the journal."""
        self._store = store
        self.note = record or self._append

    def _append(self, fact: Fact) -> None:
        """A fact of the bench, by the person it is about."""
        person = str(getattr(fact, "person", ""))
        self._store.append([Draft(fact, BENCH_STREAM, person)])

    def standings(self) -> tuple[Standing, ...]:
        """Of everybody who learned at this bench."""
        events = self._store.bench_events([LessonEnded.__name__])
        decoded = ((event.at, decode(event.kind, event.v, event.body)) for event in events)
        return standings((at, fact) for at, fact in decoded if isinstance(fact, LessonEnded))


def own_store(folder: Path, station: str) -> Store:
    """The bench's own database, for the record of who passed what.

    Raises:
        StorageError: see ``open_store``; the bench itself is running, for one.
    """
    from packstation.storage.store import FILE, open_store

    return open_store(folder / FILE, station=station, clock=SystemClock(), ids=Uuid7Ids())


class Room:
    """Bench and course; ``handle`` takes what window and devices report."""

    def __init__(self, bench: Bench, learning: JournalLearning, windows: Windows) -> None:
        self.bench = bench
        self.course = Course(bench, learning, SystemClock(), windows)

    def open(self, badge: str = "") -> None:
        """Open the station; ``badge`` is who stands there already."""
        opened = self.bench.open(self.course.show)
        opened.station.core.hooks.append(self.course.told)
        if badge:
            self.bench.post_badge(badge)

    def handle(self, happening: Happening) -> None:
        """On the main thread only."""
        self.course.handle(happening)

    def close(self) -> None:
        """Clear up."""
        self.bench.close()
