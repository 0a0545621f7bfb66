"""Four lamps and the volume mark; words for them stand on Devices and in Help."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QRectF

from packstation.station.views import DeviceView, StationView
from packstation.ui import icons, paint
from packstation.ui.widgets.bar_part import BarPart
from packstation.ui.widgets.canvas import MIDDLE_RIGHT, Canvas

# Icon and place of each kind; the first four are always there.
LAMPS = {
    "scanner": "scanner",
    "scale": "scale",
    "label": "label",
    "papers": "printer",
    "camera": "camera",
    "dimensioner": "dimensioner",
}
_ALWAYS = ("scanner", "scale", "label", "papers")
# The worst of a kind is what its lamp shows: the reverse of this order.
_WORSE = ("off", "asleep", "ok", "fault")


def lamp_states(devices: tuple[DeviceView, ...]) -> tuple[tuple[str, str], ...]:
    """Kind and state of each lamp, worst device of a kind; a kind without a device is off."""
    found: dict[str, str] = dict.fromkeys(_ALWAYS, "off")
    for device in devices:
        if device.kind in LAMPS:
            known = found.get(device.kind, "off")
            found[device.kind] = max(known, device.state, key=_rank)
    return tuple((kind, found[kind]) for kind in LAMPS if kind in found)


def _rank(state: str) -> int:
    return _WORSE.index(state) if state in _WORSE else len(_WORSE)


class DeviceLamps(BarPart):
    """Icon and mark: disc working, ring asleep or absent, square in trouble."""

    _lamps: tuple[tuple[str, str], ...] = ()
    first_fault = ""

    def share(self, view: StationView) -> Hashable:
        """Kinds and states."""
        self._lamps = lamp_states(view.devices)
        faulty = [device.id for device in view.devices if device.state == "fault"]
        self.first_fault = faulty[0] if faulty else ""
        return self._lamps

    def spoken(self) -> str:
        """Each lamp in words."""
        say = self.words.say
        return ", ".join(
            f"{say(f'frame.device.{kind}')}: {say(f'frame.device.state.{state}')}"
            for kind, state in self._lamps
        )

    def wanted(self) -> int:
        """A plate a lamp."""
        return len(self._lamps) * self._step - self.theme.px(6)

    @property
    def _step(self) -> int:
        return self.theme.pick(52, 44) + self.theme.px(6)

    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """Plates from left to right."""
        t = self.theme
        width, height, side = t.pick(52, 44), t.pick(48, 42), t.pick(26, 24)
        for index, (kind, state) in enumerate(self._lamps):
            plate = QRectF(index * self._step, area.center().y() - height / 2, width, height)
            fault = state == "fault"
            canvas.plate(plate, "stop.tint" if fault else "sunken", radius="chip")
            box = QRectF(0, 0, side, side)
            box.moveCenter(plate.center())
            ink = canvas.color("stop.ink" if fault else "ink2")
            icons.draw_icon(canvas.painter, LAMPS[kind], box, ink)
            self._mark(canvas, plate, state)

    def _mark(self, canvas: Canvas, plate: QRectF, state: str) -> None:
        """The mark sits on the plate's corner with a rim of the bar's own colour."""
        t = self.theme
        side, rim = t.pick(15, 14), t.px(3)
        mark = QRectF(plate.right() - t.px(15), plate.top() - t.px(1.5), side, side)
        around = mark.adjusted(-rim, -rim, rim, rim)
        painter = canvas.painter
        if state == "fault":
            paint.rounded(painter, around, t.radius("fault"), canvas.color("surface"))
            paint.fault_square(painter, t, mark)
            return
        paint.rounded(painter, around, around.height() / 2, canvas.color("surface"))
        if state == "ok":
            paint.rounded(painter, mark, side / 2, canvas.color("ok.fill"))
        else:
            paint.empty_ring(painter, mark, canvas.color("edge"), t.px(2.5))


class VolumeMark(BarPart):
    """A speaker; struck and in warn while muted."""

    _muted = False

    def share(self, view: StationView) -> Hashable:
        """Whether it is muted."""
        self._muted = view.person.muted
        return self._muted

    def spoken(self) -> str:
        """On or off."""
        return self.words.say("frame.muted" if self._muted else "frame.sound")

    def wanted(self) -> int:
        """As wide as a lamp."""
        return self.theme.pick(52, 44)

    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """The icon; on a warn plate while muted."""
        t = self.theme
        side, plate_side = t.pick(26, 24), t.pick(48, 42)
        box = QRectF(0, 0, side, side)
        box.moveCenter(area.center())
        if self._muted:
            plate = QRectF(0, 0, plate_side, plate_side)
            plate.moveCenter(area.center())
            canvas.plate(plate, "warn.fill", radius="chip")
        icon, ink = ("speaker-off", "warn.on") if self._muted else ("speaker", "ink2")
        icons.draw_icon(canvas.painter, icon, box, canvas.color(ink))


class ClockMark(BarPart):
    """The site's time."""

    _clock = ""

    def share(self, view: StationView) -> Hashable:
        """The time as text."""
        self._clock = view.clock
        return self._clock

    def spoken(self) -> str:
        """The time."""
        return self._clock

    def wanted(self) -> int:
        """One line; its place is kept while the time is not known."""
        return round(self.advance(self._clock or "00:00", "title") + 1)

    def draw(self, canvas: Canvas, area: QRectF) -> None:
        """In the middle of the bar."""
        canvas.text(area.adjusted(-2, 0, 0, 0), self._clock, ("title", "ink"), MIDDLE_RIGHT)
