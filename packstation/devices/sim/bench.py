"""A whole simulated bench: scanner, scale and label printer, and the hands that use them."""

from __future__ import annotations

import os
import random
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from packstation.devices.bench import DeviceConfig
from packstation.devices.sim.device import SimDevice
from packstation.devices.sim.faces import Face, PtyFace, TcpFace
from packstation.devices.sim.faults import FAULTS, FaultTiming
from packstation.devices.sim.models import BenchModels, dialect_of, scale_settings
from packstation.devices.sim.pan import ScaleFacts
from packstation.devices.sim.printers.press import LabelPrinterSim
from packstation.devices.sim.replay import PlayedScale
from packstation.devices.sim.scale import ScaleSim
from packstation.devices.sim.scanner import SerialScannerSim
from packstation.devices.sim.speeches import SPEECHES
from packstation.devices.sim.tray import Tray
from packstation.station.ports import PrintedPaper, SimulatedDevice, VirtualBenchView

if TYPE_CHECKING:
    from packstation.devices.sim.camera import CameraSim
    from packstation.devices.sim.dimensioner import CubiscanSim
    from packstation.devices.sim.light import RelayLightSim

BADGE: Final = "%PB:"
# What the dimensioner sees in every box that is weighed.
SIDES_MM: Final = (300, 200, 150)


class BenchAddresses(Struct, frozen=True):
    """Where a station finds the devices; ``papers`` and ``printed`` are folders."""

    scanner: str
    scale: str
    label: str
    papers: Path
    printed: Path


class SimBench:
    """`packstation.station.ports.BenchControls` over simulated devices; thread-safe.

    ``models`` says which ones. Labels that came out lie in ``folder/printed`` (of the second
    printer in ``folder/printed-2``), papers go to ``folder/papers``; all of them outlive the run.
    The ports are links in ``folder/ports`` while it lasts. Chance (noise, garbled bytes) follows
    ``seed``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seed: int = 1,
        models: BenchModels | None = None,
        scale: ScaleFacts | None = None,
        print_s: float = 0.15,
        timing: FaultTiming | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.models = models or BenchModels()
        self._folder, self._seed, self._timing = folder, seed, timing
        self._ports = folder / "ports"
        self._ports.mkdir(exist_ok=True)
        self._papers = folder / "papers"
        self._configs: list[DeviceConfig] = []
        self._shown: list[SimulatedDevice] = []
        self._devices: dict[str, SimDevice | CameraSim] = {}
        self.scanner = SerialScannerSim(
            self._face("scanner"), FAULTS["scanner"], self._chance("scanner"), timing
        )
        # Its hand is a robot's: it may well have another of the same thing at once.
        quick = {"twice_ms": 0}
        row = DeviceConfig("scanner", "serial", self.scanner.address, settings=quick)
        self._stand(row, self.scanner)
        self.scale = self._scale(scale)
        self.label = self._printer("label", folder / "printed", print_s)
        self.badge: SerialScannerSim | None = None
        self.light: RelayLightSim | None = None
        self.dimensioner: CubiscanSim | None = None
        self.camera: CameraSim | None = None
        printers = {"label": self.label}
        for extra in self.models.extras:
            if extra == "label-2":
                printers[extra] = self._printer(extra, folder / "printed-2", print_s)
            else:
                self._more(extra)
        self._configs.append(DeviceConfig("papers", "folder", str(self._papers)))
        self._tray = Tray(printers)
        self._guard = threading.Lock()
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
        return tuple(self._configs)

    def place(self, grams: int) -> None:
        self.scale.place(grams)
        if self.dimensioner is not None:
            self.dimensioner.place(SIDES_MM if grams else (0, 0, 0), grams)

    def scan(self, text: str, aim: str = "") -> None:
        reader = self.badge if self.badge is not None and text.startswith(BADGE) else self.scanner
        reader.scan(text, aim)

    def set_fault(self, device: str, fault: str, on: bool) -> None:  # noqa: FBT001 - a switch
        if device not in self._devices:
            raise ValueError(f"no device {device}: {', '.join(self._devices)}")
        self._devices[device].set_fault(fault, on=on)

    def stick_label(self, waybill: str) -> None:
        with self._guard:
            self._stuck = waybill
        if self.camera is not None:
            from packstation.devices.sim.camera import in_rows

            self.camera.show(in_rows((waybill,)))

    def papers(self) -> tuple[PrintedPaper, ...]:
        return self._tray.papers()

    def view(self) -> VirtualBenchView:
        with self._guard:
            stuck = self._stuck
        return VirtualBenchView(
            on_scale_g=self.scale.load_g,
            faults=frozenset(
                (name, fault)
                for name, device in self._devices.items()
                for fault in device.faults.all()
            ),
            papers=self._tray.glance(),
            stuck=stuck,
            devices=tuple(self._shown),
            lit=None if self.light is None else self.light.lit,
        )

    def close(self) -> None:
        """End all threads; printed labels and papers stay."""
        for device in self._devices.values():
            device.close()
        self._tray.close()
        shutil.rmtree(self._ports, ignore_errors=True)

    # --- what stands there ------------------------------------------------------------------

    def _stand(self, config: DeviceConfig, device: SimDevice | CameraSim) -> None:
        self._configs.append(config)
        self._devices[config.device] = device
        faults = FAULTS["replay" if isinstance(device, PlayedScale) else config.kind]
        self._shown.append(SimulatedDevice(config.device, config.kind, faults))

    def _scale(self, facts: ScaleFacts | None) -> ScaleSim | PlayedScale:
        speech, face, chance = (
            SPEECHES[self.models.scale],
            self._face("scale"),
            self._chance("scale"),
        )
        sim = (
            ScaleSim(face, chance, speech, facts, self._timing)
            if self.models.played is None
            else PlayedScale(face, chance, self.models.played.steps)
        )
        settings = scale_settings(speech.model, facts or speech.facts)
        if isinstance(sim, PlayedScale):
            settings.pop("capacity", None)  # nobody knows what that scale carries
        self._stand(DeviceConfig("scale", speech.model, sim.address, settings=settings), sim)
        return sim

    def _printer(self, name: str, folder: Path, print_s: float) -> LabelPrinterSim:
        dialect, chance = dialect_of(self.models.label), self._chance(name)
        sim = LabelPrinterSim(
            TcpFace(), chance, folder, dialect, print_s=print_s, timing=self._timing
        )
        settings = {"confirmed": True}
        row = DeviceConfig("label", self.models.label, sim.address, id=name, settings=settings)
        self._stand(row, sim)
        return sim

    def _more(self, extra: str) -> None:
        """What only some benches have is imported only for them."""
        face, chance, timing = self._face, self._chance(extra), self._timing
        if extra == "badge":
            self.badge = SerialScannerSim(face(extra), FAULTS["badge"], chance, timing)
            self._stand(DeviceConfig("badge", "serial", self.badge.address), self.badge)
        elif extra == "light":
            from packstation.devices.sim.light import RelayLightSim

            self.light = RelayLightSim(face(extra), chance, timing)
            self._stand(DeviceConfig("light", "relay", self.light.address), self.light)
        elif extra == "cubiscan":
            from packstation.devices.sim.dimensioner import CubiscanSim

            self.dimensioner = sizer = CubiscanSim(face(extra), chance, timing)
            self._stand(DeviceConfig("dimensioner", "cubiscan", sizer.address), sizer)
        elif extra == "camera":
            from packstation.devices.sim.camera import CameraSim

            self.camera = CameraSim(seed=self._seed)
            self._stand(DeviceConfig("camera", "mjpeg", self.camera.address), self.camera)

    def _chance(self, name: str) -> random.Random:
        return random.Random(f"{self._seed}-{name}")  # noqa: S311 - simulated

    def _face(self, name: str) -> Face:
        # Windows knows no ptys: there the same bytes go over the loopback.
        return PtyFace(self._ports / name) if os.name == "posix" else TcpFace()
