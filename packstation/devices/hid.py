"""USB HID devices as ports: what comes is one report at a time (hidapi; HID 1.11 section 5.6).

Linux goes through ``hidraw``, which leaves the kernel's driver alone; elsewhere hidapi's own
way. Nothing is imported before a HID device is opened or looked for.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any, Final, Protocol

from msgspec import Struct

from packstation.devices.hid_scanner import PAGE as SCANNERS_PAGE
from packstation.devices.hid_scanner import SCANNER_USAGE
from packstation.devices.identity import UsbAddress, UsbPort, by_path, fits, lasting
from packstation.devices.ports import LINK_ERRORS, PortLost, PortRefused

# HID usage tables, page 8Dh: weighing devices (HID Point of Sale usage tables 1.02, section 4).
SCALES_PAGE: Final = 0x8D
SYSFS: Final = Path("/sys/class/hidraw")
_SOCKET: Final = re.compile(r"\d+-[\d.]+")
_REPORT: Final = 1024  # bytes, the longest of a high-speed device
_TICK_S: Final = 0.05


class HidUse(Struct, frozen=True):
    """What a device must be: its usage page, and usage (0 for any of that page)."""

    page: int
    usage: int = 0


SCALE_USE: Final = HidUse(SCALES_PAGE)
SCANNER_USE: Final = HidUse(SCANNERS_PAGE, SCANNER_USAGE)


class RawDevice(Protocol):
    """An open device as hidapi has it."""

    def read(self, max_length: int, timeout_ms: int) -> list[int]: ...
    def write(self, data: bytes) -> int: ...
    def send_feature_report(self, data: bytes) -> int: ...
    def get_report_descriptor(self) -> list[int]: ...
    def open_path(self, path: bytes) -> None: ...
    def close(self) -> None: ...


class Api(Protocol):
    """The part of hidapi that is used."""

    def enumerate(self, vendor_id: int, product_id: int) -> list[dict[str, Any]]: ...
    def device(self) -> RawDevice: ...


def system_api() -> Api:
    """Hidapi as this system has it."""
    if platform.system() == "Linux":
        import hidraw as found
    else:
        import hid as found
    api: Api = found
    return api


class HidPort:
    """``packstation.devices.ports.Port`` over an open HID device; every read is a report."""

    def __init__(self, device: RawDevice, path: str = "") -> None:
        self._device = device
        self._path = path
        self._woken = threading.Event()

    def descriptor(self) -> bytes:
        """The device's report descriptor; empty where the system does not give it."""
        with contextlib.suppress(*LINK_ERRORS, AttributeError):
            return bytes(self._device.get_report_descriptor())
        # hidapi before 0.14 has no such call; Linux shows the same bytes in sysfs.
        with contextlib.suppress(OSError):
            node = SYSFS / Path(self._path).name
            return (node / "device" / "report_descriptor").read_bytes()
        return b""

    def feature(self, data: bytes) -> bool:
        """Send a feature report, its id first; False where the device does not know it."""
        with contextlib.suppress(*LINK_ERRORS):
            return self._device.send_feature_report(data) >= 0
        return False

    def receive(self, timeout: float) -> bytes:
        """One report, or nothing; hidapi cannot be woken, so it is asked in short turns."""
        until = time.monotonic() + timeout
        while not self._woken.is_set():
            left = min(max(until - time.monotonic(), 0.0), _TICK_S)
            report = self._device.read(_REPORT, max(1, round(left * 1000)))
            if report or time.monotonic() >= until:
                return bytes(report)
        self._woken.clear()
        return b""

    def send(self, data: bytes, timeout: float) -> int:
        """An output report, its id first; hidapi answers -1 where the device is gone."""
        del timeout  # a report is taken at once or not at all
        if self._device.write(data) < 0:
            raise PortLost
        return len(data)

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        self._device.close()


def hid_opener(
    address: UsbAddress,
    use: HidUse,
    api: Callable[[], Api] = system_api,
    opened: Callable[[HidPort], None] = lambda _port: None,
) -> Callable[[], HidPort]:
    """What opens the device of that identity and use, and shows it to ``opened``.

    The opener raises OSError: ENOENT where there is none, ENOTUNIQ where several fit, EACCES
    where the system's rules keep it from us, EBUSY where somebody else has it; `PortRefused`
    for a scanner on Windows, whose driver for points of sale takes them all.
    """

    def open_port() -> HidPort:
        found = api()
        path = _path(found, address, use)
        if use == SCANNER_USE and platform.system() == "Windows":
            number = errno.EBUSY
            cause = "scanner.windows_pos"
            raise PortRefused(number, os.strerror(number), str(address), cause=cause)
        device = found.device()
        try:
            device.open_path(path)
        except OSError as failure:
            raise _why(path) from failure
        port = HidPort(device, path.decode("utf-8", "replace"))
        try:
            opened(port)
        except LINK_ERRORS:
            port.close()
            raise
        return port

    return open_port


def _path(api: Api, address: UsbAddress, use: HidUse) -> bytes:
    paths = {
        bytes(row["path"]): port
        for row in api.enumerate(address.vid, address.pid)
        if _fits(row, use) and fits(address, port := usb_port(row))
    }
    if len(paths) == 1:
        return paths.popitem()[0]
    number = errno.ENOTUNIQ if paths else errno.ENOENT
    which = ", ".join(by_path(port) or port.name for port in paths.values()) or str(address)
    raise OSError(number, os.strerror(number), which)


def usb_port(row: dict[str, Any], sysfs: Path = SYSFS) -> UsbPort:
    """The identity of a device that hidapi lists; the socket where Linux tells it."""
    name = bytes(row["path"]).decode("utf-8", "replace")
    number = row.get("interface_number", -1)
    return UsbPort(
        name=name,
        vid=row["vendor_id"],
        pid=row["product_id"],
        serial=row.get("serial_number") or "",
        path=_socket(name, sysfs),
        interface=number if number is not None and number > 0 else None,
    )


def _socket(name: str, sysfs: Path) -> str:
    """The kernel's device stands below the USB device, which is named after its socket."""
    node = sysfs / PurePath(name).name
    if not name.startswith("/dev/") or not node.exists():
        return ""
    above = (_SOCKET.fullmatch(part.name) for part in (node / "device").resolve().parents)
    return next((found[0] for found in above if found), "")


def _fits(row: dict[str, Any], use: HidUse) -> bool:
    """Page and usage 0 in a row: this system does not say."""
    page, usage = row.get("usage_page") or 0, row.get("usage") or 0
    return page in {use.page, 0} and (not use.usage or not page or usage == use.usage)


def _why(path: bytes) -> OSError:
    """Hidapi only says that it failed."""
    denied = os.path.exists(path) and not os.access(path, os.R_OK | os.W_OK)  # noqa: PTH110 - bytes
    number = errno.EACCES if denied else errno.EBUSY
    return OSError(number, os.strerror(number), path.decode("utf-8", "replace"))


def list_scales(api: Callable[[], Api] = system_api) -> list[dict[str, object]]:
    """HID scales as rows of ``devices list``; none where the system cannot tell."""
    return _listed([row for row in _rows(api) if row.get("usage_page") == SCALES_PAGE])


def list_scanners(api: Callable[[], Api] = system_api) -> list[dict[str, object]]:
    """HID-POS scanners as rows of ``devices list``.

    On Windows each has a ``cause``: it is there, but only the system's own driver may read it.
    """
    wanted = (SCANNERS_PAGE, SCANNER_USAGE)
    found = _listed([r for r in _rows(api) if (r.get("usage_page"), r.get("usage")) == wanted])
    owned = platform.system() == "Windows"
    return [row | {"cause": "scanner.windows_pos"} for row in found] if owned else found


def _rows(api: Callable[[], Api]) -> list[dict[str, Any]]:
    try:
        return api().enumerate(0, 0)
    except (OSError, ImportError):
        return []


def _listed(rows: list[dict[str, Any]]) -> list[dict[str, object]]:
    ports = [usb_port(row) for row in rows]
    return [_row(row, port, ports) for row, port in zip(rows, ports, strict=True)]


def _row(row: dict[str, Any], port: UsbPort, ports: list[UsbPort]) -> dict[str, object]:
    return {
        "port": port.name,
        "address": lasting(port, ports),
        "by_path": by_path(port),
        "description": row.get("product_string") or "",
        "manufacturer": row.get("manufacturer_string") or "",
        "vid": f"{port.vid:04X}",
        "pid": f"{port.pid:04X}",
        "serial": port.serial,
        "location": port.path,
    }
