"""The boxes that goods go into, as the bench keeps them; worked out in the background."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from msgspec import Struct, field

from packstation.domain.cartons.choose import choose, fits, ranked
from packstation.domain.cartons.goods import CartonAnswer, CartonItem, CartonParcel, Policy
from packstation.domain.parcels import Carton

Spots = tuple[tuple[str, tuple[int, int, int], tuple[int, int, int]], ...]

# Code and kind of goods that ship as they are.
OWN: Final = "own"
# How many boxes are worked out: the best and the two beside it.
OFFERED: Final = 3
# The bench waits for nobody: what is not proven by then is offered as tried.
POLICY: Final = Policy(nodes=3_000)


class BoxPlan(Struct, frozen=True):
    """What was worked out for a parcel's goods.

    ``codes`` are boxes that take them all, best first; ``spots`` where goods lie in them, and
    ``sizes`` the closed parcel's. ``loads`` are the parcels that the goods need where there is
    no such box: each its box and how many of which SKU; ``parts`` where those lie.
    """

    codes: tuple[str, ...] = ()
    spots: Mapping[str, Spots] = field(default_factory=dict)
    sizes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    loads: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()
    parts: tuple[tuple[str, Spots], ...] = ()
    proven: bool = False

    @property
    def own(self) -> bool:
        """Whether the goods are one thing that ships in its own packaging."""
        return len(self.loads) == 1 and self.loads[0][0] == OWN


def worked_out(goods: Sequence[CartonItem], cartons: Sequence[Carton]) -> BoxPlan:
    """The best box for ``goods`` and the two after it, or the parcels they need; some time."""
    answer = choose(goods, cartons, POLICY)
    first = answer.parcels[0] if len(answer.parcels) == 1 and not answer.unpacked else None
    if first is None or first.kind == OWN:
        parts = tuple((parcel.carton, _spots(parcel)) for parcel in answer.parcels)
        return BoxPlan(loads=_loads(answer), parts=() if answer.unpacked else parts)
    boxes = ranked(cartons, POLICY)
    codes = [carton.code for carton in boxes]
    after = boxes[codes.index(first.carton) + 1 :]
    more = (fits(goods, carton, Policy(nodes=0)).parcel for carton in after)
    found = [first, *islice((parcel for parcel in more if parcel is not None), OFFERED - 1)]
    return BoxPlan(
        codes=tuple(parcel.carton for parcel in found),
        spots={parcel.carton: _spots(parcel) for parcel in found},
        sizes={parcel.carton: parcel.size_mm for parcel in found},
        proven=answer.proven,
    )


def _spots(parcel: CartonParcel) -> Spots:
    return tuple((one.sku, one.position_mm, one.size_mm) for one in parcel.placements)


def _loads(answer: CartonAnswer) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    if answer.unpacked:
        return ()
    return tuple((parcel.carton, _units(parcel)) for parcel in answer.parcels)


def _units(parcel: CartonParcel) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for one in parcel.placements:
        found[one.sku] = found.get(one.sku, 0) + 1
    return tuple(found.items())
