"""What a benchmark answers: figures, the reference of the same run, the goal, the verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict

Figures = Mapping[str, float]


class Result(Struct, frozen=True):
    """One row of the table.

    ``goal`` holds upper limits, by the name of a figure or "ratio"; ``reached`` says whether
    all of them hold. Names of figures end in their unit.
    """

    name: str
    figures: Figures
    reference: Figures
    ratio: float
    goal: Figures
    note: str = ""
    shape: Mapping[str, Any] = field(default_factory=dict)

    @property
    def missed(self) -> tuple[str, ...]:
        """The names of the limits that do not hold."""
        measured = {**self.figures, "ratio": self.ratio}
        return tuple(name for name, limit in self.goal.items() if measured[name] > limit)

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self) | {"reached": not self.missed, "missed": list(self.missed)}


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile, ``share`` from 0 to 1."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return percentile(values, 0.5)


def spread(values: Sequence[float], of: str = "") -> dict[str, float]:
    """p50, p99 and the largest of times in milliseconds; ``of`` stands before their names."""
    return {
        f"{of}p50_ms": round(median(values), 3),
        f"{of}p99_ms": round(percentile(values, 0.99), 3),
        f"{of}max_ms": round(max(values), 3),
    }
