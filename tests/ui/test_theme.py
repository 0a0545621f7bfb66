"""The token tables hold what design/UI_DESIGN.md "Tokens" promises, measured here."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QFrame
from pytestqt.qtbot import QtBot

from packstation.station.views import PersonView
from packstation.ui import tokens
from packstation.ui.look import look_of
from packstation.ui.theme import Profile, Theme, choose_profile, set_role, style_sheet
from packstation.ui.tokens import DARK, LIGHT, Palette
from tests.ui.colour_science import contrast, distance, seen_by

PALETTES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]
STATES = ("now", "ok", "warn", "stop", "hold")


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("tone", STATES)
def test_words_on_a_state_are_read_at_arms_length(palette: Palette, tone: str) -> None:
    state = palette.state(tone)
    assert contrast(state.on, state.fill) >= 7
    assert contrast(state.ink, state.tint) >= 7


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("ground", ["canvas", "surface", "sunken"])
def test_words_on_the_planes_are_read(palette: Palette, ground: str) -> None:
    under = getattr(palette, ground)
    assert contrast(palette.ink, under) >= 7
    assert contrast(palette.ink2, under) >= 7
    assert contrast(palette.ink3, under) >= 4.5


@pytest.mark.parametrize("palette", PALETTES)
def test_outlines_of_controls_are_seen(palette: Palette) -> None:
    assert contrast(palette.edge, palette.surface) >= 3


@pytest.mark.parametrize("palette", PALETTES)
def test_the_strip_under_a_plate_keeps_its_words_legible(palette: Palette) -> None:
    assert contrast(palette.stop.on, palette.stop_foot) >= 7
    assert contrast(palette.hold.on, palette.hold_foot) >= 7


# The order-stopped plate is no hue but the inverse of the theme, so it is not among them.
@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(
    ("eyes", "least"), [("normal", 37), ("protan", 20), ("deutan", 17), ("tritan", 21)]
)
def test_no_two_states_look_alike_to_any_eyes(palette: Palette, eyes: str, least: float) -> None:
    fills = [palette.state(tone).fill for tone in STATES]
    found = min(
        distance(seen_by(eyes, one), seen_by(eyes, other)) for one, other in combinations(fills, 2)
    )
    assert found >= least


@pytest.mark.parametrize(
    ("role", "wide", "small"),
    [
        ("count", 59.3, 34.3),
        ("alarm", 20.6, 13.7),
        ("num", 19.0, 11.6),
        ("head", 11.9, 10.1),
        ("title", 7.1, 5.4),
        ("body", 5.1, 5.1),
        ("label", 4.3, 3.6),
        ("fine", 4.0, 3.2),
    ],
)
def test_capitals_are_as_tall_as_the_design_says(role: str, wide: float, small: float) -> None:
    entry = tokens.TYPE[role]
    assert entry.wide * 0.714 / tokens.WIDE.px_per_mm == pytest.approx(wide, abs=0.07)
    assert entry.small * 0.714 / tokens.SMALL.px_per_mm == pytest.approx(small, abs=0.07)


@pytest.mark.parametrize("table", [tokens.WIDE, tokens.SMALL])
def test_a_finger_has_20_mm_and_8_mm_between(table: tokens.Metrics) -> None:
    assert table.touch / table.px_per_mm >= 20
    assert table.gap / table.px_per_mm >= 8


@pytest.mark.parametrize(
    ("width", "height", "dots", "name", "scale", "tight"),
    [
        (1920, 1080, 91.7, "wide", 1.0, False),
        (1920, 1080, 0.0, "wide", 1.0, False),
        (1366, 768, 100.6, "small", 1.0, False),
        (1280, 800, 0.0, "small", 1.0, False),
        (960, 540, 45.9, "small", 0.75, True),
        (3840, 2160, 183.4, "wide", 2.0, False),
        (3840, 2160, 0.0, "wide", 1.0, False),
        (2560, 1440, 109.0, "wide", 1.125, False),
        (1420, 1020, 0.0, "small", 1.0, False),
        (1, 1, 0.0, "small", 0.75, True),
        (994, 768, 0.0, "small", 1.0, True),
        (1600, 900, 0.0, "small", 1.0, False),
    ],
)
def test_the_screen_chooses_the_profile(
    width: int, height: int, dots: float, name: str, scale: float, tight: bool
) -> None:
    assert choose_profile(width, height, dots) == Profile(name, scale, tight)


def test_the_persons_text_size_grows_reading_text_only() -> None:
    large = Theme(text_scale=1.3)
    assert large.size("body") == 34
    assert large.size("head") == Theme().size("head")


def test_every_length_follows_the_scale() -> None:
    theme = Theme(profile=Profile("wide", 2.0))
    assert (theme.metrics.top, theme.metrics.foot, theme.metrics.module) == (168, 344, 10)
    assert theme.size("body") == 52
    assert theme.radius("card") == 28


def test_a_code_never_shrinks() -> None:
    assert Theme(profile=Profile("small", 1.0)).metrics.module == 4


def test_chinese_has_no_tight_setting_and_more_room_between_lines() -> None:
    latin, chinese = Theme(language="en"), Theme(language="zh_Hans")
    assert latin.font("head").letterSpacing() < 0
    assert chinese.font("head").letterSpacing() == 0
    assert chinese.line_height("head") > latin.line_height("head")


def test_a_theme_is_a_value() -> None:
    assert Theme() == Theme()
    assert hash(Theme()) == hash(Theme())
    assert Theme(mode="dark").paper == Theme()
    assert Theme().paper is not None
    assert Theme().inverse.mode == "dark"
    assert Theme(mode="dark").inverse == Theme()


def test_a_colour_handed_out_may_be_changed() -> None:
    theme = Theme()
    theme.color("ink").setAlphaF(0.1)
    assert theme.color("ink").alphaF() == 1.0
    assert theme.color("ok.fill").name().upper() == LIGHT.ok.fill


def test_spaces_are_those_of_the_scale() -> None:
    assert Theme().space(24) == 24
    with pytest.raises(ValueError, match="25"):
        Theme().space(25)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_applied_the_application_wears_it(product_fonts: QApplication, mode: str) -> None:
    theme = Theme(mode=mode)
    theme.apply(product_fonts)
    palette = product_fonts.palette()
    assert palette.window().color() == theme.color("canvas")
    assert product_fonts.styleSheet() == style_sheet(theme)
    assert product_fonts.font().families()[0] == "Noto Sans"


def test_a_role_restyles_at_once(qtbot: QtBot, product_fonts: QApplication) -> None:
    Theme().apply(product_fonts)
    frame = QFrame()
    qtbot.addWidget(frame)
    frame.resize(40, 40)
    set_role(frame, "chip-warn")
    set_role(frame, "chip-warn")
    assert frame.grab().toImage().pixelColor(20, 20).name().upper() == LIGHT.warn.tint
    set_role(frame, "chip-stop")
    assert frame.grab().toImage().pixelColor(20, 20).name().upper() == LIGHT.stop.tint


def test_what_travels_with_the_badge_makes_the_theme() -> None:
    person = PersonView(language="ru", theme="dark", text_percent=118, left_handed=True)
    theme = look_of(person, Profile("wide"), motion=False)
    assert (theme.mode, theme.text_scale, theme.hand) == ("dark", 1.15, "left")
    assert (theme.language, theme.mirrored, theme.motion) == ("ru", True, False)
    assert look_of(PersonView(theme="pink"), Profile("wide")).mode == "light"


def test_fonts_ask_for_the_bundled_families() -> None:
    font = Theme().font("body", strong=True)
    assert font.families() == ["Noto Sans", "Noto Sans SC"]
    assert font.weight() == QFont.Weight.DemiBold
    assert Theme().font("fine", mono=True).families()[0] == "JetBrains Mono"
