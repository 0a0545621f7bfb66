"""Which service an open parcel takes: asks of the tariffs what is asked of the carrier, and judges.

The judging itself is pure (``domain.choice``); here is what the bench knows for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.choice import rules as r
from packstation.domain.choice.calendars import Days
from packstation.domain.choice.choose import Asked, Weighed, choose, comparing
from packstation.domain.fx import Ageing, FxTable, rounded
from packstation.domain.orders import Order, Rate
from packstation.domain.packing.choice_facts import ServiceWeighed
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted, RefusedService
from packstation.first_use import shaped
from packstation.station.core import Core
from packstation.station.site_choice import SiteChoice
from packstation.station.views import EntryView, Words

# Why a person takes another service than the rule.
REASONS: Final = ("buyer", "faster", "not_collected", "label_trouble", "other")
ENTRY: Final = "service"
AGREED: Final = "contract-rate"


class Prepared(Struct, frozen=True):
    """A parcel before it is priced: its order as tariffs are asked, and the rules that hold."""

    order: Order
    asked: Order
    goods: r.Goods
    options: tuple[str, ...]
    held: tuple[r.Rule, ...]
    unjudged: tuple[r.Rule, ...]
    fx: FxTable


class ServiceChoice:
    """Prepares, judges, and keeps what is to be told of a choice."""

    def __init__(self, core: Core, site: SiteChoice) -> None:
        self._core, self._site = core, site
        self._prepared: Prepared | None = None

    # --- before prices ------------------------------------------------------------------

    def prepared(self, order: Order, products: Mapping[str, Product], gross_g: int) -> Order:
        """The order as tariffs are asked: all options wanted, and every rate that is not too old.

        Options that the shop itself says of its services are judged here, not by tariffs.
        """
        rules = self._site.known.rules
        fx = self._rates(order, rules)
        own = {product.sku: product for product in order.products}
        goods = r.Goods(gross_g, _value(order, {**own, **products}), {**own, **products})
        held, unjudged = r.holding(rules, order, goods, comparing(fx, self._today))
        options = r.options_of(order, rules, held)
        money = [goods.value, order.declared_total]
        currencies = {one.currency for one in money if one is not None} | {self._home}
        rates = fx.rates_from(currencies - {""}, self._today)
        asked = replace(
            order,
            options=tuple(one for one in options if one not in r.offered(rules)),
            rates=(*rates, *order.rates),
        )
        self._prepared = Prepared(order, asked, goods, options, held, unjudged, fx)
        return asked

    def _rates(self, order: Order, rules: r.ChoiceRules) -> FxTable:
        """The site's, those agreed with a bank or carrier, and the order's own."""
        cache = self._core.cache
        agreed = (found for one in cache.kept_all(AGREED) if (found := _rate(one)) is not None)
        ageing = Ageing(amber=rules.rates.amber, refused=rules.rates.refused)
        return FxTable((*cache.rates(), *agreed, *order.rates), ageing)

    @property
    def _today(self) -> date:
        return date.fromisoformat(self._core.today())

    @property
    def _home(self) -> str:
        return self._site.known.rules.currency or str(self._core.cache.site().get("currency") or "")

    # --- after prices -------------------------------------------------------------------

    def judge(self, quotes: Iterable[Quoted], refusals: Iterable[RefusedService]) -> None:
        """Rank what was priced; the desk then has the choice, best first, and all refusals."""
        core, prepared = self._core, self._prepared
        desk = core.desk
        sold = [one for one in quotes if core.profile(one.carrier, one.service) is not None]
        unsold = [one for one in quotes if core.profile(one.carrier, one.service) is None]
        none = (RefusedService(one.carrier, one.service, "contract", "") for one in unsold)
        desk.refusals = (*refusals, *none)
        if prepared is None:
            desk.choice, desk.quotes = None, ()
            return
        desk.rule_names = {rule.id: rule for rule in self._site.known.rules.rules}
        desk.choice = choose(self._asked(prepared, sold), prepared.unjudged)
        desk.quotes = tuple(one.quote for one in desk.choice.ranked)

    def _asked(self, prepared: Prepared, quotes: list[Quoted]) -> Asked:
        core, known = self._core, self._site.known
        here = core.clock.now().astimezone(core.zone)
        sender = core.cache.site().get("sender")
        country = str(sender.get("country") or "") if isinstance(sender, Mapping) else ""
        country = prepared.order.ship_from.country or country
        return Asked(
            order=prepared.order,
            goods=prepared.goods,
            quotes=quotes,
            rules=known.rules,
            held=prepared.held,
            options=prepared.options,
            home=self._home,
            fx=prepared.fx,
            lanes=self._site.lanes(self._today),
            days=Days(known.calendars, known.calendars.of(country), here.replace(tzinfo=None)),
            today=self._today,
            local=self._local,
            out=dict(self._out(quotes)),
        )

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._core.zone)

    def _out(self, quotes: Iterable[Quoted]) -> Iterable[tuple[tuple[str, str], str]]:
        """Services that cannot have a number now: none is left, or nobody can be asked."""
        core, today = self._core, self._core.today()
        for one in quotes:
            profile = core.profile(one.carrier, one.service)
            pooled = profile is not None and profile.numbers == "pool"
            if pooled and not core.pool.left(one.carrier, one.service, today):
                yield (one.carrier, one.service), "numbers"
            elif not pooled and cut_off(core):
                yield (one.carrier, one.service), "offline"

    # --- taken --------------------------------------------------------------------------

    def options(self, quote: Quoted) -> tuple[str, ...]:
        """What is bought with a service: what was asked for, and insurance where that pays."""
        asked = self._prepared.options if self._prepared else ()
        weighed = self._weighed(quote)
        insured = weighed is not None and weighed.cost.insured
        return tuple(sorted({*asked, *(["insurance"] if insured else [])}))

    def fact(self, quote: Quoted) -> ServiceWeighed | None:
        """How a service was judged; None of one that was not."""
        choice, weighed = self._core.desk.choice, self._weighed(quote)
        if choice is None or weighed is None or choice.best is None:
            return None
        home = choice.home
        own = weighed is choice.best
        return ServiceWeighed(
            carrier=quote.carrier,
            service=quote.service,
            home=weighed.price,
            expected=rounded(weighed.cost.total, home),
            parts=tuple(
                f"{one.code} {rounded(one.amount, home).amount}" for one in weighed.cost.parts
            ),
            rates=weighed.rates,
            why=choice.why.key if own and choice.why else "",
            best="" if own else "/".join(choice.best.service),
            arrives=weighed.arrival.last.isoformat() if weighed.arrival.last else "",
            insured=weighed.cost.insured,
            ranked=len(choice.ranked),
            offline=cut_off(self._core),
        )

    def _weighed(self, quote: Quoted) -> Weighed | None:
        choice = self._core.desk.choice
        return choice.of(quote.carrier, quote.service) if choice else None

    def ask_why(self, quote: Quoted) -> bool:
        """Another one than the rule's needs a reason; whether one is asked for now."""
        desk = self._core.desk
        best = desk.choice.best if desk.choice else None
        if best is None or best.quote == quote:
            return False
        desk.overriding = f"{quote.carrier}/{quote.service}"
        named = tuple((name, Words(f"service.{name}")) for name in REASONS)
        desk.entry = EntryView(kind=ENTRY, words=Words("entry.service"), choices=named)
        return True

    def overridden(self, reason: str) -> Quoted | None:
        """The service that a reason was given for."""
        desk = self._core.desk
        name, desk.overriding = desk.overriding, ""
        if reason not in REASONS:
            return None
        return next((one for one in desk.quotes if f"{one.carrier}/{one.service}" == name), None)


def cut_off(core: Core) -> bool:
    """Whether the bench had a server and does not reach it now."""
    return not core.desk.online and core.desk.offline_since is not None


def _rate(body: Mapping[str, object]) -> Rate | None:
    try:
        return shaped(dict(body), Rate, strict=False)
    except msgspec.ValidationError:
        return None


def _value(order: Order, products: Mapping[str, Product]) -> Money | None:
    """What is lost with the parcel: what the buyer paid, else what is declared of the goods."""
    if order.payment is not None and order.payment.total is not None:
        return order.payment.total
    if order.declared_total is not None:
        return order.declared_total
    total: Money | None = None
    for line in order.lines:
        product = products.get(line.sku)
        each = line.unit_price or (product.customs.unit_value if product else None)
        if each is None or (total is not None and total.currency != each.currency):
            return None
        total = each * line.quantity if total is None else total + each * line.quantity
    return total
