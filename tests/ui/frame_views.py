"""Views as the station makes them, for tests of the frame; the order of the design's pictures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from packstation.station.views import (
    CommandView,
    DeadlineView,
    DeviceView,
    OrderView,
    PersonView,
    ScaleView,
    Screen,
    StationView,
    SyncView,
    Words,
)

NOW = datetime(2026, 11, 21, 6, 8, tzinfo=UTC)
NAMES = {"en": ("Lin Yue", "LY"), "zh_Hans": ("林悦", "林"), "ru": ("Айгуль Сафина", "АС")}
CITIES = {"en": "Kazan", "zh_Hans": "喀山", "ru": "Казань"}
WORDS = {
    "en": ("Undo last", "Next parcel", "Short", "Hold", "Help"),
    "zh_Hans": ("撤销", "下一包裹", "缺货", "暂停", "帮助"),
    "ru": ("Отменить", "След. место", "Нехватка", "Пауза", "Помощь"),
}
COMMANDS = ("undo", "next-parcel", "short", "hold", "help")
CAPS = ("F4", "F5", "F6", "F8", "F1")


def person(language: str = "en", theme: str = "light", percent: int = 100) -> PersonView:
    name, initials = NAMES[language]
    return PersonView(
        name=name,
        initials=initials,
        bench="07",
        language=language,
        theme=theme,
        text_percent=percent,
    )


def devices(**states: str) -> tuple[DeviceView, ...]:
    """Four working devices; a keyword gives another state."""
    return tuple(
        DeviceView(id=f"{kind}-1", kind=kind, name=kind, state=states.get(kind, "ok"))
        for kind in ("scanner", "scale", "label", "papers")
    )


def commands(language: str = "en") -> tuple[CommandView, ...]:
    """A key that no catalogue has is said as it is: the words of the picture."""
    return tuple(
        CommandView(command, cap, Words(word))
        for command, cap, word in zip(COMMANDS, CAPS, WORDS[language], strict=True)
    )


def scanning(language: str = "en", theme: str = "light", percent: int = 100) -> StationView:
    """Picture 01."""
    return StationView(
        screen=Screen.SCANNING,
        serial=1,
        person=person(language, theme, percent),
        clock="14:08",
        step=1,
        order=OrderView(
            order_id="40112233-0007-1",
            channel="Ozon",
            city=CITIES[language],
            country="RU",
            tote="T-112",
            parcel=1,
            parcels=1,
            units_done=2,
            units_total=7,
            lines_done=1,
            lines_total=4,
        ),
        scale=ScaleView(state="STABLE", grams=420, value="420", unit="g"),
        devices=devices(),
        sync=SyncView(),
        deadline=DeadlineView(
            at=NOW + timedelta(hours=3, minutes=52),
            local="18:00",
            seconds_left=3 * 3600 + 52 * 60,
            cost="¥7.20",
            level="warn",
        ),
        commands=commands(language),
    )


def queue(language: str = "en", theme: str = "light") -> StationView:
    """Nothing open: a title instead of an order, keys instead of codes."""
    keys = (
        ("accept", "Enter", "Open first"),
        ("single", "F6", "Single items"),
        ("help", "F1", "Help"),
    )
    return replace(
        scanning(language, theme),
        screen=Screen.QUEUE,
        step=0,
        order=None,
        deadline=None,
        commands=tuple(
            CommandView(name, cap, Words(text), coded=False) for name, cap, text in keys
        ),
        note=Words("S-10482 is first: it makes the 15:00 pick-up only if packed by 14:52."),
    )
