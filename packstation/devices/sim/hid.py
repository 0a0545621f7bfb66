"""A simulated USB HID device: the shape of hidapi, in memory.

There is no kernel here that would lend a hidraw node to a program, so the cut is made one
layer above: whatever opens a device through `packstation.devices.hid.Api` gets this one, with
reports, feature reports, a descriptor, and a cable that comes and goes.
"""

from __future__ import annotations

import queue
import threading
from typing import Any

from msgspec import Struct

from packstation.devices.sim.faces import Hear

_PATH = b"sim-hid"


class HidIdentity(Struct, frozen=True):
    """What the device says of itself on the bus."""

    vid: int
    pid: int
    page: int
    usage: int
    serial: str = "SIM1"
    product: str = "Simulated"
    descriptor: bytes = b""


class HidFace:
    """`packstation.devices.sim.faces.Face` of a HID device: every chunk sent is a report."""

    def __init__(self, identity: HidIdentity) -> None:
        self.identity = identity
        self.address = f"usb:{identity.vid:04X}:{identity.pid:04X}:{identity.serial}"
        self.features: list[bytes] = []
        self._guard = threading.Lock()
        self._plugged = False
        self._opened: list[_Opened] = []
        self._hear: Hear = lambda _data: None

    def start(self, hear: Hear) -> None:
        self._hear = hear
        self.plug()

    def send(self, data: bytes) -> None:
        with self._guard:
            for one in self._opened:
                one.reports.put(data)

    def hang_up(self) -> None:
        self.unplug()
        self.plug()

    def unplug(self) -> None:
        with self._guard:
            self._plugged = False
            opened, self._opened = self._opened, []
        for one in opened:
            one.gone.set()
            one.reports.put(b"")

    def plug(self) -> None:
        with self._guard:
            self._plugged = True

    def close(self) -> None:
        self.unplug()

    # --- what hidapi is to a host ---------------------------------------------------------

    def enumerate(self, vendor_id: int, product_id: int) -> list[dict[str, Any]]:
        """The device, while it is plugged in."""
        own = self.identity
        wanted = {(0, 0), (own.vid, own.pid)}
        with self._guard:
            if not self._plugged or (vendor_id, product_id) not in wanted:
                return []
        return [
            {
                "path": _PATH,
                "vendor_id": own.vid,
                "product_id": own.pid,
                "serial_number": own.serial,
                "usage_page": own.page,
                "usage": own.usage,
                "product_string": own.product,
                "manufacturer_string": "",
            }
        ]

    def device(self) -> _Opened:
        """A device that is not open yet."""
        return _Opened(self)

    def let_in(self, opened: _Opened) -> None:
        """From now on ``opened`` gets the reports; OSError where the cable is out."""
        with self._guard:
            if not self._plugged:
                raise OSError("open failed")
            self._opened.append(opened)

    def let_out(self, opened: _Opened) -> None:
        """It gets no more."""
        with self._guard:
            if opened in self._opened:
                self._opened.remove(opened)

    def take(self, data: bytes) -> None:
        """An output report of the host."""
        self._hear(data)


class _Opened:
    """`packstation.devices.hid.RawDevice` on the host's side."""

    def __init__(self, face: HidFace) -> None:
        self._face = face
        self.reports: queue.Queue[bytes] = queue.Queue()
        self.gone = threading.Event()

    def open_path(self, path: bytes) -> None:
        del path
        self._face.let_in(self)

    def read(self, max_length: int, timeout_ms: int) -> list[int]:
        try:
            report = self.reports.get(timeout=timeout_ms / 1000)
        except queue.Empty:
            report = b""
        if self.gone.is_set() and not report:
            raise OSError("read error")
        return list(report[:max_length])

    def write(self, data: bytes) -> int:
        if self.gone.is_set():
            return -1
        self._face.take(data)
        return len(data)

    def send_feature_report(self, data: bytes) -> int:
        self._face.features.append(data)
        return len(data)

    def get_report_descriptor(self) -> list[int]:
        if not self._face.identity.descriptor:
            raise OSError("no descriptor")
        return list(self._face.identity.descriptor)

    def close(self) -> None:
        self._face.let_out(self)
