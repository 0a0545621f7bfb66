"""When a weight counts: frames that agree, and rest judged by software where none is told.

Source: reference/devices.md section 0. Pure: times come in.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.weights import Reading, ScaleState

_OTHER_UNIT: Final = 3


class Steadiness:
    """A weight rests once ``frames`` readings over ``over_s`` seconds differ by one digit at most.

    One digit is the last place that was sent. Another unit, another number of places, or any
    reading in between that is no weight, begins anew. A value counts once it was read ``alike``
    times since: a single damaged digit is no play of the pan.
    """

    def __init__(self, *, frames: int, over_s: float, alike: int = 1) -> None:
        self._frames, self._over_s, self._alike = frames, over_s, alike
        self._values: Counter[Decimal] = Counter()
        self._step = Decimal(0)
        self._unit = ""
        self._low = self._high = Decimal(0)
        self._since = 0.0

    def judged(self, reading: Reading, now: float) -> Reading:
        """The reading, STABLE or ZERO once it rests; ``now`` in seconds of a monotonic clock."""
        if reading.state is not ScaleState.UNKNOWN or reading.value is None:
            self._values.clear()
            return reading
        self._take(reading.value, reading.unit, now)
        if self._values.total() < self._frames or now - self._since < self._over_s:
            return reading
        if self._values[reading.value] < self._alike:
            return reading
        return replace(reading, state=ScaleState.STABLE if reading.value else ScaleState.ZERO)

    def _take(self, value: Decimal, unit: str, now: float) -> None:
        low, high = min(self._low, value), max(self._high, value)
        step = Decimal(1).scaleb(int(value.as_tuple().exponent))
        if not self._values or (unit, step) != (self._unit, self._step) or high - low > step:
            low = high = value
            self._since = now
            self._values.clear()
        self._unit, self._step, self._low, self._high = unit, step, low, high
        self._values[value] += 1


class Patience(Struct, frozen=True):
    """How long it takes until a weight counts.

    STABLE is MOTION until ``confirm`` frames in a row agree in value and unit: a flipped digit
    looks like a weight where a protocol checks nothing. A scale that does not tell rests once
    ``steady`` frames over ``steady_s`` seconds agree, ``confirm`` of them in every digit. Another
    unit than that of the last weight has to be told `_OTHER_UNIT` times as often: a lost letter
    makes grams of kilograms, a person's hand on the unit key stays.
    """

    confirm: int
    steady: int = 4
    steady_s: float = 0.4


class Judge:
    """Judges one reading after the other of one scale."""

    def __init__(self, patience: Patience) -> None:
        self._confirm = patience.confirm
        self._steadiness = Steadiness(
            frames=patience.steady, over_s=patience.steady_s, alike=patience.confirm
        )
        self._last: tuple[Decimal | None, str] = (None, "")
        self._agreed = 0
        self._unit = ""

    def judged(self, reading: Reading, now: float) -> Reading:
        """The reading as the bench may take it; ``now`` in seconds of a monotonic clock."""
        judged = self._steadiness.judged(reading, now)
        weight = (judged.value, judged.unit)
        self._agreed = self._agreed + 1 if weight == self._last else 1
        self._last = weight
        if judged.state is not ScaleState.STABLE:
            return judged
        if self._agreed < self._enough(reading, judged.unit):
            return replace(judged, state=ScaleState.MOTION)
        self._unit = judged.unit
        return judged

    def forget(self) -> None:
        """What was heard so far confirms nothing that comes."""
        self.judged(Reading(state=ScaleState.NOT_READY), 0.0)

    def _enough(self, reading: Reading, unit: str) -> int:
        """How many frames must agree; what software has judged has had its own."""
        if self._unit and unit != self._unit:
            return self._confirm * _OTHER_UNIT
        return 1 if reading.state is ScaleState.UNKNOWN else self._confirm


class Once(Struct, frozen=True):
    """A scale that tells a weight once, when it is new, and says nothing of an empty pan.

    After a weight that nobody took back it is left alone for ``pause_s`` seconds: it may beep
    when it is asked for what it has told.
    """

    pause_s: float = 5.0


class ToldOnce:
    """What the silence of such a scale means.

    A weight is new, so the pan has moved: MOTION. The next question that stays unanswered says
    that nothing has changed since: it rests. One more ends it, for an empty pan is silent too.
    Nothing is told twice, so that a single frame is all there is: one whose length, places or
    unit are not those of the weight before does not rest, for it may have lost a digit.
    """

    def __init__(self) -> None:
        self._told: Reading | None = None
        self._rests = False
        self._shape: tuple[int, int, str] | None = None
        self._shaped = True

    @property
    def resting(self) -> bool:
        """Whether a weight rests by silence."""
        return self._rests

    def heard(self, reading: Reading, judged: Reading) -> Reading:
        """A frame, and what the judge of frames that agree says of it."""
        fresh, self._rests = self._told is None or self._rests, False
        self._told = None
        if reading.state is not ScaleState.UNKNOWN or reading.value is None:
            return judged
        shape = (len(reading.raw), int(reading.value.as_tuple().exponent), reading.unit)
        self._shaped = self._shape in {None, shape}
        self._shape, self._told = shape, reading
        return replace(judged, state=ScaleState.MOTION) if fresh else judged

    def unanswered(self) -> Reading | None:
        """A question stayed unanswered; the reading that follows from it, where one does."""
        told = self._told
        if told is None:
            return None
        if self._rests or not self._shaped:
            self._told, self._rests = None, False
            return Reading(state=ScaleState.NOT_READY, error="silent")
        self._rests = True
        return replace(told, state=ScaleState.STABLE if told.value else ScaleState.ZERO)
