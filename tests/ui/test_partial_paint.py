"""A part that repaints less than all of it leaves nothing old outside of what it repaints."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QRegion
from pytestqt.qtbot import QtBot

from packstation.station.views import LineView, StationView, VerdictView, Words
from packstation.ui.screens.scanning import ScanningScreen
from packstation.ui.widgets.painted import Painted
from tests.ui.sample_views import sample
from tests.ui.stage_views import show, theme_of

pytestmark = pytest.mark.usefixtures("product_fonts")
Change = Callable[[StationView], StationView]


def _line(view: StationView, place: int, **changes: Any) -> StationView:  # noqa: ANN401 - any field
    rows: list[LineView] = list(view.lines)
    rows[place] = replace(rows[place], **changes)
    current = next((row for row in rows if row.state == "current"), None)
    return replace(view, lines=tuple(rows), current=current)


def _one_more(view: StationView) -> StationView:
    """The next unit of the current line."""
    place = next(i for i, row in enumerate(view.lines) if row.state == "current")
    row = view.lines[place]
    words = Words("line.progress", (("d", row.done + 1), ("n", row.total)))
    shown = _line(view, place, done=row.done + 1, due=row.due - 1)
    return replace(shown, verdict=VerdictView("ok", words, product=row.product))


def _first_closed(view: StationView) -> StationView:
    order = view.order and replace(view.order, lines_done=view.order.lines_done + 1)
    return replace(_line(view, 1, state="done", due=0), order=order)


CHANGES: dict[str, Change] = {
    "one more unit": _one_more,
    "a warning instead": lambda view: replace(
        view, verdict=VerdictView("warn", Words("line.progress", (("d", 1), ("n", 3))))
    ),
    "no verdict any more": lambda view: replace(view, verdict=None),
    "a line closed": _first_closed,
    "no box proposed": lambda view: replace(view, carton=None),
    "another order": lambda _: sample("scanning-many"),
    "all in": lambda view: replace(view, current=None),
}


def _differs(before: QImage, after: QImage) -> QRegion:
    """Where two pictures of one size are not the same, row by row."""
    found = QRegion()
    for row in range(before.height()):
        here, there = _row(before, row), _row(after, row)
        if here != there:
            columns = [i // 4 for i, (a, b) in enumerate(zip(here, there, strict=True)) if a != b]
            found |= QRegion(columns[0], row, columns[-1] - columns[0] + 1, 1)
    return found


def _row(image: QImage, row: int) -> bytes:
    pixels: Any = image.constScanLine(row)  # a buffer, whatever its stub says
    return bytes(pixels)


def _image(part: Painted[Any]) -> QImage:
    return part.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


@pytest.mark.parametrize("start", ["scanning", "scanning-first", "scanning-many"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("profile", ["wide", "small", "tight"])
def test_what_changed_lies_inside_what_is_repainted(
    qtbot: QtBot, start: str, change: Change, profile: str
) -> None:
    view = sample(start)
    stage = show(qtbot, view, theme_of(profile), profile)
    assert isinstance(stage, ScanningScreen)
    for part in stage.parts:
        before, image = part.shown, _image(part)
        part.show_view(change(view))
        missed = _differs(image, _image(part)) - part.dirt(before)
        assert missed.isEmpty(), missed.boundingRect()


def test_the_verdict_is_on_the_surface_before_anything_else_is_looked_at(qtbot: QtBot) -> None:
    view = sample("scanning")
    stage = show(qtbot, view, theme_of())
    assert isinstance(stage, ScanningScreen)
    old = stage.hero.placed
    stage.show_first(_one_more(view))
    read = [text.text for text in stage.hero.placed]
    assert "2 of 3" in read
    kept = {
        text.place for text in old if not QRectF(stage.hero.at_once(None)).intersects(text.area)
    }
    assert len(kept & {text.place for text in stage.hero.placed}) >= 3


@pytest.mark.parametrize("name", ["scanning", "scanning-many"])
@pytest.mark.parametrize("profile", ["wide", "small", "tight"])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_strip_painted_by_itself_looks_as_it_does_with_the_rest(
    qtbot: QtBot, name: str, profile: str, mode: str
) -> None:
    view = sample(name)
    theme = dataclasses.replace(theme_of(profile), mode=mode)
    stage = show(qtbot, view, theme, profile)
    assert isinstance(stage, ScanningScreen)
    hero = stage.hero
    for number, tone in enumerate(("ok", "warn", "stop", "ok"), 1):
        before, words = hero.shown, Words("line.progress", (("d", number), ("n", 30)))
        hero.show_view(replace(view, verdict=VerdictView(tone, words)))
        strip = hero.at_once(before)
        assert strip.isValid()
        alone = QImage(hero.size(), QImage.Format.Format_RGB32)
        alone.fill(0)
        hero.render(alone, strip.topLeft(), QRegion(strip))
        assert alone.copy(strip) == _image(hero).copy(strip)


def test_another_verdict_of_the_same_words_repaints_nothing(qtbot: QtBot) -> None:
    view = sample("scanning")
    stage = show(qtbot, view, theme_of())
    assert isinstance(stage, ScanningScreen)
    before = stage.hero.shown
    stage.hero.show_view(replace(view, serial=view.serial + 1, clock="12:00"))
    assert stage.hero.shown == before
    assert stage.hero.dirt(before).isEmpty()
