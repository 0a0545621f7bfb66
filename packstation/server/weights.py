"""What all benches of a site teach of weights, as rows that every bench pulls.

A row of kind "weight" is an estimate (``domain.learning.folding``); it lives in the feed itself,
for nobody else reads it. Benches that do not know the kind keep it aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import Connection

from packstation.domain.catalog import Product
from packstation.domain.learning.catalogue import filled
from packstation.domain.learning.folding import keys_of, taught
from packstation.domain.packing.weight_facts import UnitMeasured
from packstation.server.core import Server
from packstation.server.customs import due
from packstation.server.folds import Step
from packstation.server.rows import put_row, row_body

T: Final = "weight"
PROPOSAL: Final = "proposal"


def note(
    server: Server, connection: Connection, site: str, steps: Sequence[Step]
) -> dict[int, str]:
    """Fold what new facts teach; part of the push's own transaction.

    Each key is written once a push. Answers, by seq, what could not be folded.
    """
    known: dict[str, str] = {}
    changed: dict[str, str] = {}
    problems = {}
    for step in steps:
        for key in keys_of(step.fact):
            if key not in known and (body := row_body(connection, site, T, key)) is not None:
                known[key] = body
        try:
            kept = taught(step.fact, known, step.event.at)
        except (ArithmeticError, ValueError, msgspec.MsgspecError) as exc:
            # Figures that no scale shows (a hostile or broken station) teach nothing.
            problems[step.seq] = f"weight: {type(exc).__name__}"
            continue
        if isinstance(step.fact, UnitMeasured):
            _propose(server, connection, site, step.fact)
        for one in kept:
            known[one.key] = changed[one.key] = one.doc
    for key, doc in changed.items():
        put_row(server, connection, site, T, key, msgspec.json.decode(doc))
    return problems


def _propose(server: Server, connection: Connection, site: str, fact: UnitMeasured) -> None:
    """What was missing in the catalogue is filled in; all of it is kept as a proposal."""
    put_row(server, connection, site, PROPOSAL, fact.sku, fact)
    body = row_body(connection, site, "sku", fact.sku)
    if body is not None:
        product = msgspec.json.decode(body, type=Product)
        put_row(server, connection, site, "sku", fact.sku, filled(product, fact))
        due.sku(connection, site, fact.sku)
