"""Readings as the documents of FORMATS.md "Scale readings", and sizes beside them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from packstation.devices.catalogue import DIMENSIONERS, SCALES, dimensioner_model, scale_model
from packstation.devices.printers.replies import REPLIES, reply_document
from packstation.domain.errors import SettingsError
from packstation.domain.sizes import SizeReading, SizeState
from packstation.domain.symbologies import symbology_of
from packstation.domain.weights import Reading, ScaleState
from packstation.station.ports import CodeScanned

# Model ids of scanners for reading; "hid-pos" alone is a scale's (FORMATS.md).
SCANNER_READS: Final = MappingProxyType({"serial": "serial", "hid-pos-scanner": "hid-pos"})

_UNSURE: Final = MappingProxyType({"under": ScaleState.UNDER, "over": ScaleState.OVER})


def reading_document(reading: Reading) -> dict[str, object]:
    """The reading in the shape of FORMATS.md; a FAULT has its error and never a weight."""
    raw = reading.raw.hex(" ")
    if reading.state is ScaleState.FAULT:
        return {"state": reading.state.value, "error": reading.error, "raw": raw}
    return {
        "state": reading.state.value,
        "value": _number(reading.value),
        "unit": reading.unit,
        "grams": reading.grams,
        "net": reading.net,
        "stability": reading.stability,
        "raw": raw,
    }


def size_document(reading: SizeReading) -> dict[str, object]:
    """A dimensioner's reading in the shape of a scale's, with ``length_mm`` and so on.

    The sides in millimetres are null whenever they may not be taken; as sent they stand beside.
    """
    raw = reading.raw.hex(" ")
    if reading.state is SizeState.FAULT:
        return {"state": reading.state.value, "error": reading.error, "raw": raw}
    length, width, height = reading.sides_mm or (None, None, None)
    return {
        "state": _size_state(reading).value,
        "value": _number(reading.weight),
        "unit": reading.weight_unit,
        "grams": reading.grams,
        "net": False,
        "stability": "device",
        "length_mm": length,
        "width_mm": width,
        "height_mm": height,
        "length": _number(reading.length),
        "width": _number(reading.width),
        "height": _number(reading.height),
        "size_unit": reading.unit,
        "error": reading.error,
        "raw": raw,
    }


def _size_state(reading: SizeReading) -> ScaleState:
    """One list of states for all that is read (FORMATS.md "Scale readings")."""
    if reading.state is SizeState.MEASURED:
        return ScaleState.STABLE if reading.sides_mm else ScaleState.UNKNOWN
    if reading.state is SizeState.NOT_READY:
        return ScaleState.NOT_READY
    return _UNSURE.get(reading.error, ScaleState.UNKNOWN)


def scan_document(scan: CodeScanned) -> dict[str, object]:
    """A scanned code; ``text`` of one with an error ends in "…" and is no code."""
    return {
        "text": scan.text,
        "aim": scan.aim,
        "symbology": symbology_of(scan.aim),
        "error": scan.error,
        "raw": scan.raw.hex(" "),
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def is_dimensioner(model: str, others: Iterable[str] = ()) -> bool:
    """Whether a model measures sides; `SettingsError` names all models, and ``others``."""
    if any(row.id == model for row in DIMENSIONERS):
        return True
    if any(row.id == model for row in SCALES):
        return False
    known = (*(row.id for row in (*SCALES, *DIMENSIONERS)), *others)
    allowed = ", ".join(dict.fromkeys(known))
    raise SettingsError(name="model", value=model, allowed=allowed)


def decode(model: str, frame: bytes, *, unit: str = "kg") -> dict[str, object]:
    """Decode one frame of a scale or dimensioner, or a printer's status.

    `SettingsError` names the models there are.
    """
    if model in REPLIES:
        return reply_document(REPLIES[model](frame))
    if is_dimensioner(model, REPLIES):
        return size_document(dimensioner_model(model).decoder({})(frame))
    return reading_document(scale_model(model).decode(frame, unit))
