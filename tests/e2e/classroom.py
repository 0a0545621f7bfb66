"""A training room with its real window offscreen, and a learner made of code that obeys hints."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.bootstrap.practice import code_of
from packstation.bootstrap.training import JournalLearning
from packstation.bootstrap.training_window import Training
from packstation.demo.hands import lamp
from packstation.domain.packing.training_facts import LessonEnded
from packstation.domain.training import LESSONS
from packstation.station.ports import ChoiceMade, CommandGiven, Happening, TextEntered
from packstation.station.views import Screen, StationView
from packstation.storage.store import FILE, open_store
from packstation.ui.app import make_application, make_stages, spin
from packstation.ui.main_window import MainWindow

STATION = "bench-7"
PIN = "3333"
AGAIN_S = 0.45
IDLE_STEPS = 25
Seen = Callable[[StationView], bool]


class Classroom:
    """Window, training room and the bench's own journal, which keeps the record."""

    def __init__(self, folder: Path) -> None:
        self.app: QApplication = make_application()
        self.folder = folder
        self.window = MainWindow(make_stages())
        self.window.resize(1366, 768)
        self.window.show()
        self.store = open_store(folder / FILE, station=STATION, clock=SystemClock(), ids=Uuid7Ids())
        self.left = False
        self.training = Training(self.window, folder, "07", (), self._leave)
        self.window.happened.connect(self.training.bridge.post)
        self.learning = JournalLearning(self.store.events)
        self.training.open(self.learning, "")
        self.sim = self.training.bench.sim
        self.products = {product.sku: product for product in self.training.bench.goods.products}
        self._last = ("", 0.0)

    def _leave(self) -> None:
        self.left = True

    @property
    def view(self) -> StationView:
        """What the window shows."""
        return self.window.view

    def until(self, seen: Seen, seconds: float = 15.0) -> StationView:
        """Let everything work until the window is as expected."""
        found = spin(self.app, lambda: seen(self.view), seconds)
        assert found, (self.view.screen, self.view.lesson, self.view.alert, self.view.devices)
        return self.view

    def rest(self, seconds: float) -> None:
        """Let everything work for a while."""
        spin(self.app, lambda: False, seconds)

    def give(self, happening: Happening) -> StationView:
        """What a key or a finger does, and the view after it."""
        serial = self.view
        self.window.give(happening)
        spin(self.app, lambda: self.view is not serial, 2.0)
        return self.view

    def key(self, command: str) -> StationView:
        """A key's command."""
        return self.give(CommandGiven(command))

    def scan(self, text: str, aim: str = "") -> StationView:
        """Pull the trigger and wait until something else is on screen."""
        last, at = self._last
        pause = at + AGAIN_S - time.monotonic()
        if text == last and pause > 0:
            self.rest(pause)
        before = _shape(self.view)
        self.sim.scan(text, aim)
        spin(self.app, lambda: _shape(self.view) != before, 3.0)
        self._last = (text, time.monotonic())
        return self.view

    def scan_sku(self, sku: str) -> StationView:
        """One unit of a product."""
        return self.scan(*code_of(self.products[sku], str(time.monotonic_ns())))

    def sign_in(self, badge: str) -> StationView:
        """A badge, once people and scanner are there."""
        self.until(lambda view: lamp(view, "scanner") == "ok")
        for _ in range(10):
            if self.view.screen is not Screen.SIGN_IN:
                break
            self.scan(f"%PB:{badge}")
            if self.view.alert is not None:
                self.key("accept")
        return self.until(lambda view: view.screen is Screen.TRAINING)

    def begin(self, number: int) -> StationView:
        """The lesson of a number, from the list."""
        self.until(lambda view: view.screen is Screen.TRAINING)
        if self.view.adding is not None and self.view.adding.step == "result":
            self.key("accept")
        self.give(ChoiceMade(number - 1, LESSONS[number - 1].id))
        self.until(
            lambda view: all(lamp(view, kind) == "ok" for kind in ("scanner", "scale", "label"))
        )
        return self.until(lambda view: view.lesson is not None and _has_orders(view))

    def ends(self) -> list[LessonEnded]:
        """What the bench's journal has of lessons."""
        from packstation.domain.events import decode

        events = self.store.events.bench_events([LessonEnded.__name__])
        facts = [decode(event.kind, event.v, event.body) for event in events]
        return [fact for fact in facts if isinstance(fact, LessonEnded)]

    def close(self) -> None:
        """Stop everything."""
        self.training.close()
        self.store.close()
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _has_orders(view: StationView) -> bool:
    return view.screen is not Screen.QUEUE or bool(view.queue and view.queue.rows)


def _shape(view: StationView) -> object:
    order = view.order
    lesson = view.lesson
    return (
        view.screen,
        view.alert and (view.alert.kind, view.alert.headline),
        view.label,
        view.entry,
        order and (order.order_id, order.units_done, order.parcel),
        lesson and (lesson.done, lesson.mistakes),
    )


class Learner:
    """Does what the hint and the screen say, and nothing else."""

    def __init__(self, room: Classroom) -> None:
        self.room = room
        self.waybills: list[str] = []
        self._obeys: dict[str, Callable[[StationView], bool]] = {
            "undo": lambda _: self._command("%PS:undo"),
            "foreign": lambda view: self._unit(view, "NB-A6-DOT"),
            "variant": lambda view: self._unit(view, "TS-BLK-L"),
            "too_many": self._too_many,
            "odd_weight": self._odd_weight,
            "true_weight": self._true_weight,
            "other_label": self._other_label,
            "again": lambda view: self._when(view, Screen.CONFIRMING, "%PS:reprint"),
            "split": self._split,
            "short": self._short,
            "put_back": self._put_back,
            "release": self._release,
            "scale_back": lambda _: self._mend("scale", "unplug"),
            "paper_in": lambda _: self._mend("label", "paper_out"),
            "scanner_back": lambda _: self._mend("scanner", "unplug"),
            "from_queue": lambda _: bool(self.room.key("accept")),
        }

    def take(self, number: int, steps: int = 150) -> StationView:
        """A whole lesson; the view of its result."""
        self.waybills.clear()
        self.room.begin(number)
        idle = 0
        for _ in range(steps):
            view = self.room.view
            if view.screen is Screen.TRAINING:
                return view
            self.step(view)
            idle = idle + 1 if _shape(self.room.view) == _shape(view) else 0
            assert idle < IDLE_STEPS, self.room.view
        raise AssertionError(self.room.view)

    def step(self, view: StationView) -> None:
        """The hint first; what it leaves to the screen is done by the screen."""
        goal = view.lesson.hint.key.removeprefix("training.goal.") if view.lesson else ""
        if view.alert is not None and view.alert.kind == "refusal" and not view.alert.compare[0]:
            self.room.key("accept")
        elif not (goal in self._obeys and self._obeys[goal](view)):
            self._screen(view)

    # --- what hints say ---------------------------------------------------------------------

    def _command(self, text: str) -> bool:
        self.room.scan(text)
        return True

    def _unit(self, view: StationView, sku: str) -> bool:
        if view.screen is not Screen.SCANNING:
            return False
        self.room.scan_sku(sku)
        return True

    def _when(self, view: StationView, screen: Screen, text: str) -> bool:
        return view.screen is screen and self._command(text)

    def _too_many(self, view: StationView) -> bool:
        mugs = next(line for line in view.lines if line.product.sku == "MG-ENM-MOS")
        return not mugs.due and self._unit(view, "MG-ENM-MOS")

    def _odd_weight(self, view: StationView) -> bool:
        if view.screen is not Screen.WEIGHING or view.weigh is None or view.alert:
            return False
        self._weigh((view.weigh.expected_g or 0) + 700)
        return True

    def _true_weight(self, view: StationView) -> bool:
        if view.weigh is None:
            return False
        self._weigh(view.weigh.expected_g or 0)
        return True

    def _other_label(self, view: StationView) -> bool:
        return bool(self.waybills) and self._when(view, Screen.CONFIRMING, self.waybills[0])

    def _split(self, view: StationView) -> bool:
        done = view.order is not None and view.order.units_done == 1
        return done and self._when(view, Screen.SCANNING, "%PS:next-parcel")

    def _short(self, view: StationView) -> bool:
        if view.screen is not Screen.SCANNING:
            return False
        if view.lines[1].due:
            return self._unit(view, view.lines[1].product.sku)
        if view.lines[0].due == 2:
            return self._unit(view, view.lines[0].product.sku)
        return self._command("%PS:short")

    def _put_back(self, view: StationView) -> bool:
        return view.order is not None and self._command(view.order.tote)

    def _release(self, view: StationView) -> bool:
        helper = self.room.training.bench.people
        badge = next(person.badge for person in helper if person.role == "supervisor")
        self.room.scan(f"%PB:{badge}")
        self.room.until(lambda v: v.entry is not None and v.entry.kind == "pin")
        self.room.window.give(TextEntered("pin", PIN))
        self.room.until(lambda v: v.entry is not None and v.entry.kind == "reason")
        self.room.give(ChoiceMade(0))
        return bool(view)

    def _mend(self, device: str, fault: str) -> bool:
        self.room.sim.set_fault(device, fault, on=False)
        before = self.room.view.lesson
        spin(self.room.app, lambda: self.room.view.lesson != before, 10.0)
        return True

    # --- what screens say -------------------------------------------------------------------

    def _screen(self, view: StationView) -> None:
        room = self.room
        match view.screen:
            case Screen.QUEUE | Screen.COMPLETED:
                room.sim.place(0)
                self._open(view)
            case Screen.SCANNING if view.current is not None and view.alert is None:
                room.scan_sku(view.current.product.sku)
            case Screen.CARTONING:
                room.scan(view.carton.code if view.carton else "C3")
            case Screen.WEIGHING if view.alert is None and lamp(view, "scale") == "ok":
                self._weigh((view.weigh.expected_g if view.weigh else None) or 500)
            case Screen.CONFIRMING:
                self._confirm(view)
            case _:
                before = _shape(view)
                spin(room.app, lambda: _shape(room.view) != before, 1.0)

    def _open(self, view: StationView) -> None:
        """What waits first; the last of the shift by its item."""
        fresh = [
            order
            for order in self.room.training.bench.orders
            if self.room.training.bench.opened is not None
            and not self.room.training.bench.opened.store.events.last_session(order.order_id)
        ]
        if fresh:
            self.room.scan(fresh[0].order_id)
        else:
            self.room.rest(0.2)
        del view

    def _weigh(self, grams: int) -> None:
        room, before = self.room, _shape(self.room.view)
        room.sim.place(0)
        spin(room.app, lambda: room.view.scale.grams == 0, 3.0)
        room.sim.place(grams)
        spin(room.app, lambda: _shape(room.view) != before, 5.0)

    def _confirm(self, view: StationView) -> None:
        waybill = view.label.waybill if view.label else ""
        self.waybills.append(waybill)
        self.room.sim.stick_label(waybill)
        self.room.scan(waybill)
