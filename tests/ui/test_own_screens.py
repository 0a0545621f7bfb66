"""Help of every state fits in every language; settings and goods are touched; the bar stands."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from packstation.bootstrap.help_files import read_help
from packstation.i18n import LANGUAGES
from packstation.station.help_book import CODES, TOPICS, causes
from packstation.station.ports import ChoiceMade, CommandGiven, Happening
from packstation.station.viewing.frame import commands
from packstation.station.views import HelpHit, HelpView, PersonView, Screen, StationView, Words
from packstation.ui.keys import Keys, Stroke
from packstation.ui.screens.goods_labels import GoodsLabelsScreen
from packstation.ui.screens.help import HelpScreen
from packstation.ui.sounds import NullPlayer
from packstation.ui.tones import EARCONS, pitches, voiced
from packstation.ui.widgets.hint_line import HintLine
from packstation.ui.widgets.task_bar import TaskBar
from packstation.ui.widgets.touch_area import TouchArea
from packstation.ui.words import Speakers
from tests.ui.conftest import MakeWindow
from tests.ui.sample_own import goods_lot, help_topic, my_settings, task_explicit, task_item
from tests.ui.sample_steps import completed
from tests.ui.stage_views import cut, outside, overlapping, show, theme_of
from tests.ui.test_paint import read

pytestmark = pytest.mark.usefixtures("product_fonts")


def topic_view(language: str, name: str) -> StationView:
    topic = read_help(language).topics[name]
    view = HelpView(name, topic.title, topic.asks, topic.keys, topic.when)
    return replace(help_topic(language), help=view)


@pytest.mark.parametrize("profile", ["wide", "small", "tight"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TOPICS)
def test_the_help_of_every_state_fits(qtbot: QtBot, name: str, language: str, profile: str) -> None:
    theme = theme_of(profile, language=language)
    stage = show(qtbot, topic_view(language, name), theme, profile)
    assert stage.main_line
    assert cut(stage) == []
    assert overlapping(stage) == []
    assert outside(stage) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_with_a_cure_is_in_the_help(language: str) -> None:
    found = causes(Speakers().of(language).catalogue)
    assert len(found) > 40
    assert {"printer.paper_out", "device.unplugged"} <= found.keys()
    assert all(topic.title and topic.asks for topic in found.values())
    assert not any("{" in topic.title + topic.asks for topic in found.values())


def touched(stage: object, value: str) -> list[Happening]:
    heard: list[Happening] = []
    stage.happened.connect(heard.append)  # type: ignore[attr-defined]
    areas = stage.findChildren(TouchArea)  # type: ignore[attr-defined]
    next(area for area in areas if area.objectName() == value).clicked.emit()
    return heard


def test_a_finger_takes_a_value_a_topic_and_a_kind(qtbot: QtBot) -> None:
    for view, value in (
        (my_settings("en"), "text_percent=130"),
        (help_topic("en"), "weighing"),
        (goods_lot("en"), "sscc"),
    ):
        stage = show(qtbot, view, theme_of())
        assert touched(stage, value) == [ChoiceMade(0, value, "touch")]


@pytest.mark.parametrize("profile", ["wide", "small"])
def test_values_are_apart_and_large_enough_for_a_finger(qtbot: QtBot, profile: str) -> None:
    stage = show(qtbot, my_settings("ru"), theme_of(profile, language="ru"), profile)
    areas = [area.geometry() for area in stage.findChildren(TouchArea) if area.isVisible()]
    assert len(areas) >= 18
    assert min(area.height() for area in areas) >= 76
    pairs = [(a, b) for n, a in enumerate(areas) for b in areas[n + 1 :]]
    assert not any(a.intersects(b) for a, b in pairs)


@pytest.mark.parametrize("make", [task_item, task_explicit])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bar_stands_above_the_stage_and_cuts_nothing(
    make_window: MakeWindow, language: str, make: object
) -> None:
    view = make(language)  # type: ignore[operator]
    window = make_window(view)
    window.show_view(view)
    window.grab()
    bar = window.findChild(TaskBar)
    assert bar is not None
    assert bar.isVisibleTo(window)
    assert not any(placed.cut for placed in bar.placed)
    assert window.frame.stage is not None
    assert bar.geometry().bottom() < window.frame.stage.geometry().top()
    window.show_view(replace(view, task=None))
    assert not bar.isVisibleTo(window)


def test_the_bar_is_confirmed_by_touch(make_window: MakeWindow, heard: list[Happening]) -> None:
    window = make_window(task_item("en"))
    window.happened.connect(heard.append)
    bar = window.findChild(TaskBar)
    assert bar is not None
    bar.findChildren(TouchArea)[0].clicked.emit()
    assert CommandGiven("done", source="touch") in heard


def test_letters_search_in_help_and_nowhere_else() -> None:
    keys, page = Keys(), help_topic("en")
    assert keys.read(page, Stroke(65, "a")) == CommandGiven("help-type", "a")
    assert keys.read(page, Stroke(0x01000003)) == CommandGiven("help-erase")
    assert keys.read(page, Stroke(0x01000003, "\x08")) == CommandGiven("help-erase")
    first = page.help.hits[0].id if page.help else ""
    assert keys.read(page, Stroke(49, "1")) == ChoiceMade(0, first)
    assert keys.read(StationView(screen=Screen.QUEUE), Stroke(65, "a")) is None
    assert keys.read(my_settings("en"), Stroke(50, "2")) == ChoiceMade(1, "text_percent")


def test_sound_and_movement_are_the_persons(make_window: MakeWindow, player: NullPlayer) -> None:
    person = PersonView(name="Lin", sounds="low", volume=40, still=True)
    window = make_window(StationView(screen=Screen.QUEUE, person=person))
    window.set_player(player)
    assert player.tuned == ("low", 40)
    assert not window.theme.motion


def test_both_sets_keep_good_and_bad_apart() -> None:
    for sounds in ("standard", "low"):
        tuned = {name: voiced(earcon, sounds, 40) for name, earcon in EARCONS.items()}
        good = {hz for one in tuned.values() if one.timbre == "good" for hz in pitches(one)}
        bad = {hz for one in tuned.values() if one.timbre == "bad" for hz in pitches(one)}
        assert min(good) > max(bad)
    loud, quiet = voiced(EARCONS["ok"], "standard", 100), voiced(EARCONS["ok"], "standard", 15)
    assert loud == EARCONS["ok"]
    assert quiet.level_db < loud.level_db - 16


@pytest.mark.parametrize("profile", ["wide", "small", "tight"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CODES)
def test_every_code_of_a_board_is_read_off_the_glass(
    qtbot: QtBot, name: str, language: str, profile: str
) -> None:
    view = HelpView(name, hits=(HelpHit(name, ""),), codes=CODES[name])
    theme = theme_of(profile, language=language)
    stage = show(qtbot, replace(help_topic(language), help=view), theme, profile)
    assert (cut(stage), overlapping(stage), outside(stage)) == ([], [], [])
    found = {text.removeprefix("%PS:") for text in read(stage.grab().toImage())}
    # At 200 % there is room for the first of them; the card has them all.
    shown = len(CODES[name]) if profile != "tight" else len(found)
    assert shown >= 6
    assert found == set(CODES[name][:shown])


@pytest.mark.parametrize("profile", ["wide", "tight"])
def test_for_the_left_hand_the_topics_stand_at_the_right(qtbot: QtBot, profile: str) -> None:
    left = show(qtbot, help_topic("en"), theme_of(profile, hand="left"), profile)
    right = show(qtbot, help_topic("en"), theme_of(profile), profile)
    assert isinstance(left, HelpScreen)
    assert isinstance(right, HelpScreen)
    assert left.topics.x() > left.page.geometry().right()
    assert right.topics.geometry().right() < right.page.x()


def png(width: int, height: int) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0xFF00FF)
    buffer = QBuffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


@pytest.mark.parametrize("profile", ["wide", "tight"])
@pytest.mark.parametrize("size", [(400, 600), (600, 200)])
def test_the_label_to_be_printed_is_seen_beside_its_name(
    qtbot: QtBot, profile: str, size: tuple[int, int]
) -> None:
    view = goods_lot("ru")
    assert view.goods is not None
    seen = replace(view, goods=replace(view.goods, preview=png(*size)))
    stage = show(qtbot, seen, theme_of(profile, "light", "ru"), profile)
    assert isinstance(stage, GoodsLabelsScreen)
    hero = stage.hero.grab().toImage()
    row = [hero.pixelColor(x, hero.height() // 2).name() for x in range(hero.width())]
    painted = [x for x, colour in enumerate(row) if colour == "#ff00ff"]
    column = painted or [
        x for x in range(hero.width()) if hero.pixelColor(x, hero.height() // 3).name() == "#ff00ff"
    ]
    assert min(column) > hero.width() * 0.6
    assert not cut(stage)
    assert not overlapping(stage)
    stage.show_view(replace(view, goods=replace(view.goods, preview=b"no picture")))
    assert stage.hero.grab().toImage() != hero


@pytest.mark.parametrize("profile", ["wide", "small", "tight"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_closed_parcel_says_what_enter_opens(qtbot: QtBot, language: str, profile: str) -> None:
    note = Words("hint.next", (("order", "40112233-0052-1"), ("t", "T-117")))
    foot = commands("accept", "reopen", "help")
    view = replace(completed(language), note=note, commands=foot)
    stage = show(qtbot, view, theme_of(profile, language=language), profile)
    assert (cut(stage), overlapping(stage), outside(stage)) == ([], [], [])
    (line,) = stage.findChildren(HintLine)
    assert line.isVisibleTo(stage)
