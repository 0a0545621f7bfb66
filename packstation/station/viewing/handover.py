"""The hand-over page: which list, then the list in hand step by step."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from packstation.domain.handover import manifests as m
from packstation.domain.handover.parcels import Due
from packstation.station import handover_hand as d
from packstation.station.core import Core
from packstation.station.handover_views import HandoverView, LoadRow, LoadUnitView
from packstation.station.viewing import frame, idle
from packstation.station.views import Arg, CommandView, ListRow, ListView, Words

# So many parcels are named at the side; the rest is counted.
NAMED: Final = 8
# Rows of the choice, which have the ten digits.
MOST_ROWS: Final = 10
FEET: Final = {
    d.CHOOSE: ("back", "help"),
    d.LOAD: ("accept", "bag", "undo", "close-bag", "back", "help"),
    d.WEIGH: ("accept", "back", "help"),
    d.CHECK: ("accept", "back", "help"),
    d.SIGN: ("accept", "on-paper", "reprint", "undo", "back", "help"),
    d.DONE: ("accept", "reprint", "back", "help"),
}


def foot(hand: d.Hand) -> tuple[CommandView, ...]:
    """The keys of the step in sight, by what they do there."""
    step = hand.now.step
    named = {
        "accept": f"handover.enter.{step}",
        "undo": f"handover.undo.{step}",
        "reprint": "handover.reprint",
    }
    return tuple(
        replace(one, words=Words(named[one.command])) if one.command in named else one
        for one in frame.commands(*FEET[step])
    )


# --- which list ----------------------------------------------------------------------------------


def choice(core: Core, hand: d.Hand) -> ListView:
    """Lists that are open, then services; what was forgotten yesterday stands on top."""
    rows = [_live(core, one) for one in hand.live()]
    rows += [_service(core, hand, *one) for one in hand.services()]
    old = hand.forgotten()
    forgotten = ListRow(
        icon="bell",
        words=Words("handover.forgotten", (("n", len(old)),), len(old)),
        detail=Words("handover.forgotten.which", (("codes", _named(old)),)),
        tone="stop",
    )
    shown = (*((forgotten,) if old else ()), *rows[:MOST_ROWS])
    return ListView(
        d.PAGE,
        Words("handover.title"),
        Words("handover.choose"),
        shown,
        total=len(shown),
        empty=Words("handover.none"),
    )


def _named(dues: tuple[Due, ...]) -> str:
    more = " …" if len(dues) > 4 else ""
    return ", ".join(due.waybill for due in dues[:4]) + more


def _live(core: Core, one: m.Manifest) -> ListRow:
    count = len(one.loaded)
    signing = one.state == m.CLOSED
    key = "handover.list.sign" if signing else "handover.list.open"
    return ListRow(
        id=f"list:{one.id}",
        icon="document" if signing else "truck",
        text=_name(core, one.carrier, one.service),
        detail=Words(key, (("n", count), ("code", one.code)), count),
        note=_cutoff(core, one.cutoff),
        tone="now",
    )


def _service(core: Core, hand: d.Hand, carrier: str, service: str) -> ListRow:
    waits = sum((due.carrier, due.service) == (carrier, service) for due in hand.parcels.waiting())
    return ListRow(
        id=f"new:{carrier}/{service}",
        icon="truck",
        text=_name(core, carrier, service),
        detail=Words("handover.waits", (("n", waits),), waits),
    )


def _name(core: Core, carrier: str, service: str) -> str:
    profile = core.profile(carrier, service)
    if profile is None:
        return f"{carrier} {service}"
    short = (core.desk.person.language if core.desk.person else "en").split("_", maxsplit=1)[0]
    return profile.names.get(short) or profile.names.get("en", service)


def _cutoff(core: Core, at: str) -> Words | None:
    if not at:
        return None
    return Words("handover.until", (("t", idle.moment(core, datetime.fromisoformat(at))),))


# --- the list in hand ----------------------------------------------------------------------------


def view(core: Core, hand: d.Hand) -> HandoverView:
    """Everything that the step in sight shows."""
    one, now = hand.current, hand.now
    missing, extras = hand.missing(), hand.extras()
    until = idle.moment(core, datetime.fromisoformat(one.cutoff)) if one.cutoff else ""
    unit = one.units.get(one.unit)
    head, rows = _side(core, hand, missing)
    return HandoverView(
        step=now.step,
        main=_main(hand, missing),
        service=_name(core, one.carrier, one.service),
        carrier=one.carrier,
        code=one.code,
        cutoff=until,
        mode=one.mode,
        count=len(one.loaded),
        due=len(one.loaded) + (len(one.missing) if one.missing else len(missing)),
        gross_g=one.gross_g,
        last=now.last,
        unit=_unit(one, unit) if unit else None,
        units=tuple(_unit(one, row) for row in one.units.values()),
        head=head,
        rows=rows[:NAMED],
        more=max(0, len(rows) - NAMED),
        weight=_weight(hand),
        note=Words("handover.blind") if now.step == d.WEIGH and hand.blind else None,
        problem=_problem(now.problem, len(extras)),
        driver=now.driver,
    )


def _problem(key: str, count: int) -> Words | None:
    return Words(key, (("n", count),), count) if key else None


def _weight(hand: d.Hand) -> tuple[int, int, int] | None:
    weight = hand.now.weight
    return (weight.gross_g, weight.expected_g, weight.off_g) if weight else None


def _unit(one: m.Manifest, unit: m.Unit) -> LoadUnitView:
    inside = one.inside(unit.id)
    state = "off" if unit.off_g else "closed" if unit.closed else "open"
    expected = unit.tare_g + sum(row.gross_g for row in inside)
    return LoadUnitView(
        unit.code, unit.kind, len(inside), unit.gross_g or expected, state, unit.off_g
    )


def _main(hand: d.Hand, missing: tuple[Due, ...]) -> Words:
    """The one thing to do."""
    now, one = hand.now, hand.current
    weight = now.weight
    match now.step:
        case d.WEIGH if weight is not None:
            side = "light" if weight.off_g < 0 else "heavy"
            return Words(f"handover.off.{side}", (("g", abs(weight.off_g)),))
        case d.LOAD if one.loaded and not missing:
            return Words("handover.do.all_in")
        case d.CHECK if missing:
            return Words("handover.do.missing", (("n", len(missing)),), len(missing))
        case d.SIGN if not now.driver:
            return Words("handover.do.driver")
    count = len(one.loaded)
    return Words(f"handover.do.{now.step}", (("n", count),), count)


def _side(
    core: Core, hand: d.Hand, missing: tuple[Due, ...]
) -> tuple[Words | None, tuple[LoadRow, ...]]:
    """Who is named: by a weight, else what must come off and what is still to come."""
    weight, one = hand.now.weight, hand.current
    if hand.now.step == d.WEIGH:
        if weight is None or not weight.off_g:
            return None, ()
        key = "gone" if weight.off_g < 0 else "in"
        key = f"{key}.together" if weight.together else key
        head = Words(f"handover.likely.{key}" if weight.likely else "handover.likely.none")
        return head, tuple(_likely(hand, name) for name in weight.likely)
    stopped = hand.extras() if hand.now.step != d.DONE else ()
    off = tuple(
        LoadRow(row.waybill, Words(f"handover.extra.{why}"), "stop") for row, why in stopped
    )
    if hand.now.step == d.DONE or (one.state == m.CLOSED and not off):
        left = tuple(LoadRow(name, Words("handover.left"), "warn") for name in one.missing)
        return (Words("handover.head.left", (("n", len(left)),), len(left)), left)
    tone = "warn" if hand.now.step == d.CHECK else ""
    come = tuple(LoadRow(due.waybill, _where(core, due), tone) for due in missing)
    if off:
        return Words("handover.head.extras", (("n", len(off)),), len(off)), (*off, *come)
    return Words("handover.head.missing", (("n", len(come)),), len(come)), come


def _likely(hand: d.Hand, waybill: str) -> LoadRow:
    due = hand.parcels.known.get(waybill)
    loaded = hand.current.loaded.get(waybill)
    grams = due.gross_g if due else loaded.gross_g if loaded else 0
    return LoadRow(waybill, Words("handover.grams", (("g", grams),)), "stop")


def _where(core: Core, due: Due) -> Words:
    """When it was closed and where, so that somebody can go and look."""
    at = idle.moment(core, datetime.fromisoformat(due.closed)) if due.closed else "—"
    args: tuple[tuple[str, Arg], ...] = (("t", at), ("order", due.order_id), ("b", due.bench))
    return Words("handover.packed_at" if due.bench else "handover.packed_here", args)
