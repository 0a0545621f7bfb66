"""What fingers, eyes and clocks do to the parts of a stage."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from packstation.domain.weights import ScaleState
from packstation.station.ports import (
    AnswerGiven,
    ChoiceMade,
    CommandGiven,
    DeviceState,
    Happening,
)
from packstation.station.views import CartonView, DeviceView
from packstation.ui.gallery import grab_all
from packstation.ui.theme import Theme
from packstation.ui.widgets.carton3d import back_to_front, goods_of, legend, uncovered
from packstation.ui.widgets.hero_card import HeroCard
from packstation.ui.widgets.number_groups import differing, groups, last_three
from packstation.ui.widgets.print_ladder import PrintLadder
from packstation.ui.widgets.product_picture import decode, picture_path
from packstation.ui.words import Speakers
from tests.ui.sample_order import carton
from tests.ui.sample_views import sample
from tests.ui.stage_views import paint, show, texts, theme_of

pytestmark = pytest.mark.usefixtures("product_fonts")
MOVING = dataclasses.replace(theme_of(), motion=True)


def _press(button: QAbstractButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _buttons(stage: object) -> dict[str, QAbstractButton]:
    found = stage.findChildren(QAbstractButton)  # type: ignore[attr-defined]
    return {button.accessibleName(): button for button in found if button.isVisible()}


@pytest.mark.parametrize(
    ("name", "word", "happening"),
    [
        ("wrong-variant", "Supervisor", CommandGiven("supervisor", source="touch")),
        ("printing-unsure", "It came out", AnswerGiven(yes=True, about="print")),
        ("printing-unsure", "It did not", AnswerGiven(yes=False, about="print")),
        ("find-devices", "It moves", AnswerGiven(yes=True, about="scale")),
        ("devices-fault", "Test label", CommandGiven("test-label", "label", "touch")),
    ],
)
def test_a_touched_answer_goes_up(qtbot: QtBot, name: str, word: str, happening: Happening) -> None:
    stage = show(qtbot, sample(name), theme_of())
    heard: list[object] = []
    stage.happened.connect(heard.append)
    _press(_buttons(stage)[word])
    assert heard == [happening]


@pytest.mark.parametrize("profile", ["wide", "small"])
@pytest.mark.parametrize("name", ["printing-unsure", "find-devices", "devices-fault", "cancelled"])
def test_what_must_be_touched_is_large_enough(qtbot: QtBot, name: str, profile: str) -> None:
    theme = theme_of(profile)
    stage = show(qtbot, sample(name), theme, profile)
    buttons = _buttons(stage)
    assert buttons
    for button in buttons.values():
        assert button.height() / theme.metrics.px_per_mm >= 20
        assert button.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_a_touched_box_is_taken(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("cartoning"), theme_of())
    heard: list[object] = []
    stage.happened.connect(heard.append)
    others = stage.others  # type: ignore[attr-defined]
    QTest.mouseClick(others, Qt.MouseButton.LeftButton, pos=QPoint(100, others.height() // 4))
    assert heard == [ChoiceMade(0, "C4", "touch")]


def test_the_answers_go_when_the_question_is_answered(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("printing-unsure"), theme_of())
    stage.show_view(sample("printing"))
    assert _buttons(stage) == {}


def test_an_alert_without_an_alert_shows_what_it_showed(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("wrong-variant"), theme_of())
    stage.show_view(sample("scanning"))
    assert stage.main_line == "Wrong variant"


def test_the_same_view_is_not_painted_again(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = show(qtbot, sample("scanning"), theme_of())
    hero = stage.hero  # type: ignore[attr-defined]
    painted: list[int] = []
    monkeypatch.setattr(hero, "update", lambda: painted.append(1))
    stage.show_view(replace(sample("scanning"), serial=99, clock="15:00"))
    assert painted == []


def test_the_tick_of_a_new_verdict_is_drawn_and_ends(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("scanning-first"), MOVING)
    hero = stage.findChild(HeroCard)
    assert hero is not None
    stage.show_view(sample("scanning"))
    assert hero.progress < 1
    qtbot.waitUntil(lambda: hero.progress == 1.0, timeout=2000)


def test_a_running_rung_turns_and_rests_out_of_sight(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("printing"), MOVING)
    ladder = stage.findChild(PrintLadder)
    assert ladder is not None
    qtbot.waitUntil(lambda: ladder.turn > 0, timeout=2000)
    stage.hide()
    assert ladder.motion.state() == ladder.motion.State.Stopped


def test_a_refusal_settles(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("wrong-variant"), MOVING)
    body = stage.body  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: body.swell == 1.0, timeout=2000)


@pytest.mark.parametrize("still", [theme_of(), theme_of(mode="dark")])
def test_without_motion_everything_is_there_at_once(qtbot: QtBot, still: Theme) -> None:
    stage = show(qtbot, sample("wrong-variant"), still)
    assert stage.body.swell == 1.0  # type: ignore[attr-defined]


def test_a_muted_alarm_says_so(qtbot: QtBot) -> None:
    view = sample("wrong-variant")
    stage = show(qtbot, replace(view, person=replace(view.person, muted=True)), theme_of())
    assert "Sound is off" in texts(stage)


def test_a_scale_without_a_number_shows_none(qtbot: QtBot) -> None:
    view = sample("weighing")
    for state in ("FAULT", "NO_SCALE", "ASLEEP"):
        scale = replace(view.scale, state=state, grams=812)
        stage = show(qtbot, replace(view, scale=scale), theme_of())
        assert stage.giant == ""
        assert "812" not in texts(stage)


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        ("LP742003188CN", ["LP", "742", "003", "188", "CN"]),
        ("1Z999AA1", ["1", "Z", "999", "AA", "1"]),
        ("", []),
    ],
)
def test_numbers_are_read_in_groups(number: str, parts: list[str]) -> None:
    assert groups(number) == parts


def test_the_last_three_digits_are_those_before_the_country() -> None:
    start, end = last_three("LP742003188CN")
    assert "LP742003188CN"[start:end] == "188"


def test_digits_that_differ_are_found() -> None:
    assert differing("12345", "12945") == [False, False, True, False, False]
    assert differing("123", "12") == [False, False, True]


def test_goods_are_painted_from_the_back_and_numbered_where_seen() -> None:
    goods = goods_of(carton())
    order = [good.number for good in back_to_front(goods)]
    assert sorted(order) == [1, 2, 3, 4, 5, 6, 7]
    assert order.index(1) < order.index(3) < order.index(4) < order.index(5)
    assert order.index(2) < order.index(6) < order.index(7)
    assert [good.number for good in uncovered(goods)] == [3, 4, 5, 7]


def test_goods_that_cannot_be_ordered_are_painted_all_the_same() -> None:
    knot = CartonView("X", "box", (10, 10, 10), placements=(("A", (0, 0, 0), (9, 9, 9)),) * 3)
    assert len(back_to_front(goods_of(knot))) == 3


def test_neighbours_of_one_sku_share_an_entry() -> None:
    rows = legend(carton(), {"MG-ENM-MOS": "Mug"})
    assert [(row.numbers, row.name) for row in rows] == [
        ("1", "TB-LIN-SND"),
        ("2", "NB-A6-DOT"),
        ("3–5", "Mug"),
        ("6–7", "SK-WOL-RST"),
    ]


@pytest.mark.parametrize(
    "image",
    ["", "https://example.org/a.svg", "../../etc/passwd", "samples/none.svg", "/etc/passwd"],
)
def test_a_picture_that_is_none_is_not_looked_for(image: str) -> None:
    assert picture_path(image) is None


def test_pictures_are_read_at_the_drawn_size(tmp_path: Path) -> None:
    known = picture_path("samples/pictures/MG-ENM-MOS.svg")
    assert known is not None
    assert max(decode(known, QSize(96, 96)).size().toTuple()) == 96
    plain = tmp_path / "a.png"
    QImage(200, 100, QImage.Format.Format_RGB32).save(str(plain))
    assert decode(plain, QSize(50, 50)).size() == QSize(50, 25)
    broken = tmp_path / "b.svg"
    broken.write_text("no picture", "utf-8")
    assert decode(broken, QSize(50, 50)).isNull()


def test_a_broken_picture_becomes_a_drawn_box(qtbot: QtBot, tmp_path: Path) -> None:
    broken = tmp_path / "b.png"
    broken.write_bytes(b"no picture")
    view = sample("scanning")
    assert view.current is not None
    product = replace(view.current.product, image=str(broken), sku="AB-1234")
    stage = show(qtbot, replace(view, current=replace(view.current, product=product)), theme_of())
    paint(stage)
    assert "1234" in texts(stage)


def test_the_gallery_grabs_every_state(tmp_path: Path) -> None:
    made = grab_all(
        tmp_path, ["en"], ["light"], ["small"], lambda language: {"one": sample("queue", language)}
    )
    assert [path.name for path in made] == ["one-en-light-small.png"]
    assert QImage(str(made[0])).size() == QSize(1366, 768)


@pytest.mark.parametrize("language", ["en", "zh_Hans", "ru"])
@pytest.mark.parametrize("state", [*ScaleState, "ASLEEP", "NO_SCALE"])
def test_every_state_of_a_scale_has_words(qtbot: QtBot, state: str, language: str) -> None:
    known = Speakers().of(language).catalogue
    assert known.has(f"screen.scale.{state}")
    view = sample("weighing", language)
    scale = replace(view.scale, state=str(state), grams=None)
    stage = show(qtbot, replace(view, scale=scale), theme_of(language=language))
    assert not any(text.startswith("screen.") for text in texts(stage))


@pytest.mark.parametrize("state", list(DeviceState))
def test_every_state_of_a_device_has_a_word(qtbot: QtBot, state: str) -> None:
    view = sample("devices-ok")
    kinds = ("scanner", "scale", "label", "papers", "camera", "dimensioner", "server")
    rows = tuple(DeviceView(kind, kind, "", str(state)) for kind in kinds)
    stage = show(qtbot, replace(view, devices=rows), theme_of())
    assert not any("screen." in text for text in texts(stage))


def test_another_hold_has_its_own_answers(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("weight-off"), theme_of())
    assert set(_buttons(stage)) == {"Open again", "Supervisor"}
    stage.show_view(sample("data-missing"))
    assert set(_buttons(stage)) == {"Open again", "Supervisor"}


def test_a_printer_that_works_again_offers_no_test_label(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("devices-fault"), theme_of())
    assert "Test label" in _buttons(stage)
    stage.show_view(sample("devices-ok"))
    assert "Test label" not in _buttons(stage)


def test_the_wheel_looks_further_until_the_next_line(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("scanning-many"), theme_of())
    lines = stage.lines  # type: ignore[attr-defined]
    before = lines.first
    down = QWheelEvent(
        QPointF(10, 10),
        QPointF(10, 10),
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    lines.wheelEvent(down)
    assert lines.first == before + 1
    stage.show_view(sample("scanning"))
    assert lines.first == 0
