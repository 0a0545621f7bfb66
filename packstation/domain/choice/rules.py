"""The shop's word in the choice: document packstation.choice/1, frozen.

A field that is not known is refused: one wrong letter in ``when`` would make a rule everybody's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from packstation.domain.catalog import Product
from packstation.domain.choice.lanes import Prior
from packstation.domain.orders import Order
from packstation.domain.quantities import CURRENCIES, Money

Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[\w.-]+(?!\n)$")]
Name = Annotated[str, Meta(max_length=120)]
# carrier/service, carrier/*, or class:express.
Pattern = Annotated[str, Meta(pattern=r"^(class:[a-z_]+|[\w.-]+/([\w.-]+|\*))(?!\n)$")]
Option = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[a-z_]+(?!\n)$")]
Grams = Annotated[int, Meta(ge=0, le=100_000_000)]

# Options of an order that are about papers: no carrier is asked for them (formats/order.md).
OF_PAPERS: Final = frozenset("classify paperless invoice packing_list sli".split())
# How an order is delivered -> the option that says so.
_DELIVERED: Final = {"pickup_point": "pickup_point", "locker": "pickup_point"}


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class When(_Part, frozen=True, kw_only=True):
    """All that is given must hold; of a list, one entry is enough.

    ``skus`` (``BAT-*`` too), ``classes`` and ``batteries`` look at what lies in the order;
    weights are over and up to, values over and up to in any currency that has a rate.
    """

    weight_over_g: Grams | None = None
    weight_up_to_g: Grams | None = None
    value_over: Money | None = None
    value_up_to: Money | None = None
    skus: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    batteries: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class Rule(_Part, frozen=True, kw_only=True):
    """What holds ``when``: ``only`` these services, ``never`` those, or better these.

    ``prefer`` takes ``worth`` off what such a service is expected to cost. ``options`` are asked
    for beside those of the buyer.
    """

    id: Id
    names: dict[str, Name] = {}
    when: When = When()
    only: tuple[Pattern, ...] = ()
    never: tuple[Pattern, ...] = ()
    prefer: tuple[Pattern, ...] = ()
    worth: Money | None = None
    options: tuple[Option, ...] = ()

    def __post_init__(self) -> None:
        """A preference is worth something; a rule says something."""
        if bool(self.prefer) != (self.worth is not None):
            raise ValueError("worth: an amount with prefer, none without is allowed")
        if not (self.only or self.never or self.prefer or self.options):
            raise ValueError("only: one of only, never, prefer, options is allowed")

    def name(self, language: str) -> str:
        """As people call it."""
        return self.names.get(language) or self.names.get("en") or self.id


class Costs(_Part, frozen=True, kw_only=True):
    """What trouble costs the shop; ``late`` stands where the order's deadline names no charge."""

    late: Money | None = None
    reship: Money | None = None
    exception: Money | None = None


class Insurer(_Part, frozen=True, kw_only=True):
    """Insurance beside the tariff: ``percent`` of the value, at least ``least``; up to ``most``."""

    services: tuple[Pattern, ...]
    percent: Decimal
    least: Money | None = None
    most: Money | None = None

    def __post_init__(self) -> None:
        """A percentage of the value."""
        if not self.percent.is_finite() or not 0 <= self.percent <= 100:
            raise ValueError("percent: a number from 0 to 100 is allowed")


class Offer(_Part, frozen=True, kw_only=True):
    """Options that services have without a fee of their tariff, e.g. ``pickup_point``."""

    services: tuple[Pattern, ...]
    options: tuple[Option, ...]


class Ages(_Part, frozen=True, kw_only=True):
    """Working days after which an exchange rate is amber, and after which it is refused."""

    amber: Annotated[int, Meta(ge=0, le=60)] = 3
    refused: Annotated[int, Meta(ge=0, le=60)] = 10

    def __post_init__(self) -> None:
        """A rate is amber before it is refused."""
        if self.refused < self.amber:
            raise ValueError("refused: no fewer days than amber is allowed")


class ChoiceRules(_Part, frozen=True, kw_only=True):
    """packstation.choice/1; ``currency`` prices are compared in, "" for the site's."""

    schema: Literal["packstation.choice/1"] = "packstation.choice/1"
    currency: str = ""
    costs: Costs = Costs()
    prior: Prior = Prior()
    rules: Annotated[tuple[Rule, ...], Meta(max_length=500)] = ()
    insurance: tuple[Insurer, ...] = ()
    offers: tuple[Offer, ...] = ()
    rates: Ages = Ages()

    def __post_init__(self) -> None:
        """Each id once, a currency that there is."""
        if self.currency and self.currency not in CURRENCIES:
            raise ValueError("currency: an ISO 4217 code is allowed")
        ids = [rule.id for rule in self.rules]
        for at, one in enumerate(ids):
            if one in ids[:at]:
                raise ValueError(f"rules[{at}].id: each id once is allowed")


class Goods(Struct, frozen=True):
    """What rules look at besides the order: the parcel's weight, its value, its products."""

    weight_g: int
    value: Money | None
    products: Mapping[str, Product]


# The comparison of an amount with another: below 0, 0, above; None where no rate is at hand.
Compare = Callable[[Money, Money], int | None]


def fits(pattern: str, carrier: str, service: str, channel: str) -> bool:
    """Whether a service is meant: ``carrier/service``, ``carrier/*``, ``class:postal``."""
    if pattern.startswith("class:"):
        return pattern == f"class:{channel}"
    return pattern in {f"{carrier}/{service}", f"{carrier}/*"}


def any_fits(patterns: Iterable[str], carrier: str, service: str, channel: str) -> bool:
    """Whether one of them is meant."""
    return any(fits(one, carrier, service, channel) for one in patterns)


def holding(
    rules: ChoiceRules, order: Order, goods: Goods, compare: Compare
) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """The rules that hold for a parcel, and those that a missing rate or value left unjudged."""
    found: list[Rule] = []
    unjudged: list[Rule] = []
    for rule in rules.rules:
        if not _order_fits(rule.when, order, goods):
            continue
        verdict = _value_fits(rule.when, goods.value, compare)
        if verdict is None:
            unjudged.append(rule)
        elif verdict:
            found.append(rule)
    return tuple(found), tuple(unjudged)


def _order_fits(when: When, order: Order, goods: Goods) -> bool:
    lists = (
        (when.countries, {order.ship_to.country}),
        (when.channels, {order.channel}),
        (when.stores, {order.store or ""}),
        (when.tags, set(order.tags)),
        (when.classes, set(_classes(order, goods.products))),
        (when.batteries, set(_batteries(order, goods.products))),
    )
    if any(wanted and not set(wanted) & found for wanted, found in lists):
        return False
    if when.weight_over_g is not None and goods.weight_g <= when.weight_over_g:
        return False
    if when.weight_up_to_g is not None and goods.weight_g > when.weight_up_to_g:
        return False
    skus = [line.sku for line in order.lines]
    return not when.skus or any(_sku_fits(one, sku) for one in when.skus for sku in skus)


def _sku_fits(pattern: str, sku: str) -> bool:
    return sku.startswith(pattern[:-1]) if pattern.endswith("*") else sku == pattern


def _in_order(order: Order, products: Mapping[str, Product]) -> Iterator[Product]:
    return (products[line.sku] for line in order.lines if line.sku in products)


def _classes(order: Order, products: Mapping[str, Product]) -> Iterator[str]:
    return (kind for one in _in_order(order, products) for kind in one.goods.classes)


def _batteries(order: Order, products: Mapping[str, Product]) -> Iterator[str]:
    return (one.goods.battery for one in _in_order(order, products))


def _value_fits(when: When, value: Money | None, compare: Compare) -> bool | None:
    """None: it cannot be told, because the value or a rate is missing."""
    bounds = ((when.value_over, True), (when.value_up_to, False))
    for bound, over in bounds:
        if bound is None:
            continue
        way = None if value is None else compare(value, bound)
        if way is None:
            return None
        if (way > 0) is not over:
            return False
    return True


def options_of(order: Order, rules: ChoiceRules, held: Sequence[Rule]) -> tuple[str, ...]:
    """What the buyer or a rule asks of the carrier, each once, in a fixed order.

    Paying on delivery is always asked for; a pickup point where the shop says which services have
    one: else the marketplace's own service goes there by itself.
    """
    asked = {one for one in order.options if one not in OF_PAPERS}
    asked |= {one for rule in held for one in rule.options}
    if order.cod is not None and order.cod.amount:
        asked.add("cod")
    delivered = _DELIVERED.get(str((order.delivery or {}).get("kind") or ""), "")
    if delivered in offered(rules):
        asked.add(delivered)
    return tuple(sorted(asked))


def offered(rules: ChoiceRules) -> frozenset[str]:
    """Options that the shop says of its services itself; tariffs are not asked for these."""
    return frozenset(option for offer in rules.offers for option in offer.options)


def has_option(rules: ChoiceRules, option: str, carrier: str, service: str, channel: str) -> bool:
    """Whether the shop says that a service has an option."""
    return any(
        option in offer.options and any_fits(offer.services, carrier, service, channel)
        for offer in rules.offers
    )
