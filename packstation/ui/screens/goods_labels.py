"""Labels for goods: kind, product, copies."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.ports import ChoiceMade
from packstation.station.views import GoodsLabelView, StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.screens.touched import Touched
from packstation.ui.widgets.goods_board import GoodsCopies, GoodsHero, GoodsKinds, main_line


class GoodsLabelsScreen(BenchScreen):
    """GOODS_LABELS."""

    def build(self) -> tuple[GoodsKinds, GoodsHero, GoodsCopies]:
        """Kinds above, hero and copies below."""
        self.kinds = GoodsKinds(self.kit, self)
        self.hero = GoodsHero(self.kit, self)
        self.copies = GoodsCopies(self.kit, self)
        self.touched = Touched(self, self._take)
        return self.kinds, self.hero, self.copies

    def arrange(self, area: QRectF) -> None:
        """A row of kinds; the hero; how many at the right."""
        theme = self.theme
        high, gutter = theme.metrics.touch, theme.metrics.gutter
        place(self.kinds, QRectF(area.left(), area.top(), area.width(), high))
        below = area.adjusted(0, high + gutter, 0, 0)
        main, side = self.columns(below, min(theme.pick(420, 280), below.width() * 0.32))
        place(self.hero, main)
        place(self.copies, side)
        self._fingers()

    def show_view(self, view: StationView) -> None:
        """The tone is that of what happened."""
        super().show_view(view)
        goods = view.goods
        bad = goods is not None and (goods.problem is not None or goods.state == "failed")
        self.banner_role = "stop" if bad else "now"
        self._fingers()

    def _fingers(self) -> None:
        shown = self.kinds.shown
        corner = self.kinds.geometry().topLeft()
        keys = self.kinds.keys(QRectF(self.kinds.rect())) if shown else []
        self.touched.place(
            [
                (one.value, self.speaker.of(one.words), key.translated(corner))
                for one, key in zip(shown.kinds if shown else (), keys, strict=False)
            ]
        )

    def _take(self, kind: str) -> None:
        self.happened.emit(ChoiceMade(0, kind, "touch"))

    def says(self, view: StationView) -> tuple[str, str]:
        """What to do; how many is the giant."""
        line = main_line(self.speaker, view.goods or GoodsLabelView("", ()))
        return line, str(view.goods.copies) if view.goods else ""
