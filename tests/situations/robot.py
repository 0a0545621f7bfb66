"""Lets a situation happen at a bench, and says what is otherwise than its row says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import singledispatchmethod
from typing import Any

from msgspec.structs import replace

from packstation.domain.packing import State
from packstation.domain.packing.facts import Fact
from packstation.station.box_plan import unsized
from packstation.station.core import Core
from packstation.station.ports import CursorMoved, Ticked
from packstation.station.views import Screen, StationView
from packstation.ui.keys import Stroke
from tests.situations import model as m
from tests.situations.bench import ShowBench
from tests.situations.goods import lines_of
from tests.situations.window import COVERED, Look, pictured

Holds = Callable[["Robot", StationView, str], bool]

# What a step may wait for, as "name=value".
CONDITIONS: Mapping[str, Holds] = {
    "screen": lambda _, view, value: view.screen == value,
    "alert": lambda _, view, value: (view.alert.headline.key if view.alert else "") == value,
    "entry": lambda _, view, value: (view.entry.kind if view.entry else "") == value,
    "problem": lambda _, view, value: bool(
        view.entry and view.entry.problem and view.entry.problem.key == value
    ),
    "verdict": lambda _, view, value: bool(view.verdict and view.verdict.words.key == value),
    "fact": lambda robot, _, value: any(type(fact).__name__ == value for fact in robot.fresh),
    "state": lambda robot, _, value: str(robot.core.session.state) == value,
    "fast": lambda _, view, value: bool(view.fast and view.fast.step == value),
    "note": lambda _, view, value: bool(view.note and view.note.key == value),
    "plan": lambda robot, _, __: robot.core.desk.plan is not None,
    "box": lambda _, view, value: bool(view.box_note and view.box_note.key == value),
    "priced": lambda robot, _, __: bool(robot.core.desk.quotes),
    "rests": lambda robot, _, value: robot.rests >= int(value),
    "stale": lambda _, view, value: view.scale.stale == (value == "yes"),
    "grams": lambda _, view, value: view.scale.grams == int(value),
    "lamp": lambda _, view, value: any(f"{d.kind}:{d.state}" == value for d in view.devices),
    "scale": lambda _, view, value: view.scale.state == value,
}


class Robot:
    """The hands at a bench; ``fresh`` are the facts since the step before began."""

    def __init__(self, bench: ShowBench) -> None:
        self.bench = bench
        self.core: Core = bench.opened.station.core
        self._facts = 0
        self._sounds = 0
        self._rests = 0

    @property
    def fresh(self) -> Sequence[Fact]:
        """Facts since the last step began."""
        return self.bench.told[self._facts :]

    @property
    def rests(self) -> int:
        """Readings at rest since the last step began."""
        return self.bench.rests - self._rests

    @property
    def heard(self) -> Sequence[str]:
        """Sounds since the last step began."""
        return self.bench.player.played[self._sounds :]

    def run(self, steps: Sequence[m.Step]) -> None:
        """All steps, each of them until what it waits for."""
        for step in steps:
            if not isinstance(step, m.Wait):
                self._facts, self._sounds = len(self.bench.told), len(self.bench.player.played)
                self._rests = self.bench.rests
            self.do(step)
            if step.till:
                self.wait_for(step.till)
        self.bench.settle()
        if self.core.session.state is State.CARTONING and not unsized(self.core):
            self.wait_for("plan")

    def wait_for(self, till: str) -> None:
        """Until a condition holds."""
        name, _, value = till.partition("=")
        holds = CONDITIONS[name]
        try:
            self.bench.until(lambda view: holds(self, view, value))
        except AssertionError:
            raise AssertionError(f"{till} never came: {self._now()}") from None

    def _now(self) -> str:
        view = self.bench.view
        shown = view.alert.headline.key if view.alert else view.entry.kind if view.entry else ""
        kinds = [type(fact).__name__ for fact in self.fresh]
        return f"{view.screen} {shown} {self.core.session.state} {view.scale.grams} g {kinds}"

    # --- steps ----------------------------------------------------------------------------------

    @singledispatchmethod
    def do(self, step: m.Step) -> None:
        """One step; a plain one only waits."""

    @do.register
    def _(self, step: m.Scan) -> None:
        self.bench.read(self._text(step.text), step.aim)

    @do.register
    def _(self, step: m.Item) -> None:
        for _ in range(step.times):
            self.bench.unit(step.sku)

    @do.register
    def _(self, step: m.Keys) -> None:
        for cap in step.caps.split():
            self.bench.key(cap)

    @do.register
    def _(self, step: m.Type) -> None:
        for char in self._text(step.text):
            self.bench.window.typed(Stroke(ord(char), char))
        self.bench.key("Enter")

    @do.register
    def _(self, step: m.Weigh) -> None:
        self._clear_pan()
        weigh = self.bench.view.weigh
        expected = (weigh.expected_g if weigh else None) or 500
        self.bench.sim.place(expected + step.plus)
        if not step.till:
            self.bench.until(lambda _: bool(self.fresh))

    def _clear_pan(self) -> None:
        bench = self.bench
        bench.sim.place(0)
        bench.until(lambda view: view.scale.grams == 0)

    @do.register
    def _(self, step: m.Put) -> None:
        self.bench.sim.scale.place(step.grams)
        if not step.till:
            self.bench.until(lambda view: view.scale.grams == step.grams)

    @do.register
    def _(self, step: m.Pack) -> None:
        self.bench.reach(Screen(step.to))

    @do.register
    def _(self, step: m.Fault) -> None:
        self.bench.sim.set_fault(step.device, step.fault, step.on)

    @do.register
    def _(self, step: m.Later) -> None:
        self.bench.clock.ahead += timedelta(seconds=step.seconds)
        self.bench.post(Ticked())

    @do.register
    def _(self, _: m.Sent) -> None:
        self.bench.post(CursorMoved(self.core.store.head().seq, 1))

    @do.register
    def _(self, step: m.Pull) -> None:
        self.bench.pull(step.t, step.id, step.body)

    @do.register
    def _(self, step: m.Office) -> None:
        bench, changes = self.bench, dict(step.changes)
        hold = str(changes.pop("hold", ""))
        document = bench.documents[step.order]
        if "lines" in changes:
            changes["lines"] = lines_of(str(changes["lines"]))
        if "country" in changes:
            to = replace(document.ship_to, country=str(changes.pop("country")))
            changes["ship_to"] = to
        if "hours" in changes:
            at = datetime.now(UTC) + timedelta(hours=float(str(changes.pop("hours"))))
            changes["deadlines"] = (replace(document.deadlines[0], at=at),)
        bench.documents[step.order] = replace(document, **changes)
        bench.order_row(step.order, hold)

    def _text(self, text: str) -> str:
        """With what only the run knows."""
        if "{" not in text:
            return text
        issued = self.bench.facts("LabelIssued")
        numbers = [str(body["waybill"]) for body in issued] or [""]
        order = self.bench.view.order
        soon = datetime.now(UTC) + timedelta(days=30)
        return text.format(
            waybill=numbers[-1],
            first=numbers[0],
            place=order.tote if order else "",
            month=f"{soon:%y%m%d}",
            soon=f"{soon:%Y-%m-%d}",
        )

    # --- what is otherwise ----------------------------------------------------------------------

    def faults(self, situation: m.Situation, look: Look) -> list[str]:
        """What is not as the row says; nothing where all is."""
        view = self.bench.view
        found = [
            f"{name}: {wanted!r} expected, {got!r} found"
            for name, wanted, got in (
                ("screen", situation.screen, str(view.screen)),
                ("says", self._text(situation.says), look.says()),
                ("over", situation.over, look.over()),
                ("tone", situation.tone, look.tone() if situation.tone else ""),
            )
            if wanted != got
        ]
        found += [
            f"{words!r} is not drawn: {look.words}"
            for words in map(self._text, situation.also)
            if words not in look.words
        ]
        found += self._lacking(situation)
        return [*found, *self._unseen(situation, look), *self._unrecorded(situation)]

    def _unseen(self, situation: m.Situation, look: Look) -> list[str]:
        view, found = self.bench.view, []
        if situation.pictured and situation.pictured not in pictured(view):
            found.append(f"{situation.pictured} is not pictured: {pictured(view)}")
        if situation.over in {"refusal", "hold", "stop"}:
            colour = "stop" if situation.over == "refusal" else "hold"
            share = look.share(colour)
            if share < COVERED:
                found.append(f"only {share:.0%} of the window is {colour}")
        if situation.sound and situation.sound not in self.heard:
            found.append(f"{situation.sound} was not heard: {list(self.heard)}")
        return found

    def _lacking(self, situation: m.Situation) -> list[str]:
        """All that the rules found stands on the plate, the first fix in focus."""
        alert = self.bench.view.alert
        shown = tuple(lack.rule for lack in alert.lacks) if alert else ()
        at = alert.focus if alert else 0
        found = (*shown[at:], *shown[:at])
        wanted = situation.lacks or found
        return [] if wanted == found else [f"lacks: {wanted} expected, {found} found"]

    def _unrecorded(self, situation: m.Situation) -> list[str]:
        """Rows of the journal that are missing or should not be there."""
        kinds = {row.kind for row in situation.facts} | set(situation.never)
        events = self.bench.opened.store.events.bench_events(sorted(kinds)) if kinds else ()
        found = [f"{e.kind} is in the journal" for e in events if e.kind in situation.never]
        rest = list(events)
        for row in situation.facts:
            at = next((n for n, e in enumerate(rest) if self._is(row, e.kind, e.body)), None)
            if at is None:
                said = [(e.kind, dict(e.body)) for e in events]
                return [*found, f"{row.kind} {dict(row.values)} is not in the journal: {said}"]
            rest = rest[at + 1 :]
        return found

    def _is(self, row: m.Did, kind: str, body: Mapping[str, Any]) -> bool:
        wanted = {n: self._text(it) if isinstance(it, str) else it for n, it in row.values.items()}
        return row.kind == kind and all(body.get(name) == it for name, it in wanted.items())
