"""The window: the stage of a state, what lies over it, what is heard, whose language."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from packstation.i18n import LANGUAGES
from packstation.station.ports import ChoiceMade, CommandGiven, Happening, TextEntered
from packstation.station.views import AlertView, EntryView, Screen, StationView, Words
from packstation.ui import main_window
from packstation.ui.main_window import MainWindow, Stages
from packstation.ui.sounds import NullPlayer
from packstation.ui.watch import PaintWatch
from packstation.ui.widgets.keypad import ChoiceRow, KeyButton, Keypad
from tests.ui import sample_training
from tests.ui.conftest import MakeWindow, PlainStage, click, plain_overlay, plain_screen
from tests.ui.frame_views import queue, scanning

SIZES = [(1920, 1080), (1366, 768)]


def alert(sound: str = "wrong_item", serial: int = 1) -> AlertView:
    return AlertView("refusal", Words("x"), sound=sound, serial=serial)


def keypad(window: MainWindow) -> Keypad:
    found = window.frame.keypad
    assert found is not None
    return found


def test_regions_are_those_of_the_design(make_window: MakeWindow) -> None:
    frame = make_window(scanning()).frame
    assert frame.top.geometry() == QRect(0, 0, 1920, 84)
    assert frame.rail.geometry() == QRect(0, 84, 1920, 60)
    assert frame.foot.geometry() == QRect(0, 908, 1920, 172)
    assert frame.stage is not None
    assert frame.stage.geometry() == QRect(0, 144, 1920, 764)


def test_a_small_screen_has_its_own_regions(make_window: MakeWindow) -> None:
    frame = make_window(scanning(), (1366, 768)).frame
    assert (frame.top.height(), frame.rail.height()) == (68, 46)
    assert frame.foot.geometry() == QRect(0, 652, 1366, 116)


def test_above_1920_the_stage_grows_to_2200_and_then_the_margins(make_window: MakeWindow) -> None:
    frame = make_window(scanning(), (2560, 1080)).frame
    assert frame.stage is not None
    assert (frame.stage.x(), frame.stage.width()) == (180, 2200)
    assert frame.top.width() == 2560


def test_without_steps_the_stage_takes_the_rails_place(make_window: MakeWindow) -> None:
    frame = make_window(queue()).frame
    assert frame.stage is not None
    assert frame.rail.isHidden()
    assert frame.stage.geometry() == QRect(0, 84, 1920, 1080 - 84 - 116)


def test_each_state_has_its_stage_and_keeps_it(make_window: MakeWindow) -> None:
    window = make_window(scanning())
    first = window.frame.stage
    window.show_view(replace(scanning(), screen=Screen.WEIGHING, step=3))
    second = window.frame.stage
    window.show_view(scanning())
    assert window.frame.stage is first
    assert second is not first
    assert second is not None
    assert second.isHidden()
    assert isinstance(first, PlainStage)
    assert first.view == scanning()


def test_a_locked_bench_shows_the_sign_in_and_keeps_the_parcel(make_window: MakeWindow) -> None:
    window = make_window(scanning())
    window.show_view(replace(scanning(), locked=True, alert=alert()))
    assert window.frame.stage is not None
    assert window.frame.stage.shows_entry
    assert window.frame.overlay is None
    assert window.frame.rail.isHidden()
    window.show_view(scanning())
    assert not window.frame.stage.shows_entry


def test_an_alert_covers_all_below_the_top_bar_and_goes_away(make_window: MakeWindow) -> None:
    window = make_window(scanning())
    window.show_view(replace(scanning(), alert=alert()))
    overlay = window.frame.overlay
    assert overlay is not None
    assert overlay.geometry() == QRect(0, 84, 1920, 996)
    assert window.childAt(960, 1000) is overlay
    window.show_view(replace(scanning(), alert=replace(alert(), kind="hold")))
    assert overlay.isHidden()
    window.show_view(scanning())
    assert window.frame.overlay is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_theme_and_hand_change_with_the_badge_at_once(
    make_window: MakeWindow, language: str
) -> None:
    window = make_window(scanning())
    window.show_view(scanning(language, "dark"))
    assert (window.theme.language, window.theme.mode) == (language, "dark")
    step = {"en": "Scan items", "zh_Hans": "扫描商品", "ru": "Товары"}[language]
    window.frame.rail.grab()
    assert step in [placed.text for placed in window.frame.rail.placed]
    assert isinstance(window.frame.stage, PlainStage)
    assert window.frame.stage.theme is window.theme


def test_training_lies_on_top_of_everything_for_as_long_as_it_lasts(
    make_window: MakeWindow,
) -> None:
    frame = make_window(replace(scanning(), training=True)).frame
    assert frame.training.geometry() == QRect(0, 0, 1920, 60)
    assert frame.top.y() == 60
    frame.training.grab()
    assert frame.training.placed[0].text == "Training: nothing ships, nothing is billed"
    assert frame.foot.geometry().bottom() == 1079


def test_a_lesson_is_told_with_its_counts_and_left_by_a_finger(
    make_window: MakeWindow,
) -> None:
    view = sample_training.lesson("en")
    assert view.lesson is not None
    bar = make_window(view).frame.training
    bar.grab()
    hint = bar.words.of(view.lesson.hint)
    assert bar.height() > 60
    assert hint in [placed.text for placed in bar.placed]
    assert bar.accessibleName().endswith(hint)
    heard: list[object] = []
    bar.happened.connect(heard.append)
    middle = bar.height() // 2
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(40, middle))
    assert not heard
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() - 60, middle))
    assert heard == [CommandGiven("queue", source="touch")]
    many = replace(view.lesson, mistakes=view.lesson.allowed + 1)
    bar.show_view(replace(view, lesson=many))
    bar.grab()
    assert bar.lesson == many


def test_the_virtual_bench_stands_beside_the_window(make_window: MakeWindow) -> None:
    window = make_window(scanning())
    side = QWidget()
    window.set_side(side, 500)
    assert side.geometry() == QRect(1420, 0, 500, 1080)
    assert (window.frame.width(), window.theme.profile.name) == (1420, "small")
    window.set_side(None)
    assert (window.frame.width(), window.theme.profile.name) == (1920, "wide")
    side.deleteLater()


def test_refresh_keeps_what_is_shown(make_window: MakeWindow) -> None:
    window = make_window(replace(scanning(), alert=alert()))
    before = window.frame
    window.refresh()
    assert window.frame is not before
    assert window.frame.overlay is not None


def test_what_waits_for_the_first_painting_comes_after_it(
    qtbot: QtBot, product_fonts: QApplication
) -> None:
    window = MainWindow(Stages(plain_screen, plain_overlay))
    qtbot.addWidget(window)
    seen: list[str] = []
    PaintWatch(window, lambda: seen.append("painted"))
    window.after_paint(lambda: seen.append("work"))
    window.after_paint(lambda: seen.append("more"))
    window.show_view(scanning())
    window.show()
    qtbot.waitUntil(lambda: "more" in seen)
    assert seen[:3] == ["painted", "work", "more"]
    window.after_paint(lambda: seen.append("later"))
    qtbot.waitUntil(lambda: "later" in seen)


def test_a_window_that_nobody_sees_begins_none_the_less(
    qtbot: QtBot, product_fonts: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main_window, "UNSEEN_MS", 20)
    window = MainWindow(Stages(plain_screen, plain_overlay))
    qtbot.addWidget(window)
    seen: list[str] = []
    window.after_paint(lambda: seen.append("work"))
    qtbot.waitUntil(lambda: seen == ["work"])
    assert not window.isVisible()


# --- what is heard ----------------------------------------------------------------------


def test_an_earcon_is_played_once_a_fact(make_window: MakeWindow, player: NullPlayer) -> None:
    window = make_window(replace(scanning(), serial=1, earcon="ok"))
    window.show_view(replace(scanning(), serial=1, earcon="ok", clock="14:09"))
    window.show_view(replace(scanning(), serial=2, earcon="ok"))
    assert player.played == ["ok", "ok"]


def test_an_alarm_repeats_until_it_is_answered(make_window: MakeWindow, player: NullPlayer) -> None:
    window = make_window(scanning())
    wrong = replace(scanning(), serial=2, earcon="wrong_item", alert=alert())
    window.show_view(wrong)
    window.show_view(replace(wrong, clock="14:09"))
    assert (player.played, player.repeating) == (["wrong_item"], "wrong_item")
    window.show_view(replace(scanning(), serial=3, earcon="ok"))
    assert (player.played, player.repeating) == (["wrong_item", "ok"], "")


def test_the_same_refusal_again_sounds_again(make_window: MakeWindow, player: NullPlayer) -> None:
    window = make_window(replace(scanning(), alert=alert(serial=1)))
    window.show_view(replace(scanning(), serial=2, alert=alert(serial=2)))
    assert player.played == ["wrong_item", "wrong_item"]


def test_a_supervisor_at_the_bench_silences_the_alarm(
    make_window: MakeWindow, player: NullPlayer
) -> None:
    wrong = replace(scanning(), alert=alert())
    window = make_window(wrong)
    window.show_view(replace(wrong, entry=EntryView("pin", Words("x"), secret=True)))
    assert player.repeating == ""


def test_muted_nothing_sounds_and_the_frame_lights(
    make_window: MakeWindow, player: NullPlayer
) -> None:
    view = scanning()
    muted = replace(view, person=replace(view.person, muted=True), earcon="ok", alert=alert())
    window = make_window(muted)
    assert player.played == []
    assert not window.frame.light.isHidden()
    assert window.grab().toImage().pixelColor(3, 500) == window.theme.color("warn.fill")


def test_the_volume_test_is_the_windows_own(
    make_window: MakeWindow, player: NullPlayer, heard: list[Happening]
) -> None:
    window = make_window(scanning())
    window.happened.connect(heard.append)
    window.give(CommandGiven("volume-test"))
    assert player.played == ["ok", "wrong_item", "order_stopped"]
    assert heard == []


def test_sound_that_comes_late_says_what_is_on_the_screen(
    make_window: MakeWindow, player: NullPlayer
) -> None:
    window = make_window(replace(scanning(), alert=alert()))
    late = NullPlayer()
    window.set_player(late)
    assert late.repeating == "wrong_item"


def test_closing_gives_the_sound_device_back(
    make_window: MakeWindow, player: NullPlayer, qtbot: QtBot
) -> None:
    window = make_window(replace(scanning(), alert=alert()))
    with qtbot.waitSignal(window.closed, timeout=1000):
        window.close()
    assert player.repeating == ""


# --- entries ----------------------------------------------------------------------------


def asking(kind: str = "pin", **more: object) -> StationView:
    return replace(scanning(), entry=replace(EntryView(kind, Words("x"), secret=True), **more))


def test_the_keypad_comes_with_a_question_and_goes_with_its_answer(
    make_window: MakeWindow,
) -> None:
    window = make_window(scanning())
    assert window.frame.keypad is None
    window.show_view(asking())
    assert keypad(window).isVisible()
    assert keypad(window).field.echoMode() == QLineEdit.EchoMode.Password
    window.show_view(scanning())
    assert not keypad(window).isVisible()


def test_a_stage_that_asks_itself_gets_no_keypad(make_window: MakeWindow) -> None:
    window = make_window(replace(asking(), screen=Screen.SIGN_IN, order=None, step=0))
    assert window.frame.keypad is None


def test_only_the_field_takes_the_focus(make_window: MakeWindow) -> None:
    window = make_window(asking())
    willing = [
        child
        for child in window.findChildren(QWidget)
        if child.focusPolicy() != Qt.FocusPolicy.NoFocus and not child.isHidden()
    ]
    assert willing == [keypad(window).field]


def test_touched_digits_and_enter_are_an_answer(
    make_window: MakeWindow, heard: list[Happening]
) -> None:
    window = make_window(asking())
    window.happened.connect(heard.append)
    keys = {key.name: key for key in window.findChildren(KeyButton)}
    assert not keys["enter"].isEnabled()
    for name in ("4", "7", "erase", "8", "1", "1"):
        click(keys[name])
    assert keys["enter"].isEnabled()
    click(keys["enter"])
    assert heard == [TextEntered("pin", "4811")]
    assert keypad(window).field.text() == ""


def test_a_refused_answer_says_why_and_starts_anew(make_window: MakeWindow) -> None:
    window = make_window(asking())
    keypad(window).field.setText("4711")
    window.show_view(asking(problem=Words("y")))
    assert keypad(window).field.text() == ""
    keypad(window).field.setText("47")
    window.show_view(replace(asking(problem=Words("y")), clock="14:09"))
    assert keypad(window).field.text() == "47"


def test_a_list_is_picked_by_touch(make_window: MakeWindow, heard: list[Happening]) -> None:
    choices = tuple((name, Words(name)) for name in ("damaged", "missing", "other"))
    window = make_window(asking("hold", choices=choices, secret=False))
    window.happened.connect(heard.append)
    rows = window.findChildren(ChoiceRow)
    click(rows[2])
    assert heard == [ChoiceMade(2, "other", source="touch")]
    assert rows[0].accessibleName() == "1 damaged"


@pytest.mark.parametrize("left_handed", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_keys_are_20_mm_with_8_mm_between_and_stay_on_the_screen(
    make_window: MakeWindow, size: tuple[int, int], left_handed: bool
) -> None:
    view = asking()
    window = make_window(replace(view, person=replace(view.person, left_handed=left_handed)), size)
    keys = window.findChildren(KeyButton)
    metrics = window.theme.metrics
    assert all(key.width() >= metrics.touch and key.height() >= metrics.touch for key in keys)
    assert keys[1].x() - keys[0].geometry().right() - 1 >= metrics.gap
    assert keys[3].y() - keys[0].geometry().bottom() - 1 >= metrics.gap
    place = keypad(window).geometry()
    assert window.frame.rect().contains(place)
    assert keypad(window).rect().contains(keys[-1].geometry())
    assert (place.center().x() < size[0] / 2) == left_handed


def test_what_the_person_did_leaves_the_window(
    make_window: MakeWindow, heard: list[Happening], player: NullPlayer
) -> None:
    window = make_window(scanning())
    window.happened.connect(heard.append)
    assert isinstance(window.frame.stage, PlainStage)
    window.frame.stage.happened.emit(CommandGiven("yes", source="touch"))
    assert heard == [CommandGiven("yes", source="touch")]
    assert player.played == ["key"]
