"""Sample views of everything that covers the stage: refusals, holds, stopped orders."""

from __future__ import annotations

from msgspec.structs import replace

from packstation.domain.packing import State
from packstation.domain.packing.facts import ItemRejected
from packstation.station.next_steps import after_refusal, after_rejection
from packstation.station.views import (
    AlertView,
    EntryView,
    ScaleView,
    Screen,
    StationView,
    WeighView,
    Words,
)
from tests.ui.sample_goods import HOSTILE, product
from tests.ui.sample_order import WAYBILL, base, city, commands, ok
from tests.ui.sample_steps import confirming, rating, scanning, weighing

_REASONS = {
    "bad.item": "not_in_order",
    "bad.variant": "wrong_variant",
    "bad.over": "over_quantity",
    "bad.expired": "expired",
}
_UNKNOWN = {"bad.unknown": "code.unknown"}
_OK = (ok(), *commands("supervisor"))


def _undo(language: str) -> Words:
    return Words("bad.undo", (("name", product("MG-ENM-MOS", language).name),))


def steps(key: str, language: str, day: str = "2027-02-19") -> tuple[Words, ...]:
    """The steps under a headline, as the station gives them."""
    needed = product("MG-ENM-MOS", language).name
    if key in _REASONS:
        return after_rejection(ItemRejected(reason=_REASONS[key], allowed=day), needed)
    return after_refusal(_UNKNOWN.get(key, key.removeprefix("no.")), State.SCANNING, needed)


def _refused(language: str, headline: Words, sku: str, sound: str, **more: object) -> StationView:
    alert = AlertView(
        kind="refusal",
        headline=headline,
        todo=_undo(language),
        in_hand=product(sku, language),
        needed=product("MG-ENM-MOS", language),
        needed_done=1,
        needed_total=3,
        text_read="6940912700435",
        answers=_OK,
        sound=sound,
        serial=3,
        steps=steps(headline.key, language) or (Words("todo.scanning"),),
    )
    view = replace(scanning(language), scale=ScaleView("STABLE", 612, "612", "g"))
    return replace(view, alert=replace(alert, **more))


def wrong_item(language: str) -> StationView:
    """Something of another order."""
    return _refused(language, Words("bad.item"), "SC-SLK-PLM", "wrong_item")


def wrong_variant(language: str) -> StationView:
    """Blue instead of green (picture 03)."""
    return _refused(language, Words("bad.variant"), "MG-ENM-BLU", "wrong_variant")


def over_scan(language: str) -> StationView:
    """All three are in already."""
    return _refused(
        language,
        Words("bad.over", (("n", 3),)),
        "MG-ENM-MOS",
        "over_scan",
        todo=Words("bad.put_back"),
        needed_done=3,
    )


def unknown_code(language: str) -> StationView:
    """A code that nothing is known of."""
    return _refused(
        language,
        Words("bad.unknown"),
        "MG-ENM-BLU",
        "unknown",
        in_hand=None,
        text_read="https://example.org/item?id=48211&x=" + "7" * 60,
        todo=Words("bad.try_other"),
    )


def hostile_code(language: str) -> StationView:
    """A code that is markup and control characters."""
    view = unknown_code(language)
    assert view.alert is not None
    return replace(view, alert=replace(view.alert, text_read=HOSTILE))


def not_now(language: str) -> StationView:
    """A command that does not fit the step; there is nothing to compare."""
    return _refused(
        language,
        Words("no.not_now.scanning"),
        "MG-ENM-BLU",
        "unknown",
        in_hand=None,
        needed=None,
        text_read="",
        todo=Words("todo.scanning"),
    )


def foreign_code(language: str) -> StationView:
    """A code of another kind while nothing else is due."""
    return _refused(
        language,
        Words("no.code.unknown"),
        "MG-ENM-BLU",
        "unknown",
        in_hand=None,
        needed=None,
        text_read="4006381333931",
        todo=Words("todo.scanning"),
    )


def stopped_late(language: str) -> StationView:
    """Cancelled after the label was bought."""
    view = cancelled(language)
    assert view.alert is not None
    steps = (Words("stop.step.void"), *view.alert.steps[:2])
    return replace(view, alert=replace(view.alert, steps=steps))


def expired(language: str) -> StationView:
    """Best before is too near; both dates are shown."""
    return _refused(
        language,
        Words("bad.expired", (("d", "2026-12-01"),)),
        "VT-D3-60",
        "wrong_item",
        needed=product("VT-D3-60", language),
        todo=Words("bad.put_aside"),
        facts=(
            (Words("bad.expired.on"), "2026-12-01"),
            (Words("bad.expired.needs"), "2027-02-19"),
        ),
    )


def label_mismatch(language: str) -> StationView:
    """The label of another parcel."""
    alert = AlertView(
        kind="refusal",
        headline=Words("bad.label"),
        todo=Words("bad.label.todo"),
        compare=("LP742003259CN", WAYBILL),
        steps=(Words("act.label_off"), Words("act.label_due")),
        answers=commands("supervisor"),
        sound="wrong_label",
        serial=4,
    )
    return replace(confirming(language), alert=alert)


def cancelled(language: str) -> StationView:
    """The buyer cancelled in the middle of it (picture 07)."""
    alert = AlertView(
        kind="stop",
        headline=Words("stop.cancel"),
        by=Words("stop.by_buyer", (("t", "14:20:58"),)),
        steps=(
            Words("stop.step.out", (("n", 3),), 3),
            Words("stop.step.into", (("t", "T-114"),)),
            Words("stop.step.scan"),
        ),
        answers=commands("supervisor"),
        sound="order_stopped",
        serial=5,
    )
    view = base(Screen.SCANNING, language, (1, 2, 0, 0))
    return replace(view, step=1, clock="14:21", deadline=None, alert=alert)


def weight_off(language: str) -> StationView:
    """78 g too light: a pair of socks is missing (picture 15)."""
    socks = product("SK-WOL-RST", language)
    notebook = product("NB-A6-DOT", language)
    alert = AlertView(
        kind="hold",
        headline=Words("weigh.outside.light", (("g", 78),)),
        todo=Words("hold.weight"),
        in_hand=socks,
        facts=(
            (Words("weigh.expected"), "1106"),
            (Words("weigh.read"), "1028"),
        ),
        answers=commands("open", "supervisor"),
        sound="weight_off",
        serial=6,
    )
    why = (
        Words("weigh.why.missing", (("name", socks.name),)),
        Words("weigh.why.missing", (("name", notebook.name),)),
    )
    return replace(
        weighing(language),
        scale=ScaleView("STABLE", 1028, "1028", "g"),
        weigh=WeighView(
            1106,
            18,
            1028,
            -78,
            guard=True,
            why=why,
            rests=Words("weigh.rests", (("n", 214),), 214),
            after=Words("weigh.leaves.next", (("g", 3), ("next", 42))),
        ),
        alert=alert,
    )


def data_missing(language: str) -> StationView:
    """Customs papers lack fields."""
    alert = AlertView(
        kind="hold",
        headline=Words("hold.papers"),
        todo=Words("hold.papers.todo"),
        facts=(
            (Words("field.hs"), "MG-ENM-MOS"),
            (Words("field.origin"), "SK-WOL-RST"),
            (Words("field.tax_id"), city(language)),
        ),
        answers=commands("open", "supervisor"),
        serial=7,
    )
    return replace(rating(language), alert=alert)


def storage_fault(language: str) -> StationView:
    """Disk or database are out of order."""
    alert = AlertView(
        kind="hold",
        headline=Words("hold.storage"),
        todo=Words("hold.storage.todo"),
        facts=((Words("hold.support"), "DB-11-3F2A"),),
        sound="order_stopped",
        serial=8,
    )
    return replace(scanning(language), alert=alert)


def release(language: str) -> StationView:
    """A supervisor releases the weight: badge scanned, PIN asked."""
    entry = EntryView("pin", Words("entry.pin"), "", secret=True)
    return replace(weight_off(language), entry=entry)


def release_reason(language: str) -> StationView:
    """The supervisor picks a reason."""
    choices = (
        ("checked", Words("reason.checked")),
        ("weight_ok", Words("reason.weight_ok")),
        ("packaging", Words("reason.packaging")),
    )
    entry = EntryView("reason", Words("entry.reason"), "", choices=choices)
    return replace(weight_off(language), entry=entry)
