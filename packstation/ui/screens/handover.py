"""The hand-over of a list: load, weigh a bag, check, sign, done."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.handover_board import (
    HandoverHero,
    HandoverSide,
    giant_of,
    main_line,
    tone_of,
)
from packstation.ui.widgets.plain_button import PlainButton
from packstation.ui.widgets.signature_pad import SignaturePad


class HandoverScreen(BenchScreen):
    """HANDOVER."""

    def build(self) -> tuple[HandoverHero, HandoverSide, SignaturePad]:
        """Hero or pad, and the side."""
        self.hero = HandoverHero(self.kit, self)
        self.side = HandoverSide(self.kit, self)
        self.pad = SignaturePad(self.kit, self)
        say = self.speaker.say
        self.clear = PlainButton(self.theme, say("handover.sign.clear"), self)
        self.take = PlainButton(self.theme, say("handover.sign.take"), self, primary=True)
        self.clear.clicked.connect(self.pad.clear)
        self.take.clicked.connect(self._signed)
        self.pad.hide()
        self.clear.hide()
        self.take.hide()
        return self.hero, self.side, self.pad

    def arrange(self, area: QRectF) -> None:
        """The main card, and a column at the right; buttons of the pad below it."""
        theme = self.theme
        main, side = self.columns(area, min(theme.pick(560, 340), area.width() * 0.36))
        place(self.hero, main)
        place(self.side, side)
        high, gap = theme.metrics.touch, theme.metrics.gutter
        place(self.pad, main.adjusted(0, 0, 0, -(high + gap)))
        low = QRectF(main.left(), main.bottom() - high, main.width(), high)
        wide = (low.width() - gap) * 0.36
        place(self.clear, QRectF(low.left(), low.top(), wide, high))
        place(self.take, QRectF(low.left() + wide + gap, low.top(), low.width() - wide - gap, high))

    def show_view(self, view: StationView) -> None:
        """While it is signed the pad stands in the hero's place."""
        super().show_view(view)
        shown = view.handover
        signing = shown is not None and shown.step == "sign"
        for part in (self.pad, self.clear, self.take):
            part.setVisible(signing)
        self.hero.setVisible(not signing)
        self.banner_role = tone_of(shown) if shown else "now"

    def _signed(self) -> None:
        self.happened.emit(self.pad.drawn())

    def says(self, view: StationView) -> tuple[str, str]:
        """What to do; how many is the giant."""
        shown = view.handover
        if shown is None:
            return self.speaker.say("handover.title"), ""
        return main_line(self.speaker, shown), "" if shown.step == "sign" else giant_of(
            self.speaker, shown
        )
