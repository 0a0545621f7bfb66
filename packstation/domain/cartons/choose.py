"""Which cartons take an order: the best single one if there is any, else as few as possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from packstation.domain.cartons import exact, fill, settle
from packstation.domain.cartons.check import faults
from packstation.domain.cartons.contrary import of_items
from packstation.domain.cartons.exact import Proof
from packstation.domain.cartons.goods import (
    CartonAnswer,
    CartonItem,
    CartonParcel,
    Placement,
    Policy,
    Sides,
    Unpacked,
)
from packstation.domain.cartons.pieces import (
    MOST_UNITS,
    Bears,
    Packing,
    Piece,
    Spot,
    bears,
    pieces_of,
)
from packstation.domain.cartons.rooms import Room, rooms
from packstation.domain.errors import AnswerFaulty, InputInvalid
from packstation.domain.parcels import Carton

# Kinds that hold no goods of their own choosing: own packaging is declared, not filled.
_NOT_FILLED: Final = frozenset({"own"})


class Fit(Struct, frozen=True):
    """How pieces lie in a carton, or None; ``proven``: that they do not is no mere attempt."""

    parcel: CartonParcel | None
    proven: bool = True


def choose(
    items: Iterable[CartonItem], cartons: Iterable[Carton], policy: Policy | None = None
) -> CartonAnswer:
    """The parcels of an order; what fits nowhere is named in ``unpacked`` with its reason.

    The answer does not depend on the order of ``items`` or ``cartons``.

    Raises:
        InputInvalid: two rows of one SKU contradict each other.
        AnswerFaulty: the judge found a fault in what was about to be answered: a bug, never shown.
    """
    policy = policy or Policy()
    items, cartons = list(items), list(cartons)
    for wrong in of_items(items):
        raise InputInvalid(**wrong)
    answer = _choose(items, cartons, policy)
    found = faults(answer, items, cartons)
    if found:
        raise AnswerFaulty(cause="; ".join(found[:3]))
    return answer


def fits(items: Iterable[CartonItem], carton: Carton, policy: Policy | None = None) -> Fit:
    """Whether all ``items`` go into ``carton`` together, and how."""
    pieces = [piece for piece in pieces_of(items) if not piece.item.own_box]
    return _fit(pieces, bears(pieces), carton, policy or Policy()) if pieces else Fit(None)


def ranked(cartons: Iterable[Carton], policy: Policy) -> list[Carton]:
    """Cartons that may be used, best first."""
    allowed = [
        carton
        for carton in cartons
        if carton.kind not in _NOT_FILLED
        and (not policy.kinds or carton.kind in policy.kinds)
        and (carton.stock is None or carton.stock > 0)
    ]
    return sorted(allowed, key=lambda carton: _rank(carton, policy))


def _rank(carton: Carton, policy: Policy) -> tuple[object, ...]:
    length, width, height = carton.inner_mm
    volume = length * width * height
    # A cost that is not known is no bargain; amounts in several currencies are not compared.
    cost = carton.cost.amount if carton.cost is not None else Decimal("Infinity")
    currency = carton.cost.currency if carton.cost is not None else ""
    first = (volume, currency, cost) if policy.prefer == "smallest" else (currency, cost, volume)
    return (*first, not carton.recycled, carton.tare_g, carton.code)


def _choose(items: Sequence[CartonItem], cartons: Sequence[Carton], policy: Policy) -> CartonAnswer:
    usable = ranked(cartons, policy)
    own = [piece for piece in pieces_of(items) if piece.item.own_box]
    pieces = [piece for piece in pieces_of(items) if not piece.item.own_box]
    parcels = [_own(piece) for piece in own]
    out: list[Piece] = pieces[MOST_UNITS:]
    unpacked = [(piece, "too_many") for piece in out]
    rule = bears(pieces)
    pieces = pieces[:MOST_UNITS]
    alone: dict[int, str] = {}
    for piece in pieces:
        if piece.kind not in alone:
            alone[piece.kind] = _reason(piece, rule, usable, cartons, policy)
    unpacked += [(piece, alone[piece.kind]) for piece in pieces if alone[piece.kind]]
    pieces = [piece for piece in pieces if not alone[piece.kind]]
    proven = False
    if pieces:
        first, proven = _single(pieces, rule, usable, policy)
        found, rest = ([first], []) if first else _several(pieces, rule, usable, policy)
        parcels += found
        unpacked += [(piece, "no_stock") for piece in rest]
        proven = proven and first is not None
    proven = proven if pieces else bool(own)
    return CartonAnswer(
        parcels=tuple(parcels),
        unpacked=_named(unpacked),
        proven=proven and len(parcels) == 1 and not unpacked,
    )


def _own(piece: Piece) -> CartonParcel:
    """A unit in its own packaging, lying as it was given."""
    item = piece.item
    return CartonParcel(
        carton="own",
        kind="own",
        fill=1.0,
        gross_g=item.weight_g,
        placements=(Placement(item.sku, (0, 0, 0), item.sides_mm),),
        size_mm=item.sides_mm,
    )


def _named(rows: Iterable[tuple[Piece, str]]) -> tuple[Unpacked, ...]:
    count = Counter((piece.item.sku, reason) for piece, reason in rows)
    return tuple(Unpacked(sku, units, reason) for (sku, reason), units in sorted(count.items()))


def _reason(
    piece: Piece, rule: Bears, usable: Sequence[Carton], cartons: Sequence[Carton], policy: Policy
) -> str:
    """Why no carton takes one unit by itself; "" where one does."""
    if not cartons:
        return "no_carton"
    if not usable:
        return (
            "no_stock"
            if any(carton.stock is not None and carton.stock <= 0 for carton in cartons)
            else "no_carton"
        )
    fitting = [c for c in usable if _layout([piece], rule, c, policy)[0] is not None]
    if not fitting:
        return "too_large"
    return "" if any(_bearable([piece], carton) for carton in fitting) else "too_heavy"


def _bearable(pieces: Iterable[Piece], carton: Carton) -> bool:
    grams = sum(piece.item.weight_g for piece in pieces) + carton.tare_g
    return carton.max_g is None or grams <= carton.max_g


def _single(
    pieces: Sequence[Piece], rule: Bears, usable: Iterable[Carton], policy: Policy
) -> tuple[CartonParcel | None, bool]:
    """The first carton that takes everything, and whether all before it were proven not to."""
    proven = True
    for carton in usable:
        fit = _fit(pieces, rule, carton, policy)
        if fit.parcel is not None:
            return fit.parcel, proven
        proven = proven and fit.proven
    return None, proven


def _fit(pieces: Sequence[Piece], rule: Bears, carton: Carton, policy: Policy) -> Fit:
    if not _bearable(pieces, carton):
        return Fit(None)
    found, proven = _layout(pieces, rule, carton, policy)
    if found is None:
        return Fit(None, proven)
    room, packing = found
    return Fit(_parcel(pieces, packing, room, carton))


def _layout(
    pieces: Sequence[Piece], rule: Bears, carton: Carton, policy: Policy
) -> tuple[tuple[Room, Packing] | None, bool]:
    """How pieces lie in a carton, or None and whether that is proven."""
    proven = True
    volume = sum(piece.volume for piece in pieces)
    for room in rooms(carton, pieces):
        if volume > room.sides[0] * room.sides[1] * room.sides[2]:
            continue
        found = _pack(pieces, rule, room.sides, policy)
        if not isinstance(found, Proof):
            return (room, found), True
        proven = proven and found is Proof.IMPOSSIBLE
    return None, proven


def _pack(pieces: Sequence[Piece], rule: Bears, room: Sides, policy: Policy) -> Packing | Proof:
    """A quick look, then a thorough one where there are few pieces."""
    if not exact.fitting(pieces, room):
        return Proof.IMPOSSIBLE
    found = fill.place(pieces, rule, room)
    if found is not None:
        return found
    if len(pieces) <= policy.exact_units:
        return exact.pack(pieces, rule, room, policy.nodes)
    return Proof.UNKNOWN


def _parcel(pieces: Sequence[Piece], packing: Packing, room: Room, carton: Carton) -> CartonParcel:
    packing = settle.settled(packing)
    order = settle.building_order(packing)
    spots = [packing[at] for at in order]
    goods = [pieces[at].item for at in order]
    length, width, height = carton.inner_mm
    top = max(at[2] + size[2] for at, size in packing)
    outer = carton.outer_mm or carton.inner_mm
    if carton.kind == "bag":
        outer = (outer[0], outer[1], max(1, top))
    return CartonParcel(
        carton=carton.code,
        kind=carton.kind,
        fill=round(sum(item.volume_mm3 for item in goods) / (length * width * height), 4),
        gross_g=sum(item.weight_g for item in goods) + carton.tare_g,
        placements=tuple(
            _placed(item, spot, room) for item, spot in zip(goods, spots, strict=True)
        ),
        size_mm=tuple(outer),
        loose=tuple(at + 1 for at in settle.loose(spots)),
    )


def _placed(item: CartonItem, spot: Spot, room: Room) -> Placement:
    """A unit without its padding."""
    bare = {side + 2 * item.padding(side): side for side in item.sides_mm}
    sizes = [bare[side] for side in spot[1]]
    x, y, z = (
        at + corner + item.padding(side)
        for at, corner, side in zip(spot[0], room.corner, sizes, strict=True)
    )
    return Placement(item.sku, (x, y, z), (sizes[0], sizes[1], sizes[2]))


# --- several parcels --------------------------------------------------------------------


def _several(
    pieces: Sequence[Piece], rule: Bears, usable: Sequence[Carton], policy: Policy
) -> tuple[list[CartonParcel], list[Piece]]:
    """Fill the carton that takes most, again and again; then each parcel gets the best carton.

    Answers the parcels, and what is left when the stock has run out.
    """
    stock = {carton.code: carton.stock for carton in usable}
    rest, found = list(pieces), []
    while rest:
        open_ = [carton for carton in usable if stock[carton.code] != 0]
        taken = max(
            (_most(rest, rule, carton, policy) for carton in open_),
            key=lambda some: sum(piece.volume for piece in some),
            default=[],
        )
        # One unit by itself fits, if what was put together hastily does not come out again.
        tries = (
            (_single(some, rule, open_, policy)[0], some) for some in (taken, rest[:1]) if some
        )
        parcel, taken = next((one for one in tries if one[0] is not None), (None, []))
        if parcel is None:
            break
        found.append(parcel)
        if stock[parcel.carton] is not None:
            stock[parcel.carton] = (stock[parcel.carton] or 0) - 1
        for piece in taken:
            rest.remove(piece)
    return found, rest


def _most(pieces: Sequence[Piece], rule: Bears, carton: Carton, policy: Policy) -> list[Piece]:
    """As much as goes into a carton."""
    limit = None if carton.max_g is None else carton.max_g - carton.tare_g
    best: list[Piece] = []
    for room in rooms(carton, pieces[: policy.exact_units]):
        taken = [pieces[at] for at, _ in fill.most(pieces, rule, room.sides, limit)]
        if sum(piece.volume for piece in taken) > sum(piece.volume for piece in best):
            best = taken
    return best
