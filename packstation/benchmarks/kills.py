"""Headless demos killed at random moments: facts lost, labels printed twice, broken rules.

No reference and no times: the goal is nothing. ``packstation bench kills`` takes a quarter of an
hour, so it is measured only when asked for by name.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from packstation.benchmarks.figures import Result
from packstation.demo.kills import killed_runs

KILLS: Final = 200
QUICK: Final = 2
# Long enough for every fault of the demo, a held order and a server that is gone among them.
ORDERS: Final = 4


def measure(*, quick: bool = False) -> list[Result]:
    """One row."""
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
    return [
        Result(
            name=f"kills ({score.kills})",
            figures=figures,
            reference={},
            ratio=0.0,
            goal=dict.fromkeys(figures, 0),
            note="SIGKILL at a seeded random moment, resumed until all orders are through",
            shape={"kills": score.kills, "runs": score.runs, "facts": found.facts},
        )
    ]


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
