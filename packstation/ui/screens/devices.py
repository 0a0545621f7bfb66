"""What each device does, since when, and the cure of the one that is in trouble."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from packstation.station.ports import ChoiceMade, CommandGiven
from packstation.station.views import StationView
from packstation.ui.screens.bench import BenchScreen, place
from packstation.ui.widgets.device_cards import DeviceBoard
from packstation.ui.widgets.question import BigButton
from packstation.ui.widgets.touch_area import TouchArea


def _kind(kind: str) -> str:
    return f"screen.device.{kind}"


class DevicesScreen(BenchScreen):
    """DEVICES (picture 10)."""

    def build(self) -> tuple[DeviceBoard]:
        """The board; a printer in trouble offers a test label."""
        self.board = DeviceBoard(self.kit, self)
        self.test: BigButton | None = None
        self.cards: list[TouchArea] = []
        return (self.board,)

    def arrange(self, area: QRectF) -> None:
        """All of the stage."""
        place(self.board, area)
        self._place_cards()
        self._place_test()

    def show_view(self, view: StationView) -> None:
        """The tone is that of the worst device."""
        super().show_view(view)
        self._place_cards()
        fault = self.board.first_fault()
        self.banner_role = "stop" if fault else "ok"
        if self.test is not None:
            self.test.hide()
            self.test.deleteLater()
            self.test = None
        if fault is not None and fault.kind == "label":
            happening = CommandGiven("test-label", argument=fault.id, source="touch")
            self.test = BigButton(
                self.theme,
                self.speaker,
                "screen.devices.test",
                happening,
                self,
                icon="printer",
                primary=True,
            )
            self.test.happened.connect(self.happened)
            self._place_test()
            self.test.show()

    def _place_cards(self) -> None:
        """A finger on a card opens its device."""
        shown = self.board.shown
        places = self.board.places(QRectF(self.board.geometry())) if shown else []
        while len(self.cards) < len(places):
            area = TouchArea(self)
            area.clicked.connect(self._touched)
            self.cards.append(area)
        for index, area in enumerate(self.cards):
            area.setVisible(index < len(places))
            if index < len(places):
                device, card = places[index]
                area.setObjectName(device.id)
                area.setAccessibleName(device.name or self.speaker.say(_kind(device.kind)))
                place(area, card)

    def _touched(self) -> None:
        sender = self.sender()
        shown = self.board.shown
        ids = [device.id for device in shown.devices] if shown else []
        if sender.objectName() in ids:
            device = sender.objectName()
            self.happened.emit(ChoiceMade(ids.index(device), device, "touch"))

    def _place_test(self) -> None:
        if self.test is None:
            return
        area = QRectF(self.board.geometry())
        card = self.board.fault_card(area)
        pad = self.theme.pick(31, 20)
        high = float(self.theme.metrics.touch)
        top = card.bottom() - pad * 0.85 - high
        place(self.test, QRectF(card.left() + pad, top, self.test.sizeHint().width(), high))
        self.test.raise_()

    def says(self, view: StationView) -> tuple[str, str]:
        """The cure; nothing giant besides it."""
        fault = next((device for device in view.devices if device.state == "fault"), None)
        if fault is not None:
            return self.speaker.of(fault.cure) or self.speaker.say("screen.devices.look"), ""
        return self.speaker.say("screen.devices.fine"), ""
