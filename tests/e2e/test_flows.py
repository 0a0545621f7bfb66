"""The flow modes through the real window: what the packer sees and hears, what is kept of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.demo import samples
from packstation.demo.goods import code_of
from packstation.domain.catalog import Product
from packstation.domain.orders import Deadline, Order, OrderLine
from packstation.domain.parcels import Carton
from packstation.domain.psp import OrderBody
from packstation.domain.quantities import Money
from packstation.station.ports import Happening, Row, RowsPulled
from packstation.station.views import Screen, StationView
from packstation.storage.store import FILE, open_store
from packstation.ui.keys import Stroke
from tests.e2e.rig import BENCH, STATION, Rig

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
_K = Qt.Key
KEYS = {
    "Enter": int(_K.Key_Return),
    "Esc": int(_K.Key_Escape),
    "Home": int(_K.Key_Home),
    "End": int(_K.Key_End),
    "Down": int(_K.Key_Down),
    **{f"F{n}": int(_K.Key_F1) + n - 1 for n in range(1, 13)},
}


def plain() -> tuple[Product, ...]:
    """Two products with sides and nothing to be asked."""
    asked = ("serial", "lot", "expiry")
    goods = (p for p in samples.products() if p.length_mm and p.height_mm and not p.kit)
    found = [p for p in goods if p.codes and not any(getattr(p.tracking, a) for a in asked)]
    return tuple(found[:2])


def made(order_id: str, lines: str, hours: float, **more: object) -> Order:
    """An order that is due in so many hours; ``lines`` like "0*1 1*2" by place in `plain`."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    model = samples.orders(now)[0]
    rows = tuple(
        OrderLine(line=n, sku=plain()[int(a)].sku, quantity=int(b))
        for n, (a, _, b) in enumerate((part.partition("*") for part in lines.split()), 1)
    )
    known: dict[str, object] = {
        "order_id": order_id,
        "lines": rows,
        "deadlines": (Deadline(kind="handover", at=now + timedelta(hours=hours)),),
        "totes": (f"BOX-{order_id}",),
        "service": None,
        "buyer": None,
        "payment": None,
    }
    return replace(model, **(known | more))


class FlowRig(Rig):
    """A bench whose own orders are the most urgent; hears every sound and uses real keys."""

    def __init__(self, folder: Path, *orders: Order) -> None:
        self.heard: list[str] = []
        with open_store(
            folder / FILE, station=STATION, clock=SystemClock(), ids=Uuid7Ids()
        ) as store:
            store.intake.import_orders(orders, bench=BENCH)
        super().__init__(folder)
        self.window.happened.connect(self._posted.put)
        self.reach(Screen.QUEUE)

    def _publish(self, view: StationView) -> None:
        super()._publish(view)
        self.heard += [view.earcon] if view.earcon else []

    def key(self, *names: str) -> StationView:
        """Press keys at the window, and let what they cause happen."""
        for name in names:
            text = name if len(name) == 1 else ""
            self.window.typed(Stroke(KEYS.get(name, ord(name[0])), text))
            self._posted.put(after := Happening())
            while (told := self._posted.get(timeout=15)) is not after:
                self.opened.station.handle(told)
                self._app.processEvents()
        return self.view

    def more(self, name: str) -> StationView:
        """A row of the page "More", by its number."""
        page = self.key("Home", "F9").page_rows
        assert page is not None
        rows = [row.id for row in page.rows if row.id]
        return self.key(str(rows.index(name) + 1))

    def said(self) -> str:
        """The main line in the window."""
        stage = self.window.frame.stage
        assert stage is not None
        return stage.main_line

    def item(self, place: int = 0) -> None:
        """Scan one of the plain products."""
        self.scan(*code_of(plain()[place], "x"))

    def close_parcel(self) -> None:
        """From a full box to the scanned label."""
        if self.view.screen is Screen.CARTONING:
            self.key("Enter")
        if self.view.screen in {Screen.WEIGHING, Screen.FAST}:
            self.sim.place(0)
            self.until(lambda view: view.scale.grams == 0)
            self.sim.place((self.view.weigh.expected_g if self.view.weigh else None) or 500)
        self.until(lambda _: self.opened.station.core.session.state == "confirming")
        label = self.view.label
        assert label is not None
        self.scan(label.waybill)

    def order(self) -> str:
        """The order on the bench."""
        return self.opened.station.core.session.order_id


@pytest.fixture
def folder(tmp_path: Path, qapp: object) -> Path:
    del qapp
    return tmp_path


def test_the_queue_says_why_and_is_not_sorted_under_the_hands(folder: Path) -> None:
    cost = (Deadline(kind="handover", at=_soon(), cost_next=Money(Decimal(9), "CNY")),)
    cheap = (Deadline(kind="handover", at=_soon(), cost_next=Money(Decimal(1), "CNY")),)
    rig = FlowRig(
        folder,
        made("A-CHEAP", "0*2", 1, deadlines=cheap),
        made("B-DEAR", "0*2", 1, deadlines=cost),
    )
    try:
        queue = rig.view.queue
        assert queue is not None
        assert [row.order_id for row in queue.rows[:2]] == ["B-DEAR", "A-CHEAP"]
        assert queue.why_first is not None
        assert queue.why_first.key == "queue.why.cost"
        assert rig.said() == "Scan any tote or item"
        late = made("C-NOW", "0*1", -1)
        rig._posted.put(RowsPulled((_row(late),), "c-1", 1))
        rig.until(lambda view: bool(view.queue and view.queue.changed))
        assert rig.view.queue is not None
        assert rig.view.queue.rows[0].order_id == "B-DEAR"
        changed = rig.view.queue.changed
        assert changed is not None
        assert changed.key == "queue.changed.new_first"
        rig.key("Home")
        assert rig.view.queue.changed is None
        rig.key("F5")
        rows = rig.view.queue.rows
        assert all(len(row.items) == 1 for row in rows)
        rig.key("F3")
        assert rig.view.entry is not None
        rig.window.frame.keypad.field.setText("c-now")  # type: ignore[union-attr]
        rig.key("Enter")
        assert [row.order_id for row in rig.view.queue.rows] == ["C-NOW"]
    finally:
        rig.close()


def _soon() -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=2)


def _row(order: Order, rev: int = 1) -> Row:
    body = msgspec.to_builtins(OrderBody(order=order, bench=BENCH))
    return Row("order", order.order_id, rev, "put", body)


def test_the_fast_lane_from_item_to_scanned_label(folder: Path) -> None:
    rig = FlowRig(folder, made("S-2", "0*1", 0.6), made("S-1", "0*1", 0.4), made("M-1", "0*2", 0.1))
    try:
        rig.key("F6")
        assert (rig.view.screen, rig.said()) == (Screen.FAST, "Scan any item")
        rig.item()
        rig.until(lambda view: bool(view.fast and view.fast.step == "weigh"))
        assert (rig.order(), rig.said()) == ("S-1", "Put it on the scale")
        rig.close_parcel()
        rig.until(lambda view: bool(view.fast and view.fast.step == "scan"))
        assert [done.order_id for done in rig.view.fast.last] == ["S-1"]  # type: ignore[union-attr]
        assert "parcel_complete" in rig.heard

        def sure(one: Product, units: int, box: Carton) -> int:
            return (one.weight_g or 100) * units + box.tare_g

        rig.opened.station.core.sure = sure
        rig.item()
        rig.until(lambda view: bool(view.fast and view.fast.step == "stick"))
        assert rig.said() == "Stick the label, then scan it"
        rig.scan_for("LP000000500CN", lambda view: view.alert is not None)
        assert rig.heard[-1] == "wrong_label"
        rig.key("F4")
        rig.until(lambda view: bool(view.fast and view.fast.step == "scan"))
        weighed = [body["source"] for body in rig.facts("ParcelWeighed")]
        assert weighed == ["scale", "learned"]
        assert [body["reason"] for body in rig.facts("SessionCancelled")] == ["undo"]
        assert rig.key("Home").screen is Screen.QUEUE
    finally:
        rig.close()


def test_a_batch_of_identical_orders_each_of_them_verified(folder: Path) -> None:
    rig = FlowRig(folder, *(made(f"I-{n}", "0*1 1*1", 0.1 * n) for n in (1, 2)))
    try:
        rig.more("batch")
        assert rig.order() == "I-1"
        assert [hint.key for hint in rig.view.hints] == ["hint.batch"]
        for _ in range(2):
            rig.item(0)
            rig.item(1)
            rig.until(lambda view: view.screen is Screen.CARTONING)
            rig.close_parcel()
            rig.until(lambda view: view.screen in {Screen.SCANNING, Screen.COMPLETED})
        assert rig.view.screen is Screen.COMPLETED
        assert len(rig.facts("ItemVerified")) == 4
        assert rig.heard.count("parcel_complete") == 2
    finally:
        rig.close()


def test_a_tote_of_two_orders_and_an_order_of_two_totes(folder: Path) -> None:
    rig = FlowRig(
        folder,
        made("T-1", "0*1", 0.1, totes=("TOTE-9",)),
        made("T-2", "1*1", 0.2, totes=("TOTE-9", "TOTE-10")),
    )
    try:
        rig.scan_for("TOTE-9", lambda view: view.screen is Screen.ROWS)
        assert [row.id for row in rig.view.page_rows.rows] == ["T-1", "T-2"]  # type: ignore[union-attr]
        rig.key("2")
        assert rig.order() == "T-2"
        assert rig.view.hints[0].key == "hint.totes"
        rig.scan_for("TOTE-10", lambda view: view.hints[0].key == "hint.totes.all")
        assert [body["tote"] for body in rig.facts("ToteArrived")] == ["TOTE-9", "TOTE-10"]
    finally:
        rig.close()


def test_a_parcel_of_a_cancelled_order_is_a_task_until_its_goods_are_back(folder: Path) -> None:
    rig = FlowRig(folder, made("K-1", "0*1", 0.1))
    try:
        rig.scan_for("K-1", lambda view: view.screen is Screen.SCANNING)
        rig.item()
        rig.until(lambda view: view.screen is Screen.CARTONING)
        rig.close_parcel()
        rig.until(lambda view: view.screen is Screen.COMPLETED)
        number = rig.opened.station.core.session.parcel.label.waybill  # type: ignore[union-attr]
        rig._posted.put(RowsPulled((_row(made("K-1", "0*1", 0.1, status="cancelled"), 2),), "c", 1))
        rig.until(lambda _: bool(rig.opened.station.core.desk.flow.tasks))
        rig.key("Home", "F4")
        assert rig.said() == f"Scan the label of parcel {number}"
        for code, key in ((number, "task.scan.unpack"), ("TOTE-1", "task.scan.restock")):
            rig.scan_for(code, lambda view, key=key: _todo(view) == key)  # type: ignore[misc]
        rig.scan_for("SHELF-3", lambda view: bool(view.page_rows and not view.page_rows.rows))
        assert len(rig.facts("TaskClosed")) == 3
        assert rig.heard.count("line_complete") >= 3
    finally:
        rig.close()


def _todo(view: StationView) -> str:
    page = view.page_rows
    return page.todo.key if page and page.todo else ""


def test_a_shift_and_the_history_of_an_order(folder: Path) -> None:
    rig = FlowRig(folder, made("H-1", "0*1", 0.1))
    try:
        rig.more("shift-start")
        assert rig.view.page_rows is not None
        assert rig.view.page_rows.name == "shift-start"
        assert rig.key("Enter").screen is Screen.QUEUE
        rig.scan_for("H-1", lambda view: view.screen is Screen.SCANNING)
        rig.item()
        rig.until(lambda view: view.screen is Screen.CARTONING)
        rig.close_parcel()
        rig.until(lambda view: view.screen is Screen.COMPLETED)
        number = rig.opened.station.core.session.parcel.label.waybill  # type: ignore[union-attr]
        rig.more("history")
        rig.scan_for(number, lambda view: view.screen is Screen.ROWS)
        assert rig.said() == "History of H-1"
        said = {row.words.key for row in rig.view.page_rows.rows if row.words}
        assert {"hist.SessionOpened", "hist.LabelApplied", "hist.SessionCompleted"} <= said
        scans = [row.note for row in rig.view.page_rows.rows if row.note]
        assert any(note.key == "hist.by_on" for note in scans)
        rig.more("shift-end")
        rig.key("Enter")
        ended = rig.facts("ShiftEnded")[0]
        assert (ended["printed"], ended["noted"]) == (1, False)
        rig.sound()
    finally:
        rig.close()
