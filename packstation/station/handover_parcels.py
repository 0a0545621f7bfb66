"""Packed parcels as a hand-over needs them: this bench's own from its journal, others' from rows.

The journal is read once, when the page is first opened; from then on facts and rows keep it up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from packstation.domain.handover import parcels as p
from packstation.domain.orders import Order
from packstation.domain.packing import facts as f
from packstation.domain.packing.handover_facts import ParcelTendered
from packstation.domain.packing.session import Parcel, Session
from packstation.first_use import shaped
from packstation.station.core import Core
from packstation.station.ports import RowsPulled

# Facts of which a parcel is known, of a week's or two's work at one bench.
_KINDS: Final = (
    f.ParcelWeighed,
    f.ServiceSelected,
    f.LabelApplied,
    f.LabelVoided,
    ParcelTendered,
)
HORIZON: Final = 20_000


def tendered(core: Core, session: Session) -> bool:
    """Whether a parcel of an order is the carrier's, by the bench's journal or the server's row."""
    waybills = [one.label.waybill for one in session.parcels if one.label and one.label.waybill]
    told = core.store.events_about([ParcelTendered.__name__], "waybill", waybills)
    rows = (core.cache.kept(p.ROW, waybill) for waybill in waybills)
    return bool(told) or any(row.get("state") == p.TENDERED for row in rows)


class Parcels:
    """By waybill, with whatever stops one; ``known`` is what both sources say together."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._own: dict[str, p.Due] = {}
        self._rows: dict[str, p.Due] = {}
        self.known: dict[str, p.Due] = {}
        self._read = False
        self._late: set[str] = set()

    def read(self) -> None:
        """Journal and rows; once."""
        self._read = True
        self._past()
        for body in self._core.cache.kept_all(p.ROW):
            self._take(body)
        for waybill in {*self._own, *self._rows}:
            self._settle(waybill)

    # --- this bench's own -------------------------------------------------------------------

    def _past(self) -> None:
        """What the last facts of the journal say of parcels; older ones come as rows."""
        kinds = [kind.__name__ for kind in _KINDS]
        weights: dict[str, int] = {}
        services: dict[str, tuple[str, str]] = {}
        for event in self._core.store.bench_events(kinds, HORIZON):
            parcel, body = event.parcel or "", event.body
            match event.kind:
                case "ParcelWeighed":
                    weights[parcel] = int(body["gross_g"])
                case "ServiceSelected":
                    services[parcel] = (str(body["carrier"]), str(body["service"]))
                case "LabelApplied":
                    carrier, service = services.get(parcel, ("", ""))
                    self._own[str(body["waybill"])] = p.Due(
                        waybill=str(body["waybill"]),
                        parcel=parcel,
                        order_id=event.order or "",
                        carrier=carrier,
                        service=service,
                        gross_g=weights.get(parcel, 0),
                        closed=event.at,
                    )
                case kind:
                    state = p.VOIDED if kind == "LabelVoided" else p.TENDERED
                    self._state(str(body.get("waybill", "")), state)

    def told(self, facts: tuple[f.Fact, ...]) -> None:
        """Closed, voided and tendered parcels of this bench."""
        for fact in facts:
            match fact:
                case f.LabelApplied(waybill=waybill):
                    self._closed(waybill)
                case f.LabelVoided(waybill=waybill):
                    self._state(waybill, p.VOIDED)
                case ParcelTendered(waybill=waybill):
                    # It may be another bench's.
                    self._own[waybill] = self.known.get(waybill, p.Due(waybill=waybill))
                    self._state(waybill, p.TENDERED)
                case _:
                    continue
            self._settle(waybill)

    def _closed(self, waybill: str) -> None:
        session = self._core.session
        found = (one for one in session.parcels if one.label and one.label.waybill == waybill)
        for parcel in found:
            self._own[waybill] = self._due(parcel, waybill, session.order_id)

    def _due(self, parcel: Parcel, waybill: str, order_id: str) -> p.Due:
        service = parcel.service
        return p.Due(
            waybill=waybill,
            parcel=parcel.id,
            order_id=order_id,
            carrier=service.carrier if service else "",
            service=service.service if service else "",
            gross_g=parcel.gross_g or 0,
            closed=self._core.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        )

    def _state(self, waybill: str, state: str) -> None:
        known = self._own.get(waybill)
        if known is not None:
            self._own[waybill] = replace(known, state=state)

    # --- other benches' ---------------------------------------------------------------------

    def rows(self, report: RowsPulled) -> None:
        """Parcels of other benches, and orders that were stopped or let go on."""
        if not self._read:
            return
        for row in report.rows:
            if row.t == p.ROW:
                if row.op == "put":
                    self._take(row.body)
                else:
                    self._rows.pop(row.id, None)
                self._settle(row.id)
            elif row.t == "order":
                self._late.add(row.id)
                self._again(row.id)

    def let_in(self) -> None:
        """Rows of orders wait while facts of them are unsent: what came is looked at again."""
        for order_id in self._late:
            self._again(order_id)
        if not self._core.desk.waiting:
            self._late.clear()

    def _take(self, body: Mapping[str, object]) -> None:
        try:
            due = shaped(dict(body), p.Due)
        except msgspec.ValidationError:
            return
        self._rows[due.waybill] = due

    def _again(self, order_id: str) -> None:
        for due in tuple(self.known.values()):
            if due.order_id == order_id:
                self._settle(due.waybill)

    # --- together ---------------------------------------------------------------------------

    def _settle(self, waybill: str) -> None:
        """Own facts are newest of what happened here, the row of what happened elsewhere."""
        own, row = self._own.get(waybill), self._rows.get(waybill)
        due = own or row
        if due is None:
            self.known.pop(waybill, None)
            return
        if own is not None and row is not None:
            gone = row.state if row.state != p.PACKED else own.state
            due = replace(own, state=gone, manifest=row.manifest, bench=row.bench, stop=row.stop)
        found = self._core.cache.order(due.order_id) if due.order_id else None
        if found is not None:
            stop = "cancelled" if found.order.status == "cancelled" else "held" * bool(found.hold)
            due = replace(due, mode=self.mode(found.order), stop=stop or due.stop)
        self.known[waybill] = due

    def mode(self, order: Order) -> str:
        """The export mode of an order from China: its own, else the site's."""
        if order.ship_from.country != "CN":
            return ""
        return order.cn_export_mode or str(self._core.cache.site().get("cn_export_mode") or "")

    def waiting(self) -> Iterable[p.Due]:
        """What should leave and is on no list."""
        return (due for due in self.known.values() if due.waits)
