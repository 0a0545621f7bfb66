"""What one input costs before it reaches the disk: ``decide``, and ``evolve`` of its facts.

Whole sessions through the pure heart: orders of one to forty lines, opened, scanned item by item
with a wrong one now and then, boxed, weighed with a learned band. A row of its own has the
heaviest order: eight lines whose every unit needs a serial and an IMEI, each scanned first without
them. Reference: the same calls on an order of one line, so that the ratio shows what long orders
cost.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from time import perf_counter_ns
from typing import Any, Final

from msgspec.structs import replace

from packstation.benchmarks.figures import Result, median, percentile
from packstation.domain.packing import IDLE, decide, evolve
from packstation.domain.packing import inputs as i
from packstation.domain.packing.facts import LinePlan
from packstation.domain.packing.plan import Given

LINES: Final = (1, 2, 4, 10, 40)
SESSIONS: Final = 300
HEAVY_LINES: Final = 8
HEAVY_UNITS: Final = 5
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


def heavy(lines: int) -> Iterator[i.Input]:
    """One session up to its weight, with a serial and an IMEI of each unit."""
    plans = tuple(
        LinePlan(
            line=n, sku=f"SKU-{n}", quantity=HEAVY_UNITS, unit_g=180, serial=True, needs=("imei",)
        )
        for n in range(1, lines + 1)
    )
    yield i.OpenOrder(order_id="O-1", rev=1, lines=plans, parcel_id="P-1")
    for plan in plans:
        for unit in range(HEAVY_UNITS):
            item = i.ItemScanned(sku=plan.sku, code="6901234567892", today="2026-11-20")
            yield item
            imei = Given(kind="imei", value=f"{plan.line:03}{unit:012}")
            yield replace(item, serial=f"S{plan.line}-{unit}", given=(imei,))
    yield i.CartonChosen(carton="C3", tare_g=95, outer_mm=(306, 206, 126))
    yield i.WeightRead(grams=95 + 180 * HEAVY_UNITS * lines)


def timed(
    lines: int, sessions: int, session_of: Callable[[int], Iterator[i.Input]] = inputs
) -> list[float]:
    """Microseconds of each input over so many sessions."""
    told = tuple(session_of(lines))
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
    """Two rows; the collector rests while the clock runs, as it does in the product's hot path."""
    sessions = 5 if quick else SESSIONS
    timed(4, sessions)
    gc.collect()
    gc.disable()
    try:
        found = {lines: timed(lines, max(1, sessions // lines)) for lines in LINES}
        marked = timed(HEAVY_LINES, max(1, sessions // HEAVY_LINES), heavy)
        single = timed(1, sessions, heavy)
    finally:
        gc.enable()
    every = [each for taken in found.values() for each in taken]
    by_lines = {n: _us(percentile(x, 0.99)) for n, x in found.items()}
    return [
        _row("verify (decide + evolve)", every, found[1], {"p99_us_by_lines": by_lines}),
        _row("verify, serials and IMEI", marked, single, {"lines": HEAVY_LINES}),
    ]


def _row(name: str, taken: list[float], alone: list[float], shape: dict[str, Any]) -> Result:
    return Result(
        name=name,
        figures={"p50_us": _us(median(taken)), "p99_us": _us(percentile(taken, 0.99))},
        reference={"p50_us": _us(median(alone)), "p99_us": _us(percentile(alone, 0.99))},
        ratio=round(median(taken) / median(alone), 2),
        goal={"p50_us": GOAL_US, "p99_us": GOAL_US},
        note="reference: orders of one line",
        shape=shape,
    )


def _us(value: float) -> float:
    return round(value, 2)
