"""What a camera sees, as work done: it counts, closes and opens, and never refuses.

Use "look": things before the camera are verified while an order is scanned, and the label on the
box closes the parcel. Use "scan": besides, a code that comes into sight is taken once, as if it
had been scanned. In both every input first goes through ``decide`` to see what it would cause:
whatever is not plainly right is let pass, because a camera sees much that nobody has shown to it.

How many of a thing are verified follows what is in the parcel: units seen together in one
picture, less those the parcel holds already, by whatever hand they were counted. So a thing that
was scanned and then laid down, or seen again after a hand hid it, is not counted twice; equal
things that are shown one after the other need a scan, or to be shown together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from packstation.domain.onelook import Look, Track, observe, take_back, together
from packstation.domain.packing import State, decide
from packstation.domain.packing import inputs as i
from packstation.domain.packing.facts import Fact, ItemRejected, ItemRemoved, ItemVerified
from packstation.station import routing as r
from packstation.station.core import Core
from packstation.station.desk import LookRecord
from packstation.station.planning import carton_refusal, opening_refusal
from packstation.station.ports import CodeScanned, CodesSeen
from packstation.station.scans import Scans

_NOT_BUSY: Final = frozenset({State.IDLE, State.COMPLETED, State.CANCELLED, State.PARKED})
# Rejections that a scan of the same thing may cure: the camera asks for it.
_ASK: Final = frozenset({"serial_missing", "lot_missing", "expiry_missing"})


class Looking:
    """Tracks of every camera, and what they let the session know."""

    def __init__(self, core: Core, scans: Scans) -> None:
        self._core = core
        self._scans = scans

    def seen(self, report: CodesSeen) -> None:
        """One picture's codes."""
        desk = self._core.desk
        device = desk.devices.get(report.device)
        if device is None or device.info.use == "off":
            return
        before = desk.looks.get(report.device, LookRecord())
        look = observe(before.look, report.reads, report.frame, report.mono_ns)
        record = LookRecord(look, report.size, before.taken & {t.id for t in look.tracks})
        desk.looks[report.device] = record
        # Whatever covers the stage was meant for a person, and only a person answers it.
        if desk.nobody or desk.alert is not None or desk.entry is not None or desk.parking:
            return
        self._verify(look)
        self._confirm(look)
        if device.info.use == "scan":
            self._scan(report.device, record)

    def told(self, facts: tuple[Fact, ...]) -> None:
        """What a hand took back does not count again while it lies there."""
        skus = {fact.sku for fact in facts if isinstance(fact, ItemRemoved)}
        for device, record in self._core.desk.looks.items() if skus else ():
            keys = {t.read.key for t in record.look.tracks if self._sku(t) in skus}
            look = take_back(record.look, frozenset(keys))
            self._core.desk.looks[device] = replace(record, look=look)

    # --- one look -------------------------------------------------------------------------

    def _verify(self, look: Look) -> None:
        """Verify what lies there until nothing more of it is due."""
        while (found := self._next(look)) is not None:
            self._core.submit(found)
            # Whoever lays things under the camera is there: the bench does not lock.
            self._core.desk.active_ns = self._core.clock.mono_ns()

    def _next(self, look: Look) -> i.ItemScanned | None:
        if self._core.session.state is not State.SCANNING:
            return None
        lying: dict[str, int] = {}
        for track in together(look):
            item = item_of(self._core, track)
            if item is None:
                continue
            lying[item.sku] = lying.get(item.sku, 0) + item.units
            more = lying[item.sku] - packed(self._core, item.sku) >= item.units
            if (more or item.serial) and verifies(self._core, item):
                return item
        return None

    def _confirm(self, look: Look) -> None:
        """The label on the box, where it is this parcel's own; another's is let pass."""
        session = self._core.session
        if session.state is not State.CONFIRMING or session.parcel.label is None:
            return
        own = session.parcel.label.waybill
        if own and any(track.read.text == own for track in together(look)):
            self._core.submit(i.WaybillScanned(waybill=own, next_parcel_id=self._core.ids.new()))

    def _sku(self, track: Track) -> str:
        item = item_of(self._core, track)
        return item.sku if item is not None else ""

    # --- as a scanner ---------------------------------------------------------------------

    def _scan(self, device: str, record: LookRecord) -> None:
        """What is new in sight opens an order or takes a box; each thing once."""
        for track in together(record.look):
            if track.id in record.taken:
                continue
            record = replace(record, taken=record.taken | {track.id})
            self._core.desk.looks[device] = record
            way = r.route(track.read.text, track.read.aim, self._core.cache)
            if self._welcome(way):
                self._scans.scanned(CodeScanned(track.read.text, track.read.aim, device))
                return

    def _welcome(self, way: r.Route) -> bool:
        """Whether a scan of it would be taken as it is; never a command, never a badge."""
        state, bench = self._core.session.state, self._core.desk.bench
        match way:
            case r.ToOrders():
                free = any(not opening_refusal(row, bench) for row in way.rows)
                return state in _NOT_BUSY and free
            case r.ToItem():
                rows = self._core.cache.orders_with_sku(way.product.sku)
                free = any(not opening_refusal(row, bench) for row in rows)
                return state in _NOT_BUSY and free
            case r.ToCarton():
                return state is State.CARTONING and not carton_refusal(
                    self._core.session, way.carton
                )
        return False


def item_of(core: Core, track: Track) -> i.ItemScanned | None:
    """The item that a thing's code stands for, as it would be scanned."""
    way = r.route(track.read.text, track.read.aim, core.cache)
    if not isinstance(way, r.ToItem):
        return None
    return i.ItemScanned(
        sku=way.product.sku,
        units=way.units,
        code=way.text,
        lot=way.lot,
        serial=way.serial,
        expiry=way.expiry,
        today=core.today(),
        source="camera",
    )


def packed(core: Core, sku: str) -> int:
    """Units of it in the open parcel."""
    return sum(item.units for item in core.session.parcel.contents if item.sku == sku)


def verifies(core: Core, item: i.ItemScanned) -> bool:
    """Whether the session would take it."""
    return isinstance(next(iter(decide(core.session, item)), None), ItemVerified)


def asks_for_scan(core: Core, item: i.ItemScanned) -> bool:
    """Whether only what this code does not carry is missing: serial, lot or expiry."""
    first: Iterable[Fact] = decide(core.session, item)
    return any(isinstance(fact, ItemRejected) and fact.reason in _ASK for fact in first)
