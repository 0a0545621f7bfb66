"""Benches and a server through everything that breaks: seeds played, violations, mutants killed.

No reference: the goal is nothing. ``--seeds N`` plays the seeds 1..N, ``--seed S`` one of them
with its whole story, ``--mutant NAME`` plants a fault that the seeds must see
(``packstation.fleet.sim``).
"""

from __future__ import annotations

import sys
from time import perf_counter
from typing import Final

from packstation.benchmarks.figures import Result, percentile
from packstation.domain.errors import InputInvalid
from packstation.fleet.sim.mutants import MUTANTS
from packstation.fleet.sim.run import killed, many, one, shown

SEEDS: Final = 2000
QUICK_SEEDS: Final = 2
QUICK_MUTANTS: Final = ("counted twice",)
GOAL_S: Final = 300.0  # for so many seeds on two processors


def measure(
    *, quick: bool = False, count: int = 0, seed: int = 0, mutant: str = ""
) -> list[Result]:
    """A row for the seeds, and one for all mutants where neither seed nor mutant is named.

    Raises:
        InputInvalid: there is no such mutant.
    """
    if mutant and mutant not in MUTANTS:
        raise InputInvalid(path="--mutant", value=mutant, allowed=", ".join(MUTANTS))
    if seed:
        return [_one(seed, mutant)]
    processes = 1 if quick else 0
    rows = [_seeds(count or (QUICK_SEEDS if quick else SEEDS), mutant, processes)]
    if mutant or count:
        return rows
    return [*rows, _mutants(QUICK_MUTANTS if quick else tuple(MUTANTS), processes)]


def _one(seed: int, mutant: str) -> Result:
    outcome = one(seed, mutant)
    for line in outcome.story:
        _tell(line)
    figures = {"violations": float(len(outcome.violations)), "facts": float(outcome.facts)}
    return _row(f"sync, seed {seed}", figures, {"violations": 0})


def _seeds(count: int, mutant: str, processes: int) -> Result:
    start, bad, facts, virtual, drained = perf_counter(), 0, 0, 0.0, [0.0]
    for outcome in many(range(1, count + 1), mutant, processes):
        facts += outcome.facts
        virtual += outcome.seconds
        drained.append(outcome.drained_s)
        if outcome.violations:
            bad += 1
            shown(outcome, mutant, _tell)
    seconds = perf_counter() - start
    figures = {
        "seeds": float(count),
        "violations": float(bad),
        "seconds": round(seconds, 1),
        "seeds_s": round(count / seconds, 1),
        "facts": float(facts),
        "times_faster": round(virtual / seconds),
        "drained_p99_seconds": percentile(drained, 0.99),
    }
    goal = {"violations": 0.0} | ({"seconds": GOAL_S} if count == SEEDS else {})
    return _row("sync, seeded" + (f" with {mutant}" if mutant else ""), figures, goal)


def _mutants(names: tuple[str, ...], processes: int) -> Result:
    alive, most = 0, 0
    for kill in killed(names, processes=processes):
        alive += not kill.seed
        most = max(most, kill.seed)
        if not kill.seed:
            _tell(f'nobody sees "{kill.mutant}"')
    figures = {"tried": float(len(names)), "alive": float(alive), "most_seeds": float(most)}
    return _row("sync, mutants", figures, {"alive": 0})


def _row(name: str, figures: dict[str, float], goal: dict[str, float]) -> Result:
    return Result(
        name=name,
        figures=figures,
        reference={},
        ratio=0.0,
        goal=goal,
        note="the real pusher, puller, journal and server functions on a virtual clock",
    )


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
