"""Sample views of what is asked about items: kits, unit data, the same twice, by hand, holds."""

from __future__ import annotations

from msgspec.structs import replace

from packstation.station.views import (
    AlertView,
    EntryView,
    LineView,
    StationView,
    VerdictView,
    Words,
)
from tests.ui.sample_goods import product
from tests.ui.sample_order import commands, ok
from tests.ui.sample_steps import confirming, scanning

_MUG, _SOCK, _NOTE, _TABLE = "MG-ENM-MOS", "SK-WOL-RST", "NB-A6-DOT", "TB-LIN-SND"


def kit(language: str) -> StationView:
    """A gift set of mugs and socks, its parts under it."""
    view = scanning(language)
    mug = LineView(7, product(_MUG, language), 1, 1, 2, "current", part=True)
    lines = (
        LineView(1, product(_TABLE, language), 0, 1, 1, "done"),
        LineView(2, product(_NOTE, language), 1, 0, 1, "kit"),
        mug,
        LineView(8, product(_SOCK, language), 1, 0, 1, "due", part=True),
    )
    return replace(view, lines=lines, current=mug)


def asked_imei(language: str) -> StationView:
    """The unit's own number is asked for; what was typed cannot be one."""
    entry = EntryView(
        "imei",
        Words("entry.imei"),
        problem=Words("unit.imei.check"),
        product=product(_MUG, language),
    )
    return replace(scanning(language), entry=entry)


def asked_twice(language: str) -> StationView:
    """The same code came too soon."""
    view = product(_MUG, language)
    answers = (("one", Words("entry.twice.one")), ("two", Words("entry.twice.two")))
    words = Words("entry.twice", (("name", view.name),))
    return replace(
        scanning(language), entry=EntryView("twice", words, choices=answers, product=view)
    )


def by_hand(language: str) -> StationView:
    """Which one is it: by picture."""
    views = tuple(product(sku, language) for sku in (_MUG, _SOCK, _NOTE))
    rows = [
        (str(n), Words("entry.by_hand.row", (("name", v.name), ("variant", v.variant or v.sku))))
        for n, v in enumerate(views, 1)
    ]
    choices = (*rows, ("type", Words("entry.by_hand.type")))
    entry = EntryView("by_hand", Words("entry.by_hand"), choices=choices, pictures=views)
    return replace(scanning(language), entry=entry)


def dropped(language: str) -> StationView:
    """The packer went back: it is said that nothing was counted."""
    view = product(_MUG, language)
    words = Words("item.not_counted", (("name", view.name),))
    return replace(scanning(language), verdict=VerdictView("warn", words, product=view))


def _refusal(language: str, key: str, **more: object) -> StationView:
    alert = AlertView(
        kind="refusal",
        headline=Words(key),
        todo=Words("bad.undo", (("name", product(_SOCK, language).name),)),
        in_hand=product(_MUG, language),
        needed=product(_SOCK, language),
        needed_total=1,
        answers=(ok(), *commands("supervisor")),
        sound="wrong_item",
        serial=3,
    )
    return replace(scanning(language), alert=replace(alert, **more))


def not_yet(language: str) -> StationView:
    """A kit that is packed in order."""
    return _refusal(language, "bad.not_yet")


def kit_parts(language: str) -> StationView:
    """The kit's own code, where its parts are due."""
    return _refusal(language, "bad.kit_parts", in_hand=product(_NOTE, language))


def long_name(language: str) -> StationView:
    """A name of 500 letters in every place that names it."""
    name = "Супердлинноеназвание " * 24
    goods = replace(product(_MUG, language), name=name)
    steps = (Words("act.shelf"), Words("act.scan", (("name", name), ("d", ""))))
    return _refusal(language, "bad.variant", in_hand=goods, needed=goods, steps=steps)


def refused_unit(language: str) -> StationView:
    """The marketplace says no while the packer is at it."""
    name = product(_MUG, language).name
    return _refusal(
        language,
        "need.refused",
        headline=Words("need.refused", (("name", name),)),
        todo=Words("hold.requirement.todo"),
        needed=None,
        text_read="356938035643809",
        answers=(ok(),),
    )


def _held(language: str, key: str, facts: tuple[tuple[Words, str], ...]) -> StationView:
    alert = AlertView(
        kind="hold",
        headline=Words(key),
        todo=Words(f"{key}.todo"),
        facts=facts,
        answers=commands("open", "supervisor"),
        serial=3,
    )
    return replace(scanning(language), alert=alert)


def waits(language: str) -> StationView:
    """No label before the marketplace has answered."""
    name = product(_MUG, language).name
    return _held(
        language, "hold.acceptance", ((Words("need.imei"), name), (Words("need.mark"), name))
    )


def refused(language: str) -> StationView:
    """It said no."""
    name = f"{product(_MUG, language).name} not in circulation"
    return _held(language, "hold.requirement", ((Words("need.mark"), name),))


def kit_broken(language: str) -> StationView:
    """A kit that contains itself."""
    return _held(language, "hold.kit", ((Words("hold.kit.loop"), product(_NOTE, language).name),))


def changed(language: str) -> StationView:
    """Quantities and the country changed."""
    name = product(_MUG, language).name
    alert = AlertView(
        kind="stop",
        headline=Words("stop.change"),
        by=Words("stop.by_office"),
        changes=(
            Words("change.quantity", (("name", name), ("was", 3), ("now", 2))),
            Words("change.country"),
        ),
        steps=(
            Words("stop.step.out", (("n", 4),), 4),
            Words("stop.step.into", (("t", "T-117"),)),
            Words("stop.step.scan"),
        ),
        answers=commands("supervisor"),
        sound="order_stopped",
        serial=4,
    )
    return replace(scanning(language), alert=alert)


def relabel(language: str) -> StationView:
    """Only the service changed: the box stays closed, its label goes."""
    view = changed(language)
    assert view.alert is not None
    steps = (Words("stop.step.void"), Words("stop.step.relabel"))
    alert = replace(
        view.alert,
        changes=(Words("change.service"),),
        steps=steps,
        answers=commands("void", "supervisor"),
    )
    return replace(confirming(language), alert=alert)


RULES = {
    "kit": kit,
    "asked_imei": asked_imei,
    "asked_twice": asked_twice,
    "by_hand": by_hand,
    "dropped": dropped,
    "not_yet": not_yet,
    "kit_parts": kit_parts,
    "long_name": long_name,
    "refused_unit": refused_unit,
    "waits": waits,
    "refused": refused,
    "kit_broken": kit_broken,
    "changed": changed,
    "relabel": relabel,
}
