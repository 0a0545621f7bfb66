"""All in one: server, simulated bench, window; a person or a robot packs."""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.bootstrap.server import connect_to
from packstation.bootstrap.station import OpenStation, Setup, open_station
from packstation.client.enrol import Enrolment, enrol, enrolment_of
from packstation.client.wire import Access
from packstation.demo import samples, summary
from packstation.demo.eyes import Eyes
from packstation.demo.faults import Plan, plan
from packstation.demo.goods import Goods
from packstation.demo.office import DemoOffice, sample_shift
from packstation.demo.robot import Robot, Shift
from packstation.devices.sim.bench import SimBench
from packstation.domain.errors import SettingsError
from packstation.domain.orders import Order
from packstation.domain.packing import State
from packstation.station.views import StationView
from packstation.storage.store import Store

log = logging.getLogger(__name__)

BENCH = "07"
SYNC_S = 30.0


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for; ``out`` is DIR of FORMATS.md."""

    out: Path
    orders: int = 20
    seed: int = 1
    resume: bool = False
    shots: bool = True


class World:
    """Everything round the window: office, simulated devices, the bench's enrolment."""

    def __init__(self, options: Options) -> None:
        self.options = options
        _prepare(options)
        self.orders = sample_shift(options.orders, options.out)
        self.office = DemoOffice(options.out)
        self.office.fill(self.orders)
        self.bench = SimBench(options.out / "tray", seed=options.seed)
        self.enrolment = _enrol(self.office, options.out)

    def open(
        self, post: Callable[[Any], None], publish: Callable[[StationView], None]
    ) -> OpenStation:
        """The bench, joined to the office."""
        setup = Setup(
            data=self.options.out,
            station=self.enrolment.station_id,
            bench=BENCH,
            devices=self.bench.configs(),
        )
        return open_station(setup, post, publish, connect_to(self.enrolment, self.options.out))

    def close(self) -> None:
        """Stop what was started."""
        self.bench.close()
        self.office.server_down()


def _prepare(options: Options) -> None:
    """A fresh DIR, or the one of an interrupted run."""
    out = options.out
    if out.exists() and any(out.iterdir()) and not options.resume:
        if not (out / "station.sqlite3").exists():
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


@dataclass(slots=True)
class Outcome:
    """What a headless run came to."""

    ok: bool
    document: Mapping[str, Any]
    failure: str = ""


def headless(options: Options) -> Outcome:
    """A robot packs through the same window offscreen; answers the summary."""
    world = World(options)
    try:
        return _pack(world, options)
    finally:
        world.close()


def _pack(world: World, options: Options) -> Outcome:
    from packstation.demo.stage import OffscreenStage

    begun, eyes = time.monotonic(), Eyes()
    stage = OffscreenStage(eyes, options.out / "screens" if options.shots else None)
    opened = world.open(stage.post, stage.publish)
    try:
        stage.connect(opened.station.handle)
        troubles = _plan(world.orders, options.seed)
        shift = Shift(packer(), world.orders, goods())
        robot = Robot(world.bench, eyes, shift, troubles, world.office)
        robot.already(_packed(opened.store, world.orders))
        stage.run(robot)
        _settle(opened, stage)
        document = _summarise(world, opened, troubles, eyes, begun)
    finally:
        opened.close()
    return Outcome(not robot.failure and bool(document["folds_equal"]), document, robot.failure)


def _plan(orders: tuple[Order, ...], seed: int) -> Plan:
    several = [o.order_id for o in orders if len(o.lines) > 1]
    return plan([o.order_id for o in orders], several, seed)


def _packed(store: Store, orders: tuple[Order, ...]) -> set[str]:
    """Orders that need nothing more: completed, or put back."""
    ended = set(store.events.open_sessions())
    found = {o.order_id: store.events.last_session(o.order_id) for o in orders}
    return {order_id for order_id, s in found.items() if s is not None and s not in ended}


def _settle(opened: OpenStation, stage: Any) -> None:  # noqa: ANN401 - the stage of this run
    """Let the journal reach the server."""
    events = opened.store.events
    opened.sync.wake(urgent=True)
    stage.wait(lambda: events.acknowledged() >= events.head().seq, SYNC_S)


def _summarise(
    world: World, opened: OpenStation, troubles: Plan, eyes: Eyes, begun: float
) -> Mapping[str, Any]:
    run = summary.Run(world.options.out, opened.store.events, world.bench.view().papers)
    own = run.sessions(world.orders)
    equal = all(_same(world.office.fold(s), fold) for s, fold in own.items())
    path = summary.write(
        world.options.out,
        seed=world.options.seed,
        orders=run.orders(world.orders),
        faults=troubles.faults,
        scan_ns=eyes.scan_ns,
        folds_equal=equal,
        duration_s=time.monotonic() - begun,
    )
    document: Mapping[str, Any] = json.loads(path.read_bytes())
    return document


def _same(server: Mapping[str, Any], own: Any) -> bool:  # noqa: ANN401 - a Session
    import msgspec

    mine = json.loads(msgspec.json.encode(own))
    return dict(server) == mine and own.state in State
