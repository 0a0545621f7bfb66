"""Tasks at the bench: raised by facts and pulled rows, listed, closed by a scan.

They are facts of the bench, so they survive a restart and reach the server like all others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from packstation.domain import tasks as t
from packstation.domain.conflicts import DUPLICATE, RELABEL
from packstation.domain.conflicts import ROW as CONFLICT
from packstation.domain.events import Event, decode
from packstation.domain.packing import Session, State
from packstation.domain.packing.facts import (
    Fact,
    LabelApplied,
    LabelIssued,
    LabelVoided,
    PrintStarted,
    SessionCancelled,
)
from packstation.domain.packing.session import Parcel
from packstation.domain.packing.task_facts import TaskClosed, TaskRaised
from packstation.station.answers import requirement_answers
from packstation.station.core import Core
from packstation.station.elsewhere import foreign
from packstation.station.ports import Row, RowsPulled
from packstation.station.views import VerdictView, Words

PAGE: Final = "tasks"
# Cause of a task: the order was cancelled while it was parked.
LEFT: Final = "parked"
# What may be a shelf's or a tote's code; anything else may be anything and stays out of facts.
_PLACE: Final = re.compile(r"[\w./-]{1,32}")


# The printer has taken bytes of it.
_SENT: Final = frozenset({"PrintAdvanced", "DocumentPrinted", "PrintUncertain"})


class Tasks:
    """Keeps the open tasks of the bench in ``desk.flow.tasks``."""

    def __init__(self, core: Core) -> None:
        self._core = core

    @property
    def open(self) -> Mapping[str, TaskRaised]:
        """By id, the oldest first."""
        return self._core.desk.flow.tasks

    def recover(self) -> None:
        """What is open is in the journal."""
        kinds = [TaskRaised.__name__, TaskClosed.__name__]
        events = self._core.store.bench_events(kinds)
        facts = [decode(event.kind, event.v, event.body) for event in events]
        flow = self._core.desk.flow
        flow.tasks = t.open_tasks(facts)
        flow.raised = frozenset(
            key for fact in facts if isinstance(fact, TaskRaised) for key in _keys(fact)
        )

    # --- raised ---------------------------------------------------------------------------

    def told(self, facts: tuple[Fact, ...]) -> None:
        """Void after print, cancelled with goods in a box, a new label on the parcel."""
        for fact in facts:
            self._fold(fact)
        for fact in facts:
            match fact:
                case LabelVoided(waybill=waybill) if waybill:
                    self._voided(waybill)
                # Taken back at once: the thing is still in the hand.
                case SessionCancelled(reason="undo"):
                    pass
                case SessionCancelled():
                    self._cancelled(fact)
                case LabelApplied():
                    self._relabelled(fact.waybill)

    def _fold(self, fact: Fact) -> None:
        flow = self._core.desk.flow
        flow.tasks = t.after(flow.tasks, fact)
        if isinstance(fact, TaskRaised):
            flow.raised |= _keys(fact)

    def _raise(self, kind: str, order_id: str, code: str, units: int, cause: str) -> None:
        """Once for each parcel: a row that is pulled again raises nothing."""
        core = self._core
        if t.BY_ITS_CODE & {kind} and (kind, code) in core.desk.flow.raised:
            return
        core.record(
            TaskRaised(
                task=core.ids.new(),
                kind=kind,
                order_id=order_id,
                code=code,
                units=units,
                cause=cause,
            )
        )

    def _voided(self, waybill: str) -> None:
        """A label that may have come out sticks on a box, or will."""
        core = self._core
        if _may_be_out(core.store.session_events(core.session_id)):
            self._raise("relabel", core.session.order_id, waybill, 0, "voided")

    def _cancelled(self, fact: SessionCancelled) -> None:
        """Goods that lie in a box or a tote go back; parcels that were closed are pulled."""
        session = self._core.session
        for parcel in session.parcels:
            self._pull(session, parcel, "cancelled")
        open_box = session.parcel if session.parcels and not session.parcel.applied else None
        units = sum(item.units for item in open_box.contents) if open_box else 0
        if not units:
            return
        place = fact.tote if _PLACE.fullmatch(fact.tote) else ""
        kind = "restock" if place else "unpack"
        self._raise(kind, session.order_id, place, units, "cancelled")

    def _pull(self, session: Session, parcel: Parcel, cause: str) -> None:
        if parcel.applied and parcel.label is not None and parcel.label.live:
            units = sum(item.units for item in parcel.contents)
            self._raise("pull_parcel", session.order_id, parcel.label.waybill, units, cause)

    def rows(self, report: RowsPulled) -> None:
        """What was packed here must not leave: cancelled, or a unit that may not be sold."""
        for row in report.rows:
            if row.t == "requirement" and row.op == "put":
                self._refused(row)
            if row.t == CONFLICT and row.op == "put":
                self._conflict(row)
            order = row.body.get("order") if row.t == "order" and row.op == "put" else None
            if isinstance(order, Mapping) and order.get("status") == "cancelled":
                self._stopped(row.id)

    def _conflict(self, row: Row) -> None:
        """A parcel that was packed here is another bench's, or its label is of an older order."""
        store = self._core.store
        if row.body.get("station") != store.head().station or not store.session_events(row.id):
            return
        session = self._core.load(row.id)
        for parcel in session.parcels:
            if row.body.get("kind") == DUPLICATE:
                self._pull(session, parcel, "duplicate")
            elif row.body.get("kind") == RELABEL and parcel.label and parcel.label.live:
                self._raise("relabel", session.order_id, parcel.label.waybill, 0, "changed")

    def _refused(self, row: Row) -> None:
        """A site that does not wait for the marketplace may hear its no when all is packed."""
        told = requirement_answers(row.body)
        values = {(one.sku, one.kind, one.value) for one in told if one.outcome == "refused"}
        session_id = self._core.store.last_session(row.id) if values else ""
        if not session_id:
            return
        session = self._core.load(session_id)
        for parcel in session.parcels:
            inside = {(i.sku, one.kind, one.value) for i in parcel.contents for one in i.given}
            if inside & values:
                self._pull(session, parcel, "refused")

    def _stopped(self, order_id: str) -> None:
        session_id = self._core.store.last_session(order_id)
        session = self._core.load(session_id) if session_id else None
        if session is None or session.state not in {State.COMPLETED, State.PARKED}:
            return
        for parcel in session.parcels:
            self._pull(session, parcel, "cancelled")
        if session.state is State.PARKED and foreign(self._core, order_id) is None:
            self._left(session)

    def _left(self, session: Session) -> None:
        """Goods of an order that was put aside here and is cancelled: back to the shelf, once."""
        units = sum(
            item.units
            for parcel in session.parcels
            if not parcel.applied
            for item in parcel.contents
        )
        if units and (LEFT, session.order_id) not in self._core.desk.flow.raised:
            self._raise("restock", session.order_id, session.place, units, LEFT)

    def returned(self, code: str) -> None:
        """A parcel that came back, by its number or its order's: its goods go back to the shelf."""
        core = self._core
        row = core.cache.order(code) or next(iter(core.cache.orders_of_code(code)), None)
        session_id = core.store.last_session(row.order.order_id) if row else None
        session = core.load(session_id) if session_id else None
        if session is None or session.state is not State.COMPLETED:
            core.refuse("task.not_packed", code_kind="typed", text=code[:64])
            return
        boxes = [p for p in session.parcels if p.label is not None and p.label.waybill == code]
        packed = sum(item.units for p in boxes or session.parcels for item in p.contents)
        self._raise("unpack", session.order_id, "", packed, "returned")
        core.desk.earcon = "ok"

    # --- closed ---------------------------------------------------------------------------

    def _relabelled(self, waybill: str) -> None:
        """A new label on the box is what the task was about."""
        order_id = self._core.session.order_id
        for task in tuple(self.open.values()):
            if task.kind == "relabel" and task.order_id == order_id and task.code != waybill:
                self._core.record(TaskClosed(task=task.task, code=waybill, by="label"))

    def of_code(self, code: str) -> TaskRaised | None:
        """The task that this very code closes, whatever is on screen."""
        named = (task for task in self.open.values() if task.kind in t.BY_ITS_CODE)
        return next((task for task in named if t.closes(task, code)), None)

    def scanned(self, code: str, chosen: str) -> bool:
        """Close what this code closes; ``chosen`` is the task that a person has picked."""
        task = self.of_code(code) or self.open.get(chosen)
        if task is None:
            return False
        if not t.closes(task, code) or not _PLACE.fullmatch(code):
            self._core.refuse(f"task.{task.kind}", code_kind="task", text=code[:64])
            return True
        follows = t.following(task, code, self._core.ids.new())
        closed = TaskClosed(task=task.task, code=code)
        self._core.record(*((closed, follows) if follows else (closed,)))
        desk = self._core.desk
        desk.alert, desk.earcon = None, "line_complete"
        desk.verdict = VerdictView("ok", Words(f"task.done.{task.kind}"))
        page = desk.flow.page
        if page.name == PAGE:
            desk.flow.page = page.about_task(follows.task if follows else "")
        return True


def _keys(fact: TaskRaised) -> frozenset[tuple[str, str]]:
    """What tells that such a task was raised already: by its code, or by its order."""
    left = {(LEFT, fact.order_id)} if fact.cause == LEFT else set()
    return frozenset({(fact.kind, fact.code), *left})


def _may_be_out(events: Sequence[Event]) -> bool:
    """Whether paper of the label issued last may exist: it was begun, and did not fail unsent."""
    begun = sent = False
    for event in events:
        if event.kind == LabelIssued.__name__:
            begun = sent = False
        if event.body.get("document") != "label":
            continue
        begun = (begun or event.kind == PrintStarted.__name__) and event.kind != "PrintFailed"
        sent = sent or event.kind in _SENT
    return begun or sent
