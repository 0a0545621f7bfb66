"""Pages of rows over the queue: choices, tasks, shift pages, the history of an order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from packstation.domain.packing.task_facts import TaskRaised
from packstation.domain.scale_health import Due
from packstation.domain.tasks import BY_ITS_CODE
from packstation.station import choosing, elsewhere, history, shift, tasks
from packstation.station.core import Core
from packstation.station.lineup import late_orders, lined, parked, shown, startable
from packstation.station.opening import last_state
from packstation.station.people import MAY_RELEASE
from packstation.station.scale_checks import ScaleChecks
from packstation.station.viewing import frame
from packstation.station.viewing.idle import moment
from packstation.station.viewing.money import money
from packstation.station.views import CommandView, FilterView, ListRow, ListView, Words

MORE: Final = "more"
MENU: Final = (
    ("tasks", "bell"),
    ("history", "clock"),
    ("batch", "queue"),
    ("returned", "undo"),
    ("goods-labels", "label"),
    ("my-settings", "person"),
    ("measure", "scale"),
    ("shift-start", "house"),
    ("shift-end", "lock-closed"),
    ("handover", "truck"),
    ("consignment", "box"),
    ("training", "badge"),
    ("video", "camera"),
)
_FEET: Final[Mapping[str, tuple[str, ...]]] = {
    MORE: ("back", "queue", "help"),
    choosing.PAGE: ("accept", "back", "help"),
    tasks.PAGE: ("back", "queue", "help"),
    history.PAGE: ("filter", "history", "back", "help"),
    shift.START: ("accept", "tasks", "back", "help"),
    shift.END: ("accept", "note", "tasks", "back", "help"),
}


# What Enter does on a page, where it takes nothing that is proposed.
_ENTERS: Final[Mapping[str, str]] = {
    "": "cmd.open_first",
    shift.START: "more.shift-start",
    shift.END: "more.shift-end",
}


def foot(name: str) -> tuple[str, ...]:
    """The commands of a page."""
    return _FEET[name]


def said(name: str, commands: tuple[CommandView, ...]) -> tuple[CommandView, ...]:
    """The commands of a page, Enter by what it does there; the queue is no page's name."""
    if name not in _ENTERS:
        return commands
    words = Words(_ENTERS[name])
    return tuple(replace(c, words=words) if c.command == "accept" else c for c in commands)


def is_page(name: str) -> bool:
    """Whether a page of the desk is one of these."""
    return name in _FEET


def page(core: Core) -> ListView:
    """The page that the desk has open."""
    return _MAKERS[core.desk.page](core)


# --- choices -------------------------------------------------------------------------------------


def _choose(core: Core) -> ListView:
    """The orders that a code leads to: which can be packed, which cannot and why."""
    flow = core.desk.flow
    found = [row for name in flow.page.ids if (row := core.cache.order(name)) is not None]
    rows = []
    for row in found:
        order = row.order
        refusal = elsewhere.refusal(core, row)
        state = last_state(core, order.order_id)
        why = refusal or ("order.packed" if state == "packed" else "")
        due = order.handover()
        units = sum(line.quantity for line in order.lines)
        text = elsewhere.bench_of(core, row) if why == "order.at_bench" else order.order_id
        note = Words(f"no.{why}", (("text", text),)) if why else _begun(core, state)
        rows.append(
            ListRow(
                id="" if why else order.order_id,
                icon="hold" if why else "document",
                at=moment(core, due.at) if due else "",
                text=order.order_id,
                detail=Words("choose.items", (("n", units),), units),
                note=note,
                tone="warn" if why else "now" if state == "begun" else "",
            )
        )
    free = sum(bool(row.id) for row in rows)
    return ListView(
        choosing.PAGE,
        Words("choose.title", (("code", flow.page.about), ("n", len(rows))), len(rows)),
        Words("choose.todo", (("n", free),), free),
        tuple(rows),
        total=len(rows),
    )


def _begun(core: Core, state: str) -> Words | None:
    del core
    return Words("choose.begun") if state == "begun" else None


def _more(core: Core) -> ListView:
    """What else can be done here; each row is a command.

    Ten rows have the ten digits; training, the eleventh, has a key of its own everywhere (`End`),
    and whoever cannot switch films sees no row for it.
    """
    may = core.desk.person is not None and core.desk.person.role in MAY_RELEASE
    count = len(core.desk.flow.tasks)
    notes = {"tasks": Words("more.open", (("n", count),), count) if count else None}
    rows = tuple(
        ListRow(
            id=name,
            icon=icon,
            words=Words(f"more.{name}"),
            detail=Words(f"more.{name}.why"),
            note=notes.get(name),
            tone="warn" if notes.get(name) else "",
        )
        for name, icon in MENU
        if may or name != "video"
    )
    return ListView(MORE, Words("more.title"), rows=rows, total=len(rows), columns=2)


# --- tasks ---------------------------------------------------------------------------------------


def _tasks(core: Core) -> ListView:
    """What nobody must forget, the oldest first; the chosen one says what to scan."""
    flow = core.desk.flow
    chosen = flow.tasks.get(flow.page.about)
    rows = tuple(_task(task, chosen) for task in flow.tasks.values())
    todo = Words(f"task.scan.{chosen.kind}", _task_args(chosen)) if chosen else None
    if todo is None and rows:
        todo = Words("task.pick")
    return ListView(
        tasks.PAGE,
        Words("task.title", (("n", len(rows)),), len(rows)),
        todo,
        rows,
        total=len(rows),
        empty=Words("task.none"),
        tone="warn" if rows else "ok",
    )


def _task(task: TaskRaised, chosen: TaskRaised | None) -> ListRow:
    own = chosen is not None and chosen.task == task.task
    return ListRow(
        id=task.task,
        icon="label" if task.kind in BY_ITS_CODE else "tote",
        words=Words(f"task.todo.{task.kind}", _task_args(task)),
        detail=Words("task.order", (("order", task.order_id),)),
        note=Words(f"task.cause.{task.cause}"),
        tone="now" if own else "warn",
    )


def _task_args(task: TaskRaised) -> tuple[tuple[str, str | int], ...]:
    return (("code", task.code or "—"), ("n", task.units or "—"), ("order", task.order_id))


# --- shift ---------------------------------------------------------------------------------------


def _shift_start(core: Core) -> ListView:
    rows = (
        *_note_row(core),
        *_scale_rows(core),
        *_roll_rows(core),
        _numbers_row(core),
        _rates_row(core),
        _tariff_row(core),
        _age_row(core, "rule"),
        *_late_rows(core),
        *_risk_rows(core),
        _parked_row(core),
        _tasks_row(core),
        _sync_row(core),
    )
    troubled = any(row.tone in {"warn", "stop"} for row in rows)
    todo = Words("shift.begin.look" if troubled else "shift.begin")
    return ListView(
        shift.START,
        Words("shift.start.title", (("bench", core.desk.bench),)),
        todo,
        rows,
        total=len(rows),
        tone="warn" if troubled else "ok",
        columns=2,
    )


def _shift_end(core: Core) -> ListView:
    count = core.desk.flow.printed
    closed = ListRow(
        icon="truck",
        words=Words("shift.printed", (("n", count),), count),
        detail=Words("shift.printed.why"),
        tone="" if count else "ok",
    )
    rows = (_parked_row(core), closed, _tasks_row(core), _sync_row(core), *_note_row(core))
    return ListView(
        shift.END,
        Words("shift.end.title", (("bench", core.desk.bench),)),
        Words("shift.finish"),
        rows,
        total=len(rows),
        columns=2,
    )


def _note_row(core: Core) -> tuple[ListRow, ...]:
    note = core.cache.note()
    if not note:
        return ()
    return (ListRow(icon="person", words=Words("shift.note"), text=note, tone="now"),)


def _scale_rows(core: Core) -> tuple[ListRow, ...]:
    checks = ScaleChecks(core)
    rows = []
    for name, record in core.desk.devices.items():
        if record.info.kind != "scale":
            continue
        due = checks.due(name)
        rows.append(_check_row(core.desk.device_name(name), due))
    return tuple(rows)


def _check_row(name: str, due: Due) -> ListRow:
    key = f"shift.scale.{due.state}"
    return ListRow(
        icon="scale",
        words=Words(key),
        detail=None,
        text=name,
        tone="stop" if due.barred else "ok" if due.state in {"fine", "never"} else "warn",
    )


def _roll_rows(core: Core) -> tuple[ListRow, ...]:
    target = core.desk.printing.target("label")
    if target is None:
        return ()
    left = core.desk.printing.left(target)
    low = core.desk.printing.low(target)
    words = Words("shift.roll.unknown")
    if left is not None:
        words = Words("shift.roll", (("n", left),), left)
    return (
        ListRow(
            icon="printer",
            words=words,
            text=core.desk.device_name(target.id),
            tone="warn" if low else "" if left is None else "ok",
        ),
    )


def _numbers_row(core: Core) -> ListRow:
    left = frame.sync(core).labels_left
    if left is None:
        return ListRow(icon="label", words=Words("shift.numbers.none"))
    tone = "stop" if left < 5 else "warn" if left < 20 else "ok"
    return ListRow(icon="label", words=Words("shift.numbers", (("n", left),), left), tone=tone)


def _rates_row(core: Core) -> ListRow:
    days = [rate.on for rate in core.cache.rates()]
    if not days:
        return ListRow(icon="globe", words=Words("shift.rates.none"))
    newest = max(days)
    old = newest < core.today()
    words = Words("shift.rates", (("on", newest),))
    return ListRow(icon="globe", words=words, tone="warn" if old else "ok")


def _tariff_row(core: Core) -> ListRow:
    """Since when the newest of the site's own tariffs holds; one of the future does not count."""
    days = [day for day in core.desk.flow.tariff_days if day <= core.today()]
    if not days:
        return ListRow(icon="document", words=Words("shift.tariff.none"))
    words = Words("shift.tariff", (("on", max(days)),))
    return ListRow(icon="document", words=words, tone="ok")


def _age_row(core: Core, kind: str) -> ListRow:
    """Of when the newest rule pack is, where the server sends them as rows."""
    bodies = core.cache.kept_all(kind)
    dates = [str(body.get("version") or body.get("valid_from") or "") for body in bodies]
    newest = max(dates, default="")
    if not newest:
        return ListRow(icon="document", words=Words(f"shift.{kind}.none"))
    return ListRow(icon="document", words=Words(f"shift.{kind}", (("on", newest),)), tone="ok")


def _risk_rows(core: Core) -> tuple[ListRow, ...]:
    """How many orders are due at the next hand-over, beside what this bench packs until then."""
    now = core.clock.now()
    dues = [due.at for row in lined(core).rows if (due := row.order.handover()) and due.at >= now]
    if not dues:
        return ()
    at, count = min(dues), dues.count(min(dues))
    pace, left = core.desk.flow.pace_s, (min(dues) - now).total_seconds()
    words = Words("shift.due", (("n", count), ("t", moment(core, at))), count)
    if pace is None:
        return (ListRow(icon="clock", words=words, detail=Words("shift.due.no_pace")),)
    can = int(left / pace)
    args = (("can", can), ("pace", round(3600 / pace)))
    missed = Words("shift.due.risk", (*args, ("n", count - can)), count - can)
    detail = missed if count > can else Words("shift.due.fine", args)
    tone = "stop" if count > can else "ok"
    return (ListRow(icon="clock", words=words, detail=detail, tone=tone),)


def _late_rows(core: Core) -> tuple[ListRow, ...]:
    late = late_orders(core)
    if not late:
        return (ListRow(icon="clock", words=Words("shift.late.none"), tone="ok"),)
    head = ListRow(icon="clock", words=Words("shift.late", (("n", len(late)),), len(late)))
    named = [
        f"{order.order_id} {money(standing.stake.cost if standing.stake else None)}".strip()
        for order, standing in late[:3]
    ]
    detail = Words("shift.late.first", (("orders", ", ".join(named)),))
    return (ListRow(icon=head.icon, words=head.words, detail=detail, tone="stop"),)


def _parked_row(core: Core) -> ListRow:
    """What lies parked at this bench; what other benches parked is theirs to count."""
    away = {name: one for name, one in parked(core).items() if not one.bench}
    count = len(away)
    where = ", ".join(f"{name} → {one.place or '—'}" for name, one in list(away.items())[:3])
    detail = Words("shift.parked.where", (("where", where),)) if away else None
    words = Words("shift.parked", (("n", count),), count)
    return ListRow(icon="tote", words=words, detail=detail, tone="warn" if count else "ok")


def _tasks_row(core: Core) -> ListRow:
    count = len(core.desk.flow.tasks)
    words = Words("shift.tasks", (("n", count),), count)
    return ListRow(icon="bell", words=words, tone="warn" if count else "ok")


def _sync_row(core: Core) -> ListRow:
    desk = core.desk
    words = Words("shift.unsent", (("n", desk.waiting),), desk.waiting)
    if not desk.online and desk.offline_since is not None:
        since = Words("shift.offline", (("t", moment(core, desk.offline_since)),))
        return ListRow(icon="cloud-off", words=words, detail=since, tone="warn")
    return ListRow(icon="cloud", words=words, tone="warn" if desk.waiting else "ok")


# --- history -------------------------------------------------------------------------------------


def _history(core: Core) -> ListView:
    flow = core.desk.flow
    kept = [row for group, row in flow.history if flow.page.filter in {"all", group}]
    counts = {
        name: sum(name in {"all", group} for group, _ in flow.history) for name in history.FILTERS
    }
    filters = tuple(
        FilterView(name, Words(f"hist.filter.{name}"), counts[name], name == flow.page.filter)
        for name in history.FILTERS
    )
    top = min(flow.page.top, max(0, len(kept) - 1))
    return ListView(
        history.PAGE,
        Words("hist.title", (("order", flow.page.about),)),
        rows=tuple(kept[top : top + 40]),
        filters=filters,
        first=top,
        total=len(kept),
        empty=Words("hist.none"),
    )


_MAKERS: Final[Mapping[str, Callable[[Core], ListView]]] = {
    choosing.PAGE: _choose,
    MORE: _more,
    tasks.PAGE: _tasks,
    history.PAGE: _history,
    shift.START: _shift_start,
    shift.END: _shift_end,
}


def queue_foot(core: Core) -> tuple[str, ...]:
    """Commands of the queue: tasks only while there are some."""
    tasks_due = ("tasks",) if core.desk.flow.tasks else ()
    first = ("accept",) if startable(core, shown(core)) is not None and lined(core).rows else ()
    return (*first, "find", "filter", "single", *tasks_due, "more", "help")
