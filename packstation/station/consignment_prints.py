"""What a consignment prints: marks of cartons, labels of pallets, the packing list.

They ship nothing by themselves, so nothing waits for them: what did not come out is printed again
from the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from packstation.domain.consignment.consignments import Carton, Consignment
from packstation.domain.consignment.papers import MarkPaper
from packstation.domain.consignment.totals import expected_g
from packstation.domain.errors import PackstationError
from packstation.domain.item_labels import code_of, symbol_of
from packstation.domain.labels import OnPallet, ParcelPapers, PrintJob
from packstation.domain.orders import Order
from packstation.domain.packing import Session
from packstation.domain.packing.inside import order_contents, packed_instead
from packstation.domain.packing.session import Parcel
from packstation.domain.printers import BenchPrinter
from packstation.station.core import Core
from packstation.station.handover_prints import HandoverMade, labels, sheets
from packstation.station.planning import with_sender
from packstation.station.ports import DocumentMaker, Happening, Printer

PACKING_LIST = "packing-list"


class ConsignmentPrints:
    """Marks to the printer of labels, the list to that of papers."""

    def __init__(self, core: Core, maker: DocumentMaker, printers: Mapping[str, Printer]) -> None:
        """``printers`` may be filled later: devices open after the bench."""
        self._core, self._maker, self._printers = core, maker, printers

    # --- marks --------------------------------------------------------------------------

    def marks(self, one: Consignment, cartons: Sequence[Carton]) -> None:
        """The marks of these cartons, n / N where N is known."""
        found = self._order(one.id) if cartons else None
        if found is None:
            return
        session = self.session(one.id)
        inside = {parcel.id: parcel for parcel in session.parcels}
        papers = [self._mark(one, row, found, inside.get(row.parcel)) for row in cartons]
        self._labels(papers)

    def _mark(
        self, one: Consignment, row: Carton, order: Order, parcel: Parcel | None
    ) -> MarkPaper:
        gtin, units = self._article(parcel)
        return replace(
            self._paper(order, row.code),
            number=one.number_of(row.parcel),
            count=one.of if one.of >= len(one.cartons) else 0,
            gross_g=row.gross_g,
            size_mm=row.size_mm,
            gtin=gtin,
            units=units,
            carrier=parcel.service.carrier if parcel and parcel.service else "",
        )

    def _paper(self, order: Order, code: str) -> MarkPaper:
        return MarkPaper(
            kind="carton",
            number=1,
            code=code,
            sender=order.ship_from,
            to=order.ship_to,
            reference=order.order_id,
            training=self._core.desk.training,
        )

    def _article(self, parcel: Parcel | None) -> tuple[str, int]:
        """GTIN and pieces of a carton that holds one article only."""
        skus = {item.sku for item in parcel.contents} if parcel else set()
        product = self._core.cache.product(next(iter(skus))) if len(skus) == 1 else None
        code = code_of(product) if product else ""
        gtin = code.zfill(14) if code and symbol_of(code) != "code128" else ""
        units = sum(item.units for item in parcel.contents) if parcel else 0
        return gtin, units if gtin else 0

    def pallet(self, one: Consignment, pallet: str) -> None:
        """The label of a pallet that was closed; how many there will be is known at the end."""
        order, row = self._order(one.id), one.pallets[pallet]
        if order is None:
            return
        used = [name for name in one.pallets if one.on(name)]
        paper = replace(
            self._paper(order, row.code),
            kind="pallet",
            number=used.index(pallet) + 1,
            count=len(used) if one.finished else 0,
            gross_g=row.gross_g or expected_g(one, row),
            cartons=len(one.on(pallet)),
        )
        self._labels([paper])

    def _labels(self, papers: Sequence[MarkPaper]) -> None:
        target, maker = labels(self._core, self._printers), self._maker
        if target is not None:
            stock = target.stock
            self._print(target, lambda: maker.marks(papers, stock))

    # --- packing list -------------------------------------------------------------------

    def packing_list(self, one: Consignment) -> None:
        """What lies in each carton, on sheets where the bench prints any, else on labels."""
        order, maker = self._order(one.id), self._maker
        target = sheets(self._core, self._printers)
        if order is None or target is None:
            return
        papers, stock = self._cartons(one, order), target.stock
        self._print(target, lambda: maker.make(PACKING_LIST, papers[0], stock, papers))

    def _cartons(self, one: Consignment, order: Order) -> tuple[ParcelPapers, ...]:
        session = self.session(one.id)
        inside = {parcel.id: parcel for parcel in session.parcels}
        rows = [row for row in one.cartons.values() if row.parcel in inside]
        return tuple(self._parcel(one, row, order, session, inside[row.parcel]) for row in rows)

    def _parcel(
        self, one: Consignment, row: Carton, order: Order, session: Session, parcel: Parcel
    ) -> ParcelPapers:
        core, service = self._core, parcel.service
        return ParcelPapers(
            order=order,
            products=core.products_in(parcel, order),
            contents=order_contents(session, parcel),
            instead=packed_instead(session, parcel),
            parcel_id=parcel.id,
            waybill=row.waybill,
            carrier=service.carrier if service else "",
            service=service.service if service else "",
            gross_g=row.gross_g,
            size_mm=row.size_mm,
            number=one.number_of(row.parcel),
            count=len(one.cartons),
            date=core.today(),
            mark=core.desk.bench,
            training=core.desk.training,
            carton_mark=row.code,
            pallet=_pallet(one, row.pallet),
        )

    # --- what is known ------------------------------------------------------------------

    def session(self, order_id: str) -> Session:
        """How an order was packed, on the bench or in the journal."""
        core = self._core
        if core.session.order_id == order_id:
            return core.session
        opened = {"SessionOpened", "SessionTakenOver"}
        events = [event for event in core.store.order_events(order_id) if event.kind in opened]
        return core.load(events[-1].session) if events else Session()

    def _order(self, order_id: str) -> Order | None:
        """With its sender; None, and said so, where the bench has it no more."""
        row = self._core.cache.order(order_id)
        if row is None:
            self._core.refuse("history.unknown", code_kind="order")
            return None
        return with_sender(row.order, self._core.cache.site())

    # --- printing -----------------------------------------------------------------------

    def _print(self, target: BenchPrinter, draw: Callable[[], PrintJob]) -> None:
        printer, job = target.id, f"consignment/{self._core.ids.new()}"

        def work() -> Happening:
            try:
                return HandoverMade(printer, replace(draw(), job=job))
            except PackstationError as exc:
                return HandoverMade(printer, None, exc.key)

        self._core.run(work, HandoverMade(printer, None))


def _pallet(one: Consignment, pallet: str) -> OnPallet | None:
    row = one.pallets.get(pallet)
    if row is None:
        return None
    used = [name for name in one.pallets if one.on(name)]
    return OnPallet(row.code, used.index(pallet) + 1, len(used), row.gross_g)
