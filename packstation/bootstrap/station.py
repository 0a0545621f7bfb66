"""Puts a bench together: journal, cache, devices, documents, syncer, station."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from packstation.assets import resource
from packstation.bootstrap.carried import CarriedFiles
from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.bootstrap.films import BenchFilmer
from packstation.bootstrap.help_files import HelpFiles
from packstation.bootstrap.interpreter import resume, settle, short_turns
from packstation.bootstrap.late import LateDocuments, LateRater, server_of
from packstation.bootstrap.offline import NoLabels, NoSync
from packstation.bootstrap.photos import BenchPhotographer, BenchShelf, evidence_rules, keeper
from packstation.bootstrap.pins import check_pin
from packstation.bootstrap.portraits import BenchPortraits
from packstation.bootstrap.rules import LateRules, as_reviewed, signed_by, trusted, unaged
from packstation.bootstrap.services import calendars, load_services
from packstation.bootstrap.uploads import BenchUploads
from packstation.bootstrap.work import Pool, Ticker
from packstation.bootstrap.workshop import Keep, Wiring, Workshop
from packstation.devices.bench import DOCUMENTS, DeviceConfig, DeviceTimings, Kept, use
from packstation.devices.leaving import Leaving
from packstation.devices.printers.rows import bench_printers
from packstation.domain.barcodes import parse_code
from packstation.domain.printers import PrintTable, RouteRow, print_table, ruled
from packstation.station.claim_ports import ClaimRules
from packstation.station.core import Core, Ports
from packstation.station.customs import RulesWanted
from packstation.station.desk import Desk, DeviceRecord, ServiceProfile
from packstation.station.device_desk import record_of
from packstation.station.flow import Flow
from packstation.station.frames import FramePort
from packstation.station.gear import Gear
from packstation.station.pedal import Pedals
from packstation.station.ports import (
    DeviceState,
    LabelSource,
    Post,
    Sync,
)
from packstation.station.station import Station
from packstation.station.views import StationView
from packstation.station.wedge import Wedge
from packstation.station.workshop import NewDevice
from packstation.storage.known_devices import FILE as DEVICES_FILE
from packstation.storage.known_devices import KnownDevices
from packstation.storage.log_room import make_room
from packstation.storage.store import FILE, Store, open_store

log = logging.getLogger(__name__)

# What customs may want of a parcel, whatever its service: printed where papers are. The packing
# slip and compliance labels need a row [[print]] of the site.
CUSTOMS_PAPERS: Final = (
    "cn22",
    "cn23",
    "invoice",
    "proforma",
    "packing-list",
    "origin",
    "sli",
    "returns",
)
# Marks to stick on come out of the label printer.
MARKS: Final = ("battery", "battery-preprinted", "class-9", "cargo-only")


class Setup(Struct, frozen=True):
    """One bench: its data folder, its id and name, its devices."""

    data: Path
    station: str
    bench: str
    devices: tuple[DeviceConfig, ...] = ()
    prints: tuple[RouteRow, ...] = ()
    timings: DeviceTimings | None = None
    tariffs: Path = field(default_factory=lambda: resource("tariffs"))
    services: Path = field(default_factory=lambda: resource("services"))
    customs: Path = field(default_factory=lambda: resource("customs"))
    customs_keys: tuple[str, ...] = ()
    keep: Keep | None = None
    leaving: Leaving = field(default_factory=Leaving)
    training: bool = False
    # Customs rules count as reviewed today: of a demonstration or a test, whose goods go nowhere,
    # so that it does not depend on the day. Never of a bench whose parcels leave.
    unaged: bool = False
    # What may be opened while the server is away; None for whatever is there.
    claiming: ClaimRules | None = None


class Sender(Protocol):
    """Sends photos and films in a thread of its own."""

    def start(self) -> None: ...
    def close(self) -> None: ...


SenderOf = Callable[[BenchUploads], Sender]


class Server(Struct, frozen=True):
    """How a bench reaches its server; ``sender`` where it takes photos and films.

    ``files`` answers a file by its SHA-256: labels that carriers made.
    """

    sync: Sync
    labels: LabelSource
    begin: Callable[[], None] = lambda: None
    close: Callable[[], None] = lambda: None
    sender: SenderOf | None = None
    files: Callable[[str], bytes] | None = None


Connect = Callable[[Store, Post], Server]


class OpenStation(Struct, frozen=True):
    """A running bench; close it on the main thread."""

    station: Station
    store: Store
    sync: Sync
    open: ExitStack
    late: tuple[Callable[[], None], ...] = ()
    cameras: Mapping[str, FramePort] = field(default_factory=dict)

    def begin(self) -> None:
        """What a first paint does not need: the server, documents, tariffs; each in a thread."""
        for start in self.late:
            start()

    def close(self) -> None:
        """Stop everything; the journal stays as it is."""
        self.station.stop()
        self.open.close()


def no_server(_: Store, __: Post) -> Server:
    """A bench by itself."""
    return Server(NoSync(), NoLabels())


def open_station(
    setup: Setup,
    post: Post,
    publish: Callable[[StationView], None],
    connect: Connect = no_server,
    wedge: Wedge | None = None,
    pedals: Pedals | None = None,
) -> OpenStation:
    """Open the journal, recover, and show the first view; then the devices.

    ``wedge`` is the window's filter of keyboard scanners, ``pedals`` what it knows of feet: they
    are told what was learned of them.

    Raises:
        StorageError: see ``open_store``.
        SettingsError: a device or service row cannot be used.
    """
    short_turns()
    with ExitStack() as undo:
        return _open(
            setup,
            post,
            publish,
            connect,
            undo,
            Gear(wedge, pedals or Pedals()),
        )


def _open(
    setup: Setup,
    post: Post,
    publish: Callable[[StationView], None],
    connect: Connect,
    undo: ExitStack,
    gear: Gear,
) -> OpenStation:
    """What is opened closes in the opposite order: beat, devices, wires, work, journal."""
    clock, ids = SystemClock(), Uuid7Ids()
    store = open_store(setup.data / FILE, station=setup.station, clock=clock, ids=ids)
    undo.callback(store.close)
    pool = Pool(post)
    undo.callback(pool.close)
    server = _connected(connect(store, post), undo)
    desk = _desk(setup, server)
    ports = Ports(store.events, store.orders, clock, ids, pool, server.sync)
    services = load_services(setup.services)
    desk.printing.table = _table(setup.devices, setup.prints, services)
    core, help_files = Core(ports, desk, services), HelpFiles()
    gear.books = help_files.book
    documents = _documents(setup, rules := _rules(setup), server)
    rater = LateRater(setup.tariffs, core.today, server_of(setup.data))
    wiring = _wiring(setup, desk, post, gear, services)
    flow = Flow(
        core,
        rater=rater,
        labels=server.labels,
        documents=documents,
        printers=wiring.printers,
        rules=rules,
        measurers=wiring.measurers,
    )
    flow.site.shipped = calendars
    core.care = workshop = Workshop(wiring, flow.printing.print_test_label)
    watched = _watched(setup.data, gear, workshop, post, undo)
    uploads = BenchUploads(watched, lambda: not core.session.live, post)
    gear.settled = uploads.settled
    station = Station(core, flow, check_pin, publish, workshop, gear=gear)
    workshop.begin(setup.devices)
    undo.callback(workshop.close_all)
    station.start()
    undo.callback(Ticker(post).close)
    late = (
        resume,
        server.begin,
        _sending(server, uploads, undo),
        lambda: _warm(setup.data / FILE, documents, rater, help_files, _reader(rules, post)),
    )
    return OpenStation(station, store, server.sync, undo.pop_all(), late, workshop.cameras)


def _desk(setup: Setup, server: Server) -> Desk:
    """A bench by itself may open whatever is there."""
    alone = isinstance(server.sync, NoSync)
    devices = _records(setup.devices)
    claiming = None if alone else setup.claiming
    return Desk(setup.bench, devices=devices, training=setup.training, claiming=claiming)


def _connected(server: Server, undo: ExitStack) -> Server:
    undo.callback(server.close)
    undo.callback(server.sync.close)
    return server


def _watched(data: Path, gear: Gear, workshop: Workshop, post: Post, undo: ExitStack) -> BenchShelf:
    """Photos and films by the bench's cameras, and the shelf that they lie on."""
    shelf = BenchShelf(data)
    gear.keep = keeper(shelf)
    gear.photographer = photos = BenchPhotographer(shelf, workshop.cameras)
    gear.portraits = BenchPortraits(data, lambda: photos, post)
    gear.evidence = evidence_rules(data)
    filmer = BenchFilmer(shelf, workshop.cameras, gear.evidence.video, post)
    undo.callback(filmer.close)
    gear.filmer = filmer
    return shelf


def _sending(server: Server, uploads: BenchUploads, undo: ExitStack) -> Callable[[], None]:
    """Starts the sender, where the server has one, and has it closed at the end."""
    if server.sender is None:
        return lambda: None
    sender = server.sender(uploads)
    undo.callback(sender.close)
    return sender.start


def _wiring(
    setup: Setup, desk: Desk, post: Post, gear: Gear, services: tuple[ServiceProfile, ...]
) -> Wiring:
    return Wiring(
        desk=desk,
        post=post,
        kept=Kept(KnownDevices(setup.data / DEVICES_FILE), setup.data / "recordings"),
        gear=gear,
        bench=setup.bench,
        table=lambda rows: _table(rows, setup.prints, services),
        timings=setup.timings,
        keep=setup.keep,
        leaving=setup.leaving,
    )


def _records(devices: tuple[DeviceConfig, ...]) -> dict[str, DeviceRecord]:
    return {
        row.device: record_of(
            NewDevice(row.kind, row.model, row.address, row.device, row.settings),
            DeviceState.OFF,
            use(row),
        )
        for row in devices
    }


def _table(
    rows: Sequence[DeviceConfig], prints: tuple[RouteRow, ...], services: tuple[ServiceProfile, ...]
) -> PrintTable:
    """Which document goes where; papers that only other shops' services want go unrouted."""
    wanted = dict.fromkeys(document for service in services for document in service.documents)
    printers = bench_printers(rows)
    table = print_table(printers, prints, tuple(wanted) or DOCUMENTS)
    usual = print_table(printers, (), (*CUSTOMS_PAPERS, *MARKS))
    marks = (ruled(usual, one, "label") for one in MARKS)
    papers = (usual.route(one) for one in CUSTOMS_PAPERS)
    known = {route.document for route in table.routes}
    more = (one for one in (*papers, *marks) if one and one.document not in known)
    return replace(table, routes=(*table.routes, *more))


def _documents(setup: Setup, rules: LateRules, server: Server) -> LateDocuments:
    """Ours, and what carriers made."""
    documents = LateDocuments(rules.pack)
    documents.carried = CarriedFiles(setup.data, server.files).dressed
    return documents


def _rules(setup: Setup) -> LateRules:
    aged = unaged if setup.unaged or setup.training else as_reviewed
    opened = signed_by(trusted(setup.customs_keys))
    return LateRules(setup.customs, opened, setup.data, aged)


def _reader(rules: LateRules, post: Post) -> Callable[[], None]:
    """Reads the program's own rules; then the bench has those read that the server sent.

    The database is the main thread's alone: it gets their text.
    """

    def read() -> None:
        rules.load()
        post(RulesWanted())

    return read


def _warm(
    database: Path,
    documents: LateDocuments,
    rater: LateRater,
    help_files: HelpFiles | None = None,
    rules: Callable[[], None] = lambda: None,
) -> None:
    """Heavy imports happen beside the first scans, not in them."""

    def warm() -> None:
        for what, work in (
            # Commits are only slower without; a disk that is ill says so at the first of them.
            ("log's room", lambda: make_room(database)),
            # The first order's code would else wait for the tables of GS1.
            ("codes", lambda: parse_code("0109521234543213", "]C1")),
            ("tariffs", rater.warm),
            ("customs", rules),
            ("documents", documents.warm),
            ("help", (help_files or HelpFiles()).warm),
        ):
            try:
                work()
            except Exception:  # whoever needs it first is told; the rest must not go without
                log.warning("not warmed up: %s", what, exc_info=True)
        settle()

    threading.Thread(target=warm, name="warm-up", daemon=True).start()
