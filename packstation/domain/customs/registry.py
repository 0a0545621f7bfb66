"""All facts and operators that a pack may name; each subject adds its tables by a line.

A subject's module has ``FACTS_ORDER``, ``FACTS_LINE``, ``FACTS_PARCEL`` and ``OPERATORS``, as far
as it has any. It imports case, pack, facts and operators, never this module. A
name stands in one table of a scope only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from packstation.domain.customs import (
    addresses,
    boxes,
    descriptions,
    duties,
    goods,
    hs,
    identifiers,
    masses,
    money,
    operators,
    packed,
    paid,
    parties,
    places,
    printing,
    rate_checks,
    rates,
    regimes,
    trade,
    wanted,
    waybills,
    widths,
    worth,
)
from packstation.domain.customs.case import Case, Raw, Terms
from packstation.domain.customs.facts import Facts
from packstation.domain.customs.operators import Operators
from packstation.domain.customs.pack import Pack
from packstation.domain.customs.reference import Reference

OF_ORDER: Final[tuple[Facts, ...]] = (
    # engine
    packed.FACTS_ORDER,
    boxes.FACTS_ORDER,
    duties.FACTS_ORDER,
    # parties
    parties.FACTS_ORDER,
    addresses.FACTS_ORDER,
    hs.FACTS_ORDER,
    # money
    places.FACTS_ORDER,
    rates.FACTS_ORDER,
    money.FACTS_ORDER,
    masses.FACTS_ORDER,
    wanted.FACTS_ORDER,
    regimes.FACTS_ORDER,
    paid.FACTS_ORDER,
    trade.FACTS_ORDER,
    # goods
    goods.FACTS_ORDER,
    # documents
)
OF_LINE: Final[tuple[Facts, ...]] = (
    # engine
    # parties
    hs.FACTS_LINE,
    # money
    money.FACTS_LINE,
    masses.FACTS_LINE,
    # goods
    goods.FACTS_LINE,
    # documents
)
OF_PARCEL: Final[tuple[Facts, ...]] = (
    # engine
    boxes.FACTS_PARCEL,
    waybills.FACTS_PARCEL,
    # parties
    # money
    masses.FACTS_PARCEL,
    # goods
    goods.FACTS_PARCEL,
    # documents
)
OPERATORS: Final[tuple[Operators, ...]] = (
    operators.COMPARISONS,
    # engine
    packed.OPERATORS,
    boxes.OPERATORS,
    waybills.OPERATORS,
    duties.OPERATORS,
    # parties
    addresses.OPERATORS,
    descriptions.OPERATORS,
    hs.OPERATORS,
    identifiers.OPERATORS,
    widths.OPERATORS,
    printing.OPERATORS,
    rate_checks.OPERATORS,
    parties.OPERATORS,
    # money
    money.OPERATORS,
    worth.OPERATORS,
    masses.OPERATORS,
    regimes.OPERATORS,
    paid.OPERATORS,
    trade.OPERATORS,
    # goods
    goods.OPERATORS,
    # documents
)


def _facts(tables: tuple[Facts, ...]) -> Facts:
    return {name: row for table in tables for name, row in table.items()}


TERMS: Final = Terms(
    facts={"order": _facts(OF_ORDER), "line": _facts(OF_LINE), "parcel": _facts(OF_PARCEL)},
    operators={name: row for table in OPERATORS for name, row in table.items()},
    shown={**hs.SHOWN, **duties.SHOWN},
)


def case_of(
    raw: Raw, pack: Pack, reference: Reference, now: datetime, terms: Terms = TERMS
) -> Case:
    """An order to be checked, with all that the pack may name."""
    return Case(raw, pack, reference, now, terms)
