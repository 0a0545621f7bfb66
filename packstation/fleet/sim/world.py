"""Virtual time: what happens when, and the clocks, ids and loops that are made of it."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

START: Final = datetime(2026, 11, 21, 8, tzinfo=UTC)
# A thread that comes at once comes a little later: nothing takes no time at all.
_TICK: Final = 0.001
_CRASH_PAUSE_S: Final = 10.0


class World:
    """The queue of moments, the seed's chance, and what was found to be wrong."""

    def __init__(self, seed: int) -> None:
        """Nothing has happened."""
        self.random = Random(seed)
        self.now = 0.0
        self.violations: list[str] = []
        self.story: list[str] = []
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Let ``act`` happen in so many seconds."""
        self._count += 1
        heapq.heappush(self._queue, (self.now + max(seconds, _TICK), self._count, act))

    def run(self, until: float) -> None:
        """Let happen what is due up to the second ``until``; stop at the first violation."""
        while self._queue and self._queue[0][0] <= until and not self.violations:
            self.now, _, act = heapq.heappop(self._queue)
            act()
        self.now = max(self.now, until)

    def chance(self, share: float) -> bool:
        """Whether something of this probability happens."""
        return share > 0 and self.random.random() < share

    def tell(self, line: str) -> None:
        """A line of the story."""
        self.story.append(f"{self.now:9.3f} {line}")

    def wrong(self, line: str) -> None:
        """A violation."""
        self.violations.append(line)
        self.tell(f"WRONG {line}")

    def digest(self) -> str:
        """Of the whole story: the same seed has the same."""
        return hashlib.sha256("\n".join(self.story).encode()).hexdigest()[:16]


class SimClock:
    """A machine's clocks: ``offset`` is how far its wall clock is off, ``lag`` is time spent now.

    What happens at one moment of the queue may itself take time: a thread that waits for an
    answer, for one. The lag counts from the beginning of that moment.
    """

    def __init__(self, world: World) -> None:
        """Right, to begin with."""
        self._world = world
        self.offset = 0.0
        self.lag = 0.0

    def now(self) -> datetime:
        """UTC, as this machine has it."""
        return START + timedelta(seconds=self._world.now + self.lag + self.offset)

    def mono_ns(self) -> int:
        """Nanoseconds since some moment; never goes back."""
        return int((self._world.now + self.lag + 1) * 1e9)


class SimIds:
    """Ids that tell whose they are."""

    def __init__(self, of: str) -> None:
        """Of ``of``."""
        self._of, self._count = of, 0

    def new(self) -> str:
        """The next."""
        self._count += 1
        return f"{self._of}-{self._count:05d}"


class SimLoop:
    """``client.syncer.Turning`` without a thread: its turns are moments of the world."""

    def __init__(
        self,
        world: World,
        clock: SimClock,
        turn: Callable[[], float],
        end: Callable[[], None],
        pause: Callable[[float], None],
    ) -> None:
        """``pause``: what else the machine does while this thread waits in its turn."""
        self._world, self._clock = world, clock
        self._turn, self._end, self._pause = turn, end, pause
        self._token, self._busy_until = 0, 0.0
        self._stopped, self._turning, self._rung = False, False, False

    def start(self) -> None:
        """Begin."""
        self._come(0.0)

    def ring(self) -> None:
        """Take the next turn now, or as soon as this one is over."""
        if self._turning:
            self._rung = True
        else:
            self._come(self._busy_until - self._world.now)

    def pause(self, seconds: float) -> None:
        """Wait inside a turn."""
        self._clock.lag += seconds
        if not self._stopped:
            self._pause(seconds)

    def stop(self) -> None:
        """Take no further turn."""
        self._stopped = True

    def join(self) -> None:
        """No thread to wait for."""
        self._end()

    def _come(self, seconds: float) -> None:
        self._token += 1
        token = self._token
        self._world.after(seconds, lambda: self._due(token))

    def _due(self, token: int) -> None:
        if self._stopped or token != self._token:
            return
        self._turning, self._rung, self._clock.lag = True, False, 0.0
        try:
            wait = self._turn()
        except Exception as exc:  # noqa: BLE001 - the real loop survives it; here it is a finding
            self._world.wrong(f"I9 a turn failed: {type(exc).__name__}: {exc}")
            wait = _CRASH_PAUSE_S
        spent, self._clock.lag, self._turning = self._clock.lag, 0.0, False
        self._busy_until = self._world.now + spent
        if not self._stopped:
            self._come(spent + (0.0 if self._rung else wait))
