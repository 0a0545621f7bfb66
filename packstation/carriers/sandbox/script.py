"""What goes wrong, and when: a plan by operation, or chance from a seed.

========== ===================================================================================
fault      what a client sees
========== ===================================================================================
lost       the work is done, and no answer ever comes
late       no answer comes, and the work is done after the client has gone
slow       the work is done, and the answer takes its time
reset      the work is done, and the connection is reset
early      the connection is reset before the work
twice      a proxy sends the request again; the answer is the second one's
limit      429 with Retry-After, nothing is done
down       503 with a page of HTML, nothing is done
broken     the work is done, 500
html       the work is done, 200 with a page of HTML
empty      the work is done, 200 with nothing
cut        the work is done, and the answer ends in its middle
nonsense   the work is done, 200 with JSON of other shapes
not_ready  the number (or the file) comes some asks later
truncated  the label is half a PDF
wrong_size the label is A4
no_label   in the label's place stands a page of HTML
denied     401: the key to the account has expired
========== ===================================================================================
"""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Mapping
from typing import Final, Literal, Protocol, get_args

Op = Literal["token", "buy", "find", "label", "void", "quote", "track", "manifest"]
Fault = Literal[
    "lost",
    "late",
    "slow",
    "reset",
    "early",
    "twice",
    "limit",
    "down",
    "broken",
    "html",
    "empty",
    "cut",
    "nonsense",
    "not_ready",
    "truncated",
    "wrong_size",
    "no_label",
    "denied",
]
FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)
# The label is bought and its file is not what it should be.
FILES: Final[tuple[Fault, ...]] = ("truncated", "wrong_size", "no_label")
# Nobody can know from the answer whether the work was done.
SILENT: Final[tuple[Fault, ...]] = (
    *("lost", "late", "reset", "early", "down", "broken", "html", "empty", "cut", "nonsense"),
)


class Script(Protocol):
    """Says what goes wrong with the next request of an operation; None for nothing."""

    def next(self, op: Op) -> Fault | None:
        """The fault of this request."""


class Plan:
    """Faults in the order in which they were written down."""

    def __init__(self, faults: Mapping[Op, tuple[Fault, ...]] | None = None) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[Op, deque[Fault]] = {
            op: deque(some) for op, some in (faults or {}).items()
        }

    def then(self, op: Op, *faults: Fault) -> None:
        """What goes wrong next."""
        with self._lock:
            self._waiting.setdefault(op, deque()).extend(faults)

    def next(self, op: Op) -> Fault | None:
        with self._lock:
            waiting = self._waiting.get(op)
            return waiting.popleft() if waiting else None

    @property
    def done(self) -> bool:
        """Whether everything that was planned went wrong."""
        with self._lock:
            return not any(self._waiting.values())


class Chance:
    """Faults drawn from a seed: ``shares`` of all requests of an operation, 0 to 1 each."""

    def __init__(self, seed: int, shares: Mapping[Op, Mapping[Fault, float]]) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(seed)  # noqa: S311 - a script, no secret
        self._shares = shares
        self.counted: dict[str, int] = {}

    def next(self, op: Op) -> Fault | None:
        with self._lock:
            drawn = self._random.random()
            for fault, share in self._shares.get(op, {}).items():
                drawn -= share
                if drawn < 0:
                    name = f"{op}.{fault}"
                    self.counted[name] = self.counted.get(name, 0) + 1
                    return fault
        return None
