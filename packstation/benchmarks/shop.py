"""The data folder of a measured bench: the sample goods and people, and one long order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from msgspec.structs import asdict, replace

from packstation.benchmarks.place import BENCH, STATION
from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.demo import samples
from packstation.domain.catalog import Product
from packstation.domain.orders import Deadline, Order, OrderLine
from packstation.domain.psp import SiteBody
from packstation.station.ports import PersonRow
from packstation.storage.store import FILE, Store, open_store

ORDER: Final = "BENCHMARK-1"


def open_shop(folder: Path) -> Store:
    """The bench's database."""
    return open_store(folder / FILE, station=STATION, clock=SystemClock(), ids=Uuid7Ids())


def furnish(folder: Path, units: int = 0, lines: int = 6) -> list[str]:
    """Fill ``folder``; the codes of the long order's ``units`` in the order to scan them.

    The lines take turns, so that every scan changes another line card.
    """
    skus = [product for product in samples.products() if _plain(product)][:lines]
    with open_shop(folder) as store:
        store.intake.import_products(samples.products())
        store.intake.import_cartons(samples.cartons())
        store.intake.import_people(PersonRow(**asdict(person)) for person in samples.people())
        store.intake.set_site(SiteBody(code="GZ-1", zone="Asia/Shanghai", currency="CNY"))
        store.intake.import_orders(samples.orders(datetime.now(UTC)), bench=BENCH)
        if units:
            store.intake.import_orders([_long(skus, units)], bench=BENCH)
    return [skus[unit % len(skus)].codes[0].text for unit in range(units)]


def badge() -> str:
    """Who packs."""
    return next(person.badge for person in samples.people() if person.role == "packer")


def _plain(product: Product) -> bool:
    """One code, one unit, nothing to be asked beside it."""
    asked = product.tracking.serial or product.tracking.lot or product.tracking.expiry
    return not asked and bool(product.codes) and product.codes[0].units == 1 and not product.kit


def _long(products: list[Product], units: int) -> Order:
    """An order for ``units`` of these products, the first of them once more where it is uneven."""
    now = datetime.now(UTC)
    model = samples.orders(now)[0]
    each, more = divmod(units, len(products))
    lines = tuple(
        OrderLine(
            line=number,
            sku=product.sku,
            quantity=each + (number <= more),
            unit_price=product.customs.unit_value,
        )
        for number, product in enumerate(products, 1)
    )
    due = (Deadline(kind="handover", at=now + timedelta(hours=3)),)
    return replace(
        model, order_id=ORDER, lines=lines, deadlines=due, totes=("T-900",), payment=None
    )
