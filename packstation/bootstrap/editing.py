"""Which options of a device's row a person changes on its page, in the order of their use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from packstation.devices.bench import DeviceConfig
from packstation.devices.catalogue import SCALES
from packstation.devices.options import Option, options_of
from packstation.devices.shapes import LIST, TABLE
from packstation.domain.printers import DPIS
from packstation.station.workshop import FieldRow

_LINE: Final = ("baud", "bytesize", "parity", "stopbits")
# Keys, hosts and files of a shared printer, and what only a recording wants, stay IT's.
EDITED: Final = tuple(
    (
        "name stock dpi media gap_mm labels_per_roll darkness speed unit capacity again_ms prefix "
        "encoding use width height fps exposure period_ms check_days check_g check_tolerance_g "
        "check_blocks item_guard status cut peel baud bytesize parity stopbits"
    ).split()
)
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "dpi": tuple(map(str, DPIS)),
    "baud": ("1200", "2400", "4800", "9600", "19200", "38400", "57600", "115200"),
    "bytesize": ("7", "8"),
    "stopbits": ("1", "2"),
}
_NO_LINE: Final = ("tcp:", "udp:", "http:", "https:", "cups:", "spool:", "packstation:", "replay")


def fields_of(row: DeviceConfig, stocks: tuple[str, ...]) -> tuple[FieldRow, ...]:
    """The fields of a row; ``stocks`` are the labels that are offered by name."""
    known = {option.name: option for option in options_of(row.kind, row.model)}
    named = (known[name] for name in EDITED if name in known and _matters(row, name))
    return tuple(_field(option, row.kind, stocks) for option in named)


def _matters(row: DeviceConfig, name: str) -> bool:
    """Whether the device would do otherwise: a network has no line, most scales send a unit."""
    if name in _LINE:
        return not row.address.startswith(_NO_LINE)
    if name == "unit" and row.kind == "scale":
        return any(model.id == row.model and not model.unit_sent for model in SCALES)
    return True


def _field(option: Option, kind: str, stocks: tuple[str, ...]) -> FieldRow:
    shape = option.shape
    words = shape.words or _WORDS.get(option.name, ())
    if option.name == "stock" and kind == "label":
        words = stocks
    closed = bool(shape.words) or option.name in {"dpi", "bytesize", "stopbits"}
    assert shape.type not in {LIST, TABLE}  # noqa: S101 - EDITED has none of these
    return FieldRow(option.name, shape.type, shape.allowed, words, typed=not closed)
