"""What is to be boxed, what was found, and the rules that both the search and its judge obey.

Axes start in the back left corner of the carton's floor: x runs right along its length, y to the
front along its width, z up. All sides and positions are whole millimetres, and units lie parallel
to the walls.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from packstation.domain.catalog import Sku
from packstation.domain.parcels import Side

Sides = tuple[int, int, int]


class CartonItem(Struct, frozen=True, kw_only=True):
    """``quantity`` pieces of one size in millimetres and weight in grams (0: not known).

    ``keep_upright``: the height stays up. ``no_stack``: nothing lies over it, at any height.
    ``fragile``: only what is fragile and no heavier lies over it. ``own_box``: it ships in its
    own packaging, alone. ``padding_mm`` is kept free on each of its sides, and half of
    ``padding_percent`` of a side on each end of it. A ``roll`` is ``length_mm`` long and as thick
    as the larger of its other sides.
    """

    sku: Sku
    quantity: Annotated[int, Meta(ge=1, le=100_000)] = 1
    length_mm: Side
    width_mm: Side
    height_mm: Side
    weight_g: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    keep_upright: bool = False
    no_stack: bool = False
    fragile: bool = False
    own_box: bool = False
    padding_mm: Annotated[int, Meta(ge=0, le=1000)] = 0
    padding_percent: Annotated[int, Meta(ge=0, le=200)] = 0
    shape: Literal["box", "roll"] = "box"

    @property
    def sides_mm(self) -> Sides:
        """Length, width, height of one; a roll is as high as it is wide."""
        if self.shape == "roll":
            thick = max(self.width_mm, self.height_mm)
            return self.length_mm, thick, thick
        return self.length_mm, self.width_mm, self.height_mm

    @property
    def volume_mm3(self) -> int:
        """Volume of one, without padding."""
        length, width, height = self.sides_mm
        return length * width * height

    def padding(self, side: int) -> int:
        """What stays free on each end of a ``side`` of this item."""
        return self.padding_mm + -(-side * self.padding_percent // 200)


class Placement(Struct, frozen=True):
    """One unit in the carton: its back left lower corner, and its size as it lies (x, y, z).

    Padding is not part of it: it is what stays free around.
    """

    sku: str
    position_mm: Sides
    size_mm: Sides


class CartonParcel(Struct, frozen=True, kw_only=True):
    """One parcel: its carton, the share of its inner room that goods take, gross grams.

    ``placements`` come in packing order: each unit is lowered from above onto what is in
    already. ``loose`` are the numbers (from 1) of those that need filling under them, because
    less than 60 % of their base rests on something. ``size_mm`` is the closed parcel's outer
    size; of a bag its thickness is that of what is in it.
    """

    carton: str
    fill: float
    gross_g: int
    placements: tuple[Placement, ...]
    kind: str = "box"
    size_mm: tuple[int, ...] = ()
    loose: tuple[int, ...] = ()


class Unpacked(Struct, frozen=True):
    """``quantity`` units that no carton takes, and why.

    ``reason``: no_carton (the list is empty), too_large, too_heavy, no_stock, too_many.
    """

    sku: str
    quantity: int
    reason: str


class CartonAnswer(Struct, frozen=True, kw_only=True):
    """The parcels of an order.

    ``proven``: it is one parcel, and that nothing fits into any carton that comes before the
    chosen one was proven, not merely tried.
    """

    parcels: tuple[CartonParcel, ...] = ()
    unpacked: tuple[Unpacked, ...] = ()
    proven: bool = False


class Policy(Struct, frozen=True, kw_only=True):
    """How to choose.

    ``prefer``: smallest (inner volume, then cost) or cheapest (cost, then volume); recycled
    material wins where these are equal. ``kinds`` are those that may be used, all when empty.
    ``nodes`` is how long the exact search may take for one carton, in choices made; up to
    ``exact_units`` units are decided exactly.
    """

    prefer: Literal["smallest", "cheapest"] = "smallest"
    kinds: frozenset[str] = field(default_factory=frozenset)
    nodes: int = 60_000
    exact_units: int = 8
