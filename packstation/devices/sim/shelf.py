"""Simulated devices by configuration, for ``packstation devices simulate``."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from packstation.devices.recording import Step, read_recording
from packstation.devices.sim.camera import CameraSim, in_rows
from packstation.devices.sim.device import SimDevice
from packstation.devices.sim.dimensioner import CubiscanSim
from packstation.devices.sim.faces import PtyFace, StreamFace, TcpFace
from packstation.devices.sim.faults import FAULTS
from packstation.devices.sim.light import RelayLightSim
from packstation.devices.sim.printers.catalogue import DIALECTS
from packstation.devices.sim.printers.press import LabelPrinterSim
from packstation.devices.sim.replay import ReplaySim
from packstation.devices.sim.scale import ScaleSim
from packstation.devices.sim.scanner import SerialScannerSim
from packstation.devices.sim.speeches import SPEECHES
from packstation.domain.errors import InputInvalid


class ShelfRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One simulated device; ``link`` is the symlink of a pty, by default its kind and number.

    A "replay" says what is recorded in ``file``, ``speed`` times as fast.
    """

    kind: str
    model: str = ""
    transport: str = "pty"
    link: str = ""
    grams: int = 0
    sides_mm: tuple[int, int, int] = (400, 300, 200)
    codes: tuple[str, ...] = ()
    every_s: float = 2.0
    faults: tuple[str, ...] = ()
    file: str = ""
    speed: float = 1.0


_MODELS: Mapping[str, tuple[str, ...]] = {
    "scale": tuple(SPEECHES),
    "dimensioner": ("cubiscan",),
    "label": tuple(DIALECTS),
    "scanner": ("serial",),
    "badge": ("serial",),
    "camera": ("mjpeg",),
    "light": ("relay",),
}


def shelf_rows(config: Mapping[str, object]) -> list[ShelfRow]:
    """The rows of a configuration; `InputInvalid` names the first that cannot be used."""
    try:
        rows = msgspec.convert(config.get("devices"), list[ShelfRow])
    except msgspec.ValidationError as failure:
        raise InputInvalid(
            path="devices", value=str(failure), allowed="a list of devices"
        ) from None
    for number, row in enumerate(rows):
        _check(f"devices[{number}]", row)
    return rows


def _check(path: str, row: ShelfRow) -> None:
    for name, value, allowed in (
        ("kind", row.kind, tuple(FAULTS)),
        ("transport", row.transport, ("pty", "tcp")),
        ("model", row.model, ("", *_MODELS.get(row.kind, ()))),
        *(("faults", fault, FAULTS.get(row.kind, ())) for fault in row.faults),
    ):
        if value not in allowed:
            raise InputInvalid(
                path=f"{path}.{name}", value=value, allowed=", ".join(filter(None, allowed))
            )
    if row.kind == "replay":
        _steps(row)  # before anything is opened


def _steps(row: ShelfRow) -> tuple[Step, ...]:
    try:
        return read_recording(Path(row.file)).steps
    except OSError as failure:
        allowed = f"a recording ({failure.strerror})"
        raise InputInvalid(path="file", value=row.file, allowed=allowed) from None


class Shelf:
    """Devices that run until they are closed."""

    def __init__(self, rows: Sequence[ShelfRow], folder: Path, *, seed: int = 1) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._closing = threading.Event()
        self._hands: list[threading.Thread] = []
        self.devices: list[SimDevice | CameraSim] = []
        self._rows = list(rows)
        for number, row in enumerate(rows):
            chance = random.Random(f"{seed}-{number}")  # noqa: S311 - simulated
            self.devices.append(self._device(number, row, chance))

    def addresses(self) -> list[dict[str, object]]:
        """Kind and address of each device, in the order of the configuration."""
        return [
            {"kind": row.kind, "address": device.address}
            for row, device in zip(self._rows, self.devices, strict=True)
        ]

    def close(self) -> None:
        """End all threads."""
        self._closing.set()
        for hand in self._hands:
            hand.join()
        for device in self.devices:
            device.close()

    def _device(self, number: int, row: ShelfRow, chance: random.Random) -> SimDevice | CameraSim:
        if row.kind == "camera":
            return _camera(row)
        name = row.link or f"{row.kind}-{number}"
        face: StreamFace = TcpFace() if row.transport == "tcp" else PtyFace(self._folder / name)
        device: SimDevice
        if row.kind == "scale":
            device = scale = ScaleSim(face, chance, SPEECHES[row.model or "mt-sics"])
            scale.place(row.grams)
        elif row.kind == "light":
            device = RelayLightSim(face, chance)
        elif row.kind == "dimensioner":
            device = dimensioner = CubiscanSim(face, chance)
            dimensioner.place(row.sides_mm, row.grams)
        elif row.kind == "label":
            folder, dialect = self._folder / f"printed-{number}", DIALECTS[row.model or "zpl"]()
            device = LabelPrinterSim(face, chance, folder, dialect)
        elif row.kind == "replay":
            device = ReplaySim(face, chance, _steps(row), speed=row.speed)
        else:
            device = scanner = SerialScannerSim(face, FAULTS[row.kind], chance)
            self._scan_on(scanner, row)
        for fault in row.faults:
            device.set_fault(fault, on=True)
        return device

    def _scan_on(self, scanner: SerialScannerSim, row: ShelfRow) -> None:
        """A hand that scans the row's codes in turn."""
        if not row.codes:
            return
        codes = itertools.cycle(row.codes)

        def scan() -> None:
            while not self._closing.wait(row.every_s):
                scanner.scan(next(codes))

        hand = threading.Thread(target=scan, name="sim-hand", daemon=True)
        self._hands.append(hand)
        hand.start()


def _camera(row: ShelfRow) -> CameraSim:
    """A camera over labels with the row's codes."""
    camera = CameraSim()
    camera.show(in_rows(row.codes))
    for fault in row.faults:
        camera.set_fault(fault, on=True)
    return camera
