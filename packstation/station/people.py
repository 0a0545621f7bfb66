"""Who is at the bench, and who may release what: badge, PIN, reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing import item_inputs as ii
from packstation.domain.packing.facts import PersonSignedIn, PersonSignedOut
from packstation.domain.packing.guard_inputs import GuardAsked
from packstation.domain.packing.material_rows import CHOSEN, RULES
from packstation.station.badges import person_of
from packstation.station.core import Core
from packstation.station.desk import Approval
from packstation.station.handover_parcels import tendered
from packstation.station.pictures import product_view
from packstation.station.plans import plan_of
from packstation.station.ports import Happening, PersonRow, PinCheck
from packstation.station.scan_rules import rules_of
from packstation.station.staff_list import StaffDoor
from packstation.station.views import EntryView, Words

MAY_RELEASE: Final = frozenset({"lead", "supervisor"})
TRIES: Final = 5
LOCK_S: Final = 300
# A release asked for but not finished is forgotten after this (BENCH_UX: one action, 60 s).
RELEASE_S: Final = 60
# More than any bench scale carries: a slip of the finger, not a parcel.
HEAVIEST_G: Final = 200_000
SWAP_REASONS: Final = ("no_stock", "same_goods", "customer_agreed", "other")
REASONS: Final = ("checked", "weight_ok", "packaging", "customer_agreed", "other")


class PinChecked(Happening, frozen=True):
    """The slow hash was compared off the main thread."""

    badge: str
    purpose: str
    right: bool


class People:
    """Sign-in by badge or PIN, change of person, idle lock, supervisor's release."""

    def __init__(self, core: Core, check: PinCheck) -> None:
        self._core = core
        self._check = check
        self._door = StaffDoor(core)
        self.unlocked: Callable[[PersonRow], None] = lambda _: None
        # Switches filming; by whose badge.
        self.switched: Callable[[str], None] = lambda _: None

    def person(self, badge: str) -> PersonRow | None:
        """Someone of the list that was pulled last."""
        return next((p for p in self._core.cache.people() if p.badge == badge), None)

    def badge(self, badge: str) -> None:
        """A badge was scanned: release, unlock, sign in or change of person."""
        self._known(self.person(badge))

    def card(self, text: str) -> None:
        """A badge reader's text: a badge or the number of a card, and nothing else."""
        self._known(person_of(text, self._core.cache.people()))

    def _known(self, person: PersonRow | None) -> None:
        if person is None:
            self._core.refuse("badge.unknown", code_kind="badge")
        elif self._wants_release(person):
            self.ask_release(person)
        elif self._door.shut:
            self._at_the_door(person)
        else:
            self.sign_in(person)

    def call(self, badge: str) -> None:
        """A supervisor's number was typed: it asks for the PIN and signs nobody in."""
        person = self.person(badge)
        if person is None:
            self._core.refuse("badge.unknown", code_kind="badge")
        elif person.role not in MAY_RELEASE:
            self._core.refuse("badge.no_release", code_kind="badge")
        else:
            self.ask_release(person)

    def _at_the_door(self, person: PersonRow) -> None:
        """The list is too old to let anybody in; a supervisor's PIN opens one shift."""
        if person.role in MAY_RELEASE:
            self.ask_release(person)
        else:
            self._core.refuse("staff.list_old", code_kind="badge")

    def _wants_release(self, person: PersonRow) -> bool:
        desk = self._core.desk
        busy = desk.person is not None and not desk.locked
        wanted = self._action() != "reopen" or desk.approval is not None
        return busy and wanted and person.role in MAY_RELEASE

    def _action(self) -> str:
        """What a supervisor is needed for just now."""
        if self._core.desk.nobody and self._door.shut:
            return "shift"
        if self._film_wished:
            return "video"
        if self._core.desk.pages.wish[0]:
            return "devices"
        state, wish = self._core.session.state, self._core.desk.wish
        if state is State.SCANNING and wish:
            return wish[0]
        if state is State.WEIGHING and self._core.desk.scale_lost:
            return "weigh"
        if state is State.SCANNING and self._core.session.guard:
            return "guard"
        return "release" if state is State.HELD else "reopen"

    def wish_film(self) -> None:
        """Someone wants filming switched: for a minute that is what a supervisor is asked for."""
        self._core.desk.film_wish_ns = self._core.clock.mono_ns()

    @property
    def _film_wished(self) -> bool:
        since = self._core.desk.film_wish_ns
        return bool(since) and self._core.clock.mono_ns() - since <= RELEASE_S * 1_000_000_000

    def sign_in(self, person: PersonRow, method: str = "badge") -> None:
        """Take the bench over; the parcel stays where it is."""
        desk = self._core.desk
        if desk.person is not None and desk.person.badge == person.badge and not desk.locked:
            return
        desk.person, desk.locked, desk.entry, desk.page = person, False, None, ""
        desk.muted = False
        desk.alert, desk.approval = None, None
        if desk.verdict is not None and desk.verdict.product is not None:
            # What was said of the last scan is read in another language now.
            view = product_view(self._core, desk.verdict.product.sku)
            desk.verdict = replace(desk.verdict, product=view)
        # What the one before had begun to say is not this one's word.
        desk.quantity, desk.sides_mm, desk.listing = 1, (), ""
        self._core.record(PersonSignedIn(badge=person.badge, method=method))

    def sign_out(self, cause: str) -> None:
        """Leave the bench; nothing of the journal is touched."""
        desk = self._core.desk
        if desk.person is not None:
            self._core.record(PersonSignedOut(badge=desk.person.badge, cause=cause))
        desk.person = None

    def ask_release(self, person: PersonRow) -> None:
        """Badge known; the PIN proves it."""
        desk = self._core.desk
        now = self._core.clock.mono_ns()
        desk.approval = Approval(person.badge, self._action(), now, self._about())
        desk.entry = EntryView(kind="pin", words=Words("entry.pin"), secret=True)

    def _about(self) -> tuple[str, str]:
        """What a release is for: another stop, or another order, needs another one."""
        if self._core.desk.pages.wish[0]:
            return self._core.desk.pages.wish
        session, wish = self._core.session, self._core.desk.wish
        if session.state is State.SCANNING and wish:
            return self._core.session_id, "/".join(wish)
        return self._core.session_id, session.hold_reason

    def pin(self, value: str, badge: str = "") -> None:
        """A PIN was typed for a release, or with a personal number to sign in."""
        desk = self._core.desk
        purpose = "release" if desk.approval and not badge else "sign_in"
        person = self.person(badge or (desk.approval.badge if desk.approval else ""))
        now = self._core.clock.mono_ns()
        if now < desk.pin_locked_ns:
            self._problem("pin.locked")
            return
        known = person.pin_hashes(self._core.clock.now()) if person else ()
        if person is None or not known:
            self._problem("pin.wrong")
        else:
            check, found = self._check, person
            self._core.background.run(
                lambda: PinChecked(found.badge, purpose, any(check(one, value) for one in known))
            )

    def pin_checked(self, done: PinChecked) -> None:
        """Go on when it was right, count when it was not."""
        desk, now = self._core.desk, self._core.clock.mono_ns()
        if now < desk.pin_locked_ns:
            self._problem("pin.locked")
            return
        if not done.right:
            self._count_wrong(done.badge, now)
            return
        desk.pin_fails.pop(done.badge, None)
        person = self.person(done.badge)
        if person is not None and done.purpose == "sign_in":
            self._let_in(person)
        elif person is not None and person.role in MAY_RELEASE:
            self._proven(person)

    def _let_in(self, person: PersonRow) -> None:
        """By number and PIN; a supervisor opens the shift by it where the list is too old."""
        if self._door.shut and person.role not in MAY_RELEASE:
            self._core.desk.entry = None
            self._core.refuse("staff.list_old", code_kind="badge")
            return
        if self._door.shut:
            self._door.open_shift(person.badge)
        self.sign_in(person, "pin")

    def _count_wrong(self, badge: str, now: int) -> None:
        desk = self._core.desk
        desk.pin_fails[badge] = desk.pin_fails.get(badge, 0) + 1
        if sum(desk.pin_fails.values()) >= TRIES:
            desk.pin_fails.clear()
            desk.pin_locked_ns = now + LOCK_S * 1_000_000_000
        self._problem("pin.wrong")

    def _proven(self, person: PersonRow) -> None:
        """The PIN counts for the release that it was asked for, and for no other."""
        desk = self._core.desk
        if desk.approval is None or desk.approval.badge != person.badge:
            return
        if desk.approval.action == "shift":
            desk.approval, desk.entry = None, None
            self._let_in(person)
            return
        if desk.nobody:
            return
        desk.approval = replace(desk.approval, proven=True)
        if desk.approval.action == "devices":
            if self._spend() is not None:
                self.unlocked(person)
            return
        if desk.approval.action == "video":
            desk.film_wish_ns = 0
            if self._spend() is not None:
                self.switched(person.badge)
            return
        if desk.approval.action == "weigh":
            desk.entry = EntryView(kind="weight", words=Words("entry.weight"))
            return
        choices = self._choices()
        desk.entry = EntryView(kind="reason", words=Words("entry.reason"), choices=choices)

    def _choices(self) -> tuple[tuple[str, Words], ...]:
        """Reasons; of two rules that contradict one another, which is kept."""
        session = self._core.session
        if session.hold_reason == RULES:
            named = session.hold_note.split()[1:]
            return tuple((f"{CHOSEN}{one}", Words("rules.keep", (("name", one),))) for one in named)
        names = SWAP_REASONS if self._action() == "substitute" else REASONS
        return tuple((name, Words(f"reason.{name}")) for name in names)

    def weight(self, value: str) -> None:
        """Grams read off another scale, under a supervisor's eyes."""
        approval = self._spend()
        if approval is not None and approval.action == "weigh" and value.isdecimal():
            grams = min(int(value), HEAVIEST_G)
            found = self._core.weights.band(self._core.session)
            band = found[0] if found else None
            typed = i.WeightRead(grams=grams, source="typed", by=approval.badge, band=band)
            self._core.submit(typed)

    def _spend(self) -> Approval | None:
        """The approval, once: proven, not too old, and about what stands on the bench now."""
        core, desk = self._core, self._core.desk
        approval, desk.approval, desk.entry = desk.approval, None, None
        if approval is None or not approval.proven or self._too_old(approval):
            core.refuse("release.too_late")
        elif approval.about != self._about():
            core.refuse("release.other_stop")
        else:
            return approval
        return None

    def reason(self, reason: str) -> None:
        """The last word of a release."""
        core, approval = self._core, self._spend()
        known = [name for name, _ in self._choices()]
        reason = reason if reason in known else "other"
        if approval is None:
            return
        if approval.action == "manual":
            units = max(1, rules_of(core).manual_units)
            core.submit(ii.ByHandAsked(units=units, by=approval.badge, reason=reason))
        elif approval.action == "substitute":
            self._substitute(approval, reason)
        elif approval.action == "release":
            core.submit(i.OverrideAsked(by=approval.badge, reason=reason))
        elif approval.action == "guard":
            core.submit(GuardAsked(on=False, by=approval.badge, reason=reason))
        else:
            gone = tendered(core, core.session)
            core.submit(i.ReopenAsked(by=approval.badge, reason=reason, tendered=gone))

    def _substitute(self, approval: Approval, reason: str) -> None:
        """The thing that was just refused may be packed on the line that was asked for."""
        core = self._core
        _, number, sku = approval.about[1].split("/", 2)
        # `_spend` has seen that it is about this session: its lines stay as they were opened.
        line = next(x for x in core.session.lines if x.plan.line == int(number))
        plan = plan_of(line.plan.line, sku, line.plan.quantity, core.cache.product(sku))
        plan = replace(plan, needs=line.plan.needs)
        core.submit(
            ii.SubstituteAsked(line=line.plan.line, plan=plan, by=approval.badge, reason=reason)
        )

    def _too_old(self, approval: Approval) -> bool:
        return self._core.clock.mono_ns() - approval.since_ns > RELEASE_S * 1_000_000_000

    def _problem(self, key: str) -> None:
        desk = self._core.desk
        if desk.entry is not None:
            desk.entry = replace(desk.entry, problem=Words(key), value="")
