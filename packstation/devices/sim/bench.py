"""A whole simulated bench: scanner, scale and label printer, and the hands that use them."""

from __future__ import annotations

import os
import random
import shutil
import threading
from pathlib import Path

from msgspec import Struct

from packstation.devices.bench import DeviceConfig
from packstation.devices.sim.device import SimDevice
from packstation.devices.sim.faces import Face, PtyFace, TcpFace
from packstation.devices.sim.faults import FAULTS, FaultTiming
from packstation.devices.sim.labels import waybill_of
from packstation.devices.sim.pan import ScaleFacts
from packstation.devices.sim.printer import ZplPrinterSim
from packstation.devices.sim.scale import ScaleSim
from packstation.devices.sim.scanner import SerialScannerSim
from packstation.devices.sim.speeches import SPEECHES
from packstation.station.ports import PrintedPaper, VirtualBenchView


class BenchAddresses(Struct, frozen=True):
    """Where a station finds the devices; ``papers`` and ``printed`` are folders."""

    scanner: str
    scale: str
    label: str
    papers: Path
    printed: Path


class SimBench:
    """`packstation.station.ports.BenchControls` over simulated devices; thread-safe.

    Labels that came out lie in ``folder/printed``, papers go to ``folder/papers``; both
    outlive the run. The ports are links in ``folder/ports`` while it lasts. Chance (noise,
    garbled bytes) follows ``seed``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seed: int = 1,
        scale: ScaleFacts | None = None,
        print_s: float = 0.15,
        timing: FaultTiming | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._ports = folder / "ports"
        self._ports.mkdir(exist_ok=True)
        chance = [random.Random(f"{seed}-{name}") for name in FAULTS]  # noqa: S311 - simulated
        self.scanner = SerialScannerSim(self._face("scanner"), FAULTS["scanner"], chance[0], timing)
        self.scale = ScaleSim(self._face("scale"), chance[1], SPEECHES["mt-sics"], scale, timing)
        self.label = ZplPrinterSim(
            TcpFace(), chance[2], folder / "printed", print_s=print_s, timing=timing
        )
        self._papers = folder / "papers"
        self._devices: dict[str, SimDevice] = {
            "scanner": self.scanner,
            "scale": self.scale,
            "label": self.label,
        }
        self._guard = threading.Lock()
        self._seen: list[PrintedPaper] = []
        self._stuck = ""

    def addresses(self) -> BenchAddresses:
        """Where the devices are."""
        return BenchAddresses(
            scanner=self.scanner.address,
            scale=self.scale.address,
            label=self.label.address,
            papers=self._papers,
            printed=self.label.folder,
        )

    def configs(self) -> tuple[DeviceConfig, ...]:
        """Rows for `packstation.devices.bench.open_devices`."""
        where = self.addresses()
        return (
            DeviceConfig("scanner", "serial", where.scanner),
            DeviceConfig("scale", "mt-sics", where.scale),
            DeviceConfig("label", "zpl", where.label, settings={"confirmed": True}),
            DeviceConfig("papers", "folder", str(where.papers)),
        )

    def place(self, grams: int) -> None:
        self.scale.place(grams)

    def scan(self, text: str, aim: str = "") -> None:
        self.scanner.scan(text, aim)

    def set_fault(self, device: str, fault: str, on: bool) -> None:  # noqa: FBT001 - a switch
        if device not in self._devices:
            raise ValueError(f"no device {device}: {', '.join(self._devices)}")
        self._devices[device].set_fault(fault, on=on)

    def stick_label(self, waybill: str) -> None:
        with self._guard:
            self._stuck = waybill

    def view(self) -> VirtualBenchView:
        with self._guard:
            for number in range(len(self._seen) + 1, self.label.printed + 1):
                payload = self.label.label(number)
                self._seen.append(PrintedPaper(number, payload, waybill_of(payload)))
            return VirtualBenchView(
                on_scale_g=self.scale.load_g,
                faults=frozenset(
                    (name, fault)
                    for name, device in self._devices.items()
                    for fault in device.faults.all()
                ),
                papers=tuple(self._seen),
                stuck=self._stuck,
            )

    def close(self) -> None:
        """End all threads; printed labels and papers stay."""
        for device in self._devices.values():
            device.close()
        shutil.rmtree(self._ports, ignore_errors=True)

    def _face(self, name: str) -> Face:
        # Windows knows no ptys: there the same bytes go over the loopback.
        return PtyFace(self._ports / name) if os.name == "posix" else TcpFace()
