"""What goes into a parcel beside the goods, by rule: document packstation.packing-rules/1.

Rules are data, the evaluator is pure. Products bring rules of their own (catalog
``packing.materials`` and ``packing.instruction``). Two rules of equal ``priority`` that cannot
both be kept are a `Conflict` with both names: nobody guesses, a supervisor decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.orders import Order
from packstation.domain.quantities import Money

Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:/-]+(?!\n)$")]
Name = Annotated[str, Meta(max_length=300)]
Moment = Literal["item", "carton", "closing"]
Once = Literal["order", "parcel", "shipment"]
MaterialKind = Literal["container", "infill", "supply", "insert"]
# Rules that a product's own catalog row makes.
OF_PRODUCT: Final = "sku:"


class Material(Struct, frozen=True, kw_only=True):
    """Something to pack with; ``prints``: an insert that the bench prints from ``text``."""

    code: Code
    kind: MaterialKind = "supply"
    names: dict[str, Name] = {}
    recycled: bool = False
    prints: bool = False
    text: dict[str, Annotated[str, Meta(max_length=2000)]] = {}


class When(Struct, frozen=True, kw_only=True):
    """All that is not empty must hold; of a list, one entry is enough.

    ``skus``, ``classes`` and ``batteries`` pick lines of the order, all others the order;
    ``skus`` may end in ``*``. ``buyers`` are the marketplace's ids. ``value_from``: the order's
    total is at least that, in the same currency.
    """

    skus: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    batteries: tuple[str, ...] = ()
    fragile: bool | None = None
    countries: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    buyers: tuple[str, ...] = ()
    value_from: Money | None = None


class PackingRule(Struct, frozen=True, kw_only=True):
    """What to do ``when``.

    ``container`` and ``infill`` are equal alternatives (carton codes or kinds, materials);
    ``supplies`` and ``inserts`` are all needed, ``without`` may not be used. ``collect`` names
    what is to be written down (seal, frame, ...). ``confirm`` next: the next scan or Enter says
    that it was done; explicit: only Enter, touch or the collected value does.
    """

    id: Code
    names: dict[str, Name] = {}
    when: When = When()
    moment: Moment = "closing"
    container: tuple[str, ...] = ()
    infill: tuple[str, ...] = ()
    supplies: tuple[str, ...] = ()
    inserts: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    instruction: dict[str, Name] = {}
    collect: Annotated[str, Meta(max_length=32)] = ""
    once: Once = "parcel"
    confirm: Literal["next", "explicit"] = "next"
    priority: int = 0


class PackingRules(Struct, frozen=True, kw_only=True):
    """packstation.packing-rules/1."""

    schema: Literal["packstation.packing-rules/1"] = "packstation.packing-rules/1"
    rules: tuple[PackingRule, ...] = ()
    materials: tuple[Material, ...] = ()


class Task(Struct, frozen=True, kw_only=True):
    """A rule as it applies to an order: to these ``lines`` of it, none for all.

    ``infill`` is what was picked of the alternatives, recycled where that is equal.
    """

    rule: str
    moment: Moment
    names: Mapping[str, str]
    instruction: Mapping[str, str]
    lines: tuple[int, ...] = ()
    container: tuple[str, ...] = ()
    infill: str = ""
    supplies: tuple[str, ...] = ()
    inserts: tuple[str, ...] = ()
    collect: str = ""
    once: Once = "parcel"
    explicit: bool = False

    @property
    def materials(self) -> tuple[str, ...]:
        """Everything to take, the container aside."""
        return (*((self.infill,) if self.infill else ()), *self.supplies, *self.inserts)


class Conflict(Struct, frozen=True, order=True):
    """Rules ``one`` and ``other`` cannot both be kept; ``subject``: container, infill or a code."""

    subject: str
    one: str
    other: str


class PackingPlan(Struct, frozen=True):
    """What an order asks for; while there are ``conflicts``, what they are about is left open."""

    tasks: tuple[Task, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


class _Hit(Struct, frozen=True):
    rule: PackingRule
    lines: tuple[int, ...]


def plan(
    order: Order,
    products: Mapping[str, Product],
    known: PackingRules,
    decided: Mapping[tuple[str, str, str], str] | None = None,
) -> PackingPlan:
    """The tasks of ``order``; ``decided`` maps (subject, one, other) to the rule that was kept."""
    hits = [hit for rule in _rules(order, products, known) if (hit := _hit(rule, order, products))]
    hits.sort(key=lambda hit: (-hit.rule.priority, hit.rule.id))
    conflicts: list[Conflict] = []
    for one, other in combinations(range(len(hits)), 2):
        for subject in _subjects(hits[one].rule, hits[other].rule):
            loser = _loser(hits[one].rule, hits[other].rule, subject, decided or {})
            if loser:
                place = other if hits[other].rule.id == loser else one
                hits[place] = _without(hits[place], subject)
            else:
                pair = sorted((hits[one].rule.id, hits[other].rule.id))
                conflicts.append(Conflict(subject, pair[0], pair[1]))
    materials = {material.code: material for material in known.materials}
    tasks = tuple(_task(hit, materials) for hit in hits if _asks(hit.rule))
    return PackingPlan(tasks, tuple(sorted(conflicts)))


def prefer(codes: Sequence[str], materials: Mapping[str, Material]) -> str:
    """Of equal alternatives the first recycled one, else the first; "" of none."""
    recycled = (code for code in codes if code in materials and materials[code].recycled)
    return next(recycled, codes[0] if codes else "")


# --- which rules apply ----------------------------------------------------------------------


def _rules(
    order: Order, products: Mapping[str, Product], known: PackingRules
) -> Iterable[PackingRule]:
    yield from known.rules
    for sku in dict.fromkeys(line.sku for line in order.lines):
        packing = products[sku].packing if sku in products else None
        if packing is not None and (packing.materials or packing.instruction):
            yield PackingRule(
                id=f"{OF_PRODUCT}{sku}",
                when=When(skus=(sku,)),
                moment="item",
                supplies=packing.materials,
                instruction=packing.instruction,
            )


def _hit(rule: PackingRule, order: Order, products: Mapping[str, Product]) -> _Hit | None:
    when = rule.when
    if not _order_fits(when, order):
        return None
    picks = when.skus or when.classes or when.batteries or when.fragile is not None
    if not picks:
        return _Hit(rule, ())
    lines = tuple(
        line.line for line in order.lines if _line_fits(when, line.sku, products.get(line.sku))
    )
    return _Hit(rule, lines) if lines else None


def _order_fits(when: When, order: Order) -> bool:
    buyer = str((order.buyer or {}).get("id") or "")
    lists = (
        (when.countries, {order.ship_to.country}),
        (when.channels, {order.channel}),
        (when.stores, {order.store or ""}),
        (when.services, {order.service or ""}),
        (when.tags, set(order.tags)),
        (when.buyers, {buyer}),
    )
    if any(wanted and not set(wanted) & found for wanted, found in lists):
        return False
    total = order.payment.total if order.payment else None
    least = when.value_from
    if least is None:
        return True
    return total is not None and total.currency == least.currency and total.amount >= least.amount


def _line_fits(when: When, sku: str, product: Product | None) -> bool:
    if when.skus and not any(_sku_fits(pattern, sku) for pattern in when.skus):
        return False
    goods = product.goods if product else None
    if when.classes and not set(when.classes) & set(goods.classes if goods else ()):
        return False
    if when.batteries and (goods.battery if goods else "none") not in when.batteries:
        return False
    fragile = product.packing.fragile if product else False
    return when.fragile is None or when.fragile == fragile


def _sku_fits(pattern: str, sku: str) -> bool:
    return sku.startswith(pattern[:-1]) if pattern.endswith("*") else sku == pattern


# --- what cannot both be kept ---------------------------------------------------------------


def _subjects(one: PackingRule, other: PackingRule) -> list[str]:
    """What two rules disagree about."""
    found = [
        name
        for name, mine, theirs in (
            ("container", one.container, other.container),
            ("infill", one.infill, other.infill),
        )
        if mine and theirs and not set(mine) & set(theirs)
    ]
    banned = (set(_needed(one)) & set(other.without)) | (set(_needed(other)) & set(one.without))
    return [*found, *sorted(banned)]


def _needed(rule: PackingRule) -> tuple[str, ...]:
    """Codes that a rule cannot do without; of alternatives only the last one left."""
    return (*rule.supplies, *rule.inserts, *(rule.infill if len(rule.infill) == 1 else ()))


def _loser(
    one: PackingRule,
    other: PackingRule,
    subject: str,
    decided: Mapping[tuple[str, str, str], str],
) -> str:
    """The rule that gives way: of lower priority, or by a person's word; "" where none does."""
    if one.priority != other.priority:
        return other.id if one.priority > other.priority else one.id
    pair = sorted((one.id, other.id))
    kept = decided.get((subject, pair[0], pair[1]), "")
    return next((name for name in pair if kept in pair and name != kept), "")


def _without(hit: _Hit, subject: str) -> _Hit:
    rule = hit.rule
    if subject in {"container", "infill"}:
        return _Hit(replace(rule, **{subject: ()}), hit.lines)
    kept = {
        name: tuple(code for code in getattr(rule, name) if code != subject)
        for name in ("supplies", "inserts", "infill", "without")
    }
    return _Hit(replace(rule, **kept), hit.lines)


# --- tasks ----------------------------------------------------------------------------------


def _asks(rule: PackingRule) -> bool:
    things = (rule.container, rule.infill, rule.supplies, rule.inserts)
    return any(things) or bool(rule.instruction) or bool(rule.collect)


def _task(hit: _Hit, materials: Mapping[str, Material]) -> Task:
    rule = hit.rule
    return Task(
        rule=rule.id,
        moment=rule.moment,
        names=rule.names,
        instruction=rule.instruction,
        lines=hit.lines,
        container=rule.container,
        infill=prefer(rule.infill, materials),
        supplies=rule.supplies,
        inserts=rule.inserts,
        collect=rule.collect,
        once=rule.once,
        explicit=rule.confirm == "explicit" or bool(rule.collect),
    )
