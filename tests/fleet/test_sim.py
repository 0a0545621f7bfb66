"""Seeds find nothing, the same seed tells the same story, and planted faults are found."""

import subprocess
import sys

import pytest

from packstation.benchmarks import sync
from packstation.domain.errors import InputInvalid
from packstation.fleet.sim.mutants import MUTANTS
from packstation.fleet.sim.run import killed, many, one, shown
from packstation.fleet.sim.story import FAULTS

SEEDS = range(1, 7)
# A few of them; `packstation bench sync` plants all.
PLANTED = ("fork at the end", "mark stays", "counted twice")
_TOLD = "from packstation.fleet.sim.run import one; print(one(3).digest)"


def test_no_seed_finds_a_violation() -> None:
    outcomes = list(many(SEEDS, processes=1))
    assert [outcome.violations for outcome in outcomes] == [()] * len(SEEDS)
    assert sum(outcome.facts for outcome in outcomes) > 100
    assert len({fault for outcome in outcomes for fault in outcome.faults} & FAULTS.keys()) > 5


def test_a_seed_tells_the_same_story_in_every_process() -> None:
    again = subprocess.run(
        [sys.executable, "-c", _TOLD], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert again == one(3).digest


def test_planted_faults_are_seen_and_gone_afterwards() -> None:
    assert len(MUTANTS) >= 25
    kills = list(killed(PLANTED, processes=1))
    assert [kill.mutant for kill in kills if not kill.seed] == []
    assert one(kills[0].seed).violations == ()


def test_most_faults_do_not_hide_for_long() -> None:
    seen = [name for name in MUTANTS if one(1, name).violations]
    assert len(seen) > len(MUTANTS) // 4
    assert one(1).violations == ()


def test_a_finding_says_how_to_see_it_again() -> None:
    told: list[str] = []
    outcome = one(1, "counted twice")
    shown(outcome, "counted twice", told.append)
    assert told[0].endswith('bench sync --seed 1 --mutant "counted twice"')


def test_the_command_plays_seeds_and_plants_mutants() -> None:
    rows = sync.measure(quick=True)
    assert [row.missed for row in rows] == [(), ()]
    (told,) = sync.measure(seed=2)
    assert told.missed == ()
    with pytest.raises(InputInvalid):
        sync.measure(mutant="no such")
