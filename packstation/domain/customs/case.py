"""An order as the rules see it: every field of order/1 as it came, and facts worked out of it.

Nothing is refused here: what is absent, misshapen or contradictory is for the rules to find. So a
case is made of JSON values, not of an `Order`; null and "" are absent. ``bench`` in the document
holds what only a bench knows (`BenchState`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from packstation.domain.countries import national
from packstation.domain.customs.pack import Figure, Pack, Scope
from packstation.domain.customs.reference import Reference

Raw = Mapping[str, Any]
# What is kept of a case besides the facts of its items: what it is, and of what.
Key = tuple[str | int, ...]
_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_EMPTY: Final[Raw] = {}


class Item(Struct, frozen=True):
    """A thing that a check looks at: the order itself, a line with its product, or a parcel.

    ``index`` counts from 0; ``sku`` is a line's. ``raw`` of a line is its own object with
    ``product`` in it ({} where the catalogue has none). ``known`` are the facts that were worked
    out of it so far, by name.
    """

    scope: Scope
    raw: Raw
    index: int = 0
    sku: str = ""
    known: dict[str, Any] = {}


class Terms(Struct, frozen=True):
    """What the rows of a pack may name: facts by scope, operators. `registry.TERMS` has them all.

    A case carries them, so that the module of a subject can ask for facts of another one without
    importing it.
    """

    facts: Mapping[Scope, Mapping[str, Callable[[Case, Item], Any]]]
    operators: Mapping[str, Callable[..., Any]]
    # Facts that a finding shows in another way than they are compared.
    shown: Mapping[str, Callable[[Any], object]] = {}


class Case:
    """One order to be checked at a moment ``now`` (with the site's zone) by a ``pack``.

    Facts are worked out once, when a rule first asks for them. `registry.case_of` makes one.
    """

    def __init__(
        self, raw: Raw, pack: Pack, reference: Reference, now: datetime, terms: Terms
    ) -> None:
        self.raw, self.pack, self.reference, self.now = raw, pack, reference, now
        self.terms = terms
        # The site's day.
        self.today: date = now.date()
        self.order = Item("order", raw)
        self.products: Mapping[str, Raw] = {
            str(one.get("sku")): one for one in objects(raw.get("products"))
        }
        self.lines = tuple(self._lines())
        self.parcels = tuple(
            Item("parcel", one, at) for at, one in enumerate(objects(raw.get("parcels")))
        )
        self.known: dict[Key, Any] = {}
        self._figures: dict[str, Figure | None] = {}

    def figure(self, name: str) -> Figure | None:
        """The figure of the pack that holds today; None where none does."""
        if name not in self._figures:
            self._figures[name] = self.pack.figure(name, self.today)
        return self._figures[name]

    def items(self, scope: Scope) -> tuple[Item, ...]:
        """All things of a scope."""
        if scope == "line":
            return self.lines
        return self.parcels if scope == "parcel" else (self.order,)

    def _lines(self) -> Iterator[Item]:
        country = at_path(self.raw, "ship_to.country")
        for at, line in enumerate(objects(self.raw.get("lines"))):
            sku = str(line.get("sku") or "")
            product = _declared_in(country, self.products.get(sku))
            yield Item("line", {**line, "product": product}, at, sku)


def _declared_in(country: object, product: Raw | None) -> Raw:
    """A product with the tariff number of the destination, where the catalogue has one."""
    codes = at_path(product, "customs.hs_national")
    if (
        product is None
        or codes is None
        or not isinstance(codes, Mapping)
        or not isinstance(country, str)
    ):
        return product or _EMPTY
    code = national(codes, country)
    return {**product, "customs": {**product["customs"], "hs": code}} if code else product


def objects(value: object) -> tuple[Raw, ...]:
    """The objects of a list; of anything else none."""
    if value is None:
        return ()
    if type(value) is not list and (isinstance(value, str) or not isinstance(value, Sequence)):
        return ()
    # A dict first: asking whether it is any Mapping takes ten times as long.
    return tuple(one for one in value if type(one) is dict or isinstance(one, Mapping))


@lru_cache(maxsize=2048)
def _steps(path: str) -> tuple[str | int, ...]:
    return tuple(name or int(index) for name, index in _STEP.findall(path))


def stated(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """A field as rules see it: text without its blanks, None for text that is nothing else."""
    return value.strip() or None if isinstance(value, str) else value


def at_path(raw: object, path: str) -> Any:  # noqa: ANN401 - any JSON value may stand there
    """The value at ``a.b[0].c``; None where nothing is, or null or "" (text without its blanks)."""
    for step in _steps(path):
        # A dict first, and nothing early: that is nearly always how it goes.
        if type(raw) is dict:
            raw = raw.get(step)
        elif raw is None:
            return None
        elif type(step) is int:
            listed = isinstance(raw, Sequence) and not isinstance(raw, str)
            raw = raw[step] if listed and step < len(raw) else None  # type: ignore[arg-type,index]
        elif isinstance(raw, Mapping):
            raw = raw.get(step)
        else:
            return None
    return stated(raw)
