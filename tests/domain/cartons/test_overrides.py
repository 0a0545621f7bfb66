"""Proposed cartons that were not taken, most often first."""

from __future__ import annotations

from packstation.domain.cartons.overrides import Overridden, overrides
from packstation.domain.packing.facts import CartonAssigned, SessionCompleted


def test_nothing_was_overridden() -> None:
    found = overrides([CartonAssigned(carton="C1"), SessionCompleted()])
    assert (found.assigned, found.overridden) == (1, ())


def test_the_most_overridden_comes_first_with_its_reasons() -> None:
    one = CartonAssigned(carton="C4", offered="C3", reason="too_small")
    two = CartonAssigned(carton="C5", offered="C3", reason="none_left")
    bare = CartonAssigned(carton="own", offered="C1")
    found = overrides([bare, two, one, one])
    assert found.overridden == (
        Overridden(
            offered="C3",
            times=3,
            reasons={"too_small": 2, "none_left": 1},
            taken={"C4": 2, "C5": 1},
        ),
        Overridden(offered="C1", times=1, reasons={"none": 1}, taken={"own": 1}),
    )
