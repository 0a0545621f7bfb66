"""Sample views of the hand-over: choice, loading, a bag that is off, missing parcels, signing."""

from __future__ import annotations

from msgspec.structs import replace

from packstation.station.handover_views import HandoverView, LoadRow, LoadUnitView
from packstation.station.viewing.frame import commands
from packstation.station.viewing.handover import FEET
from packstation.station.views import ListRow, ListView, Screen, StationView, Words
from tests.ui.sample_order import base

_SERVICE = {"en": "e-Packet", "zh_Hans": "e邮宝", "ru": "е-Пакет"}
_BAGS = (
    LoadUnitView("BG-261123-7KQ2V", "bag", 12, 8412, "closed"),
    LoadUnitView("BG-261123-M0X4T", "bag", 9, 6120, "off", -522),
)
_OPEN = LoadUnitView("BG-261123-9ZC1H", "bag", 7, 4210)


def _on(language: str, screen: Screen, step: str) -> StationView:
    view = replace(base(screen, language), order=None, lines=(), current=None, deadline=None)
    named = {"accept": f"handover.enter.{step}", "undo": f"handover.undo.{step}"}
    named["reprint"] = "handover.reprint"
    foot = tuple(
        replace(one, words=Words(named[one.command])) if one.command in named else one
        for one in commands(*FEET[step])
    )
    return replace(view, carton=None, step=0, commands=foot)


def _list(language: str, step: str, **more: object) -> StationView:
    known = HandoverView(
        step=step,
        main=Words(f"handover.do.{step}", (("n", 28),), 28),
        service=_SERVICE[language],
        carrier="chinapost",
        code="MF-261123-4QW8E",
        cutoff="17:30",
        mode="9610",
        count=28,
        due=31,
        gross_g=18742,
        last="RX123456785CN",
        unit=_OPEN,
        units=(*_BAGS, _OPEN),
    )
    shown = replace(known, **more)
    return replace(_on(language, Screen.HANDOVER, step), handover=shown)


def _where(bench: str, at: str, order: str) -> Words:
    return Words("handover.packed_at", (("t", at), ("order", order), ("b", bench)))


_MISSING = (
    LoadRow("RX123456808CN", _where("03", "11:42", "40112233-0007-1")),
    LoadRow("RX123456811CN", _where("07", "13:05", "40112240-0001-1")),
    LoadRow("RX123456825CN", _where("07", "13:58", "SHOP-1029")),
)


def load(language: str) -> StationView:
    """Into a bag; three are still to come."""
    head = Words("handover.head.missing", (("n", 3),), 3)
    return _list(language, "load", head=head, rows=_MISSING)


def load_extra(language: str) -> StationView:
    """An order was cancelled after its parcel went in."""
    off = LoadRow("RX123456771CN", Words("handover.extra.cancelled"), "stop")
    head = Words("handover.head.extras", (("n", 1),), 1)
    problem = Words("handover.extras", (("n", 1),), 1)
    return _list(language, "load", head=head, rows=(off, *_MISSING), more=14, problem=problem)


def weigh(language: str) -> StationView:
    """On the scale, nothing read yet."""
    return _list(language, "weigh")


def weigh_off(language: str) -> StationView:
    """Lighter by one parcel, which is named."""
    likely = LoadRow("RX123456785CN", Words("handover.grams", (("g", 847),)), "stop")
    return _list(
        language,
        "weigh",
        main=Words("handover.off.light", (("g", 851),)),
        weight=(3359, 4210, -851),
        head=Words("handover.likely.gone"),
        rows=(likely,),
        note=Words("handover.blind"),
    )


def check_missing(language: str) -> StationView:
    """Counted: three are missing, by their names."""
    rows = tuple(replace(row, tone="warn") for row in _MISSING)
    return _list(
        language,
        "check",
        main=Words("handover.do.missing", (("n", 3),), 3),
        head=Words("handover.head.missing", (("n", 3),), 3),
        rows=rows,
        unit=None,
        last="",
    )


def sign(language: str) -> StationView:
    """The driver's turn."""
    return _list(language, "sign", driver="Wang Wei 王伟", unit=None, rows=(), due=28)


def done(language: str) -> StationView:
    """Gone; one was left behind."""
    rows = (LoadRow("RX123456808CN", Words("handover.left"), "warn"),)
    head = Words("handover.head.left", (("n", 1),), 1)
    return _list(language, "done", head=head, rows=rows, unit=None, last="")


def choose(language: str) -> StationView:
    """Which list: one forgotten, one open, two that may be begun."""
    rows = (
        ListRow(
            icon="bell",
            words=Words("handover.forgotten", (("n", 2),), 2),
            detail=Words("handover.forgotten.which", (("codes", "RX123456739CN, RX123456742CN"),)),
            tone="stop",
        ),
        ListRow(
            id="list:1",
            icon="truck",
            text=_SERVICE[language],
            detail=Words("handover.list.open", (("n", 28), ("code", "MF-261123-4QW8E")), 28),
            note=Words("handover.until", (("t", "17:30"),)),
            tone="now",
        ),
        ListRow(
            id="list:2",
            icon="document",
            text="CDEK",
            detail=Words("handover.list.sign", (("n", 5), ("code", "MF-261123-0PX7B")), 5),
            tone="now",
        ),
        ListRow(
            id="new:sandbox/express",
            icon="truck",
            text="Express",
            detail=Words("handover.waits", (("n", 11),), 11),
        ),
    )
    page = ListView(
        "handover",
        Words("handover.title"),
        Words("handover.choose"),
        rows,
        total=4,
    )
    return replace(_on(language, Screen.ROWS, "choose"), page_rows=page)


HANDOVER = {
    "handover-choose": choose,
    "handover-load": load,
    "handover-load-extra": load_extra,
    "handover-weigh": weigh,
    "handover-weigh-off": weigh_off,
    "handover-check-missing": check_missing,
    "handover-sign": sign,
    "handover-done": done,
}
