"""What a hand-over prints: the list for the driver, and a label for each bag that is tied.

They ship nothing by themselves, so nothing waits for them: what did not come out is printed
again from the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from packstation.domain.errors import PackstationError
from packstation.domain.handover.manifests import Loaded, Manifest
from packstation.domain.handover.papers import ListedParcel, ListedUnit, ManifestPaper, UnitPaper
from packstation.domain.handover.signature import Signature
from packstation.domain.labels import PrintJob
from packstation.domain.orders import Order
from packstation.domain.printers import BenchPrinter
from packstation.station.core import Core
from packstation.station.handover_ports import HandoverMaker
from packstation.station.pictures import language
from packstation.station.ports import Happening, Printer
from packstation.station.viewing.service_rows import service_name

PAPER: Final = "papers"
# What a carrier is asked for a parcel and has to do itself.
OPTIONS: Final = ("signature", "insurance", "pickup", "saturday", "fragile")


class HandoverMade(Happening, frozen=True):
    """A paper is drawn: its bytes, or the message key of why not."""

    printer: str
    made: PrintJob | None
    problem: str = "labels.bad.draw"


class HandoverPrints:
    """Lists to the printer of papers, labels of bags to that of labels."""

    def __init__(self, core: Core, maker: HandoverMaker, printers: Mapping[str, Printer]) -> None:
        """``printers`` may be filled later: devices open after the bench."""
        self._core, self._maker, self._printers = core, maker, printers
        # Of lists signed here since the start, to print them as they were signed.
        self.signed: dict[str, Signature] = {}

    def service_name(self, carrier: str, service: str) -> str:
        """As the shop calls it in the person's language."""
        return service_name(self._core, carrier, service)

    # --- the list -----------------------------------------------------------------------

    def manifest(self, one: Manifest) -> None:
        """On sheets where the bench prints any, else on labels."""
        maker, paper, words = self._maker, self.paper(one), language(self._core)
        target = sheets(self._core, self._printers)
        if target is not None:
            stock = target.stock
            self._print(target, lambda: maker.manifest(paper, words, stock))

    def paper(self, one: Manifest) -> ManifestPaper:
        """The list as it is now."""
        core, site = self._core, self._core.cache.site()
        codes = {unit.id: unit.code for unit in one.units.values()}
        signature = self.signed.get(one.id)
        return ManifestPaper(
            code=one.code,
            carrier=one.carrier,
            service=self.service_name(one.carrier, one.service),
            day=core.today(),
            site=str(site.get("name") or site.get("code") or ""),
            bench=core.desk.bench,
            cutoff=self.moment(one.cutoff),
            mode=one.mode,
            sender=_sender(site.get("sender")),
            units=tuple(_unit(one, unit_id) for unit_id in one.units if one.inside(unit_id)),
            parcels=tuple(self._listed(row, codes) for row in one.loaded.values()),
            missing=one.missing,
            signature=signature,
            signed_at=self.moment(signature.at) if signature else "",
            training=core.desk.training,
        )

    def moment(self, at: str) -> str:
        """Day and time of the site; "" for none."""
        if not at:
            return ""
        return datetime.fromisoformat(at).astimezone(self._core.zone).strftime("%Y-%m-%d %H:%M")

    def _listed(self, row: Loaded, codes: Mapping[str, str]) -> ListedParcel:
        found = self._core.cache.order(row.order_id) if row.order_id else None
        return ListedParcel(
            waybill=row.waybill,
            order_id=row.order_id,
            unit=codes.get(row.unit, ""),
            country=found.order.ship_to.country if found else "",
            gross_g=row.gross_g,
            options=_options(found.order) if found else (),
        )

    # --- bags ---------------------------------------------------------------------------

    def unit(self, one: Manifest, unit_id: str) -> None:
        """The label of a bag that was tied."""
        core, unit, target = self._core, one.units[unit_id], labels(self._core, self._printers)
        if target is None:
            return
        site = core.cache.site()
        paper = UnitPaper(
            code=unit.code,
            kind=unit.kind,
            number=list(one.units).index(unit_id) + 1,
            manifest=one.code,
            carrier=one.carrier,
            service=self.service_name(one.carrier, one.service),
            count=len(one.inside(unit_id)),
            gross_g=unit.gross_g or unit.expected_g,
            weighed=bool(unit.gross_g),
            day=core.today(),
            site=str(site.get("name") or site.get("code") or ""),
            mode=one.mode,
            training=core.desk.training,
        )
        maker, words, stock = self._maker, language(core), target.stock
        self._print(target, lambda: maker.unit_label(paper, words, stock))

    def _print(self, target: BenchPrinter, draw: Callable[[], PrintJob]) -> None:
        printer, job = target.id, f"handover/{self._core.ids.new()}"

        def work() -> Happening:
            try:
                return HandoverMade(printer, replace(draw(), job=job))
            except PackstationError as exc:
                return HandoverMade(printer, None, exc.key)

        self._core.run(work, HandoverMade(printer, None))

    def made(self, done: HandoverMade) -> None:
        """Bytes are here."""
        printer = self._printers.get(done.printer)
        if done.made is None or printer is None:
            self._core.refuse("labels.failed", code_kind="labels")
        else:
            printer.submit(done.made)


def _unit(one: Manifest, unit_id: str) -> ListedUnit:
    unit = one.units[unit_id]
    return ListedUnit(
        code=unit.code,
        kind=unit.kind,
        count=len(one.inside(unit_id)),
        expected_g=unit.expected_g,
        gross_g=unit.gross_g,
    )


def _options(order: Order) -> tuple[str, ...]:
    """What was asked of the carrier, and what it collects."""
    asked = tuple(name for name in order.options if name in OPTIONS)
    cod = order.cod
    return (*asked, f"cod {cod.amount} {cod.currency}") if cod is not None else asked


def _sender(found: object) -> tuple[str, ...]:
    """Company, lines and town of the site's own address."""
    if not isinstance(found, Mapping):
        return ()
    lines = found.get("lines")
    parts = [
        found.get("company") or found.get("name"),
        *(lines if isinstance(lines, list | tuple) else ()),
    ]
    town = " ".join(str(found[key]) for key in ("postcode", "city", "country") if found.get(key))
    return tuple(str(part) for part in (*parts, town) if part)


def sheets(core: Core, printers: Mapping[str, Printer]) -> BenchPrinter | None:
    """The printer of sheets, else the one of labels; None, and said, where there is neither."""
    known = core.desk.printing.table.printers
    papers = (one for one in known if one.kind == PAPER and one.id in printers)
    return next(papers, None) or labels(core, printers)


def labels(core: Core, printers: Mapping[str, Printer]) -> BenchPrinter | None:
    """The printer of labels; None, and said, where there is none."""
    target = core.desk.printing.target("label")
    if target is None or target.id not in printers:
        core.refuse("print.no_printer", code_kind="printer")
        return None
    return target
