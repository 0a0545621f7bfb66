"""Devices of a bench that are open: by what they can do, and how they are closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from msgspec import Struct, field
from msgspec.structs import replace

from packstation.devices.health import Reporter
from packstation.devices.hotplug import Hotplug
from packstation.devices.leaving import CLOSE_S, Leaver, Left, join_all
from packstation.devices.lights.lamp import LineLamp
from packstation.devices.lights.usb import UsbLight
from packstation.devices.scanners import Scanner
from packstation.devices.sizing import Dimensioner
from packstation.devices.tapes import Tapes
from packstation.domain.errors import DeviceOffline
from packstation.domain.printers import PrintTable
from packstation.station.frames import FramePort
from packstation.station.ports import Printer


class Handle(Protocol):
    """Anything open that can be closed: at once, or in the two steps of `leaving.Leaver`."""

    def end(self) -> None:
        """Say nothing more and go; returns at once."""

    def join(self, timeout: float) -> bool:
        """Wait until it is given back, seconds; whether it is."""

    def close(self) -> None:
        """Give it back."""


@runtime_checkable
class Waiting(Protocol):
    """A handle with a port that comes and goes."""

    def retry_now(self) -> None:
        """The port may be back: try at once."""


class OpenBench(Struct, frozen=True):
    """The open devices; close it once."""

    handles: Mapping[str, Handle]
    printers: Mapping[str, Printer]
    dimensioner: Dimensioner | None = None
    scanners: Mapping[str, Scanner] = field(default_factory=dict)
    hotplug: Hotplug | None = None
    table: PrintTable = field(default_factory=PrintTable)
    reporters: Mapping[str, Reporter] = field(default_factory=dict)
    tapes: Tapes | None = None
    cameras: Mapping[str, FramePort] = field(default_factory=dict)

    def accept(self, device: str) -> tuple[str, str] | None:
        """`packstation.station.ports.DeviceCare`."""
        reporter = self.reporters.get(device)
        return reporter.accept() if reporter is not None else None

    def record(self, device: str, minutes: int) -> str | None:
        """`packstation.station.ports.DeviceCare`."""
        here = self.tapes if device in self.handles else None
        return here.record(device, minutes) if here is not None else None

    def printer_for(self, document: str) -> Printer:
        """The printer that a document goes to by its route.

        Raises `DeviceOffline` where no such printer is configured.
        """
        route = self.table.route(document)
        if route is None or route.printer not in self.printers:
            missing = "label" if document == "label" else "papers"
            raise DeviceOffline(device=missing, cause="device.not_configured")
        return self.printers[route.printer]

    @property
    def lights(self) -> dict[str, LineLamp | UsbLight]:
        """The andon lights by their ids."""
        found = self.handles.items()
        return {name: one for name, one in found if isinstance(one, LineLamp | UsbLight)}

    def end(self) -> None:
        """Let all devices end; returns at once. A print job under way becomes uncertain."""
        for one in self._leavers:
            one.end()

    def join(self, timeout: float) -> bool:
        """Wait, seconds for all together, until their ports are given back; whether they are."""
        return join_all(self._leavers, timeout)

    def left(self, addresses: Mapping[str, str]) -> tuple[Left, ...]:
        """Each device by itself, to be ended and waited for; ``addresses`` by their ids."""
        bench, left = self, []
        for device in self.handles:
            bench, alone = bench.part(device)
            left.append(Left(device, addresses.get(device, ""), alone, alone.done))
        return (*left, Left("", "", bench, bench.done))

    def done(self) -> None:
        """After `join`: nothing is reported any more, recordings end."""
        for reporter in self.reporters.values():
            reporter.mute()
        if self.tapes is not None:
            self.tapes.close()

    def close(self) -> None:
        """Close all devices: all are told before the first is waited for."""
        self.end()
        self.join(CLOSE_S)
        self.done()

    @property
    def _leavers(self) -> tuple[Leaver, ...]:
        watch = () if self.hotplug is None else (self.hotplug,)
        return (*watch, *self.handles.values())

    def part(self, device: str) -> tuple[OpenBench, OpenBench]:
        """The bench without a device, and that device as a bench of its own; nothing is closed."""
        handle = self.handles[device]
        if self.hotplug is not None and isinstance(handle, Waiting):
            self.hotplug.drop(handle.retry_now)
        alone = {device: self.reporters[device]} if device in self.reporters else {}
        tapes = self.tapes.part(device) if self.tapes is not None else None
        kept = {name: one for name, one in self.handles.items() if name != device}
        dimensioners = [one for one in kept.values() if isinstance(one, Dimensioner)]
        rest = replace(
            self,
            handles=kept,
            printers={name: one for name, one in self.printers.items() if name != device},
            dimensioner=dimensioners[0] if dimensioners else None,
            scanners={name: one for name, one in self.scanners.items() if name != device},
            reporters={name: one for name, one in self.reporters.items() if name != device},
            cameras={name: one for name, one in self.cameras.items() if name != device},
        )
        return rest, OpenBench({device: handle}, {}, reporters=alone, tapes=tapes)
