"""What the site's row adds to an order that does not say it."""

from __future__ import annotations

from collections.abc import Mapping

from packstation.domain.orders import Address, Order
from packstation.station.planning import with_sender
from tests.station.desk import order

SITE: Mapping[str, object] = {
    "sender": {"name": "Guangzhou Trade", "country": "CN"},
    "cn_export_mode": "9710",
}


def sent(site: Mapping[str, object], country: str = "", mode: str = "") -> Order:
    sender = Address(name="Li Wei", country=country) if country else Address()
    return with_sender(order(ship_from=sender, cn_export_mode=mode), site)


def test_the_sites_address_is_the_sender_where_the_order_names_none() -> None:
    assert sent(SITE).ship_from.name == "Guangzhou Trade"
    assert sent(SITE, "CN").ship_from.name == "Li Wei"
    assert sent({}).ship_from == Address()


def test_the_sites_way_of_export_counts_for_parcels_from_china() -> None:
    assert sent(SITE).cn_export_mode == "9710"
    assert sent(SITE, "CN").cn_export_mode == "9710"
    assert sent(SITE, "CN", mode="9610").cn_export_mode == "9610"
    assert sent(SITE, "DE").cn_export_mode == ""
    assert sent({"sender": SITE["sender"]}).cn_export_mode == ""
