"""Orders to be checked: the base example with one thing different, against the pack we ship."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from packstation.customs.examples import merged
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.case import Case
from packstation.domain.customs.facts import fact
from packstation.domain.customs.pack import Pack
from packstation.domain.customs.registry import case_of

NOW: Final = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FOLDER: Final = Path(__file__).resolve().parents[3] / "resources" / "customs"
PACK: Final = read_folder(FOLDER)
BASE: Final = json.loads(
    (FOLDER / "examples" / "base.json").read_text("utf-8"), parse_float=Decimal
)


def order(**patch: object) -> dict[str, Any]:
    """The base order with a merge patch."""
    return dict(merged(BASE, patch))


def case(**patch: object) -> Case:
    """The base order with a merge patch, as the rules see it."""
    return case_by(PACK, **patch)


def case_by(pack: Pack, now: datetime = NOW, /, **patch: object) -> Case:
    """The same by another pack, or at another moment."""
    return case_of(order(**patch), pack, Tables(), now)


def told(name: str, **patch: object) -> Any:  # noqa: ANN401 - facts are of any kind
    """A fact of such an order."""
    one = case(**patch)
    return fact(one, one.order, name)


def line(number: int = 1, sku: str = "TS-BLK-M", quantity: object = 1) -> dict[str, Any]:
    """A line of an order."""
    return {"line": number, "sku": sku, "quantity": quantity}


def product(
    sku: str = "TS-BLK-M", amount: object = "59.90", currency: str = "CNY", **customs: object
) -> dict[str, Any]:
    """A product worth so many CNY."""
    value = {"amount": amount, "currency": currency}
    stated = {"description": f"cotton thing {sku}", "hs": "610910", "origin": "CN", "net_g": 100}
    return {"sku": sku, "customs": {**stated, "unit_value": value, **customs}}


def worth(amount: str, currency: str = "CNY") -> dict[str, Any]:
    """A patch: the goods are one piece of so much."""
    return {
        "lines": [line()],
        "products": [product(amount=amount, currency=currency)],
    }
