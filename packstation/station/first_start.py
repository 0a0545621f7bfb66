"""First start: join a server, find devices, scan the test card (design picture 16).

Everything may be left out and done later: Enter goes on with what is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from packstation.domain.errors import PackstationError, ServerUnreachable
from packstation.domain.packing.device_facts import ScannerTaught
from packstation.domain.testcard import NEEDED_CODES
from packstation.domain.weights import Reading
from packstation.station import ports as p
from packstation.station.testcard import TestCard
from packstation.station.views import (
    CommandView,
    DeviceView,
    EntryView,
    FirstStartView,
    PersonView,
    ScaleView,
    Screen,
    StationView,
    Words,
)
from packstation.station.wedge import Wedge

# What the card must prove: layout of the keys, case, and that FNC1 arrives (devices section 2).
NEEDED: Final = NEEDED_CODES


class Found(Struct, frozen=True):
    """A device that answered; ``proven``: what it prints was seen to come out.

    ``id`` "" for the first of its kind; ``options`` as in docs/devices.md.
    """

    kind: str
    model: str
    address: str
    detail: str = ""
    proven: bool = False
    id: str = ""
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def device(self) -> str:
        """The device's id in all it reports."""
        return self.id or self.kind


class Joined(p.Happening, frozen=True):
    """The server took us in, or ``problem`` says why not."""

    server: str
    problem: str = ""


class DevicesFound(p.Happening, frozen=True):
    """The search is over."""

    devices: tuple[Found, ...]


class FirstPorts(Protocol):
    """What first start does to the world."""

    def enrol(self, token: str) -> str:
        """Join with a one-time token; answers the server. Blocking; raises SyncError."""

    def find(self) -> tuple[Found, ...]:
        """Ask every port what it is. Blocking."""

    def open(self, devices: Sequence[Found]) -> None:
        """Open what was found; from now on it reports."""

    def print_test_label(self) -> None:
        """Print the test label."""


class _Progress(Struct):
    server: str = ""
    enrolled: bool = False
    problem: Words | None = None
    devices: tuple[Found, ...] = ()
    states: dict[str, str] = field(default_factory=dict)
    answers: dict[str, bool] = field(default_factory=dict)
    label: str = ""
    reading: Reading | None = None
    step: int = 1
    busy: bool = False
    over: bool = False
    earcon: str = ""
    serial: int = 0


class FirstStart:
    """Three steps; ``finished`` gets the devices once the last one is left."""

    def __init__(
        self,
        ports: FirstPorts,
        background: p.Background,
        person: PersonView,
        publish: Callable[[StationView], None],
        finished: Callable[[tuple[Found, ...]], None],
    ) -> None:
        self._ports, self._background = ports, background
        self._person, self._publish, self._finished = person, publish, finished
        self._now = _Progress()
        self.lessons: dict[str, ScannerTaught] = {}
        self.card = TestCard(self._taught, lambda: self.wedge)
        self.wedge: Wedge | None = None

    def start(self, server: str = "", *, enrolled: bool = False) -> None:
        """Show the first step that is still to do."""
        self._now.server, self._now.enrolled = server, enrolled
        if enrolled:
            self._search()
        self._show()

    def handle(self, happening: p.Happening) -> None:
        """Take one happening."""
        now = self._now
        if now.over:
            return
        match happening:
            case p.TextEntered(kind="token") | p.CodeScanned() if now.step == 1:
                self._join(_token(happening))
            case Joined():
                self._joined(happening)
            case DevicesFound():
                self._found(happening.devices)
            case p.CommandGiven(command="accept"):
                self._next()
            case p.CommandGiven(command="back") if now.step > 1:
                now.step -= 1
            case p.CodeScanned() if now.step == 3:
                now.earcon = self.card.take(happening)
            case p.AnswerGiven():
                now.answers[happening.about] = happening.yes
            case _:
                self._report(happening)
        if not now.over:
            self._show()

    # --- step 1 -------------------------------------------------------------------------

    def _join(self, token: str) -> None:
        if token and not self._now.busy:
            self._now.busy, self._now.problem = True, None
            self._background.run(lambda: self._enrol(token))

    def _enrol(self, token: str) -> Joined:
        try:
            return Joined(self._ports.enrol(token))
        except ServerUnreachable:
            return Joined("", "first.unreachable")
        except PackstationError:
            return Joined("", "first.token_unknown")

    def _joined(self, done: Joined) -> None:
        now = self._now
        now.busy = False
        now.problem = Words(done.problem) if done.problem else None
        now.earcon = "unknown_code" if done.problem else "ok"
        if not done.problem:
            now.server, now.enrolled = done.server, True
            self._search()

    # --- step 2 -------------------------------------------------------------------------

    def _search(self) -> None:
        self._now.step = 2
        ports = self._ports
        self._background.run(lambda: DevicesFound(ports.find()))

    def _found(self, devices: tuple[Found, ...]) -> None:
        self._now.devices = devices
        self._ports.open(devices)
        if any(device.kind == "label" for device in devices):
            self._ports.print_test_label()
            self._now.label = "asked"

    def _next(self) -> None:
        now = self._now
        if now.step == 1:
            self._search()
        elif now.step == 2:
            now.step = 3
            self.card.begin()
        else:
            now.over = True
            self.card.end()
            self._finished(self.kept)

    @property
    def kept(self) -> tuple[Found, ...]:
        """What was found and was not denied by the eyes in front of it."""
        now = self._now
        kept = (d for d in now.devices if now.answers.get(d.device, True))
        seen = now.label == "printed" or now.answers.get("label", False)
        # The test label comes out of the first printer.
        return tuple(replace(d, proven=True) if d.device == "label" and seen else d for d in kept)

    # --- step 3 -------------------------------------------------------------------------

    def _taught(self, lesson: ScannerTaught) -> None:
        """There is no journal yet: whoever finishes first start hands the lessons on."""
        self.lessons[lesson.device] = lesson

    # --- reports ------------------------------------------------------------------------

    def _report(self, happening: p.Happening) -> None:
        now = self._now
        match happening:
            case p.ScaleRead():
                now.reading = happening.reading
            case p.DeviceHealth():
                now.states[happening.device] = str(happening.state)
            case p.PrintProgress(outcome="printed"):
                now.label = "printed"

    def _show(self) -> None:
        now = self._now
        now.serial += 1
        screens = {1: Screen.ENROL, 2: Screen.FIND_DEVICES, 3: Screen.TEST_CARD}
        entry = EntryView(kind="token", words=Words("entry.token"))
        view = StationView(
            screen=screens[now.step],
            serial=now.serial,
            person=self._person,
            scale=self._scale(),
            devices=tuple(self._device(device) for device in now.devices),
            entry=entry if now.step == 1 and not now.busy else None,
            first=FirstStartView(
                step=now.step,
                server=now.server,
                enrolled=now.enrolled,
                problem=now.problem,
                card_read=tuple((r.name, r.text) for r in self.card.view().rows if r.text),
                test_label=now.label,
            ),
            commands=(CommandView("accept", "Enter", Words("cmd.next"), coded=False),),
            earcon=now.earcon,
            card=self.card.view() if now.step == 3 else None,
        )
        now.earcon = ""
        self._publish(view)

    def _scale(self) -> ScaleView:
        reading = self._now.reading
        if reading is None or reading.shown_grams is None:
            return ScaleView("ASLEEP")
        grams = reading.shown_grams
        return ScaleView(str(reading.state), grams, str(grams), "g", net=reading.net)

    def _device(self, found: Found) -> DeviceView:
        name = found.device
        denied = not self._now.answers.get(name, True)
        state = "off" if denied else self._now.states.get(name, "ok")
        return DeviceView(name, found.kind, name, state, found.detail)


def _token(happening: p.Happening) -> str:
    if isinstance(happening, p.TextEntered):
        return happening.value.strip()
    return happening.text.strip() if isinstance(happening, p.CodeScanned) else ""
