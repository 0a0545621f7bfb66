"""The sample goods, people and orders of resources/samples, with today's dates.

``orders.json`` is written as if it were `WRITTEN` now: orders placed in the last day and a half,
deadlines from four hours to three days ahead. `orders` moves all of them to the asked moment.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from packstation.assets import resource
from packstation.carriers.tariffs import load_folder
from packstation.domain import records
from packstation.domain.catalog import Product
from packstation.domain.orders import Order
from packstation.domain.parcels import Carton
from packstation.domain.psp import PersonBody
from packstation.domain.tariffs import Tariff

WRITTEN: Final = datetime(2026, 11, 21, 6, 8, tzinfo=UTC)
# What the invented people type; printed in the demo's help, worthless anywhere else.
PINS: Final = {"packer": "1111", "lead": "2222", "supervisor": "3333"}


def sample(name: str) -> Path:
    """A file of the samples."""
    return resource("samples", name)


def orders(now: datetime) -> tuple[Order, ...]:
    """The 40 orders as they would be at ``now``: placed before it, due after it."""
    return _at(now, read_orders())


def destinations(now: datetime) -> tuple[Order, ...]:
    """An order to each of twelve destinations at ``now``, by services of every kind."""
    return _at(now, read_orders("destinations.json"))


def _at(now: datetime, written: tuple[Order, ...]) -> tuple[Order, ...]:
    passed = now.replace(second=0, microsecond=0) - WRITTEN
    return tuple(
        replace(
            order,
            placed_at=order.placed_at and order.placed_at + passed,
            deadlines=tuple(
                replace(due, at=due.at + passed, next_at=due.next_at and due.next_at + passed)
                for due in order.deadlines
            ),
            rates=tuple(
                replace(rate, on=(date.fromisoformat(rate.on) + passed).isoformat())
                for rate in order.rates
            ),
        )
        for order in written
    )


def read_orders(name: str = "orders.json") -> tuple[Order, ...]:
    """The orders as written."""
    return records.decode_orders(sample(name).read_bytes()).records


def products() -> tuple[Product, ...]:
    """The catalog; an ``image`` is a path under resources/."""
    return records.decode_catalog(sample("catalog.json").read_bytes()).records


def cartons() -> tuple[Carton, ...]:
    """Bags, mailers and boxes."""
    return records.decode_cartons(sample("cartons.json").read_bytes()).records


def people() -> tuple[PersonBody, ...]:
    """Packers, leads and supervisors with their badges; the PINs are `PINS` by role."""
    document = msgspec.json.decode(sample("people.json").read_bytes())
    return msgspec.convert(document["people"], tuple[PersonBody, ...])


def tariffs() -> tuple[Tariff, ...]:
    """The tariffs that come with the program."""
    return load_folder(resource("tariffs"))
