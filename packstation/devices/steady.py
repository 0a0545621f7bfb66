"""Rest judged by software, for scales that do not tell it (reference/devices.md section 0)."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from packstation.domain.weights import Reading, ScaleState


class Steadiness:
    """A weight rests once ``frames`` readings over ``over_s`` seconds differ by one digit at most.

    One digit is the last place that was sent. Another unit, or any reading in between that is no
    weight, begins anew.
    """

    def __init__(self, *, frames: int, over_s: float) -> None:
        self._frames, self._over_s = frames, over_s
        self._unit = ""
        self._low = self._high = Decimal(0)
        self._since = 0.0
        self._count = 0

    def judged(self, reading: Reading, now: float) -> Reading:
        """The reading, STABLE or ZERO once it rests; ``now`` in seconds of a monotonic clock."""
        if reading.state is not ScaleState.UNKNOWN or reading.value is None:
            self._count = 0
            return reading
        self._take(reading.value, reading.unit, now)
        if self._count < self._frames or now - self._since < self._over_s:
            return reading
        return replace(reading, state=ScaleState.STABLE if reading.value else ScaleState.ZERO)

    def _take(self, value: Decimal, unit: str, now: float) -> None:
        low, high = min(self._low, value), max(self._high, value)
        exponent = value.as_tuple().exponent
        step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
        if not self._count or unit != self._unit or high - low > step:
            low = high = value
            self._since, self._count = now, 0
        self._unit, self._low, self._high = unit, low, high
        self._count += 1
