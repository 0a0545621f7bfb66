"""What devices and the syncer report."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from packstation.domain.errors import StorageError
from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.decide import outranks
from packstation.domain.packing.facts import (
    CartonAssigned,
    DeviceChanged,
    Fact,
    PersonSignedOut,
    PoolLeased,
    SessionResumed,
)
from packstation.domain.packing.facts import WeightDisputed as Disputed
from packstation.domain.psp import OrderBody
from packstation.first_use import shaped
from packstation.station.answers import Answers
from packstation.station.core import Core
from packstation.station.desk import DeviceRecord
from packstation.station.item_guard import ItemGuard
from packstation.station.planning import changes_of, order_digest
from packstation.station.ports import (
    CursorMoved,
    DeviceHealth,
    DeviceSeen,
    DeviceState,
    JournalSecured,
    NumbersLeased,
    OrderRow,
    PrinterQueue,
    PrinterTold,
    PrintProgress,
    Row,
    RowsPulled,
    ScaleRead,
    SizeMeasured,
    SyncChanged,
)
from packstation.station.tracing import Tracing
from packstation.station.weigh_gate import WeighGate

log = logging.getLogger(__name__)

# Statuses of a pulled order that stop a session, with the hold's reason.
_STOPS = {"cancelled": "cancelled", "on_hold": "server", "unpaid": "server"}
# The server's copy of the journal is another than ours: sync.md, "fork" and "epoch_closed".
_FORKED = frozenset({"sync.fork", "sync.lost", "sync.epoch_closed"})
_OUT = frozenset({"started", "uncertain"})
_SERVER_HOLDS = frozenset({"server", "changed", "cancelled"})


class Reports:
    """Scale, health, print progress, rows and numbers."""

    def __init__(self, core: Core) -> None:
        self._core = core
        # Whether something that was asked for beside the goods is still to be done.
        self.waits: Callable[[], bool] = lambda: False
        # Whether a changed order is just what an order held for its papers waited for.
        self.cures: Callable[[OrderRow, Callable[[], None]], bool] = lambda _, __: False
        self._answers = Answers(core)
        self._gate = WeighGate()
        self._gate.arm()
        self._guard = ItemGuard(core)
        self._trace = Tracing(core)

    def told(self, facts: tuple[Fact, ...]) -> None:
        """A new carton or a disputed weight needs a change on the pan."""
        if any(isinstance(fact, CartonAssigned | Disputed) for fact in facts):
            self._gate.arm()
        self._guard.told(facts)
        self._trace.told(facts)
        if any(isinstance(fact, SessionResumed) for fact in facts):
            self._answers.look()

    # --- devices ------------------------------------------------------------------------

    def scale(self, report: ScaleRead) -> None:
        """Show every reading; take a stable one that is newer than the carton."""
        desk, session = self._core.desk, self._core.session
        desk.reading, desk.reading_ns = report.reading, report.mono_ns
        self._core.weights.shown(report.reading)
        grams = self._gate.offer(report.reading)
        if desk.nobody:
            return
        self._guard.take(report)
        self._trace.take(report)
        weighing = session.state is State.WEIGHING or (
            session.state is State.HELD and session.hold_reason == "weight"
        )
        desk.stale = weighing and self._gate.stale
        if grams is not None and weighing and not self.waits():
            self._core.submit(self._core.weights.read(grams, report.reading.stability))

    def size(self, report: SizeMeasured) -> None:
        """Take the sides where they are what is asked for; else say why they cannot be taken."""
        core = self._core
        if core.desk.nobody or core.session.state is not State.MEASURING:
            return
        sides = report.reading.sides_mm
        if sides is None:
            core.refuse(f"size.{report.reading.state.lower()}", code_kind="size")
            return
        length, width, height = sides
        core.submit(
            i.SizeRead(length_mm=length, width_mm=width, height_mm=height, source="dimensioner")
        )

    def health(self, report: DeviceHealth) -> None:
        """A device changed: lamp, sound and fact, once."""
        record = self._core.desk.devices.get(report.device)
        if record is None or (record.state, record.cause) == (report.state, report.cause):
            return
        was = record.state
        record.state, record.cause, record.args = report.state, report.cause, report.args
        record.since = self._core.clock.now()
        if record.info.kind == "scale" and report.state is not DeviceState.OK:
            self._core.desk.reading = None
        lost = report.state in {DeviceState.FAULT, DeviceState.OFF}
        if lost or was is DeviceState.FAULT:
            self._core.desk.earcon = "device_lost" if lost else "device_back"
        self._record(record)

    def again(self) -> None:
        """Changes that could not be recorded when they came: the last of each device counts."""
        for record in self._core.desk.devices.values():
            self._record(record)

    def _record(self, record: DeviceRecord) -> None:
        """Once: what fails after the commit does not make it a second time."""
        now, before, head = (record.state, record.cause), record.recorded, self._core.store.head()
        if before == now:
            return
        record.recorded = now
        try:
            self._core.record(
                DeviceChanged(
                    device=record.info.id,
                    state=record.state,
                    cause=record.cause,
                    serial=dict(record.args).get("found", ""),
                )
            )
        except StorageError:
            if self._core.store.head() == head:
                record.recorded = before
            raise

    def seen(self, report: DeviceSeen) -> None:
        """Keep the last bytes for the Devices screen."""
        record = self._core.desk.devices.get(report.device)
        if record is not None:
            record.heard(report.raw, report.mono_ns, self._core.clock)

    def printing(self, report: PrintProgress) -> None:
        """A printer's word about a job of the open parcel; late words of others are let pass."""
        session = self._core.session
        papers = session.parcel.papers if session.parcels else ()
        awaited = _OUT | ({"failed"} if report.outcome == "printed" else set())
        if not any(p.job == report.job and p.status in awaited for p in papers):
            return
        self._core.submit(
            i.PrintReported(
                job=report.job,
                document=report.document,
                outcome=report.outcome,
                cause=report.cause,
                at=_instant(self._core.clock.now()),
            )
        )

    def printer_told(self, report: PrinterTold) -> None:
        """What lies in a printer, as it measured it."""
        self._core.desk.printing.lengths[report.device] = report.label_dots

    def printer_queue(self, report: PrinterQueue) -> None:
        """Who prints before us at a shared printer."""
        self._core.desk.printing.queues[report.device] = report.waiting

    # --- server -------------------------------------------------------------------------

    def sync(self, report: SyncChanged) -> None:
        """Online, offline, how much waits."""
        desk = self._core.desk
        if desk.online != report.online:
            desk.earcon = "online" if report.online else "offline"
            desk.offline_since = None if report.online else self._core.clock.now()
        desk.online, desk.waiting = report.online, report.waiting
        store = self._core.store
        # Said again before the syncer has seen the new epoch, it is about the one before.
        if report.cause in _FORKED and report.epoch == store.head().epoch:
            log.warning("%s at %d: a new epoch begins", report.cause, report.at)
            store.begin_epoch(report.at)

    def cursor(self, report: CursorMoved) -> None:
        """The server holds more, or (gap, restored backup) less than we thought."""
        store = self._core.store
        if report.seq < store.acknowledged():
            store.rewind(report.seq)
        else:
            store.acknowledge(report.seq)
            self.look_again()

    def secured(self, report: JournalSecured) -> None:
        """While nobody packs, old facts that are safe elsewhere are let go of."""
        core = self._core
        if core.session.live or report.epoch != core.store.head().epoch:
            return
        if gone := core.store.compact(report.seq):
            log.info("%d old facts are let go of", gone)

    def leased(self, report: NumbersLeased) -> None:
        """Numbers for offline labels: a fact, so that they are never used twice."""
        self._core.record(
            PoolLeased(
                lease=report.lease,
                carrier=report.carrier,
                service=report.service,
                prefix=report.prefix,
                country=report.country,
                first=report.first,
                last=report.last,
                expires=report.expires,
            )
        )

    def rows(self, report: RowsPulled) -> None:
        """Apply pulled rows; a change of the open order interrupts the packer."""
        core = self._core
        core.cache.apply(report.rows, report.cursor)
        self._forget_old({row.t for row in report.rows})
        mine = [row for row in report.rows if row.t == "order" and self._is_open(row.id)]
        if any(row.t == "requirement" for row in report.rows):
            self._answers.look()
        for row in mine:
            try:
                self._interrupt(_order_row(row), row.rev)
            except msgspec.ValidationError as exc:
                log.warning("order row %s is misshapen: %s", row.id, type(exc).__name__)

    def _forget_old(self, tables: set[str]) -> None:
        """What the desk remembers of rows that were just replaced."""
        desk = self._core.desk
        if "site" in tables:
            self._core.read_zone()
        if tables & {"sku", "carton"}:
            desk.products.clear()
            desk.boxes.clear()
        if "user" in tables and desk.person is not None:
            badge = desk.person.badge
            person = next((p for p in self._core.cache.people() if p.badge == badge), None)
            if person is None:
                self._core.record(PersonSignedOut(badge=badge, cause="revoked"))
            desk.person = person

    def look_again(self) -> None:
        """Ask the cache about the open order, where a newer row of it came in unseen.

        So after a restart (the row was kept, the stop was not), and when a row that waited for
        the server's acknowledgement is let in.
        """
        self._answers.look()
        core, session = self._core, self._core.session
        row = core.cache.order(session.order_id) if session.live else None
        if row is not None and row.rev > session.rev:
            self._stop(_stop_reason(row, session.digest), row, row.rev)

    def _is_open(self, order_id: str) -> bool:
        return self._core.session.live and self._core.session.order_id == order_id

    def _interrupt(self, row: OrderRow | None, rev: int) -> None:
        """The pulled row itself speaks: the cache keeps the old one until our facts are sent."""
        core, session = self._core, self._core.session
        reason = _stop_reason(row, session.digest)
        if reason:
            self._stop(reason, row, rev)
        elif session.state is State.HELD and session.hold_reason in _SERVER_HOLDS:
            core.submit(i.HoldReleased(cause="server", rev=rev))

    def _stop(self, reason: str, row: OrderRow | None, rev: int) -> None:
        """Hold for ``reason``, unless what holds already is as strong; a new change is news."""
        session = self._core.session
        changed = changes_of(session, row.order) if row and reason == "changed" else ()
        again = session.hold_reason == reason == "changed" and changed != session.hold_changes
        news = session.state is not State.HELD or outranks(reason, session.hold_reason)
        if not reason or not (news or again):
            return
        note = row.hold if row else ""
        hold = i.HoldRaised(reason=reason, by="server", note=note, rev=rev, changes=changed)

        def stop() -> None:
            self._core.submit(hold)

        if reason != "changed" or row is None or not self.cures(row, stop):
            stop()

    def want_numbers(self) -> None:
        """Keep every pooled service above its low-water mark."""
        core, today = self._core, self._core.today()
        for profile in core.services:
            if profile.numbers != "pool":
                continue
            left = core.pool.left(profile.carrier, profile.service, today)
            if left < profile.pool_low:
                newest = core.pool.newest(profile.carrier, profile.service)
                count = profile.pool_lease
                core.sync.want_numbers(profile.carrier, profile.service, count, newest)


def _instant(moment: datetime) -> str:
    """RFC 3339 UTC, as the journal has it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _order_row(row: Row) -> OrderRow | None:
    if row.op == "del":
        return None
    body = shaped(row.body, OrderBody)
    return OrderRow(body.order, row.rev, body.bench, body.hold)


def _stop_reason(row: OrderRow | None, digest: str) -> str:
    """Why the open order must stop, or "" when it may go on."""
    if row is None:
        return "cancelled"
    if row.order.status in _STOPS:
        return _STOPS[row.order.status]
    if row.hold:
        return "server"
    return "changed" if digest and order_digest(row.order) != digest else ""
