"""Sample views of what a person opens for themselves, and of the bar above the stage."""

from __future__ import annotations

from functools import cache

from msgspec.structs import replace

from packstation.bootstrap.help_files import read_help
from packstation.domain import item_labels as goods
from packstation.domain.person_settings import SETTINGS
from packstation.station.help_book import TOPICS, HelpBook
from packstation.station.views import (
    GoodsLabelView,
    HelpHit,
    HelpView,
    MySettingsView,
    OptionView,
    Screen,
    SettingView,
    StationView,
    TaskView,
    Words,
)
from tests.ui import sample_steps as steps
from tests.ui.sample_order import base, commands

_book = cache(read_help)


def _own(screen: Screen, language: str, *names: str) -> StationView:
    view = base(screen, language)
    return replace(
        view,
        order=None,
        lines=(),
        current=None,
        deadline=None,
        carton=None,
        step=0,
        commands=commands(*names) if names else (),
    )


def my_settings(language: str) -> StationView:
    """All settings; the text is larger than usual."""
    rows = tuple(
        SettingView(
            one.name,
            Words(f"mine.{one.name}"),
            tuple(OptionView(value, Words(f"mine.{one.name}.{value}")) for value in one.values),
            "115" if one.name == "text_percent" else one.values[0],
            str(place),
        )
        for place, one in enumerate(SETTINGS, 1)
    )
    return replace(_own(Screen.MY_SETTINGS, language, "back"), mine=MySettingsView(rows))


def _help(language: str, name: str, query: str = "") -> StationView:
    book: HelpBook = _book(language)
    topic = book.topics[name]
    ids = book.find(query) if query else (*TOPICS[2:9], "keys")
    known = (book.topic(one) for one in ids)
    hits = tuple(
        HelpHit(one, topic.title if topic else "") for one, topic in zip(ids, known, strict=True)
    )
    view = HelpView(name, topic.title, topic.asks, topic.keys, topic.when, query, hits)
    return replace(_own(Screen.HELP, language, "back"), help=view)


def help_topic(language: str) -> StationView:
    """What the scanning stage asks."""
    return _help(language, "scanning")


def help_found(language: str) -> StationView:
    """A trouble of a device, found by typed letters."""
    return _help(language, "printer.paper_out", "printer paper out")


def help_nothing(language: str) -> StationView:
    """Letters that nothing has."""
    view = _help(language, "queue")
    assert view.help is not None
    return replace(view, help=replace(view.help, query="xyzzy", hits=()))


def _goods(language: str, **more: object) -> StationView:
    known: dict[str, object] = {
        "kind": "product",
        "kinds": tuple(OptionView(kind, Words(f"labels.kind.{kind}")) for kind in goods.KINDS),
        "printer": "ZD421",
    }
    view = GoodsLabelView(**(known | more))  # type: ignore[arg-type]
    return replace(
        _own(Screen.GOODS_LABELS, language, "accept", "manual", "help", "back"), goods=view
    )


def goods_empty(language: str) -> StationView:
    """Nothing was scanned yet."""
    return _goods(language, missing=Words("labels.ask.sku"))


def goods_lot(language: str) -> StationView:
    """A lot label, ready."""
    return _goods(
        language,
        kind="lot",
        name={
            "en": "Vitamin C, 60 capsules",
            "zh_Hans": "维生素C 60粒",
            "ru": "Витамин C, 60 капсул",
        }[language],
        sku="VIT-60",
        copies=24,
        facts=(
            (Words("labels.code"), "6901234567892"),
            (Words("labels.units"), "1"),
            (Words("label.lot"), "AB12/7"),
            (Words("label.expiry"), "2027-12-31"),
        ),
        state="ready",
    )


def goods_units(language: str) -> StationView:
    """Units, whose numbers are awaited."""
    return _goods(
        language,
        kind="sscc",
        missing=Words("labels.ask.numbers"),
        facts=((Words("labels.prefix"), "4600000"), (Words("labels.left"), "0")),
    )


def goods_wrong(language: str) -> StationView:
    """A date that is past."""
    return replace_goods(goods_lot(language), problem=Words("labels.bad.past"))


def replace_goods(view: StationView, **more: object) -> StationView:
    """The same with other goods."""
    assert view.goods is not None
    return replace(view, goods=replace(view.goods, **more))


_TEXTS = {
    "en": ("Wrap each mug in two layers, handles inwards", "bubble wrap"),
    "zh_Hans": ("每个杯子裹两层，把手朝里", "气泡膜"),
    "ru": ("Оберните каждую кружку в два слоя, ручкой внутрь", "пузырчатая плёнка"),
}


def task_item(language: str) -> StationView:
    """An instruction for what was just scanned; the next scan confirms."""
    text, stuff = _TEXTS[language]
    task = TaskView("sku:MG", "", text, ((stuff, False),), more=1)
    return replace(steps.scanning(language), task=task)


def task_explicit(language: str) -> StationView:
    """A seal's number is wanted before the box is weighed."""
    _, stuff = _TEXTS[language]
    task = TaskView(
        "seal", "Seal", "", ((stuff, True),), moment="closing", explicit=True, collect="SEAL"
    )
    return replace(steps.weighing(language), task=task)


OWN = {
    "my-settings": my_settings,
    "help-topic": help_topic,
    "help-found": help_found,
    "help-nothing": help_nothing,
    "goods-empty": goods_empty,
    "goods-lot": goods_lot,
    "goods-units": goods_units,
    "goods-wrong": goods_wrong,
}
BARS = {"task-item": task_item, "task-explicit": task_explicit}
