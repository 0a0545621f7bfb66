"""What lies round the virtual bench: badges, orders, goods and boxes for a hand to scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from packstation.demo import samples
from packstation.demo.goods import code_of
from packstation.domain.catalog import Product
from packstation.domain.orders import Order
from packstation.station.views import ProductView
from packstation.ui.widgets.virtual_bench import Thing


def things(orders: Sequence[Order], language: str = "en") -> tuple[Thing, ...]:
    """Everything that a person at the demo's bench can pick up."""
    badges = [Thing("badge", person.name, f"%PB:{person.badge}") for person in samples.people()]
    boxes = [
        Thing("carton", carton.code, carton.code, weight_g=carton.tare_g)
        for carton in samples.cartons()
    ]
    goods = [_thing(product, language) for product in samples.products() if product.codes]
    return (*badges, *_of_orders(orders), *goods, *boxes)


def _of_orders(orders: Iterable[Order]) -> Iterable[Thing]:
    for order in orders:
        yield Thing("order", order.order_id, order.order_id)
        for tote in order.totes:
            yield Thing("tote", tote, tote)


def _thing(product: Product, language: str) -> Thing:
    name, _, variant = product.name(language).partition(" · ")
    view = ProductView(product.sku, name, variant, product.image or "")
    text, aim = code_of(product, "by-hand")
    return Thing("product", name, text, view, product.weight_g or 0, aim)
