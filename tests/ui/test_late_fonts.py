"""What was measured before a font came in is measured again once it is there."""

from __future__ import annotations

from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from packstation.ui import typeset
from packstation.ui.widgets import fitting
from packstation.ui.widgets.fitting import fit_words, forget_fits
from tests.ui.conftest import MakeWindow
from tests.ui.frame_views import scanning
from tests.ui.stage_views import theme_of


def test_widths_are_measured_anew_when_the_window_is_laid_out_anew(
    make_window: MakeWindow, product_fonts: QApplication
) -> None:
    assert product_fonts is not None
    theme, text = theme_of(), "无线鼠标 黑色"
    window = make_window(scanning())
    typeset.advance(theme, "body", text, strong=True)
    fit_words(theme, (400, 60), text, "body", 1, strong=True)
    assert typeset.advance.cache_info().currsize
    window.refresh()
    real = QFontMetricsF(theme.font("body", strong=True)).horizontalAdvance(text)
    before = typeset.advance.cache_info().misses
    assert typeset.advance(theme, "body", text, strong=True) == real
    assert typeset.advance.cache_info().misses == before + 1


def test_everything_that_keeps_a_measure_forgets_it(product_fonts: QApplication) -> None:
    assert product_fonts is not None
    theme = theme_of()
    fit_words(theme, (400, 60), "Mug", "body", 1, strong=False)
    fitting.fit_giant(theme, "count", "12", 400, 100)
    forget_fits()
    kept = [one for one in vars(fitting).values() if hasattr(one, "cache_info")]
    kept += [one for one in vars(typeset).values() if hasattr(one, "cache_info")]
    assert len(kept) >= 5
    assert {one.cache_info().currsize for one in kept} == {0}
