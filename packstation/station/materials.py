"""What goes in beside the goods, at the moment it is needed, and never in the way of a scan.

The plan is made when an order opens and after each change of it. What asks for it is shown in
the bar above the stage; the next scan, box or weight says that it was done where the rule allows
that, else Enter, a touch or the value asked for. A rule that wants its own word holds back the
box's choice and its weight, nothing before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from packstation.domain.packing import State
from packstation.domain.packing import facts as f
from packstation.domain.packing import inputs as i
from packstation.domain.packing import material_inputs as t
from packstation.domain.packing.material_facts import RuleDecided, Supply
from packstation.domain.packing.material_rows import RULES, scope
from packstation.domain.packing_rules import (
    Material,
    PackingPlan,
    Task,
    plan,
)
from packstation.domain.parcels import Carton
from packstation.station.core import Core
from packstation.station.own_views import TaskView
from packstation.station.pictures import language
from packstation.station.views import EntryView, Words

COLLECT: Final = "collect"
# The moments whose tasks stand on the screen in a state.
_DUE: Final = {
    State.SCANNING: ("item",),
    State.CARTONING: ("item", "carton"),
    State.WEIGHING: ("item", "carton", "closing"),
    State.MEASURING: ("item", "carton", "closing"),
}
# Facts that say that the packer went on: what was shown before them is done.
_WENT_ON: Final = (f.ItemVerified, f.ContentsVerified, f.CartonAssigned, f.ParcelWeighed)
_PLANNED: Final = (f.SessionOpened, f.SessionResumed, RuleDecided)
_LONGEST_VALUE: Final = 48


class _Now(Struct, frozen=True):
    """A plan and what it was made for."""

    session: str = ""
    plan: PackingPlan = PackingPlan()
    materials: dict[str, Material] = {}


class Materials:
    """Evaluates the rules of the open order; a hook on its facts."""

    def __init__(self, core: Core, print_card: Callable[[Material], None]) -> None:
        """``print_card`` makes an insert come out that a rule asks for."""
        self._core = core
        self._print_card = print_card
        self._now = _Now()
        self._busy = False
        self._stood: tuple[Task, ...] = ()

    # --- facts --------------------------------------------------------------------------

    def told(self, facts: tuple[f.Fact, ...]) -> None:
        """Plan anew, confirm what was gone past, show what is due now."""
        if self._busy or not self._core.session.live:
            return
        self._busy = True
        try:
            self._follow(facts)
        finally:
            self._busy = False

    def _follow(self, facts: tuple[f.Fact, ...]) -> None:
        core = self._core
        if self._now.session != core.session_id or any(isinstance(x, _PLANNED) for x in facts):
            self._plan()
        if any(isinstance(fact, _WENT_ON) for fact in facts):
            for task in self._stood:
                if not task.explicit:
                    self._done(task, "next")
        if any(isinstance(fact, f.ParcelWeighed) for fact in facts):
            self._count()
        if core.session.state is not State.HELD:
            self._raise_conflict()
        self._refresh()

    def recover(self) -> None:
        """After a restart: the plan of the open order, nothing is said."""
        if self._core.session.live:
            self._plan()
            self._stood = self.due()

    def _plan(self) -> None:
        core = self._core
        row = core.cache.order(core.session.order_id)
        known = core.cache.packing_rules()
        if row is None:
            self._now = _Now(core.session_id)
            return
        decided = {(s, one, other): kept for s, one, other, kept in core.session.ruled}
        made = plan(row.order, core.products_of(row.order), known, decided)
        self._now = _Now(core.session_id, made, {one.code: one for one in known.materials})

    def _raise_conflict(self) -> None:
        """The first contradiction stops the order by name; a supervisor keeps one of the two."""
        for conflict in self._now.plan.conflicts[:1]:
            note = f"{conflict.subject} {conflict.one} {conflict.other}"
            self._core.submit(i.HoldRaised(reason=RULES, by="rule", note=note))

    def _count(self) -> None:
        """What the closed box is packed with; a box opened again counts anew."""
        core, parcel = self._core, self._core.session.parcel
        cartons = {carton.code: carton for carton in core.cache.cartons()}
        used = [_container(parcel.carton, cartons)] if parcel.carton else []
        for task in self._mine():
            counted = Counter(task.materials)
            used += [self._supply(task, code, pieces) for code, pieces in counted.items()]
        # Two rules that want the same want it once; a rule that names it twice wants two.
        used.sort(key=lambda one: one.pieces)
        merged = {one.code: one for one in used}
        core.submit(t.SuppliesTaken(supplies=tuple(merged.values())))

    def _supply(self, task: Task, code: str, pieces: int) -> Supply:
        known = self._now.materials.get(code)
        kind = "insert" if code in task.inserts else "supply"
        kind = "infill" if code == task.infill else kind
        recycled = known is not None and known.recycled
        return Supply(code=code, kind=kind, recycled=recycled, pieces=pieces)

    def containers(self) -> tuple[tuple[str, ...], ...]:
        """Codes or kinds of carton that each rule for the open parcel allows."""
        return tuple(task.container for task in self._mine() if task.container)

    # --- what is due --------------------------------------------------------------------

    def _mine(self) -> tuple[Task, ...]:
        """Tasks of what lies in the open parcel."""
        session = self._core.session
        if not session.parcels or self._now.session != self._core.session_id:
            return ()
        inside = {item.line for item in session.parcel.contents}
        tasks = self._now.plan.tasks
        return tuple(task for task in tasks if not task.lines or inside & set(task.lines))

    def due(self) -> tuple[Task, ...]:
        """What is asked for now, the thing just scanned first."""
        session = self._core.session
        moments = _DUE.get(session.state, ())
        last = session.parcel.contents[-1].line if moments and session.parcel.contents else 0
        open_ = [
            task
            for task in self._mine()
            if task.moment in moments
            and (task.rule, scope(session, task.once)) not in session.confirmed
        ]
        # What waits longest for its own word stands before it, then what is in the hand.
        rank = {"closing": 0, "carton": 1, "item": 2}
        return tuple(sorted(open_, key=lambda task: (last not in task.lines, rank[task.moment])))

    def current(self) -> Task | None:
        """The one on the screen."""
        return next(iter(self.due()), None)

    def blocks(self) -> bool:
        """Whether a rule that wants its own word has not got it: box and weight wait."""
        return any(task.explicit for task in self.due())

    # --- the packer ---------------------------------------------------------------------

    def accept(self, how: str = "enter") -> bool:
        """Enter or a touch: whether it was for this, and not for the stage."""
        task = self.current()
        if task is None:
            return False
        if task.collect:
            self.ask()
            return True
        calm = not task.explicit and self._core.session.state is not State.SCANNING
        if calm and how == "enter":
            return False  # the stage's own Enter goes on, and says so
        self._done(task, how)
        self._refresh()
        return True

    def ask(self) -> bool:
        """F2: the value that the rule wants; False where none does."""
        task = self.current()
        if task is None or not task.collect:
            return False
        name = (("name", task.collect),)
        self._core.desk.entry = EntryView(kind=COLLECT, words=Words("entry.collect", name))
        return True

    def collected(self, value: str) -> bool:
        """A typed or scanned value; whether it answers a question that stands."""
        task = self.current()
        if task is None or not task.collect:
            return False
        code = "".join(char for char in value.strip() if char.isascii() and char.isprintable())
        if not code or len(code) > _LONGEST_VALUE or " " in code:
            self.ask()
            return True
        self._core.desk.entry = None
        self._done(task, "data", code)
        self._refresh()
        return True

    def _done(self, task: Task, how: str, value: str = "") -> None:
        self._core.submit(t.TaskDone(rule=task.rule, once=task.once, how=how, value=value))

    def _refresh(self) -> None:
        """What is due now stands on the screen; its cards are printed when it comes there."""
        self._stood = self.due()
        for task in self._stood[:1]:
            if self._core.submit(_shown(task)):
                self._print_cards(task)

    def _print_cards(self, task: Task) -> None:
        known = (self._now.materials.get(code) for code in task.inserts)
        for material in (one for one in known if one is not None and one.prints):
            self._print_card(material)

    # --- what is seen -------------------------------------------------------------------

    def view(self) -> TaskView | None:
        """The bar above the stage."""
        due = self.due()
        if not due:
            return None
        task, short = due[0], language(self._core).split("_", maxsplit=1)[0]
        names = tuple(
            self._name(code, short, pieces) for code, pieces in Counter(task.materials).items()
        )
        return TaskView(
            rule=task.rule,
            title=_text(task.names, short),
            text=_text(task.instruction, short),
            materials=names,
            container=" / ".join(self._containers(task)),
            moment=task.moment,
            explicit=task.explicit,
            collect=task.collect,
            more=len(due) - 1,
        )

    def _containers(self, task: Task) -> list[str]:
        """Equal alternatives, the recycled ones first."""
        recycled = {one.code for one in self._core.cache.cartons() if one.recycled}
        return sorted(task.container, key=lambda code: code not in recycled)

    def _name(self, code: str, short: str, pieces: int) -> tuple[str, bool]:
        known = self._now.materials.get(code)
        name = (_text(known.names, short) if known else "") or code
        return f"{pieces} × {name}" if pieces > 1 else name, known is not None and known.recycled


def _shown(task: Task) -> t.TaskShown:
    line = task.lines[0] if task.lines else 0
    return t.TaskShown(rule=task.rule, moment=task.moment, once=task.once, line=line)


def _container(code: str, cartons: dict[str, Carton]) -> Supply:
    known = cartons.get(code)
    return Supply(code=code, kind="container", recycled=known is not None and known.recycled)


def _text(texts: Mapping[str, str], short: str) -> str:
    """In the person's language, else English, else any."""
    return texts.get(short) or texts.get("en") or next(iter(texts.values()), "")
