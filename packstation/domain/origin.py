"""Statements on origin: reviewed wording as data, filled in and never written by this program.

The wording is fixed by each agreement (reference: customs, section 2.2), so a row of the rule
pack's table ``statements`` holds it letter by letter with ``{reference}`` and ``{origin}`` for
what the exporter fills in. A row without wording refuses: none is invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from packstation.domain.errors import DocumentError
from packstation.domain.orders import Order
from packstation.domain.quantities import Money
from packstation.first_use import shaped

# What a form shows where nothing is filled in: as the agreements print it.
BLANK: Final = "..."


class Statement(Struct, frozen=True, kw_only=True):
    """One agreement: ``parties`` are its sides with their countries, ``pairs`` (from, to).

    ``texts`` by language; ``origins`` names each side's origin as the wording wants it. From
    ``limit`` on the exporter's ``reference`` is needed. ``criterion``: the origin criterion is
    named below; ``signed``: a signature is asked for.
    """

    agreement: str
    name: str
    parties: Mapping[str, tuple[str, ...]]
    pairs: tuple[tuple[str, str], ...]
    texts: Mapping[str, str] = {}
    origins: Mapping[str, str] = {}
    limit: Money | None = None
    criterion: bool = False
    signed: bool = False
    source: str = ""
    reviewed_on: str = ""
    verified: bool = False

    def side(self, country: str) -> str:
        """The side that a country is on, "" where it is on none."""
        return next((name for name, members in self.parties.items() if country in members), "")

    def covers(self, origin: str, destination: str) -> bool:
        """Whether goods of ``origin`` that go to ``destination`` may have one."""
        return (self.side(origin), self.side(destination)) in self.pairs


class Filled(Struct, frozen=True):
    """A statement as it is printed: its wording, and the lines below it (caption key, text)."""

    agreement: str
    text: str
    reference: str
    lines: tuple[tuple[str, str], ...]
    signed: bool


def statements(rows: Sequence[Mapping[str, Any]]) -> tuple[Statement, ...]:
    """The rows of the table ``statements``.

    Raises msgspec.ValidationError for a row of another shape.
    """
    return shaped(rows, tuple[Statement, ...])


def filled(
    rows: Sequence[Mapping[str, Any]],
    order: Order,
    origins: Sequence[str],
    total: Money,
    place_and_date: str,
) -> Filled:
    """The statement that an order asks for, over goods of ``origins`` worth ``total``.

    Raises DocumentError (``field``): no agreement is named or known, its countries are others,
    its wording is not there, or it needs the exporter's number or the criterion.
    """
    asked = order.origin_statement or {}
    statement = _named(rows, str(asked.get("agreement") or ""))
    destination = order.ship_to.country
    own = next((one for one in origins if statement.covers(one, destination)), "")
    if not own:
        between = f"{'/'.join(dict.fromkeys(origins))} > {destination}"
        raise _refused("no_pair", "origin_statement.agreement", f"{statement.name}: {between}")
    wording = statement.texts.get("en", "").strip()
    if not wording:
        raise _refused("no_wording", "origin_statement.agreement", statement.name)
    reference, criterion = (str(asked.get(name) or "").strip() for name in ("rex", "criterion"))
    if not reference and _over(statement, total):
        raise DocumentError("error.document.missing", field="origin_statement.rex")
    if statement.criterion and not criterion:
        raise DocumentError("error.document.missing", field="origin_statement.criterion")
    side = statement.side(own)
    text = wording.replace("{reference}", reference or BLANK)
    text = text.replace("{origin}", statement.origins.get(side, side))
    below = (("criterion", criterion), ("place_date", place_and_date))
    exporter = order.ship_from.company or order.ship_from.name
    return Filled(
        agreement=statement.name,
        text=text,
        reference=reference,
        lines=(*(line for line in below if line[1]), ("exporter", exporter)),
        signed=statement.signed,
    )


def _named(rows: Sequence[Mapping[str, Any]], agreement: str) -> Statement:
    if not agreement:
        raise DocumentError("error.document.missing", field="origin_statement.agreement")
    for statement in statements(rows):
        if statement.agreement == agreement:
            return statement
    raise _refused("no_wording", "origin_statement.agreement", agreement)


def _over(statement: Statement, total: Money) -> bool:
    """Whether the limit is passed for sure; in another currency rule R35 judges by its rates."""
    limit = statement.limit
    return limit is not None and limit.currency == total.currency and total.amount > limit.amount


def _refused(why: str, field: str, value: str) -> DocumentError:
    return DocumentError(f"error.document.{why}", field=field, value=value)
