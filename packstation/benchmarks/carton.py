"""Choosing cartons: ours beside py3dbp and a naive first-fit, on the same generated orders.

Orders of one to eight units (books, boxes, bottles that stay upright, flat things, several of
one kind) choose among twelve cartons, seeded. Ours proves the smallest; py3dbp and first-fit try
the cartons from the smallest on and take the first that holds all they were given. Where
OR-tools is installed too, CP-SAT is asked about each order's carton and the ones before it:
``wrong`` counts the orders where it disagrees.

``faults``: what the judge (`packstation.domain.cartons.check`) finds in the answers, among them
orders of up to 30 units and goods with every rule there is.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module, util
from itertools import permutations
from typing import Any, Final

from packstation.benchmarks.figures import Result, percentile, spread
from packstation.domain.cartons.check import faults
from packstation.domain.cartons.choose import choose
from packstation.domain.cartons.goods import CartonAnswer, CartonItem, Policy, Sides
from packstation.domain.parcels import Carton

SEED: Final = 20_261_122
ORDERS: Final = 2_000
JUDGED: Final = 8_000
QUICK: Final = 15
ASKED: Final = 1_000
BOXES: Final[tuple[Sides, ...]] = (
    (160, 110, 60),
    (200, 150, 100),
    (230, 160, 80),
    (250, 200, 120),
    (300, 200, 120),
    (300, 220, 200),
    (350, 250, 150),
    (400, 300, 200),
    (400, 300, 300),
    (500, 400, 300),
    (600, 400, 400),
    (600, 500, 500),
)
_SOFT: Final = (
    Carton(code="bag", inner_mm=(350, 250, 60), kind="bag", max_g=2000, tare_g=15),
    Carton(code="tube", inner_mm=(600, 110, 110), kind="tube", tare_g=120),
)


def cartons() -> tuple[Carton, ...]:
    """Twelve boxes, smallest first."""
    boxes = (Carton(code="x".join(map(str, b)), inner_mm=b, tare_g=100) for b in BOXES)
    return tuple(sorted(boxes, key=lambda box: _volume(box.inner_mm)))


def _volume(sides: Sides) -> int:
    return sides[0] * sides[1] * sides[2]


def order(chance: random.Random, most: int = 8) -> list[CartonItem]:
    """One order; units of a SKU together."""
    left = chance.randint(1, most)
    found: list[CartonItem] = []
    while left:
        sides = chance.randint(40, 180), chance.randint(30, 140), chance.randint(10, 90)
        if chance.random() < 0.2:
            sides = chance.randint(150, 320), chance.randint(100, 250), chance.randint(15, 60)
        units = min(left, chance.choice([1, 1, 1, 2, 3]))
        found.append(_item(len(found), sides, units, up=chance.random() < 0.15))
        left -= units
    return found


def _item(number: int, sides: Sides, units: int, *, up: bool) -> CartonItem:
    length, width, height = sides
    return CartonItem(
        sku=f"S{number}",
        quantity=units,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        keep_upright=up,
    )


def ruled(chance: random.Random) -> list[CartonItem]:
    """An order with every rule there is, up to 30 units."""
    from msgspec.structs import replace

    return [
        replace(
            item,
            weight_g=chance.randint(0, 900),
            no_stack=chance.random() < 0.1,
            fragile=chance.random() < 0.15,
            own_box=chance.random() < 0.03,
            padding_mm=chance.choice([0, 0, 0, 5, 10]),
            shape="roll" if chance.random() < 0.05 else "box",
        )
        for item in order(chance, chance.choice([4, 8, 8, 15, 30]))
    ]


# --- the others -------------------------------------------------------------------------

Units = Sequence[CartonItem]


def _units(items: Iterable[CartonItem]) -> Units:
    return [item for item in items for _ in range(item.quantity)]


def first_fit(units: Units, room: Sides) -> bool:
    """Rows on shelves in the order given: what does not fit behind begins a new row or shelf."""
    x = y = z = row = shelf = 0
    for unit in units:
        for length, width, height in sorted(permutations(unit.sides_mm), key=lambda s: s[2]):
            if unit.keep_upright and height != unit.height_mm:
                continue
            for corner in ((x, y, z), (0, y + row, z), (0, 0, z + shelf)):
                fits = all(
                    at + side <= most
                    for at, side, most in zip(corner, (length, width, height), room, strict=True)
                )
                if fits:
                    break
            if fits:
                break
        else:
            return False
        if corner != (x, y, z):
            row, shelf = (0, shelf) if corner[2] == z else (0, 0)
        x, y, z = corner[0] + length, corner[1], corner[2]
        row, shelf = max(row, width), max(shelf, height)
    return True


def py3dbp(units: Units, room: Sides) -> bool:
    """All of them by py3dbp, larger ones first; it knows no upright goods and turns them."""
    library: Any = import_module("py3dbp")
    packer = library.Packer()
    bin_ = library.Bin("b", *room, 10**9)
    packer.add_bin(bin_)
    for unit in units:
        packer.add_item(library.Item(unit.sku, *unit.sides_mm, 0))
    packer.pack(bigger_first=True)
    return len(bin_.items) == len(units)


def cp_sat(units: Units, room: Sides) -> bool | None:
    """Whether they fit, by OR-tools CP-SAT; None where it does not know after 20 s."""
    cp_model: Any = import_module("ortools.sat.python.cp_model")
    model = cp_model.CpModel()
    placed = [_variables(model, unit, room) for unit in units]
    if any(one is None for one in placed):
        return False
    boxes = [one for one in placed if one is not None]
    for number, (at, size) in enumerate(boxes):
        for other, extent in boxes[:number]:
            ways = []
            for axis in range(3):
                for low, long, high in ((at, size, other), (other, extent, at)):
                    way = model.NewBoolVar("")
                    model.Add(low[axis] + long[axis] <= high[axis]).OnlyEnforceIf(way)
                    ways.append(way)
            model.AddBoolOr(ways)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = 20
    status = solver.Solve(model)
    known = {cp_model.OPTIMAL: True, cp_model.FEASIBLE: True, cp_model.INFEASIBLE: False}
    return known.get(status)


def _variables(model: Any, unit: CartonItem, room: Sides) -> tuple[list[Any], list[Any]] | None:  # noqa: ANN401 - has no types
    turns = [
        turn
        for turn in sorted(set(permutations(unit.sides_mm)))
        if all(map(int.__le__, turn, room)) and (not unit.keep_upright or turn[2] == unit.height_mm)
    ]
    if not turns:
        return None
    chosen = [model.NewBoolVar("") for _ in turns]
    model.AddExactlyOne(chosen)
    size = [sum(t[a] * way for t, way in zip(turns, chosen, strict=True)) for a in range(3)]
    at = [model.NewIntVar(0, room[a], "") for a in range(3)]
    for axis in range(3):
        model.Add(at[axis] + size[axis] <= room[axis])
    return at, size


# --- measuring --------------------------------------------------------------------------


def measure(*, quick: bool = False) -> list[Result]:
    """One row: time, what is not proven, what is wrong, faults; the others' boxes and times."""
    chance = random.Random(SEED)
    orders = [order(chance) for _ in range(QUICK if quick else ORDERS)]
    boxes = cartons()
    answers, times = _ours(orders, boxes)
    judged = [ruled(chance) for _ in range(QUICK if quick else JUDGED)]
    found = sum(
        len(faults(answer, items, boxes)) for items, answer in zip(orders, answers, strict=True)
    )
    for items in judged:
        answer = choose(items, (*boxes, *_SOFT), Policy(nodes=300))
        found += len(faults(answer, items, (*boxes, *_SOFT)))
    unproven = sum(not answer.proven for answer in answers)
    figures = {
        **spread([1e3 * one for one in times]),
        "unproven_percent": round(100 * unproven / len(orders), 3),
        "faults": found,
    }
    goal: dict[str, float] = {"p99_ms": 50, "unproven_percent": 0, "faults": 0}
    if util.find_spec("ortools") is not None:
        figures["wrong"] = sum(
            _wrong(items, answer, boxes)
            for items, answer in list(zip(orders, answers, strict=True))[:ASKED]
        )
        goal["wrong"] = 0
    reference = _others(orders, answers, boxes)
    return [
        Result(
            name="carton choice",
            figures=figures,
            reference=reference,
            ratio=round(figures["p50_ms"] / max(reference["first_fit_p50_ms"], 1e-9), 2),
            goal=goal,
            note="larger: orders that get a larger carton than is needed",
            shape={"orders": len(orders), "judged": len(orders) + len(judged), "seed": SEED},
        )
    ]


def _ours(
    orders: Iterable[list[CartonItem]], boxes: Sequence[Carton]
) -> tuple[list[CartonAnswer], list[float]]:
    answers, times = [], []
    for items in orders:
        begun = time.thread_time()
        answers.append(choose(items, boxes))
        times.append(time.thread_time() - begun)
    return answers, times


def _wrong(items: list[CartonItem], answer: CartonAnswer, boxes: Sequence[Carton]) -> bool:
    """Whether CP-SAT fits the order into a carton before the one chosen and proven."""
    units = _units(items)
    volume = sum(_volume(unit.sides_mm) for unit in units)
    chosen = [parcel.carton for parcel in answer.parcels]
    for box in boxes:
        if [box.code] == chosen or not answer.proven:
            return False
        if volume <= _volume(box.inner_mm) and cp_sat(units, box.inner_mm):
            return True
    return False


def _others(
    orders: Sequence[list[CartonItem]], answers: Sequence[CartonAnswer], boxes: Sequence[Carton]
) -> dict[str, float]:
    found: dict[str, float] = {}
    ways: dict[str, Callable[[Units, Sides], bool]] = {"first_fit": first_fit}
    if util.find_spec("py3dbp") is not None:
        ways["py3dbp"] = py3dbp
    for name, way in ways.items():
        times, larger = [], 0
        for items, answer in zip(orders, answers, strict=True):
            units = _units(items)
            begun = time.thread_time()
            box = next((box.code for box in boxes if way(units, box.inner_mm)), "")
            times.append(time.thread_time() - begun)
            larger += [box] != [parcel.carton for parcel in answer.parcels]
        found[f"{name}_larger_percent"] = round(100 * larger / len(orders), 1)
        found[f"{name}_p50_ms"] = round(1e3 * percentile(times, 0.5), 3)
        found[f"{name}_p99_ms"] = round(1e3 * percentile(times, 0.99), 1)
    return found
