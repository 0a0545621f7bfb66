"""The camera's benchmark judges what it says it judges."""

from __future__ import annotations

from itertools import islice

import numpy as np

from packstation.benchmarks import camera
from packstation.devices.sim.optics import DEGRADATIONS
from packstation.domain.reading import expected_texts, soundness
from tests.domain.test_reading import read


def test_there_are_eight_kinds_and_fifteen_faults_at_least() -> None:
    assert len({kind.format for kind in camera.KINDS}) >= 8
    assert len(DEGRADATIONS) >= 15
    wanted = list(islice(camera.samples(1, 1), 31))
    assert {sample.kind for sample in wanted} == {kind.name for kind in camera.KINDS}
    assert wanted[0].fault == "blur"
    assert wanted[-1].fault == "motion"


def test_the_same_seed_draws_the_same_pictures() -> None:
    one, two, other = (next(camera.samples(seed, 1)) for seed in (1, 1, 2))
    assert np.array_equal(one.image, two.image)
    assert one.truth == two.truth != other.truth


def test_decoys_differ_by_a_digit_and_carry_a_right_check_digit() -> None:
    chance = np.random.default_rng(1)
    for kind in camera.KINDS:
        truth = kind.text(chance).translate({ord(c): None for c in "[]"})
        for decoy in camera.decoys(truth, kind, chance):
            differing = sum(a != b for a, b in zip(truth, decoy, strict=True))
            assert 1 <= differing <= (2 if kind.checked else 1)
            if kind.checked:
                assert soundness(read(decoy, {8: "ean8", 14: "itf"}.get(kind.checked, "ean13")))
            assert not expected_texts({truth})(read(decoy, "ean13"))


def test_a_short_run_answers_in_its_shape() -> None:
    (row,) = camera.measure(quick=True)
    assert row.figures["wrong"] == row.figures["wrong_unexpected"] == 0
    assert row.shape["pictures"] == camera.QUICK
    assert set(row.goal) <= {*row.figures, "ratio"}
