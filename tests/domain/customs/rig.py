"""Cases and looks for the tests of subjects: the shipped pack and tables, an order of your own."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from packstation.assets import resource
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.case import Case
from packstation.domain.customs.operators import Found, Look
from packstation.domain.customs.pack import Pack
from packstation.domain.customs.registry import case_of

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@lru_cache(maxsize=1)
def pack() -> Pack:
    return read_folder(resource("customs"))


@lru_cache(maxsize=1)
def tables() -> Tables:
    return Tables()


def case(**raw: object) -> Case:
    return case_of(raw, pack(), tables(), NOW)


def sold(goods: dict[str, object] | None = None, /, **customs: object) -> Case:
    """An order of one line, from China to Germany, of a product with these customs data."""
    product = {"sku": "A", "customs": customs, "goods": goods or {}}
    return case(
        ship_from={"country": "CN"},
        ship_to={"country": "DE"},
        lines=[{"line": 1, "sku": "A", "quantity": 1}],
        products=[product],
    )


def ask(at: Case, name: str, value: object, than: object = None) -> Found:
    """What an operator says of a value, at the order's first line where it has one."""
    item = at.lines[0] if at.lines else at.order
    found: Found = at.terms.operators[name](value, than, Look(at, item))
    return found
