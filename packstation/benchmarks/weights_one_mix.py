"""The worst diet for learned weights: one mix all day, on a scale that leans, then the mix apart.

Things that are always sold together are known as a sum only, and a lean that creeps in looks like
a new weight of all of them. Phases of each seed: the mix on a true scale; the mix while the scale
creeps; the same after a jump; then each of its goods alone in a box of its own, on a true scale.
The bench does what the product does: it judges, learns, says when the scale leans, learns nothing
from then on; somebody empties and zeroes the scale ten parcels later, and a reference weight ends
the doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from packstation.benchmarks.figures import Result, median
from packstation.benchmarks.shipments_sim import Hall, Packing
from packstation.benchmarks.weights import Count, Pupil, fixed_disputes, note
from packstation.domain.learning import Drift, expected, leaning

DIGIT_G: Final = 5
TRUE: Final = 150
CREEPS: Final = 300
CREEP_G: Final = 20.0  # over all of the creeping phase
JUMPS: Final = 100
JUMP_G: Final = 12.0
HEEDED: Final = 10  # parcels until somebody goes to the scale
ALONE: Final = 40  # of each of the mix's goods


class Scale(Struct):
    """What it adds to every weight, and whether somebody was told."""

    lean_g: float = 0.0
    told: int = 0


class Told(Struct):
    """Of one seed: how many parcels, and how many grams, until the lean was said."""

    jump_after: int = 0
    creep_g: float = CREEP_G


class Bench:
    """One bench, one mix, one scale."""

    def __init__(self, seed: int) -> None:
        """A mix of at least two kinds whose weights the catalogue has."""
        self.hall, self.pupil, self.scale = Hall(seed), Pupil(DIGIT_G), Scale()
        self.hall.batches = False
        self.drift, self.told = Drift(), Told()
        self.mix = next(order for order in iter(self.hall.order, None) if _fit(order))

    def pack(self, packing: Packing, count: Count, plain: Count) -> None:
        """One good parcel is judged and learned; the same with a mistake is judged only."""
        scale = self.scale
        good = self._shown(packing)
        kind, inside = self.hall.mispacked(packing)
        bad = self._shown(inside)
        disputed = self.pupil.disputes(packing, good)
        note(count, kind, good=disputed, bad=self.pupil.disputes(packing, bad))
        note(plain, kind, good=fixed_disputes(packing, good), bad=fixed_disputes(packing, bad))
        self._lean(packing, good)
        if not self.drift.leans_g:
            self.pupil.learn(packing, good, released=disputed)
            return
        scale.told += 1
        if scale.told >= HEEDED:
            self.scale, self.drift = Scale(), Drift()

    def _shown(self, packing: Packing) -> int:
        exact = self.hall.weight(packing, 1) + self.scale.lean_g
        return DIGIT_G * round(exact / DIGIT_G)

    def _lean(self, packing: Packing, gross_g: int) -> None:
        band = expected(self.pupil.parts(packing), DIGIT_G, self.pupil.limit)
        if band is not None:
            self.drift = leaning(self.drift, gross_g - band.expected_g, band.sd_mg)


class Phases(Struct):
    """What was counted, phase by phase."""

    true: Count
    creeping: Count
    jumped: Count
    alone: Count


def run(seed: int, *, quick: bool = False) -> tuple[Bench, Phases, Phases]:
    """All phases of a seed: with what was learned, and by the catalogue alone."""
    bench, share = Bench(seed), 10 if quick else 1
    learned, plain = (Phases(Count(), Count(), Count(), Count()) for _ in range(2))
    for _ in range(TRUE // share):
        bench.pack(bench.mix, learned.true, plain.true)
    _creep(bench, learned, plain, CREEPS // share)
    _jump(bench, learned, plain, JUMPS // share)
    bench.scale, bench.drift = Scale(), Drift()
    for thing, _ in bench.mix.items:
        alone = Packing(((thing, 1),), bench.mix.box)
        for _ in range(ALONE // share):
            bench.pack(alone, learned.alone, plain.alone)
    return bench, learned, plain


def _creep(bench: Bench, learned: Phases, plain: Phases, parcels: int) -> None:
    reached = 0.0
    for _ in range(parcels):
        bench.scale.lean_g += CREEP_G / parcels
        reached = max(reached, bench.scale.lean_g)
        bench.pack(bench.mix, learned.creeping, plain.creeping)
    bench.told.creep_g = reached
    bench.scale, bench.drift = Scale(), Drift()


def _jump(bench: Bench, learned: Phases, plain: Phases, parcels: int) -> None:
    bench.scale = Scale(lean_g=JUMP_G)
    for number in range(parcels):
        bench.pack(bench.mix, learned.jumped, plain.jumped)
        if bench.drift.leans_g and not bench.told.jump_after:
            bench.told.jump_after = number + 1


def row(seeds: Sequence[int], *, quick: bool = False) -> Result:
    """All seeds together; a phase each."""
    found = [run(seed, quick=quick) for seed in seeds]
    learned, plain = [each[1] for each in found], [each[2] for each in found]
    after = [bench.told.jump_after for bench, _, _ in found]
    return Result(
        name=f"weights, one mix ({DIGIT_G} g scale)",
        figures=_figures(learned),
        reference=_figures(plain),
        ratio=round(
            _missed(learned, "true") / max(1.0, _missed(plain, "true")),
            3,
        ),
        goal={},
        note="reference: the catalogue's weights and a band of 20 g or 3 %",
        shape={
            "jump_g": JUMP_G,
            "jump_said_after_median": median([n for n in after if n] or [0]),
            "jump_never_said": after.count(0),
            "creep_g_at_most_median": median([bench.told.creep_g for bench, _, _ in found]),
            "seeds": list(seeds),
        },
    )


def _figures(found: Sequence[Phases]) -> dict[str, float]:
    figures = {}
    for phase in Phases.__struct_fields__:
        figures[f"{phase}_caught_permille"] = round(1000 - _missed(found, phase), 1)
        counts = [getattr(each, phase) for each in found]
        wrong = sum(count.false for count in counts)
        figures[f"{phase}_false_permille"] = round(
            1000 * wrong / max(1, sum(count.right for count in counts)), 2
        )
    return figures


def _missed(found: Sequence[Phases], phase: str) -> float:
    counts: list[Count] = [getattr(each, phase) for each in found]
    wrong = sum(count.wrong.total() for count in counts)
    return 1000 - 1000 * sum(count.caught.total() for count in counts) / max(1, wrong)


def _fit(order: Packing) -> bool:
    return len(order.items) > 1 and all(thing.catalogue_g for thing, _ in order.items)
