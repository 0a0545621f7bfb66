"""What one input costs before it reaches the disk: ``decide``, and ``evolve`` of its facts.

Whole sessions through the pure heart: orders of one to forty lines, opened, scanned item by item
with a wrong one now and then, boxed, weighed with a learned band. Reference: the same calls on
an order of one line, so that the ratio shows what long orders cost.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from time import perf_counter_ns
from typing import Final

from packstation.benchmarks.figures import Result, median, percentile
from packstation.domain.packing import IDLE, decide, evolve
from packstation.domain.packing import inputs as i
from packstation.domain.packing.facts import LinePlan

LINES: Final = (1, 2, 4, 10, 40)
SESSIONS: Final = 300
GOAL_US: Final = 50.0


def inputs(lines: int) -> Iterator[i.Input]:
    """One session up to its weight."""
    plans = tuple(
        LinePlan(line=n, sku=f"SKU-{n}", quantity=2, unit_g=180) for n in range(1, lines + 1)
    )
    yield i.OpenOrder(order_id="O-1", rev=1, lines=plans, parcel_id="P-1")
    for plan in plans:
        yield i.ItemScanned(sku="SKU-other", today="2026-11-20")
        for _ in range(plan.quantity):
            yield i.ItemScanned(sku=plan.sku, code="6901234567892", today="2026-11-20")
    yield i.CartonChosen(carton="C3", tare_g=95, outer_mm=(306, 206, 126))
    yield i.WeightRead(grams=95 + 360 * lines)


def timed(lines: int, sessions: int) -> list[float]:
    """Microseconds of each input over so many sessions."""
    told = tuple(inputs(lines))
    taken = []
    for _ in range(sessions):
        session = IDLE
        for what in told:
            before = perf_counter_ns()
            for fact in decide(session, what):
                session = evolve(session, fact)
            taken.append((perf_counter_ns() - before) / 1000)
    return taken


def measure(*, quick: bool = False) -> list[Result]:
    """One row; the collector rests while the clock runs, as it does in the product's hot path."""
    sessions = 5 if quick else SESSIONS
    timed(4, sessions)
    gc.collect()
    gc.disable()
    try:
        found = {lines: timed(lines, max(1, sessions // lines)) for lines in LINES}
    finally:
        gc.enable()
    every = [each for taken in found.values() for each in taken]
    alone = found[1]
    return [
        Result(
            name="verify (decide + evolve)",
            figures={"p50_us": _us(median(every)), "p99_us": _us(percentile(every, 0.99))},
            reference={"p50_us": _us(median(alone)), "p99_us": _us(percentile(alone, 0.99))},
            ratio=round(median(every) / median(alone), 2),
            goal={"p50_us": GOAL_US, "p99_us": GOAL_US},
            note="reference: orders of one line",
            shape={"p99_us_by_lines": {n: _us(percentile(x, 0.99)) for n, x in found.items()}},
        )
    ]


def _us(value: float) -> float:
    return round(value, 2)
