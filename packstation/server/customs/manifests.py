"""What only a hand-over knows: the export mode of all, and which invoice numbers were used.

A number is used from the hand-over on and free again when that is taken back. The order's own
number is its own, also in another consignment.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, insert, select

from packstation.domain.customs.case import at_path
from packstation.domain.customs.pack import Moment
from packstation.server.customs.cases import MOMENT, Raw
from packstation.server.customs.tables import INVOICE

# What the rules are asked at a hand-over.
MOMENTS: Final[tuple[Moment, ...]] = (MOMENT, "manifest")
_LOT: Final = 500


def told(connection: Connection, site: str, raws: Mapping[str, Raw]) -> dict[str, Raw]:
    """What ``bench`` says of each order: numbers of others, and the mode that most orders have."""
    numbers = {order: number for order, raw in raws.items() if (number := _number(raw))}
    users = _users(connection, site, set(numbers.values()))
    for order, number in numbers.items():
        users[number].add(order)
    mode = _mode(raws)
    manifest = {"manifest": {"cn_export_mode": mode}} if mode else {}
    return {
        order: {
            "used_invoices": [one for one in (numbers.get(order),) if one and users[one] - {order}],
            **manifest,
        }
        for order in raws
    }


def _number(raw: Raw) -> str:
    return str(at_path(raw, "invoice.no") or "")


def _mode(raws: Mapping[str, Raw]) -> str:
    """Of orders from China, the first in the consignment of those as many."""
    modes = [
        str(raw["cn_export_mode"])
        for raw in raws.values()
        if raw.get("cn_export_mode") and at_path(raw, "ship_from.country") == "CN"
    ]
    return Counter(modes).most_common(1)[0][0] if modes else ""


def _users(connection: Connection, site: str, numbers: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    asked = sorted(numbers)
    for start in range(0, len(asked), _LOT):
        some = INVOICE.c.number.in_(asked[start : start + _LOT])
        query = select(INVOICE.c.number, INVOICE.c.order).where(and_(INVOICE.c.site == site, some))
        for row in connection.execute(query):
            found[row.number].add(row.order)
    return found


def use(connection: Connection, site: str, consignment: str, raws: Mapping[str, Raw]) -> None:
    """The numbers of a consignment's orders are used by them; those of before are free again."""
    own = and_(INVOICE.c.site == site, INVOICE.c.consignment == consignment)
    connection.execute(delete(INVOICE).where(own))
    rows: list[dict[str, Any]] = [
        {"site": site, "consignment": consignment, "order": order, "number": number}
        for order, raw in raws.items()
        if (number := _number(raw))
    ]
    if rows:
        connection.execute(insert(INVOICE), rows)
