"""Parts of a printer's page: the picture of what it printed last, and the ladder of its job."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPen

from packstation.station.views import LabelView, PrinterPageView, StationView
from packstation.ui.widgets.canvas import MIDDLE_CENTRE, Canvas
from packstation.ui.widgets.facts_card import draw_card
from packstation.ui.widgets.painted import Painted
from packstation.ui.widgets.print_ladder import PrintLadder


class PreviewCard(Painted[PrinterPageView]):
    """The label as paper, on a light ground in the dark too; its codes come hatched."""

    _image = QImage()

    def share(self, view: StationView) -> PrinterPageView | None:
        """Of the page's printer."""
        return view.page.printer if view.page else None

    def changed(self, before: PrinterPageView | None) -> None:
        """A small grey picture is read at once: 3 to 6 ms for 600 by 900 pixels, once a label."""
        png = self.shown.preview if self.shown else b""
        if before is None or png != before.preview:
            self._image = QImage.fromData(png) if png else QImage()

    def spoken(self) -> str:
        """What is drawn here."""
        shown = self.shown.shown if self.shown else None
        return self.words.of(shown) or self.words.say("screen.preview")

    def draw(self, canvas: Canvas, area: QRectF, shown: PrinterPageView) -> None:
        """Title, and the paper as large as it can be."""
        room = draw_card(canvas, area, self.spoken()).adjusted(0, self.theme.px(4), 0, 0)
        if not self._image.isNull():
            self._paper(canvas, room)
            return
        key = "screen.preview.broken" if shown.shown else "screen.preview.none"
        canvas.text(room, canvas.words.say(key), ("label", "ink2"), MIDDLE_CENTRE, lines=3)

    def _paper(self, canvas: Canvas, room: QRectF) -> None:
        size = self._image.size().toSizeF().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        paper = QRectF(room.left(), room.top(), size.width(), size.height())
        paper.moveCenter(room.center())
        canvas.painter.drawImage(paper, self._image)
        canvas.painter.setPen(QPen(canvas.color("edge"), 1.5))
        canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
        canvas.painter.drawRect(paper)


class JobLadder(PrintLadder):
    """The ladder of the job that a printer has or had last."""

    def share(self, view: StationView) -> LabelView | None:
        """The page's rungs in the shape of a label's."""
        page = view.page.printer if view.page else None
        if page is None:
            return None
        return LabelView(waybill=page.waybill, rungs=page.rungs, note=page.job)

    def heading(self, shown: LabelView) -> str:
        """What the job is of."""
        return self.words.of(shown.note) or self.words.say("screen.job")

    def draw(self, canvas: Canvas, area: QRectF, shown: LabelView) -> None:
        """Without a job it says so."""
        super().draw(canvas, area, shown)
        if not shown.rungs:
            text = canvas.words.say("screen.job.none")
            canvas.text(area, text, ("label", "ink2"), MIDDLE_CENTRE, lines=2)
