"""The frame: who, which order, which devices, when it must leave, which commands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from packstation.domain.deadlines import late_cost
from packstation.domain.orders import Order
from packstation.domain.packing import State
from packstation.domain.packing.session import Line
from packstation.domain.person_settings import SETTINGS, value_of
from packstation.domain.printers import BenchPrinter
from packstation.domain.weights import ScaleState
from packstation.station.core import Core
from packstation.station.desk import DeviceRecord
from packstation.station.pictures import language, product_view
from packstation.station.plans import kits_of
from packstation.station.ports import DeviceState
from packstation.station.viewing.money import money
from packstation.station.views import (
    CommandView,
    DeadlineView,
    DeviceView,
    LineView,
    OrderView,
    PersonView,
    ScaleView,
    SyncView,
    Words,
)

# A bench that reaches its server is told its site well within this.
SITE_TOLD: Final = timedelta(seconds=3)
KEYS: Final[Mapping[str, str]] = {
    "undo": "F4",
    "next-parcel": "F5",
    "short": "F6",
    "hold": "F8",
    "help": "F1",
    "carton": "F3",
    "own-box": "F6",
    "accept": "Enter",
    "open": "F4",
    "park": "F6",
    "service": "F7",
    "reprint": "F9",
    "void": "F10",
    "manual": "F2",
    "supervisor": "F12",
    "reopen": "F4",
    "test-label": "F4",
    "printer": "F7",
    "camera": "F3",
    "volume-test": "F5",
    "test-card": "F6",
    "back": "Esc",
    "yes": "1",
    "no": "2",
    "add-device": "F3",
    "device-edit": "F2",
    "device-replace": "F6",
    "device-remove": "F10",
    "accept-device": "F8",
    "find": "F3",
    "filter": "F5",
    "single": "F6",
    "more": "F9",
    "queue": "Home",
    "tasks": "F4",
    "history": "F7",
    "note": "F2",
    "goods-labels": "F10",
    "goods-kind": "F3",
    "person": "F11",
    "training": "End",
    "measure": "F10",
    "forget": "F10",
    "next-row": "F5",
    "bag": "F3",
    "close-bag": "F5",
    "on-paper": "F7",
}
FOOT: Final[Mapping[State, tuple[str, ...]]] = {
    State.SCANNING: ("undo", "next-parcel", "short", "hold", "help"),
    State.CARTONING: ("carton", "accept", "open", "hold", "own-box", "help"),
    State.WEIGHING: ("carton", "open", "hold", "help"),
    State.MEASURING: ("carton", "accept", "hold", "help"),
    State.RATING: ("service", "hold", "help"),
    State.LABELLING: ("void", "hold", "help"),
    State.PRINTING: ("reprint", "void", "hold", "help"),
    State.CONFIRMING: ("reprint", "void", "hold", "help"),
    State.COMPLETED: ("reopen", "help"),
    State.PARKED: ("supervisor", "help"),
}
PLAIN: Final = frozenset(
    {
        "goods-labels",
        "goods-kind",
        "own-box",
        "person",
        "accept",
        "help",
        "test-label",
        "volume-test",
        "test-card",
        "back",
        "add-device",
        "device-edit",
        "device-replace",
        "device-remove",
        "accept-device",
        "camera",
        "queue",
        "training",
        "forget",
    }
)
# Another device than the one that belongs there waits to be accepted.
OTHER: Final = "device.other"
WARN_S, STOP_S = 4 * 3600, 30 * 60
# What goes on without a device, by its kind.
STILL: Final[Mapping[str, tuple[str, ...]]] = {
    "scanner": ("weigh", "rate", "print"),
    "badge": ("scan", "weigh", "print"),
    "pedal": ("scan", "weigh", "print"),
    "light": ("scan", "weigh", "print"),
    "scale": ("scan", "rate", "print"),
    "label": ("scan", "weigh", "rate"),
    "papers": ("scan", "weigh", "rate"),
}


def commands(*names: str) -> tuple[CommandView, ...]:
    """Commands as the foot shows them."""
    return tuple(
        CommandView(
            name, KEYS[name], Words(f"cmd.{name.replace('-', '_')}"), coded=name not in PLAIN
        )
        for name in names
    )


def person(core: Core) -> PersonView:
    """Who is packing."""
    row = core.desk.person
    if row is None:
        return PersonView(bench=core.desk.bench, muted=core.desk.muted)
    mine = {one.name: value_of(one, row.language, row.prefs) for one in SETTINGS}
    return PersonView(
        name=row.name,
        initials=_initials(row.name),
        bench=core.desk.bench,
        role=row.role,
        badge=row.badge,
        language=row.language,
        theme=mine["theme"],
        text_percent=int(mine["text_percent"]),
        left_handed=mine["left_handed"] == "yes",
        muted=core.desk.muted,
        sounds=mine["sounds"],
        volume=int(mine["volume"]),
        still=mine["still"] == "yes",
    )


def _initials(name: str) -> str:
    words = name.split()
    if len(words) < 2:
        return name[:1]
    return f"{words[0][:1]}{words[-1][:1]}"


def order(core: Core, document: Order) -> OrderView:
    """Identity of the open order; no buyer's name."""
    session = core.session
    return OrderView(
        order_id=document.order_id,
        channel=document.channel.capitalize(),
        city=document.ship_to.city,
        country=document.ship_to.country,
        tote=session.tote,
        parcel=len(session.parcels),
        parcels=len(session.parcels),
        units_done=sum(line.done for line in session.lines),
        units_total=sum(line.plan.quantity for line in session.lines),
        lines_done=sum(line.due == 0 for line in session.lines),
        lines_total=len(session.lines),
    )


def lines(core: Core) -> tuple[LineView, ...]:
    """All lines in order, never re-sorted; over the parts of a kit stands the kit."""
    session = core.session
    shown: list[LineView] = []
    for line in session.lines:
        number = line.plan.of
        if number and all(one.line != number for one in shown):
            shown.append(_kit(core, line))
        shown.append(_line(core, line, session.current))
    return tuple(shown)


def _kit(core: Core, part: Line) -> LineView:
    """The kit that is sold: how many of it are whole."""
    plan, lines = part.plan, core.session.lines
    done = {line.plan.line: line.done for line in lines}
    whole = kits_of(core.session, plan.of, lambda line: done[line])
    return LineView(
        line=plan.of,
        product=product_view(core, plan.kit),
        due=plan.kits - whole,
        done=whole,
        total=plan.kits,
        state="done" if whole == plan.kits else "kit",
    )


def _line(core: Core, line: Line, current: Line | None) -> LineView:
    state = "current" if line is current else "due"
    if line.due == 0:
        state = "short" if line.shorted else "done"
    return LineView(
        line=line.plan.line,
        product=product_view(core, line.plan.sku),
        due=line.due,
        done=line.done,
        total=line.plan.quantity,
        state=state,
        parcel=_left_in(core, line),
        part=bool(line.plan.of),
    )


def _left_in(core: Core, line: Line) -> int | None:
    closed = core.session.parcels[:-1]
    numbers = [n for n, parcel in enumerate(closed, 1) if parcel.units(line.plan.line)]
    return numbers[-1] if numbers and line.due == 0 else None


def scale(core: Core) -> ScaleView:
    """The readout; never a number in FAULT, the age always known."""
    desk, session = core.desk, core.session
    record = next((d for d in desk.devices.values() if d.info.kind == "scale"), None)
    if record is None or record.state is DeviceState.OFF:
        return ScaleView("NO_SCALE")
    reading = desk.reading
    if record.state is not DeviceState.OK or reading is None:
        asleep = record.state is DeviceState.ASLEEP or reading is None
        return ScaleView("ASLEEP" if asleep and record.state is not DeviceState.FAULT else "FAULT")
    age = (core.clock.mono_ns() - desk.reading_ns) // 1_000_000
    taken = session.parcel.gross_g if session.live and session.parcels else None
    grams = taken if taken is not None else reading.shown_grams
    hidden = reading.state in {ScaleState.FAULT, ScaleState.NOT_READY}
    return ScaleView(
        state=str(reading.state),
        grams=None if hidden and taken is None else grams,
        value="" if grams is None else str(grams),
        unit="g",
        net=reading.net,
        taken=taken is not None,
        age_ms=age,
        stability=reading.stability,
        stale=desk.stale and taken is None,
    )


def devices(core: Core) -> tuple[DeviceView, ...]:
    """Lamps and cards."""
    return tuple(_device(record, core) for record in core.desk.devices.values())


def _device(record: DeviceRecord, core: Core) -> DeviceView:
    trouble = record.state in {DeviceState.FAULT, DeviceState.OFF}
    still = STILL.get(record.info.kind, ()) if trouble else ()
    return DeviceView(
        **_of_printer(record.info.id, core),
        id=record.info.id,
        kind=record.info.kind,
        name=record.info.name,
        state=str(record.state),
        detail=record.info.detail,
        cause=Words(record.cause, record.args) if record.cause else None,
        cure=Words(f"{record.cause}.cure", record.args) if record.cause and trouble else None,
        still=tuple(Words(f"dev.still.{name}") for name in still),
        since=record.since,
        last=printable(record.raw),
        last_at=record.seen_at or record.since,
        actions=record.actions,
    )


def _of_printer(device: str, core: Core) -> dict[str, Any]:
    """What a printer's card shows beside its state."""
    desk = core.desk.printing
    row = desk.table.printer(device)
    if row is None:
        return {}
    documents = desk.table.carried_by(row.id)
    return {
        "stock": row.stock.name,
        "dpi": row.stock.dpi,
        "language": row.stock.language,
        "documents": documents,
        "chosen": tuple(d for d in documents if desk.target(d) is row),
        "confirmed": desk.is_proven(row),
        "printed": desk.out.get(row.id, 0),
        "roll_left": desk.left(row),
        "roll_low": desk.low(row),
        "queue": desk.queues.get(row.id, ()),
        "note": printer_note(core, row),
    }


def printer_note(core: Core, row: BenchPrinter) -> Words | None:
    """One calm line: labels of another length, who prints before, or how far the roll is."""
    desk, name = core.desk.printing, core.desk.device_name(row.id)
    measured = desk.lengths.get(row.id, 0)
    if measured and not row.stock.is_length(measured):
        found = round(row.stock.media.mm(measured))
        return Words("printer.length", (("found", found), ("stock", row.stock.name)))
    waiting = [(bench, jobs) for bench, jobs in desk.queues.get(row.id, ()) if jobs]
    if waiting:
        bench, jobs = waiting[0]
        return Words("printer.queue", (("n", jobs), ("bench", bench)), jobs)
    left = desk.left(row)
    if left is None or not desk.low(row):
        return None
    return Words("roll.low", (("n", left), ("printer", name)), left)


def note(core: Core) -> Words | None:
    """What a calm line on the stage says of the printer that labels go to."""
    row = core.desk.printing.target("label")
    return printer_note(core, row) if row else None


def printable(raw: bytes) -> str:
    """Bytes as text, controls spelled out."""
    return raw.decode("latin-1").encode("unicode_escape").decode("ascii")


def sync(core: Core) -> SyncView:
    """Synced, sending or offline, and how many labels can still be issued."""
    desk = core.desk
    pooled = [p for p in core.services if p.numbers == "pool"]
    left = sum(core.pool.left(p.carrier, p.service, core.today()) for p in pooled)
    state = "offline" if not desk.online else "sending" if desk.waiting else "synced"
    return SyncView(state, desk.waiting, desk.offline_since, left if pooled else None)


def deadline(core: Core, document: Order) -> DeadlineView | None:
    """When it must leave, and what lateness costs."""
    due = document.handover()
    if due is None:
        return None
    left = int((due.at - core.clock.now()).total_seconds())
    cost = late_cost(due)
    saves = due.cost_now is not None and due.cost_now.amount < 0
    return DeadlineView(
        at=due.at,
        local=local_time(core, due.at),
        seconds_left=left,
        cost=money(cost),
        level=_level(left, late_costs=bool(cost and cost.amount > 0), saves=saves),
    )


def _level(left: int, *, late_costs: bool, saves: bool) -> str:
    if left < STOP_S:
        return "stop"
    if left < WARN_S:
        return "warn"
    if saves:
        return "saves"
    return "warn" if late_costs and left < 2 * WARN_S else "calm"


def local_time(core: Core, at: datetime) -> str:
    """Clock time at the site."""
    return at.astimezone(core.zone).strftime("%H:%M")


def wall_time(core: Core) -> str:
    """What a clock on the wall of the site says.

    Before the site is known, once in a bench's life, that is the machine's own time; not at once,
    for the site is about to be told, and a clock that jumps by hours is worse than none.
    """
    now = core.clock.now()
    if core.placed:
        return local_time(core, now)
    return "" if now - core.begun < SITE_TOLD else now.astimezone().strftime("%H:%M")


def name_language(core: Core) -> str:
    """Language of product and service names."""
    return language(core).split("_", maxsplit=1)[0]
