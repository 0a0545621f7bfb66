"""A start from a menu that cannot be made says so in a window."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox

from packstation.cli.running import UNREADABLE, run
from packstation.ui.trouble import plate

# The offscreen plug-in says so of every window of a fixed size.
pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("propagateSizeHints"),
]


def closing(seen: list[str]) -> QTimer:
    """Notes what the window says, then presses its button."""
    timer = QTimer()

    def look() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            seen.append(f"{box.text()}\n{box.informativeText()}")
            timer.stop()
            button: QAbstractButton = box.buttons()[0]
            button.click()

    timer.timeout.connect(look)
    timer.start(20)
    return timer


def test_a_row_that_is_refused_is_told_in_a_window_and_in_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "station.toml"
    settings.write_text(
        f'DATADIR = "{tmp_path / "data"}"\n'
        '[[DEVICES]]\nkind = "scale"\nmodel = "mt-sics"\naddress = "tcp://127.0.0.1:1"\n'
        "options = { period_ms = 9999999 }\n"
    )
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    seen: list[str] = []
    complaints = io.StringIO()
    timer = closing(seen)

    status = run(["station", "--config", str(settings), "--from-menu"], io.StringIO(), complaints)

    assert status == UNREADABLE
    assert not timer.isActive()
    assert "The bench does not start" in seen[0]
    for word in ("period_ms", "9999999"):
        assert word in seen[0]
        assert word in complaints.getvalue()


@pytest.mark.parametrize("language", ["en", "zh_Hans", "ru"])
def test_the_window_speaks_the_language_and_its_text_can_be_copied(language: str) -> None:
    box = plate("message <b>as it is</b>", "cure", language)

    assert "message <b>as it is</b>" in box.informativeText()
    assert box.textInteractionFlags().name == "TextSelectableByMouse"
    assert not box.text().startswith("start.")
    box.deleteLater()
