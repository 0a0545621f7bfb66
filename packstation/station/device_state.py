"""What the Devices pages keep: bytes heard, the page that is open, the device being added.

Transient all of it, but for what the journal says of checks (`ScaleChecked`).
"""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import Final

from msgspec import Struct, field

from packstation.domain.recognition import Candidate, Recognition
from packstation.domain.scale_health import Check, ScaleHealth
from packstation.domain.weights import Reading
from packstation.station.ports import DeviceState
from packstation.station.views import Words
from packstation.station.workshop import FieldRow, NewDevice, PortRow, Probe

ROWS: Final = 10
# A new row at most so often, so that eyes can follow a moving scale.
_ROW_NS: Final = 250_000_000


class Heard(Struct):
    """Bytes, how often they came in a row, when last; ``reading`` what they mean."""

    raw: bytes
    at: datetime
    at_ns: int
    reading: Reading | None = None
    count: int = 1


class Trace:
    """The last bytes of a device: the same again is counted, not repeated."""

    def __init__(self) -> None:
        """Nothing heard yet."""
        self.rows: deque[Heard] = deque(maxlen=ROWS)
        self.frames = 0
        self.bad = 0

    def take(self, raw: bytes, at: datetime, at_ns: int, reading: Reading | None = None) -> None:
        """One frame, or a piece of what came."""
        self.frames += 1
        self.bad += bool(reading and reading.error and reading.raw)
        last = self.rows[-1] if self.rows else None
        if last is not None and last.raw == raw:
            last.count, last.at, last.at_ns, last.reading = last.count + 1, at, at_ns, reading
        elif last is None or at_ns - last.at_ns >= _ROW_NS:
            self.rows.append(Heard(raw, at, at_ns, reading))


class Wizard(Struct):
    """A device on its way to the bench; ``step`` names the page.

    Steps: kind, port, unplug, model, probe, weigh, stock, dpi, press, meaning, trial, confirm.
    ``key`` is a pedal's that was learned last, ``turn`` counts the leaves of what it may mean.
    ``trial`` is the id under which the device is open without being saved; ``replaces`` the id of
    the device whose place it takes. ``proven``: a person said that the test label of this very
    trial came out.
    """

    step: str = "kind"
    kind: str = ""
    replaces: str = ""
    ports: tuple[PortRow, ...] = ()
    before: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    port: PortRow | None = None
    model: str = ""
    candidate: Candidate | None = None
    recognition: Recognition | None = None
    probe: Probe | None = None
    probed: tuple[int, int, str] = (0, 0, "")
    known_g: int = 0
    options: dict[str, object] = field(default_factory=dict)
    name: str = ""
    identity: str = ""
    trial: str = ""
    proven: bool = False
    turn: int = 0
    key: str = ""
    state: DeviceState = DeviceState.OFF
    proof: str = ""
    heard: Trace = field(default_factory=Trace)
    busy: bool = False
    problem: Words | None = None
    steps: list[str] = field(default_factory=list)

    @property
    def device(self) -> NewDevice:
        """The row as it will be saved."""
        address = self.port.address if self.port else ""
        return NewDevice(self.kind, self.model, address, self.name, dict(self.options), self.proven)


class Edit(Struct):
    """The options of a device while they are changed; ``device`` has them as they were.

    ``field`` is the one whose value is picked or typed, "" on the list of all; ``turn`` counts
    the leaves of that list.
    """

    device: NewDevice
    options: dict[str, object]
    fields: tuple[FieldRow, ...]
    field: str = ""
    turn: int = 0
    problem: Words | None = None
    busy: bool = False


class DevicePages(Struct):
    """Which page, which row is chosen, who may change devices.

    ``before``: by device the options that its last edit replaced.
    """

    device: str = ""
    selected: int = 0
    unlocked: str = ""
    wish: tuple[str, str] = ("", "")
    wizard: Wizard | None = None
    checking: bool = False
    checks: dict[str, Check] = field(default_factory=dict)
    traces: dict[str, Trace] = field(default_factory=dict)
    health: dict[str, ScaleHealth] = field(default_factory=dict)
    losses: dict[str, int] = field(default_factory=dict)
    sent: str = ""
    edit: Edit | None = None
    before: dict[str, dict[str, object]] = field(default_factory=dict)

    def trace(self, device: str) -> Trace:
        """What was heard of a device."""
        return self.traces.setdefault(device, Trace())

    def health_of(self, device: str) -> ScaleHealth:
        """The last minutes of a scale."""
        return self.health.setdefault(device, ScaleHealth())
