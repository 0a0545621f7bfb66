"""From a closed box to its papers: rate, and start whatever the session then waits for.

Long work runs in the background and comes back as a Happening. Everything here
can be started again after a crash: what was asked stands in the journal first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.facts import Fact, LabelVoided, ParcelReopened, SessionResumed
from packstation.domain.services import Quoted, RefusedService
from packstation.station import standing
from packstation.station.closing import Closing
from packstation.station.consignment_rating import added, earlier, first_service
from packstation.station.core import Core
from packstation.station.curing import Curing
from packstation.station.customs import Customs, Look
from packstation.station.desk import ServiceProfile
from packstation.station.labelling import Labelling
from packstation.station.moving import Moving
from packstation.station.plans import goods_inside
from packstation.station.ports import (
    DocumentMaker,
    Happening,
    LabelSource,
    Measurer,
    Printer,
    Rater,
    Rulebook,
)
from packstation.station.printing import Printing
from packstation.station.scan_rules import rules_of
from packstation.station.service_choice import ServiceChoice
from packstation.station.site_choice import SiteChoice
from packstation.station.site_tariffs import SiteTariffs
from packstation.station.trial import UNKNOWN, Trial, Unmade, too_much

# A service, who took it (rule or person), and why.
Taken = tuple[Quoted, str, str]


class Rated(Happening, frozen=True):
    """Prices came back; ``token`` names the parcel, weight, sides and revision they are for."""

    token: str
    quotes: tuple[Quoted, ...]
    refusals: tuple[RefusedService, ...]


class Flow:
    """Effects of the session after weighing."""

    def __init__(
        self,
        core: Core,
        *,
        rater: Rater,
        labels: LabelSource,
        documents: DocumentMaker,
        printers: Mapping[str, Printer],
        rules: Rulebook,
        measurers: Sequence[Measurer] = (),
    ) -> None:
        """``printers`` and ``measurers`` may be filled later: devices open after the bench."""
        self._core = core
        self.documents = documents
        self.rater = rater
        self._measurers = measurers
        self._measured = ""
        self.labelling = Labelling(core, labels)
        self.customs = Customs(core, rules)
        self.customs.again = self.again
        self.closing = Closing(core, self.customs)
        self.curing = Curing(core, self.customs)
        self.printing = Printing(core, documents, printers, self.customs)
        self.printing.again = self.again
        self.trial = Trial(core, documents, self.printing.drawings)
        self.trial.again = self.again
        self.moving = Moving(core, printers)
        self.tariffs = SiteTariffs(core, rater)
        self.tariffs.again = self.priced_anew
        self.site = SiteChoice(core)
        self.site.again = self.priced_anew
        self.choice = ServiceChoice(core, self.site)

    # --- what is due --------------------------------------------------------------------

    def told(self, facts: tuple[Fact, ...]) -> None:
        """Start whatever the session now waits for."""
        desk = self._core.desk
        standing.told(self._core, facts)
        if any(isinstance(fact, LabelVoided | SessionResumed | ParcelReopened) for fact in facts):
            desk.rating = ""
        if any(isinstance(fact, LabelVoided | ParcelReopened) for fact in facts):
            self.customs.larger = ""
        if any(isinstance(fact, LabelVoided) for fact in facts):
            desk.listing = "services"
        if self._core.session.live:
            self.tariffs.ready()  # long before there is a weight
            self.site.ready()
        if self._core.session.state is State.RATING:
            self._rate()
        self._measure()
        self.printing.told(facts)
        self.moving.told(facts)
        self.labelling.told(facts)

    def recover(self) -> None:
        """After a restart: what was under way is asked for, never done again."""
        self.printing.recover()
        self.labelling.settle()
        self.told(())

    def wanted(self) -> None:
        """There is time to read rules and tariffs, before anybody asks."""
        self.customs.wanted()
        self.tariffs.ready()
        self.site.ready()

    def rules_read(self) -> None:
        """What waits for the rules goes on: the open order, a label, a box that is to close."""
        self.customs.read()
        self.closing.again()

    def again(self) -> None:
        """After a commit that failed: whatever is due and not under way is started."""
        self._core.desk.rating = ""
        self.labelling.settle()
        self.told(())

    def priced_anew(self) -> None:
        """Tariffs came: an open parcel that has no service yet is rated by them."""
        if self._core.session.state is State.RATING:
            self.again()

    def _measure(self) -> None:
        """Once a parcel, when its sides are what is still to come; its own button does again."""
        session = self._core.session
        parcel = session.parcel.id if session.state is State.MEASURING else ""
        asked, self._measured = self._measured, parcel
        if parcel and parcel != asked:
            for measurer in self._measurers:
                measurer.measure()

    # --- rating -------------------------------------------------------------------------

    def _rate(self) -> None:
        core, parcel = self._core, self._core.session.parcel
        token = f"{parcel.id}:{parcel.gross_g}:{parcel.size_mm}:{core.session.rev}"
        if parcel.gross_g is None or core.desk.rating == token:
            return
        wanted = (self.customs, self.printing, self.tariffs, self.site)
        ready = [one.ready() for one in wanted]
        if not all(ready):
            return  # `again` is called when they are
        core.desk.rating = token
        self.customs.look("label", lambda _: self._quote(token))

    def _quote(self, token: str) -> None:
        """Prices of a parcel that nothing stops, as far as it can be known without a service."""
        core, parcel = self._core, self._core.session.parcel
        row = core.cache.order(core.session.order_id)
        gross = parcel.gross_g
        if row is None or gross is None:
            return
        size, rater, before = parcel.size_mm, self.rater, earlier(core)
        products = goods_inside(core.session, core.products_in(parcel, row.order))
        order = self.choice.prepared(row.order, products, gross)
        core.run(
            lambda: Rated(token, *rater.quote(order, products, gross, size, before)),
            Rated(token, (), ()),
        )

    def rated(self, done: Rated) -> None:
        """Prices are here: the rule chooses unless the packer asked to.

        Those of another parcel, weight, box or revision are let pass.
        """
        core = self._core
        if core.session.state is not State.RATING or core.desk.rating != done.token:
            return
        self.choice.judge(done.quotes, done.refusals)
        if not core.desk.quotes:
            core.submit(i.HoldRaised(reason="no_service", by="rule"))
        elif core.desk.listing != "services":
            self.choose_best()

    def choose_best(self) -> None:
        """What costs least in the end, of what the order and the shop's rules allow."""
        core = self._core
        row = core.cache.order(core.session.order_id)
        wanted = row.order.service if row else None
        quotes = [q for q in core.desk.quotes if wanted in {None, "", q.service}]
        if quotes:
            self._take(first_service(core, quotes)[0], "rule")

    def choose(self, index: int, name: str = "") -> None:
        """The packer's choice from the list; ``name`` is carrier/service where it is known.

        Another one than the rule's is taken when a reason was given.
        """
        quotes = self._core.desk.quotes
        named = [q for q in quotes if f"{q.carrier}/{q.service}" == name]
        found = named if name else quotes[index : index + 1]
        if found and not self.choice.ask_why(found[0]):
            self._take(found[0], "person")

    def override(self, reason: str) -> None:
        """Another service than the rule's, and why."""
        quote = self.choice.overridden(reason)
        if quote is not None:
            self._take(quote, "person", reason)

    def _take(self, quote: Quoted, by: str, reason: str = "") -> None:
        """Form, limits and papers depend on the service: checked once more as that one takes it."""
        profile = self._core.profile(quote.carrier, quote.service)
        self._core.desk.listing = ""
        if profile is not None:
            taken = (quote, by, reason)
            self.customs.look("label", lambda look: self._ask(taken, profile, look), profile)

    def _ask(self, taken: Taken, profile: ServiceProfile, look: Look) -> None:
        """Papers are laid out before anything is asked for: what cannot be made is not bought."""
        quote, by, reason = taken
        documents, papers = self.customs.due(look, profile)
        chosen = i.ServiceChosen(
            carrier=quote.carrier,
            service=quote.service,
            price=added(self._core, quote),
            billable_g=quote.billable_g,
            documents=documents,
            tariff=quote.tariff,
            by=by,
            reason=reason,
            ungated=rules_of(self._core).ungated,
            papers=papers,
            as_data=tuple(one.kind for one in look.papers if one.electronic),
            checked=look.fact,
            options=self.choice.options(quote),
            weighed=self.choice.fact(quote),
        )
        waybill = self.labelling.next_number(profile) or UNKNOWN
        self.trial.run(chosen, waybill, lambda unmade: self._tried(quote, chosen, look, unmade))

    def _tried(
        self, quote: Quoted, chosen: i.ServiceChosen, look: Look, unmade: tuple[Unmade, ...]
    ) -> None:
        if not unmade:
            self.customs.made()
            self._core.submit(chosen)
        elif too_much(unmade, chosen.papers) and self.customs.step_up():
            self._take(quote, chosen.by, chosen.reason)
        else:
            self.customs.refuse(look, unmade)

    def carton_size(self) -> None:
        """MEASURING answered by the carton's own known size."""
        outer = self._core.session.parcel.outer_mm
        if len(outer) != 3:
            self._core.refuse("size.unknown")
            return
        length, width, height = outer
        self._core.submit(i.SizeRead(length_mm=length, width_mm=width, height_mm=height))
