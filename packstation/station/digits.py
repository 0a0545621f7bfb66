"""What a scale's last digit really is: one that shows 1.255 kg may only count in fives."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Final

from packstation.domain.quantities import grams_exact
from packstation.domain.weights import Reading, ScaleState

# So many different weights at rest make a step believable.
ENOUGH: Final = 5
STEPS: Final = (50, 20, 10, 5, 2, 1)
USUAL_MG: Final = 5000
_REST: Final = frozenset({ScaleState.STABLE, ScaleState.ZERO})


class ScaleDigit:
    """Watches weights at rest; the step that divides them all is the digit."""

    def __init__(self) -> None:
        """Nothing was shown yet."""
        self._place = Decimal(0)
        self._shown: set[int] = set()
        self._divisor = 0

    @property
    def milligrams(self) -> int:
        """Of the last digit; a usual bench scale's before enough was shown."""
        if not self._place:
            return USUAL_MG
        step = 1
        if len(self._shown) >= ENOUGH:
            step = next(step for step in STEPS if self._divisor % step == 0)
        return max(1, round(self._place * step * 1000))

    def take(self, reading: Reading) -> None:
        """One reading."""
        if reading.state not in _REST or reading.value is None:
            return
        exponent = reading.value.as_tuple().exponent
        place = grams_exact(Decimal(1).scaleb(int(exponent)), reading.unit)
        if place != self._place:
            self._place, self._shown, self._divisor = place, set(), 0
        counts = abs(int(reading.value.scaleb(-int(exponent))))
        if counts:
            self._divisor = math.gcd(self._divisor, counts)
            if len(self._shown) < ENOUGH:
                self._shown.add(counts)
