"""A consignment where something is not as it should be: no printer, no order, opened parcels."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from packstation.domain.catalog import ProductCode
from packstation.domain.packing.facts import LabelVoided
from packstation.station import ports as p
from packstation.station.views import Screen
from tests.station.desk import MUG, Bench, order, product, signed_in
from tests.station.dock import pulled, typed
from tests.station.test_consignment import (
    SITE,
    box,
    codes,
    heavy,
    marks,
    no,
    packed,
    shown,
    stacked,
    warehouse,
)


def test_without_a_printer_nothing_is_lost_and_it_is_said() -> None:
    bench = warehouse(SITE)
    packed(bench)
    bench.printers.clear()
    before = len(bench.documents.marked)
    bench.command("reprint")
    assert bench.store.bench_events(["InputRefused"])[-1].body["reason"] == "print.no_printer"
    bench.command("accept", "accept", "accept", "accept", "accept")
    assert "ConsignmentClosed" in bench.kinds()
    assert len(bench.documents.marked) == before


def test_an_order_that_the_bench_has_no_more_is_finished_without_papers() -> None:
    bench = warehouse(SITE)
    found = stacked(bench)
    bench.cache.orders.pop("O-1")
    bench.command("close-bag", "accept")
    assert bench.store.bench_events(["InputRefused"])[-1].body["reason"] == "history.unknown"
    bench.command("accept")
    assert shown(bench).service == "O-1"
    bench.command("accept")
    assert shown(bench).step == "check"
    bench.command("accept")
    closed = bench.store.bench_events(["ConsignmentClosed"])[-1].body
    assert (closed["price"], closed["cartons"]) == (None, len(found))


def test_a_void_label_takes_its_carton_off() -> None:
    bench = warehouse(SITE)
    found = packed(bench)

    for parcel in bench.core.session.parcels:
        assert parcel.label is not None
        bench.core.record(LabelVoided(key=parcel.label.key, waybill=parcel.label.waybill))
    bench.command("accept")
    assert shown(bench).problem is not None
    assert shown(bench).problem.key == "consignment.empty"  # type: ignore[union-attr]
    bench.scan(found[0])
    assert no(bench) == "what"


def test_pallets_are_opened_and_closed_by_their_labels() -> None:
    bench = warehouse(SITE)
    found = stacked(bench)
    first = str(bench.store.bench_events(["PalletOpened"])[-1].body["code"])
    # The open pallet's own label says that it is full.
    bench.scan(first)
    assert shown(bench).step == "weigh"
    bench.command("accept")
    bench.scan(found[2])
    # Another one is open, with a carton on it.
    bench.scan(first)
    assert shown(bench).problem is not None
    assert shown(bench).problem.key == "consignment.pallet.open"  # type: ignore[union-attr]
    # While a pallet waits for the scale a carton may still come: it goes back to stacking.
    bench.command("undo", "back")
    assert bench.view.screen is not Screen.CONSIGNMENT
    bench.scan(first)
    bench.command("close-bag")
    bench.scan(found[2])
    view = shown(bench)
    assert view.unit is not None
    assert (view.step, view.unit.count) == ("load", 3)


def test_goods_without_a_gtin_have_none_on_their_mark() -> None:
    plain = product("PLAIN", "P-1", 300, codes=(ProductCode(text="P-1"),))
    bench = signed_in(order("O-1", "PLAIN*1", service_class="freight"))
    bench.cache.add(plain)
    bench.scan("O-1", "P-1")
    box(bench, 340)
    assert [(one.gtin, one.units) for one in marks(bench)] == [("", 0)]


def test_other_pages_keep_their_keys_and_fields() -> None:
    bench = warehouse(SITE)
    packed(bench)
    bench.command("manual")
    bench.say(p.ChoiceMade(0, "O-1"))
    bench.command("bag")
    assert "PalletOpened" not in bench.kinds()
    typed(bench, "carton-count", "12")
    assert shown(bench).due == 12
    typed(bench, "goods-sku", "MUG-GRN")
    bench.say(p.ChoiceMade(0, "O-1"))
    assert shown(bench).due == 12
    bench.command("find")
    assert bench.view.screen is Screen.CONSIGNMENT or bench.view.entry is not None


def test_a_price_that_comes_late_is_let_pass() -> None:
    bench = warehouse(SITE)
    packed(bench)
    held: list[object] = []
    post = bench.later.post
    bench.later.post = held.append
    bench.command("accept")
    bench.later.post = post
    bench.command("back")
    for told in held:
        bench.say(told)  # type: ignore[arg-type]
    assert shown(bench).code == ""


def test_what_adds_nothing_costs_nothing() -> None:
    bench = warehouse(SITE)
    assert heavy(bench) == codes(bench)
    prices = [e.body["price"] for e in bench.store.bench_events(["ServiceSelected"])]
    # The same price for all so far: the second and third add nothing.
    assert [Decimal(one["amount"]) for one in prices] == [Decimal("78.24"), 0, 0]


def test_a_carton_in_another_currency_is_not_taken_off() -> None:
    bench = warehouse(SITE)
    bench.scan("O-1", MUG)
    bench.command("next-parcel")
    box(bench, 340)
    (quote,) = bench.rater.quotes
    bench.rater.quotes = (replace(quote, currency="USD"),)
    bench.scan(MUG)
    bench.command("next-parcel")
    box(bench, 341)
    prices = [e.body["price"] for e in bench.store.bench_events(["ServiceSelected"])]
    assert [(one["amount"], one["currency"]) for one in prices] == [
        ("78.24", "CNY"),
        ("78.24", "USD"),
    ]


def test_a_code_that_looks_like_a_mark_is_none_elsewhere_too() -> None:
    bench = warehouse(SITE)
    bench.scan("CT0000000001")
    assert bench.view.queue is not None
    assert "InputRefused" in bench.kinds()
    found = packed(bench)
    bench.command("accept", "accept", "back")
    # Of a finished consignment a mark opens no page by itself.
    bench.scan(found[0])
    assert bench.view.screen is not Screen.CONSIGNMENT


def test_an_empty_pallet_is_none_at_the_end() -> None:
    bench = warehouse(SITE)
    packed(bench)
    bench.command("bag", "accept", "accept")
    assert shown(bench).step == "done"
    before = len(marks(bench))
    bench.command("reprint")
    assert [one.kind for one in marks(bench)[before:]] == ["carton"] * 3


@pytest.mark.parametrize("rules", [None, {"handover_tare_g": {"pallet": "heavy"}}])
def test_an_empty_pallet_weighs_nothing_where_nobody_said(rules: object) -> None:
    bench = warehouse({**SITE, "rules": rules})
    packed(bench)
    bench.scan(codes(bench)[0])
    assert bench.store.bench_events(["PalletOpened"])[-1].body["tare_g"] == 0


def test_an_order_that_was_never_a_consignment_here_has_no_page() -> None:
    bench: Bench = signed_in(order("O-1", "MUG-GRN*1"))
    pulled(bench, p.Row("site", "GZ-1", 1, "put", dict(SITE)))
    bench.scan("O-1")
    bench.command("consignment")
    assert bench.view.page_rows is not None
    assert bench.view.page_rows.rows == ()
    bench.command("bag", "back")
    assert bench.view.screen is Screen.SCANNING
