"""Who must stand on goods for a destination: rows of ``compliance`` and ``compliance_parties``.

A row says what a group of countries asks for, a party is who answers for it there. A site fills
the parties in; without one nothing is printed and nothing is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from packstation.domain.customs.rows import rows_of


class ComplianceRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``countries`` ask for; ``role`` names the party, ``mark`` a word shown large.

    ``title`` by language; ``maker``: the manufacturer stands there too.
    """

    id: str
    countries: tuple[str, ...]
    role: str
    title: dict[str, str]
    mark: str = ""
    maker: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    verified: bool = False


class ComplianceParty(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who answers for a seller's goods; an empty ``store`` is for all sellers."""

    role: str
    name: str
    lines: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    store: str = ""


Answer = tuple[ComplianceRow, ComplianceParty]


def answers(
    tables: Mapping[str, Sequence[Mapping[str, Any]]], country: str, store: str, on: date
) -> tuple[Answer, ...]:
    """What a destination asks for on a day, with the party of the store, else of all stores.

    Raises:
        InputInvalid: a row of another shape.
    """
    rows = rows_of(tables.get("compliance", ()), ComplianceRow)
    parties = rows_of(tables.get("compliance_parties", ()), ComplianceParty)
    found = []
    for row in rows:
        if country in row.countries and (row.valid_from or on) <= on <= (row.valid_to or on):
            party = _party(parties, row.role, store)
            if party:
                found.append((row, party))
    return tuple(found)


def _party(parties: Iterable[ComplianceParty], role: str, store: str) -> ComplianceParty | None:
    fitting = [one for one in parties if one.role == role and one.store in {"", store}]
    return max(fitting, key=lambda one: bool(one.store), default=None)
