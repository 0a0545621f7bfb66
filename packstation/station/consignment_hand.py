"""Consignments at the bench: which orders are such, marks of their cartons, where the page stands.

An order whose class is ``freight``, or that goes by a service of that class, is a consignment to a
warehouse: each parcel that is closed is a carton with a mark. Packing itself is the usual flow of
several parcels. All that must survive a restart is in the facts.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain import item_labels as goods
from packstation.domain.consignment import consignments as cs
from packstation.domain.handover.weighing import UnitWeight
from packstation.domain.item_labels import SsccPool
from packstation.domain.packing import Session
from packstation.domain.packing import consignment_facts as c
from packstation.domain.packing import facts as f
from packstation.domain.packing.session import Parcel
from packstation.domain.services import Quoted
from packstation.station.consignment_prints import ConsignmentPrints
from packstation.station.consignment_rating import is_consignment
from packstation.station.core import BENCH_STREAM, Core
from packstation.station.goods_labels import LEASE
from packstation.station.handover_parcels import HORIZON
from packstation.station.verdicts import OK
from packstation.station.views import AlertView, VerdictView, Words

PAGE: Final = "consignment"
CHOOSE, STACK, WEIGH, CHECK, DONE = "choose", "stack", "weigh", "check", "done"
# With fewer numbers than this left, more are asked for.
_LOW: Final = 20


class Now(Struct, frozen=True):
    """Where the page stands; ``finishing``: the open pallet is closed on the way to the end."""

    step: str = CHOOSE
    consignment: str = ""
    weight: UnitWeight | None = None
    source: str = ""
    problem: str = ""
    last: str = ""
    finishing: bool = False
    quote: Quoted | None = None


class ConsignmentHand:
    """The consignments of this bench and the one in hand."""

    def __init__(self, core: Core, prints: ConsignmentPrints, numbers: SsccPool) -> None:
        """``numbers`` are the bench's SSCCs."""
        self.core, self.prints, self._numbers = core, prints, numbers
        self.all: cs.Consignments = {}
        self.now = Now()
        self._read = False

    # --- facts ------------------------------------------------------------------------------

    def told(self, facts: tuple[f.Fact, ...]) -> None:
        """What was just committed: a closed carton gets its mark, a finished order its page."""
        if self._read:
            self.all = cs.fold(facts, self.all)
        for fact in facts:
            match fact:
                case f.SessionOpened() if self._is_open():
                    self._want_numbers()
                case f.LabelApplied() if self._is_open():
                    self._mark_closed()
                case f.SessionCompleted() if self._is_open():
                    self.show(self.core.session.order_id)

    def _is_open(self) -> bool:
        """Whether the order on the bench is a consignment."""
        session = self.core.session
        return bool(session.order_id) and is_consignment(self.core, session)

    def look(self) -> None:
        """Once, when there is something to know: most benches pack no consignments."""
        if not self._read:
            self._read = True
            kinds = [kind.__name__ for kind in cs.FACTS]
            self.all = cs.fold(self.core.facts_of(kinds, HORIZON))

    @property
    def open(self) -> bool:
        """Whether the page is in sight."""
        return self.core.desk.page == PAGE and not self.core.desk.nobody

    @property
    def current(self) -> cs.Consignment:
        """The one in hand; an empty one before any."""
        return self.of(self.now.consignment)

    def of(self, order_id: str) -> cs.Consignment:
        """That of an order."""
        return self.all.get(order_id, cs.Consignment(id=order_id))

    def unfinished(self) -> tuple[cs.Consignment, ...]:
        """Those that somebody still works on, the latest first."""
        live = [one for one in self.all.values() if one.finished is None and one.cartons]
        return tuple(reversed(live))

    @property
    def packing(self) -> bool:
        """Whether goods of the one in hand are still being packed here."""
        session = self.core.session
        return session.live and session.order_id == self.now.consignment

    # --- marks ------------------------------------------------------------------------------

    def _mark_closed(self) -> None:
        """Every closed parcel of the open order that has no mark gets one, and it prints."""
        self.look()
        session = self.core.session
        one = self.of(session.order_id)
        fresh = [row for row in session.parcels if row.applied and row.id not in one.cartons]
        for parcel in fresh:
            self._mark(session, parcel)
        one = self.of(session.order_id)
        self.prints.marks(one, [one.cartons[row.id] for row in fresh])

    def _mark(self, session: Session, parcel: Parcel) -> None:
        one = self.of(session.order_id)
        fact = c.CartonMarked(
            consignment=session.order_id,
            parcel=parcel.id,
            number=one.next_number,
            code=self.code(cs.CARTON, parcel.id),
            of=one.planned,
            waybill=parcel.label.waybill if parcel.label else "",
            gross_g=parcel.gross_g or 0,
            size_mm=parcel.size_mm,
        )
        self.about(parcel.id, fact)

    def code(self, kind: str, name: str) -> str:
        """The next SSCC, else a code of the shop's own."""
        return self.sscc() or cs.own_code(kind, name)

    def sscc(self) -> str:
        """The next SSCC; "" where the shop has no GS1 prefix, or the bench no number."""
        core = self.core
        prefix = str(core.cache.site().get("sscc_prefix") or "")
        burned = self._numbers.take(prefix, 1, core.today()) if prefix else ()
        if not burned:
            return ""
        core.record(*burned)
        self._want_numbers()
        return burned[0].sscc

    def _want_numbers(self) -> None:
        core, numbers = self.core, self._numbers
        if core.cache.site().get("sscc_prefix") and numbers.left(core.today()) < _LOW:
            core.sync.want_numbers(*goods.POOL, LEASE, numbers.newest())

    # --- done by every part -----------------------------------------------------------------

    def show(self, order_id: str) -> None:
        """The page, at one consignment."""
        self.look()
        desk = self.core.desk
        desk.page, desk.entry = PAGE, None
        done = self.of(order_id).finished is not None
        self.go(Now(DONE if done else STACK, order_id))

    def go(self, now: Now) -> None:
        """The page stands there from now on."""
        self.now = now

    def stack_on(self) -> None:
        """More cartons."""
        self.go(Now(STACK, self.now.consignment, last=self.now.last))

    def problem(self, key: str) -> None:
        """Nothing is done; why."""
        self.go(replace(self.now, problem=key))
        self.core.desk.earcon = "wrong_item"

    def about(self, parcel: str, *facts: f.Fact) -> None:
        """Facts stand in the order's history too."""
        order_id = next((str(getattr(fact, "consignment", "")) for fact in facts), "")
        self.core.attach_all(BENCH_STREAM, [(parcel, order_id, fact) for fact in facts])

    def refuse(self, why: str, code: str) -> None:
        """Loud, and recorded."""
        core = self.core
        self.about(
            "",
            c.StackRefused(
                consignment=self.now.consignment,
                reason=why,
                code=code if why != "what" else "",
                scanner=core.desk.scanner,
            ),
        )
        args = (("code", code),)
        core.desk.alert = AlertView(
            kind="refusal",
            headline=Words(f"consignment.no.{why}", args),
            todo=Words(f"consignment.no.{why}.todo", args),
            text_read=code,
            answers=(OK,),
            sound="wrong_item",
            serial=core.desk.serial + 1,
        )
        core.desk.earcon = "wrong_item"

    def say(self, earcon: str, key: str, **args: str | int) -> None:
        """A green line."""
        self.core.desk.earcon = earcon
        self.core.desk.verdict = VerdictView("ok", Words(key, tuple(args.items())))
