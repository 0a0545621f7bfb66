"""All in one: server, simulated bench, window; a person or a robot packs."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct

from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.bootstrap.server import connect_to
from packstation.bootstrap.station import OpenStation, Setup, open_station
from packstation.client.enrol import enrol
from packstation.client.enrolment import Enrolment, enrolment_of
from packstation.client.wire import Access
from packstation.demo import lanes, samples, summary
from packstation.demo.dock import Dock, figures, loads
from packstation.demo.eyes import Eyes
from packstation.demo.faults import Plan, plan
from packstation.demo.goods import Goods
from packstation.demo.office import DemoOffice, sample_shift
from packstation.demo.robot import Robot, Shift
from packstation.devices.sim.bench import SimBench
from packstation.devices.sim.models import BenchModels
from packstation.domain.errors import SettingsError
from packstation.domain.handover import manifests as m
from packstation.domain.orders import Order
from packstation.domain.packing import Session
from packstation.station.views import StationView
from packstation.storage.store import Store

if TYPE_CHECKING:
    from packstation.demo.stage import OffscreenStage

BENCH: Final = "07"
# An offline bench looks for its server every 5 to 15 s.
SYNC_S: Final = 40.0
PEOPLE_S: Final = 10.0
STATION_FILE: Final = "station.sqlite3"

Tell = Callable[[str], None]


class Options(Struct, frozen=True):
    """What the command line asks for; ``out`` is DIR of FORMATS.md.

    ``destinations``: an order to each of twelve, by services of every kind and without troubles;
    ``badge`` of the packer, "" for the first one.
    """

    out: Path
    orders: int = 20
    seed: int = 1
    resume: bool = False
    shots: bool = True
    models: BenchModels = BenchModels()
    destinations: bool = False
    badge: str = ""


class World:
    """Everything round the window: office, simulated devices, the bench's enrolment."""

    def __init__(self, options: Options) -> None:
        self.options = options
        _prepare(options)
        self.orders = sample_shift(options.orders, options.out, abroad=options.destinations)
        self.office = DemoOffice(options.out)
        try:
            self.office.fill(self.orders, lanes.POOLS)
            self.enrolment = _enrol(self.office, options.out)
        except BaseException:
            # Its thread would keep the program from ending.
            self.office.close()
            raise
        self.bench = SimBench(options.out / "tray", seed=options.seed, models=options.models)

    def open(
        self, post: Callable[[Any], None], publish: Callable[[StationView], None]
    ) -> OpenStation:
        """The bench, joined to the office."""
        setup = Setup(
            data=self.options.out,
            station=self.enrolment.station_id,
            bench=BENCH,
            devices=self.bench.configs(),
            prints=lanes.PRINTS if self.options.destinations else lanes.SHIFT_PRINTS,
            tariffs=lanes.gathered("tariffs", self.options.out),
            services=lanes.gathered("services", self.options.out),
            unaged=True,
        )
        return open_station(setup, post, publish, connect_to(self.enrolment, self.options.out))

    def close(self) -> None:
        """Stop what was started."""
        self.bench.close()
        self.office.close()


def _prepare(options: Options) -> None:
    """A fresh DIR, or the one of an interrupted run."""
    out = options.out
    if out.exists() and any(out.iterdir()) and not options.resume:
        if not (out / STATION_FILE).exists():
            raise SettingsError(name="out", value=str(out), allowed="an empty folder, or a demo's")
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)


def _enrol(office: DemoOffice, folder: Path) -> Enrolment:
    """The bench's place at its server, whose port may be another after a restart."""
    known = enrolment_of(folder)
    if known is not None and known.server_url == office.url:
        return known
    station = known.station_id if known else Uuid7Ids().new()
    return enrol(
        Access(office.url), office.enrol_token(), station, BENCH, folder, clock=SystemClock()
    )


def goods() -> Goods:
    """The shelf of the samples."""
    boxes = [carton for carton in samples.cartons() if carton.kind == "box"]
    largest = max(boxes, key=lambda box: box.inner_mm[0] * box.inner_mm[1] * box.inner_mm[2])
    return Goods({product.sku: product for product in samples.products()}, largest.code)


def packer() -> str:
    """The first packer's badge."""
    return next(person.badge for person in samples.people() if person.role == "packer")


class Outcome(Struct, frozen=True):
    """What a headless run came to: the summary, why the robot gave up, the faults it met."""

    document: Mapping[str, Any]
    failure: str
    all_seen: bool

    @property
    def ok(self) -> bool:
        """Every order through, every fault seen, the server's folds equal to the bench's."""
        return not self.failure and self.all_seen and bool(self.document["folds_equal"])


def headless(options: Options, tell: Tell = lambda _: None) -> Outcome:
    """A robot packs through the same window offscreen; answers the summary.

    ``tell`` is given a line for each order that is through.
    """
    # Before Qt is imported; a display that happens to be there stays unused.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    world = World(options)
    try:
        return _pack(world, options, tell)
    finally:
        world.close()


def _pack(world: World, options: Options, tell: Tell) -> Outcome:
    from packstation.demo.stage import OffscreenStage

    begun, eyes = time.monotonic(), Eyes()
    stage = OffscreenStage(eyes, options.out / "screens" if options.shots else None)
    opened = world.open(stage.post, stage.publish)
    try:
        stage.connect(opened.station.handle)
        opened.begin()
        troubles = _plan(world.orders, options)
        badge = options.badge or packer()
        shift = Shift(badge, [order.order_id for order in world.orders], goods())
        robot = Robot(world.bench, eyes, shift, troubles, world.office)
        robot.already(_packed(opened.store, world.orders))
        robot.progress = lambda order, done, of: tell(f"{done}/{of} {order}")
        tell("ready")
        # A badge that is scanned before anybody is known here is refused, which is no fault to see.
        stage.wait(lambda: _ready(opened), PEOPLE_S)
        stage.run(robot)
        if not robot.failure:
            robot.failure = _hand_over(world, opened, stage, eyes, badge)
        if not _settled(opened, stage):
            robot.failure = robot.failure or "the server has not got everything"
        document = _summarise(world, opened, troubles, eyes, begun)
    finally:
        opened.close()
        stage.close()
    return Outcome(document, robot.failure, troubles.all_seen)


def _hand_over(
    world: World, opened: OpenStation, stage: OffscreenStage, eyes: Eyes, badge: str
) -> str:
    """What was packed goes to its carriers; why not, or ""."""
    run = summary.Run(world.options.out, opened.store.events, world.bench.papers())
    todo = loads(run.sessions(world.orders).values(), _lists(opened))
    dock = Dock(world.bench, eyes, stage.post, todo, badge)
    if todo:
        stage.run(dock)
    return dock.failure


def _lists(opened: OpenStation) -> m.Manifests:
    """The lists of this bench."""
    return m.fold(opened.station.core.facts_of([kind.__name__ for kind in m.FACTS]), {})


def _ready(opened: OpenStation) -> bool:
    """People are known here, and numbers of every pool."""
    pools = {str(pool["service"]) for pool in lanes.POOLS}
    leased = opened.store.events.bench_events(("PoolLeased",))
    here = {str(event.body["service"]) for event in leased}
    return bool(opened.store.orders.people()) and pools <= here


def _plan(orders: tuple[Order, ...], options: Options) -> Plan:
    if options.destinations:
        return Plan()
    several = [o.order_id for o in orders if len(o.lines) > 1]
    made = plan([o.order_id for o in orders], several, options.seed)
    made.folder = options.out
    made.recall()
    return made


def _packed(store: Store, orders: tuple[Order, ...]) -> set[str]:
    """Orders that need nothing more: completed, or put back."""
    ended = set(store.events.open_sessions())
    found = {o.order_id: store.events.last_session(o.order_id) for o in orders}
    return {order_id for order_id, s in found.items() if s is not None and s not in ended}


def _settled(opened: OpenStation, stage: OffscreenStage) -> bool:
    """Let the journal reach the server; it may just be waiting to look for it again."""
    events = opened.store.events
    opened.sync.wake(urgent=True)
    return stage.wait(lambda: events.acknowledged() >= events.head().seq, SYNC_S)


def _summarise(
    world: World, opened: OpenStation, troubles: Plan, eyes: Eyes, begun: float
) -> Mapping[str, Any]:
    run = summary.Run(world.options.out, opened.store.events, world.bench.papers())
    own = run.sessions(world.orders)
    equal = all(_same(world.office.fold(s), fold) for s, fold in own.items())
    orders = run.orders(world.orders)
    document = {
        "schema": "packstation.demo/1",
        "seed": world.options.seed,
        "orders": orders,
        "faults": summary.faults(troubles.faults),
        "scan_ms": summary.percentiles(eyes.scan_ns),
        "counts": summary.counts(orders) | {"scans": eyes.scans, "timed": len(eyes.scan_ns)},
        "handover": figures(_lists(opened)),
        "folds_equal": equal,
        "duration_s": round(time.monotonic() - begun, 1),
    }
    summary.write(world.options.out, document)
    return document


def _same(server: Mapping[str, Any], own: Session) -> bool:
    return bool(dict(server) == msgspec.json.decode(msgspec.json.encode(own)))
