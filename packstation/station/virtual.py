"""The virtual bench: simulated devices only, absent on a real bench. Part of ``station.ports``."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct


class BenchControls(Protocol):
    """What a hand can do at a simulated bench."""

    def place(self, grams: int) -> None:
        """Put this much on the scale (0 takes everything off)."""

    def scan(self, text: str, aim: str = "") -> None:
        """Pull the scanner's trigger on a code."""

    def set_fault(self, device: str, fault: str, on: bool) -> None:  # noqa: FBT001 - a switch
        """Switch a fault of a device, both as `VirtualBenchView.devices` names them."""

    def stick_label(self, waybill: str) -> None:
        """Stick a printed label on the box that stands on the bench."""

    def papers(self) -> tuple[PrintedPaper, ...]:
        """All labels that came out; reading the last may take a moment."""

    def view(self) -> VirtualBenchView:
        """What stands and lies on the simulated bench now."""


class PrintedPaper(Struct, frozen=True):
    """A label that came out of a simulated printer, in ``language`` (a model's id)."""

    number: int
    payload: bytes
    waybill: str
    language: str = "zpl"
    printer: str = "label"


class SimulatedDevice(Struct, frozen=True):
    """What stands there, and all that can go wrong with it; ``kind`` as in `DeviceView`."""

    id: str
    kind: str
    faults: tuple[str, ...] = ()


class VirtualBenchView(Struct, frozen=True):
    """Snapshot of the simulated bench.

    ``papers`` are the labels whose codes are read already; ``lit`` are the colours that the
    light shows, None where there is no light.
    """

    on_scale_g: int
    faults: frozenset[tuple[str, str]]
    papers: tuple[PrintedPaper, ...]
    stuck: str = ""
    devices: tuple[SimulatedDevice, ...] = ()
    lit: frozenset[str] | None = None
