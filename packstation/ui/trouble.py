"""Why the bench does not start, in a window: whoever began it from a menu sees no terminal."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from packstation.i18n import load
from packstation.ui import fonts
from packstation.ui.app import make_application
from packstation.ui.theme import Theme


def plate(message: str, cure: str, language: str = "en") -> QMessageBox:
    """The window itself: what is wrong, then what to do; the text can be marked and copied."""
    app = make_application(language=language)
    fonts.load_rest(language)
    Theme(language=language).apply(app)
    words = load(language)
    box = QMessageBox()
    box.setWindowTitle("packstation")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setIcon(QMessageBox.Icon.Critical)
    box.setText(words.say("start.refused"))
    box.setInformativeText("\n\n".join(filter(None, (message, cure, words.say("start.check")))))
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.addButton(words.say("start.close"), QMessageBox.ButtonRole.AcceptRole)
    return box


def tell(message: str, cure: str, language: str = "en") -> None:
    """Show it until it is closed."""
    plate(message, cure, language).exec()
