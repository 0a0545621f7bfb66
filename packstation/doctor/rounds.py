"""All checks in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from packstation.assets import resource
from packstation.doctor import devices as bench
from packstation.doctor import law, machine, printers, remote, rights
from packstation.doctor.findings import Finding
from packstation.settings import DeviceSection


def examine(
    folder: Path,
    server_url: str = "",
    ca_file: str = "",
    devices: Sequence[DeviceSection] = (),
    customs_keys: Sequence[str] = (),
) -> Iterator[Finding]:
    """Check this machine as a bench whose data lies in ``folder``; findings as they come.

    ``customs_keys``: the setting CUSTOMS_KEYS.
    """
    from packstation.devices.discovery import list_ports
    from packstation.storage.store import FILE

    now = datetime.now(UTC)
    yield from machine.disk(folder)
    yield from machine.database(folder / FILE)
    yield from machine.clock(now)
    # USB printers have a check of their own; a camera is no port.
    kinds = {"printer", "queue", "camera"}
    rows = (row for row in list_ports() if row.get("kind") not in kinds)
    yield from machine.ports(rows)
    yield from rights.udev()
    yield from bench.configured(devices)
    yield from machine.printers(Path("/dev/usb"))
    yield from printers.configured(devices)
    yield from machine.fonts(resource("fonts"))
    yield from law.rules(resource("customs"), now.date())
    yield from law.publishers(customs_keys)
    yield from law.pulled(folder / FILE, customs_keys)
    yield from remote.server(server_url, ca_file, now)
