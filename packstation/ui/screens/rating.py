"""Which service, at what price; then the label on its way, and the question when nobody knows."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.ports import ChoiceMade
from packstation.station.views import LabelView, Screen, StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.screens.touched import Touched
from packstation.ui.widgets.print_ladder import PapersCard, PrintLadder
from packstation.ui.widgets.question import yes_no
from packstation.ui.widgets.service_list import ServiceList, main_words


class RatingScreen(BenchScreen):
    """RATING: services by rank, papers beside them."""

    def build(self) -> tuple[ServiceList, PrintLadder, PapersCard]:
        """List, ladder, papers."""
        self.services = ServiceList(self.kit, self)
        self.ladder = PrintLadder(self.kit, self)
        self.papers = PapersCard(self.kit, self)
        self.touched = Touched(self, self._take)
        self.answers = yes_no(self.theme, self.speaker, "print", self)
        for answer in self.answers:
            answer.happened.connect(self.happened)
            answer.hide()
        return self.services, self.ladder, self.papers

    def arrange(self, area: QRectF) -> None:
        """The list as hero, ladder over papers at the right."""
        theme = self.theme
        wide = min(theme.pick(620, 424), area.width() * 0.36)
        main, side = self.columns(area, wide)
        place(self.services, main)
        gutter = theme.metrics.gutter
        upper = round((side.height() - gutter) * 0.527)
        place(self.ladder, QRectF(side.left(), side.top(), side.width(), upper))
        place(self.papers, side.adjusted(0, upper + gutter, 0, 0))
        self._place_answers(main)
        self._fingers()

    def _place_answers(self, main: QRectF) -> None:
        theme = self.theme
        gap = theme.metrics.gap
        pad = theme.pick(41, 22)
        wide = (main.width() - 2 * pad - gap) / 2
        high = theme.pick(140, 110)
        top = main.center().y() - high / 3
        left = main.left() + pad
        for answer in self.answers:
            place(answer, QRectF(left, top, wide, high))
            left += wide + gap

    def show_view(self, view: StationView) -> None:
        """The two answers show only while the question is open."""
        super().show_view(view)
        unsure = view.label is not None and view.label.unsure
        self.banner_role = "warn" if unsure else "now"
        for answer in self.answers:
            answer.setVisible(unsure)
            answer.raise_()
        self._fingers()

    def _fingers(self) -> None:
        """A finger picks a service, where one may be picked."""
        corner = self.services.geometry().topLeft()
        places = [
            (f"{row.carrier}/{row.service}", row.name, area.translated(corner))
            for row, area in self.services.places(QRectF(self.services.rect()))
        ]
        self.touched.place(places)

    def _take(self, name: str) -> None:
        rows = self.services.shown.services if self.services.shown else ()
        places = [at for at, row in enumerate(rows) if f"{row.carrier}/{row.service}" == name]
        if places:
            self.happened.emit(ChoiceMade(places[0], name, "touch"))

    def says(self, view: StationView) -> tuple[str, str]:
        """The main line, and the price of the chosen service."""
        label = view.label or LabelView()
        main = self.speaker.say(main_words(view.screen, label)[0])
        leads = (row for row in view.services if row.state == "chosen" or row.key)
        chosen = next(leads, None)
        if view.screen == Screen.PRINTING or chosen is None:
            return main, main
        return main, chosen.price


class PrintingScreen(RatingScreen):
    """LABELLING and PRINTING: the same list, the ladder runs (picture 05)."""
