"""Every fault of every simulator: the manual names it, and its bytes are as it says.

What a bench makes of them is in tests/contracts; here the line itself is looked at.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from packstation.devices.recording import Step
from packstation.devices.sim.device import SimDevice
from packstation.devices.sim.dimensioner import CubiscanSim
from packstation.devices.sim.faces import Hear
from packstation.devices.sim.faults import (
    FAULTS,
    HID_SCALE_FAULTS,
    HID_SCANNER_FAULTS,
    LINE_FAULTS,
    FaultTiming,
)
from packstation.devices.sim.printers.catalogue import DIALECTS
from packstation.devices.sim.printers.press import LabelPrinterSim
from packstation.devices.sim.replay import ReplaySim
from packstation.devices.sim.scale import ScaleSim
from packstation.devices.sim.scanner import SerialScannerSim
from packstation.devices.sim.speeches import SPEECHES
from tests.devices.rigs import chance

TIMING = FaultTiming(split_s=0.001, merge_s=0.05, delay_s=0.01)
KINDS = [kind for kind, faults in FAULTS.items() if set(LINE_FAULTS) <= set(faults)]


class Wire:
    """`packstation.devices.sim.faces.Face` without a cable: keeps each piece as it was sent."""

    address = "wire"

    def __init__(self) -> None:
        self._change = threading.Condition()
        self.pieces: list[bytes] = []
        self.plugged = False
        self.hear: Hear = lambda _data: None

    def start(self, hear: Hear) -> None:
        self.hear = hear
        self.plug()

    def send(self, data: bytes) -> None:
        with self._change:
            if self.plugged:
                self.pieces.append(data)
            self._change.notify_all()

    def said(self, size: int) -> list[bytes]:
        """The pieces once there are so many bytes."""
        with self._change:
            assert self._change.wait_for(lambda: len(b"".join(self.pieces)) >= size, 5.0)
            return list(self.pieces)

    def hang_up(self) -> None:
        self.unplug()
        self.plug()

    def plug(self) -> None:
        self.plugged = True

    def unplug(self) -> None:
        self.plugged = False

    def ignore(self, *, on: bool) -> None:
        raise AssertionError(on)  # a printer's fault, which is not looked at here

    def close(self) -> None:
        self.unplug()


def device(kind: str, wire: Wire, folder: Path) -> tuple[SimDevice, Callable[[], None]]:
    """A simulator and what makes it speak once."""
    if kind == "scale":
        scale = ScaleSim(wire, chance(), SPEECHES["mt-sics"], timing=TIMING)
        return scale, lambda: wire.hear(b"SI\r\n")
    if kind == "dimensioner":
        sizer = CubiscanSim(wire, chance(), TIMING)
        sizer.place((400, 300, 200), 1250)
        return sizer, lambda: wire.hear(b"\x02M\x03\r\n")
    if kind == "label":
        press = LabelPrinterSim(wire, chance(), folder / "out", DIALECTS["tspl"](), timing=TIMING)
        return press, lambda: wire.hear(b"~!T\r\n")
    if kind == "replay":
        steps = (Step(0, "out", b"SI\r\n", 4), Step(1, "in", b"S S      1.250 kg\r\n", 19))
        return ReplaySim(wire, chance(), steps), lambda: wire.hear(b"SI\r\n")
    scanner = SerialScannerSim(wire, FAULTS[kind], chance(), TIMING)
    return scanner, lambda: scanner.scan("6901234567892")


def spoken(kind: str, fault: str, folder: Path) -> tuple[list[bytes], bytes]:
    """The pieces of one utterance with a fault, and what it would have been without."""
    clean = _once(kind, "", folder / "clean", 8)
    size = len(b"".join(clean)) - (1 if fault == "drop" else 0)
    return _once(kind, fault, folder / "bad", size), b"".join(clean)


def _once(kind: str, fault: str, folder: Path, size: int) -> list[bytes]:
    folder.mkdir()
    wire = Wire()
    sim, speak = device(kind, wire, folder)
    if fault:
        sim.set_fault(fault, on=True)
    speak()
    try:
        return wire.said(size)
    finally:
        sim.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", [one for one in LINE_FAULTS if one != "unplug"])
def test_a_bad_line_does_to_every_simulator_what_its_name_says(
    kind: str, fault: str, tmp_path: Path
) -> None:
    pieces, clean = spoken(kind, fault, tmp_path)
    said = b"".join(pieces)
    if fault == "garble":
        assert len(said) == len(clean)
        assert sum(one != other for one, other in zip(said, clean, strict=True)) == 1
    elif fault == "drop":
        assert any(clean[:at] + clean[at + 1 :] == said for at in range(len(clean)))
    else:
        assert said == clean
        assert (len(pieces) > 1) == (fault == "split")


@pytest.mark.parametrize("kind", KINDS)
def test_a_pulled_cable_carries_nothing(kind: str, tmp_path: Path) -> None:
    wire = Wire()
    sim, speak = device(kind, wire, tmp_path)
    sim.set_fault("unplug", on=True)
    speak()
    sim.set_fault("unplug", on=False)
    wire.pieces.clear()
    speak()
    assert wire.said(8)
    sim.close()


def test_a_fault_that_a_device_cannot_have_is_refused(tmp_path: Path) -> None:
    for kind in KINDS:
        sim, _ = device(kind, Wire(), tmp_path)
        with pytest.raises(ValueError, match="on_fire"):
            sim.set_fault("on_fire", on=True)
        sim.close()


def test_the_manual_names_every_fault_of_every_simulator(repository: Path) -> None:
    text = (repository / "docs" / "devices.md").read_text("utf-8")
    manual = text[text.index("## Simulators") :]
    every = {fault for faults in FAULTS.values() for fault in faults}
    for fault in every | set(HID_SCANNER_FAULTS) | set(HID_SCALE_FAULTS):
        assert fault in manual, fault
