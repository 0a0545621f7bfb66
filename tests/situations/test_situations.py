"""The catalogue of situations through the real window: facts, screen and sound of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.situations.bench import ShowBench
from tests.situations.catalogue import SITUATIONS
from tests.situations.model import Situation
from tests.situations.robot import Robot
from tests.situations.window import Look


@pytest.mark.parametrize("situation", SITUATIONS, ids=[one.name for one in SITUATIONS])
def test_situation(
    situation: Situation, tmp_path: Path, furnished: Path, shots: Path | None, letters: object
) -> None:
    del letters
    bench = ShowBench(tmp_path / "bench", furnished, situation)
    try:
        bench.sign_in()
        robot = Robot(bench)
        robot.run(situation.steps)
        look = Look(bench.window, calm=shots is not None)
        if shots is not None:
            look.save(shots / f"{situation.name}.png")
        found = robot.faults(situation, look)
        assert not found, "\n".join(found)
        bench.sound()
    finally:
        bench.close()
