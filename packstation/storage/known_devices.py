"""Which device belongs where: serial numbers by place, in a small file of the data folder.

``{"schema": "packstation.devices/1", "serials": {"scale mt-sics usb:0403:6001": "1234567"}}``.
A file that cannot be read counts as empty: the devices are met anew.
"""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path
from typing import Final, Literal

import msgspec

from packstation.first_use import met

_LOG = logging.getLogger(__name__)

FILE: Final = "devices.json"


class _Kept(msgspec.Struct, frozen=True):
    schema: Literal["packstation.devices/1"] = "packstation.devices/1"
    serials: dict[str, str] = msgspec.field(default_factory=dict)


class KnownDevices:
    """`packstation.devices.known.Known` over a file; thread-safe, whole or old after a crash."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._serials = self._read()

    def serial(self, place: str) -> str:
        """The number that was remembered; "" for none."""
        with self._guard:
            return self._serials.get(place, "")

    def remember(self, place: str, serial: str) -> None:
        """Keep it; a disk that refuses costs the memory over the next start."""
        with self._guard:
            if self._serials.get(place) == serial:
                return
            self._serials[place] = serial
            try:
                self._write()
            except OSError as failure:
                _LOG.warning("devices are not remembered: %s", failure)

    def _read(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=met(_Kept)).serials
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError) as failure:
            _LOG.warning("%s cannot be read: %s", self._path.name, failure)
            return {}

    def _write(self) -> None:
        fresh = self._path.with_suffix(".new")
        raw = msgspec.json.format(msgspec.json.encode(_Kept(serials=self._serials)), indent=1)
        with fresh.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
