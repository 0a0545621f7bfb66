"""How well a scale is: noise at rest, drift of its zero, settling, and the reference weight.

Pure: readings in with their time, figures out. Nothing here stops anybody from weighing; what a
figure means for the bench is the station's to say.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Final

from msgspec import Struct

from packstation.domain.quantities import grams_exact
from packstation.domain.weights import Reading, ScaleState

WINDOW_S: Final = 300.0
# The median distance from the median times this is the standard deviation of a normal noise.
_NORMAL: Final = Decimal("1.4826")
_REST: Final = frozenset({ScaleState.STABLE, ScaleState.ZERO})
_MOVES: Final = frozenset({ScaleState.MOTION, ScaleState.UNKNOWN})
_FEWEST: Final = 5
# Nearer to nothing than this the pan counts as empty.
EMPTY_G: Final = 20
_SETTLINGS: Final = 20
_PLOTTED: Final = 160
_PLOT_EVERY_S: Final = 0.25
_MOST: Final = 4000


class CheckRule(Struct, frozen=True):
    """When the reference weight is due: every ``days`` (0: never), ``reference_g`` put on.

    ``tolerance_g`` is how far it may be off; ``blocks`` bars the scale that is overdue or failed.
    """

    days: int = 7
    reference_g: int = 1000
    tolerance_g: Decimal = Decimal(5)
    blocks: bool = False


class Check(Struct, frozen=True):
    """A reference weight that was put on."""

    at: datetime
    reference_g: int
    read_g: Decimal
    tolerance_g: Decimal
    by: str = ""
    serial: str = ""

    @property
    def deviation_g(self) -> Decimal:
        """Grams too much (positive) or too little."""
        return self.read_g - self.reference_g

    @property
    def passed(self) -> bool:
        """Whether the scale told the truth."""
        return abs(self.deviation_g) <= self.tolerance_g


class Due(Struct, frozen=True):
    """``state``: never (no rule), none (not checked yet), failed, overdue or fine; ``days`` left.

    ``barred`` where the rule says that such a scale weighs nothing.
    """

    state: str
    days: int = 0
    barred: bool = False


def due(rule: CheckRule, last: Check | None, now: datetime) -> Due:
    """Whether the reference weight is due; a day that has begun counts as whole."""
    if not rule.days:
        return Due("never")
    if last is None:
        return Due("none", 0, rule.blocks)
    left = last.at + timedelta(days=rule.days) - now
    days = -(-left // timedelta(days=1))
    if not last.passed:
        return Due("failed", days, rule.blocks)
    if left < timedelta():
        return Due("overdue", days, rule.blocks)
    return Due("fine", days)


class Figures(Struct, frozen=True):
    """What a scale's last minutes say; None for what cannot be told yet.

    ``noise_g`` a robust standard deviation at rest; ``zero_g`` what an empty pan shows now;
    ``drift_g`` how far that has moved since the first empty pan seen; ``settling_s`` the median
    from first movement to rest; ``moving`` the share of frames in motion, per cent.
    """

    noise_g: Decimal | None = None
    zero_g: Decimal | None = None
    drift_g: Decimal | None = None
    settling_s: float | None = None
    moving: int | None = None
    frames: int = 0
    plot: tuple[Decimal, ...] = ()


class _Sample(Struct, frozen=True):
    at_s: float
    grams: Decimal
    rest: bool
    load: int


class ScaleHealth:
    """The last minutes of one scale; a load is what lay there between two movements."""

    def __init__(self, window_s: float = WINDOW_S) -> None:
        """Nothing is known yet."""
        self._window_s = window_s
        self._samples: deque[_Sample] = deque(maxlen=_MOST)
        self._plot: deque[tuple[float, Decimal]] = deque(maxlen=_PLOTTED)
        self._settlings: deque[float] = deque(maxlen=_SETTLINGS)
        self._load = 0
        self._moving_since: float | None = None
        self._first_zero: Decimal | None = None

    def take(self, reading: Reading, now_s: float) -> None:
        """One reading, ``now_s`` of a monotonic clock; what is no weight is let pass."""
        if reading.value is None or not reading.unit:
            return
        grams = grams_exact(reading.value, reading.unit)
        rest = reading.state in _REST
        self._settle(reading.state, now_s)
        self._samples.append(_Sample(now_s, grams, rest, self._load))
        if not self._plot or now_s - self._plot[-1][0] >= _PLOT_EVERY_S:
            self._plot.append((now_s, grams))
        while now_s - self._samples[0].at_s > self._window_s:
            self._samples.popleft()
        if self._first_zero is None:
            self._first_zero = self._zero()

    def _settle(self, state: ScaleState, now_s: float) -> None:
        """Movement begins another load; rest after it ends a settling."""
        if state in _MOVES:
            if self._moving_since is None:
                self._moving_since = now_s
                self._load += 1
        elif state in _REST and self._moving_since is not None:
            self._settlings.append(now_s - self._moving_since)
            self._moving_since = None

    def figures(self) -> Figures:
        """What is known now."""
        samples = tuple(self._samples)
        zero = self._zero()
        first = self._first_zero
        moving = sum(not one.rest for one in samples)
        return Figures(
            noise_g=_noise(samples),
            zero_g=zero,
            drift_g=None if zero is None or first is None else zero - first,
            settling_s=median(self._settlings) if self._settlings else None,
            moving=round(100 * moving / len(samples)) if samples else None,
            frames=len(samples),
            plot=tuple(grams for _, grams in self._plot),
        )

    def _zero(self) -> Decimal | None:
        """The median of the last empty pan at rest."""
        empty = [one for one in self._samples if one.rest and abs(one.grams) <= EMPTY_G]
        last = [one.grams for one in empty if one.load == empty[-1].load]
        return median(last) if len(last) >= _FEWEST else None


def _noise(samples: Sequence[_Sample]) -> Decimal | None:
    """Of every load its distances from its own median, all together."""
    loads: dict[int, list[Decimal]] = {}
    for one in samples:
        if one.rest:
            loads.setdefault(one.load, []).append(one.grams)
    distances = [
        abs(grams - median(load))
        for load in loads.values()
        if len(load) >= _FEWEST
        for grams in load
    ]
    if not distances:
        return None
    return (median(distances) * _NORMAL).quantize(Decimal("0.01"))
