"""The hand-over at the bench: scan parcels to a list, tie bags, count, let the driver sign.

One page with steps. Scanning a parcel is enough to begin: the list of its service is opened, or
gone on with. Everything is a fact at once, so a list survives a restart and the next shift.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from packstation.domain.barcodes import Sscc, Waybill, parse_code
from packstation.domain.handover import codes
from packstation.domain.handover import manifests as m
from packstation.domain.handover import parcels as p
from packstation.domain.packing import handover_facts as h
from packstation.station.handover_hand import (
    CHECK,
    CHOOSE,
    DONE,
    LOAD,
    PAGE,
    SIGN,
    WEIGH,
    Hand,
    Now,
)
from packstation.station.handover_signing import DRIVER, Signing
from packstation.station.handover_units import KIND, LoadUnits
from packstation.station.ports import ChoiceMade, CodeScanned
from packstation.station.routing import Route
from packstation.station.views import VerdictView, Words


class HandoverDesk:
    """The page's steps; bags and the signature are parts of their own."""

    def __init__(self, hand: Hand, keep: Callable[[bytes, int], None]) -> None:
        """``keep`` stores a signature's file for so many days."""
        self._hand = hand
        self._units = LoadUnits(hand, self._count)
        self._signing = Signing(hand, keep)
        self.weighed = self._units.weighed
        self.drawn = self._signing.drawn
        self._steps = self._made_steps()

    # --- the page ---------------------------------------------------------------------------

    def show(self, code: str) -> None:
        """Open the page, at list ``code`` where it names one; without one again: leave it."""
        desk = self._hand.core.desk
        if desk.page == PAGE and not code:
            desk.page, desk.entry = "", None
            return
        self._hand.look()
        desk.page, desk.entry, desk.alert = PAGE, None, None
        self._hand.go(Now())
        if code:
            self._list_of(code)

    def _made_steps(self) -> Mapping[str, Mapping[str, Callable[[], None]]]:
        """What keys do in each step."""
        units, signing, back = self._units, self._signing, self._hand.back_to_load
        return {
            CHOOSE: {},
            LOAD: {
                "accept": self._count,
                "bag": units.ask_kind,
                "close-bag": units.close,
                "undo": self._take_off_last,
                "back": self._leave,
            },
            WEIGH: {"accept": units.tie, "back": back},
            CHECK: {"accept": self._counted, "back": back},
            SIGN: {
                "accept": signing.ask,
                "on-paper": signing.on_paper,
                "reprint": signing.print,
                "undo": signing.load_more,
                "back": self._leave,
            },
            DONE: {"accept": self._leave, "reprint": signing.print, "back": self._leave},
        }

    def command(self, name: str) -> bool:
        """Whether a command was for this page and its step."""
        if not self._hand.open:
            return False
        if self._hand.core.desk.entry is not None:
            # The field is left, not the page; nothing behind it hears what is meant for it.
            if name == "back":
                self._hand.core.desk.entry = None
            return name in self._steps[self._hand.now.step]
        does = self._steps[self._hand.now.step].get(name)
        if does is not None:
            self._hand.now = replace(self._hand.now, problem="")
            does()
        return does is not None

    def choice(self, choice: ChoiceMade) -> bool:
        """A list or a service was picked."""
        if not self._hand.open or self._hand.core.desk.entry is not None:
            return False
        if self._hand.now.step == CHOOSE:
            kind, _, name = choice.value.partition(":")
            if kind == "list" and name in self._hand.lists:
                self._take_up(self._hand.lists[name])
            elif kind == "new":
                carrier, _, service = name.partition("/")
                self._begin(carrier, service)
        return True

    def entered(self, kind: str, value: str) -> bool:
        """The kind of a new bag was picked, or the driver's name typed."""
        if not self._hand.open or kind not in {DRIVER, KIND}:
            return False
        if kind == KIND and value in m.KINDS:
            self._units.begin(value)
        elif kind == DRIVER and value.strip():
            self._signing.named(value)
        return True

    # --- lists ------------------------------------------------------------------------------

    def _begin(self, carrier: str, service: str) -> None:
        """A new list, unless one of this service is open."""
        core = self._hand.core
        for one in self._hand.live():
            if (one.carrier, one.service) == (carrier, service) and one.state == m.OPEN:
                self._take_up(one)
                return
        name = core.ids.new()
        core.record(
            h.ManifestOpened(
                manifest=name,
                code=codes.code_of(codes.MANIFEST, core.today(), name),
                carrier=carrier,
                service=service,
                cutoff=self._hand.cutoff(carrier, service),
            )
        )
        self._hand.go(Now(LOAD, name))

    def _take_up(self, one: m.Manifest) -> None:
        steps = {m.OPEN: LOAD, m.CLOSED: SIGN}
        self._hand.go(Now(steps.get(one.state, DONE), one.id))
        if self._hand.now.step == SIGN:
            self._signing.ask()

    def _list_of(self, code: str) -> bool:
        """A list by its bar code."""
        found = next((one for one in self._hand.lists.values() if one.code == code), None)
        if found is None:
            return False
        self._take_up(found)
        return True

    def _leave(self) -> None:
        """Back to the choice of lists; one that nothing was put on is given up."""
        one = self._hand.current
        if one.state == m.OPEN and not one.loaded and one.id:
            self._hand.core.record(h.ManifestDropped(manifest=one.id))
        self._hand.go(Now())

    # --- scans ------------------------------------------------------------------------------

    def scanned(self, scan: CodeScanned, way: Route) -> bool:
        """Every code while the page is open: a parcel, a bag, a list, or a thing that is none."""
        if not self._hand.open:
            return False
        text = scan.text.strip()
        if codes.is_code(text):
            self._own_code(text)
        elif text not in self._hand.parcels.known and self._bag(scan):
            self._own_code(self._bag(scan))
        elif text in self._hand.parcels.known or self._is_waybill(scan):
            self._parcel(text)
        else:
            self._hand.refuse("what", "", way.kind)
        return True

    def _bag(self, scan: CodeScanned) -> str:
        """The SSCC of a bag of the list in hand, "" where it is none."""
        found = parse_code(scan.text, scan.aim)
        units = self._hand.current.units.values()
        own = isinstance(found, Sscc) and any(unit.code == found.sscc for unit in units)
        return found.sscc if own and isinstance(found, Sscc) else ""

    @staticmethod
    def _is_waybill(scan: CodeScanned) -> bool:
        return isinstance(parse_code(scan.text, scan.aim), Waybill)

    def _own_code(self, code: str) -> None:
        if self._list_of(code):
            return
        one = self._hand.current
        unit = next((u for u in one.units.values() if u.code == code), None)
        if code.startswith(codes.MANIFEST):
            self._hand.refuse("list", code)
        elif unit is None or one.state != m.OPEN:
            self._hand.refuse("unit", code)
        elif unit.closed or unit.id != one.unit:
            self._units.take_up(unit)
            self._hand.back_to_load()
        else:
            self._units.close()

    def _parcel(self, waybill: str) -> None:
        due = self._hand.parcels.known.get(waybill)
        if self._hand.now.step in {CHOOSE, DONE}:
            if due is None:
                self._hand.refuse("unknown", waybill)
                return
            self._begin(due.carrier, due.service)
        if self._hand.current.state != m.OPEN:
            self._hand.refuse("counted", waybill)
            return
        if self._hand.now.step in {WEIGH, CHECK}:
            self._hand.back_to_load()
        self._load(waybill, due)

    def _load(self, waybill: str, due: p.Due | None) -> None:
        one = self._hand.current
        if waybill in {row.waybill for row, _ in self._hand.extras()}:
            self._unload(waybill, "extra")
            return
        why = self._why_not(waybill, due)
        if why:
            self._hand.core.record(
                h.LoadRefused(
                    manifest=one.id, reason=why, code=waybill, scanner=self._hand.core.desk.scanner
                )
            )
            self._hand.refuse(why, waybill)
            return
        known = due or p.Due(waybill=waybill)
        self._hand.about(
            known,
            h.ParcelLoaded(
                manifest=one.id,
                waybill=waybill,
                unit=one.unit,
                parcel=known.parcel,
                order_id=known.order_id,
                gross_g=known.gross_g,
                mode=known.mode,
                checked=due is not None,
                scanner=self._hand.core.desk.scanner,
            ),
        )
        self._hand.go(replace(self._hand.now, last=waybill))
        all_in = not self._hand.missing()
        self._hand.core.desk.earcon = "line_complete" if all_in else "ok"
        words = Words("handover.loaded", (("code", waybill), ("n", len(self._hand.current.loaded))))
        self._hand.core.desk.verdict = VerdictView("ok", words)

    def _why_not(self, waybill: str, due: p.Due | None) -> str:
        one = self._hand.current
        if waybill in one.loaded:
            return "twice"
        if any(waybill in other.loaded for other in self._hand.live()):
            return "elsewhere"
        if due is None:
            # Away from the server nobody here knows other benches' parcels: judged later.
            return "unknown" if self._hand.core.desk.online else ""
        return p.refusal(one, due)

    def _take_off_last(self) -> None:
        last = self._hand.current.last
        if last is None:
            self._hand.go(replace(self._hand.now, problem="handover.empty"))
        else:
            self._unload(last.waybill, "undo")

    def _unload(self, waybill: str, reason: str) -> None:
        one = self._hand.current
        due = self._hand.parcels.known.get(waybill, p.Due(waybill=waybill))
        self._hand.about(due, h.ParcelUnloaded(manifest=one.id, waybill=waybill, reason=reason))
        self._hand.say("weight_taken", "handover.unloaded", code=waybill)
        self._hand.go(replace(self._hand.now, last=""))

    # --- counted ----------------------------------------------------------------------------

    def _count(self) -> None:
        """Nothing more comes: what is missing and what is too many is named."""
        one = self._hand.current
        if not one.loaded:
            self._hand.go(replace(self._hand.now, problem="handover.empty"))
        elif (untied := self._units.untied()) is not None:
            if untied.id != one.unit:
                self._units.take_up(untied)
            self._hand.go(replace(self._hand.now, counting=True))
            self._units.close()
        else:
            self._hand.go(Now(CHECK, one.id))

    def _counted(self) -> None:
        one = self._hand.current
        if self._hand.extras():
            self._hand.go(replace(self._hand.now, problem="handover.extras"))
            self._hand.core.desk.earcon = "wrong_item"
            return
        self._hand.core.record(
            h.ManifestClosed(
                manifest=one.id,
                count=len(one.loaded),
                gross_g=one.gross_g,
                missing=tuple(due.waybill for due in self._hand.missing()),
            )
        )
        self._hand.go(Now(SIGN, one.id))
        self._signing.ask()
