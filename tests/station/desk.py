"""A station on fakes: the journal, cache and devices in memory, background work at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from packstation.domain.catalog import Customs, Product, ProductCode, Tracking
from packstation.domain.consignment.papers import MarkPaper
from packstation.domain.customs.pack import Pack
from packstation.domain.errors import DocumentError
from packstation.domain.handover.papers import ManifestPaper, UnitPaper
from packstation.domain.item_labels import ItemLabel
from packstation.domain.labels import ParcelPapers, PrintJob
from packstation.domain.orders import Address, Deadline, Order, OrderLine
from packstation.domain.parcels import Carton
from packstation.domain.printers import BenchPrinter, RouteRow, Stock, print_table
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.weights import Reading, ScaleState
from packstation.station import ports as p
from packstation.station.core import Core, Ports
from packstation.station.desk import Desk, DeviceInfo, DeviceRecord, ServiceProfile
from packstation.station.flow import Flow
from packstation.station.gear import Gear
from packstation.station.station import Station
from packstation.station.views import StationView
from packstation.station.workshop import DeviceWorkshop
from tests.fake_storage import START, FakeClock, FakeEventStore, FakeIds, FakeOrderCache
from tests.station.far_ends import FakeLabels as FakeLabels  # noqa: PLC0414 - of this bench
from tests.station.far_ends import FakeSync as FakeSync  # noqa: PLC0414 - as above
from tests.station.rules import PACK, NoTables

MUG, MUG_BLUE, SOCK = "4006381333931", "4006381333948", "96385074"
LABELS = Stock("100x150", 100, 150)
SHEETS = Stock("a4", 210, 297, 300, "pdf", "sheet")
PRINTERS = (
    BenchPrinter("label", "label", "zpl", "tcp://127.0.0.1:1", LABELS, trusted=True),
    BenchPrinter("papers", "papers", "folder", "papers", SHEETS, trusted=True),
)
EPACKET = ServiceProfile(
    "chinapost",
    "e-packet",
    "postal",
    {"en": "e-Packet", "zh": "e邮宝"},
    ("label", "cn22"),
    pool_low=2,
    pool_lease=5,
)
ONLINE = ServiceProfile("sandbox", "express", "express", {"en": "Express"}, numbers="online")


def product(sku: str, code: str, grams: int, **more: object) -> Product:
    """A product with complete customs data."""
    known = {
        "sku": sku,
        "names": {"en": f"{sku} · plain", "zh": f"{sku}中"},
        "codes": (ProductCode(text=code),),
        "weight_g": grams,
        "length_mm": 100,
        "width_mm": 90,
        "height_mm": 80,
        "customs": Customs(
            description="enamel mug",
            hs="732394",
            origin="CN",
            unit_value=Money(Decimal(20), "CNY"),
        ),
    }
    return Product(**(known | more))  # type: ignore[arg-type]


PRODUCTS = (
    product("MUG-GRN", MUG, 300),
    product("MUG-BLU", MUG_BLUE, 300),
    product("SOCK-RED", SOCK, 80),
    product("VIT-60", "4006381333955", 120, tracking=Tracking(lot=True, expiry=True)),
)
CARTONS = (
    Carton(code="C1", inner_mm=(120, 100, 90), tare_g=40),
    Carton(code="C3", inner_mm=(300, 200, 120), outer_mm=(306, 206, 126), tare_g=100, max_g=5000),
)
PEOPLE = (
    p.PersonRow("PK-1", "Lin Yue", "packer", "hash:1111", "en"),
    p.PersonRow("PK-2", "Айгуль Сафина", "packer", "hash:2222", "ru", {"theme": "dark"}),
    p.PersonRow("SV-1", "Olga", "supervisor", "hash:9999", "en"),
)


def order(order_id: str = "O-1", lines: str = "MUG-GRN*2 SOCK-RED*1", **more: object) -> Order:
    """An order to Kazan; ``lines`` like "SKU*2 SKU*1"."""
    rows = tuple(
        OrderLine(line=n, sku=part.split("*")[0], quantity=int(part.split("*")[1]))
        for n, part in enumerate(lines.split(), 1)
    )
    known = {
        "order_id": order_id,
        "channel": "ozon",
        "ship_from": Address(country="CN"),
        "ship_to": Address(name="И. Иванов", lines=("ул. 1",), city="Kazan", country="RU"),
        "lines": rows,
        "totes": (f"T-{order_id}",),
        "deadlines": (
            Deadline(
                kind="handover",
                at=START + timedelta(hours=3),
                cost_now=Money(Decimal("-1.20"), "CNY"),
                cost_next=Money(Decimal(6), "CNY"),
            ),
        ),
    }
    return Order(**(known | more))  # type: ignore[arg-type]


@dataclass
class FakeRater:
    """Prices everything alike."""

    quotes: tuple[Quoted, ...] = (
        Quoted("chinapost", "e-packet", Decimal("78.24"), "CNY", 780, 10, 15, 1),
    )
    refusals: tuple[RefusedService, ...] = ()
    # What the server published: "price" of the first service.
    taken: list[tuple[Mapping[str, object], ...]] = field(default_factory=list)
    takers: list[threading.Thread] = field(default_factory=list)

    def quote(
        self,
        order: Order,
        products: Mapping[str, Product],
        gross_g: int,
        size_mm: Sequence[int],
        earlier: Sequence[tuple[int, Sequence[int]]] = (),
    ) -> tuple[tuple[Quoted, ...], tuple[RefusedService, ...]]:
        return self.quotes, self.refusals

    def take(self, bodies: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
        self.taken.append(tuple(bodies))
        self.takers.append(threading.current_thread())
        for body in bodies:
            price = Decimal(str(body.get("price", self.quotes[0].amount)))
            self.quotes = (replace(self.quotes[0], amount=price), *self.quotes[1:])
        return tuple(str(body["day"]) for body in bodies if "day" in body)


@dataclass
class FakeDocuments:
    """Bytes that name what they are; ``broken`` documents cannot be drawn.

    ``unmade``: what laying a document out raises, by its name or "label with FORM".
    """

    broken: str = ""
    unmade: dict[str, DocumentError] = field(default_factory=dict)
    laid: list[ParcelPapers] = field(default_factory=list)
    seen: list[ParcelPapers] = field(default_factory=list)
    stocks: list[Stock] = field(default_factory=list)
    size: tuple[float, float] | None = None
    media: str = ""
    pictures: list[str] = field(default_factory=list)
    goods_seen: list[tuple[ItemLabel, ...]] = field(default_factory=list)
    templates: list[Sequence[Mapping[str, object]]] = field(default_factory=list)
    readers: list[threading.Thread] = field(default_factory=list)
    plain: tuple[str, str] | None = None
    lists: list[ManifestPaper] = field(default_factory=list)
    bags: list[UnitPaper] = field(default_factory=list)
    marked: list[tuple[MarkPaper, ...]] = field(default_factory=list)

    def letterheads(self, rows: Sequence[Mapping[str, object]]) -> None:
        self.readers.append(threading.current_thread())
        self.templates.append(rows)

    def test_label(self, bench: str, language: str, stock: Stock, code: str) -> PrintJob:
        if self.broken == "test":
            raise DocumentError("error.glyph_missing", field="bench")
        text = f"test {bench} {language} {code}"
        return PrintJob("", "label", text.encode(), stock.language)

    def codes(self, language: str, printers: Sequence[tuple[str, str]], stock: Stock) -> PrintJob:
        if self.broken == "codes":
            raise DocumentError("error.glyph_missing", field="name")
        return PrintJob("", "codes", f"{language} {printers}".encode(), stock.language)

    def goods(self, labels: Sequence[ItemLabel], language: str, stock: Stock) -> PrintJob:
        if self.broken == "goods":
            raise DocumentError("error.glyph_missing", field="name")
        self.goods_seen.append(tuple(labels))
        return PrintJob("", "goods", f"{language} {len(labels)}".encode(), stock.language)

    def goods_preview(self, labels: Sequence[ItemLabel], language: str, stock: Stock) -> bytes:
        if self.broken == "goods_preview":
            raise DocumentError("error.glyph_missing", field="name")
        return f"picture {labels[0].kind} {labels[0].data} {language}".encode()

    def manifest(self, paper: ManifestPaper, language: str, stock: Stock) -> PrintJob:
        if self.broken == "manifest":
            raise DocumentError("error.glyph_missing", field="site")
        self.lists.append(paper)
        return PrintJob("", "manifest", f"{language} {paper.code}".encode(), stock.language)

    def unit_label(self, paper: UnitPaper, language: str, stock: Stock) -> PrintJob:
        self.bags.append(paper)
        return PrintJob("", "unit", f"{language} {paper.code}".encode(), stock.language)

    def marks(self, papers: Sequence[MarkPaper], stock: Stock) -> PrintJob:
        if self.broken == "marks":
            raise DocumentError("error.glyph_missing", field="ship_to.name")
        self.marked.append(tuple(papers))
        return PrintJob("", "marks", f"{len(papers)}".encode(), stock.language)

    def preview(self, document: str, papers: ParcelPapers, stock: Stock) -> bytes:
        if self.broken == "preview":
            raise DocumentError("error.glyph_missing", field="ship_to.name")
        self.pictures.append(document)
        return f"picture {document} {papers.waybill} {stock.name}".encode()

    def test_preview(self, bench: str, language: str, stock: Stock, code: str) -> bytes:
        return f"picture test {bench} {language} {stock.name} {code}".encode()

    def lay(
        self,
        document: str,
        papers: ParcelPapers,
        stock: Stock,
        consignment: Sequence[ParcelPapers] = (),
    ) -> None:
        self.laid.append(papers)
        why = self.unmade.get(document) or self.unmade.get(f"{document} with {papers.form}")
        if why is not None:
            raise why

    def make(
        self,
        document: str,
        papers: ParcelPapers,
        stock: Stock,
        consignment: Sequence[ParcelPapers] = (),
    ) -> PrintJob:
        self.seen.append(papers)
        self.stocks.append(stock)
        if document == self.broken:
            raise DocumentError("error.glyph_missing", field="ship_to.name")
        text = f"{document} {papers.waybill}"
        size = self.size or (stock.width_mm, stock.height_mm)
        job = PrintJob("", document, text.encode(), self.media or stock.language, *size)
        return replace(job, plain=self.plain)


@dataclass
class Tray:
    """Keeps submitted jobs; the test says what became of them."""

    jobs: list[PrintJob] = field(default_factory=list)
    known: bool | None = None
    waits: bool = False
    withdrawn: list[str] = field(default_factory=list)

    def withdraw(self, job: str) -> bool:
        waited, self.waits = self.waits, False
        if waited:
            self.withdrawn.append(job)
        return waited

    def came_out(self, job: str) -> bool | None:
        return self.known

    def submit(self, job: PrintJob) -> None:
        self.jobs.append(job)

    def close(self) -> None:
        self.jobs.clear()


@dataclass
class FakeRules:
    """A small pack, there from the start; ``signed`` is what a good row brings.

    ``takers`` are the threads that they were read in.
    """

    held: Pack | None = PACK
    ready: bool = True
    signed: Pack | None = None
    loads: int = 0
    takers: list[threading.Thread] = field(default_factory=list)
    reference: NoTables = field(default_factory=NoTables)

    def pack(self) -> Pack | None:
        return self.held

    def take(self, bodies: Sequence[Mapping[str, object]]) -> None:
        self.takers.append(threading.current_thread())
        self.loads += 1
        self.held = (self.signed if bodies else None) or self.held
        self.ready = True


class Later:
    """Background work that is done when the test says so, or at once."""

    def __init__(self) -> None:
        self.at_once = True
        self.post: Callable[[p.Happening], None] = lambda _: None
        self.waiting: list[Callable[[], p.Happening]] = []
        self._results: list[p.Happening] = []
        self._draining = False

    def run(self, work: Callable[[], p.Happening]) -> None:
        self.waiting.append(work)

    def drain(self) -> None:
        """Do what waits, and what that causes."""
        while self.waiting:
            self.post(self.waiting.pop(0)())


class Bench:
    """A station on fakes, and hands to work at it."""

    def __init__(self, store: FakeEventStore | None = None, **more: object) -> None:
        self.clock = store.clock if store else FakeClock()
        self.ids = store.ids if store else FakeIds()
        self.store = store or FakeEventStore("B-01", self.clock, self.ids)
        self.cache = FakeOrderCache(self.store)
        self.cache.add(*PRODUCTS, *CARTONS, *PEOPLE)
        self.rater, self.labels, self.documents = FakeRater(), FakeLabels(), FakeDocuments()
        self.sync, self.later, self.tray = FakeSync(), Later(), Tray()
        self.printers: dict[str, p.Printer] = {"label": self.tray, "papers": self.tray}
        self.rows = PRINTERS
        self.routes: tuple[RouteRow, ...] = ()
        self.measurers: list[p.Measurer] = []
        self.rules = FakeRules()
        self.gear = Gear()
        self.views: list[StationView] = []
        self.workshop: DeviceWorkshop | None = None
        self.services: tuple[ServiceProfile, ...] = (EPACKET, ONLINE)
        self.desk = Desk(bench="07")
        for kind in ("scanner", "scale", "label", "papers"):
            info = DeviceInfo(kind, kind, kind, f"{kind} detail")
            self.desk.devices[kind] = DeviceRecord(
                info, p.DeviceState.OK, recorded=(p.DeviceState.OK, "")
            )
        for name, value in more.items():
            setattr(self, name, value)
        documents = ("label", "cn22")
        self.desk.printing.table = print_table(self.rows, self.routes, documents)

    def start(self) -> Bench:
        """Open the journal and the window."""
        ports = Ports(self.store, self.cache, self.clock, self.ids, self.later, self.sync)
        self.core = Core(ports, self.desk, self.services)
        flow = Flow(
            self.core,
            rater=self.rater,
            labels=self.labels,
            documents=self.documents,
            printers=self.printers,
            rules=self.rules,
            measurers=self.measurers,
        )
        self.station = Station(
            self.core,
            flow,
            lambda known, typed: known == f"hash:{typed}",
            self.views.append,
            self.workshop,
            self.gear,
        )
        self.later.post = self.station.handle
        self.station.start()
        self.later.drain()
        return self

    @property
    def view(self) -> StationView:
        """What the window shows."""
        return self.views[-1]

    def say(self, *happenings: p.Happening) -> StationView:
        """Let things happen, and everything they cause."""
        for happening in happenings:
            self.station.handle(happening)
            self.later.drain()
        return self.view

    def scan(self, *texts: str) -> StationView:
        """Scan codes."""
        return self.say(*(p.CodeScanned(text) for text in texts))

    def command(self, *names: str) -> StationView:
        """Press keys."""
        return self.say(*(p.CommandGiven(name) for name in names))

    def weigh(self, grams: int) -> StationView:
        """Take everything off, then put a box of this weight on."""
        return self.say(self.reading(0), self.reading(grams))

    def reading(self, grams: int, state: ScaleState = ScaleState.STABLE) -> p.ScaleRead:
        """One reading of the scale."""
        reading = Reading(state=state, value=Decimal(grams), unit="g", raw=b"S S")
        return p.ScaleRead("scale", reading, self.clock.mono_ns())

    def lease(self, first: int = 0, last: int = 99) -> StationView:
        """The server leases numbers."""
        return self.say(
            p.NumbersLeased(f"L-{first}", "chinapost", "e-packet", "LP", "CN", first, last)
        )

    def out(self, outcome: str = "printed") -> StationView:
        """What became of the job that was sent last."""
        job = self.tray.jobs[-1]
        return self.say(p.PrintProgress(job.job, job.document, outcome))

    def kinds(self) -> list[str]:
        """Kinds of all facts in the journal."""
        return [record.event.kind for record in self.store.records]


def signed_in(*orders: Order, rater: FakeRater | None = None, gear: Gear | None = None) -> Bench:
    """A bench with a packer, numbers and these orders."""
    bench = Bench(rater=rater or FakeRater(), gear=gear or Gear())
    bench.cache.add(*(p.OrderRow(one, 1) for one in orders or (order(),)))
    bench.start()
    bench.lease()
    bench.scan("%PB:PK-1")
    return bench


def to_weighing(bench: Bench) -> StationView:
    """Pack the sample order up to the scale."""
    return bench.scan("O-1", MUG, MUG, SOCK, "C3")


def to_confirming(bench: Bench) -> StationView:
    """Pack the sample order until its label lies on the box."""
    to_weighing(bench)
    bench.weigh(780)
    bench.out()
    return bench.out()
