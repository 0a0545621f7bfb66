"""A seeded hall of mispacks: what is packed, what it weighs, and what goes wrong in it.

All that the figures of `packstation bench weights` rest on; docs/benchmarks.md describes it.
"""

from __future__ import annotations

import math
from random import Random
from typing import Final

from msgspec import Struct

SKUS: Final = 500
UNITS: Final = (1, 2, 3, 4)
UNITS_SHARES: Final = (45, 28, 17, 10)
MEDIAN_G, WIDTH = 180.0, 0.8  # of the log-normal weights
LIGHTEST_G, HEAVIEST_G = 15.0, 4000.0
SPREADS: Final = (0.004, 0.02)  # from unit to unit, as a share; each SKU has its own
CATALOGUE_OFF: Final = 0.06  # standard deviation of the catalogue's error, as a share
WRONG: Final = 0.05  # share of catalogue rows that are wrong by up to a half
UNKNOWN: Final = 0.03  # share of products without a weight
TARES_G: Final = (38, 62, 95, 140, 210, 330)
TARE_OFF: Final = 0.03
FILLINGS_G: Final = ((6.0, 2.0), (9.0, 3.0), (12.0, 3.5), (18.0, 5.0), (25.0, 7.0), (40.0, 10.0))
KINDS: Final = ("missing", "extra", "swapped")
KINDS_SHARES: Final = (50, 20, 30)
RECENT: Final = 30  # an extra or swapped thing is one of so many that were handled last
SCALE_NOISE: Final = 0.3  # of its digit, before it rounds
NEW_BATCH: Final = 0.0002  # chance, a parcel, that some SKU's weight steps by 4 to 10 per cent


class Goods(Struct):
    """A SKU: its true mean weight, its unit's spread, and what the catalogue says."""

    sku: str
    mean_g: float
    spread_g: float
    catalogue_g: int | None


class Box(Struct, frozen=True):
    """A carton: its tare as stated and as it is, and its filling."""

    code: str
    tare_g: int
    true_g: float
    filling_g: tuple[float, float]


class Packing(Struct, frozen=True):
    """What was ordered (SKU and count), in which carton."""

    items: tuple[tuple[Goods, int], ...]
    box: Box


class Hall:
    """Orders, goods and cartons of one seed."""

    def __init__(self, seed: int) -> None:
        """Everything is drawn from ``seed``."""
        self.random = random = Random(seed)
        self.goods = [_goods(random, number) for number in range(SKUS)]
        self.boxes = [
            Box(f"C{n + 1}", tare, tare * random.gauss(1, TARE_OFF), FILLINGS_G[n])
            for n, tare in enumerate(TARES_G)
        ]
        ranks = list(range(1, SKUS + 1))
        random.shuffle(ranks)
        self._shares = [1 / rank for rank in ranks]
        self._lately: list[Goods] = []
        self.batches = True

    def order(self) -> Packing:
        """The next order; now and then a new batch weighs other than the one before."""
        random = self.random
        if self.batches and random.random() < NEW_BATCH:
            thing = random.choice(self.goods)
            thing.mean_g *= 1 + random.choice((-1, 1)) * random.uniform(0.04, 0.10)
        units = random.choices(UNITS, UNITS_SHARES)[0]
        drawn = random.choices(self.goods, self._shares, k=units)
        counts = {thing.sku: (thing, drawn.count(thing)) for thing in drawn}
        self._lately = [*self._lately, *drawn][-RECENT:]
        mass = sum(thing.mean_g for thing in drawn)
        box = self.boxes[min(len(self.boxes) - 1, int(math.log2(1 + mass / 150)))]
        return Packing(tuple(counts.values()), box)

    def weight(self, packing: Packing, digit_g: int) -> int:
        """What the scale shows for it."""
        random = self.random
        gross = packing.box.true_g + max(0.0, random.gauss(*packing.box.filling_g))
        for thing, count in packing.items:
            gross += sum(random.gauss(thing.mean_g, thing.spread_g) for _ in range(count))
        gross += random.gauss(0, SCALE_NOISE * digit_g)
        return digit_g * round(gross / digit_g)

    def mispacked(self, packing: Packing) -> tuple[str, Packing]:
        """The same order with one mistake in it, and which."""
        random = self.random
        kind = random.choices(KINDS, KINDS_SHARES)[0]
        inside = {thing.sku: (thing, count) for thing, count in packing.items}
        victim = random.choice([thing for thing, n in packing.items for _ in range(n)])
        others = [thing for thing in self._lately if thing.sku != victim.sku]
        if kind in {"missing", "swapped"}:
            inside[victim.sku] = victim, inside[victim.sku][1] - 1
        if kind in {"extra", "swapped"}:
            more = random.choice(others or self.goods)
            inside[more.sku] = more, inside.get(more.sku, (more, 0))[1] + 1
        left = tuple((thing, count) for thing, count in inside.values() if count)
        return kind, Packing(left, packing.box)


def _goods(random: Random, number: int) -> Goods:
    mean = min(max(random.lognormvariate(math.log(MEDIAN_G), WIDTH), LIGHTEST_G), HEAVIEST_G)
    said = mean * random.gauss(1, CATALOGUE_OFF)
    if random.random() < WRONG:
        said = mean * random.uniform(0.5, 1.5)
    unknown = random.random() < UNKNOWN
    return Goods(
        sku=f"SKU-{number:03}",
        mean_g=mean,
        spread_g=mean * random.uniform(*SPREADS),
        catalogue_g=None if unknown else max(1, round(said)),
    )
