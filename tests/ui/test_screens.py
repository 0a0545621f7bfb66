"""What a person reads on every stage, in all languages, sizes and themes."""

from __future__ import annotations

from itertools import product as every

import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from packstation.station.ports import CommandGiven
from packstation.station.views import AlertView, Screen, StationView, Words
from packstation.ui.screens import make_screen
from packstation.ui.screens.rows import RowsScreen
from packstation.ui.words import Speakers
from tests.ui.sample_views import LANGUAGES, SAMPLES, sample
from tests.ui.stage_views import cut, outside, overlapping, paint, parts, show, texts, theme_of

pytestmark = pytest.mark.usefixtures("product_fonts")
HARD = {"scanning-long", "scanning-hostile", "hostile-code", "unknown-code", "long-name"}

READS = {
    "queue": ("Scan any tote or item", "Scan any tote or item", "now"),
    "sign-in": ("Scan your badge", "Scan your badge", "now"),
    "locked": ("Scan your badge", "Scan your badge", "now"),
    "enrol": ("Scan or type the token", "", "now"),
    "find-devices": ("Scale and printer found", "", "now"),
    "test-card": ("Scan the codes on the test card", "2", "now"),
    "card-mended": ("Mended: this scanner is ready", "", "ok"),
    "card-refused": ("Set the scanner, then scan again", "", "stop"),
    "devices-fault": ("Load a roll, close the lid", "", "stop"),
    "devices-ok": ("All devices work", "", "ok"),
    "help": ("Keys and commands", "", "now"),
    "scanning": ("Enamel mug, moss green", "2", "now"),
    "cartoning": ("Box C3", "C3", "now"),
    "cartoning-own": ("Own box", "420 × 180 × 160", "now"),
    "cartoning-bag": ("Box B1", "B1", "now"),
    "cartoning-tube": ("Box T2", "T2", "now"),
    "cartoning-split": ("Scan any box that fits", "", "now"),
    "weighing": ("Put the box on the scale", "1\u2009084", "now"),
    "weighing-taken": ("Weight taken", "1\u2009104", "now"),
    "measuring": ("Size of the box", "300 × 200 × 120", "now"),
    "rating": ("Label with this service", "¥78.24", "now"),
    "rating-pick": ("Label with this service", "¥78.24", "now"),
    "printing": ("Printing the label", "Printing the label", "now"),
    "printing-unsure": ("Did a label come out?", "Did a label come out?", "warn"),
    "confirming": ("Scan the label on the box", "Scan the label on the box", "now"),
    "completed": ("Parcel complete", "Parcel complete", "ok"),
    "parked": ("Put into tote T-131", "T-131", "now"),
    "wrong-item": ("Not in this order", "Not in this order", "stop"),
    "label-mismatch": ("Label of another parcel", "Label of another parcel", "stop"),
    "cancelled": ("Order cancelled", "Order cancelled", "hold"),
    "weight-off": ("78 g too light", "78 g too light", "hold"),
}


@pytest.mark.parametrize("name", READS)
def test_main_line_giant_and_tone_of_a_state(qtbot: QtBot, name: str) -> None:
    stage = show(qtbot, sample(name), theme_of())
    assert (stage.main_line, stage.giant, stage.banner_role) == READS[name]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_fit_their_place(qtbot: QtBot, name: str, language: str) -> None:
    for profile in ("wide", "small", "tight"):
        stage = show(qtbot, sample(name, language), theme_of(profile, language=language), profile)
        assert overlapping(stage) == []
        assert outside(stage) == []
        assert name in HARD or cut(stage) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_no_text_is_smaller_than_fine(qtbot: QtBot, name: str) -> None:
    theme = theme_of("small", "dark", "ru")
    stage = show(qtbot, sample(name, "ru"), theme, "small")
    sizes = [placed.pixels for part in parts(stage) for placed in part.placed]
    assert sizes
    assert min(sizes) >= theme.size("fine")


@pytest.mark.parametrize("percent", [90, 115, 130])
@pytest.mark.parametrize("name", ["scanning", "queue", "printing", "weighing-taken", "wrong-item"])
def test_larger_text_of_a_person_still_fits(qtbot: QtBot, name: str, percent: int) -> None:
    for profile, language in every(("wide", "small"), LANGUAGES):
        theme = theme_of(profile, language=language, percent=percent)
        stage = show(qtbot, sample(name, language), theme, profile)
        assert overlapping(stage) == []
        assert outside(stage) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["queue", "cartoning", "wrong-item", "weight-off", "release"])
def test_the_largest_text_of_a_person_is_not_cut(qtbot: QtBot, name: str, language: str) -> None:
    theme = theme_of("small", language=language, percent=130)
    assert cut(show(qtbot, sample(name, language), theme, "small")) == []


@pytest.mark.parametrize("name", ["history"])
def test_a_long_timeline_is_turned_by_a_finger(qtbot: QtBot, name: str) -> None:
    view = sample(name)
    assert view.page_rows is not None
    rows = view.page_rows.rows * 4
    long = replace(view, page_rows=replace(view.page_rows, rows=rows, total=len(rows)))
    stage = show(qtbot, long, theme_of("small"), "small")
    assert isinstance(stage, RowsScreen)
    with qtbot.waitSignal(stage.happened) as told:
        stage.turns[1].click()
    assert told.args == [CommandGiven("next-row", source="touch")]


@pytest.mark.parametrize("name", ["scanning", "confirming", "wrong-variant", "cancelled", "queue"])
def test_a_screen_at_200_percent_keeps_its_main_line(qtbot: QtBot, name: str) -> None:
    stage = show(qtbot, sample(name), theme_of("tight"), "tight")
    said = " ".join(texts(stage))
    assert all(word in said for word in stage.main_line.split())
    assert outside(stage) == []


def _codes(image: QImage) -> list[str]:
    """What a reader finds in a grabbed picture."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    size = (rgb.width(), rgb.height())
    raw = bytes(rgb.constBits())
    pixels = Image.frombytes("RGB", size, raw, "raw", "RGB", rgb.bytesPerLine())
    return [found.text for found in zxingcpp.read_barcodes(pixels)]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_screen_shows_no_code_but_commands(qtbot: QtBot, name: str) -> None:
    for mode in ("light", "dark"):
        stage = show(qtbot, sample(name), theme_of(mode=mode))
        found = _codes(paint(stage))
        assert all(text.startswith("%PS:") for text in found), found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_screens_is_there_in_every_language(
    qtbot: QtBot, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    speaker = Speakers().of(language)
    for name in SAMPLES:
        stage = show(qtbot, sample(name, language), theme_of(language=language))
        assert stage.main_line
    assert [r.getMessage() for r in caplog.records if r.name == "packstation.i18n"] == []
    assert speaker.language == language


def test_a_left_handed_badge_mirrors_the_columns(qtbot: QtBot) -> None:
    right = show(qtbot, sample("scanning"), theme_of())
    left = show(qtbot, sample("scanning"), theme_of(hand="left"))
    order = [[part.x() for part in parts(stage)] for stage in (right, left)]
    assert order[0][0] < order[0][1]
    assert order[1][0] > order[1][1]


def test_an_order_of_many_lines_keeps_the_current_one_in_sight(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("scanning-many"), theme_of())
    said = texts(stage)
    assert any("39 lines above" in text and "below" in text for text in said)
    assert "/24" in said


def test_an_empty_queue_says_why(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("queue-empty"), theme_of())
    assert any("Nothing due before 18:00" in text for text in texts(stage))


def test_a_longer_queue_says_how_many_there_are(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("queue-many"), theme_of())
    assert any("412" in text for text in texts(stage))


def test_names_are_plain_text_whatever_they_hold(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("scanning-hostile"), theme_of())
    assert any("<b>bold</b>" in text for text in texts(stage))
    assert not any("\x07" in text for text in texts(stage))


def test_the_waybill_is_read_in_groups(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("confirming"), theme_of())
    assert "LP742003188CN" in texts(stage)


@pytest.mark.parametrize("screen", list(Screen))
def test_every_screen_of_the_station_has_a_stage(
    screen: Screen, product_fonts: QApplication
) -> None:
    stage = make_screen(screen, theme_of(), Speakers().of("en"))
    assert stage.theme.mode == "light"
    stage.deleteLater()


@pytest.mark.parametrize("name", SAMPLES)
def test_every_part_can_be_told_to_a_screen_reader(qtbot: QtBot, name: str) -> None:
    stage = show(qtbot, sample(name), theme_of())
    assert stage.accessibleName() == stage.main_line


@pytest.mark.parametrize("profile", ["wide", "tight"])
@pytest.mark.parametrize("screen", list(Screen))
def test_a_view_with_nothing_in_it_is_shown(qtbot: QtBot, screen: Screen, profile: str) -> None:
    stage = show(qtbot, StationView(screen=screen), theme_of(profile), profile)
    assert stage.main_line
    assert overlapping(stage) == []


@pytest.mark.parametrize("kind", ["refusal", "hold", "stop"])
def test_an_alert_with_nothing_but_its_word_is_shown(qtbot: QtBot, kind: str) -> None:
    alert = AlertView(kind, Words("bad.unknown"))
    stage = show(qtbot, StationView(screen=Screen.SCANNING, alert=alert), theme_of())
    assert stage.giant == "Code not known"
    assert overlapping(stage) == []


@pytest.mark.parametrize("name", ["scanning", "weighing", "printing", "queue", "weight-off"])
def test_a_left_handed_view_reads_the_same(qtbot: QtBot, name: str) -> None:
    right = show(qtbot, sample(name), theme_of())
    left = show(qtbot, sample(name), theme_of(hand="left"))
    assert sorted(texts(left)) == sorted(texts(right))
    assert overlapping(left) == []
