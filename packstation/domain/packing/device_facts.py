"""Facts of what a supervisor does to the bench's devices, and of scales that were checked."""

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
    """A supervisor ``by`` added, replaced or removed (``change``) a device of the bench."""

    device: str
    change: str
    kind: str = ""
    model: str = ""
    by: str = ""
