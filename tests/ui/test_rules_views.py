"""What is asked about items, and what stops them, is drawn in every language, theme and size."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.sample_rules import RULES
from tests.ui.stage_views import show, theme_of


@pytest.mark.parametrize("name", sorted(RULES))
@pytest.mark.parametrize(
    ("profile", "mode", "language"),
    [("wide", "light", "zh_Hans"), ("small", "dark", "en"), ("tight", "light", "ru")],
)
def test_it_is_shown_and_said(
    qtbot: QtBot, name: str, profile: str, mode: str, language: str
) -> None:
    view = RULES[name](language)
    stage = show(qtbot, view, theme_of(profile, mode, language), profile)
    said = stage.main_line
    assert said
    assert "." not in said.strip(".").split(" ")[0], "a key without words"
    if view.alert is not None:
        assert stage.giant == said
