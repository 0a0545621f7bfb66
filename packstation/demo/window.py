"""The demo with its window: the product as it is, and the simulated bench at its right."""

from __future__ import annotations

from collections.abc import Callable

from packstation.bootstrap.station import OpenStation
from packstation.demo.run import Options, World
from packstation.demo.things import things
from packstation.station.ports import Happening
from packstation.station.views import StationView
from packstation.ui.app import make_application, make_stages, run
from packstation.ui.bridge import Bridge
from packstation.ui.main_window import MainWindow
from packstation.ui.widgets.virtual_bench import VirtualBench, bench_width, make_virtual_bench
from packstation.ui.words import Speakers


class DemoWindow:
    """Window, panel and bench; the panel moves `BenchControls` and nothing else."""

    def __init__(self, world: World) -> None:
        make_application()
        self._world = world
        self._speakers = Speakers()
        self._things = things(world.orders)
        self.bridge = Bridge()
        self.window = MainWindow(make_stages())
        self.window.happened.connect(self.bridge.post)
        self.panel = self._make_panel()
        self.opened: OpenStation = world.open(self.bridge.post, self.publish)
        self.bridge.connect_to(self._handle())
        self.window.after_paint(self.opened.begin)

    def _handle(self) -> Callable[[Happening], None]:
        return self.opened.station.handle

    def publish(self, view: StationView) -> None:
        """Window and panel show the same view; the panel follows the window's look."""
        self.window.show_view(view)
        if self.panel.theme != self.window.theme:
            self.panel = self._make_panel()
        self.panel.show_view(view)

    def _make_panel(self) -> VirtualBench:
        theme = self.window.theme
        words = self._speakers.of(theme.language)
        panel = make_virtual_bench(theme, words, self._world.bench, self._things)
        self.window.set_side(panel, bench_width(theme))
        return panel

    def close(self) -> None:
        """Stop the bench; the journal stays."""
        self.opened.close()


def show(options: Options) -> int:
    """Until the window is closed; its exit status."""
    world = World(options)
    try:
        shown = DemoWindow(world)
        try:
            return run(shown.window)
        finally:
            shown.close()
    finally:
        world.close()
