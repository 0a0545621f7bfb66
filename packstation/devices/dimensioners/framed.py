r"""Dimensioners without a published protocol: a line, and a pattern that says what is in it.

A pattern is a regular expression with the groups ``length``, ``width`` and ``height``, and
``weight`` where there is one; most such devices send ``L,W,H,weight`` (reference/devices.md 4.2).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from packstation.domain.errors import SettingsError
from packstation.domain.sizes import MM_PER_UNIT, SizeReading, SizeState

COMMA_SEPARATED: Final = (
    r"\s*(?P<length>\d+(?:\.\d+)?)\s*,\s*(?P<width>\d+(?:\.\d+)?)\s*,\s*"
    r"(?P<height>\d+(?:\.\d+)?)\s*(?:,\s*(?P<weight>\d+(?:\.\d+)?)\s*)?"
)
_NEEDED: Final = {"length", "width", "height"}
_NUMBER: Final = r"\d{1,6}(?:\.\d{1,6})?"


class FramedPattern:
    """A decoder made of settings."""

    def __init__(
        self, pattern: str = COMMA_SEPARATED, *, unit: str = "cm", weight_unit: str = "kg"
    ) -> None:
        """Check the settings: `SettingsError` for a pattern or a unit that is none."""
        try:
            self._pattern = re.compile(pattern)
        except re.error as failure:
            raise SettingsError(name="pattern", value=pattern, allowed=str(failure)) from None
        missing = _NEEDED - self._pattern.groupindex.keys()
        if missing:
            allowed = "groups " + ", ".join(sorted(_NEEDED))
            raise SettingsError(name="pattern", value=pattern, allowed=allowed)
        if unit not in MM_PER_UNIT:
            raise SettingsError(name="unit", value=unit, allowed=", ".join(MM_PER_UNIT))
        self._unit, self._weight_unit = unit, weight_unit

    def decode(self, frame: bytes) -> SizeReading:
        """Faults: "frame" (the pattern does not fit), "value" (a group is no number)."""
        text = frame.decode("ascii", "replace").strip("\r\n")
        found = self._pattern.fullmatch(text)
        if found is None:
            return SizeReading(state=SizeState.FAULT, error="frame", raw=frame)
        groups = found.groupdict()
        numbers = {name: groups.get(name) for name in (*sorted(_NEEDED), "weight")}
        if any(text is not None and not re.fullmatch(_NUMBER, text) for text in numbers.values()):
            return SizeReading(state=SizeState.FAULT, error="value", raw=frame)
        sent = {name: Decimal(text) for name, text in numbers.items() if text is not None}
        if not sent.keys() >= _NEEDED:
            return SizeReading(state=SizeState.FAULT, error="value", raw=frame)
        return SizeReading(
            state=SizeState.MEASURED,
            length=sent["length"],
            width=sent["width"],
            height=sent["height"],
            unit=self._unit,
            weight=sent.get("weight"),
            weight_unit=self._weight_unit if "weight" in sent else "",
            raw=frame,
        )
