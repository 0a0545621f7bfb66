"""Cards of the Devices page under a finger and under the keys, and what a printer has to say."""

from __future__ import annotations

from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from packstation.station.ports import ChoiceMade, Happening
from packstation.station.views import Words
from packstation.ui.keys import picks
from packstation.ui.widgets.touch_area import TouchArea
from tests.ui.sample_views import sample
from tests.ui.stage_views import show, texts, theme_of


def test_a_finger_on_a_card_opens_its_device(qtbot: QtBot) -> None:
    stage = show(qtbot, sample("devices-ok"), theme_of())
    heard: list[Happening] = []
    stage.happened.connect(heard.append)
    cards = [area for area in stage.findChildren(TouchArea) if area.isVisible()]
    assert [card.objectName() for card in cards] == ["scanner", "scale", "label", "papers"]
    cards[1].click()
    assert heard == [ChoiceMade(1, "scale", "touch")]


def test_cards_that_are_gone_are_not_touched(qtbot: QtBot) -> None:
    view = sample("devices-ok")
    stage = show(qtbot, view, theme_of())
    stage.show_view(replace(view, devices=view.devices[:2]))
    cards = [area for area in stage.findChildren(TouchArea) if area.isVisible()]
    assert [card.objectName() for card in cards] == ["scanner", "scale"]


def test_keys_pick_what_the_pages_list() -> None:
    assert picks(sample("devices-ok")) == ("scanner", "scale", "label", "papers")
    page = sample("device-scale")
    assert page.page is not None
    assert picks(page) == tuple(test.id for test in page.page.tests)
    adding = sample("add-kind")
    assert adding.adding is not None
    assert picks(adding) == tuple(row.id for row in adding.adding.picks)
    assert picks(replace(page, page=None)) == ()
    assert picks(replace(adding, adding=None)) == ()


def test_what_is_to_be_known_of_the_printer_stands_under_the_papers(qtbot: QtBot) -> None:
    view = sample("printing")
    assert view.label is not None
    noted = replace(view, label=replace(view.label, note=Words("dev.test.roll")))
    stage = show(qtbot, noted, theme_of())
    plain = show(qtbot, view, theme_of())
    assert "New roll" in texts(stage)
    assert "New roll" not in texts(plain)
