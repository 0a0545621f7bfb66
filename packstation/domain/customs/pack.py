"""A rule pack: the law as dated data (document packstation.customs-pack/1), frozen.

A rule is a row: where it applies, what must hold, what it says when that does not hold. A
condition compares a *fact* of the order (`facts`) by an *operator* (`operators`) with a value, a
named figure of the pack (``"@eu_ioss"``) or another fact (``"$dest"``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct

from packstation.domain.customs.findings import Severity
from packstation.domain.quantities import Money

Scope = Literal["order", "line", "parcel"]
SCOPES: Final[tuple[Scope, ...]] = ("order", "line", "parcel")
Moment = Literal["order", "label", "close", "manifest"]
Words = dict[str, Annotated[str, Meta(max_length=400)]]
# What is allowed: a code or number as it stands, or words by language.
Allowed = Annotated[str, Meta(max_length=400)] | Words
RuleId = Annotated[str, Meta(pattern=r"^R[0-9]{2}(?!\n)$")]


class Condition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"op": "is"}):
    """``fact`` ``is`` ``than``; an unknown fact holds no condition but ``absent``."""

    fact: str
    op: str
    than: Any = None


class Check(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"op": "is"}):
    """What must hold ``when`` all its conditions do, for the order or each line or parcel of it.

    ``field`` is the path shown, with ``{sku}`` and ``{n}`` (default: the fact's name);
    ``optional``: an unknown fact is let pass. ``severity``, ``messages`` and ``absent`` (said where
    nothing stands there) stand in for the rule's own.
    """

    fact: str
    op: str
    than: Any = None
    scope: Scope = "order"
    field: str = ""
    when: tuple[Condition, ...] = ()
    optional: bool = False
    severity: Severity | None = None
    messages: Words | None = None
    absent: Words | None = None
    allowed: Allowed = ""


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``checks`` that hold in the days ``valid_from`` to ``valid_to`` where ``applies`` does.

    ``absent``: what checks without messages of their own say where nothing stands at the field.
    ``verified``: false where nobody has compared it with the law's own text.
    """

    id: RuleId
    title: str
    severity: Severity
    checks: tuple[Check, ...]
    messages: Words
    absent: Words | None = None
    applies: tuple[Condition, ...] = ()
    moments: tuple[Moment, ...] = ("order", "label")
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    reviewed_on: date
    verified: bool = False


class Figure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A named number or amount of the law, and the days it holds; the newest that holds counts."""

    name: str
    value: Decimal | None = None
    money: Money | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    verified: bool = False


class Pack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """packstation.customs-pack/1; ``version`` is a day, ``groups`` are lists of countries.

    ``lists`` are named lists of words or codes, ``tables`` rows that one subject reads (regimes,
    forms, goods, statements, fees); each subject's module says their shape.
    """

    schema: Literal["packstation.customs-pack/1"] = "packstation.customs-pack/1"
    version: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}[a-z]?(?!\n)$")]
    reviewed_on: date
    source: str
    rules: tuple[Rule, ...]
    figures: tuple[Figure, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = {}
    lists: Mapping[str, tuple[str, ...]] = {}
    tables: Mapping[str, tuple[Mapping[str, Any], ...]] = {}

    def figure(self, name: str, on: date) -> Figure | None:
        """The newest figure of a name that holds on a day."""
        held = [one for one in self.figures if one.name == name and holds(one, on)]
        return max(held, key=lambda one: one.valid_from or date.min, default=None)


def holds(row: Rule | Figure, on: date) -> bool:
    """Whether a row holds on a day, its first and last included."""
    return (row.valid_from or on) <= on <= (row.valid_to or on)
