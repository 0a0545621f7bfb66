"""Makes the application round a window, with nothing heavy before the first paint."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QMetaObject, Qt, QThreadPool, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from packstation.station.wedge import Wedge
from packstation.ui import fonts
from packstation.ui.main_window import MainWindow, Stages
from packstation.ui.wedge import WedgeFilter


def make_application(arguments: Sequence[str] = (), language: str = "en") -> QApplication:
    """The application with the fonts of the first paint; the one that is there, if any."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    app = QApplication(["packstation", *arguments])
    app.setApplicationName("packstation")
    app.setStyle("Fusion")
    fonts.load_first(language)
    return app


def make_stages() -> Stages:
    """The product's own screens; each is imported when it is first shown."""
    from packstation.ui.screens import make_overlay, make_screen

    return Stages(make_screen, make_overlay)


def listen(window: MainWindow, app: QApplication, wedge: Wedge | None = None) -> WedgeFilter:
    """From now on keys of the whole application go through the scanner filter to the window."""
    found = WedgeFilter(wedge or Wedge(), window.happened.emit, window.typed, time.monotonic_ns)
    found.setParent(window)
    app.installEventFilter(found)
    return found


def run(
    window: MainWindow,
    *,
    full_screen: bool = True,
    language: str = "en",
    listener: WedgeFilter | None = None,
) -> int:
    """Shows the window and runs until it is closed; the exit status.

    The remaining fonts and the sound come in after the first paint. ``listener`` where keys are
    listened to already.
    """
    app = make_application(language=language)
    if listener is None:
        listen(window, app)

    def finish() -> None:
        settle(window, language)
        if window.silent:
            from packstation.ui.sounds import ThreadPlayer

            window.set_player(ThreadPlayer())

    if full_screen and os.environ.get("QT_QPA_PLATFORM") != "offscreen":
        # A kiosk may run without a window manager, and then nobody else makes it so large.
        window.setGeometry(window.screen().geometry())
        window.showFullScreen()
    else:
        window.show()
    window.after_paint(finish)
    return app.exec()


def settle(window: MainWindow, language: str = "en") -> None:
    """What a first paint does not need: the other fonts, and screens made before they are due."""
    fonts.load_rest(language)
    window.refresh()
    window.warm()


def later(window: MainWindow, milliseconds: int, work: Callable[[], None]) -> None:
    """Runs ``work`` in the window's thread after a while."""
    QTimer.singleShot(milliseconds, window, work)


def grab(window: MainWindow, path: Path) -> None:
    """A picture of the window, encoded off its thread."""
    image = window.grab().toImage()
    QThreadPool.globalInstance().start(lambda: image.save(str(path)))


def quit_soon() -> None:
    """Ends the event loop; safe from any thread."""
    app = QApplication.instance()
    if app is not None:
        QMetaObject.invokeMethod(app, "quit", Qt.ConnectionType.QueuedConnection)


def spin(app: QApplication, done: Callable[[], bool], seconds: float) -> bool:
    """Lets the window work until ``done``; False when that took longer than ``seconds``."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            return False
        # With a time limit Qt does not wait for events, so the pause is made here.
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        time.sleep(0.002)
    return True
