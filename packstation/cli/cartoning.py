"""``carton``."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from packstation.cli.files import naming, read
from packstation.cli.running import DONE, REFUSED, Out

if TYPE_CHECKING:
    from packstation.domain.cartons.goods import CartonAnswer, CartonParcel
    from packstation.domain.items import Items
    from packstation.domain.parcels import Cartons


def carton(args: Namespace, out: Out) -> int:
    """Which cartons, what goes where; exit status 1 where something fits nowhere."""
    from packstation.domain.cartons.choose import choose
    from packstation.domain.cartons.contrary import contradictions
    from packstation.domain.cartons.goods import Policy
    from packstation.domain.errors import InputInvalid

    items, cartons = _items(args.items), _cartons(args.cartons)
    for wrong in contradictions(cartons.cartons):
        raise InputInvalid(file=args.cartons, **wrong)
    answer = choose(items.items, cartons.cartons, Policy(prefer=args.prefer))
    out.show(to_json(answer), _told(answer))
    return REFUSED if answer.unpacked else DONE


def _items(name: str) -> Items:
    from packstation.domain.items import Items
    from packstation.domain.records import decode_one, read_json

    with naming(name):
        return decode_one(read_json(read(name)), Items)


def _cartons(name: str) -> Cartons:
    from packstation.domain.parcels import Cartons
    from packstation.domain.records import decode_one, read_json

    with naming(name):
        return decode_one(read_json(read(name)), Cartons)


def to_json(answer: CartonAnswer) -> dict[str, object]:
    """The answer of FORMATS.md, with a few fields more."""
    import msgspec

    document: dict[str, object] = msgspec.to_builtins(answer)
    return document


def _told(answer: CartonAnswer) -> str:
    rows = [_parcel(number, one) for number, one in enumerate(answer.parcels, start=1)]
    rows += [f"-  {one.quantity} x {one.sku}: {one.reason}" for one in answer.unpacked]
    if answer.proven:
        rows.append("proven: no smaller carton takes it")
    return "\n".join(rows) or "nothing to pack"


def _parcel(number: int, one: CartonParcel) -> str:
    head = f"{number}. {one.carton} ({one.kind}), {one.fill:.0%} full, {one.gross_g} g"
    rows = [
        f"   {at}. {p.sku} at {_sides(p.position_mm)}, {_sides(p.size_mm)} mm"
        + (" (fill under it)" if at in one.loose else "")
        for at, p in enumerate(one.placements, start=1)
    ]
    return "\n".join([head, *rows])


def _sides(sides: tuple[int, int, int]) -> str:
    return " x ".join(map(str, sides))
