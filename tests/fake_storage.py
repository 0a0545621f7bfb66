"""Clock, ids, journal and order cache in memory; they pass the contract tests of storage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec
import rfc8785

from packstation.domain.catalog import Product
from packstation.domain.errors import StorageError
from packstation.domain.events import GENESIS, Event, Record, decode, encode
from packstation.domain.learning.catalogue import filled
from packstation.domain.learning.folding import keys_of, seen_in, taught
from packstation.domain.orders import Rate
from packstation.domain.packing import IDLE, Session, State, evolve
from packstation.domain.packing.facts import LabelIssued, SessionOpened
from packstation.domain.packing.pass_facts import SessionTakenOver
from packstation.domain.packing.weight_facts import UnitMeasured
from packstation.domain.packing_rules import PackingRules
from packstation.domain.parcels import Carton
from packstation.domain.psp import OrderBody, PersonBody, SiteBody
from packstation.station.ports import Draft, Head, OrderRow, PersonRow, Row, Unread

S = TypeVar("S", bound=msgspec.Struct)

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


class FakeClock:
    """Stands still until moved; the monotonic one counts a millisecond a look."""

    def __init__(self, now: datetime = START) -> None:
        self.time = now
        self.mono = 0

    def now(self) -> datetime:
        return self.time

    def mono_ns(self) -> int:
        self.mono += 1_000_000
        return self.mono

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.mono += int(seconds * 1e9)


class FakeIds:
    """id-000001, id-000002, ..."""

    def __init__(self, prefix: str = "id") -> None:
        self.prefix = prefix
        self.count = 0

    def new(self) -> str:
        self.count += 1
        return f"{self.prefix}-{self.count:06}"


class FakeEventStore:
    """``station.ports.EventStore`` in memory; ``broken`` makes ``append`` refuse."""

    def __init__(self, station: str, clock: FakeClock, ids: FakeIds) -> None:
        self.clock, self.ids = clock, ids
        self.records: list[Record] = []
        self.sessions: dict[str, tuple[str, str]] = {}
        # The site's units as pulled, where a cache stands beside the journal.
        self.units: Callable[[], Mapping[str, Mapping[str, object]]] | None = None
        self.waybills: set[tuple[str, str]] = set()
        self.weights: dict[str, str] = {}
        self.measured: list[UnitMeasured] = []
        self.broken = False
        self.forked_at = 0
        self.compacted: list[int] = []
        self._head = Head(station, ids.new(), 0, GENESIS)
        self._hw = 0

    def append(self, drafts: Sequence[Draft]) -> tuple[Record, ...]:
        if self.broken:
            raise StorageError("error.storage.full", cause="fake")
        at = self.clock.now().isoformat(timespec="microseconds").replace("+00:00", "Z")
        mono_ns, head, made = str(self.clock.mono_ns()), self._head, []
        for draft in drafts:
            kind, v, body = encode(draft.fact)
            event = Event(
                id=self.ids.new(),
                kind=kind,
                v=v,
                session=draft.session,
                actor=draft.actor,
                at=at,
                mono_ns=mono_ns,
                prev=head.hash,
                body=body,
                parcel=draft.parcel,
                order=draft.order,
                claim=draft.right.claim or None,
                fence=draft.right.fence,
            )
            record = Record(station=head.station, epoch=head.epoch, seq=head.seq + 1, event=event)
            try:
                head = Head(head.station, head.epoch, record.seq, record.hash)
            except rfc8785.CanonicalizationError as exc:
                raise StorageError("error.event.body", kind=kind, cause=str(exc)) from exc
            made.append(record)
        for draft in drafts:
            self._project(draft)
            known = {key: self.weights[key] for key in keys_of(draft.fact) if key in self.weights}
            if isinstance(draft.fact, UnitMeasured):
                self.measured.append(draft.fact)
            with suppress(ArithmeticError, ValueError, msgspec.MsgspecError):
                self.weights |= {kept.key: kept.doc for kept in taught(draft.fact, known, at)}
        self._head = head
        self.records += made
        return tuple(made)

    def _project(self, draft: Draft) -> None:
        after = {
            "SessionCompleted": "completed",
            "SessionCancelled": "cancelled",
            "SessionReopened": "open",
        }
        if isinstance(draft.fact, SessionOpened | SessionTakenOver):
            self.sessions[draft.session] = (draft.fact.order_id, "open")
        elif isinstance(draft.fact, LabelIssued):
            self.waybills.add((draft.fact.waybill, draft.order or ""))
        elif (state := after.get(type(draft.fact).__name__)) and draft.session in self.sessions:
            self.sessions[draft.session] = (self.sessions[draft.session][0], state)

    def head(self) -> Head:
        return self._head

    def session_events(self, session: str) -> tuple[Event, ...]:
        return tuple(r.event for r in self.records if r.event.session == session)

    def open_sessions(self) -> tuple[str, ...]:
        return tuple(name for name, (_, state) in self.sessions.items() if state == "open")

    def bench_events(self, kinds: Iterable[str], limit: int | None = None) -> tuple[Event, ...]:
        wanted = set(kinds)
        found = tuple(r.event for r in self.records if r.event.kind in wanted)
        return found if limit is None else found[max(0, len(found) - limit) :]

    def events_about(
        self, kinds: Iterable[str], name: str, values: Iterable[str], since: str = ""
    ) -> tuple[Event, ...]:
        wanted = set(values)
        own = [n for n, r in enumerate(self.records) if since and r.event.order == since]
        later = {r.event.id for r in self.records[own[0] + 1 if own else 0 :]}
        found = (one for one in self.bench_events(kinds) if one.id in later)
        return tuple(one for one in found if one.body.get(name) in wanted)

    def count_since(self, kind: str, since: str) -> int:
        kinds = [r.event.kind for r in self.records]
        begun = len(kinds) - kinds[::-1].index(since) if since in kinds else 0
        return kinds[begun:].count(kind)

    def seen_elsewhere(self, codes: Iterable[str], session: str) -> str:
        packed: dict[str, Session] = {}
        for record in self.records:
            fact = decode(record.event.kind, record.event.v, record.event.body)
            packed[record.event.session] = evolve(packed.get(record.event.session, IDLE), fact)
        held: set[str] = set()
        for name, folded in packed.items():
            if name != session and folded.state is not State.CANCELLED:
                held |= folded.unit_codes
        images = self.units() if self.units is not None else {}
        held |= {code for code, body in images.items() if body.get("session") != session}
        return next((code for code in codes if code in held), "")

    def last_session(self, order_id: str) -> str | None:
        found = [name for name, (order, _) in self.sessions.items() if order == order_id]
        return found[-1] if found else None

    def order_events(self, order_id: str) -> tuple[Event, ...]:
        return tuple(r.event for r in self.records if r.event.order == order_id)

    def begin_epoch(self, at: int) -> Head:
        self._head = Head(self._head.station, self.ids.new(), 0, GENESIS)
        self._hw = 0
        self.forked_at = at
        return self._head

    def acknowledged(self) -> int:
        return self._hw

    def acknowledge(self, seq: int) -> None:
        if self._hw < seq <= self._head.seq:
            self._hw = seq

    def rewind(self, seq: int) -> None:
        if 0 <= seq < self._hw:
            self._hw = seq

    def compact(self, durable: int) -> int:
        self.compacted.append(durable)
        return len(self.compacted) - 1

    def waits(self, order_id: str) -> bool:
        """Whether facts about an order are still unknown to the server."""
        return any(r.seq > self._hw and r.event.order == order_id for r in self.records)


class FakeOrderCache:
    """``station.ports.OrderCache`` in memory, over the fake journal or alone."""

    def __init__(self, events: FakeEventStore | None = None) -> None:
        self.events = events or FakeEventStore("B-01", FakeClock(), FakeIds())
        self.orders: dict[str, OrderRow] = {}
        self.products: dict[str, Product] = {}
        self.boxes: dict[str, Carton] = {}
        self.persons: dict[str, PersonRow] = {}
        self.rules = PackingRules()
        self.aside: dict[str, Row] = {}
        self.refused: list[Row] = []
        self.left = ""
        self.rate_rows: list[Rate] = []
        self.images: dict[tuple[str, str], Mapping[str, object]] = {}
        self._site: dict[str, object] = {}
        self._cursor = ""
        self.events.units = self._units

    def add(self, *things: OrderRow | Product | Carton | PersonRow) -> None:
        """Put things in, as an import would."""
        for thing in things:
            if isinstance(thing, OrderRow):
                self.orders[thing.order.order_id] = thing
            elif isinstance(thing, Product):
                self.products[thing.sku] = thing
            elif isinstance(thing, Carton):
                self.boxes[thing.code] = thing
            else:
                self.persons[thing.badge] = thing

    def order(self, order_id: str) -> OrderRow | None:
        self._release()
        return self.orders.get(order_id)

    def orders_of_code(self, code: str) -> tuple[OrderRow, ...]:
        self._release()
        issued = {order for waybill, order in self.events.waybills if waybill == code}
        found = [r for r in self.orders.values() if r.order.order_id in issued or _has(r, code)]
        return tuple(sorted(found, key=_urgency))

    def orders_with_sku(self, sku: str, limit: int = 20) -> tuple[OrderRow, ...]:
        found = [r for r in self._ready() if any(line.sku == sku for line in r.order.lines)]
        return tuple(found[:limit])

    def queue(self, bench: str, limit: int = 40) -> tuple[OrderRow, ...]:
        return tuple([r for r in self._ready() if r.bench in {bench, ""}][:limit])

    def held(self, bench: str, limit: int = 40) -> tuple[OrderRow, ...]:
        self._release()
        packed = {order for order, state in self.events.sessions.values() if state == "completed"}
        found = [
            row
            for row in self.orders.values()
            if (
                row.order.status in {"on_hold", "unpaid"}
                or (row.hold and row.order.status == "ready")
            )
            and row.bench in {bench, ""}
            and row.order.order_id not in packed
        ]
        return tuple(sorted(found, key=_urgency)[:limit])

    def _units(self) -> dict[str, Mapping[str, object]]:
        return {key: body for (t, key), body in self.images.items() if t == "unit"}

    def kept(self, t: str, key: str) -> Mapping[str, object]:
        return self.images.get((t, key), {})

    def kept_all(self, t: str) -> tuple[Mapping[str, object], ...]:
        return tuple(body for (kind, _), body in self.images.items() if kind == t)

    def unread(self, t: str) -> Unread:
        found = self.kept_all(t)
        return Unread(len(msgspec.json.encode(found)), lambda: found)

    def rates(self) -> tuple[Rate, ...]:
        return tuple(self.rate_rows)

    def product(self, sku: str) -> Product | None:
        while self.events.measured:
            fact = self.events.measured.pop(0)
            if fact.sku in self.products:
                self.products[fact.sku] = filled(self.products[fact.sku], fact)
        return self.products.get(sku)

    def product_of_code(self, code: str) -> tuple[Product, int] | None:
        for product in sorted(self.products.values(), key=lambda p: p.sku):
            for known in product.codes:
                if _gtin(known.text) == _gtin(code):
                    return product, known.units
        return None

    def cartons(self) -> tuple[Carton, ...]:
        return tuple(sorted(self.boxes.values(), key=lambda c: (_volume(c), c.code)))

    def packing_rules(self) -> PackingRules:
        return self.rules

    def people(self) -> tuple[PersonRow, ...]:
        return tuple(self.persons[badge] for badge in sorted(self.persons))

    def site(self) -> Mapping[str, object]:
        return self._site

    def note(self) -> str:
        return self.left

    def leave_note(self, text: str) -> None:
        self.left = text

    def apply(self, rows: Sequence[Row], cursor: str) -> None:
        for row in rows:
            if row.t == "order" and self.events.waits(row.id):
                self.aside[row.id] = row
            elif row.t == "weight":
                self._weight(row)
            else:
                self.aside.pop(row.id, None)
                self._take(row)
        self._cursor = cursor

    def cursor(self) -> str:
        return self._cursor

    def variants(self, sku: str, limit: int = 12) -> tuple[Product, ...]:
        stem = sku.rpartition("-")[0]
        found = [p for p in self.products.values() if p.sku.startswith(f"{stem}-") and p.sku != sku]
        return tuple(sorted(found, key=lambda p: p.sku)[:limit]) if stem else ()

    def weights(self, keys: Sequence[str]) -> Mapping[str, str]:
        return {key: self.events.weights[key] for key in keys if key in self.events.weights}

    def _weight(self, row: Row) -> None:
        kept, doc = self.events.weights, msgspec.json.encode(row.body).decode()
        if row.op != "put":
            kept.pop(row.id, None)
            return
        try:
            seen = seen_in(row.id, doc)
        except msgspec.MsgspecError:
            self.refused.append(row)
            return
        if row.id not in kept or seen >= seen_in(row.id, kept[row.id]):
            kept[row.id] = doc

    def _release(self) -> None:
        for order_id in [name for name in self.aside if not self.events.waits(name)]:
            self._take(self.aside.pop(order_id))

    def _ready(self) -> list[OrderRow]:
        self._release()
        packed = {order for order, state in self.events.sessions.values() if state == "completed"}
        ready = [
            row
            for row in self.orders.values()
            if row.order.status == "ready" and not row.hold and row.order.order_id not in packed
        ]
        return sorted(ready, key=_urgency)

    def _take(self, row: Row) -> None:
        tables: dict[str, dict[str, Any]] = {
            "order": self.orders,
            "sku": self.products,
            "carton": self.boxes,
            "user": self.persons,
            "site": self._site,
        }
        if row.t == "rate" and row.op == "put":
            with suppress(msgspec.ValidationError):
                self.rate_rows.append(msgspec.convert(dict(row.body), Rate, strict=False))
            return
        if row.t not in tables:
            self.images.pop((row.t, row.id), None)
            self.images |= {(row.t, row.id): row.body} if row.op == "put" else {}
            return
        if row.op != "put":
            tables.get(row.t, {}).pop(row.id, None)
            return
        try:
            self._put(row)
        except msgspec.ValidationError:
            self.refused.append(row)

    def _put(self, row: Row) -> None:
        def body(shape: type[S]) -> S:
            return msgspec.convert(dict(row.body), shape)

        if row.t == "order":
            order = body(OrderBody)
            self.add(OrderRow(order.order, row.rev, order.bench, order.hold))
        elif row.t == "sku":
            self.add(body(Product))
        elif row.t == "carton":
            self.add(body(Carton))
        elif row.t == "user":
            self.add(PersonRow(**msgspec.structs.asdict(body(PersonBody))))
        elif row.t == "site":
            self._site = msgspec.to_builtins(body(SiteBody))


def _has(row: OrderRow, code: str) -> bool:
    order = row.order
    waybills = {str(label.get("waybill", "")) for label in order.labels}
    return code in {*order.totes, *waybills, *(parcel.waybill for parcel in order.parcels)}


def _urgency(row: OrderRow) -> tuple[datetime, str]:
    due = row.order.handover()
    return (due.at if due else datetime.max.replace(tzinfo=UTC), row.order.order_id)


def _gtin(code: str) -> str:
    return code.zfill(14) if code.isdigit() and len(code) in {8, 12, 13, 14} else code


def _volume(carton: Carton) -> int:
    length, width, height = carton.inner_mm
    return length * width * height
