"""Many seeds, over the processors there are; and the mutants that they must see."""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import repeat
from typing import Final

import httpx
from msgspec import Struct

from packstation.fleet.sim.backend import Database
from packstation.fleet.sim.mutants import MUTANTS, planted
from packstation.fleet.sim.network import shared_http
from packstation.fleet.sim.story import Outcome, played

# So many seeds at most must show a mutant.
MUTANT_SEEDS: Final = 60
REPRO: Final = "packstation bench sync --seed"


class Kill(Struct, frozen=True):
    """A mutant and the seed that saw it; ``seed`` 0: none did."""

    mutant: str
    seed: int
    violation: str = ""


@cache
def _place() -> tuple[Database, httpx.Client]:
    """One database a process."""
    return Database(), shared_http()


@contextmanager
def _silent() -> Iterator[None]:
    """What a bench logs of its troubles, seed after seed, nobody reads."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def one(seed: int, mutant: str = "") -> Outcome:
    """Play a seed."""
    with _silent():
        database, http = _place()
        with planted(mutant):
            return played(seed, database, http)


def many(seeds: Iterable[int], mutant: str = "", processes: int = 0) -> Iterator[Outcome]:
    """Play seeds, in their order; ``processes`` 0: as many as there are processors."""
    count = processes or os.cpu_count() or 1
    if count == 1:
        yield from (one(seed, mutant) for seed in seeds)
        return
    with multiprocessing.get_context("spawn").Pool(count) as pool:
        yield from pool.imap(_one, zip(seeds, repeat(mutant)), chunksize=8)


def _one(given: tuple[int, str]) -> Outcome:
    return one(*given)


def killed(
    names: Sequence[str] = tuple(MUTANTS),
    seeds: Sequence[int] = range(1, MUTANT_SEEDS + 1),
    processes: int = 0,
) -> Iterator[Kill]:
    """Each mutant with the first seed that sees it."""
    given = [(name, tuple(seeds)) for name in names]
    count = processes or os.cpu_count() or 1
    if count == 1:
        yield from map(_killed, given)
        return
    with multiprocessing.get_context("spawn").Pool(count) as pool:
        yield from pool.imap(_killed, given, chunksize=1)


def _killed(given: tuple[str, tuple[int, ...]]) -> Kill:
    name, seeds = given
    for seed in seeds:
        if found := one(seed, name).violations:
            return Kill(name, seed, found[0])
    return Kill(name, 0)


def shown(outcome: Outcome, mutant: str, tell: Callable[[str], None]) -> None:
    """One line of what a seed found, with how to see it again."""
    planted_by = f' --mutant "{mutant}"' if mutant else ""
    tell(f"{outcome.violations[0]}: {REPRO} {outcome.seed}{planted_by}")
