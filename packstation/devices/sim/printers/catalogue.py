"""The simulated printers by the id of the model that drives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from packstation.devices.sim.printers.brother_ql import BrotherDialect
from packstation.devices.sim.printers.cpcl import CpclDialect
from packstation.devices.sim.printers.dialect import Dialect
from packstation.devices.sim.printers.epl2 import Epl2Dialect
from packstation.devices.sim.printers.escpos import EscposDialect
from packstation.devices.sim.printers.tspl import TsplDialect
from packstation.devices.sim.printers.zpl import QUIET, ZplDialect

DIALECTS: Final[Mapping[str, Callable[[], Dialect]]] = {
    "zpl": lambda: ZplDialect(quiet=QUIET),
    "tspl": TsplDialect,
    "epl2": Epl2Dialect,
    "cpcl": CpclDialect,
    "escpos": EscposDialect,
    "brother-ql": BrotherDialect,
}
