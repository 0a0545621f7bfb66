"""When a scale's reading may be captured (BENCH_UX rule 11).

Only a stable reading counts, only one that came after the carton was assigned,
and only after something changed on the pan in between: no weight is taken over
from the box before.
"""

from __future__ import annotations

from typing import Final

from packstation.domain.weights import Reading, ScaleState

# Less than this is a hand's shadow on the pan or drift, not a parcel.
LEAST_G: Final = 5
# A pan that shows another value by more than this was touched.
CHANGE_G: Final = 2


class WeighGate:
    """Armed by a carton or a disputed weight; opens once for each change on the pan."""

    def __init__(self) -> None:
        self._shown: int | None = None
        self._baseline: int | None = None
        self._changed = False
        self.stale = False
        """A weight rests on the pan that was there before: the box has to be lifted once."""

    def arm(self) -> None:
        """From now on a change is needed before a weight is captured."""
        self._baseline = self._shown
        self._changed = False

    def offer(self, reading: Reading) -> int | None:
        """Grams to capture, or None; a reading that says nothing leaves the gate as it is."""
        grams = reading.grams
        self.stale = False
        if reading.state is ScaleState.MOTION or grams is None:
            self._changed = self._changed or reading.state is ScaleState.MOTION
            # A scale's first frames are not confirmed yet: they still tell an empty pan from a box.
            self._shown = reading.shown_grams if self._shown is None else self._shown
            return None
        self._shown = grams
        if self._baseline is None:
            self._baseline = grams
        self._changed = self._changed or abs(grams - self._baseline) > CHANGE_G
        self.stale = grams >= LEAST_G and not self._changed
        return grams if self._changed and grams >= LEAST_G else None
