"""How many mispacks a scale catches with learned weights, beside the catalogue's fixed band.

The hall of ``shipments_sim`` packs parcels, a hundredth of them wrong. A disputed one is looked
into: what was wrong is put right and weighed again, what was right is released by a supervisor.
What is not noticed is learned like any other. After so many parcels the learning stops, and
fresh parcels are judged twice: as ordered, and with one mistake in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct, field

from packstation.benchmarks.figures import Result, median
from packstation.benchmarks.shipments_sim import KINDS, Goods, Hall, Packing
from packstation.domain.learning import (
    Limit,
    Part,
    UnitWeight,
    carton_key,
    carton_prior,
    expected,
    judged,
    power,
    settled,
    unit_prior,
    update,
)

DIGITS_G: Final = (1, 5, 10)
PARCELS: Final = 3000
JUDGED: Final = 10_000
# The model was tuned on these; figures of seeds that nobody looked at stand in benchmarks.md.
SEEDS: Final = (1, 2, 3, 4, 5)
MISPACKED: Final = 0.01
CAUGHT_PERMILLE: Final = 850
FALSE_PERMILLE: Final = 2.0
# What a bench without learning does (domain/packing/judge.py).
FIXED_G, FIXED_PERCENT = 20, 3


class Count(Struct):
    """Of the parcels judged."""

    right: int = 0
    false: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    powered: int = 0
    powered_missing: int = 0
    powered_caught: int = 0

    @property
    def caught_permille(self) -> float:
        """Mispacks that were seen."""
        return round(1000 * self.caught.total() / max(1, self.wrong.total()), 1)

    @property
    def false_permille(self) -> float:
        """Good parcels that were disputed."""
        return round(1000 * self.false / max(1, self.right), 2)


class Pupil:
    """What a site has learned."""

    def __init__(self, digit_g: int) -> None:
        """Nothing yet."""
        self.digit_g = digit_g
        self.known: dict[str, UnitWeight] = {}
        self.limit = Limit()

    def parts(self, packing: Packing) -> list[Part]:
        """The parcel's carton and goods, as known."""
        box = packing.box
        carton = self.known.get(carton_key(box.code)) or carton_prior(box.code, box.tare_g)
        return [Part(carton), *(Part(self._unit(thing), n) for thing, n in packing.items)]

    def _unit(self, thing: Goods) -> UnitWeight:
        return self.known.get(thing.sku) or unit_prior(thing.sku, thing.catalogue_g)

    def disputes(self, packing: Packing, gross_g: int) -> bool:
        """Whether this weight is outside the band of that order."""
        band = expected(self.parts(packing), self.digit_g, self.limit)
        if band is None:
            return fixed_disputes(packing, gross_g)
        return abs(gross_g - band.expected_g) > band.tolerance_g

    def learn(self, packing: Packing, gross_g: int, *, released: bool) -> None:
        """A closed parcel."""
        learned = update(self.parts(packing), gross_g, self.digit_g, "", released=released)
        self.known.update((unit.key, unit) for unit in learned.units)
        if settled(self.parts(packing)):
            self.limit = judged(self.limit, disputed=released)

    def sees(self, packing: Packing) -> bool:
        """What the bench says of this parcel: a missing item would be seen."""
        parts = self.parts(packing)
        band = expected(parts, self.digit_g, self.limit)
        return band is not None and power(parts, band).sees


def fixed_disputes(packing: Packing, gross_g: int) -> bool:
    """Judged by the catalogue alone; without a weight nobody is disputed."""
    known = [(thing.catalogue_g, count) for thing, count in packing.items]
    total = packing.box.tare_g
    for grams, count in known:
        if grams is None:
            return False
        total += grams * count
    return abs(gross_g - total) > max(FIXED_G, total * FIXED_PERCENT // 100)


def teach(hall: Hall, pupil: Pupil, parcels: int) -> None:
    """A working day: orders, mistakes, disputes, and what comes of them."""
    for _ in range(parcels):
        packing = hall.order()
        wrong = hall.random.random() < MISPACKED
        inside = hall.mispacked(packing)[1] if wrong else packing
        gross = hall.weight(inside, pupil.digit_g)
        disputed = pupil.disputes(packing, gross)
        if disputed and wrong:
            gross = hall.weight(packing, pupil.digit_g)
            disputed = pupil.disputes(packing, gross)
        pupil.learn(packing, gross, released=disputed)


def judge(hall: Hall, pupil: Pupil, parcels: int) -> tuple[Count, Count]:
    """Fresh parcels, right and wrong: with what was learned, and by the catalogue alone."""
    taught, plain = Count(), Count()
    hall.batches = False
    for _ in range(parcels):
        packing = hall.order()
        good = hall.weight(packing, pupil.digit_g)
        kind, inside = hall.mispacked(packing)
        bad = hall.weight(inside, pupil.digit_g)
        seen = pupil.disputes(packing, bad)
        note(taught, kind, good=pupil.disputes(packing, good), bad=seen)
        note(plain, kind, good=fixed_disputes(packing, good), bad=fixed_disputes(packing, bad))
        if pupil.sees(packing):
            taught.powered += 1
            taught.powered_missing += kind == "missing"
            taught.powered_caught += kind == "missing" and seen
    return taught, plain


def note(count: Count, kind: str, *, good: bool, bad: bool) -> None:
    """Whether a good parcel and the same with a mistake of this kind were disputed."""
    count.right += 1
    count.false += good
    count.wrong[kind] += 1
    count.caught[kind] += bad


def measure(*, quick: bool = False, seeds: Sequence[int] = SEEDS) -> list[Result]:
    """A row for each scale, and one of a single mix; the goals are those of the 5 g scale."""
    from packstation.benchmarks.weights_one_mix import row

    seeds = seeds[:1] if quick else seeds
    return [*(_row(digit, seeds, quick=quick) for digit in DIGITS_G), row(seeds, quick=quick)]


def _row(digit_g: int, seeds: Sequence[int], *, quick: bool) -> Result:
    taught, plain = Count(), Count()
    limits, every = [], []
    for seed in seeds:
        hall, pupil = Hall(seed), Pupil(digit_g)
        teach(hall, pupil, 200 if quick else PARCELS)
        found = judge(hall, pupil, 200 if quick else JUDGED)
        taught, plain = _sum(taught, found[0]), _sum(plain, found[1])
        limits.append(pupil.limit.z_milli)
        every.append(found[0])
    goal = {"missed_permille": 1000 - CAUGHT_PERMILLE, "false_permille": FALSE_PERMILLE}
    figures, reference = _figures(taught), _figures(plain)
    return Result(
        name=f"weights ({digit_g} g scale)",
        figures=figures,
        reference=reference,
        ratio=round(figures["missed_permille"] / max(1, reference["missed_permille"]), 3),
        goal=goal if digit_g == 5 else {},
        note="reference: the catalogue's weights and a band of 20 g or 3 %",
        shape={
            "seeds": list(seeds),
            "by_seed": by_seed(every),
            "caught_permille_by_kind": _by_kind(taught),
            "reference_by_kind": _by_kind(plain),
            "limits_milli": limits,
            "said_to_see_permille": round(1000 * taught.powered / taught.right),
            "missing_caught_where_said_permille": round(
                1000 * taught.powered_caught / max(1, taught.powered_missing)
            ),
            "judged": taught.right,
        },
    )


def by_seed(counts: Sequence[Count]) -> Mapping[str, float]:
    """The middle and the worst seed: each is a site of its own."""
    caught = [count.caught_permille for count in counts]
    false = [count.false_permille for count in counts]
    return {
        "caught_median_permille": median(caught),
        "caught_worst_permille": min(caught),
        "false_median_permille": median(false),
        "false_worst_permille": max(false),
    }


def _sum(one: Count, other: Count) -> Count:
    return Count(
        one.right + other.right,
        one.false + other.false,
        one.wrong + other.wrong,
        one.caught + other.caught,
        one.powered + other.powered,
        one.powered_missing + other.powered_missing,
        one.powered_caught + other.powered_caught,
    )


def _figures(count: Count) -> dict[str, float]:
    return {
        "caught_permille": count.caught_permille,
        "missed_permille": round(1000 - count.caught_permille, 1),
        "false_permille": count.false_permille,
    }


def _by_kind(count: Count) -> Mapping[str, float]:
    return {kind: round(1000 * count.caught[kind] / max(1, count.wrong[kind]), 1) for kind in KINDS}
