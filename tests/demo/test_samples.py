from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from math import prod
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from packstation.assets import resource
from packstation.bootstrap.services import load_services
from packstation.carriers.lint import lint
from packstation.carriers.tariffs import TariffBook, load_folder
from packstation.demo import lanes, samples
from packstation.domain import records
from packstation.domain.barcodes import Badge, Gtin, parse_code
from packstation.domain.orders import Order
from packstation.domain.parcels import Carton

NOW = datetime(2031, 3, 5, 14, 8, 33, tzinfo=UTC)
ORDERS = samples.orders(NOW)
PRODUCTS = {product.sku: product for product in samples.products()}
DESTINATIONS = {*"RU US DE GB BR JP NO CA NZ CH AU FR".split()}


def test_there_are_forty_orders_half_of_each_shape() -> None:
    assert len(ORDERS) == len({order.order_id for order in ORDERS}) == 40
    assert [order.channel for order in ORDERS].count("ozon") == 20
    assert [order.channel for order in ORDERS].count("shopify") == 20
    assert {order.ship_to.country for order in ORDERS} == DESTINATIONS
    assert all(order.status == "ready" for order in ORDERS[:20])
    assert {order.status for order in ORDERS} == {"ready", "on_hold", "unpaid", "cancelled"}


def test_dates_are_those_of_today() -> None:
    for order in ORDERS:
        assert order.placed_at is not None
        assert NOW - timedelta(days=2) < order.placed_at < NOW
        assert all(due.at > NOW + timedelta(hours=3) for due in order.deadlines)
    rates = [rate.on for order in ORDERS for rate in order.rates]
    assert set(rates) == {"2031-03-04"}
    first = ORDERS[0].handover()
    assert first is not None
    assert first.at == datetime(2031, 3, 5, 18, 0, tzinfo=UTC)
    assert first.next_at == first.at


def test_every_line_has_a_product_and_every_order_a_tote() -> None:
    totes = [tote for order in ORDERS for tote in order.totes]
    assert len(totes) == len(set(totes)) == 40
    for order in ORDERS:
        assert all(line.sku in PRODUCTS for line in order.lines)
        assert all(isinstance(parse_code(text), type(parse_code("T-1"))) for text in order.totes)


def test_codes_are_right_and_belong_to_one_product() -> None:
    seen: dict[str, str] = {}
    for product in PRODUCTS.values():
        for code in product.codes:
            read = parse_code(code.text)
            assert isinstance(read, Gtin), product.sku
            assert seen.setdefault(read.gtin14, product.sku) == product.sku
    units = {code.units for product in PRODUCTS.values() for code in product.codes}
    assert units == {1, 24}
    assert parse_code(PRODUCTS["ST-CAT-SHT"].codes[0].text) == Gtin("00042100005264", "04252614")


def test_products_are_complete() -> None:
    for product in PRODUCTS.values():
        assert set(product.names) == {"en", "zh", "ru"}
        customs = product.customs
        assert customs.description
        assert len(customs.hs) == 6
        assert (customs.origin, customs.unit_value is not None) == ("CN", True)
        assert 0 < (customs.net_g or 0) <= (product.weight_g or 0)
        assert prod([product.length_mm or 0, product.width_mm or 0, product.height_mm or 0]) > 0
    assert any(product.tracking.serial for product in PRODUCTS.values())
    assert any(product.tracking.lot and product.tracking.expiry for product in PRODUCTS.values())
    assert {product.goods.battery for product in PRODUCTS.values()} == {"none", "built_in", "alone"}


@pytest.mark.parametrize("sku", sorted(PRODUCTS))
def test_every_product_has_its_picture(sku: str) -> None:
    image = PRODUCTS[sku].image
    assert image == f"samples/pictures/{sku}.svg"
    root = ET.parse(resource(*image.split("/"))).getroot()  # noqa: S314 - our own file
    assert root.attrib["viewBox"] == "0 0 400 400"


def fitting(order: Order) -> tuple[Carton, int]:
    """The smallest carton with room to spare, and the gross weight in it."""
    lines = [(PRODUCTS[line.sku], line.quantity) for line in order.lines]
    volume = sum(
        prod([p.length_mm or 0, p.width_mm or 0, p.height_mm or 0]) * count for p, count in lines
    )
    grams = sum((product.weight_g or 0) * count for product, count in lines)
    longest = max(max(p.length_mm or 0, p.width_mm or 0, p.height_mm or 0) for p, _ in lines)
    boxes = [
        carton
        for carton in samples.cartons()
        if volume <= 0.85 * prod(carton.inner_mm)
        and longest <= max(carton.inner_mm)
        and grams + carton.tare_g <= (carton.max_g or grams)
    ]
    box = min(boxes, key=lambda carton: prod(carton.inner_mm))
    return box, grams + box.tare_g


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.order_id)
def test_every_ready_order_fits_a_carton_and_has_a_price(order: Order) -> None:
    carton, gross = fitting(order)
    book = TariffBook(samples.tariffs(), NOW.date)
    size = (carton.outer.length_mm, carton.outer.width_mm, carton.outer.height_mm)
    quotes, refusals = book.quote(order, PRODUCTS, gross, size)
    if order.status == "ready":
        assert refusals == ()
        assert quotes[0].amount > 0
    else:
        assert len(quotes) + len(refusals) == 1


def test_every_carton_is_taken_by_the_post() -> None:
    assert len(samples.cartons()) == 8
    for carton in samples.cartons():
        longest, middle, shortest = carton.outer.sorted_mm
        assert longest + middle + shortest <= 900
        assert (longest >= 140, middle >= 110) == (True, True)


def test_people_can_sign_in() -> None:
    people = samples.people()
    assert {person.role for person in people} == {"packer", "lead", "supervisor"}
    assert {person.language for person in people} == {"en", "zh_Hans", "ru"}
    for role, pin in samples.PINS.items():
        person = next(one for one in people if one.role == role)
        assert PasswordHasher().verify(person.pin_hash, pin)
        assert parse_code(f"%PB:{person.badge}") == Badge(person.badge, f"%PB:{person.badge}")
    assert len({person.badge for person in people}) == len(people)


@pytest.mark.parametrize(("name", "count"), [("orders-ozon.json", 6), ("orders-shopify.json", 5)])
def test_files_as_the_marketplaces_answer(name: str, count: int) -> None:
    found = records.decode_orders(samples.sample(name).read_bytes())
    assert found.bad == ()
    assert len(found.good) == count
    known = {order.order_id for order in ORDERS}
    for order in found.records:
        assert order.order_id not in known
        assert order.ship_to.country in DESTINATIONS
        assert all(line.sku in PRODUCTS for line in order.lines)


def test_the_samples_themselves_decode_without_a_problem() -> None:
    assert records.decode_orders(samples.sample("orders.json").read_bytes()).bad == ()
    assert records.decode_catalog(samples.sample("catalog.json").read_bytes()).bad == ()
    assert records.decode_cartons(samples.sample("cartons.json").read_bytes()).bad == ()


# --- to twelve destinations ---------------------------------------------------------------


def test_every_destination_has_an_order_and_a_price_by_its_service(tmp_path: Path) -> None:
    book = TariffBook(load_folder(lanes.gathered("tariffs", tmp_path)), NOW.date)
    services = {
        (one.carrier, one.service) for one in load_services(lanes.gathered("services", tmp_path))
    }
    orders = samples.destinations(NOW)

    assert {order.ship_to.country for order in orders} == DESTINATIONS
    assert not {order.order_id for order in orders} & {order.order_id for order in ORDERS}
    for order in orders:
        carton, gross = fitting(order)
        size = (carton.outer.length_mm, carton.outer.width_mm, carton.outer.height_mm)
        quotes, _ = book.quote(order, PRODUCTS, gross, size)
        chosen = [quote for quote in quotes if quote.service == order.service]
        assert [(one.carrier, one.service) in services for one in chosen] == [True], order.order_id


def test_sample_services_have_numbers_and_tariffs_without_a_fault(tmp_path: Path) -> None:
    services = load_services(lanes.gathered("services", tmp_path))
    pooled = {one.service for one in services if one.numbers == "pool"}
    sold = {one.carrier for one in services if one.numbers == "online"}
    assert pooled == {"e-packet", *(pool["service"] for pool in lanes.POOLS)}
    assert sold == set(lanes.SOLD_ONLINE)
    assert all(set(one.names) == {"en", "zh", "ru"} for one in services)

    files = [(path.name, path.read_bytes()) for path in samples.sample("tariffs").iterdir()]
    assert len(files) == 5
    assert lint(files, NOW.date()) == ()
