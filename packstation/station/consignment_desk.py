"""A consignment at the bench: cartons to pallets by scan, pallets weighed, the list at the end.

The page comes by itself with the last carton of an order, and before with the scan of a carton's
mark. Goods that are scanned while the order is still being packed go into the box as always.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.barcodes import Sscc, parse_code
from packstation.domain.consignment import consignments as cs
from packstation.domain.consignment.totals import totals
from packstation.domain.packing import consignment_facts as c
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted
from packstation.station.consignment_hand import (
    CHECK,
    CHOOSE,
    DONE,
    PAGE,
    STACK,
    WEIGH,
    ConsignmentHand,
    Now,
)
from packstation.station.consignment_pallets import KILOGRAMS, Pallets
from packstation.station.planning import with_sender
from packstation.station.ports import ChoiceMade, CodeScanned, Happening, Rater
from packstation.station.routing import Route
from packstation.station.views import EntryView, Words

COUNT: Final = "carton-count"
# What a route calls an SSCC.
_SSCC: Final = Sscc.kind
_MOST: Final = 9999


class ConsignmentPriced(Happening, frozen=True):
    """The price of a whole consignment came back; None where there is none."""

    consignment: str
    quote: Quoted | None


class _Code(Struct, frozen=True):
    """A scanned code that is of a carton or pallet: whose, and which."""

    one: cs.Consignment
    carton: cs.Carton | None = None
    pallet: str = ""


class ConsignmentDesk:
    """The page's steps; pallets are a part of their own."""

    def __init__(self, hand: ConsignmentHand, rater: Rater) -> None:
        self._hand, self._rater = hand, rater
        self._pallets = pallets = Pallets(hand, self._check)
        self.weighed = pallets.weighed
        back = hand.stack_on
        self._steps: Mapping[str, Mapping[str, Callable[[], None]]] = {
            CHOOSE: {"back": self._leave},
            STACK: {
                "accept": self._finish,
                "bag": pallets.begin,
                "close-bag": pallets.close,
                "undo": self._take_off,
                "manual": self._ask_count,
                "reprint": self._print_marks,
                "back": self._leave,
            },
            WEIGH: {"accept": pallets.tie, "manual": pallets.ask_weight, "back": back},
            CHECK: {"accept": self._finished, "back": back},
            DONE: {
                "accept": self._leave,
                "undo": self._open_again,
                "reprint": self._print_all,
                "back": self._leave,
            },
        }

    # --- the page ---------------------------------------------------------------------------

    def show(self, order_id: str) -> None:
        """Open the page; without an order's number the one that is packed, or a choice."""
        hand = self._hand
        desk = hand.core.desk
        if desk.page == PAGE and not order_id:
            desk.page, desk.entry = "", None
            return
        hand.look()
        session = hand.core.session
        named = order_id or (session.order_id if session.order_id in hand.all else "")
        if named in hand.all:
            hand.show(named)
        else:
            desk.page, desk.entry, desk.alert = PAGE, None, None
            hand.go(Now())

    def command(self, name: str) -> bool:
        """Whether a command was for this page and its step."""
        hand = self._hand
        if not hand.open:
            return False
        if hand.core.desk.entry is not None:
            # The field is left, not the page; nothing behind it hears what is meant for it.
            if name == "back":
                hand.core.desk.entry = None
            return name in self._steps[hand.now.step]
        does = self._steps[hand.now.step].get(name)
        if does is not None:
            hand.go(replace(hand.now, problem=""))
            does()
        return does is not None

    def choice(self, choice: ChoiceMade) -> bool:
        """A consignment was picked."""
        hand = self._hand
        if not hand.open or hand.core.desk.entry is not None:
            return False
        if hand.now.step == CHOOSE and choice.value in hand.all:
            hand.show(choice.value)
        return True

    def entered(self, kind: str, value: str) -> bool:
        """How many cartons it will be, or what a pallet weighs."""
        if not self._hand.open or kind not in {COUNT, KILOGRAMS}:
            return False
        self._hand.core.desk.entry = None
        if kind == KILOGRAMS:
            self._pallets.typed(value)
        else:
            self._counted(value)
        return True

    def _leave(self) -> None:
        self._hand.core.desk.page = ""
        self._hand.go(Now())

    # --- scans ------------------------------------------------------------------------------

    def scanned(self, scan: CodeScanned, way: Route) -> bool:
        """A mark of a carton or pallet, wherever it is scanned; on the page every other code."""
        hand = self._hand
        text = scan.text.strip()
        if not hand.open and way.kind != _SSCC and not cs.is_own_code(text):
            return False  # nearly every scan
        code = self._code(scan)
        if not hand.open:
            return self._from_elsewhere(code)
        if code is None:
            if hand.packing:
                # Goods for the box on the bench, or its label: the page gives way to them.
                self._leave()
                return False
            hand.refuse("what", text[:64])
            return True
        if hand.now.step == CHOOSE:
            hand.show(code.one.id)
        self._take(code, text)
        return True

    def _from_elsewhere(self, code: _Code | None) -> bool:
        """Marks are known from everywhere; a waybill means what it means there."""
        hand = self._hand
        if code is None or code.one.finished is not None:
            return False
        hand.show(code.one.id)
        self._take(code, "")
        return True

    def _code(self, scan: CodeScanned) -> _Code | None:
        """Whose mark it is."""
        parsed = parse_code(scan.text, scan.aim)
        code = parsed.sscc if isinstance(parsed, Sscc) else scan.text.strip()
        self._hand.look()
        for one in self._hand.all.values():
            carton = one.found(code)
            if carton is not None:
                return _Code(one, carton)
            pallet = next((row.id for row in one.pallets.values() if row.code == code), "")
            if pallet:
                return _Code(one, pallet=pallet)
        return None

    def _take(self, code: _Code, text: str) -> None:
        hand = self._hand
        one, name = hand.current, code.carton.code if code.carton else text
        if code.one.id != one.id:
            hand.refuse("other_consignment", name)
        elif one.finished is not None:
            hand.refuse("finished", name)
        else:
            if hand.now.step in {WEIGH, CHECK}:
                hand.stack_on()
            if code.carton is None:
                self._pallets.scanned(code.pallet)
            else:
                self._stack(code.carton)

    def _stack(self, carton: cs.Carton) -> None:
        hand = self._hand
        one = hand.current
        stands = one.pallets.get(carton.pallet)
        if stands is not None and stands.closed:
            hand.refuse("on_closed", carton.code)
            return
        if stands is not None and stands.id == one.pallet:
            hand.refuse("twice", carton.code)
            return
        if not one.pallet:
            self._pallets.begin()
        one = hand.current
        hand.about(
            carton.parcel,
            c.CartonStacked(
                consignment=one.id,
                pallet=one.pallet,
                parcel=carton.parcel,
                scanner=hand.core.desk.scanner,
            ),
        )
        hand.go(replace(hand.now, last=carton.code))
        here = hand.current
        earcon = "ok" if here.on("") else "line_complete"
        hand.say(
            earcon,
            "consignment.stacked",
            number=here.number_of(carton.parcel),
            n=len(here.on(here.pallet)),
        )

    def _take_off(self) -> None:
        """The carton that was scanned last, else the last on the open pallet."""
        hand = self._hand
        one = hand.current
        here = one.on(one.pallet) if one.pallet else ()
        if not here:
            hand.problem("consignment.pallet.none")
            return
        last = next((row for row in here if row.code == hand.now.last), here[-1])
        hand.about(
            last.parcel,
            c.CartonUnstacked(consignment=one.id, pallet=one.pallet, parcel=last.parcel),
        )
        hand.go(replace(hand.now, last=""))
        hand.say("weight_taken", "consignment.unstacked", number=one.number_of(last.parcel))

    # --- how many ---------------------------------------------------------------------------

    def _ask_count(self) -> None:
        self._hand.core.desk.entry = EntryView(COUNT, Words("consignment.ask.count"))

    def _counted(self, value: str) -> None:
        """Marks printed from now on say of how many."""
        hand = self._hand
        count = int(value) if value.isascii() and value.isdigit() and len(value) <= 4 else 0
        if not len(hand.current.cartons) <= count <= _MOST or not count:
            hand.problem("consignment.bad.count")
            return
        hand.about("", c.CartonsPlanned(consignment=hand.current.id, count=count))
        hand.say("ok", "consignment.planned", n=count)

    def _print_marks(self) -> None:
        """All of them again, as they are known now."""
        one = self._hand.current
        self._hand.prints.marks(one, tuple(one.cartons.values()))
        self._hand.say("ok", "consignment.marks", n=len(one.cartons))

    # --- the end ----------------------------------------------------------------------------

    def _finish(self) -> None:
        """The open pallet is closed first."""
        hand = self._hand
        one = hand.current
        if hand.packing:
            hand.problem("consignment.packing")
        elif not one.cartons:
            hand.problem("consignment.empty")
        elif one.pallet and one.on(one.pallet):
            hand.go(replace(hand.now, finishing=True))
            self._pallets.close()
        else:
            self._check()

    def _check(self) -> None:
        """What stands on no pallet is named; meanwhile the whole is priced."""
        hand = self._hand
        hand.go(Now(CHECK, hand.current.id))
        core, one, rater = hand.core, hand.current, self._rater
        row = core.cache.order(one.id)
        parcels = [(carton.gross_g, carton.size_mm) for carton in one.cartons.values()]
        if row is None:
            return
        order = with_sender(row.order, core.cache.site())
        products = core.products_of(order)
        service = self._service()
        (grams, sides), others = parcels[-1], tuple(parcels[:-1])

        def work() -> Happening:
            quotes, _ = rater.quote(order, products, grams, sides, others)
            named = (quote for quote in quotes if (quote.carrier, quote.service) == service)
            return ConsignmentPriced(one.id, next(named, None))

        core.run(work, ConsignmentPriced(one.id, None))

    def priced(self, done: ConsignmentPriced) -> None:
        """What the whole costs; one that nobody waits for any more is let pass."""
        now = self._hand.now
        if (now.step, now.consignment) == (CHECK, done.consignment):
            self._hand.go(replace(now, quote=done.quote))

    def _service(self) -> tuple[str, str]:
        session = self._hand.prints.session(self._hand.current.id)
        taken = [one.service for one in session.parcels if one.service is not None]
        return (taken[0].carrier, taken[0].service) if taken else ("", "")

    def _finished(self) -> None:
        """Marks that do not say n / N yet, labels of pallets, and the packing list come out."""
        hand, quote = self._hand, self._hand.now.quote
        found, (carrier, service) = totals(hand.current), self._service()
        hand.about(
            "",
            c.ConsignmentClosed(
                consignment=hand.current.id,
                cartons=found.cartons,
                pallets=found.pallets,
                gross_g=found.gross_g,
                cartons_g=found.cartons_g,
                volume_cm3=found.volume_cm3,
                carrier=carrier,
                service=service,
                price=Money(quote.amount, quote.currency) if quote else None,
                billable_g=quote.billable_g if quote else 0,
                tariff=quote.tariff if quote else "",
            ),
        )
        self._mark_anew()
        hand.prints.packing_list(hand.current)
        hand.say("parcel_complete", "consignment.finished", n=found.cartons)
        hand.go(Now(DONE, hand.current.id, quote=quote))

    def _mark_anew(self) -> None:
        hand = self._hand
        stale = [row.parcel for row in hand.current.stale()]
        for parcel in stale:
            one = hand.current
            row = one.cartons[parcel]
            hand.about(
                parcel,
                c.CartonMarked(
                    consignment=one.id,
                    parcel=parcel,
                    number=one.number_of(parcel),
                    code=row.code,
                    of=len(one.cartons),
                    waybill=row.waybill,
                    gross_g=row.gross_g,
                    size_mm=row.size_mm,
                ),
            )
        hand.prints.marks(hand.current, [hand.current.cartons[name] for name in stale])

    def _print_all(self) -> None:
        """List, marks and labels of pallets once more."""
        hand, one = self._hand, self._hand.current
        hand.prints.packing_list(one)
        hand.prints.marks(one, tuple(one.cartons.values()))
        for name in one.pallets:
            if one.on(name):
                hand.prints.pallet(one, name)
        hand.say("ok", "consignment.marks", n=len(one.cartons))

    def _open_again(self) -> None:
        hand = self._hand
        hand.about("", c.ConsignmentOpenedAgain(consignment=hand.current.id))
        hand.stack_on()
