"""Labels for goods and logistic units: what may stand in their codes; pure.

GTIN check digits and SSCC: GS1 General Specifications sections 7.9.1, 3.2 and 7.9; elements
(01), (10), (17), (21): section 3. A lot here is of letters, digits and ``./_-`` only: scanners
that pose as keyboards lose other signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from packstation.domain import gs1
from packstation.domain.catalog import Product
from packstation.domain.packing.facts import Fact, PoolLeased
from packstation.domain.packing.product_facts import SsccAssigned

LabelKind = Literal["product", "lot", "sscc", "insert"]
KINDS: Final = ("product", "lot", "sscc", "insert")
# The pool of serial references at the server: a lease's numbers, its two letters unused.
POOL: Final = ("gs1", "sscc")
MOST_COPIES: Final = 200
# Stands before the name on whatever is printed in a lesson.
TRAINING: Final = "练习 TRAINING"
_LOT: Final = re.compile(r"[A-Za-z0-9./_-]{1,20}")
_PREFIX: Final = re.compile(r"[0-9]{4,12}")
_SYMBOLS: Final = {8: "ean8", 12: "upca", 13: "ean13", 14: "itf14"}


class ItemLabel(Struct, frozen=True, kw_only=True):
    """One label as asked for; ``symbol`` is a kind of code, ``data`` what it holds.

    ``text`` is for an insert, in the language that it is printed in.
    """

    kind: LabelKind
    symbol: str = ""
    data: str = ""
    sku: str = ""
    name: str = ""
    lot: str = ""
    expiry: str = ""
    text: str = ""
    copies: int = 1


def marked(label: ItemLabel) -> ItemLabel:
    """The same with the mark of training; a long name is cut rather than grown."""
    name = f"{TRAINING} {label.name}".rstrip()
    return replace(label, name=name[: max(len(label.name), 24)])


def symbol_of(code: str) -> str:
    """The symbol of a product's code: by its length where its check digit is right."""
    symbol = _SYMBOLS.get(len(code), "")
    right = code.isascii() and code.isdigit() and not gs1.check_problem(code)
    return symbol if symbol and right else "code128"


def code_of(product: Product, units: int = 1) -> str:
    """The code to print: the shortest GTIN of so many units, else any, else the SKU."""
    own = [code.text for code in product.codes if code.units == units]
    gtins = sorted((c for c in own if symbol_of(c) != "code128"), key=lambda c: (len(c) != 13, c))
    return next(iter((*gtins, *own)), product.sku)


def lot_problem(lot: str) -> str:
    """The message key of why ``lot`` cannot be printed; "" where it can."""
    return "" if _LOT.fullmatch(lot) else "labels.bad.lot"


def expiry_problem(expiry: str, today: str) -> str:
    """The same of an ISO date: it must be one, and not before ``today``."""
    try:
        found = date.fromisoformat(expiry)
    except ValueError:
        return "labels.bad.date"
    return "labels.bad.past" if found < date.fromisoformat(today) else ""


def elements(gtin: str, lot: str, expiry: str) -> str:
    """A GS1 DataMatrix's elements with their numbers in brackets: (01), (17), (10)."""
    parts = [f"(01){gtin.zfill(14)}"]
    if expiry:
        parts.append(f"(17){expiry[2:4]}{expiry[5:7]}{expiry[8:10]}")
    if lot:
        parts.append(f"(10){lot}")
    return "".join(parts)


def sscc(prefix: str, serial: int, extension: int = 0) -> str | None:
    """The 18 digits of a logistic unit; None where prefix and serial do not fit them."""
    room = 16 - len(prefix)
    if not _PREFIX.fullmatch(prefix) or not 0 <= serial < 10**room:
        return None
    body = f"{extension}{prefix}{serial:0{room}d}"
    return f"{body}{gs1.check_digit(body)}"


class SsccPool(Struct):
    """The bench's leases of serial references: a fold of facts, so that none is used twice."""

    _leases: dict[str, PoolLeased] = field(default_factory=dict)
    _next: dict[str, int] = field(default_factory=dict)
    _used: set[int] = field(default_factory=set)

    def apply(self, fact: Fact) -> None:
        """Fold one fact; others than those of this pool change nothing."""
        match fact:
            case PoolLeased() if (fact.carrier, fact.service) == POOL:
                self._leases.setdefault(fact.lease, fact)
                self._next.setdefault(fact.lease, fact.first)
            case SsccAssigned():
                self._used.add(fact.serial)
                after = max(self._next.get(fact.lease, 0), fact.serial + 1)
                self._next[fact.lease] = after

    def apply_all(self, facts: Iterable[Fact]) -> None:
        """Fold facts, oldest first."""
        for fact in facts:
            self.apply(fact)

    def left(self, today: str) -> int:
        """How many can still be given."""
        return len(self._serials(today))

    def newest(self) -> str:
        """The lease that was counted last, or ""."""
        return next(reversed(self._leases), "")

    def take(self, prefix: str, count: int, today: str) -> tuple[SsccAssigned, ...]:
        """The facts that burn the next ``count`` numbers; fewer where the pool has fewer."""
        made = []
        for serial, lease in list(self._serials(today).items())[:count]:
            number = sscc(prefix, serial)
            if number is not None:
                made.append(SsccAssigned(lease=lease, serial=serial, sscc=number))
        return tuple(made)

    def _serials(self, today: str) -> dict[int, str]:
        """Free serials with their lease; a restored server may lease the same ones again."""
        return {
            serial: row.lease
            for row in self._leases.values()
            if not row.expires or row.expires[:10] >= today
            for serial in range(self._next[row.lease], row.last + 1)
            if serial not in self._used
        }
