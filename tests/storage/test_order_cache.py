"""Orders, goods and people: what both the real cache and the fake one promise."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from packstation.domain.catalog import Product
from packstation.domain.orders import OrderParcel
from packstation.domain.packing.facts import SessionReopened
from packstation.station.ports import PersonRow, Row
from tests.storage.conftest import Twin
from tests.storage.samples import (
    carton,
    draft,
    opened_fact,
    order,
    order_row,
    packed,
    product,
    row,
)


def ids(found: object) -> list[str]:
    return [one.order.order_id for one in found]  # type: ignore[attr-defined]


def test_an_empty_cache_knows_nothing(twin: Twin) -> None:
    cache = twin.orders
    assert cache.order("O-1") is None
    assert cache.product("SKU-A") is None
    assert cache.product_of_code("6901234567892") is None
    assert (cache.queue("B-01"), cache.cartons(), cache.people()) == ((), (), ())
    assert (dict(cache.site()), cache.cursor()) == ({}, "")


def test_a_pulled_order_comes_back_whole(twin: Twin) -> None:
    twin.orders.apply([order_row(order(), rev=4, bench="B-01", hold="customs")], "c-1")
    found = twin.orders.order("O-1")
    assert found is not None
    assert found.order == order()
    assert (found.rev, found.bench, found.hold) == (4, "B-01", "customs")
    assert twin.orders.cursor() == "c-1"


def test_a_newer_row_replaces_the_older_with_its_codes(twin: Twin) -> None:
    twin.orders.apply([order_row(order())], "c-1")
    twin.orders.apply([order_row(order(totes=("T-99",)), rev=2)], "c-2")
    assert ids(twin.orders.orders_of_code("T-99")) == ["O-1"]
    assert twin.orders.orders_of_code("T-1") == ()
    assert twin.orders.cursor() == "c-2"


def test_a_deleted_order_is_gone(twin: Twin) -> None:
    twin.orders.apply([order_row(order())], "c-1")
    twin.orders.apply([Row(t="order", id="O-1", rev=2, op="del", body={})], "c-2")
    assert twin.orders.order("O-1") is None
    assert twin.orders.orders_with_sku("SKU-A") == ()
    assert twin.orders.orders_of_code("T-1") == ()


def test_large_rows_are_read_by_another_thread_as_they_were_when_they_were_got(twin: Twin) -> None:
    twin.orders.apply([Row("templates", "t/1", 1, "put", {"id": "t"})], "c-1")
    bodies = twin.orders.unread("templates")
    twin.orders.apply([Row("templates", "t/1", 2, "put", {"id": "other"})], "c-2")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(bodies.read).result() == ({"id": "t"},)
    assert twin.orders.kept_all("templates") == ({"id": "other"},)


def test_waybills_lead_to_their_orders(twin: Twin) -> None:
    given = order(2, parcels=(OrderParcel(waybill="LP1"),), labels=({"waybill": "LP2"},))
    twin.orders.apply([order_row(order(1)), order_row(given)], "c-1")
    twin.events.append(packed())
    assert ids(twin.orders.orders_of_code("LP1")) == ["O-2"]
    assert ids(twin.orders.orders_of_code("LP2")) == ["O-2"]
    assert ids(twin.orders.orders_of_code("RBO-1CN")) == ["O-1"]
    assert twin.orders.orders_of_code("") == ()


def test_ready_orders_of_a_sku_by_handover(twin: Twin) -> None:
    rows = [order_row(order(number)) for number in (5, 3, 4)]
    rows.append(order_row(order(1, status="on_hold")))
    rows.append(order_row(order(2), hold="customs"))
    rows.append(order_row(order(6, deadlines=())))
    twin.orders.apply(rows, "c-1")
    assert ids(twin.orders.orders_with_sku("SKU-A")) == ["O-3", "O-4", "O-5", "O-6"]
    assert ids(twin.orders.orders_with_sku("SKU-A", limit=2)) == ["O-3", "O-4"]
    assert ids(twin.orders.orders_with_sku("SKU-4")) == ["O-4"]


def test_the_queue_has_orders_of_this_bench_and_of_any(twin: Twin) -> None:
    benches = {4: "B-01", 2: "", 3: "B-02", 1: "B-01"}
    rows = [order_row(order(number), bench=bench) for number, bench in benches.items()]
    twin.orders.apply(rows, "c-1")
    assert ids(twin.orders.queue("B-01")) == ["O-1", "O-2", "O-4"]
    assert ids(twin.orders.queue("B-01", limit=1)) == ["O-1"]
    assert ids(twin.orders.queue("")) == ["O-2"]


def test_an_order_packed_here_is_no_longer_offered(twin: Twin) -> None:
    twin.orders.apply([order_row(order(1)), order_row(order(2))], "c-1")
    twin.events.append(packed())
    assert ids(twin.orders.queue("B-01")) == ["O-2"]
    assert ids(twin.orders.orders_with_sku("SKU-A")) == ["O-2"]
    twin.events.append([draft(SessionReopened(by="P-9", reason="wrong card"))])
    assert ids(twin.orders.queue("B-01")) == ["O-1", "O-2"]


@pytest.mark.parametrize(
    ("scanned", "units"),
    [
        ("6901234567892", 1),
        ("06901234567892", 1),
        ("16901234567899", 24),
        ("X-7", 3),
    ],
)
def test_products_are_found_by_any_of_their_codes(twin: Twin, scanned: str, units: int) -> None:
    goods = product("SKU-A", ("6901234567892", 1), ("16901234567899", 24), ("X-7", 3))
    twin.orders.apply([row("sku", "SKU-A", goods)], "c-1")
    assert twin.orders.product("SKU-A") == goods
    assert twin.orders.product_of_code(scanned) == (goods, units)
    assert twin.orders.product_of_code("0" + scanned + "0") is None


def test_codes_of_a_changed_product_are_forgotten(twin: Twin) -> None:
    twin.orders.apply([row("sku", "SKU-A", product("SKU-A", ("X-1", 1)))], "c-1")
    twin.orders.apply([row("sku", "SKU-A", product("SKU-A", ("X-2", 1)), rev=2)], "c-2")
    assert twin.orders.product_of_code("X-1") is None
    assert twin.orders.product_of_code("X-2") is not None
    twin.orders.apply([Row(t="sku", id="SKU-A", rev=3, op="del", body={})], "c-3")
    assert twin.orders.product_of_code("X-2") is None


def test_cartons_come_smallest_first(twin: Twin) -> None:
    boxes = [carton("C9", 100), carton("C1", 300), carton("C2", 200), carton("C3", 200)]
    twin.orders.apply([row("carton", box.code, box) for box in boxes], "c-1")
    assert [box.code for box in twin.orders.cartons()] == ["C9", "C2", "C3", "C1"]
    twin.orders.apply([Row(t="carton", id="C9", rev=2, op="del", body={})], "c-2")
    assert [box.code for box in twin.orders.cartons()] == ["C2", "C3", "C1"]


def test_people_and_site(twin: Twin) -> None:
    person = {"badge": "b-1", "name": "林 晓", "role": "packer", "prefs": {"left": True}}
    site = {"code": "GZ-1", "zone": "Asia/Shanghai", "currency": "CNY"}
    twin.orders.apply([row("user", "b-1", person), row("site", "GZ-1", site)], "c-1")
    assert twin.orders.people() == (
        PersonRow(badge="b-1", name="林 晓", role="packer", prefs={"left": True}),
    )
    assert twin.orders.site()["zone"] == "Asia/Shanghai"
    twin.orders.apply([Row(t="user", id="b-1", rev=2, op="del", body={})], "c-2")
    assert twin.orders.people() == ()


def test_an_order_with_facts_under_way_is_left_alone_until_they_arrived(twin: Twin) -> None:
    twin.orders.apply([order_row(order(), rev=1), order_row(order(2))], "c-1")
    twin.events.append([draft(opened_fact())])
    twin.orders.apply(
        [order_row(order(status="cancelled"), rev=2), order_row(order(2), rev=7)], "c-2"
    )
    first, other = twin.orders.order("O-1"), twin.orders.order("O-2")
    assert first is not None
    assert other is not None
    assert (first.order.status, first.rev, other.rev) == ("ready", 1, 7)
    assert twin.orders.cursor() == "c-2"
    twin.events.acknowledge(1)
    first = twin.orders.order("O-1")
    assert first is not None
    assert (first.order.status, first.rev) == ("cancelled", 2)


def test_a_deletion_waits_too(twin: Twin) -> None:
    twin.orders.apply([order_row(order())], "c-1")
    twin.events.append([draft(opened_fact())])
    twin.orders.apply([Row(t="order", id="O-1", rev=2, op="del", body={})], "c-2")
    assert twin.orders.order("O-1") is not None
    twin.events.acknowledge(1)
    assert twin.orders.order("O-1") is None


def test_one_bad_row_never_stops_the_others(twin: Twin) -> None:
    bad = [
        Row(t="order", id="O-9", rev=1, op="put", body={"order": {"order_id": "O-9"}}),
        Row(t="sku", id="S-9", rev=1, op="put", body={"sku": 5}),
        Row(t="tariff", id="e-packet", rev=1, op="put", body={"service": "e-packet"}),
        Row(t="tariff", id="e-parcel", rev=1, op="del", body={}),
    ]
    twin.orders.apply([*bad, row("sku", "SKU-A", product())], "c-1")
    assert twin.orders.product("SKU-A") == Product(sku="SKU-A")
    assert twin.orders.order("O-9") is None
    assert twin.orders.cursor() == "c-1"


def test_orders_that_are_held_are_listed_soonest_first_and_those_of_others_are_not(
    twin: Twin,
) -> None:
    rows = [
        order_row(order(1, status="on_hold"), bench="B-01"),
        order_row(order(2), hold="customs"),
        order_row(order(3), bench="B-02", hold="customs"),
        order_row(order(4)),
    ]
    twin.orders.apply(rows, "c-1")
    assert sorted(ids(twin.orders.held("B-01"))) == ["O-1", "O-2"]
    assert len(twin.orders.held("B-01", limit=1)) == 1


def test_a_row_without_a_table_of_its_own_is_kept_as_it_came(twin: Twin) -> None:
    assert dict(twin.orders.kept("requirement", "O-1")) == {}
    twin.orders.apply([row("requirement", "O-1", {"answers": [], "asks": "nobody"})], "c-1")
    assert dict(twin.orders.kept("requirement", "O-1")) == {"answers": [], "asks": "nobody"}
    twin.orders.apply([Row(t="requirement", id="O-1", rev=2, op="del", body={})], "c-2")
    assert dict(twin.orders.kept("requirement", "O-1")) == {}


def test_rates_are_known_and_misshapen_ones_left_out(twin: Twin) -> None:
    good = {"from": "XDR", "to": "CNY", "rate": "9.60", "on": "2026-11-20"}
    rows = [row("rate", "a", good), row("rate", "b", {"from": "XDR"}), row("rate", "c", {})]
    twin.orders.apply(rows, "c-1")
    assert [str(rate.rate) for rate in twin.orders.rates()] == ["9.60"]


def test_a_note_stays_at_the_bench_until_another_one(twin: Twin) -> None:
    assert twin.orders.note() == ""
    twin.orders.leave_note("Tape is out \u202e<b>")
    assert twin.orders.note() == "Tape is out \u202e<b>"
    twin.orders.leave_note("")
    assert twin.orders.note() == ""
