"""A workshop in memory for tests of the Devices pages: ports that are there, what was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from packstation.domain.errors import SettingsError
from packstation.domain.recognition import Candidate, Finding, Recognition
from packstation.domain.weights import Reading, ScaleState
from packstation.station import ports as p
from packstation.station import workshop as w
from packstation.station.views import StationView
from tests.fake_storage import FakeEventStore
from tests.station.desk import Bench

SCALE_PORT = w.PortRow("usb:0403:6001:A1", "ttyUSB0", "FTDI", "A1")
USED_PORT = w.PortRow("usb:0403:6001:B2", "ttyUSB1", "FTDI", "B2", used_by="scanner")
HID_PORT = w.PortRow("usb:0922:8003", "Dymo M10", "Dymo", kind="scale", model="hid-pos")
SICS = Candidate("mt-sics", "", 9600, good=9, check="width", asked=True, shown="0.000 kg")
FORWARD = Candidate("yaohua-forward", "kg", 9600, good=9, shown="1.000 kg")
REVERSED = Candidate("yaohua-reversed", "lb", 9600, good=9, shown="1000 lb")


@dataclass
class FakeProbe:
    """Remembers the weights that it was told of."""

    settled: list[int] = field(default_factory=list)
    closed: bool = False

    def settle(self, grams: int) -> None:
        self.settled.append(grams)

    def close(self) -> None:
        self.closed = True


@dataclass
class Hands:
    """``DeviceWorkshop`` that does nothing but remember."""

    there: tuple[w.PortRow, ...] = (SCALE_PORT, USED_PORT, HID_PORT)
    log: list[str] = field(default_factory=list)
    saves: list[tuple[str, w.NewDevice, str]] = field(default_factory=list)
    probes: list[FakeProbe] = field(default_factory=list)
    named: tuple[str, str, str] = ("zpl", "ZD420", "")
    broken: str = ""

    def kinds(self) -> tuple[str, ...]:
        return ("scanner", "scale", "label", "papers", "dimensioner", "light", "camera", "pedal")

    def models(self, kind: str) -> tuple[str, ...]:
        return {
            "scale": ("mt-sics", "yaohua-forward"),
            "label": ("zpl", "tspl"),
            "dimensioner": ("cubiscan", "framed"),
        }.get(kind, (f"{kind}-model",))

    def stocks(self) -> tuple[str, ...]:
        return ("100x150", "100x100")

    def ports(self) -> tuple[w.PortRow, ...]:
        return self.there

    def _fail(self, where: str) -> None:
        if self.broken == where:
            raise SettingsError(name="address", value="x", allowed="y")

    def probe(self, address: str) -> FakeProbe:
        self._fail("probe")
        self.log.append(f"probe {address}")
        self.probes.append(FakeProbe())
        return self.probes[-1]

    def identify(self, address: str) -> w.PrinterNamed:
        return w.PrinterNamed(address, *self.named)

    def open(self, device: w.NewDevice) -> None:
        self._fail("open")
        self.log.append(f"open {device.id} {device.model}")

    def close(self, device: str) -> None:
        self.log.append(f"close {device}")

    def save(self, change: str, device: w.NewDevice, replaces: str = "") -> None:
        self._fail("save")
        self.saves.append((change, device, replaces))

    def changed(self) -> None:
        self.log.append("changed")

    def fields(self, device: w.NewDevice) -> tuple[w.FieldRow, ...]:
        line = w.FieldRow("baud", "whole", "50..4000000", ("9600", "19200"))
        if device.kind != "scale":
            return (w.FieldRow("name", "text", "1..40 characters"), line)
        return (
            w.FieldRow("name", "text", "1..40 characters"),
            w.FieldRow("unit", "word", "kg, lb", ("kg", "lb"), typed=False),
            w.FieldRow("capacity", "number", ">0..1000000"),
            w.FieldRow("check_blocks", "switch", "true, false"),
            line,
            w.FieldRow("parity", "word", "N, E, O", ("N", "E", "O"), typed=False),
            w.FieldRow("stopbits", "whole", "1..2", ("1", "2"), typed=False),
        )

    def check(self, device: w.NewDevice) -> None:
        baud = device.options.get("baud", 9600)
        if not isinstance(baud, int) or baud > 4_000_000:
            raise SettingsError(name="baud", value=baud, allowed="50..4000000")

    def test(self, device: str, what: str) -> bool:
        self.log.append(f"test {device} {what}")
        return self.broken != "test"

    def can_zero(self, device: str) -> bool:
        return device == "scale"


class Floor(Bench):
    """A bench whose packer stands at the Devices pages."""

    def __init__(self, store: FakeEventStore | None = None) -> None:
        super().__init__(store)
        self.hands = Hands()
        self.workshop = self.hands
        self.start()
        self.scan("%PB:PK-1")
        self.command("devices")

    def unlock(self, wish: str = "add-device") -> StationView:
        """A supervisor's badge and PIN for a wish."""
        self.command(wish)
        self.say(p.TextEntered("supervisor", "SV-1"))
        return self.say(p.TextEntered("pin", "9999"))

    def pick(self, name: str) -> StationView:
        """A finger on a row."""
        return self.say(p.ChoiceMade(0, name, "touch"))

    def picks(self) -> list[str]:
        """The rows that are shown."""
        page = self.view.adding or self.view.page
        assert page is not None
        rows = page.picks if self.view.adding else page.tests  # type: ignore[union-attr]
        return [row.id for row in rows]

    def ended(self, finding: Finding, *candidates: Candidate, cause: str = "") -> StationView:
        """The probe is done."""
        found = Recognition(finding, candidates)
        return self.say(w.ProbeEnded(SCALE_PORT.address, found, cause))

    def settled(self, finding: Finding, *candidates: Candidate) -> StationView:
        """The known weight was read."""
        return self.say(w.ProbeSettled(SCALE_PORT.address, Recognition(finding, candidates)))

    def at_weigh(self, finding: Finding = Finding.FOUND, *candidates: Candidate) -> StationView:
        """A scale that was recognised waits for its weight."""
        self.unlock()
        self.pick("scale")
        self.pick(SCALE_PORT.address)
        return self.ended(finding, *(candidates or (SICS,)))

    def read(
        self, value: str, state: ScaleState = ScaleState.STABLE, device: str = "scale"
    ) -> StationView:
        """A reading in grams, a tenth of a second later."""
        self.clock.advance(0.1)
        reading = Reading(state=state, value=Decimal(value), unit="g", raw=value.encode())
        return self.say(p.ScaleRead(device, reading, self.clock.mono_ns()))
