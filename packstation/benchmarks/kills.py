"""Headless demos killed at random moments: facts lost, labels printed twice, broken rules.

And benches at a shared printer, killed while jobs are printed, moved and waiting in line; their
printers live on.

No reference and no times: the goal is nothing. ``packstation bench kills`` takes a quarter of an
hour, so it is measured only when asked for by name.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from packstation.benchmarks.figures import Result
from packstation.demo.hall import killed_halls
from packstation.demo.kills import killed_runs

KILLS: Final = 200
HALL_KILLS: Final = 60
QUICK: Final = 2
# Long enough for every fault of the demo, a held order and a server that is gone among them.
ORDERS: Final = 4


def measure(*, quick: bool = False) -> list[Result]:
    """A row for demos, and one for benches at a shared printer."""
    return [_demos(quick=quick), _halls(quick=quick)]


def _halls(*, quick: bool) -> Result:
    with tempfile.TemporaryDirectory(prefix="packstation-halls-") as folder:
        kills = QUICK if quick else HALL_KILLS
        score = killed_halls(Path(folder), kills=kills, seed=20, tell=_tell)
    found = score.findings
    for violation in found.violations:
        _tell(violation)
    figures = {
        "lost_facts": found.lost,
        "double_prints": found.double_prints + score.asked_twice,
        "broken_rules": len(found.violations),
    }
    return Result(
        name=f"kills of two benches at one printer ({score.kills})",
        figures=figures,
        reference={},
        ratio=0.0,
        goal=dict.fromkeys(figures, 0),
        note="SIGKILL of either bench; the printers live on and have troubles of their own",
        shape={
            "kills": score.kills,
            "runs": score.runs,
            "facts": found.facts,
            "labels": score.labels,
            "moves": score.moves,
            "uncertain": score.uncertain,
            "reprints": score.reprints,
        },
    )


def _demos(*, quick: bool) -> Result:
    with tempfile.TemporaryDirectory(prefix="packstation-kills-") as folder:
        score = killed_runs(
            Path(folder), kills=QUICK if quick else KILLS, orders=ORDERS, seed=20, tell=_tell
        )
    found = score.findings
    for violation in found.violations:
        _tell(violation)
    figures = {
        "lost_facts": found.lost,
        "double_prints": found.double_prints,
        "broken_rules": len(found.violations),
    }
    return Result(
        name=f"kills ({score.kills})",
        figures=figures,
        reference={},
        ratio=0.0,
        goal=dict.fromkeys(figures, 0),
        note="SIGKILL at a seeded random moment, resumed until all orders are through",
        shape={"kills": score.kills, "runs": score.runs, "facts": found.facts},
    )


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
