"""What a hold is about, in words: fields that lack, a missing item, rules, a reason given."""

from __future__ import annotations

import re
from typing import Final

from packstation.domain.packing import Session
from packstation.station.checkpoint import REFUSED
from packstation.station.core import Core
from packstation.station.pictures import product_view
from packstation.station.views import Words

Facts = tuple[tuple[Words, str], ...]

# The reasons that a person picks from.
GIVEN: Final = frozenset({"damaged", "missing_item", "question", "wrong_picture", "other"})
# Fields that have a name of their own.
FIELDS: Final = frozenset(
    {"hs", "origin", "tax_id", "description", "unit_value", "name", "lines", "city", "country"}
)
_OF_PRODUCT: Final = re.compile(r"products\[(?P<sku>.+)\]")
SHOWN: Final = 6


def facts_of(core: Core) -> Facts:
    """Of the hold of the open order."""
    session = core.session
    match session.hold_reason, session.hold_note:
        case "rules", note:
            names = (Words("rules.about"), Words("rules.one"), Words("rules.other"))
            return tuple(zip(names, note.split(), strict=False))
        case "missing_item", _:
            return _missing(core, session)
        case "label_refused", note if note.startswith(REFUSED):
            return ((Words(note), ""),)
        case "person", note:
            return ((Words(f"hold.{note}"), ""),) if note in GIVEN else ()
        case "photo", note if note.startswith(("photo.", "device.")):
            return ((Words(note), ""),)
    return tuple(_field(core, part) for part in session.hold_note.split()[:SHOWN])


def _missing(core: Core, session: Session) -> Facts:
    """Which item, and how many of it."""
    line = next((x for x in session.lines if x.plan.line == session.short_line), None)
    if line is None:
        return ()
    name = product_view(core, line.plan.sku).name
    return ((Words("field.other"), f"{session.short_units or line.due} × {name}"),)


def _field(core: Core, path: str) -> tuple[Words, str]:
    """A field that lacks and whose it is; what has no name is shown as it is called."""
    leaf = path.rpartition(".")[2]
    product = _OF_PRODUCT.search(path)
    if product and path.endswith("]"):
        return Words("field.product"), product["sku"]
    whose = f"{product_view(core, product['sku']).name} · {product['sku']}" if product else ""
    return (Words(f"field.{leaf}"), whose) if leaf in FIELDS else (Words("field.other"), path)
