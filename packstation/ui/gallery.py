"""Pictures of the window in every state, for the manual and for eyes that compare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import replace
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QThreadPool
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from packstation.station.views import StationView
from packstation.ui import fonts
from packstation.ui.app import make_application, make_stages
from packstation.ui.main_window import MainWindow

Views = Callable[[str], Mapping[str, StationView]]
SIZES = MappingProxyType({"wide": (1920, 1080), "small": (1366, 768), "tight": (960, 540)})
_SETTLED_MS = 200  # longer than every movement
_DOTS = 96.0  # a density that leaves the profiles at their own scale


def open_window(profile: str, now: datetime) -> MainWindow:
    """A window of a profile's size (``wide``, ``small`` or ``tight``), not yet showing a view."""
    window = MainWindow(make_stages(), None, lambda: now, _DOTS)
    window.resize(*SIZES[profile])
    return window


def grab(window: MainWindow, view: StationView) -> QPixmap:
    """The window showing ``view``, with all product pictures read."""
    app = QApplication.instance()
    window.show_view(view)
    window.show()
    window.grab()
    QThreadPool.globalInstance().waitForDone()
    settled = QDeadlineTimer(_SETTLED_MS)
    while app is not None and not settled.hasExpired():
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    return window.grab()


def grab_all(
    out_dir: Path,
    languages: Iterable[str],
    themes: Iterable[str],
    profiles: Iterable[str],
    views: Views,
) -> tuple[Path, ...]:
    """Grabs every view in every language, theme and profile as PNG files; their paths.

    ``views`` gives the views of a language by name; a file is called
    ``<name>-<language>-<theme>-<profile>.png``.
    """
    make_application()
    fonts.load_first("zh_Hans")
    fonts.load_rest("zh_Hans")
    out_dir.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    tones, shown = tuple(themes), tuple(languages)
    for profile in profiles:
        window = open_window(profile, datetime.now().astimezone())
        for language in shown:
            for name, view in views(language).items():
                for theme in tones:
                    person = replace(view.person, theme=theme, language=language)
                    path = out_dir / f"{name}-{language}-{theme}-{profile}.png"
                    grab(window, replace(view, person=person)).save(str(path))
                    made.append(path)
        window.close()
    return tuple(made)
