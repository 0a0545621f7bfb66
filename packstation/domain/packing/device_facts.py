"""Facts of what is done to the bench's devices: set up, checked, taught by a test card."""

from __future__ import annotations

from packstation.domain.packing.facts import Fact


class ScaleChecked(Fact, frozen=True, kw_only=True):
    """A reference weight was put on a scale; weights as decimal grams, read to its last digit."""

    device: str
    serial: str
    reference_g: int
    read_g: str
    tolerance_g: str
    by: str


class DeviceConfigured(Fact, frozen=True, kw_only=True):
    """A supervisor ``by`` added, replaced, edited or removed (``change``) a device of the bench."""

    device: str
    change: str
    kind: str = ""
    model: str = ""
    by: str = ""


class ScannerTaught(Fact, frozen=True, kw_only=True):
    """A scanner read its test card: what is undone in its codes from now on.

    ``alt``, ``lead``, ``tail``, ``gs`` and ``chars`` (as read, as meant) are those of
    `packstation.station.keymap.ScanRepair`; ``found`` names what was wrong. The times and
    ``silent`` (no end key) are of a scanner that poses as a keyboard, else 0.
    """

    device: str
    alt: int = 0
    lead: str = ""
    tail: str = ""
    gs: str = ""
    chars: tuple[tuple[str, str], ...] = ()
    found: tuple[str, ...] = ()
    silent: bool = False
    median_ms: int = 0
    gap_ms: int = 0
    end_ms: int = 0
