"""The judge sees each kind of fault, and none where there is none."""

from __future__ import annotations

from msgspec.structs import replace

from packstation.domain.cartons.check import faults
from packstation.domain.cartons.contrary import contradictions
from packstation.domain.cartons.goods import (
    CartonAnswer,
    CartonItem,
    CartonParcel,
    Placement,
    Sides,
    Unpacked,
)
from packstation.domain.parcels import Carton
from tests.domain.cartons.goods_samples import carton, item

BOX = carton("C", (200, 100, 100), max_g=1000)
GOODS = [item("A", (100, 100, 50), up=True), item("B", (100, 100, 50), up=True)]
A = Placement("A", (0, 0, 0), (100, 100, 50))
B = Placement("B", (0, 0, 50), (100, 100, 50))


def judged(
    *placements: Placement,
    goods: list[CartonItem] | None = None,
    box: Carton = BOX,
    gross_g: int | None = None,
    kind: str = "box",
) -> str:
    goods = goods or GOODS
    grams = sum(one.weight_g for row in placements for one in goods if one.sku == row.sku)
    gross = grams + box.tare_g if gross_g is None else gross_g
    parcel = CartonParcel(
        carton=box.code, fill=0.5, gross_g=gross, placements=placements, kind=kind
    )
    return "; ".join(faults(CartonAnswer(parcels=(parcel,)), goods, [box]))


def moved(one: Placement, to: Sides) -> Placement:
    return Placement(one.sku, to, one.size_mm)


def test_a_sound_answer() -> None:
    assert judged(A, B) == ""
    assert judged(A, moved(B, (100, 0, 0))) == ""


def test_overlap() -> None:
    assert "A and B overlap" in judged(A, moved(B, (99, 0, 0)))


def test_outside() -> None:
    assert "B lies outside of C" in judged(A, moved(B, (101, 0, 0)))
    assert "A lies outside of C" in judged(moved(A, (-1, 0, 0)), B)


def test_floating_and_packing_order() -> None:
    assert "B floats" in judged(A, moved(B, (100, 0, 20)))
    assert "A goes in under" in judged(B, A)


def test_orientation_and_foreign_units() -> None:
    assert "A lies as" in judged(Placement("A", (0, 0, 0), (100, 50, 100)), B)
    assert "A lies as" in judged(Placement("A", (0, 0, 0), (10, 10, 10)), B)
    assert "X lies as" in judged(A, B, Placement("X", (0, 0, 0), (1, 1, 1)))


def test_each_unit_once() -> None:
    assert "B: 1 units wanted, 0 accounted for" in judged(A)
    answer = CartonAnswer(unpacked=(Unpacked("A", 1, "too_large"), Unpacked("B", 1, "too_large")))
    assert faults(answer, GOODS, [BOX]) == ()


def test_weight() -> None:
    assert "weighs 450 g, not 451 g" in judged(A, B, gross_g=451)
    assert "450 g in C, which takes 449 g" in judged(A, B, box=replace(BOX, max_g=449))


def test_what_bears_nothing() -> None:
    plate = [replace(GOODS[0], no_stack=True), GOODS[1]]
    assert "B lies over A, which bears it not" in judged(A, B, goods=plate)
    glass = [replace(GOODS[0], fragile=True), GOODS[1]]
    assert "bears it not" in judged(A, B, goods=glass)
    both = [glass[0], replace(GOODS[1], fragile=True)]
    assert judged(A, B, goods=both) == ""
    heavier = [glass[0], replace(both[1], weight_g=201)]
    assert "bears it not" in judged(A, B, goods=heavier)


def test_padding_is_part_of_a_unit() -> None:
    padded = [replace(GOODS[0], padding_mm=1), GOODS[1]]
    assert "A lies outside" in judged(A, B, goods=padded)


def test_cartons_that_are_not_there() -> None:
    parcel = CartonParcel(carton="Z", fill=0, gross_g=0, placements=(A, B))
    assert "carton Z is not in the list" in faults(CartonAnswer(parcels=(parcel,)), GOODS, [])[0]
    sound = CartonParcel(carton="C", fill=0.5, gross_g=250, placements=(A,))
    answer = CartonAnswer(parcels=(sound, replace(sound, placements=(moved(B, (0, 0, 0)),))))
    assert faults(answer, GOODS, [replace(BOX, stock=1)]) == ("2 of C used, 1 in stock",)
    assert faults(answer, GOODS, [replace(BOX, stock=2)]) == ()


def test_own_packaging() -> None:
    own = [replace(GOODS[0], own_box=True)]
    assert "own packaging lies in a carton" in judged(A, goods=own)
    assert judged(A, goods=own, kind="own") == ""
    assert "own packaging holds one unit" in judged(A, goods=[GOODS[0]], kind="own")


def test_bags_close_and_tubes_are_round() -> None:
    flat = carton("BAG", (200, 150, 60), "bag")
    assert "BAG does not close" in judged(A, B, box=replace(flat, inner_mm=(200, 150, 100)))
    assert judged(A, goods=[GOODS[0]], box=flat) == ""
    assert judged(box=flat, goods=[replace(GOODS[0], quantity=1)]) != ""
    tube = carton("T", (300, 110, 110), "tube")
    assert "round of T" in judged(A, goods=[GOODS[0]], box=tube)
    roll = [item("R", (200, 100, 100), roll=True)]
    assert judged(Placement("R", (0, 5, 5), (200, 100, 100)), goods=roll, box=tube) == ""
    lying = Placement("R", (0, 0, 0), (100, 200, 100))
    assert "round of T" in judged(lying, goods=roll, box=replace(tube, inner_mm=(300, 210, 210)))


def test_lists_of_cartons_that_contradict_themselves() -> None:
    one = carton("C", (100, 100, 100), max_g=50, tare_g=50)
    paths = [row["path"] for row in contradictions([one, replace(BOX, outer_mm=(100, 99, 300))])]
    assert paths == ["cartons[0].max_g", "cartons[1].code", "cartons[1].outer_mm"]
    assert list(contradictions([BOX])) == []
