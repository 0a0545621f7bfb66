"""Modes of work and their pages: the queue's filters and search, fast lane, batches, tasks, shifts.

It is asked before the open order is: what it takes is done, all else goes on to the session.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from packstation.domain.packing import State
from packstation.domain.packing.facts import Fact, SessionCancelled, SessionCompleted, SessionOpened
from packstation.domain.packing.pass_facts import SessionTakenOver
from packstation.station import choosing, claims, history, shift, tasks
from packstation.station.batches import Batches
from packstation.station.beside import Totes, buyer_hint, passed_hint
from packstation.station.choosing import Choosing
from packstation.station.claims import Claims
from packstation.station.core import Core
from packstation.station.elsewhere import Elsewhere
from packstation.station.fast_lane import FastLane
from packstation.station.flow_state import Page
from packstation.station.history import History
from packstation.station.lineup import Lineup
from packstation.station.opening import Opening
from packstation.station.ports import ChoiceMade, RowsPulled
from packstation.station.shift import Shift
from packstation.station.tasks import Tasks
from packstation.station.verdicts import QUIET
from packstation.station.viewing.pages import MENU, MORE, is_page
from packstation.station.views import EntryView, Words

# So many rows of a page go by at an arrow key.
STEP = 4


class FlowDesk:
    """Commands, entries, choices and scans of the modes; each answers whether it was one."""

    def __init__(self, core: Core, opening: Opening) -> None:
        self._core = core
        # Opens the page that weighs and measures.
        self.measure: Callable[[str], None] = lambda _: None
        # Forgets what was learned of the product on that page.
        self.forget: Callable[[str], None] = lambda _: None
        self.lineup = Lineup(core)
        self.tasks = Tasks(core)
        self.elsewhere = Elsewhere(core)
        self.claims = Claims(core, self.elsewhere.look)
        self.fast = FastLane(core, opening)
        self.batches = Batches(core, opening)
        self.totes = Totes(core)
        self.choosing = Choosing(core, opening, self.totes)
        # What else the menu offers, done by others.
        self.menu: Mapping[str, Callable[[str], None]] = {}
        self._opening = opening
        self._history, self._shift = History(core), Shift(core)
        self._commands: Mapping[str, Callable[[str], None]] = {
            "find": self._find,
            "filter": self._filter,
            "single": self.fast.enter,
            "batch": self.batches.begin,
            "more": lambda _: self._page(MORE),
            "tasks": lambda _: self._page(tasks.PAGE),
            "history": self._of_order,
            "returned": lambda _: self._ask("returned"),
            "shift-start": lambda _: self._shift.page(shift.START),
            "shift-end": lambda _: self._shift.page(shift.END),
            "note": lambda _: self._ask("note"),
            "measure": self._measure,
            "forget": self._forget,
            "training": lambda _: self._train(),
        }
        self._entries: Mapping[str, Callable[[str], object]] = {
            "find": self.lineup.find,
            "history": self._of_order,
            "returned": self.tasks.returned,
            "note": self._shift.leave_note,
        }

    def told(self, facts: tuple[Fact, ...]) -> None:
        """What was just committed."""
        flow = self._core.desk.flow
        self.lineup.told(facts)
        if any(not isinstance(fact, QUIET) for fact in facts):
            flow.home = False
        if any(isinstance(fact, SessionOpened | SessionTakenOver) for fact in facts):
            flow.hints = self._hints()
        if any(isinstance(fact, SessionCompleted | SessionCancelled) for fact in facts):
            flow.hints = ()
        self.tasks.told(facts)
        self.claims.told(facts)
        self.elsewhere.told(facts)
        self.batches.told(facts)
        self.fast.told(facts)

    def _hints(self) -> tuple[Words, ...]:
        """What is to be known of the order that was opened; looked up once."""
        core = self._core
        row = core.cache.order(core.session.order_id)
        hint = buyer_hint(core, row.order) if row is not None else None
        alone = Words("hint.unclaimed") if claims.unsure(core) else None
        hints = (alone, passed_hint(core), hint)
        return tuple(one for one in hints if one is not None)

    def home(self) -> None:
        """Home: out of every mode and page, the queue sorted anew."""
        self.lineup.home()
        flow = self._core.desk.flow
        flow.home, flow.fast, flow.batch, flow.turn, flow.page = True, False, None, (), Page()

    # --- commands -------------------------------------------------------------------------

    def command(self, command: str, argument: str) -> bool:
        """Do it where it is one of these."""
        if self._on_page(command) or (command == "undo" and self.fast.undo()):
            return True
        if command == "accept" and self._next():
            return True
        does = self._commands.get(command)
        if does is not None:
            does(argument)
        return does is not None

    def _on_page(self, command: str) -> bool:
        """What the open page makes of a command that others have too."""
        desk = self._core.desk
        if not is_page(desk.page):
            return False
        page = desk.flow.page
        if command in {"next-row", "previous-row"}:
            step = STEP if command == "next-row" else -STEP
            desk.flow.page = replace(page, top=max(0, page.top + step))
        elif command == "accept" and desk.page == choosing.PAGE:
            self.choosing.in_turn()
        elif command == "accept" and desk.page in {shift.START, shift.END}:
            self._shift.accept()
        else:
            return command == "accept"
        return True

    def _next(self) -> bool:
        """Enter after an order of a tote that has several: the next of them."""
        core = self._core
        row = self.choosing.next_in_turn() if core.session.state is State.COMPLETED else None
        if row is None:
            return False
        turn = core.desk.flow.turn
        self._opening.open(row)
        core.desk.flow.turn = tuple(name for name in turn if name != row.order.order_id)
        return True

    def entered(self, kind: str, value: str) -> bool:
        """A field of these was confirmed."""
        takes = self._entries.get(kind)
        if takes is not None and value:
            takes(value)
        return takes is not None

    def _forget(self, argument: str) -> None:
        self.forget(argument)

    def _measure(self, argument: str) -> None:
        self.measure(argument)

    def choice(self, choice: ChoiceMade) -> bool:
        """A row of these pages was picked."""
        desk = self._core.desk
        if desk.entry is not None or not is_page(desk.page):
            return False
        name = choice.value
        if desk.page == MORE and name in dict(MENU):
            desk.page = ""
            ({**self.menu, **self._commands})[name]("")
        elif desk.page == choosing.PAGE and name in desk.flow.page.ids:
            self.choosing.pick(name)
        elif desk.page == tasks.PAGE and name in desk.flow.tasks:
            desk.flow.page = Page(tasks.PAGE, about=name)
        return True

    def _train(self) -> None:
        """Into the training room, once nothing lies open on the bench."""
        core = self._core
        if core.session.live:
            core.refuse("training.busy", code_kind="command")
        elif core.train is None:
            core.refuse("command.not_here", code_kind="command", text="training")
        else:
            core.train()

    def open_for(self, sku: str, units: int) -> None:
        """An item was scanned while no order is open."""
        if self._core.desk.flow.fast:
            self.fast.open_for(sku, units)
        else:
            self.choosing.open_for(sku)

    def scanned(self, text: str) -> bool:
        """A code that a page waits for, or that closes a task whatever is on screen."""
        desk = self._core.desk
        if desk.page == history.PAGE or (desk.entry is not None and desk.entry.kind == "history"):
            desk.entry = None
            return self._history.show(text)
        if desk.page == tasks.PAGE:
            return self.tasks.scanned(text, desk.flow.page.about)
        if is_page(desk.page):
            desk.page, desk.flow.page = "", Page()
        idle = not self._core.session.live
        return idle and self.tasks.of_code(text) is not None and self.tasks.scanned(text, "")

    def rows(self, report: RowsPulled) -> None:
        """Changed orders may raise tasks; other benches have begun, parked or packed some."""
        self.claims.rows(report)
        self.elsewhere.rows(report)
        self.tasks.rows(report)

    def recover(self) -> None:
        """After a restart: open tasks, and what other benches had by then."""
        self.tasks.recover()
        self.claims.recover()
        self.elsewhere.recover()

    # --- pages ----------------------------------------------------------------------------

    def _page(self, name: str) -> None:
        desk = self._core.desk
        same = desk.page == name
        desk.page, desk.flow.page = ("", Page()) if same else (name, Page(name))
        tasks_open = tuple(desk.flow.tasks)
        if name == tasks.PAGE and len(tasks_open) == 1 and not same:
            desk.flow.page = Page(name, about=tasks_open[0])

    def _filter(self, name: str) -> None:
        desk = self._core.desk
        if desk.page != history.PAGE:
            self.lineup.filter(name)
            return
        page, names = desk.flow.page, history.FILTERS
        after = names[(names.index(page.filter) + 1) % len(names)]
        desk.flow.page = replace(page, filter=name if name in names else after, top=0)

    def _of_order(self, code: str) -> None:
        """The history of the order that is named, is open, or is asked for."""
        core = self._core
        here = core.session.live or not core.desk.flow.home
        if here and core.desk.page != history.PAGE:
            code = code or core.session.order_id
        if not code:
            self._ask("history")
        elif not self._history.show(code):
            core.refuse("history.unknown", code_kind="typed", text=code[:64])

    def _find(self, part: str) -> None:
        if part:
            self.lineup.find(part)
        else:
            self._ask("find")

    def _ask(self, kind: str) -> None:
        self._core.desk.entry = EntryView(kind=kind, words=Words(f"entry.{kind}"))
