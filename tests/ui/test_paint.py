"""Shapes and text: drawn where they belong, codes that readers read, hatches that none reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import pytest
import zxingcpp
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from packstation.ui import icons, iso, paint
from packstation.ui.codes import bits
from packstation.ui.theme import Profile, Theme
from packstation.ui.typeset import break_lines, draw_text, text_fit

COMMANDS = {
    14: "undo hold void help yes no open roll",
    16: "accept short reprint reopen cancel quantity carton manual service supervisor printer",
    18: "next-parcel",
}
WHITE = QColor("#FFFFFF")

pytestmark = pytest.mark.usefixtures("product_fonts")


def drawn(work: Callable[[QPainter], object], side: int = 200, ratio: float = 1.0) -> QImage:
    """What ``work`` paints on white; ``side`` in logical pixels."""
    pixels = round(side * ratio)
    image = QImage(pixels, pixels, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(WHITE)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    work(painter)
    painter.end()
    return image


def read(image: QImage) -> list[str]:
    """All codes that a reader finds."""
    import numpy as np

    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    view = np.frombuffer(cast("Any", grey.constBits()), dtype=np.uint8)
    rows = view.reshape(grey.height(), grey.bytesPerLine())[:, : grey.width()]
    return [code.text for code in zxingcpp.read_barcodes(rows)]


@pytest.mark.parametrize(
    ("side", "command"),
    [(side, name) for side, names in COMMANDS.items() for name in names.split()],
)
def test_a_command_is_the_smallest_square_that_holds_it(side: int, command: str) -> None:
    rows = bits(command)
    assert (len(rows), {len(row) for row in rows}) == (side, {side})


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("profile", ["wide", "small"])
@pytest.mark.parametrize("command", " ".join(COMMANDS.values()).split())
def test_a_reader_takes_the_code_off_the_glass(command: str, profile: str, ratio: float) -> None:
    theme = Theme(profile=Profile(profile))
    image = drawn(lambda p: paint.matrix_code(p, theme, QPointF(33, 27), command), ratio=ratio)
    assert read(image) == [f"%PS:{command}"]


def test_modules_are_even_at_125_percent() -> None:
    theme = Theme(profile=Profile("wide"))
    image = drawn(lambda p: paint.matrix_code(p, theme, QPointF(3, 3), "undo"), ratio=1.25)
    row = [image.pixelColor(x, y).lightness() < 128 for y in range(200) for x in range(250)]
    runs: list[int] = []
    for before, now in zip([False, *row], row, strict=False):
        if now and before:
            runs[-1] += 1
        elif now:
            runs.append(1)
    assert {run % 6 for run in runs} == {0}


def test_a_command_without_a_code_has_none() -> None:
    assert paint.matrix_side(Theme(), "release") == 0
    assert read(drawn(lambda p: paint.matrix_code(p, Theme(), QPointF(3, 3), "release"))) == []


def test_no_reader_takes_a_hatch_for_a_code() -> None:
    image = drawn(lambda p: paint.hatch(p, QRectF(10, 60, 180, 60), QColor("#000000")))
    assert read(image) == []
    assert image.pixelColor(60, 90) != image.pixelColor(68, 90) or image.pixelColor(76, 90) != WHITE


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("tone", ["now", "ok", "warn", "stop", "hold", "off", "fault"])
def test_a_shape_stays_in_its_place(tone: str, mode: str) -> None:
    theme = Theme(mode=mode)
    image = drawn(lambda p: paint.state_mark(p, theme, QRectF(50, 50, 100, 100), tone))
    outside = [(x, y) for x in range(0, 200, 4) for y in range(0, 200, 4) if _out(x, y)]
    assert all(image.pixelColor(x, y) == WHITE for x, y in outside)
    assert any(image.pixelColor(x, y) != WHITE for x in range(50, 150) for y in range(50, 150))


def _out(x: int, y: int) -> bool:
    return not (47 <= x <= 153 and 47 <= y <= 153)


def _mark(painter: QPainter, area: QRectF, tone: str) -> None:
    paint.state_mark(painter, Theme(), area, tone)


def _icon(painter: QPainter, name: str) -> None:
    icons.draw_icon(painter, name, QRectF(0, 0, 200, 200), QColor("black"))


def test_states_differ_in_shape_and_not_in_colour_alone() -> None:
    shapes = set()
    area = QRectF(0, 0, 200, 200)
    for tone in ("now", "ok", "warn", "stop", "hold", "off", "fault"):
        image = drawn(partial(_mark, area=area, tone=tone))
        grid = [(x, y) for x in range(5, 200, 10) for y in range(5, 200, 10)]
        shapes.add(tuple(image.pixelColor(x, y) == WHITE for x, y in grid))
    assert len(shapes) == 7


@pytest.mark.parametrize(("done", "total"), [(0, 1), (3, 8), (8, 8), (5, 40), (0, 9)])
def test_pips_are_discs_up_to_eight_then_a_bar(done: int, total: int) -> None:
    theme = Theme()
    image = drawn(lambda p: paint.pips(p, theme, QRectF(0, 0, 200, 18), done, total))
    filled = sum(image.pixelColor(x, 12) == theme.color("ok.fill") for x in range(200))
    assert (filled > 0) == (done > 0)


def test_a_tick_grows_from_its_short_end() -> None:
    def count(progress: float) -> int:
        image = drawn(lambda p: paint.tick(p, QRectF(0, 0, 200, 200), QColor("black"), progress))
        return sum(
            image.pixelColor(x, y) != WHITE for x in range(0, 200, 2) for y in range(0, 200, 2)
        )

    assert count(0.1) < count(0.36) < count(0.7) < count(1.0)


def test_without_motion_a_running_ring_is_a_half_filled_disc() -> None:
    still = Theme(motion=False)
    one = drawn(lambda p: paint.ring(p, still, QRectF(20, 20, 160, 160), 0.0))
    other = drawn(lambda p: paint.ring(p, still, QRectF(20, 20, 160, 160), 0.5))
    assert one == other
    assert one.pixelColor(60, 100) == still.color("now.fill")
    assert one.pixelColor(140, 100) == WHITE
    turning = Theme()
    assert drawn(lambda p: paint.ring(p, turning, QRectF(20, 20, 160, 160), 0.0)) != drawn(
        lambda p: paint.ring(p, turning, QRectF(20, 20, 160, 160), 0.5)
    )


def test_tape_is_amber_and_ink() -> None:
    image = drawn(lambda p: paint.tape(p, Theme(), QRectF(0, 90, 200, 20)))
    found = {image.pixelColor(x, 100).name().upper() for x in range(0, 200, 3)}
    assert {"#FFC02E", "#14171C"} <= found
    assert image.pixelColor(100, 60) == WHITE


def test_every_icon_is_drawn_within_its_grid() -> None:
    for name in icons.icon_names():
        box = icons.icon_path(name).boundingRect()
        assert QRectF(1, 1, 22, 22).contains(box.adjusted(-0.5, -0.5, 0.5, 0.5)), name
        image = drawn(partial(_icon, name=name))
        assert image != drawn(lambda _: None), name
    assert len(icons.icon_names()) >= 35


def test_an_icon_takes_the_colour_it_is_given() -> None:
    image = drawn(lambda p: icons.draw_icon(p, "hold", QRectF(0, 0, 200, 200), QColor("#A9140C")))
    assert image.pixelColor(68, 100).name().upper() == "#A9140C"


def test_a_carton_is_as_large_as_its_place_allows() -> None:
    place = QRectF(10, 10, 180, 180)
    made = iso.Iso.fit(place, (300, 200, 120))
    corners = [made.point(x, y, z) for x in (0, 300) for y in (0, 200) for z in (0, 120)]
    assert all(place.adjusted(-1, -1, 1, 1).contains(corner) for corner in corners)
    assert max(corner.x() for corner in corners) - min(corner.x() for corner in corners) > 178
    image = drawn(lambda p: iso.iso_box(p, Theme(), place, (300, 200, 120)))
    assert image.pixelColor(100, 100) != WHITE
    flat = made.top_transform(0, 0, 120)
    assert flat.map(QPointF(300, 0)) == made.point(300, 0, 120)


def test_text_takes_its_role_where_it_fits_and_a_smaller_one_where_not() -> None:
    theme = Theme()
    roomy = text_fit(theme, 900, 200, "Scan the label on the box", "head", 2)
    tight = text_fit(theme, 260, 70, "Scan the label on the box", "head", 2)
    assert roomy.font.pixelSize() == 60
    assert theme.size("fine") <= tight.font.pixelSize() < 60
    assert not tight.elided
    assert tight.width <= 261


def test_what_fits_at_no_size_ends_in_an_ellipsis_and_says_so() -> None:
    fitted = text_fit(Theme(), 60, 24, "Отсканируйте этикетку на коробке", "body", 1)
    assert fitted.elided
    assert fitted.lines[-1].endswith("…")
    assert fitted.font.pixelSize() >= Theme().size("fine")


def test_lines_break_at_words_and_at_what_was_asked_for() -> None:
    font = Theme().font("body")
    assert break_lines("Enamel mug,\nmoss green", font, 900) == ["Enamel mug,", "moss green"]
    assert break_lines("", font, 900) == [""]
    assert all(" " not in line for line in break_lines("one two three", font, 60))


@pytest.mark.parametrize("align", [Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight])
@pytest.mark.parametrize("across", [Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignBottom])
def test_text_is_drawn_inside_its_area(align: Qt.AlignmentFlag, across: Qt.AlignmentFlag) -> None:
    area = QRectF(20, 60, 160, 60)
    taken: list[QRectF] = []
    image = drawn(
        lambda p: taken.append(
            draw_text(p, Theme(), area, "Hg 中", "body", "ink", align=align | across)
        )
    )
    ink = [(x, y) for x in range(200) for y in range(200) if image.pixelColor(x, y) != WHITE]
    assert ink
    assert all(area.adjusted(-1, -2, 1, 2).contains(QPointF(x, y)) for x, y in ink)
    assert area.adjusted(-1, -1, 1, 1).contains(taken[0])


def test_no_letter_of_the_three_languages_is_missing(product_fonts: QApplication) -> None:
    from PySide6.QtGui import QFontDatabase, QRawFont

    from packstation.i18n import LANGUAGES, load

    regular = [
        QRawFont.fromFont(QFontDatabase.font(family, "Regular", 20))
        for family in ("Noto Sans", "Noto Sans SC")
    ]
    marks = {
        mark
        for language in LANGUAGES
        for forms in load(language).texts.values()
        for mark in "".join(forms)
        if not mark.isspace()
    }
    missing = [m for m in sorted(marks) if not any(f.supportsCharacter(ord(m)) for f in regular)]
    assert not missing
