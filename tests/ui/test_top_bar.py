"""The top bar: who, which order, when, which devices; nothing overlaps, whatever is said."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from packstation.i18n import LANGUAGES
from packstation.station.ports import CommandGiven, Happening
from packstation.station.views import CartonView, DeviceView, PersonView, StationView, WeighView
from packstation.ui.widgets.device_lamps import lamp_states
from packstation.ui.widgets.film_mark import FilmMark
from packstation.ui.widgets.step_rail import rail_of
from packstation.ui.widgets.top_bar import TopBar
from tests.ui.conftest import MakeWindow, click
from tests.ui.frame_views import NOW, devices, queue, scanning

SIZES = [(1920, 1080), (1366, 768), (960, 540)]


def offline(view: StationView, labels: int | None = 112) -> StationView:
    since = NOW - timedelta(minutes=31)
    sync = replace(view.sync, state="offline", waiting=42, labels_left=labels, since=since)
    return replace(view, sync=sync)


def bar(make_window: MakeWindow, view: StationView, size: tuple[int, int] = SIZES[0]) -> TopBar:
    return make_window(view, size).frame.top


def said(top: TopBar) -> list[str]:
    """Every text on the bar, from left to right."""
    top.grab()
    parts = sorted((p for p in top.parts if not p.isHidden()), key=lambda part: part.x())
    return [placed.text for part in parts for placed in part.placed]


@pytest.mark.parametrize("percent", [90, 100, 115, 130])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("trouble", [False, True])
def test_nothing_overlaps_and_nothing_leaves_the_bar(
    make_window: MakeWindow, language: str, size: tuple[int, int], percent: int, trouble: bool
) -> None:
    view = replace(scanning(language, percent=percent), filming="fault" if trouble else "film")
    top = bar(make_window, offline(view) if trouble else view, size)
    (film,) = [part for part in top.parts if isinstance(part, FilmMark)]
    assert not film.isHidden()
    shown = sorted((part for part in top.parts if not part.isHidden()), key=lambda part: part.x())
    assert shown[0].x() >= 0
    assert shown[-1].geometry().right() < size[0]
    for left, right in pairwise(shown):
        assert left.geometry().right() <= right.x() + 2, (left, right)


@pytest.mark.parametrize("size", SIZES[:2])
@pytest.mark.parametrize("language", LANGUAGES)
def test_order_number_and_parcel_are_whole(
    make_window: MakeWindow, language: str, size: tuple[int, int]
) -> None:
    texts = said(bar(make_window, scanning(language), size))
    assert "40112233-0007-1" in texts
    assert not any("…" in text for text in texts if "-" in text or "/" in text)


def test_it_says_what_the_picture_says(make_window: MakeWindow) -> None:
    assert said(bar(make_window, scanning())) == [
        "LY", "Lin Yue", "Bench 07",
        "40112233-0007-1", "Ozon · Kazan, RU",
        "Parcel 1 of 1", "2 of 7 scanned",
        "18:00 · 3 h 52 min", "late costs ¥7.20",
        "Synced", "14:08",
    ]  # fmt: skip


def test_after_weighing_the_parcel_says_its_weight_and_box(make_window: MakeWindow) -> None:
    view = replace(
        scanning(),
        step=4,
        weigh=WeighView(read_g=1104),
        carton=CartonView("C3", "box", (300, 200, 120)),
    )
    assert "1\u2009104 g · C3" in said(bar(make_window, view))


def test_without_an_order_the_screen_has_a_name(make_window: MakeWindow) -> None:
    texts = said(bar(make_window, queue()))
    assert "Queue" in texts
    assert "40112233-0007-1" not in texts


def test_without_a_person_the_bench_says_that_nobody_is_signed_in(
    make_window: MakeWindow,
) -> None:
    texts = said(bar(make_window, replace(queue(), person=PersonView(bench="07"))))
    assert texts[:2] == ["Bench 07", "Nobody signed in"]
    texts = said(bar(make_window, replace(queue(), person=PersonView())))
    assert texts[0] == "New bench"


@pytest.mark.parametrize(
    ("level", "fill"),
    [("calm", "sunken"), ("warn", "warn.tint"), ("stop", "stop.tint"), ("saves", "ok.tint")],
)
def test_the_deadline_wears_its_level(make_window: MakeWindow, level: str, fill: str) -> None:
    view = scanning()
    assert view.deadline is not None
    top = bar(make_window, replace(view, deadline=replace(view.deadline, level=level)))
    chip = top.right[0]
    found = chip.grab().toImage().pixelColor(30, chip.height() // 2 - 18)
    assert found == top.theme.color(fill)
    word = "saves" if level == "saves" else "late costs"
    assert any(text.startswith(word) for text in said(top))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-720, "18:00 · late by 12 min"),
        (59, "18:00 · 0 min"),
        (1800, "18:00 · 30 min"),
        (2 * 86400 + 3600, "18:00 · 2 d 1 h"),
    ],
)
def test_the_time_left_is_told_in_its_largest_units(
    make_window: MakeWindow, seconds: int, text: str
) -> None:
    view = scanning()
    assert view.deadline is not None
    late = replace(view.deadline, seconds_left=seconds, cost="")
    assert text in said(bar(make_window, replace(view, deadline=late)))


def test_a_second_less_does_not_repaint(make_window: MakeWindow) -> None:
    view = scanning()
    assert view.deadline is not None
    top = bar(make_window, view)
    chip = top.right[0]
    before = chip.share(view)
    assert chip.share(replace(view, deadline=replace(view.deadline, seconds_left=13979))) == before
    assert chip.share(replace(view, deadline=replace(view.deadline, seconds_left=13919))) != before


def test_offline_says_since_when_what_waits_and_what_is_left(make_window: MakeWindow) -> None:
    top = bar(make_window, offline(scanning()))
    assert "Offline 31 min · 42 wait · 112 labels" in said(top)
    assert top.right[1].accessibleName() == "Offline 31 min · 42 wait · 112 labels"


@pytest.mark.parametrize(
    ("labels", "fill"), [(None, "warn.tint"), (19, "warn.tint"), (5, "warn.tint"), (4, "stop.tint")]
)
def test_the_last_labels_stop(make_window: MakeWindow, labels: int | None, fill: str) -> None:
    top = bar(make_window, offline(scanning(), labels))
    chip = top.right[1]
    assert chip.grab().toImage().pixelColor(30, chip.height() // 2 - 18) == top.theme.color(fill)


def test_waiting_facts_are_counted(make_window: MakeWindow) -> None:
    view = scanning("ru")
    waiting = replace(view, sync=replace(view.sync, state="sending", waiting=12))
    assert "ждут: 12" in said(bar(make_window, waiting))


def test_lamps_have_a_shape_for_each_state(make_window: MakeWindow) -> None:
    top = bar(make_window, replace(scanning(), devices=devices(label="fault", scanner="asleep")))
    assert top.lamps.accessibleName() == (
        "Scanner: asleep, Scale: working, Label printer: in trouble, Paper printer: working"
    )
    image = top.lamps.grab().toImage()
    theme = top.theme
    step = 58
    corner = top.lamps.height() // 2 - 18
    assert image.pixelColor(0 * step + 44, corner) == theme.color("surface")
    assert image.pixelColor(1 * step + 44, corner) == theme.color("ok.fill")
    assert image.pixelColor(2 * step + 44, corner) == theme.color("stop.fill")


def test_a_lamp_shows_the_worst_of_its_kind_and_a_missing_kind_is_off() -> None:
    found = lamp_states(
        (
            DeviceView("a", "scanner", "a", "ok"),
            DeviceView("b", "scanner", "b", "fault"),
            DeviceView("c", "camera", "c", "asleep"),
            DeviceView("d", "teapot", "d", "fault"),
        )
    )
    assert found == (
        ("scanner", "fault"),
        ("scale", "off"),
        ("label", "off"),
        ("papers", "off"),
        ("camera", "asleep"),
    )


def test_a_touch_on_the_lamps_asks_for_the_faulty_device(
    make_window: MakeWindow, heard: list[Happening]
) -> None:
    window = make_window(replace(scanning(), devices=devices(label="fault")))
    window.happened.connect(heard.append)
    click(window.frame.devices)
    assert heard == [CommandGiven("devices", "label-1", source="touch")]


def test_muted_is_a_struck_speaker_on_amber(make_window: MakeWindow) -> None:
    view = scanning()
    top = bar(make_window, replace(view, person=replace(view.person, muted=True)))
    mark = top.right[4]
    assert mark.accessibleName() == "Sound off"
    corner = mark.grab().toImage().pixelColor(mark.width() // 2 - 18, mark.height() // 2 - 18)
    assert corner == top.theme.color("warn.fill")


@pytest.mark.parametrize(
    ("screen", "step", "steps", "current"),
    [("scanning", 3, 5, 3), ("enrol", 0, 3, 1), ("test_card", 0, 3, 3), ("queue", 0, 0, 0)],
)
def test_the_rail_has_the_steps_of_what_is_walked_through(
    screen: str, step: int, steps: int, current: int
) -> None:
    view = scanning()
    found = rail_of(replace(view, screen=type(view.screen)(screen), step=step))
    assert (len(found[0]), found[1]) == (steps, current)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_step_is_cut(make_window: MakeWindow, language: str, size: tuple[int, int]) -> None:
    rail = make_window(replace(scanning(language, percent=130), step=3), size).frame.rail
    rail.grab()
    assert not any(placed.cut for placed in rail.placed)
    if size[0] > 1000:
        assert len(rail.placed) == 8
    else:
        assert [placed.text for placed in rail.placed] == ["3", "4", "5"]


def test_the_next_step_fills_from_left_to_right(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(scanning())
    rail = window.frame.rail
    window.show_view(replace(scanning(), step=2))
    bottom = rail.height() - 2
    right = 32 + 372 + 350
    assert rail.grab().toImage().pixelColor(right, bottom) == rail.theme.color("line")
    now = rail.theme.color("now.fill")
    qtbot.waitUntil(lambda: rail.grab().toImage().pixelColor(right, bottom) == now, timeout=3000)
    assert rail.accessibleName() == "Step 2 of 5: Box"
