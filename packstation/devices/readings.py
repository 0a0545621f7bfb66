"""Readings as the documents of FORMATS.md "Scale readings"."""

from __future__ import annotations

from packstation.devices.catalogue import scale_model
from packstation.domain.weights import Reading, ScaleState


def reading_document(reading: Reading) -> dict[str, object]:
    """The reading in the shape of FORMATS.md; a FAULT has its error and never a weight."""
    raw = reading.raw.hex(" ")
    if reading.state is ScaleState.FAULT:
        return {"state": reading.state.value, "error": reading.error, "raw": raw}
    return {
        "state": reading.state.value,
        "value": None if reading.value is None else format(reading.value, "f"),
        "unit": reading.unit,
        "grams": reading.grams,
        "net": reading.net,
        "stability": reading.stability,
        "raw": raw,
    }


def decode(model: str, frame: bytes, *, unit: str = "kg") -> dict[str, object]:
    """Decode one frame of a scale model; `SettingsError` for a model that is not there."""
    return reading_document(scale_model(model).decode(frame, unit))
