"""Models of devices: one row of facts each, in explicit tuples.

A new scale is a decoder and a row here; nothing registers itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from msgspec import Struct

from packstation.devices.framing import EndFramer, Framer
from packstation.devices.opening import LineSettings
from packstation.devices.scales import mt_sics
from packstation.domain.errors import SettingsError
from packstation.domain.weights import Reading


class ScaleModel(Struct, frozen=True):
    """Facts of a scale's protocol.

    ``ask`` is sent every ``period_s`` seconds (nothing is sent where it is empty: the
    scale streams); ``decode(frame, unit)`` reads a frame whose line end is in it;
    ``identify`` and ``identity`` ask for and read the serial number, without side effects.
    ``unit_sent`` is False for protocols whose unit is a setting.
    """

    id: str
    line: LineSettings
    ask: bytes
    period_s: float
    framer: Callable[[], Framer]
    decode: Callable[[bytes, str], Reading]
    identify: bytes = b""
    identity: Callable[[bytes], str] | None = None
    unit_sent: bool = True


class ScannerModel(Struct, frozen=True):
    """Facts of a scanner's interface."""

    id: str
    line: LineSettings


class PrinterModel(Struct, frozen=True):
    """Facts of a printer: its language, what it takes, how its line is set."""

    id: str
    media: str
    line: LineSettings | None


SCALES: Final = (
    ScaleModel(
        id="mt-sics",
        line=LineSettings(baud=9600),
        ask=mt_sics.ASK,
        period_s=0.1,
        # The longest weight reply has 20 bytes; I0 and I1 answers stay under 64.
        framer=lambda: EndFramer(b"\n", limit=64, keep=True),
        decode=mt_sics.decode,
        identify=mt_sics.IDENTIFY,
        identity=mt_sics.identity,
    ),
)
SCANNERS: Final = (ScannerModel(id="serial", line=LineSettings(baud=9600)),)
PRINTERS: Final = (
    PrinterModel(id="zpl", media="zpl", line=LineSettings(baud=9600)),
    PrinterModel(id="folder", media="pdf", line=None),
)

_Model = TypeVar("_Model", ScaleModel, ScannerModel, PrinterModel)


def scale_model(name: str) -> ScaleModel:
    """The scale of that id; `SettingsError` names those there are."""
    return _row(SCALES, name)


def scanner_model(name: str) -> ScannerModel:
    """The scanner of that id; `SettingsError` names those there are."""
    return _row(SCANNERS, name)


def printer_model(name: str) -> PrinterModel:
    """The printer of that id; `SettingsError` names those there are."""
    return _row(PRINTERS, name)


def _row(rows: tuple[_Model, ...], name: str) -> _Model:
    for row in rows:
        if row.id == name:
            return row
    raise SettingsError(name="model", value=name, allowed=", ".join(row.id for row in rows))
