"""Services beside the post's e-packet: what the demo ships with.

The services and their prices are samples (`resources/samples`), none of them anybody's contract.
Numbers of the post are leased from pools; those of couriers and lines are sold by a carrier of the
server's that exists here only.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from packstation.assets import resource
from packstation.domain.orders import Order
from packstation.domain.printers import RouteRow

# Ranges of invented numbers; the letters are those that the S10 standard has for each service.
POOLS: Final[tuple[dict[str, Any], ...]] = tuple(
    {
        "carrier": carrier,
        "service": service,
        "prefix": prefix,
        "country": "CN",
        "first": 31500000,
        "last": 31509999,
    }
    for carrier, service, prefix in (
        ("chinapost", "registered", "RB"),
        ("chinapost", "ems", "EB"),
        ("chinapost", "e-packet-priority", "LK"),
        ("yanwen", "economy-line", "UM"),
    )
)
# Their numbers are sold online, by one seller: no two of them are alike.
SOLD_ONLINE: Final = ("dhl", "yanwen")
CARRIER_FILE: Final = "carrier.sqlite3"
# The slip goes into the box here, so it has a printer. A CN 22 of its own goes onto a sheet: the
# audit counts what came out of the label printer by the number on it.
PRINTS: Final = (
    RouteRow("cn22", "papers"),
    *(RouteRow(document) for document in ("label", "cn23", "invoice", "slip")),
)


# Which sample orders go another way than by e-packet, by their place in the shift: services of all
# three classes within the first eight, each of which a bench can issue without its server.
SENT_BY: Final[dict[int, str]] = {
    2: "e-packet-priority",
    5: "registered",
    6: "economy-line",
    7: "ems",
    9: "registered",
    11: "economy-line",
    18: "e-packet-priority",
    21: "registered",
    23: "ems",
}
# Tables that were published, of services that the shift is sent by.
_PUBLISHED: Final = ("chinapost-e-packet-priority.json",)


def sent(orders: Iterable[Order]) -> tuple[Order, ...]:
    """The orders of a shift with their services; the others go by what is cheapest."""
    return tuple(
        replace(order, service=SENT_BY.get(place, "e-packet")) for place, order in enumerate(orders)
    )


# A shift without slips: they go into boxes abroad only.
SHIFT_PRINTS: Final = tuple(row for row in PRINTS if row.document != "slip")


def gathered(what: str, folder: Path) -> Path:
    """``tariffs`` or ``services``: the program's own and those of the samples, in one folder."""
    target = folder / what
    target.mkdir(exist_ok=True)
    published = [resource(what, "published", name) for name in _PUBLISHED if what == "tariffs"]
    for path in (*_files(resource(what), resource("samples", what)), *published):
        shutil.copyfile(path, target / path.name)
    return target


def _files(*folders: Path) -> Iterable[Path]:
    return (path for folder in folders for path in sorted(folder.glob("*.json")))
