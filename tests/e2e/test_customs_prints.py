"""A parcel over a border through the bench to real printers: what arrived is read again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.bootstrap.station import Setup
from packstation.devices.bench import DeviceConfig
from packstation.domain.labels import media
from packstation.domain.printers import RouteRow
from packstation.station.views import Screen
from packstation.storage.store import FILE, open_store
from tests.devices.printers.queues.peers import IppPrinter
from tests.documents.papers import pages
from tests.e2e.rig import STATION, furnish
from tests.node.rendering import codes_in, render_zpl
from tests.situations.abroad import leased, only, rate, to_berlin
from tests.situations.bench import ShowBench
from tests.situations.catalogue.papers import FULL, TWO
from tests.situations.goods import own_products
from tests.situations.model import Pack, Scan, Situation
from tests.situations.robot import Robot

A4_MM = (210.0, 297.0)


class OfficeBench(ShowBench):
    """A bench with two A4 printers in the network: forms on one, invoices by rule on the other."""

    def __init__(
        self, folder: Path, furnished: Path, forms: IppPrinter, invoices: IppPrinter
    ) -> None:
        self._forms, self._invoices = forms, invoices
        super().__init__(folder, furnished, self.printed())

    def printed(self) -> Situation:
        """What is packed here."""
        date = rate("EUR", "CNY", "8.20").on
        order = to_berlin(invoice={"no": "INV-2026-7", "date": date})
        return Situation(
            name="printed",
            rule="5 the set on real printers",
            orders=(order,),
            steps=(),
            screen="",
            says="",
            files=only("japanpost", "ems", "express"),
            leases=(leased("japanpost", "ems", "EM", "JP"),),
        )

    def _setup(self) -> Setup:
        setup = super()._setup()
        rows = tuple(row for row in setup.devices if row.kind != "papers")
        papers = (
            DeviceConfig("papers", "spool", self._forms.address),
            DeviceConfig("papers", "spool", self._invoices.address, "papers-2"),
        )
        prints = (
            RouteRow(document="label", printer="label"),
            RouteRow(document="invoice", printer="papers-2"),
        )
        return replace(setup, devices=(*rows, *papers), prints=prints)


class WordyBench(OfficeBench):
    """The same bench, its parcels e-packets, with more to declare than a CN 22 has room for."""

    def printed(self) -> Situation:
        """What is packed here."""
        steps = (*FULL, Scan("A-1"), Pack("weighing"))
        return replace(super().printed(), orders=TWO, steps=steps, files={}, leases=())


@pytest.fixture
def furnished(tmp_path: Path) -> Path:
    folder = tmp_path / "furnished"
    folder.mkdir()
    furnish(folder, orders=())
    with open_store(folder / FILE, station=STATION, clock=SystemClock(), ids=Uuid7Ids()) as store:
        store.intake.import_products(own_products())
    return folder


@pytest.fixture
def forms() -> Iterator[IppPrinter]:
    printer = IppPrinter()
    yield printer
    printer.close()


@pytest.fixture
def invoices() -> Iterator[IppPrinter]:
    printer = IppPrinter()
    yield printer
    printer.close()


@pytest.fixture
def bench(
    tmp_path: Path, furnished: Path, forms: IppPrinter, invoices: IppPrinter
) -> Iterator[OfficeBench]:
    found = OfficeBench(tmp_path / "bench", furnished, forms, invoices)
    yield found
    found.close()


def test_label_form_and_invoice_arrive_where_the_rules_send_them(
    bench: OfficeBench, forms: IppPrinter, invoices: IppPrinter
) -> None:
    bench.sign_in()
    bench.read("A-1")
    bench.reach(Screen.WEIGHING)
    bench.sim.place(260)
    view = bench.until(lambda view: view.screen is Screen.CONFIRMING, 60)
    assert view.label is not None
    waybill = view.label.waybill

    newest = max(bench.sim.label.folder.glob("[0-9]*.zpl"))
    ((label,),) = render_zpl([(newest.read_bytes(), media("100x150", 203))])
    assert waybill in codes_in(label)

    (form,) = forms.printed
    told = pages.text(form)
    assert pages.faults(form, [A4_MM]) == []
    assert waybill in pages.decoded(form)
    for field in ("Anna Schmidt", "Torstrasse 12", "10119", "732394", "32.00", "CN 23"):
        assert field in told
    assert "IM2760000017" not in told  # the IOSS number is on no paper

    (invoice,) = invoices.printed
    told = pages.text(invoice)
    assert pages.faults(invoice, [A4_MM]) == []
    for field in ("INV-2026-7", "Guangzhou Baiyun Trading", "Anna Schmidt", "32.00"):
        assert field in told
    assert "IM2760000017" not in told

    printed = {(one["document"], one["printer"]) for one in bench.facts("PrintStarted")}
    assert printed == {("label", "label"), ("cn23", "papers"), ("invoice", "papers-2")}
    bench.key("Enter")
    bench.scan_for(waybill, lambda view: view.screen is Screen.COMPLETED)
    (closed,) = [one for one in bench.facts("PapersChecked") if one["moment"] == "close"]
    assert closed["ok"]


def test_contents_without_room_on_a_label_go_on_a_cn_23_and_an_invoice(
    tmp_path: Path, furnished: Path, forms: IppPrinter, invoices: IppPrinter
) -> None:
    bench = WordyBench(tmp_path / "bench", furnished, forms, invoices)
    try:
        bench.sign_in()
        Robot(bench).run(bench.printed().steps)
        bench.sim.place(375)
        view = bench.until(lambda view: view.screen is Screen.CONFIRMING, 60)
        assert view.label is not None
        waybill = view.label.waybill

        newest = max(bench.sim.label.folder.glob("[0-9]*.zpl"))
        ((label,),) = render_zpl([(newest.read_bytes(), media("100x150", 203))])
        assert waybill in codes_in(label)
        assert b"CN 23" in newest.read_bytes()

        (form,) = forms.printed
        assert pages.faults(form, [A4_MM]) == []
        assert waybill in pages.decoded(form)
        (invoice,) = invoices.printed
        assert pages.faults(invoice, [A4_MM]) == []
        told = " ".join((pages.text(form) + pages.text(invoice)).split())
        for field in ("Anna Schmidt", "732394", "notebook", "CN 23", "INV-1"):
            assert field in told
        (chosen,) = bench.facts("ServiceSelected")
        assert chosen["documents"] == ["label", "cn23", "invoice"]
        assert len(bench.facts("NumberUsed")) == 1
    finally:
        bench.close()
