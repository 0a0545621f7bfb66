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
        """Switch a fault of ``scanner``, ``scale`` or ``label``.

        Faults: unplug, split, merge, garble, drop, delay, unstable, stale, paper_out,
        head_open, half_label.
        """

    def stick_label(self, waybill: str) -> None:
        """Stick a printed label on the box that stands on the bench."""

    def view(self) -> VirtualBenchView:
        """What stands and lies on the simulated bench now."""


class PrintedPaper(Struct, frozen=True):
    """A label that came out of the simulated printer."""

    number: int
    payload: bytes
    waybill: str


class VirtualBenchView(Struct, frozen=True):
    """Snapshot of the simulated bench."""

    on_scale_g: int
    faults: frozenset[tuple[str, str]]
    papers: tuple[PrintedPaper, ...]
    stuck: str = ""
