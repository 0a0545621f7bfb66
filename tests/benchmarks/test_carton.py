"""The benchmark of carton choice: its answer, the ways it is compared with, and its oracle."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from importlib import util
from pathlib import Path
from types import SimpleNamespace

import pytest

from packstation.benchmarks import carton
from packstation.domain.cartons.check import faults
from packstation.domain.cartons.choose import choose
from packstation.domain.cartons.goods import CartonAnswer, CartonItem, CartonParcel


def thing(length: int, width: int, height: int, **more: object) -> CartonItem:
    known = {"sku": "A", "length_mm": length, "width_mm": width, "height_mm": height}
    return CartonItem(**(known | more))  # type: ignore[arg-type]


def test_a_short_run_by_command(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "packstation.benchmarks", "--quick", "carton"],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)
    assert row["name"] == "carton choice"
    assert row["shape"] == {"orders": 15, "judged": 30, "seed": carton.SEED}
    assert row["figures"]["faults"] == 0
    assert row["figures"]["unproven_percent"] == 0
    assert row["reference"]["first_fit_larger_percent"] >= 0
    assert set(row["goal"]) <= set(row["figures"])


def test_the_rows_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carton, "QUICK", 4)
    monkeypatch.setattr(util, "find_spec", lambda _: None)
    (row,) = carton.measure(quick=True)
    assert row.shape == {"orders": 4, "judged": 8, "seed": carton.SEED}
    assert "wrong" not in row.figures
    assert "py3dbp_p50_ms" not in row.reference


def test_beside_the_others_where_they_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bin:
        def __init__(self, *_: object) -> None:
            self.items: list[object] = []

    class Packer:
        def add_bin(self, bin_: Bin) -> None:
            self.bin = bin_

        def add_item(self, item: object) -> None:
            self.bin.items.append(item)

        def pack(self, **_: object) -> None: ...

    library = SimpleNamespace(Bin=Bin, Packer=Packer, Item=lambda *sides: sides)
    monkeypatch.setattr(carton, "QUICK", 3)
    monkeypatch.setattr(carton, "import_module", lambda _: library)
    monkeypatch.setattr(carton, "cp_sat", lambda *_: False)
    monkeypatch.setattr(util, "find_spec", lambda _: object())
    (row,) = carton.measure(quick=True)
    assert row.figures["wrong"] == 0
    assert row.reference["py3dbp_larger_percent"] >= 0


def test_the_oracle_contradicts_only_what_was_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carton, "cp_sat", lambda *_: True)
    boxes = carton.cartons()
    last = CartonParcel(carton=boxes[-1].code, fill=0.1, gross_g=1, placements=())
    for proven in (True, False):
        answer = CartonAnswer(parcels=(last,), proven=proven)
        assert carton._wrong([thing(10, 10, 10)], answer, boxes) is proven
    first = CartonParcel(carton=boxes[0].code, fill=0.1, gross_g=1, placements=())
    fits = CartonAnswer(parcels=(first,), proven=True)
    assert not carton._wrong([thing(10, 10, 10)], fits, boxes)
    monkeypatch.setattr(carton, "cp_sat", lambda *_: False)
    assert not carton._wrong([thing(10, 10, 10)], CartonAnswer(proven=True), boxes)


def test_first_fit_fills_rows_then_shelves() -> None:
    room = (100, 100, 100)
    assert carton.first_fit([thing(50, 50, 50)] * 8, room)
    assert not carton.first_fit([thing(50, 50, 50)] * 9, room)
    assert not carton.first_fit([thing(101, 10, 10)], room)
    upright = thing(100, 40, 90, keep_upright=True)
    assert carton.first_fit([upright] * 2, room)
    assert not carton.first_fit([upright], (100, 100, 80))


def test_the_same_seed_gives_the_same_orders_and_no_fault() -> None:
    one, other = random.Random(5), random.Random(5)
    boxes = (*carton.cartons(), *carton._SOFT)
    for _ in range(12):
        items = carton.ruled(one)
        assert items == carton.ruled(other)
        assert faults(choose(items, boxes), items, boxes) == ()


class Term:
    """Stands for a variable or a sum of a solver."""

    def __add__(self, _: object) -> Term:
        return self

    __radd__ = __mul__ = __rmul__ = __le__ = __add__


class Model:
    """Takes every constraint."""

    def NewBoolVar(self, _: str) -> Term:  # noqa: N802 - the library's names
        return Term()

    def NewIntVar(self, *_: object) -> Term:  # noqa: N802
        return Term()

    def Add(self, _: object) -> Model:  # noqa: N802
        return self

    AddExactlyOne = AddBoolOr = OnlyEnforceIf = Add


@pytest.mark.parametrize(("status", "known"), [(4, True), (2, True), (3, False), (0, None)])
def test_what_the_oracle_answers(
    monkeypatch: pytest.MonkeyPatch, status: int, known: bool | None
) -> None:
    solver = SimpleNamespace(parameters=SimpleNamespace(), Solve=lambda _: status)
    library = SimpleNamespace(
        CpModel=Model, CpSolver=lambda: solver, OPTIMAL=4, FEASIBLE=2, INFEASIBLE=3
    )
    monkeypatch.setattr(carton, "import_module", lambda _: library)
    units = [thing(60, 50, 40), thing(30, 20, 10, keep_upright=True)]
    assert carton.cp_sat(units, (100, 100, 100)) is known
    assert carton.cp_sat([thing(101, 101, 101)], (100, 100, 100)) is False
