"""The customs check in the packing flow: when an order opens, before its label, at the close.

The rules and what they look things up in come by parameter (`Rulebook`). A check of an order of
the usual size takes a few milliseconds and is done at once; a long one goes to the background.
Nothing is bought or printed of data that was not looked at: the hash of the data tells.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from msgspec import MsgspecError, Struct
from msgspec.structs import replace

from packstation.domain.customs.checking import check, digest
from packstation.domain.customs.evaluate import HOSTILE
from packstation.domain.customs.findings import Checked
from packstation.domain.customs.pack import Moment
from packstation.domain.customs.registry import case_of
from packstation.domain.customs.wanted import PaperWanted, paper_set
from packstation.domain.errors import PackstationError
from packstation.domain.packing import Session, State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.customs_facts import PapersChecked
from packstation.domain.packing.plan import PaperDue
from packstation.domain.packing.session import Parcel
from packstation.station import standing
from packstation.station.core import Core, place_of
from packstation.station.customs_case import CaseAsked, Signer, carried, document, told_of
from packstation.station.customs_findings import (
    PACK,
    by_office,
    cannot,
    lacking,
    sku_of,
    without_rules,
)
from packstation.station.desk import ServiceProfile
from packstation.station.party_lists import PartyLists
from packstation.station.ports import Happening, OrderRow, RowsPulled, Rulebook
from packstation.station.reading import Reading
from packstation.station.trial import Unmade
from packstation.station.views import VerdictView, Words

log = logging.getLogger(__name__)

# A check that would take longer than a picture of the screen goes to the background.
INLINE_NS: Final = 16_000_000
# What a line takes until it was measured here, and what an order takes besides, in lines.
LINE_NS: Final = 400_000
BESIDES: Final = 4
# The one form that labels of posts have a place for, and what takes more than it has room for.
ON_LABEL: Final = "cn22"
CN23: Final = "cn23"
# What goes into the box where the site has said, by a row ``[[print]]``, where it is printed. All
# else that is wanted and has no printer fails in sight, and never silently stays away.
CHOSEN: Final = frozenset({"slip", "compliance"})
# Pulled rows that may cure a parcel, or stop it.
CURES: Final = frozenset({"order", "sku", "site", "rate", "customs-pack", "party-list", "user"})
# Fields and SKUs that a fact names.
MOST: Final = 60
LISTS: Final = "party-list"
PAPERS: Final = "missing_data"


class Look(Struct, frozen=True):
    """What the rules said: findings, what the fact will say, and the papers that are wanted."""

    checked: Checked
    fact: PapersChecked
    papers: tuple[PaperWanted, ...] = ()


class CustomsLooked(Happening, frozen=True):
    """A long check came back, None where it failed; ``number`` is which one was asked for."""

    look: tuple[Checked, tuple[PaperWanted, ...]] | None
    number: int = 0


class RulesRead(Happening, frozen=True):
    """The rules are there, or others than before."""


class RulesWanted(Happening, frozen=True):
    """There is time to read them; what a server sent is among what is read."""


Then = Callable[[Look], None]
# Documents in their order, and what is to be known of them.
Due = tuple[tuple[str, ...], tuple[PaperDue, ...]]


class Customs:
    """Asks the rules at each moment; holds what must not go on, lets go what was cured."""

    def __init__(self, core: Core, rules: Rulebook) -> None:
        self._core = core
        self._rules = rules
        self._pending: tuple[Session, Moment, Then] | None = None
        self._number = 0
        self._reading = Reading(core, PACK, rules.take, RulesRead())
        self._line_ns = LINE_NS
        self._lists: PartyLists | None = None
        # The parcel whose contents find no room on a CN 22.
        self.larger = ""
        # What could not be made, and the hash of the data it was to be made of.
        self._refused: tuple[str, Checked] | None = None
        # The last hash, and what it was made of.
        self._hashed: tuple[tuple[object, ...], str] | None = None
        # A changed order is looked at in the background: what becomes of the hold it says.
        self.curing = False
        # Whatever is due is started anew.
        self.again: Callable[[], None] = lambda: None

    # --- asking ---------------------------------------------------------------------------

    def ready(self) -> bool:
        """Whether the rules are read; where not, they are from now on, and `again` is called."""
        if not self._rules.ready:
            self._reading.want()
        return self._rules.ready

    def wanted(self) -> None:
        """There is time to read them, before anybody asks."""
        self.ready()

    def read(self) -> None:
        """The rules came, or changed: what is open is looked at by them."""
        self._reading.ended()
        standing.recover(self._core)
        self.look_again()
        self.again()

    def look(self, moment: Moment, then: Then, profile: ServiceProfile | None = None) -> None:
        """Check the open parcel; ``then`` is done where nothing stops it."""
        core, asked = self._core, self._asked(profile, moment)
        if asked is None:
            self._stop_for("order", moment)
            return
        if self.quick(asked):
            self._done(self.judge(asked, moment), moment, then)
            return
        self._pending = (core.session, moment, then)
        self._number = number = self._number + 1
        core.run(
            lambda: CustomsLooked(self.judge(asked, moment), number), CustomsLooked(None, number)
        )

    def quick(self, asked: CaseAsked) -> bool:
        """Whether a check takes no longer than a picture of the screen, reading lists included."""
        light = self._lists is None or self._lists.light
        return light and self._line_ns * (len(asked.order.lines) + BESIDES) <= INLINE_NS

    def looked(self, done: CustomsLooked) -> None:
        """A long check came back; of a session that went on meanwhile it is done anew.

        What was asked before the last one is of older data, and says nothing any more.
        """
        if self._pending is None or done.number != self._number:
            return
        (before, moment, then), self._pending = self._pending, None
        if done.look is None:
            self._stop_for(PACK, moment)
        elif before is self._core.session:
            self._done(done.look, moment, then)
        else:
            self.again()
            self.look_again()

    def judge(self, asked: CaseAsked, moment: Moment) -> tuple[Checked, tuple[PaperWanted, ...]]:
        """Findings, and which papers; rules that cannot be read or used let nothing pass."""
        raw, pack = document(asked), self._rules.pack()
        if pack is None:
            return without_rules(raw), ()
        clock, begun = self._core.clock, self._core.clock.mono_ns()
        now, reference = clock.now().astimezone(self._core.zone), self._rules.reference
        try:
            checked = check(raw, pack, reference, now, moment)
            papers = paper_set(case_of(raw, pack, reference, now))
        except (PackstationError, *HOSTILE, MsgspecError) as exc:
            # Signed as it may be: a table of another shape is no rule that was looked at.
            log.error("customs pack %s: %s", pack.version, place_of(exc))  # noqa: TRY400 - as there
            return without_rules(raw), ()
        took = (clock.mono_ns() - begun) // (len(asked.order.lines) + BESIDES)
        # The dearest of late: one slow check does not send the next hundred away.
        self._line_ns = max(took, self._line_ns * 7 // 8)
        if not asked.whole and not asked.closing:
            self._hashed = told_of(asked), checked.digest
        return checked, papers

    def _done(
        self, found: tuple[Checked, tuple[PaperWanted, ...]], moment: Moment, then: Then
    ) -> None:
        checked, papers = found
        fact = self.fact(checked, moment)
        self._core.desk.customs = checked
        if fact.ok:
            then(Look(checked, fact, papers))
        elif fact != self._core.session.checked or self._core.session.state is not State.HELD:
            self._core.submit(i.PapersLooked(checked=fact, stop=True))

    def step_up(self) -> bool:
        """A CN 23 and what goes with it in place of the CN 22; False where that was tried."""
        parcel = self._core.session.parcel.id
        if self.larger == parcel:
            return False
        self.larger = parcel
        return True

    def made(self) -> None:
        """All papers can be made; of a larger form than usual the packer is told."""
        if self.larger == self._core.session.parcel.id:
            words = Words("papers.larger"), Words("papers.larger.why")
            self._core.desk.verdict = VerdictView("warn", *words)

    def refuse(self, look: Look, unmade: Sequence[Unmade]) -> None:
        """Papers that cannot be made stop the parcel as a rule does: nothing was bought yet.

        Once the office has mended them the usual form is tried first again.
        """
        self.larger = ""
        desk, found = self._core.desk, [cannot(one) for one in unmade]
        lacks = dict.fromkeys(one.field for one, _ in found)
        first = [next(one for one, _ in found if one.field == field) for field in lacks]
        checked = replace(look.checked, findings=(*first, *look.checked.findings))
        desk.customs, desk.unmade = checked, {one.field: why for one, why in reversed(found)}
        self._refused = (self.digest(), checked)
        fact = self.fact(checked, "label")
        self._core.submit(i.PapersLooked(checked=fact, stop=True, note=" ".join(fact.refs)))

    def _stop_for(self, field: str, moment: Moment) -> None:
        """Nothing could be looked at."""
        checked = lacking("", field)
        self._core.desk.customs = checked
        fact = self.fact(checked, moment)
        self._core.submit(i.PapersLooked(checked=fact, stop=True, note=field))

    def fact(self, checked: Checked, moment: Moment) -> PapersChecked:
        released = standing.released(self._core)
        blocks = checked.of("BLOCK")
        asks = [one for one in checked.of("OVERRIDE") if standing.name_of(one) not in released]
        stops = (*blocks, *asks)
        halting = [one for one in blocks if by_office(one)] if moment == "order" else stops
        return PapersChecked(
            parcel=self._core.session.parcel.id,
            moment=moment,
            pack=checked.pack,
            digest=checked.digest,
            ok=not halting,
            rules=_once(one.rule for one in stops),
            skus=_once(sku_of(one.field) for one in stops),
            refs=_once(one.field for one in stops),
            blocks=len(blocks),
            overrides=_once(map(standing.name_of, asks)),
            warned=_once(one.rule for one in checked.of("WARN")),
            order=standing.order_hash(self._core),
        )

    def _asked(self, profile: ServiceProfile | None, moment: Moment = "label") -> CaseAsked | None:
        core = self._core
        row = core.cache.order(core.session.order_id)
        if row is None:
            return None
        return self.asked_of(row, profile, moment)

    def asked_of(self, row: OrderRow, profile: ServiceProfile | None, moment: Moment) -> CaseAsked:
        core, session = self._core, self._core.session
        products = core.products_of(row.order)
        for parcel in session.parcels:
            products = core.products_in(parcel, row.order) | products
        label = core.desk.printing.target("label")
        return CaseAsked(
            order=row.order,
            products=products,
            session=session,
            site=core.cache.site(),
            rates=core.cache.rates(),
            service=profile or self._chosen(session.parcel),
            signer=self._signer(),
            stock=label.stock if label else None,
            synced_at=core.clock.now() if core.desk.online else core.desk.offline_since,
            lists=self._party_lists().read,
            closing=moment == "close",
            whole=moment == "order",
            larger=self._larger(session),
        )

    def _party_lists(self) -> PartyLists:
        """Got once a change of their rows: a list may have thousands of names."""
        if self._lists is None:
            self._lists = PartyLists(self._core.cache.unread(LISTS))
        return self._lists

    def _larger(self, session: Session) -> bool:
        """Whether a CN 22 has no room for what lies in the open parcel."""
        service = session.parcel.service
        told = any(one.larger for one in service.papers) if service else False
        return told or session.parcel.id == self.larger

    def _chosen(self, parcel: Parcel) -> ServiceProfile | None:
        service = parcel.service
        return self._core.profile(service.carrier, service.service) if service else None

    def _signer(self) -> Signer | None:
        """Who is signed in; ``signer`` false in their row says that they may not sign."""
        person = self._core.desk.person
        return Signer(person.name, person.prefs.get("signer") is not False) if person else None

    # --- moments --------------------------------------------------------------------------

    def opened(self) -> None:
        """An order was opened or taken up: what lacks is said before time goes into it."""
        if self._core.session.live and self.ready():
            self.look("order", self._opened)

    def _opened(self, look: Look) -> None:
        self._write(look)
        standing.warn(self._core, look.checked.findings)

    def _write(self, look: Look) -> None:
        """Written down once; a stop that it cures ends by itself."""
        session = self._core.session
        held = session.state is State.HELD and session.hold_reason == PAPERS
        if held or not _same(look.fact, session.checked):
            self._core.submit(i.PapersLooked(checked=look.fact))

    def due(self, look: Look, profile: ServiceProfile) -> Due:
        """What is printed for the parcel: by the rules' table, else as the service's row says."""
        last, larger = self._core.session.due == 0, self._larger(self._core.session)
        wanted = tuple(
            PaperDue(
                document=one.kind,
                copies=one.copies,
                tray=one.tray,
                confirm=one.confirm or one.copies > 1,
                mark=one.mark,
                printer=one.printer,
                on_label=_on_label(one, profile),
                larger=larger and one.kind == CN23,
            )
            for one in look.papers
            if not one.electronic
            and (last or one.per == "parcel")
            and (one.kind not in CHOSEN or self._core.desk.printing.target(one.kind) is not None)
        )
        if not look.papers:
            return profile.documents, ()
        return ("label", *(one.document for one in wanted if not one.on_label)), wanted

    def last_asked(self) -> CaseAsked | None:
        """What the last look is of; None where nobody knows the order any more."""
        return self._asked(None, "close")

    def last_look(self, asked: CaseAsked) -> Checked:
        """The last one, when the label on the box was scanned; from any thread."""
        checked, wanted = self.judge(asked, "close")
        due = {one.document for one in asked.session.parcel.papers}
        due |= {one.document for one in carried(asked.session)}
        if any(not one.electronic and one.kind not in due for one in wanted):
            # What is not printed here nobody can count here.
            checked, _ = self.judge(replace(asked, counted=False), "close")
        return checked

    def closed(self, checked: Checked | None) -> PapersChecked:
        """What the last look came to; None where it failed, which closes nothing."""
        checked = checked or lacking("", PACK)
        self._core.desk.customs = checked
        return self.fact(checked, "close")

    # --- the data that is printed -----------------------------------------------------------

    def digest(self) -> str:
        """The hash of what papers would show now; "" where nobody knows the order any more."""
        asked = self._asked(None)
        if asked is None:
            return ""
        told, known = told_of(asked), self._hashed  # a check in the background may replace it
        if known is None or known[0] != told:
            self._hashed = known = told, digest(document(replace(asked, lists=tuple)))
        return known[1]

    def stands(self, now: str) -> bool:
        """Whether that is what was checked for this parcel, and nothing stopped it."""
        session = self._core.session
        checked = session.checked
        if checked is None or not checked.ok:
            return False
        return (checked.parcel, checked.digest) == (session.parcel.id, now)

    def renew(self) -> None:
        """Other data than was checked: nothing is printed of it before it is looked at."""
        before, now = self._core.session.checked, self.digest()
        other = before is not None and before.digest != now
        if self.ready():
            self.look("label", lambda look: self._renewed(look, said=other))

    def _renewed(self, look: Look, *, said: bool) -> None:
        if said:
            words = Words("papers.changed")
            self._core.desk.verdict = VerdictView("warn", words, Words("papers.changed.ok"))
        self._write(look)

    # --- cured ------------------------------------------------------------------------------

    def rows(self, report: RowsPulled) -> None:
        """Rows came that papers are made of: what waits for them is looked at again."""
        tables = {row.t for row in report.rows}
        if LISTS in tables:
            self._lists = None
        if PACK in tables:
            self._reading.begin()
        elif tables & CURES:
            self.look_again()

    def look_again(self) -> None:
        """Of an order that is held for its papers, or not packed yet."""
        session = self._core.session
        if not session.live or not self._rules.ready:
            return
        if session.state is State.SCANNING:
            self.look("order", self._write)
        else:
            self.let_in()

    def let_in(self) -> None:
        """Of an order that is held for its papers, and for nothing else."""
        session = self._core.session
        held = session.state is State.HELD and session.hold_reason == PAPERS
        if self.curing or not held or not self._rules.ready:
            return
        if not session.hold_note.startswith("kit."):
            self.look(self.moment(), self._goes_on)

    def moment(self) -> Moment:
        """The moment that the open order is held at."""
        session = self._core.session
        at = session.checked.moment if session.checked is not None else "label"
        if session.resume is State.SCANNING:
            return "order"
        return "close" if at == "close" else "label"

    def _goes_on(self, look: Look) -> None:
        """The office has cured it: calmly said, without a sound of its own."""
        if self._refused is not None and self._refused[0] == look.checked.digest:
            self._core.desk.customs = self._refused[1]  # of these data it cannot be made
            return
        self._write(look)
        self._core.desk.verdict = VerdictView("ok", Words("papers.cured"))


def _on_label(one: PaperWanted, profile: ServiceProfile) -> bool:
    """Whether the label of a service carries the form: that of a post without a CN 22 of its own.

    One label is one copy; where more are wanted they are papers.
    """
    combined = profile.channel == "postal" and ON_LABEL not in profile.documents
    return combined and one.kind == ON_LABEL and one.copies == 1


def _same(one: PapersChecked, other: PapersChecked | None) -> bool:
    """Whether nothing new is said; before the label data may change as it likes."""
    if other is None or one.moment != "order":
        return one == other
    return one == replace(other, digest=one.digest, order=one.order)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))[:MOST]
