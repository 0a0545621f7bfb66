"""The one place where facts are made: decide, append durably, evolve, tell the others.

Everything runs on the main thread. Green shows only after the commit: hooks see
facts that are already on disk.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.claims import NO_RIGHT, Right
from packstation.domain.events import Event, decode
from packstation.domain.orders import Order
from packstation.domain.packing import IDLE, Session, State, decide, evolve, fold
from packstation.domain.packing.device_facts import ScannerTaught
from packstation.domain.packing.facts import (
    Fact,
    InputRefused,
    LabelIssued,
    LabelVoided,
    NumberUsed,
    NumberVoided,
    PoolLeased,
    SessionOpened,
)
from packstation.domain.packing.inputs import Input, OpenOrder, TakeOverAsked
from packstation.domain.packing.pass_facts import SessionTakenOver
from packstation.domain.packing.session import Parcel
from packstation.station.certainty import SureWeight, learned
from packstation.station.desk import Desk, ServiceProfile
from packstation.station.kits import with_parts
from packstation.station.lessons import Lessons
from packstation.station.pool import NumberPool
from packstation.station.portraits import NoPortraits, Portraits
from packstation.station.ports import (
    Background,
    Clock,
    DeviceCare,
    Draft,
    EventStore,
    Happening,
    Ids,
    OrderCache,
    Sync,
)
from packstation.station.print_desk import LASTING, RECENT
from packstation.station.weights import Weights

log = logging.getLogger(__name__)

Hook = Callable[[tuple[Fact, ...]], None]

# The journal's stream of facts that belong to the bench and to no order.
BENCH_STREAM = "bench"


def place_of(exc: BaseException) -> str:
    """An error for the log: its type and where it rose; its message may quote an address."""
    return f"{type(exc).__name__}\n{''.join(traceback.format_tb(exc.__traceback__))}"


class Ports(Struct, frozen=True):
    """What the station needs of the world."""

    store: EventStore
    cache: OrderCache
    clock: Clock
    ids: Ids
    background: Background
    sync: Sync


class Core:
    """Journal, cache, desk and the open session."""

    def __init__(self, ports: Ports, desk: Desk, services: tuple[ServiceProfile, ...]) -> None:
        """Take the ports; ``recover`` reads the journal."""
        self.store = ports.store
        self.cache = ports.cache
        self.clock = ports.clock
        self.ids = ports.ids
        self.background = ports.background
        self.sync = ports.sync
        self.desk = desk
        self.services = services
        self.session = IDLE
        self.session_id = ""
        self.pool = NumberPool()
        # What the server gave this bench, by order (`station.claims`).
        self.rights: dict[str, Right] = {}
        self.lessons = Lessons()
        self.weights = Weights(self)
        self.hooks: list[Hook] = []
        # Devices open after the bench.
        self.care: DeviceCare | None = None
        self.sure: SureWeight = learned(ports.cache)
        # Only a bench with a window has a training room.
        self.train: Callable[[], None] | None = None
        # Pictures of products that this bench took itself.
        self.portraits: Portraits = NoPortraits()
        self._untold: tuple[Fact, ...] = ()
        self._zone = ZoneInfo("UTC")
        self.placed = False
        self.begun = ports.clock.now()

    # --- the past ---------------------------------------------------------------------

    def recover(self) -> None:
        """Fold the pool and the open session, as if nothing had happened in between."""
        self.read_zone()
        self._recover_printers()
        self.weights.recover()
        kinds = (PoolLeased, NumberUsed, NumberVoided)
        self.pool.apply_all(self._facts(self.store.bench_events([k.__name__ for k in kinds])))
        for fact in self._facts(self.store.bench_events([ScannerTaught.__name__])):
            self.lessons.learn(fact)
        for session_id in self.store.open_sessions():
            session = self.load(session_id)
            if session.live:
                self.session, self.session_id = session, session_id

    def _recover_printers(self) -> None:
        """Choices and proofs are few; of what came out only the latest counts."""
        desk = self.desk.printing
        for fact in self._facts(self.store.bench_events([k.__name__ for k in LASTING])):
            desk.lasting(fact)
        kinds = [kind.__name__ for kind in RECENT] if desk.horizon else []
        for fact in self._facts(self.store.bench_events(kinds, desk.horizon)):
            desk.rolled(fact)

    def load(self, session_id: str) -> Session:
        """The fold of a stored session."""
        return fold(self._facts(self.store.session_events(session_id)))

    def resume(self, session_id: str, session: Session) -> None:
        """Put a stored session back on the bench."""
        self.session, self.session_id = session, session_id

    def products_of(self, order: Order) -> dict[str, Product]:
        """The products of an order's lines and of their kits; unknown ones are left out."""
        skus = {sku for line in order.lines for sku in (line.sku, *line.substitutes)}
        found = {sku: self.cache.product(sku) for sku in skus}
        own = {product.sku: product for product in order.products}
        known = own | {sku: product for sku, product in found.items() if product is not None}
        return with_parts(known, self.cache.product)

    def products_in(self, parcel: Parcel, order: Order) -> dict[str, Product]:
        """Those of an order, and what a supervisor let be packed in its place."""
        found = {item.sku: self.cache.product(item.sku) for item in parcel.contents}
        known = {sku: product for sku, product in found.items() if product is not None}
        return known | self.products_of(order)

    def facts_of(self, kinds: Iterable[str], limit: int | None = None) -> Iterable[Fact]:
        """All facts of these kinds in the journal, or the last ``limit``; oldest first."""
        return self._facts(self.store.bench_events(kinds, limit))

    @staticmethod
    def _facts(events: Iterable[Event]) -> Iterable[Fact]:
        return (decode(event.kind, event.v, event.body) for event in events)

    # --- the present ------------------------------------------------------------------

    def submit(self, what: Input, *, along: Fact | None = None) -> tuple[Fact, ...]:
        """Decide, commit, evolve, tell; answers the facts.

        ``along`` (a number used or voided) goes into the same commit, and only if the label
        is issued or voided by it.
        """
        if isinstance(what, OpenOrder | TakeOverAsked):
            self.session, self.session_id = IDLE, self.ids.new()
        facts = decide(self.session, what)
        settled = any(isinstance(fact, LabelIssued | LabelVoided) for fact in facts)
        extra = (along,) if along is not None and settled else ()
        self._commit((*facts, *extra))
        return facts

    def record(self, *facts: Fact) -> None:
        """Commit facts of the bench that belong to no session."""
        actor, facts = self.actor, tuple(map(self._stamped, facts))
        self.store.append([Draft(fact, BENCH_STREAM, actor) for fact in facts])
        self.pool.apply_all(facts)
        self._tell(facts)

    def attach(self, session: str, parcel: str, order: str, *facts: Fact) -> None:
        """Commit facts about a parcel that may have left the bench; they change no session."""
        self.store.append([Draft(fact, session, self.actor, parcel, order) for fact in facts])
        self._tell(facts)

    def attach_all(self, session: str, rows: Sequence[tuple[str, str, Fact]]) -> None:
        """The same of many parcels in one commit: (parcel, order, fact), "" for of none."""
        drafts = [
            Draft(fact, session, self.actor, parcel or None, order or None)
            for parcel, order, fact in rows
        ]
        self.store.append(drafts)
        self._tell(tuple(fact for _, _, fact in rows))

    def run(self, work: Callable[[], Happening], otherwise: Happening) -> None:
        """Work in the background; ``otherwise`` is reported where it fails unexpectedly."""

        def guarded() -> Happening:
            try:
                return work()
            except Exception as exc:  # noqa: BLE001 - whoever waits for it must go on all the same
                log.error("work failed: %s", place_of(exc))  # noqa: TRY400 - see place_of
                return otherwise

        self.background.run(guarded)

    def add(self, fact: Fact) -> None:
        """Commit a fact of the open session that needs no guard."""
        self._commit((fact,))

    def refuse(self, reason: str, *, code_kind: str = "", text: str = "") -> None:
        """Record and show that an input means nothing here."""
        fact = InputRefused(
            input="CodeScanned",
            state=self.session.state,
            reason=reason,
            code_kind=code_kind,
            text=text,
        )
        self._commit((fact,))

    def _commit(self, facts: tuple[Fact, ...]) -> None:
        if not facts:
            return
        facts = tuple(map(self._stamped, facts))
        before, after, drafts = self.session, self.session, []
        stream = self.session_id if self._has_stream(facts) else BENCH_STREAM
        for fact in facts:
            after = evolve(after, fact)
            shown = after if after.parcels else before
            drafts.append(
                Draft(
                    fact,
                    stream,
                    self.actor,
                    parcel=shown.parcel.id if shown.parcels else None,
                    order=shown.order_id or None,
                    right=self.rights.get(shown.order_id, NO_RIGHT),
                )
            )
        self.store.append(drafts)
        self.session = after
        self.pool.apply_all(facts)
        self._tell(facts)

    def _stamped(self, fact: Fact) -> Fact:
        """With the scanner whose code is being handled, where the fact has room for it."""
        scanner = self.desk.scanner
        if not scanner or "scanner" not in type(fact).__struct_fields__:
            return fact
        return replace(fact, scanner=scanner)

    def _has_stream(self, facts: tuple[Fact, ...]) -> bool:
        opened = isinstance(facts[0], SessionOpened | SessionTakenOver)
        return bool(self.session_id) and (opened or self.session.state is not State.IDLE)

    def _tell(self, facts: tuple[Fact, ...]) -> None:
        self._untold += facts
        self.weights.told(facts)
        for fact in facts:
            self.desk.printing.told(fact)
        for hook in self.hooks:
            hook(facts)

    def take_untold(self) -> tuple[Fact, ...]:
        """What was committed since the last call: for the log and the syncer, after the view."""
        facts, self._untold = self._untold, ()
        return facts

    # --- who, when, where -------------------------------------------------------------

    @property
    def actor(self) -> str:
        """The badge of who is packing, "" when nobody is signed in."""
        return self.desk.person.badge if self.desk.person else ""

    def read_zone(self) -> None:
        """Look the site's zone up; again when its row has changed."""
        zone = self.cache.site().get("zone")
        self.placed = zone is not None
        try:
            self._zone = ZoneInfo(str(zone or "UTC"))
        except (ZoneInfoNotFoundError, ValueError, OSError):  # as the server has it: UTC
            log.warning("time zone %r is not known here", str(zone)[:40])
            self._zone = ZoneInfo("UTC")

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone; dates, days and cut-offs are the site's."""
        return self._zone

    def today(self) -> str:
        """The site's date, ISO; from any thread, for the database is the main thread's alone."""
        return self.clock.now().astimezone(self.zone).date().isoformat()

    def profile(self, carrier: str, service: str) -> ServiceProfile | None:
        """The shop's row of a service."""
        wanted = (carrier, service)
        return next((p for p in self.services if (p.carrier, p.service) == wanted), None)
