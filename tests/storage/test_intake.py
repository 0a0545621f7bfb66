"""Bulk import into the station's own database."""

import pytest

from packstation.domain.psp import SiteBody
from packstation.station.ports import PersonRow
from packstation.storage.intake import Imported
from packstation.storage.store import Store
from tests.storage.samples import carton, order, order_row, product


def test_orders_are_new_changed_or_unchanged(store: Store) -> None:
    intake = store.intake
    assert intake.import_orders([order(1), order(2)], bench="B-01") == Imported(accepted=2)
    again = [order(1), order(2, note="leave at the door"), order(3)]
    assert intake.import_orders(again) == Imported(accepted=1, changed=1, unchanged=1)
    found = store.orders.order("O-2")
    assert found is not None
    assert (found.rev, found.bench, found.order.note) == (1, "B-01", "leave at the door")


def test_a_record_met_twice_counts_once_as_unchanged(store: Store) -> None:
    assert store.intake.import_orders([order(1), order(1)]) == Imported(accepted=1, unchanged=1)


def test_an_import_keeps_the_hold_of_an_order(store: Store) -> None:
    store.orders.apply([order_row(order(1), rev=3, bench="B-07", hold="customs")], "c")
    assert store.intake.import_orders([order(1, note="x")]) == Imported(changed=1)
    found = store.orders.order("O-1")
    assert found is not None
    assert (found.rev, found.bench, found.hold) == (4, "B-07", "customs")


def test_more_orders_than_one_transaction_takes(store: Store) -> None:
    orders = [order(number) for number in range(1, 1203)]
    assert store.intake.import_orders(orders) == Imported(accepted=1202)
    assert store.intake.import_orders(iter(orders)) == Imported(unchanged=1202)
    assert len(store.orders.orders_with_sku("SKU-A", limit=2000)) == 1202


def test_goods_cartons_people_and_site(store: Store) -> None:
    intake = store.intake
    assert intake.import_products([product("A", ("X-1", 1)), product("B")]) == Imported(accepted=2)
    assert intake.import_products([product("A", ("X-2", 1))]) == Imported(changed=1)
    assert store.orders.product_of_code("X-1") is None
    assert intake.import_cartons([carton("C1", 100)]) == Imported(accepted=1)
    assert intake.import_cartons([carton("C1", 100)]) == Imported(unchanged=1)
    person = PersonRow(badge="b-1", name="Mia", role="packer")
    assert intake.import_people([person]) == Imported(accepted=1)
    assert store.orders.people() == (person,)
    intake.set_site(SiteBody(code="GZ-1"))
    intake.set_site(SiteBody(code="GZ-2"))
    assert store.orders.site()["code"] == "GZ-2"


@pytest.mark.parametrize("key", ["O'; DROP TABLE order_row; --", 'a"b', "订单-1", "%_"])
def test_hostile_ids_are_only_text(store: Store, key: str) -> None:
    store.intake.import_orders([order(1, order_id=key, totes=(key,))])
    assert store.orders.order(key) is not None
    assert len(store.orders.orders_of_code(key)) == 1
    assert store.orders.order("O-1") is None
