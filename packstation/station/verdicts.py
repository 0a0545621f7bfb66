"""What the packer sees and hears of a fact: verdict strip, refusal, earcon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from packstation.domain.packing import Session, State
from packstation.domain.packing import facts as f
from packstation.domain.packing import item_facts as fi
from packstation.domain.packing import weight_facts as w
from packstation.domain.packing.customs_facts import PapersChecked
from packstation.domain.packing.device_facts import ScannerTaught
from packstation.domain.packing.evidence_facts import WeightTraced
from packstation.domain.packing.pass_facts import SessionTakenOver
from packstation.domain.packing.session import Line
from packstation.station.certainty import confirms
from packstation.station.core import Core
from packstation.station.next_steps import after_gain, after_refusal, after_rejection
from packstation.station.pictures import product_view
from packstation.station.views import AlertView, CommandView, ProductView, VerdictView, Words

# Reason of an ItemRejected -> (message, earcon).
REJECTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "not_in_order": ("bad.item", "wrong_item"),
    "wrong_variant": ("bad.variant", "wrong_variant"),
    "over_quantity": ("bad.over", "over_scan"),
    "too_many_units": ("bad.units", "over_scan"),
    "wrong_lot": ("bad.lot", "wrong_item"),
    "expired": ("bad.expired", "wrong_item"),
    "short_dated": ("bad.short_dated", "wrong_item"),
    "not_yet": ("bad.not_yet", "wrong_item"),
    "kit_parts": ("bad.kit_parts", "wrong_item"),
    "needs_missing": ("bad.needs_missing", "unknown_code"),
    "code_used": ("bad.code_used", "wrong_item"),
    "serial_used": ("bad.serial_used", "wrong_item"),
    "serial_missing": ("bad.serial_missing", "unknown_code"),
    "lot_missing": ("bad.lot_missing", "unknown_code"),
    "expiry_missing": ("bad.expiry_missing", "unknown_code"),
}
OK = CommandView("accept", "Enter", Words("cmd.ok"))
SUPERVISOR = CommandView("supervisor", "F12", Words("cmd.supervisor"))
EARCONS: Final[Mapping[type[f.Fact], str]] = {f.WeightDisputed: "weight_off"}
STOPS: Final = frozenset({"cancelled", "changed", "server"})
# Reports of devices leave a refusal on the stage as it is.
QUIET: Final = (
    f.PrintAdvanced,
    f.DeviceChanged,
    f.PoolLeased,
    f.NumberUsed,
    ScannerTaught,
    PapersChecked,
)


# Which of two copies is to be torn up stands until a person has read it, whatever is printed.
TEAR_UP: Final = frozenset({"print.first", "print.spare"})
PRINTS: Final = (f.PrintStarted, f.DocumentPrinted)

# Refusals of a thing that belongs here: it is shown beside itself.
THE_SAME: Final = frozenset(
    {"over_quantity", "expired", "short_dated", "wrong_lot", "serial_used", "code_used"}
)


# A change of weight is pictured as the thing that weighs as much.
ALIKE: Final = 0.05
ALIKE_G: Final = 5


class Verdicts:
    """Keeps the desk's alert, verdict and earcon in step with the facts."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._special: Mapping[type[f.Fact], Callable[[Any], None]] = {
            f.ItemRejected: self._rejected,
            f.LabelMismatched: self._mismatch,
            f.InputRefused: self._refused,
            f.ItemVerified: self._verified,
            f.ItemRemoved: self._removed,
            f.SessionOpened: self._opened,
            SessionTakenOver: self._opened,
            f.ParcelWeighed: self._weighed,
            f.ParcelOpened: lambda _: self._anew(),
            f.ParcelReopened: lambda _: self._anew(),
            f.SessionReopened: lambda _: self._anew(),
            f.SessionHeld: self._held,
            fi.SubstituteAllowed: self._allowed,
            fi.ByHandAllowed: self._by_hand,
            fi.DoubleScanAsked: lambda _: self._say("over_scan"),
            fi.RequirementGiven: lambda _: None,
            fi.RequirementAccepted: self._accepted,
            fi.RequirementRefused: self._unit_refused,
            f.LabelApplied: self._applied,
            f.SessionCompleted: self._completed,
            w.ItemGained: self._gained,
            w.GainDisputed: self._not_gained,
            w.GuardBegun: self._guarded,
            w.WeightJudged: lambda _: None,
            w.ParcelLearned: lambda _: None,
            WeightTraced: lambda _: None,
        }

    def told(self, facts: tuple[f.Fact, ...]) -> None:
        """Show what was just committed."""
        for fact in facts:
            self._show(fact)

    def _show(self, fact: f.Fact) -> None:
        special = self._special.get(type(fact))
        if special is not None:
            special(fact)
        elif not isinstance(fact, QUIET) and not self._stands(fact):
            self._say(EARCONS.get(type(fact), ""))

    def _stands(self, fact: f.Fact) -> bool:
        alert = self._core.desk.alert
        return isinstance(fact, PRINTS) and alert is not None and alert.headline.key in TEAR_UP

    def _opened(self, _: f.SessionOpened | SessionTakenOver) -> None:
        desk = self._core.desk
        desk.verdict, desk.quotes, desk.refusals, desk.rating = None, (), (), ""
        desk.choice = None
        desk.forget_order()
        self._say("order_opened")

    def _weighed(self, _: f.ParcelWeighed) -> None:
        self._core.desk.verdict = VerdictView("ok", Words("weigh.taken"))
        self._say("weight_taken")

    def _anew(self) -> None:
        """What was said of a box that is closed, or was, says nothing of the open one."""
        self._core.desk.verdict = None
        self._say("")

    def _held(self, fact: f.SessionHeld) -> None:
        self._say("order_stopped" if fact.reason in STOPS else "")

    def _applied(self, _: f.LabelApplied) -> None:
        desk = self._core.desk
        closed = next(p for p in reversed(self._core.session.parcels) if p.applied)
        desk.units_today += sum(item.units for item in closed.contents)
        self._say("parcel_complete")

    def _allowed(self, fact: fi.SubstituteAllowed) -> None:
        view = product_view(self._core, fact.sku)
        words = Words("item.substitute", (("name", view.name),))
        self._core.desk.verdict = VerdictView("ok", words, product=view)
        self._say("ok")

    def _by_hand(self, fact: fi.ByHandAllowed) -> None:
        words = Words("item.by_hand", (("n", fact.units),))
        self._core.desk.verdict = VerdictView("ok", words)
        self._say("ok")

    def _accepted(self, fact: fi.RequirementAccepted) -> None:
        """Good news of the office's side is shown and makes no sound; a refusal stays."""
        words = Words("need.accepted", (("name", self._name(fact.sku)),))
        self._core.desk.verdict = VerdictView("ok", words, Words(f"need.{fact.kind}"))

    def _unit_refused(self, fact: fi.RequirementRefused) -> None:
        """Which unit, and why: the packer can still take it out."""
        core = self._core
        core.desk.alert = AlertView(
            kind="refusal",
            headline=Words("need.refused", (("name", self._name(fact.sku)),)),
            todo=Words("hold.requirement.todo"),
            in_hand=product_view(core, fact.sku),
            text_read=printed(fact.value),
            steps=(
                Words(
                    "act.open_out" if core.session.state is not State.SCANNING else "act.undo_out"
                ),
                Words("act.another"),
            ),
            facts=((Words("need.why"), fact.reason),),
            answers=(OK,),
            sound="wrong_item",
            serial=core.desk.serial + 1,
        )
        core.desk.earcon = "wrong_item"

    def _completed(self, _: f.SessionCompleted) -> None:
        self._core.desk.orders_today += 1
        self._clear()

    def _say(self, earcon: str) -> None:
        self._core.desk.earcon = earcon or self._core.desk.earcon
        self._clear()

    def _clear(self) -> None:
        self._core.desk.alert = None
        self._core.desk.wish = ()

    def _verified(self, fact: f.ItemVerified) -> None:
        core = self._core
        line = next(x for x in core.session.lines if x.plan.line == fact.line)
        counted = (("d", line.done), ("n", line.plan.quantity))
        core.desk.verdict = VerdictView(
            "ok",
            Words("line.progress", counted),
            detail=Words("gain.wait") if core.session.guard else None,
            product=product_view(core, fact.sku),
        )
        self._say("line_complete" if line.due == 0 else "ok")

    def _removed(self, fact: f.ItemRemoved) -> None:
        """What is said of the last scan must not outlive it."""
        core = self._core
        line = next(x for x in core.session.lines if x.plan.line == fact.line)
        counted = (("d", line.done), ("n", line.plan.quantity))
        core.desk.verdict = VerdictView(
            "warn",
            Words("item.taken_out"),
            Words("line.progress", counted),
            product=product_view(core, fact.sku),
        )
        self._say("weight_taken")

    def _guarded(self, _: w.GuardBegun) -> None:
        self._core.desk.verdict = VerdictView("ok", Words("guard.on"))

    def _gained(self, fact: w.ItemGained) -> None:
        """The scale has felt it; without a known weight it only says by how much."""
        contents = self._core.session.parcel.contents
        by_hand = fact.gain_g >= 0 and contents[-1].source == "manual"
        sure = by_hand and confirms(self._core, contents[-1].sku)
        key = "gain.confirms" if sure else "gain.ok" if fact.gain_g >= 0 else "gain.out"
        self._core.desk.verdict = VerdictView("ok", Words(key, (("g", abs(fact.gain_g)),)))
        self._say("weight_taken")

    def _not_gained(self, fact: w.GainDisputed) -> None:
        core = self._core
        felt = (("g", fact.gain_g), ("e", fact.expected_g or 0))
        args = tuple((name, f"{grams:+d}".replace("-", "−")) for name, grams in felt)
        sku, units = self._weighed_as(fact)
        due = product_view(core, sku) if sku else None
        core.desk.alert = AlertView(
            kind="refusal",
            headline=Words(f"gain.{fact.reason}", args),
            todo=Words(f"gain.{fact.reason}.todo", args),
            text_read=f"{args[0][1]} g",
            needed=due,
            needed_total=units,
            steps=after_gain(fact.reason, due.name if due else ""),
            answers=(OK, SUPERVISOR),
            sound="weight_off",
            serial=core.desk.serial + 1,
        )
        core.desk.earcon = "weight_off"

    def _weighed_as(self, fact: w.GainDisputed) -> tuple[str, int]:
        """What should have gone in, and how many; else what weighs as much as the change, and 0."""
        session = self._core.session
        inside = session.parcel.contents
        if fact.reason in {"heavy", "light"} and len(inside) > session.parcel.gained:
            return inside[-1].sku, inside[-1].units
        taken = fact.reason == "removed"
        skus = (x.sku for x in inside) if taken else (x.plan.sku for x in session.lines if x.due)
        known = filter(None, map(self._core.weights.unit_of, dict.fromkeys(skus)))
        off = sorted((abs(abs(fact.gain_g) - unit.mean_g), unit.key) for unit in known)
        near = off and off[0][0] <= max(ALIKE_G, abs(fact.gain_g) * ALIKE)
        return (off[0][1] if near else "", 0)

    def _rejected(self, fact: f.ItemRejected) -> None:
        core = self._core
        key, earcon = REJECTIONS[fact.reason]
        swap = fact.reason in {"not_in_order", "wrong_variant"}
        count = int(fact.allowed) if fact.allowed.isdigit() else fact.units
        line = self._line_shown(fact)
        needed = product_view(core, line.plan.sku) if line else None
        core.desk.alert = AlertView(
            kind="refusal",
            headline=Words(key, (("n", count), ("d", fact.found)), count),
            todo=_undo(fact, needed),
            in_hand=product_view(core, fact.sku),
            needed=needed,
            needed_done=line.done if line else 0,
            needed_total=line.plan.quantity if line else 0,
            facts=_dates(fact),
            steps=after_rejection(fact, self._next_name()),
            # Only what may be packed instead can be released.
            answers=(OK, SUPERVISOR) if swap and line is not None else (OK,),
            sound=earcon,
            serial=core.desk.serial + 1,
        )
        core.desk.earcon = earcon
        core.desk.wish = ("substitute", str(line.plan.line), fact.sku) if swap and line else ()

    def _line_shown(self, fact: f.ItemRejected) -> Line | None:
        """What stands beside the thing in the hand: its own full line, else the next due one."""
        lines = self._core.session.lines
        own = next((line for line in lines if line.plan.line == fact.line), None)
        named = fact.reason in THE_SAME or fact.reason == "not_yet"
        return own if named else self._core.session.current

    def _mismatch(self, fact: f.LabelMismatched) -> None:
        core = self._core
        core.desk.alert = AlertView(
            kind="refusal",
            headline=Words("bad.label"),
            todo=Words("bad.label_todo"),
            compare=(fact.scanned, fact.expected),
            steps=(Words("act.label_off"), Words("act.label_due")),
            answers=(SUPERVISOR,),
            sound="wrong_label",
            serial=core.desk.serial + 1,
        )
        core.desk.earcon = "wrong_label"

    def _refused(self, fact: f.InputRefused) -> None:
        core = self._core
        unknown = fact.reason.startswith("code.")
        todo = self._todo(core.session)
        steps = after_refusal(fact.reason, core.session.state, self._next_name()) or (todo,)
        core.desk.alert = AlertView(
            kind="refusal",
            headline=Words(f"no.{fact.reason}", (("text", fact.text),)),
            todo=todo if todo in steps else None,
            steps=steps,
            text_read=fact.text,
            answers=(OK, SUPERVISOR) if core.desk.wish else (OK,),
            sound="unknown_code" if unknown else "wrong_item",
            serial=core.desk.serial + 1,
        )
        core.desk.earcon = "unknown_code" if unknown else "wrong_item"

    def _todo(self, session: Session) -> Words:
        if self._core.desk.person is None:
            return Words("todo.sign_in")
        current = session.current if session.state is State.SCANNING else None
        if current is None:
            return Words(f"todo.{session.state}")
        return Words("act.scan", (("name", self._name(current.plan.sku)),))

    def _next_name(self) -> str:
        """The name of what is due now, "" where nothing is."""
        session = self._core.session
        current = session.current if session.state is State.SCANNING else None
        return self._name(current.plan.sku) if current is not None else ""

    def _name(self, sku: str) -> str:
        view: ProductView = product_view(self._core, sku)
        return view.name


def printed(value: str) -> str:
    """A value as text for a screen: separators of a mark are no signs."""
    return "".join(c if c.isprintable() else " " for c in value)[:48]


def _undo(fact: f.ItemRejected, needed: ProductView | None) -> Words:
    if fact.reason == "expired":
        # Never back among what is sold.
        return Words("bad.put_aside")
    if fact.reason in THE_SAME:
        return Words("bad.put_back")
    if fact.reason == "not_yet":
        # It belongs here, only later.
        return Words("act.at_hand")
    return Words("bad.undo", (("name", needed.name),)) if needed else Words("bad.put_aside")


def _dates(fact: f.ItemRejected) -> tuple[tuple[Words, str], ...]:
    """Both dates of a thing that is too old."""
    if fact.reason not in {"expired", "short_dated"}:
        return ()
    found, needed = Words("bad.expired.on"), Words("bad.expired.needs")
    return ((found, fact.found), (needed, fact.allowed))
