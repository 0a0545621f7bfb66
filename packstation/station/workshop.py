"""What the Devices pages need of the world: ports, an unknown scale, a bench that changes.

A supervisor adds, tries and removes devices while the bench runs. Everything that waits for a
cable is done elsewhere and comes back as a ``Happening``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct, field

from packstation.domain.errors import SettingsError
from packstation.domain.recognition import Recognition
from packstation.station.ports import Happening


class PortRow(Struct, frozen=True):
    """A port of this machine: an address that lasts, and what it calls itself.

    ``used_by`` names the device that is configured there; ``kind`` "scale" where the port
    itself says what it is (a HID scale), else "".
    """

    address: str
    name: str
    maker: str = ""
    identity: str = ""
    used_by: str = ""
    kind: str = ""
    model: str = ""


class NewDevice(Struct, frozen=True):
    """A device as it will stand in the settings; ``options`` as in docs/devices.md.

    ``proven``: a person has seen its test label, so that no other is asked for.
    """

    kind: str
    model: str
    address: str
    id: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    proven: bool = False


class FieldRow(Struct, frozen=True):
    """An option of a device's row that a person may change.

    ``type``: whole, number, switch, text or word; ``allowed`` says in no language what it may
    be; ``words`` are offered to pick, and others may be ``typed``.
    """

    name: str
    type: str
    allowed: str
    words: tuple[str, ...] = ()
    typed: bool = True


class PortsListed(Happening, frozen=True):
    """The ports that are there now."""

    ports: tuple[PortRow, ...]


class ProbeStepped(Happening, frozen=True):
    """An unknown scale is being listened to or asked: which setting, which question."""

    address: str
    step: int
    steps: int
    line: str
    ask: bytes = b""


class ProbeHeard(Happening, frozen=True):
    """Bytes of the device that is being recognised, at most a few times a second."""

    address: str
    raw: bytes


class ProbeEnded(Happening, frozen=True):
    """What the device turned out to be; ``cause`` a message key where the port gave up."""

    address: str
    recognition: Recognition
    cause: str = ""


class ProbeSettled(Happening, frozen=True):
    """Which candidate reads the known weight."""

    address: str
    recognition: Recognition


class PrinterNamed(Happening, frozen=True):
    """What answered as a printer: ``model`` "" for nothing, ``identity`` as it calls itself."""

    address: str
    model: str
    identity: str = ""
    cause: str = ""


class KeyHeard(Happening, frozen=True):
    """While a pedal is learned: the name of the key that a foot has pressed."""

    key: str


class DeviceSaved(Happening, frozen=True):
    """The settings were written and the bench changed, or ``problem`` (a message key) says why not.

    ``change``: added, replaced, edited or removed.
    """

    change: str
    device: NewDevice
    problem: str = ""


class Probe(Protocol):
    """A device on the way to be recognised."""

    def settle(self, grams: int) -> None:
        """A known weight is on: answered by `ProbeSettled`."""

    def close(self) -> None:
        """Give the port back; nothing is posted afterwards."""


class DeviceWorkshop(Protocol):
    """What a supervisor's hands do to the bench while it runs."""

    def kinds(self) -> tuple[str, ...]:
        """Kinds of devices that can be added."""

    def models(self, kind: str) -> tuple[str, ...]:
        """Models of a kind."""

    def stocks(self) -> tuple[str, ...]:
        """Papers that labels are drawn for."""

    def ports(self) -> tuple[PortRow, ...]:
        """The ports of this machine. Blocking."""

    def probe(self, address: str) -> Probe:
        """Begin to recognise a scale; raises SettingsError for an address that is none."""

    def identify(self, address: str) -> PrinterNamed:
        """Ask a port for a printer's name, by questions that print nothing. Blocking."""

    def open(self, device: NewDevice) -> None:
        """Open it under its id, unsaved; raises SettingsError. It reports from now on."""

    def close(self, device: str) -> None:
        """Give back what was opened unsaved."""

    def save(self, change: str, device: NewDevice, replaces: str = "") -> None:
        """Write the settings and open or close the device for good. Blocking.

        Raises PackstationError where the settings cannot be written.
        """

    def changed(self) -> None:
        """On the main thread, after a change: printers and measurers are handed out anew."""

    def fields(self, device: NewDevice) -> tuple[FieldRow, ...]:
        """What of its row may be changed on its page."""

    def check(self, device: NewDevice) -> None:
        """Whether its row could stand there; raises SettingsError for the first wrong value."""

    def test(self, device: str, what: str) -> bool:
        """Ask a device to do something that can be seen; False where it cannot."""

    def can_zero(self, device: str) -> bool:
        """Whether a scale can be set to zero by a word."""


class NoWorkshop:
    """A bench whose devices are given and stay: a demo's, a test's."""

    def kinds(self) -> tuple[str, ...]:
        return ()

    def models(self, kind: str) -> tuple[str, ...]:
        del kind
        return ()

    def stocks(self) -> tuple[str, ...]:
        return ()

    def ports(self) -> tuple[PortRow, ...]:
        return ()

    def probe(self, address: str) -> Probe:
        raise SettingsError(name="address", value=address, allowed="")

    def identify(self, address: str) -> PrinterNamed:
        return PrinterNamed(address, "")

    def open(self, device: NewDevice) -> None:
        """Nothing is opened."""

    def close(self, device: str) -> None:
        """Nothing is open."""

    def save(self, change: str, device: NewDevice, replaces: str = "") -> None:
        del change, replaces
        raise SettingsError(name="DEVICES", value=device.id, allowed="")

    def changed(self) -> None:
        """Nothing changes."""

    def fields(self, device: NewDevice) -> tuple[FieldRow, ...]:
        del device
        return ()

    def check(self, device: NewDevice) -> None:
        raise SettingsError(name="DEVICES", value=device.id, allowed="")

    def test(self, device: str, what: str) -> bool:
        del device, what
        return False

    def can_zero(self, device: str) -> bool:
        del device
        return False
