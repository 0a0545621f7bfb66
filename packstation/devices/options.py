"""The options that a device's row may hold: one table, for the start and for people.

``packstation config --explain DEVICES`` shows it. What an option is for stands in the
catalogue, ``option.<word>``. An option that nobody would read is refused: it is a device that
works otherwise than its row says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from packstation.devices import shapes
from packstation.devices.catalogue import (
    CAMERAS,
    DIMENSIONERS,
    LIGHTS,
    PRINTERS,
    SCALES,
    SCANNERS,
)
from packstation.devices.lights.frames import channels_of, tower_frames
from packstation.devices.scanners import ACTIONS, ENCODINGS
from packstation.devices.shapes import Shape
from packstation.domain.errors import SettingsError
from packstation.domain.printers import DPIS, MAX_LABELS, MAX_MM, MEDIA_KINDS, size_of
from packstation.domain.quantities import GRAMS_PER_UNIT
from packstation.domain.sizes import MM_PER_UNIT
from packstation.station.frames import CAMERA_USES

# Of the models whose unit is a setting; most usual first.
UNITS: Final = ("kg", "g", "mg", "t", "lb", "oz", "ozt", "jin")
_NEEDED: Final = frozenset({"length", "width", "height"})


class Option(Struct, frozen=True):
    """One option: ``models`` that read it (all of the kind where it is empty).

    ``word`` is the end of the key that says what it is for, its name where that is empty.
    """

    name: str
    shape: Shape
    models: tuple[str, ...] = ()
    word: str = ""

    @property
    def about(self) -> str:
        """The key of the message that says what it is for."""
        return f"option.{self.word or self.name}"

    def of(self, model: str) -> bool:
        """Whether that model reads it."""
        return not self.models or model in self.models


def _line(*models: str) -> tuple[Option, ...]:
    return (
        Option("baud", shapes.whole(50, 4_000_000), models),
        Option("bytesize", shapes.whole(5, 8), models),
        Option("parity", shapes.word("N", "E", "O", any_case=True), models),
        Option("stopbits", shapes.whole(1, 2), models),
    )


def _regex(value: object) -> bool:
    try:
        found = re.compile(value) if isinstance(value, str) and len(value) <= 500 else None
    except re.error:
        return False
    return found is not None and found.groupindex.keys() >= _NEEDED


def _reads(value: object, read: object) -> bool:
    try:
        return callable(read) and value is not None and bool(read(value))
    except SettingsError:
        return False


EVERY: Final = (
    Option("name", shapes.text(40)),
    Option("record", shapes.switch()),
    Option("record_payloads", shapes.switch()),
)
_CODES: Final = ("serial", "hid-pos")
_SCANNER: Final = (
    Option("again_ms", shapes.whole(1, 60_000), _CODES),
    Option("twice_ms", shapes.whole(0, 60_000)),
    Option("encoding", shapes.word(*ENCODINGS), _CODES),
    Option("commands", shapes.word(*ACTIONS), ("serial",)),
    Option("prefix", shapes.text(20, example="F13", printable=False), ("keyboard",)),
    *_line(*(row.id for row in SCANNERS if row.transport == "line")),
)
_SCALE: Final = (
    Option("unit", shapes.word(*UNITS)),
    Option("capacity", shapes.number(0, 1_000_000, texts=True, over=True)),
    Option("period_ms", shapes.whole(1, 60_000)),
    Option("check_days", shapes.whole(0, 3650)),
    Option("check_g", shapes.whole(1, 1_000_000)),
    Option("check_tolerance_g", shapes.number(0, 100_000, texts=True, over=True)),
    Option("check_blocks", shapes.switch()),
    Option("item_guard", shapes.switch()),
    *_line(*(row.id for row in SCALES if row.transport == "line")),
)
_DIMENSIONER: Final = (
    Option(
        "pattern",
        shapes.checked(shapes.TEXT, "(?P<length>..)(?P<width>..)(?P<height>..)", _regex),
        ("framed",),
    ),
    Option("unit", shapes.word(*MM_PER_UNIT), ("framed",), "size_unit"),
    Option("weight_unit", shapes.word(*GRAMS_PER_UNIT), ("framed",)),
    *_line(*(row.id for row in DIMENSIONERS)),
)
_CAMERA: Final = (
    Option("use", shapes.word(*CAMERA_USES)),
    Option("width", shapes.whole(16, 8192), ("uvc",)),
    Option("height", shapes.whole(16, 8192), ("uvc",)),
    Option("fps", shapes.whole(1, 240), ("uvc",)),
    Option("exposure", shapes.number(-100_000, 100_000), ("uvc",)),
)
_LIGHT: Final = (
    Option(
        "channels",
        shapes.checked(
            shapes.TABLE,
            "{green = 1, amber = 2, red = 3}",
            lambda value: _reads(value, channels_of),
        ),
        ("relay",),
    ),
    Option(
        "frames",
        shapes.checked(
            shapes.TABLE, '{off = "57 00", ...}', lambda value: _reads(value, tower_frames)
        ),
        ("tower",),
    ),
    *_line(*(row.id for row in LIGHTS if row.transport == "line")),
)
_PEDAL: Final = (
    Option("keys", shapes.table('{F13 = "accept"}', lambda value: isinstance(value, str))),
)
_LANGUAGES: Final = tuple(row.id for row in PRINTERS if row.talk is not None)
_QUEUES: Final = tuple(row.id for row in PRINTERS if row.id != "folder")
# As documents/label/languages.py and the writers have them; a test holds them equal.
_STOCK: Final = (
    Option(
        "stock",
        shapes.checked(
            shapes.TEXT,
            '"100x150", "4x6", "a6", "cn22", "a4", "62x100"',
            lambda value: isinstance(value, str) and size_of(value.strip().lower()) is not None,
        ),
    ),
    Option("dpi", shapes.whole(DPIS[0], DPIS[-1], only=DPIS)),
    Option("media", shapes.word(*MEDIA_KINDS)),
    Option("gap_mm", shapes.number(0, MAX_MM)),
    Option("labels_per_roll", shapes.whole(0, MAX_LABELS)),
    Option(
        "confirmed",
        shapes.checked(
            shapes.TEXT, 'true, false, "1a2b3c4d"', lambda value: isinstance(value, bool | str)
        ),
    ),
)
_TUNING: Final = (
    Option("darkness", shapes.whole(0, 30), ("zpl",)),
    Option("darkness", shapes.whole(0, 15), ("tspl", "epl2")),
    Option("darkness", shapes.whole(-99, 200), ("cpcl",)),
    Option("speed", shapes.whole(1, 14), ("zpl",)),
    Option("speed", shapes.whole(1, 18), ("tspl",)),
    Option("speed", shapes.whole(0, 6), ("epl2",)),
    Option("speed", shapes.whole(0, 5), ("cpcl",)),
    Option("cut", shapes.switch(), _LANGUAGES),
    Option("peel", shapes.switch(), ("zpl", "tspl", "epl2", "cpcl")),
    Option("invert_bitmap", shapes.switch(), ("tspl", "epl2", "cpcl")),
    Option("native_codes", shapes.switch(), ("tspl", "epl2", "cpcl")),
    Option("hex_graphics", shapes.switch(), ("cpcl",)),
    Option("head_dots", shapes.whole(0, 10_000), ("escpos", "brother-ql")),
    Option("tape", shapes.text(20, example="62"), ("brother-ql",)),
    Option("feed_mm", shapes.number(0, 200), ("escpos",)),
)
_PRINTER: Final = (
    *_STOCK,
    *_TUNING,
    Option("status", shapes.switch(), _LANGUAGES),
    Option("purge", shapes.switch(), ("zpl",)),
    Option("believe_queue", shapes.switch(), _QUEUES),
    Option("share_port", shapes.whole(0, 65535)),
    Option("share_benches", shapes.texts('["07", "08"]')),
    Option("share_key_file", shapes.text(500, example="/etc/packstation/print.key")),
    Option("share_host", shapes.text(255, example="192.0.2.8", least=0)),
    *_line(*(row.id for row in PRINTERS if row.line is not None)),
)

MODELS: Final[Mapping[str, tuple[str, ...]]] = {
    "scanner": tuple(row.id for row in SCANNERS),
    "badge": tuple(row.id for row in SCANNERS),
    "pedal": ("keyboard",),
    "light": tuple(row.id for row in LIGHTS),
    "scale": tuple(row.id for row in SCALES),
    "dimensioner": tuple(row.id for row in DIMENSIONERS),
    "label": tuple(row.id for row in PRINTERS),
    "papers": tuple(row.id for row in PRINTERS),
    "camera": tuple(row.id for row in CAMERAS),
}
"""The models of each kind."""
OPTIONS: Final[Mapping[str, tuple[Option, ...]]] = {
    "scanner": (*_SCANNER, *EVERY),
    "badge": (*_SCANNER, *EVERY),
    "pedal": (*_PEDAL, *EVERY),
    "light": (*_LIGHT, *EVERY),
    "scale": (*_SCALE, *EVERY),
    "dimensioner": (*_DIMENSIONER, *EVERY),
    "label": (*_PRINTER, *EVERY),
    "papers": (*_PRINTER, *EVERY),
    "camera": (*_CAMERA, *EVERY),
}
"""The options of each kind."""
KINDS: Final = tuple(OPTIONS)


def options_of(kind: str, model: str) -> tuple[Option, ...]:
    """What a row of that kind and model may hold."""
    return tuple(option for option in OPTIONS.get(kind, ()) if option.of(model))
