from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.domain.cartons import choose as choosing
from packstation.domain.cartons.check import faults
from packstation.domain.cartons.choose import choose, fits
from packstation.domain.cartons.goods import CartonAnswer, CartonItem, Policy, Sides
from packstation.domain.cartons.pieces import MOST_UNITS
from packstation.domain.errors import AnswerFaulty, InputInvalid
from tests.domain.cartons.goods_samples import CARTONS, ITEM, MIXED, SIDE, carton, item

GOODS = st.lists(ITEM, max_size=5, unique_by=lambda one: one.sku)


def used(answer: CartonAnswer) -> list[str]:
    return [parcel.carton for parcel in answer.parcels]


@settings(max_examples=150)
@given(GOODS, st.sampled_from(["smallest", "cheapest"]))
def test_every_answer_is_without_fault(items: list[CartonItem], prefer: str) -> None:
    policy = Policy(prefer="cheapest" if prefer == "cheapest" else "smallest", nodes=500)
    assert faults(choose(items, MIXED, policy), items, MIXED) == ()


@settings(max_examples=60)
@given(st.data(), GOODS)
def test_the_order_of_the_goods_changes_nothing(
    data: st.DataObject, items: list[CartonItem]
) -> None:
    policy = Policy(nodes=200)
    answer = choose(items, MIXED, policy)
    other = choose(data.draw(st.permutations(items)), MIXED, policy)
    assert used(answer) == used(other)
    assert answer.unpacked == other.unpacked


@settings(max_examples=60)
@given(
    st.lists(st.tuples(SIDE, SIDE, SIDE), max_size=4),
    st.builds(item, st.just("C"), st.tuples(SIDE, SIDE, SIDE)),
)
def test_more_goods_never_get_a_smaller_carton(sides: list[Sides], more: CartonItem) -> None:
    items = [item(str(at), one) for at, one in enumerate(sides)]
    fewer, whole = choose(items, CARTONS), choose([*items, more], CARTONS)
    if fewer.proven and whole.proven:
        assert used(fewer) <= used(whole)


def test_the_smallest_carton_is_proven() -> None:
    answer = choose([item(quantity=3)], CARTONS)
    assert used(answer) == ["C2"]
    assert answer.proven
    assert answer.parcels[0].gross_g == 650
    assert answer.parcels[0].fill == pytest.approx(3 * 320_000 / (200 * 150 * 100), abs=1e-4)


def test_without_time_to_prove_it_says_so() -> None:
    pinwheel = [item("A", (30, 20, 10), 4, up=True), item("B", (10, 10, 10))]
    boxes = [carton("S", (50, 50, 10)), carton("L", (90, 90, 10))]
    assert used(choose(pinwheel, boxes)) == ["S"]
    assert choose(pinwheel, boxes).proven
    hasty = choose(pinwheel, boxes, Policy(nodes=0))
    assert not hasty.proven or used(hasty) == ["S"]


def test_equal_cartons_go_by_cost_then_recycled() -> None:
    boxes = [
        carton("A", (100, 100, 100), cost="1.00"),
        carton("B", (100, 100, 100), cost="0.90"),
        carton("C", (100, 100, 100), cost="0.90", recycled=True),
        carton("D", (100, 100, 90), cost="2.00"),
    ]
    assert used(choose([item(sides=(90, 90, 90))], boxes)) == ["D"]
    assert used(choose([item(sides=(95, 95, 95))], boxes)) == ["C"]
    assert used(choose([item(sides=(90, 90, 90))], boxes, Policy(prefer="cheapest"))) == ["C"]


def test_only_some_kinds_may_be_used() -> None:
    answer = choose([item()], MIXED, Policy(kinds=frozenset({"tube"})))
    assert used(answer) == ["T1"]


def test_weight_counts_with_the_carton() -> None:
    boxes = [carton("S", (100, 100, 100), max_g=249), carton("L", (200, 200, 200))]
    assert used(choose([item(sides=(90, 90, 90))], boxes)) == ["L"]
    assert choose([item(sides=(90, 90, 90))], boxes[:1]).unpacked[0].reason == "too_heavy"


def test_what_is_larger_than_every_carton_is_named() -> None:
    answer = choose([item("TALL", (900, 10, 10), 2), item()], CARTONS)
    assert [(u.sku, u.quantity, u.reason) for u in answer.unpacked] == [("TALL", 2, "too_large")]
    assert len(answer.parcels) == 1
    assert not answer.proven


def test_without_cartons_the_reason_is_said() -> None:
    assert choose([item()], []).unpacked[0].reason == "no_carton"
    assert choose([item()], [carton("O", (10, 10, 10), "own")]).unpacked[0].reason == "no_carton"
    assert (
        choose([item()], [carton("C", (400, 400, 400), stock=0)]).unpacked[0].reason == "no_stock"
    )


def test_nothing_needs_nothing() -> None:
    assert choose([], CARTONS) == CartonAnswer()
    assert fits([], CARTONS[0]).parcel is None


def test_goods_in_their_own_box_are_parcels_of_their_own() -> None:
    answer = choose([item("TV", (1200, 800, 200), 2, 9000, own=True), item()], CARTONS)
    assert used(answer) == ["own", "own", "C1"]
    assert answer.parcels[0].size_mm == (1200, 800, 200)
    alone = choose([item("TV", (1200, 800, 200), own=True)], [])
    assert alone.proven


def test_several_parcels_where_one_is_not_enough() -> None:
    answer = choose([item(sides=(100, 100, 100), quantity=9)], [carton("C", (200, 200, 200))])
    assert used(answer) == ["C", "C"]
    assert [len(parcel.placements) for parcel in answer.parcels] == [8, 1]
    assert not answer.proven


def test_the_last_parcel_gets_the_smaller_carton() -> None:
    boxes = [carton("S", (100, 100, 100)), carton("L", (200, 200, 200))]
    assert used(choose([item(sides=(100, 100, 100), quantity=9)], boxes)) == ["L", "S"]


def test_a_parcel_is_filled_no_heavier_than_it_may_be() -> None:
    boxes = [carton("C", (200, 200, 200), max_g=850)]
    answer = choose([item(sides=(100, 100, 100), quantity=9)], boxes)
    assert [parcel.gross_g for parcel in answer.parcels] == [850, 850, 250]


def test_less_than_none_in_stock_is_none() -> None:
    gone, there = carton("C", (200, 200, 200), stock=-1), carton("D", (300, 300, 300))
    assert [parcel.carton for parcel in choose([item()], [gone, there]).parcels] == ["D"]
    assert choose([item()], [gone]).unpacked[0].reason == "no_stock"


def test_stock_runs_out() -> None:
    boxes = [carton("C", (200, 200, 200), stock=1)]
    answer = choose([item(sides=(100, 100, 100), quantity=9)], boxes)
    assert used(answer) == ["C"]
    assert [(u.quantity, u.reason) for u in answer.unpacked] == [(1, "no_stock")]


def test_too_many_units_are_named() -> None:
    boxes = [carton("C", (1000, 1000, 1000))]
    answer = choose([item(sides=(10, 10, 10), quantity=MOST_UNITS + 5, weight_g=0)], boxes)
    assert [(u.quantity, u.reason) for u in answer.unpacked] == [(5, "too_many")]


def test_more_units_than_are_looked_at_fit_nowhere() -> None:
    goods = [item(sides=(10, 10, 10), quantity=MOST_UNITS + 1)]
    fit = fits(goods, carton("C", (1000, 1000, 1000)))
    assert fit.parcel is None
    assert not fit.proven


def test_above_the_exact_limit_only_plain_reasons_prove() -> None:
    goods = [item(sides=(100, 100, 100), quantity=9)]
    boxes = [carton("S", (250, 250, 120)), carton("L", (300, 300, 100))]
    assert choose(goods, boxes).proven
    tight = [carton("S", (290, 290, 160)), carton("L", (300, 300, 180))]
    assert not choose(goods, tight).proven


def test_padding_is_kept_free() -> None:
    assert used(choose([item(sides=(150, 100, 50))], CARTONS)) == ["C1"]
    answer = choose([item(sides=(150, 100, 50), pad=10)], CARTONS)
    assert used(answer) == ["C2"]
    assert answer.parcels[0].placements[0].position_mm == (10, 10, 10)
    assert used(choose([item(sides=(150, 100, 50), pad_percent=40)], CARTONS)) == ["C3"]


def test_what_rests_on_little_is_marked() -> None:
    goods = [item("A", (100, 100, 50), up=True), item("B", (10, 10, 50), up=True)]
    answer = choose([*goods, item("C", (150, 100, 50), up=True)], [carton("S", (150, 100, 100))])
    (parcel,) = answer.parcels
    assert len(parcel.placements) == 3


def test_a_bag_takes_its_thickness_from_its_goods() -> None:
    bag = carton("B", (300, 240, 60), "bag")
    parcel = fits([item(sides=(260, 200, 20), quantity=2)], bag).parcel
    assert parcel is not None
    assert parcel.size_mm == (300, 240, 40)
    assert fits([item(sides=(270, 200, 20), quantity=2)], bag).parcel is None
    assert fits([item(sides=(100, 100, 70))], bag).parcel is None


def test_a_tube_takes_rolls_and_what_its_round_allows() -> None:
    tube = carton("T", (500, 100, 100), "tube")
    assert fits([item("P", (480, 99, 99), roll=True)], tube).parcel is not None
    assert fits([item("P", (480, 101, 101), roll=True)], tube).parcel is None
    assert fits([item("Q", (480, 99, 99))], tube).parcel is None
    assert fits([item("Q", (480, 70, 70))], tube).parcel is not None
    assert fits([item("Q", (480, 35, 70), quantity=2)], tube).parcel is not None


def test_an_answer_with_a_fault_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "faults", lambda *_: ("A and B overlap",))
    with pytest.raises(AnswerFaulty, match="overlap"):
        choose([item()], CARTONS)


def test_rows_of_one_sku_that_differ_are_refused() -> None:
    assert used(choose([item(), item(quantity=2)], CARTONS)) == ["C2"]
    with pytest.raises(InputInvalid, match=r"items\[1\]"):
        choose([item(), item(weight_g=1)], CARTONS)
