"""What to do with a scanned code: the scan is the click."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.customs_facts import PapersChecked
from packstation.station import routing as r
from packstation.station.capturing import Capturing
from packstation.station.closing import Then
from packstation.station.commands import Commands
from packstation.station.core import Core
from packstation.station.desk import DeviceRecord
from packstation.station.flow_desk import FlowDesk
from packstation.station.own_pages import OwnPages
from packstation.station.people import People
from packstation.station.ports import CodeScanned
from packstation.station.testcard import CARD_PAGE, TestCard

_NOT_BUSY = frozenset({State.IDLE, State.COMPLETED, State.CANCELLED, State.PARKED})
_PLACE = re.compile(r"[\w./-]{1,32}")
# Of what is scanned; fewer signs are in too many orders to mean one.
SHORTEST = 4
_LABEL_SHOWN = frozenset({State.PRINTING, State.CONFIRMING})


class Scans:
    """Routes codes to the session, to people and to commands."""

    def __init__(
        self,
        core: Core,
        people: People,
        commands: Commands,
        card: TestCard,
        capturing: Capturing,
        modes: FlowDesk,
        own: OwnPages,
    ) -> None:
        self._own = own
        self._core = core
        self._modes = modes
        # A page that wants products takes them before any order does.
        self.measured: Callable[[r.Route], bool] = lambda _: False
        # What the customs rules say as a parcel is about to close.
        self.closing: Callable[[str, Then], None] = lambda _, then: then(None)
        self._card = card
        self._capturing = capturing
        self._at_ns = 0
        self._people = people
        self._commands = commands
        self._ways: Mapping[type[r.Route], Callable[[Any], None]] = {
            r.ToCommand: self._command,
            r.ToItem: self._item,
            r.ToCarton: self._carton,
            r.ToOrders: self._orders,
            r.ToWaybill: lambda way: self._waybill(way.text),
            r.ToNothing: self._nothing,
        }

    def scanned(self, scan: CodeScanned) -> None:
        """Handle one scan; whatever it is, somebody sees or hears an answer."""
        desk = self._core.desk
        record = desk.devices.get(scan.source)
        if record is not None:
            record.heard(scan.raw, scan.received_ns, self._core.clock)
        if desk.page == CARD_PAGE and not desk.nobody:
            desk.earcon = self._card.take(scan)
            return
        desk.scanner, self._at_ns = scan.source, scan.received_ns
        try:
            self._mended(self._core.lessons.mended(scan), record)
        finally:
            desk.scanner = ""

    def _mended(self, scan: CodeScanned, record: DeviceRecord | None) -> None:
        """A scan as it was printed; a badge reader's is a badge or nothing."""
        if record is not None and record.info.kind == "badge":
            self._people.card(scan.text if not scan.error else "")
            return
        desk = self._core.desk
        way = r.route(scan.text, scan.aim, self._core.cache)
        if isinstance(way, r.ToPerson) and not scan.error:
            self._people.badge(way.badge)
            return
        if desk.nobody:
            self._core.refuse("sign_in.first", code_kind=way.kind)
            return
        if scan.error:
            self._core.refuse("code.unreadable", code_kind=way.kind)
            return
        if not isinstance(way, r.ToCommand) and self._commands.shown_only(scan):
            return
        if self.measured(way) or self._own.scanned(scan, way):
            return
        if not isinstance(way, r.ToCommand) and self._capturing.scanned(scan.text, scan.aim, way):
            return
        if desk.parking and not isinstance(way, r.ToCommand | r.ToNothing):
            self._put(way)
            return
        if not isinstance(way, r.ToCommand) and self._modes.scanned(way.text):
            return
        self._ways[type(way)](way)

    def _command(self, way: r.ToCommand) -> None:
        self._commands.command(way.command, way.argument)

    def _nothing(self, way: r.ToNothing) -> None:
        if self._core.desk.parking and way.text:
            self._park(way.text)
        elif self._core.session.state in _NOT_BUSY and self._part(way.text):
            return
        else:
            self._core.refuse(way.reason, code_kind=way.kind)

    def _part(self, text: str) -> bool:
        """Part of an order's number, a SKU or a tote: what has it is shown, nothing is opened."""
        lineup = self._modes.lineup
        # Separators of a bar code are no part of a name, and not even blanks round one.
        long_enough = text.isprintable() and len(text.strip()) >= SHORTEST
        return long_enough and lineup.found(text) and lineup.find(text)

    def _put(self, way: r.Route) -> None:
        """Where the order goes was asked for: goods, parcels and other orders are no places."""
        order = isinstance(way, r.ToOrders) and way.kind != "tote"
        if order or isinstance(way, r.ToItem | r.ToWaybill):
            self._core.refuse("park.place", code_kind=way.kind)
        else:
            self._park(way.text)

    def _park(self, place: str) -> None:
        # A number said for the next scan is not meant for the day it is taken up again.
        self._core.desk.parking, self._core.desk.quantity = False, 1
        # What is no place's code stays out of the journal: it may be anything.
        self._core.submit(i.ParkAsked(place=place if _PLACE.fullmatch(place) else ""))

    def _item(self, way: r.ToItem) -> None:
        quantity, self._core.desk.quantity = self._core.desk.quantity, 1
        if self._core.session.state in _NOT_BUSY:
            self._modes.open_for(way.product.sku, way.units * quantity)
            if self._core.session.state is not State.SCANNING:
                return
        self._capturing.take(
            i.ItemScanned(
                sku=way.product.sku,
                units=way.units * quantity,
                code=way.text,
                lot=way.lot,
                serial=way.serial,
                expiry=way.expiry,
                today=self._core.today(),
                variant_of=self._variant_of(way.product.sku),
                fast=self._modes.fast.lane(way.product, way.units * quantity),
            ),
            self._at_ns,
        )

    def _variant_of(self, sku: str) -> str:
        """The due SKU of which ``sku`` is another colour or size: same up to the last dash."""
        stem = sku.rpartition("-")[0]
        skus = (line.plan.sku for line in self._core.session.lines)
        return next((s for s in skus if stem and s.rpartition("-")[0] == stem and s != sku), "")

    def _carton(self, way: r.ToCarton) -> None:
        carton, session = way.carton, self._core.session
        if session.state in _NOT_BUSY:
            self._core.refuse("carton.no_order", code_kind="carton", text=carton.code)
            return
        self._commands.take(carton, "scanned")

    def _orders(self, way: r.ToOrders) -> None:
        session = self._core.session
        if way.kind == "waybill" and session.state in _LABEL_SHOWN:
            self._waybill(way.text)
        elif session.state is State.HELD and self._is_back(way):
            self._core.submit(i.PutBackScanned(tote=way.text))
        elif session.state in _NOT_BUSY:
            self._modes.choosing.open_one_of(way.rows, way.text)
        elif way.kind == "tote" and self._modes.totes.scanned(way.text):
            return
        else:
            self._core.refuse(f"not_now.{session.state}", code_kind=way.kind, text=way.text)

    def _is_back(self, way: r.ToOrders) -> bool:
        """Whether the open order's own tote (or number) was scanned, not the next one's."""
        own = any(row.order.order_id == self._core.session.order_id for row in way.rows)
        return own and way.kind != "waybill"

    def _waybill(self, waybill: str) -> None:
        self.closing(waybill, lambda checked: self._closes(waybill, checked))

    def _closes(self, waybill: str, checked: PapersChecked | None) -> None:
        fresh = self._core.ids.new()
        self._core.submit(i.WaybillScanned(waybill=waybill, next_parcel_id=fresh, checked=checked))
        self._modes.batches.go_on()
