"""Sample views of the flow modes: fast lane, choices, tasks, shift pages, history, hints."""

from __future__ import annotations

from msgspec.structs import replace

from packstation.station.views import (
    CommandView,
    FastDone,
    FastView,
    FilterView,
    ListRow,
    ListView,
    Screen,
    StationView,
    VerdictView,
    Words,
)
from tests.ui import sample_steps as steps
from tests.ui.sample_goods import product
from tests.ui.sample_idle import _idle

BACK = CommandView("back", "Esc", Words("cmd.back"), coded=False)
HELP = CommandView("help", "F1", Words("cmd.help"), coded=False)
HOME = CommandView("queue", "Home", Words("cmd.queue"), coded=False)
ENTER = CommandView("accept", "Enter", Words("cmd.accept"), coded=False)
FILTER = CommandView("filter", "F5", Words("cmd.filter"), coded=False)
OTHER = CommandView("history", "F7", Words("cmd.history"), coded=False)
NOTE = CommandView("note", "F2", Words("cmd.note"), coded=False)
_LAST = (
    ("S-10488", "NB-A6-DOT", "DE", "14:30"),
    ("40112233-0052-1", "SK-WOL-RST", "GB", "14:29"),
    ("0052-1", "TS-BLK-M", "RU", "14:28"),
    ("S-10509", "MG-ENM-BLU", "JP", "14:27"),
)


def _last(language: str) -> tuple[FastDone, ...]:
    goods = [(row, product(row[1], language)) for row in _LAST]
    return tuple(
        FastDone(order, sku, item.image, item.name, country, at)
        for (order, sku, country, at), item in goods
    )


def fast_waiting(language: str) -> StationView:
    """Nothing is open; the last one was taken back."""
    view = _idle(Screen.FAST, language)
    fast = FastView("scan", last=_last(language), waiting=31)
    verdict = VerdictView("warn", Words("fast.undone"))
    return replace(view, fast=fast, verdict=verdict, commands=(HOME, HELP))


def fast_stick(language: str) -> StationView:
    """The label is out (picture 08)."""
    view = steps.confirming(language)
    facts = (
        (Words("fast.hand_over"), "15:00"),
        (Words("fast.late"), "$4.50"),
        (Words("fast.service"), "China Post e-Packet"),
        (Words("fast.weight"), "214 g"),
        (Words("fast.papers"), "1"),
    )
    fast = FastView("stick", Words("fast.found"), "mailer", facts, _last(language))
    lines = tuple(replace(line, product=product("SC-SLK-PLM", language)) for line in view.lines[:1])
    carton = replace(view.carton, code="M2", kind="mailer", inner_mm=(330, 240, 40))  # type: ignore[type-var]
    scale = replace(view.scale, grams=214, value="214")
    view = replace(view, scale=scale, deadline=None)
    return replace(view, screen=Screen.FAST, step=0, fast=fast, lines=lines, carton=carton)


def fast_weigh(language: str) -> StationView:
    """Its weight is not known well enough."""
    view = fast_stick(language)
    assert view.fast is not None
    return replace(view, fast=replace(view.fast, step="weigh", last=()), label=None)


def _rows(language: str, page: ListView, *keys: CommandView) -> StationView:
    return replace(_idle(Screen.ROWS, language), page_rows=page, commands=(*keys, HELP))


def choose(language: str) -> StationView:
    """A tote of three orders, one of them on hold."""
    rows = (
        ListRow("S-1", "document", "15:00", None, "S-10482", Words("choose.items", (("n", 2),), 2)),
        ListRow(
            "S-2",
            "document",
            "18:00",
            None,
            "40112233-0021-1",
            Words("choose.items", (("n", 4),), 4),
            Words("choose.begun"),
            "now",
        ),
        ListRow(
            "",
            "hold",
            "18:00",
            None,
            "40112233-0024-2",
            Words("choose.items", (("n", 1),), 1),
            Words("no.order.on_hold", (("text", "40112233-0024-2"),)),
            "warn",
        ),
    )
    title = Words("choose.title", (("code", "T-117"), ("n", 3)), 3)
    todo = Words("choose.todo", (("n", 2),), 2)
    return _rows(language, ListView("choose", title, todo, rows, total=3), ENTER, BACK)


def tasks(language: str) -> StationView:
    """Four kinds of tasks, the second one chosen."""
    made = []
    for kind, code, cause, tone in (
        ("pull_parcel", "LP742003188CN", "cancelled", "warn"),
        ("relabel", "LP742003201CN", "voided", "now"),
        ("unpack", "—", "returned", "warn"),
        ("restock", "T-131", "cancelled", "warn"),
    ):
        args = (("code", code), ("n", 3), ("order", "S-10482"))
        made.append(
            ListRow(
                kind,
                "label" if kind in {"pull_parcel", "relabel"} else "tote",
                words=Words(f"task.todo.{kind}", args),
                detail=Words("task.order", (("order", "40112233-0021-1"),)),
                note=Words(f"task.cause.{cause}"),
                tone=tone,
            )
        )
    todo = Words("task.scan.relabel", (("code", "LP742003201CN"), ("n", 3), ("order", "S")))
    title = Words("task.title", (("n", 4),), 4)
    page = ListView("tasks", title, todo, tuple(made), total=4, tone="warn")
    return _rows(language, page, BACK, HOME)


def tasks_none(language: str) -> StationView:
    """Nothing is forgotten."""
    title = Words("task.title", (("n", 0),), 0)
    page = ListView("tasks", title, empty=Words("task.none"), tone="ok")
    return _rows(language, page, BACK, HOME)


def more(language: str) -> StationView:
    """What else can be done here."""
    rows_of = (
        ("tasks", "bell"),
        ("history", "clock"),
        ("batch", "queue"),
        ("returned", "undo"),
        ("goods-labels", "label"),
        ("my-settings", "person"),
        ("measure", "scale"),
        ("shift-start", "house"),
        ("shift-end", "lock-closed"),
        ("training", "badge"),
    )
    rows = tuple(
        ListRow(name, icon, words=Words(f"more.{name}"), detail=Words(f"more.{name}.why"))
        for name, icon in rows_of
    )
    rows = (replace(rows[0], note=Words("more.open", (("n", 2),), 2), tone="warn"), *rows[1:])
    return _rows(language, ListView("more", Words("more.title"), rows=rows, total=10), BACK, HOME)


def _plain(icon: str, key: str, n: int | None = None, **more: object) -> ListRow:
    args = () if n is None else (("n", n),)
    return ListRow(icon=icon, words=Words(key, args, n), **more)  # type: ignore[arg-type]


def shift_start(language: str) -> StationView:
    """A roll that ends, late orders, a note."""
    late = Words("shift.late.first", (("orders", "S-10482 €9.80, 40112233-0021-1 ¥7.20"),))
    rows = (
        _plain("person", "shift.note", text="T-131, 2 × MG-ENM-MOS", tone="now"),
        _plain("scale", "shift.scale.overdue", text="Ohaus Ranger", tone="warn"),
        _plain("printer", "shift.roll", 40, text="Zebra ZD421", tone="warn"),
        _plain("label", "shift.numbers", 112, tone="ok"),
        _plain("globe", "shift.rates.none"),
        _plain("clock", "shift.late", 2, detail=late, tone="stop"),
        _plain("tote", "shift.parked", 0, tone="ok"),
        _plain("bell", "shift.tasks", 3, tone="warn"),
        _plain("cloud", "shift.unsent", 0, tone="ok"),
    )
    title = Words("shift.start.title", (("bench", "07"),))
    page = ListView(
        "shift-start",
        title,
        Words("shift.begin.look"),
        rows,
        total=len(rows),
        tone="warn",
        columns=2,
    )
    enter = replace(ENTER, words=Words("more.shift-start"))
    return _rows(language, page, enter, BACK)


def shift_end(language: str) -> StationView:
    """What stays."""
    where = Words("shift.parked.where", (("where", "40112233-0021-1 → T-131"),))
    rows = (
        _plain("tote", "shift.parked", 1, detail=where, tone="warn"),
        _plain("truck", "shift.printed", 84, detail=Words("shift.printed.why")),
        _plain("bell", "shift.tasks", 0, tone="ok"),
        _plain(
            "cloud-off",
            "shift.unsent",
            42,
            detail=Words("shift.offline", (("t", "13:40"),)),
            tone="warn",
        ),
    )
    title = Words("shift.end.title", (("bench", "07"),))
    page = ListView("shift-end", title, Words("shift.finish"), rows, total=len(rows), columns=2)
    enter = replace(ENTER, words=Words("more.shift-end"))
    return _rows(language, page, enter, NOTE, BACK)


def history(language: str) -> StationView:
    """An order's timeline."""
    by = Words("hist.by_on", (("who", "Lin Yue"), ("dev", "scanner 1")))
    item = (("units", 1), ("sku", "TS-BLK-M"))

    def told(kind: str, icon: str, tone: str = "", args: object = (), **more: object) -> ListRow:
        return ListRow(
            icon=icon,
            at="14:02",
            words=Words(f"hist.{kind}", args),  # type: ignore[arg-type]
            note=by,
            tone=tone,
            **more,  # type: ignore[arg-type]
        )

    once = (
        told("SessionOpened", "document", "now"),
        told("ItemVerified", "check", "ok", item),
        told("ItemRejected", "warn", "warn", item, detail=Words("hist.why.wrong_variant")),
        told("CartonAssigned", "box", args=(("carton", "C3"),)),
        told("WeightDisputed", "warn", "warn", (("gross_g", 702), ("expected_g", 780))),
        told(
            "OverrideGranted", "person", "warn", (("by", "SV-1"),), detail=Words("reason.checked")
        ),
        told("LabelIssued", "label", "ok", (("waybill", "LP742003188CN"),)),
        told("DocumentPrinted", "printer", "ok", detail=Words("paper.label")),
        told("LabelApplied", "check", "ok", (("waybill", "LP742003188CN"),)),
        told("SessionCompleted", "check", "ok"),
    )
    rows = tuple(replace(row, at=f"14:{2 + place // 3:02}") for place, row in enumerate(once * 3))
    names = ("all", "items", "box", "label", "stops")
    filters = tuple(
        FilterView(name, Words(f"hist.filter.{name}"), 30 - 6 * place, place == 0)
        for place, name in enumerate(names)
    )
    page = ListView(
        "history",
        Words("hist.title", (("order", "40112233-0021-1"),)),
        rows=rows[4:],
        filters=filters,
        first=4,
        total=len(rows),
    )
    return _rows(language, page, FILTER, OTHER, BACK)


def history_first(language: str) -> StationView:
    """A packed order from its first entry on."""
    view = history(language)
    page = view.page_rows
    assert page is not None
    kinds = zip(page.filters, (10, 2, 3, 3, 2), strict=True)
    filters = tuple(replace(kind, count=count) for kind, count in kinds)
    rows = _packed(page.rows)
    return replace(view, page_rows=replace(page, rows=rows, filters=filters, first=0, total=10))


def _packed(rows: tuple[ListRow, ...]) -> tuple[ListRow, ...]:
    """One round of the entries, in the order of work."""
    first = next(n for n, row in enumerate(rows) if row.words and "Opened" in row.words.key)
    found = rows[first : first + 10]
    return tuple(replace(row, at=f"14:{2 + n // 3:02}") for n, row in enumerate(found))


def scanning_hints(language: str) -> StationView:
    """A batch whose order comes in two totes."""
    hints = (
        Words("hint.batch", (("d", 3), ("n", 12))),
        Words("hint.totes", (("here", "T-117"), ("due", "T-118"))),
    )
    return replace(steps.scanning(language), hints=hints)
