"""The Devices pages: pick a device, look at it, try it, check a scale, change the bench.

Looking and trying is for everybody; adding, replacing and removing needs a supervisor's badge and
PIN, which count until the pages are left. While a page of one device is open, codes that are
neither commands nor badges are shown on it and not acted on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from packstation.domain.errors import PackstationError
from packstation.domain.packing.device_facts import DeviceConfigured
from packstation.station import ports as p
from packstation.station import workshop as w
from packstation.station.adding import ASKED, SCANNED, Adding
from packstation.station.adding_pedal import PEDAL
from packstation.station.core import Core
from packstation.station.desk import DeviceInfo, DeviceRecord
from packstation.station.editing import ENTRY, Editing
from packstation.station.frames import CAMERA_USES
from packstation.station.pedal import Pedals, Step, steps_of
from packstation.station.people import MAY_RELEASE, People
from packstation.station.printer_pages import PrinterPages
from packstation.station.scale_checks import ScaleChecks
from packstation.station.views import EntryView, PickView, VerdictView, Words

PAGES: Final = frozenset({"devices", "device", "add_device", "edit_device"})
_STEPS: Final = {"next-row": 1, "previous-row": -1}
# Commands of these pages, beside those of the cards: accept, back, yes, no, quantity.
_CHANGES: Final = frozenset({"add-device", "device-edit", "device-replace", "device-remove"})
# What `%PS:manual` changes, by the page it is said on.
_MANUAL: Final = {"devices": "add-device", "device": "device-edit"}
RECORD_MIN: Final = 5
# What can be tried by kind; a scale that cannot be zeroed by a word leaves "zero" out.
TESTS: Final = {
    "scale": ("zero", "check"),
    "label": ("label", "use", "roll"),
    "papers": ("codes",),
    "dimensioner": ("measure",),
    "light": ("light",),
}
# No list is longer than that.
_DIGITS: Final = 4


class DeviceDesk:
    """What happens on Screen.DEVICES, DEVICE and ADD_DEVICE."""

    def __init__(
        self,
        core: Core,
        people: People,
        workshop: w.DeviceWorkshop,
        printers: PrinterPages,
        pedals: Pedals,
    ) -> None:
        self.printers = printers
        self._core, self._people, self._workshop = core, people, workshop
        self._pedals = pedals
        self.adding = Adding(core, workshop, pedals)
        self.editing = Editing(core, workshop)
        self.checks = ScaleChecks(core)
        people.unlocked = self._unlocked
        # Scanners and lights are tried by whoever holds them; None for none of these.
        self.printing: Mapping[str, Callable[[str], None]] = {}
        self.others: Callable[[str, str], bool | None] = lambda _device, _what: None

    @property
    def open(self) -> bool:
        """Whether one of the pages is shown."""
        return self._core.desk.page in PAGES

    # --- what the person does -------------------------------------------------------------

    def command(self, command: str, argument: str) -> bool:
        """A key, code or touch; whether it was ours."""
        desk = self._core.desk
        if command == "devices" and argument and argument in desk.devices:
            self._show(argument)
            return True
        if not self.open:
            return False
        if command in _STEPS:
            rows = len(self.ids())
            desk.pages.selected = (desk.pages.selected + _STEPS[command]) % max(rows, 1)
        elif command in _CHANGES or (command == "manual" and desk.page in _MANUAL):
            self._want(_MANUAL[desk.page] if command == "manual" else command)
        elif command == "quantity" and argument:
            self._choose(_row(argument))
        elif command == "accept" and desk.entry is None and desk.alert is None:
            self._choose(desk.pages.selected)
        elif command == "device-test":
            self._test(argument)
        elif command == "back":
            return self._back()
        elif command == "cancel":
            self._leave("devices")
        else:
            return False
        return True

    def choice(self, choice: p.ChoiceMade) -> bool:
        """Keys 1-9 or a touched row; whether it was ours."""
        desk = self._core.desk
        if not self.open or desk.entry is not None:
            return False
        ids = self.ids()
        if choice.value in ids:
            self._choose(ids.index(choice.value))
        elif not choice.value:
            self._choose(choice.index)
        return True

    def answer(self, answer: p.AnswerGiven) -> bool:
        """Yes and no are the first two rows of a trial."""
        if self._core.desk.page != "add_device":
            return False
        wanted = "next" if answer.yes else "no"
        if wanted in self.ids():
            self.adding.pick(wanted)
        return True

    def entered(self, kind: str, value: str) -> bool:
        """A value that a page asked for; whether it was ours."""
        if self.editing.edit is not None and kind == ENTRY:
            self.editing.entered(value)
            return True
        if self.adding.wizard is None or kind not in ASKED:
            return False
        self.adding.entered(kind, value)
        return True

    def scanned(self, scan: p.CodeScanned) -> bool:
        """A code that is shown instead of acted on; whether it was."""
        desk = self._core.desk
        entry = desk.entry
        if entry is not None and entry.kind in {*SCANNED, ENTRY}:
            desk.entry, desk.earcon = None, "ok"
            self.entered(entry.kind, scan.text.strip())
            return True
        if self.adding.report(scan):
            return True
        if desk.page not in PAGES - {"devices"}:
            return False
        desk.pages.trace(scan.source).take(
            scan.text.encode(), self._core.clock.now(), self._core.clock.mono_ns()
        )
        desk.earcon = "ok"
        return True

    def ids(self) -> tuple[str, ...]:
        """The rows of the page in the order of their numbers."""
        desk = self._core.desk
        if desk.page == "devices":
            return tuple(desk.devices)
        if desk.page == "device":
            return tuple(row.id for row in self.tests())
        if desk.page == "edit_device":
            return tuple(row.id for row in self.editing.picks())
        return tuple(row.id for row in self.adding.picks())

    def tests(self) -> tuple[PickView, ...]:
        """What can be tried on the device that is shown."""
        record = self._core.desk.devices.get(self._core.desk.pages.device)
        if record is None:
            return ()
        names = [
            name
            for name in TESTS.get(record.info.kind, ())
            if name != "zero" or self._workshop.can_zero(record.info.id)
        ]
        names += [action for action in record.actions if action != "scanner-release"]
        names += ["record"] if self._core.care is not None else []
        return tuple(PickView(name, Words(f"dev.test.{name}")) for name in names)

    def _choose(self, index: int) -> None:
        ids = self.ids()
        if not 0 <= index < len(ids):
            return
        page = self._core.desk.page
        if page == "devices":
            self._show(ids[index])
        elif page == "device":
            self._test(ids[index])
        elif page == "edit_device":
            self.editing.pick(ids[index])
        else:
            self.adding.pick(ids[index])

    def _show(self, device: str) -> None:
        desk = self._core.desk
        desk.page, desk.pages.device, desk.pages.selected = "device", device, 0
        desk.pages.checking, desk.pages.sent = False, ""
        self.printers.look(device)

    def _back(self) -> bool:
        """One page back; the first of them leaves as every page does."""
        desk = self._core.desk
        if desk.entry is not None:
            desk.entry, desk.approval, desk.pages.wish = None, None, ("", "")
        elif desk.page == "add_device":
            if not self.adding.back():
                self._leave("devices")
        elif desk.page == "edit_device":
            if not self.editing.back():
                self._leave("device")
        elif desk.page == "device" and desk.pages.checking:
            desk.pages.checking = False
        elif desk.page == "device":
            self._leave("devices")
        else:
            desk.pages.unlocked = ""
            return False
        return True

    def _leave(self, page: str) -> None:
        self.adding.leave()
        self.editing.leave()
        desk = self._core.desk
        desk.page, desk.pages.selected, desk.pages.checking = page, 0, False

    def closed(self) -> None:
        """Whatever else was opened: a device half added does not stay open behind it."""
        pages = self._core.desk.pages
        if not self.open or self._core.desk.nobody:
            if pages.wizard is not None or pages.edit is not None:
                self._leave("" if not self.open else "devices")
            pages.unlocked, pages.wish, pages.checking = "", ("", ""), False

    # --- who may change the bench ---------------------------------------------------------

    def _want(self, wish: str) -> None:
        desk = self._core.desk
        pages = desk.pages
        if wish != "add-device" and (desk.page != "device" or pages.device not in desk.devices):
            self._core.refuse("command.not_here", code_kind="command", text=wish)
            return
        pages.wish = (wish, pages.device if wish != "add-device" else "")
        if pages.unlocked:
            self._change()
        elif desk.person is not None and desk.person.role in MAY_RELEASE:
            self._people.ask_release(desk.person)
        else:
            desk.entry = EntryView(kind="supervisor", words=Words("entry.supervisor"))

    def _unlocked(self, person: p.PersonRow) -> None:
        """A supervisor's PIN was right."""
        self._core.desk.pages.unlocked = person.badge
        self._change()

    def _change(self) -> None:
        desk = self._core.desk
        (wish, device), desk.pages.wish = desk.pages.wish, ("", "")
        if wish == "device-remove":
            self._remove(device)
        elif wish == "device-edit":
            desk.page = "edit_device"
            self.editing.begin(device)
        else:
            desk.page = "add_device"
            self.adding.begin(device)

    def _remove(self, device: str) -> None:
        info, workshop = self._core.desk.devices[device].info, self._workshop
        gone = w.NewDevice(info.kind, info.model, info.address, info.id)

        def remove() -> w.DeviceSaved:
            try:
                workshop.save("removed", gone)
            except PackstationError as exc:
                return w.DeviceSaved("removed", gone, exc.key)
            return w.DeviceSaved("removed", gone)

        self._core.background.run(remove)

    def saved(self, done: w.DeviceSaved) -> None:
        """The settings stand: the bench shows it and the journal has it."""
        desk, device = self._core.desk, done.device
        if done.problem:
            self.adding.not_saved(done.problem)
            self.editing.not_saved(done.problem)
            if self.adding.wizard is None and self.editing.edit is None:
                self._core.refuse(done.problem, code_kind="device")
            return
        wizard, desk.pages.wizard = desk.pages.wizard, None
        if done.change == "removed":
            desk.devices.pop(device.id, None)
            self._leave("devices")
        elif done.change == "edited":
            self.editing.saved(device)
            was = desk.devices[device.id]
            desk.devices[device.id] = record_of(device, p.DeviceState.OFF, was.info.use)
            desk.devices[device.id].serial = was.serial
            self._show(device.id)
        else:
            state = wizard.state if wizard is not None and wizard.trial else p.DeviceState.OFF
            desk.devices[device.id] = record_of(device, state)
            self._show(device.id)
        self._workshop.changed()
        self._learn_pedals()
        desk.verdict = VerdictView("ok", Words(f"dev.{done.change}"))
        desk.earcon = "line_complete"
        self.checks.bar()
        self._core.record(
            DeviceConfigured(
                device=device.id,
                change=done.change,
                kind=device.kind,
                model=device.model,
                by=desk.pages.unlocked,
            )
        )

    def _learn_pedals(self) -> None:
        """Keys mean at once what the rows say now."""
        rows = (row.info for row in self._core.desk.devices.values() if row.info.kind == PEDAL)
        keys: dict[str, Step] = {}
        for info in rows:
            keys |= steps_of(info.id, info.options)
        self._pedals.keys = keys

    # --- trying ---------------------------------------------------------------------------

    def _test(self, what: str) -> None:
        pages = self._core.desk.pages
        if what == "check":
            self.checks.begin()
        elif any(row.id == what for row in self.tests()):
            done = self._of_bench(pages.device, what)
            if done is None:
                done = self._workshop.test(pages.device, what)
            pages.sent = what if done else ""
            self._core.desk.earcon = "" if done else "unknown_code"

    def _of_bench(self, device: str, what: str) -> bool | None:
        """What the bench does with a device; None for what the device does by itself."""
        care = self._core.care
        if what == "record" and care is not None:
            return care.record(device, RECORD_MIN) is not None
        if what in self.printing:
            self.printing[what](device)
            return True
        return self.others(device, what)

    # --- what devices say -----------------------------------------------------------------

    def report(self, happening: p.Happening) -> bool:
        """Keep what a device said; whether it is none of the bench's own."""
        if self.adding.report(happening):
            return True
        pages, clock = self._core.desk.pages, self._core.clock
        match happening:
            case p.ScaleRead(device=device, reading=reading):
                if reading.raw:
                    pages.trace(device).take(reading.raw, clock.now(), happening.mono_ns, reading)
                pages.health_of(device).take(reading, happening.mono_ns / 1e9)
                self.checks.take(device, reading)
            case p.DeviceSeen(device=device, raw=raw):
                record = self._core.desk.devices.get(device)
                if record is not None and record.info.kind != "scale":
                    pages.trace(device).take(raw, clock.now(), happening.mono_ns)
            case p.PrintProgress() if happening.printer:
                self.printers.progress(happening, clock.mono_ns())
            case p.DeviceHealth(device=device, state=p.DeviceState.FAULT):
                pages.losses[device] = pages.losses.get(device, 0) + 1
            case p.DeviceHealth(device=device, state=p.DeviceState.OK, detail=detail) if detail:
                record = self._core.desk.devices.get(device)
                if record is not None:
                    record.serial = detail
        return False

    def tick(self) -> None:
        """Dates move on, cables are looked for, a label that was printed meanwhile is drawn."""
        if self._core.desk.page == "device":
            self.printers.look(self._core.desk.pages.device)
        self.adding.tick()
        self.checks.bar()


def record_of(device: w.NewDevice, state: p.DeviceState, use: str = "") -> DeviceRecord:
    """A device as the desk keeps it; without a name of its own it goes by what it is."""
    own = "" if device.id == device.kind else device.id
    info = DeviceInfo(
        id=device.id,
        kind=device.kind,
        name=str(device.options.get("name", "")) or own,
        detail=f"{device.model} · {device.address}",
        model=device.model,
        address=device.address,
        options=device.options,
        use=use or _use(device),
    )
    return DeviceRecord(info, state)


def _use(device: w.NewDevice) -> str:
    """What a camera is for where its row says nothing; "" for all others."""
    return str(device.options.get("use", CAMERA_USES[0])) if device.kind == "camera" else ""


def _row(argument: str) -> int:
    """The row that a number names, -1 for what is none."""
    if not (argument.isascii() and argument.isdecimal()):
        return -1
    return int(argument[:_DIGITS]) - 1
