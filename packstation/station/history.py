"""An order's history: who did what, when, on which device, here and at other benches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from packstation.domain.events import Event
from packstation.domain.packing.task_facts import TaskClosed, TaskRaised
from packstation.domain.passing import Told
from packstation.station.core import Core
from packstation.station.elsewhere import trail
from packstation.station.flow_state import Page
from packstation.station.lineup import instant
from packstation.station.verdicts import REJECTIONS
from packstation.station.viewing.frame import local_time
from packstation.station.views import ListRow, Words

PAGE: Final = "history"
FILTERS: Final = ("all", "items", "box", "label", "stops")

# Kind of fact -> (group, icon, tone); what is not here stays out of the timeline.
_KINDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "SessionOpened": ("items", "document", "now"),
    "SessionTakenOver": ("items", "tote", "now"),
    "ToteArrived": ("items", "tote", ""),
    "ItemVerified": ("items", "check", "ok"),
    "ItemRejected": ("stops", "warn", "warn"),
    "ItemRemoved": ("items", "undo", ""),
    "ItemShorted": ("stops", "warn", "warn"),
    "ContentsVerified": ("items", "check", "ok"),
    "ParcelSplit": ("box", "box", ""),
    "CartonAssigned": ("box", "box", ""),
    "ParcelWeighed": ("box", "scale", "ok"),
    "WeightDisputed": ("stops", "warn", "warn"),
    "WeightTraced": ("box", "scale", ""),
    "ParcelReopened": ("box", "box", "warn"),
    "ParcelMeasured": ("box", "box", ""),
    "ServiceSelected": ("label", "truck", ""),
    "LabelIssued": ("label", "label", "ok"),
    "LabelRefused": ("stops", "warn", "stop"),
    "LabelUnresolved": ("stops", "warn", "warn"),
    "LabelVoidRequested": ("label", "label", "warn"),
    "LabelVoided": ("label", "label", "warn"),
    "LabelVoidRefused": ("stops", "warn", "warn"),
    "PrintStarted": ("label", "printer", ""),
    "DocumentPrinted": ("label", "printer", "ok"),
    "PrintFailed": ("stops", "printer", "stop"),
    "PrintUncertain": ("stops", "printer", "warn"),
    "ReprintRequested": ("label", "printer", "warn"),
    "LabelApplied": ("label", "check", "ok"),
    "LabelMismatched": ("stops", "warn", "stop"),
    "ParcelOpened": ("box", "box", ""),
    "ParcelLoaded": ("label", "truck", ""),
    "ParcelUnloaded": ("stops", "truck", "warn"),
    "ParcelTendered": ("label", "truck", "ok"),
    "CartonMarked": ("label", "label", "ok"),
    "CartonStacked": ("box", "box", ""),
    "CartonUnstacked": ("box", "box", "warn"),
    "PalletClosed": ("box", "scale", "ok"),
    "ConsignmentClosed": ("label", "truck", "ok"),
    "SessionCompleted": ("items", "check", "ok"),
    "SessionParked": ("stops", "tote", "warn"),
    "SessionHeld": ("stops", "hold", "stop"),
    "SessionResumed": ("items", "next", "now"),
    "OverrideGranted": ("stops", "person", "warn"),
    "SessionCancelled": ("stops", "hold", "stop"),
    "SessionReopened": ("stops", "person", "warn"),
    "InputRefused": ("stops", "warn", "warn"),
    "PhotoTaken": ("box", "camera", "ok"),
    "PhotoMissed": ("stops", "camera", "warn"),
    "VideoKept": ("box", "camera", "ok"),
    "VideoMissed": ("stops", "camera", "warn"),
    "TaskRaised": ("stops", "warn", "warn"),
    "TaskClosed": ("items", "check", "ok"),
}
# Kind of fact -> the words of its reason or cause, where these have some.
_WHY: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "ItemRejected": lambda body: f"hist.why.{body.get('reason')}",
    "OverrideGranted": lambda body: f"reason.{body.get('reason')}",
    "SessionReopened": lambda body: f"reason.{body.get('reason')}",
    "SessionHeld": lambda body: f"hist.held.{body.get('reason')}",
    "TaskRaised": lambda body: f"task.todo.{body.get('kind')}",
}
# Files and what becomes of them.
_FILES: Final = frozenset({"PhotoTaken", "VideoKept"})
_MISSED: Final = frozenset({"PhotoMissed", "VideoMissed"})
_SENT: Final = "EvidenceSent"
_MOVES: Final = (_SENT, "EvidenceDropped")
HELD: Final = frozenset(
    {
        "cancelled",
        "changed",
        "server",
        "person",
        "missing_item",
        "missing_data",
        "label_refused",
        "no_service",
        "weight",
    }
)
_PRINTS: Final = frozenset(
    {"PrintStarted", "DocumentPrinted", "PrintFailed", "PrintUncertain", "ReprintRequested"}
)
PAPERS: Final = frozenset({"label", "cn22", "invoice", "packing_list"})
REASONS: Final = frozenset("checked weight_ok packaging customer_agreed no_scale other".split())


class History:
    """Finds an order by its number, a tote or a waybill, and tells what became of it here."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._places: Mapping[str, str] = {}

    def show(self, code: str) -> bool:
        """Open the page for what ``code`` leads to; False where nothing is known of it."""
        order_id = self._order_of(code.strip())
        if not order_id:
            return False
        flow = self._core.desk.flow
        flow.history = tuple(self._rows(order_id))
        self._core.desk.page = PAGE
        flow.page = Page(PAGE, about=order_id)
        return True

    def _order_of(self, code: str) -> str:
        core = self._core
        if core.cache.order(code) is not None or core.store.last_session(code):
            return code
        rows = core.cache.orders_of_code(code)
        packed = [row for row in rows if core.store.last_session(row.order.order_id)]
        found = next(iter(packed or rows), None)
        return found.order.order_id if found else ""

    def _rows(self, order_id: str) -> list[tuple[str, ListRow]]:
        core = self._core
        events = core.store.order_events(order_id)
        self._places = self._places_of(order_id, events)
        own = [*events, *self._tasks(order_id)]
        known = {event.id for event in own}
        there = trail(core, order_id)
        others = [one for one in (there.told if there else ()) if one.id not in known]
        told = [*map(_told, own), *others]
        told.sort(key=lambda one: one.at)
        told = _traces_in_place(told)
        people = {person.badge: person.name for person in core.cache.people()}
        shown = [one for one in told if one.kind in _KINDS and not _beside(one)]
        return [(_KINDS[one.kind][0], self._row(one, people)) for one in shown]

    def _tasks(self, order_id: str) -> list[Event]:
        """Tasks are facts of the bench that name the order, or a task that does."""
        store = self._core.store
        raised = store.events_about([TaskRaised.__name__], "order_id", [order_id])
        names = [str(event.body.get("task")) for event in raised]
        closed = store.events_about([TaskClosed.__name__], "task", names) if names else ()
        # Those that a label or a cancellation closed stand in the order's own stream already.
        own = {event.id for event in store.order_events(order_id)}
        return [event for event in (*raised, *closed) if event.id not in own]

    def _places_of(self, order_id: str, events: Iterable[Event]) -> Mapping[str, str]:
        """Where the photos and films of an order are by now, by their hash."""
        kept = {str(e.body["sha256"]): "here" for e in events if e.kind in _FILES}
        # An order without any spares the search.
        store = self._core.store
        moves = store.events_about(_MOVES, "sha256", kept, since=order_id) if kept else ()
        for event in moves:
            sha256 = str(event.body.get("sha256"))
            kept[sha256] = "both" if event.kind == _SENT else _gone(event.body)
        return kept

    def _row(self, event: Told, people: Mapping[str, str]) -> ListRow:
        core = self._core
        _, icon, tone = _KINDS[event.kind]
        at = instant(event.at, core.clock.now())
        body = event.body
        device = str(body.get("scanner") or body.get("printer") or "")
        who = people.get(event.actor, event.actor)
        parts = (("who", who or "—"), ("dev", core.desk.device_name(device)))
        key = "hist.by_on" if device else "hist.by"
        if event.bench:
            # Its devices have names only there.
            parts, key, device = (parts[0], ("b", event.bench)), "hist.by_at", event.bench
        return ListRow(
            icon=icon,
            at=f"{_day(core, at)}{local_time(core, at)}",
            words=Words(f"hist.{event.kind}", _args(body, people)),
            detail=_why(event, self._places),
            note=Words(key, parts[: 2 if device else 1]),
            tone=tone,
        )


def _told(event: Event) -> Told:
    """A fact of this bench, as those of others are told."""
    return Told(id=event.id, kind=event.kind, at=event.at, actor=event.actor, body=event.body)


def _traces_in_place(events: list[Told]) -> list[Told]:
    """A trace is written when its parcel's label is on, and stands before that."""
    for trace in [event for event in events if event.kind == "WeightTraced"]:
        place = events.index(trace)
        labels = [n for n, event in enumerate(events[:place]) if event.kind == "LabelApplied"]
        events.insert(labels[-1] if labels else place, events.pop(place))
    return events


def _beside(event: Told) -> bool:
    """A refusal while the order was not on the bench is about something else."""
    state = event.body.get("state")
    return event.kind == "InputRefused" and state in {"idle", "completed", "parked", "cancelled"}


def _day(core: Core, at: datetime) -> str:
    here = at.astimezone(core.zone).date()
    return "" if here.isoformat() == core.today() else here.strftime("%d.%m ")


def _args(body: Mapping[str, Any], people: Mapping[str, str]) -> tuple[tuple[str, str | int], ...]:
    """What words may say of a fact: its plain values, people by name, and the price in one."""
    found = {name: value for name, value in body.items() if isinstance(value, str | int)}
    if isinstance(by := found.get("by"), str):
        found["by"] = people.get(by, by)
    price = body.get("price")
    if isinstance(price, Mapping):
        found["price"] = f"{price.get('amount')} {price.get('currency')}"
    if points := body.get("points"):
        found["points"] = " → ".join(str(grams) for _, grams in points)
    return tuple(found.items())


def _gone(body: Mapping[str, Any]) -> str:
    """A file that made room is on the server still; one that was kept long enough is nowhere."""
    return "server" if body.get("sent") and body.get("why") != "age" else "gone"


def _why(event: Told, places: Mapping[str, str]) -> Words | None:
    if event.kind in _FILES:
        # What another bench has is not known here.
        place = places.get(str(event.body.get("sha256")), "")
        return Words(f"hist.file.{place}") if place else None
    if event.kind in _MISSED:
        return Words(str(event.body.get("cause")))
    if event.kind in _PRINTS:
        document = str(event.body.get("document"))
        return Words(f"paper.{document}") if document in PAPERS else None
    why = _WHY.get(event.kind)
    if why is None:
        return None
    reason = str(event.body.get("reason") or "")
    if event.kind == "ItemRejected":
        return Words(f"hist.why.{reason}") if reason in REJECTIONS else None
    known = {"SessionHeld": HELD, "TaskRaised": {reason}}.get(event.kind, REASONS)
    return Words(why(event.body)) if reason in known else None
