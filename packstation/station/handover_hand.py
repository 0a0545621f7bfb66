"""What the hand-over has in hand: the lists, the parcels, where the page stands.

Shared by the parts of the page; everything that must survive a restart is in the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from packstation.domain.choice.calendars import Calendars
from packstation.domain.handover import cutoffs
from packstation.domain.handover import manifests as m
from packstation.domain.handover import parcels as p
from packstation.domain.handover import signature as s
from packstation.domain.handover.weighing import UnitWeight, band_g
from packstation.domain.packing.facts import Fact
from packstation.station.core import BENCH_STREAM, Core
from packstation.station.handover_parcels import HORIZON, Parcels
from packstation.station.handover_prints import HandoverPrints
from packstation.station.ports import Happening, RowsPulled
from packstation.station.verdicts import OK
from packstation.station.views import AlertView, VerdictView, Words

PAGE: Final = "handover"
CHOOSE, LOAD, WEIGH, CHECK, SIGN, DONE = "choose", "load", "weigh", "check", "sign", "done"


class SignatureDrawn(Happening, frozen=True):
    """The driver lifted the pen for the last time; see `signature.Signature`."""

    strokes: tuple[s.Stroke, ...]
    wide: int = s.WIDE
    high: int = s.WIDE * 2 // 5


class Now(Struct, frozen=True):
    """Where the page stands; what must survive a restart is in the facts."""

    step: str = CHOOSE
    manifest: str = ""
    weight: UnitWeight | None = None
    driver: str = ""
    problem: str = ""
    last: str = ""
    # A list is being counted: its open bag is tied first.
    counting: bool = False


class Hand:
    """The lists of this bench and the one in hand."""

    def __init__(self, core: Core, prints: HandoverPrints) -> None:
        self.core, self.prints = core, prints
        self.parcels = Parcels(core)
        self.lists: m.Manifests = {}
        # The shop's calendars, and that they are to be read; both are filled by the station.
        self.calendars: Callable[[], Calendars] = Calendars
        self.want: Callable[[], object] = lambda: None
        # The next SSCC for a bag, "" for a code of our own.
        self.sscc: Callable[[], str] = str
        self.now = Now()
        self._read = False

    # --- facts and rows ---------------------------------------------------------------------

    def told(self, facts: tuple[Fact, ...]) -> None:
        """What was just committed, here or elsewhere on this bench."""
        if self._read:
            self.parcels.told(facts)
            self.lists = m.fold(facts, self.lists)

    def rows(self, report: RowsPulled) -> None:
        """Other benches' parcels; stopped orders."""
        self.parcels.rows(report)

    def look(self) -> None:
        """Once, when the page is first opened: a bench that hands nothing over reads nothing."""
        self.want()
        if self._read:
            return
        self._read = True
        self.parcels.read()
        kinds = [kind.__name__ for kind in m.FACTS]
        self.lists = m.fold(self.core.facts_of(kinds, HORIZON))

    def cutoff(self, carrier: str, service: str) -> str:
        """The next time that a service is fetched here, by the shop's calendar; "" for none."""
        core, known = self.core, self.calendars()
        site = core.cache.site()
        rules, sender = site.get("rules"), site.get("sender")
        country = str(sender.get("country") or "") if isinstance(sender, Mapping) else ""
        rules = rules if isinstance(rules, Mapping) else {}
        when = cutoffs.fetched(rules, known, carrier, service)
        return cutoffs.next_cutoff(when, core.clock.now(), core.zone, known.of(country))

    @property
    def open(self) -> bool:
        """Whether the page is in sight."""
        return self.core.desk.page == PAGE and not self.core.desk.nobody

    @property
    def current(self) -> m.Manifest:
        """The list in hand; an empty one before any."""
        return self.lists.get(self.now.manifest, m.Manifest(id="", code=""))

    def live(self) -> tuple[m.Manifest, ...]:
        """Lists that somebody still works on."""
        return tuple(one for one in self.lists.values() if one.live)

    def services(self) -> tuple[tuple[str, str], ...]:
        """Carrier and service with parcels that wait, then all others of the shop."""
        waits = {(due.carrier, due.service) for due in self.parcels.waiting()}
        own = [(row.carrier, row.service) for row in self.core.services]
        taken = {(one.carrier, one.service) for one in self.live()}
        named = [*sorted(waits), *(one for one in own if one not in waits)]
        return tuple(one for one in named if one not in taken)

    def missing(self) -> tuple[p.Due, ...]:
        """What was packed for the list in hand and is on none."""
        return p.missing(self.current, self._elsewhere())

    def extras(self) -> tuple[tuple[m.Loaded, str], ...]:
        """What must come off it."""
        return p.extras(self.current, self.parcels.known.values())

    def forgotten(self) -> tuple[p.Due, ...]:
        """Packed on a day before and never handed over."""
        today = self.core.clock.now().astimezone(self.core.zone).date()
        return p.forgotten(self._elsewhere(), today, self.core.zone)

    def _elsewhere(self) -> tuple[p.Due, ...]:
        """All parcels but those on a list of this bench."""
        on = {name for one in self.live() for name in one.loaded}
        return tuple(due for name, due in self.parcels.known.items() if name not in on)

    @property
    def blind(self) -> bool:
        """Whether a parcel of the open bag is too light for a scale to miss it."""
        one = self.current
        unit = one.units.get(one.unit)
        grams = [row.gross_g for row in one.inside(one.unit) if row.gross_g]
        return unit is not None and min(grams, default=0) <= band_g(len(grams), unit.tare_g)

    # --- done by every part -----------------------------------------------------------------

    def go(self, now: Now) -> None:
        """The page stands there from now on."""
        self.now = now

    def back_to_load(self) -> None:
        """More parcels."""
        self.go(Now(LOAD, self.current.id))

    def about(self, due: p.Due, *facts: Fact) -> None:
        """Facts of one parcel stand in its order's history too."""
        self.core.attach_all(BENCH_STREAM, [(due.parcel, due.order_id, fact) for fact in facts])

    def refuse(self, why: str, code: str, kind: str = "") -> None:
        """Loud, with what it is instead and where it goes."""
        core, due, one = self.core, self.parcels.known.get(code), self.current
        other = next((row for row in self.live() if code in row.loaded), None)
        args = (
            ("code", code or kind),
            ("other", self.prints.service_name(due.carrier, due.service) if due else ""),
            ("service", self.prints.service_name(one.carrier, one.service)),
            ("mode", (due.mode if due else "") or "—"),
            ("list", one.mode or "—"),
            ("on", (other.code if other else due.manifest if due else "") or "—"),
        )
        core.desk.alert = AlertView(
            kind="refusal",
            headline=Words(f"handover.no.{why}", args),
            todo=Words(f"handover.no.{why}.todo", args),
            text_read=code,
            answers=(OK,),
            sound="wrong_item",
            serial=core.desk.serial + 1,
        )
        core.desk.earcon = "wrong_item"

    def say(self, earcon: str, key: str, **args: str | int) -> None:
        self.core.desk.earcon = earcon
        self.core.desk.verdict = VerdictView("ok", Words(key, tuple(args.items())))
