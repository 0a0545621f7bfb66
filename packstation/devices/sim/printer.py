"""The simulated ZPL printer of the demo's bench: older firmware, whose ``~HS`` always answers."""

from __future__ import annotations

import random
from pathlib import Path

from packstation.devices.sim.faces import StreamFace
from packstation.devices.sim.faults import FaultTiming
from packstation.devices.sim.printers.press import LabelPrinterSim
from packstation.devices.sim.printers.zpl import ZplDialect


class ZplPrinterSim(LabelPrinterSim):
    """Takes formats, prints one every ``print_s``; answers ~HS, ~HQES, ~HI and the odometers."""

    def __init__(
        self,
        face: StreamFace,
        chance: random.Random,
        folder: Path,
        *,
        print_s: float = 0.05,
        timing: FaultTiming | None = None,
    ) -> None:
        super().__init__(face, chance, folder, ZplDialect(), print_s=print_s, timing=timing)
