"""Cartons numbered, stacked on pallets, weighed beside each other, and added up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from packstation.domain.consignment import consignments as cs
from packstation.domain.consignment.totals import expected_g, pallet_weight, totals
from packstation.domain.events import decode, encode
from packstation.domain.handover.weighing import band_g
from packstation.domain.packing import consignment_facts as c
from packstation.domain.packing.facts import Fact, LabelVoided, RollChanged

CUBE = (400, 300, 200)


def marked(parcel: str, number: int, gross_g: int = 9_000, **more: object) -> c.CartonMarked:
    given = c.CartonMarked(
        consignment="O-1",
        parcel=parcel,
        number=number,
        code=f"CT2611200000{number}",
        waybill=f"WB{parcel}",
        gross_g=gross_g,
        size_mm=CUBE,
    )
    kind, v, body = encode(given)
    found = decode(kind, v, body | more)
    assert isinstance(found, c.CartonMarked)
    return found


PALLET = c.PalletOpened(consignment="O-1", pallet="p1", code="PT2611230001", tare_g=20_000)


def stacked(parcel: str, pallet: str = "p1") -> c.CartonStacked:
    return c.CartonStacked(consignment="O-1", pallet=pallet, parcel=parcel)


def one(*facts: Fact) -> cs.Consignment:
    return cs.fold(facts)["O-1"]


THREE = (marked("a", 1, 9_000), marked("b", 2, 11_000), marked("c", 3, 7_500))


def test_cartons_have_a_number_and_how_many_is_known_at_the_end() -> None:
    now = one(*THREE, RollChanged(printer="x"))
    assert [row.number for row in now.cartons.values()] == [1, 2, 3]
    assert (now.of, now.next_number, len(now.stale())) == (0, 4, 3)
    again = one(*THREE, *(marked(row.parcel, row.number, of=3) for row in THREE))
    assert again.stale() == ()
    closed = c.ConsignmentClosed(
        consignment="O-1", cartons=3, pallets=0, gross_g=27_500, cartons_g=27_500
    )
    assert one(*THREE, closed).of == 3
    reopened = one(*THREE, PALLET, closed, c.ConsignmentOpenedAgain(consignment="O-1"))
    assert (reopened.finished, reopened.of) == (None, 0)


def test_how_many_there_will_be_may_be_said_beforehand() -> None:
    told = c.CartonsPlanned(consignment="O-1", count=3)
    now = one(told, *(marked(row.parcel, row.number, of=3) for row in THREE))
    assert (now.of, now.stale()) == (3, ())
    # One more than was said: every mark is wrong.
    more = one(told, *(marked(row.parcel, row.number, of=3) for row in THREE), marked("d", 4, of=3))
    assert [row.parcel for row in more.stale()] == ["a", "b", "c", "d"]


def test_a_voided_carton_leaves_and_those_behind_it_move_up() -> None:
    now = one(*THREE, LabelVoided(key="b/1", waybill="WBb"), LabelVoided(key="x/1", waybill="X"))
    assert [now.number_of(row) for row in now.cartons] == [1, 2]
    assert now.found("WBb") is None
    assert now.found("") is None
    back = one(*THREE, LabelVoided(key="b/1", waybill="WBb"), marked("b", 3))
    assert list(back.cartons) == ["a", "c", "b"]
    found = back.found("WBc")
    assert found is not None
    assert found.parcel == "c"


def test_cartons_go_on_a_pallet_off_it_and_on_again() -> None:
    now = one(*THREE, PALLET, stacked("a"), stacked("b"), stacked("nobody"))
    assert now.pallet == "p1"
    assert [row.parcel for row in now.on("p1")] == ["a", "b"]
    assert expected_g(now, now.pallets["p1"]) == 40_000
    off = one(
        *THREE,
        PALLET,
        stacked("a"),
        c.CartonUnstacked(consignment="O-1", pallet="p1", parcel="a"),
    )
    assert (off.on("p1"), len(off.on(""))) == ((), 3)
    # Marked anew, as with N: it stays where it stands.
    assert one(*THREE, PALLET, stacked("a"), marked("a", 1, of=3)).cartons["a"].pallet == "p1"


def closed(gross_g: int, **more: object) -> Fact:
    body = {"consignment": "O-1", "pallet": "p1", "count": 2, "expected_g": 40_000}
    return decode("PalletClosed", 1, {**body, "gross_g": gross_g, "band_g": 1200, **more})


def test_a_pallet_is_closed_weighed_and_opened_again() -> None:
    facts = (*THREE, PALLET, stacked("a"), stacked("b"))
    shut = one(*facts, closed(28_900, likely=("CT26112000002",)))
    pallet = shut.pallets["p1"]
    assert (pallet.closed, shut.pallet, pallet.off_g) == (True, "", -11_100)
    assert one(*facts, closed(0)).pallets["p1"].off_g == 0
    assert one(*facts, closed(40_500)).pallets["p1"].off_g == 0
    again = one(*facts, closed(28_900), c.PalletOpenedAgain(consignment="O-1", pallet="p1"))
    assert (again.pallet, again.pallets["p1"].gross_g, again.pallets["p1"].tare_g) == (
        "p1",
        0,
        20_000,
    )
    unknown = c.PalletOpenedAgain(consignment="O-1", pallet="p9")
    assert one(*facts, unknown).pallet == "p1"


def test_the_carton_that_a_pallets_weight_speaks_of_is_named() -> None:
    now = one(*THREE, PALLET, stacked("a"), stacked("b"))
    pallet = now.pallets["p1"]
    assert pallet_weight(now, pallet, 40_300).off_g == 0
    light = pallet_weight(now, pallet, 29_100)
    assert (light.off_g, light.likely) == (-10_900, ("CT26112000002",))
    heavy = pallet_weight(now, pallet, 47_600)
    assert (heavy.off_g, heavy.likely) == (7_600, ("CT26112000003",))


def test_a_consignment_is_added_up_with_its_pallets_and_in_cubic_metres() -> None:
    facts = (*THREE, PALLET, stacked("a"), stacked("b"))
    empty = c.PalletOpened(consignment="O-1", pallet="p2", code="PT2611230002")
    found = totals(one(*facts, closed(40_400), empty))
    # The third carton is loose; an empty pallet is none.
    assert (found.cartons, found.pallets) == (3, 1)
    assert (found.cartons_g, found.gross_g) == (27_500, 47_900)
    assert (found.volume_cm3, found.cubic_metres) == (72_000, Decimal("0.072"))
    assert found.volumetric_g() == 12_000
    assert (found.chargeable_g(), found.chargeable_g(1000)) == (27_500, 72_000)
    # Not weighed: as it should be.
    assert totals(one(*facts)).gross_g == 47_500


def test_what_was_not_measured_is_not_guessed() -> None:
    found = totals(one(marked("a", 1), marked("b", 2, size_mm=())))
    assert (found.volume_mm3, found.volume_cm3) == (None, 0)
    assert (found.cubic_metres, found.volumetric_g()) == (None, None)
    assert found.chargeable_g() == 18_000


@given(st.lists(st.integers(1500, 30_000), min_size=1, max_size=30), st.integers(0, 40))
def test_whichever_carton_is_gone_from_a_pallet_one_that_heavy_is_named(
    weights: list[int], which: int
) -> None:
    cartons = [marked(f"c{n}", n + 1, grams, code=f"K{n}") for n, grams in enumerate(weights)]
    now = one(*cartons, PALLET, *(stacked(row.parcel) for row in cartons))
    gone = weights[which % len(weights)]
    band = band_g(len(weights), 20_000)
    assume(gone > band)
    found = pallet_weight(now, now.pallets["p1"], 20_000 + sum(weights) - gone)
    assert found.off_g == -gone
    assert found.likely
    named = sum(now.cartons[f"c{code[1:]}"].gross_g for code in found.likely[: 1 + found.together])
    assert abs(named - gone) <= band


@given(st.lists(st.tuples(*[st.integers(1, 2000)] * 3), min_size=1, max_size=20))
def test_volumes_are_rounded_up_once(sides: list[tuple[int, int, int]]) -> None:
    rows = [marked(f"c{n}", n + 1, size_mm=size) for n, size in enumerate(sides)]
    found = totals(one(*rows))
    exact = sum(a * b * c_ for a, b, c_ in sides)
    assert 0 <= found.volume_cm3 * 1000 - exact < 1000
    litres = found.cubic_metres
    assert litres is not None
    assert 0 <= litres * 10**9 - exact < 10**6


@pytest.mark.parametrize("prefix", [cs.CARTON, cs.PALLET])
def test_a_code_of_the_shops_own_tells_what_it_is(prefix: str) -> None:
    code = cs.own_code(prefix, "0193-abc")
    assert code.startswith(prefix)
    assert cs.is_own_code(code)
    assert not cs.is_own_code("PL-261123-AAAAA")
