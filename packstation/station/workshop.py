"""What the Devices pages need of the world: ports, an unknown scale, a bench that changes.

A supervisor adds, tries and removes devices while the bench runs. Everything that waits for a
cable is done elsewhere and comes back as a ``Happening``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct, field

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
    """A device as it will stand in the settings; ``options`` as in docs/devices.md."""

    kind: str
    model: str
    address: str
    id: str = ""
    options: Mapping[str, object] = field(default_factory=dict)


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


class Probe(Protocol):
    """A device on the way to be recognised."""

    def settle(self, grams: int) -> None:
        """A known weight is on: answered by `ProbeSettled`."""

    def close(self) -> None:
        """Give the port back; nothing is posted afterwards."""
