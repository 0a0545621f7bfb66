"""The training room in the bench's window: virtual bench at the right, inputs of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.bootstrap.practice import code_of
from packstation.bootstrap.training import FOLDER, Bench, JournalLearning, Room
from packstation.domain.orders import Order
from packstation.station.course import Windows
from packstation.station.ports import PersonRow
from packstation.station.views import ProductView, Screen, StationView
from packstation.ui.bridge import Bridge
from packstation.ui.widgets.virtual_bench import (
    Thing,
    VirtualBench,
    bench_width,
    make_virtual_bench,
)
from packstation.ui.words import Speakers

if TYPE_CHECKING:
    from packstation.ui.main_window import MainWindow
    from packstation.ui.theme import Theme


class Training:
    """From entering the room until it is left."""

    def __init__(
        self,
        window: MainWindow,
        data: Path,
        bench: str,
        people: Sequence[PersonRow],
        left: Callable[[], None],
    ) -> None:
        self.window, self._left = window, left
        self.bridge = Bridge()
        self._speakers = Speakers()
        self.bench = Bench(data / FOLDER, bench, people, self.bridge.post)
        self._theme: Theme | None = None
        self._orders: tuple[Order, ...] = ()
        self._standing = False
        self.panel: VirtualBench | None = None
        self.room: Room | None = None

    def open(self, learning: JournalLearning, badge: str) -> None:
        """Open the room; its first view is shown by then."""
        self.room = Room(self.bench, learning, Windows(self.publish, self._leave))
        self.bridge.connect_to(self.room.handle)
        self.room.open(badge)
        if self.bench.opened is not None:
            self.window.after_paint(self.bench.opened.begin)

    def _leave(self) -> None:
        """Not while something is handled: the window's next turn closes the room."""
        self.window.after_paint(self._left)

    def publish(self, view: StationView) -> None:
        """Window and panel show the same view; the panel follows the window's look."""
        self.window.show_view(view)
        self._stand(view)
        known = self._theme == self.window.theme and self._orders == self.bench.orders
        if self.panel is None or not known:
            self._make_panel()
        if self.panel is not None:
            self.panel.show_view(view)

    def _stand(self, view: StationView) -> None:
        """Nothing is scanned while a lesson is chosen: the list has all of the window."""
        wanted = view.screen is not Screen.TRAINING
        if wanted != self._standing:
            self._standing, self._theme = wanted, None
            if not wanted:
                self.window.set_side(None)

    def _make_panel(self) -> None:
        """Made anew with each lesson too, for its orders are other things to scan."""
        if self.panel is not None:
            self.window.set_side(None)
            self.panel.deleteLater()
            self.panel = None
        if self._standing:
            theme = self.window.theme
            words, things = self._speakers.of(theme.language), tuple(self._things(theme.language))
            self.panel = make_virtual_bench(theme, words, self.bench.sim, things)
            self.window.set_side(self.panel, bench_width(theme))
        self._theme, self._orders = self.window.theme, self.bench.orders

    def _things(self, language: str) -> Iterator[Thing]:
        """What a hand may hold: badges, orders with their totes, goods, boxes."""
        for person in self.bench.people:
            yield Thing("badge", person.name, f"%PB:{person.badge}")
        for order in self.bench.orders:
            yield Thing("order", order.order_id, order.order_id)
            yield from (Thing("tote", tote, tote) for tote in order.totes)
        for product in self.bench.goods.products:
            name, _, variant = product.name(language).partition(" · ")
            view = ProductView(product.sku, name, variant, product.image or "")
            text, aim = code_of(product, "by-hand")
            yield Thing("product", name, text, view, product.weight_g or 0, aim)
        for carton in self.bench.goods.cartons:
            yield Thing("carton", carton.code, carton.code, weight_g=carton.tare_g)

    def close(self) -> None:
        """Clear the room and the place at the right."""
        self.window.set_side(None)
        if self.panel is not None:
            self.panel.deleteLater()
            self.panel = None
        self.bench.close()
