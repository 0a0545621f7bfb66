"""The hall of mispacks: the same seed packs the same, and what goes wrong is what it says."""

from __future__ import annotations

from collections import Counter

from packstation.benchmarks.shipments_sim import KINDS, SKUS, UNITS, Hall, Packing


def units(packing: Packing) -> Counter[str]:
    return Counter({goods.sku: count for goods, count in packing.items})


def test_the_same_seed_is_the_same_hall() -> None:
    one, two, other = Hall(1), Hall(1), Hall(2)
    first = [one.order() for _ in range(50)]
    assert [units(each) for each in first] == [units(two.order()) for _ in range(50)]
    assert [units(each) for each in first] != [units(other.order()) for _ in range(50)]
    assert len(one.goods) == SKUS
    assert [one.weight(each, 5) for each in first] == [two.weight(each, 5) for each in first]


def test_orders_have_so_many_units_and_a_box() -> None:
    hall = Hall(3)
    orders = [hall.order() for _ in range(400)]
    sizes = {sum(units(each).values()) for each in orders}
    assert sizes == set(UNITS)
    assert len({each.box.code for each in orders}) > 1


def test_a_weight_is_a_multiple_of_the_digit_and_near_the_goods() -> None:
    hall = Hall(4)
    for packing in (hall.order() for _ in range(200)):
        grams = hall.weight(packing, 10)
        assert grams % 10 == 0
        inside = sum(goods.mean_g * count for goods, count in packing.items)
        assert grams > inside * 0.7


def test_every_kind_of_mispack_is_what_its_name_says() -> None:
    hall, seen = Hall(5), Counter[str]()
    for _ in range(400):
        right = hall.order()
        kind, wrong = hall.mispacked(right)
        seen[kind] += 1
        gone, more = units(right) - units(wrong), units(wrong) - units(right)
        expected = {"missing": (1, 0), "extra": (0, 1), "swapped": (1, 1)}[kind]
        assert (sum(gone.values()), sum(more.values())) == expected
        assert wrong.box == right.box
    assert set(seen) == set(KINDS)


def test_batches_change_what_a_thing_weighs_and_may_be_switched_off() -> None:
    still, moving = Hall(6), Hall(6)
    still.batches = False
    before = [goods.mean_g for goods in still.goods]
    for _ in range(30_000):
        still.order()
        moving.order()
    assert [goods.mean_g for goods in still.goods] == before
    assert [goods.mean_g for goods in moving.goods] != before
