"""Sample views of what is weighed item by item, measured, asked, or swapped for another."""

from __future__ import annotations

from msgspec.structs import replace

from packstation.station.next_steps import after_gain
from packstation.station.views import (
    AlertView,
    EntryView,
    ListRow,
    ListView,
    ScaleView,
    Screen,
    StationView,
    VerdictView,
    Words,
)
from tests.ui import sample_alerts as alerts
from tests.ui.sample_goods import product
from tests.ui.sample_order import base, commands, ok
from tests.ui.sample_steps import scanning

_MUG, _SOCK, _NOTE = "MG-ENM-MOS", "SK-WOL-RST", "NB-A6-DOT"


def guard(language: str) -> StationView:
    """The box stands on the scale; what was scanned has yet to be felt."""
    view = scanning(language)
    assert view.verdict is not None
    verdict = replace(view.verdict, detail=Words("gain.wait"))
    return replace(view, verdict=verdict, note=Words("guard.on"))


def _alarm(language: str, reason: str, gain: str, expected: str = "+0") -> StationView:
    sku = "MG-ENM-MOS" if reason != "unscanned" else "NB-A6-DOT"
    args = (("g", gain), ("e", expected))
    alert = AlertView(
        kind="refusal",
        headline=Words(f"gain.{reason}", args),
        todo=Words(f"gain.{reason}.todo", args),
        answers=(ok(), *commands("supervisor")),
        text_read=f"{gain} g",
        needed=product(sku, language),
        needed_total=0 if expected == "+0" else 1,
        steps=after_gain(reason, product(sku, language).name),
        sound="weight_off",
        serial=3,
    )
    scale = ScaleView("STABLE", 605, "605", "g")
    return replace(scanning(language), scale=scale, alert=alert)


def guard_removed(language: str) -> StationView:
    """Something was taken out of the box."""
    return _alarm(language, "removed", "-185")


def guard_heavy(language: str) -> StationView:
    """Twice what was scanned went in."""
    return _alarm(language, "heavy", "+370", "+185")


def guard_unscanned(language: str) -> StationView:
    """Something went in without a scan."""
    return _alarm(language, "unscanned", "+96")


def measure(language: str) -> StationView:
    """A product lies on the scale; its sides are asked for."""
    rows = (
        ListRow(
            icon="box",
            text=product(_MUG, language).name,
            detail=Words("measure.sku", (("sku", _MUG),)),
        ),
        ListRow(icon="scale", words=Words("measure.unit_g", (("g", "185"),)), tone="ok"),
        ListRow(words=Words("measure.last"), head=True),
        ListRow(
            icon="check",
            text=product(_NOTE, language).name,
            detail=Words("measure.unit_g", (("g", "142.5"),)),
            note=Words("measure.sides", (("sides", "148 × 105 × 14"),)),
            tone="ok",
        ),
    )
    page = ListView("measure", Words("measure.title"), Words("measure.todo.sides"), rows)
    view = replace(base(Screen.ROWS, language), order=None, lines=(), current=None, step=0)
    view = replace(view, carton=None, deadline=None, commands=commands("back", "help"))
    return replace(view, page_rows=page)


def measure_side(language: str) -> StationView:
    """Its length is typed."""
    entry = EntryView("measure_side", Words("entry.length"), value="120")
    return replace(measure(language), entry=entry)


def asked_expiry(language: str) -> StationView:
    """The date of what was just scanned."""
    entry = EntryView("expiry", Words("entry.expiry"), product=product(_MUG, language))
    return replace(scanning(language), entry=entry)


def substitute(language: str) -> StationView:
    """A supervisor let another product be packed."""
    swapped = product(_SOCK, language)
    words = Words("item.substitute", (("name", swapped.name),))
    return replace(scanning(language), verdict=VerdictView("ok", words, product=swapped))


def hold_reason(language: str) -> StationView:
    """Why is it stopped?"""
    names = ("damaged", "missing_item", "question", "later")
    choices = tuple((name, Words(f"hold.{name}")) for name in names)
    entry = EntryView("hold", Words("entry.hold"), choices=choices)
    return replace(scanning(language), entry=entry)


def dispute_swapped(language: str) -> StationView:
    """Too heavy: two look alike, and the scale itself leans."""
    view = alerts.weight_off(language)
    assert view.weigh is not None
    assert view.alert is not None
    names = {"name": product(_MUG, language).name}
    why = (
        Words("weigh.why.swapped", tuple(names.items())),
        Words("weigh.why.extra", (("name", product(_SOCK, language).name),)),
        Words("weigh.why.missing", (("name", product(_NOTE, language).name),)),
    )
    doubt = Words("weigh.leans.heavy", (("g", 14),))
    weigh = replace(view.weigh, read_g=1190, deviation_g=84, why=why, doubt=doubt)
    alert = replace(view.alert, headline=Words("weigh.outside.heavy", (("g", 84),)))
    scale = ScaleView("STABLE", 1190, "1190", "g")
    return replace(view, weigh=weigh, alert=alert, scale=scale)


def dispute_unexplained(language: str) -> StationView:
    """Nothing explains it."""
    view = alerts.weight_off(language)
    assert view.weigh is not None
    return replace(view, weigh=replace(view.weigh, why=(), after=None))


GUARD = {
    "guard": guard,
    "guard-removed": guard_removed,
    "guard-heavy": guard_heavy,
    "guard-unscanned": guard_unscanned,
    "measure": measure,
    "measure-side": measure_side,
    "asked-expiry": asked_expiry,
    "substitute": substitute,
    "hold-reason": hold_reason,
    "dispute-swapped": dispute_swapped,
    "dispute-unexplained": dispute_unexplained,
}
