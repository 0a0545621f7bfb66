"""What was learned is written with its fact, and a pulled row counts where it knows more."""

from __future__ import annotations

import msgspec

from packstation.domain.catalog import Product
from packstation.domain.learning import carton_key, unit_prior
from packstation.domain.learning.folding import LIMIT, unit_of
from packstation.domain.packing.weight_facts import LearnedItem, ParcelLearned, UnitMeasured
from packstation.station.ports import Draft, Row
from tests.storage.conftest import Twin


def draft(gross_g: int = 315) -> Draft:
    items = (LearnedItem(sku="TS-1", units=1, unit_g=200),)
    fact = ParcelLearned(items=items, carton="C3", tare_g=90, gross_g=gross_g, digit_mg=5000)
    return Draft(fact, "s-1", "b-1")


def row(key: str, seen: int, **more: str) -> Row:
    unit = msgspec.structs.replace(unit_prior(key, 230), seen=seen, source="learned")
    return Row(t="weight", id=key, rev=1, op="put", body=more or msgspec.to_builtins(unit))


def test_a_parcel_teaches_in_the_commit_of_its_fact(twin: Twin) -> None:
    for _ in range(4):
        twin.events.append([draft()])
    keys = ("TS-1", carton_key("C3"), LIMIT, "TS-2")
    known = twin.orders.weights(keys)
    assert set(known) == set(keys) - {"TS-2"}
    unit = unit_of(known["TS-1"])
    assert unit is not None
    assert (unit.seen, unit.parcels, unit.source) == (4, 4, "learned")


def test_the_row_that_rests_on_more_parcels_stays(twin: Twin) -> None:
    for _ in range(3):
        twin.events.append([draft()])
    twin.orders.apply([row("TS-1", 2), row("TS-9", 5)], "1")
    ours = unit_of(twin.orders.weights(("TS-1",))["TS-1"])
    assert ours is not None
    assert ours.seen == 3
    twin.orders.apply([row("TS-1", 3)], "2")
    theirs = unit_of(twin.orders.weights(("TS-1",))["TS-1"])
    assert theirs is not None
    assert theirs.grams == 230
    twin.orders.apply([Row(t="weight", id="TS-9", rev=2, op="del", body={})], "3")
    assert twin.orders.weights(("TS-9",)) == {}


def test_a_row_of_no_shape_is_kept_aside(twin: Twin) -> None:
    twin.orders.apply([row("TS-1", 1, mean_ug="heavy")], "1")
    assert twin.orders.weights(("TS-1",)) == {}
    assert twin.orders.cursor() == "1"


def test_variants_are_alike_up_to_the_last_dash(twin: Twin) -> None:
    rows = [
        Row(t="sku", id=sku, rev=1, op="put", body={"sku": sku})
        for sku in ("TS-1", "TS-2", "TS-10", "TSX-1", "TS", "T.S")
    ]
    twin.orders.apply(rows, "1")
    assert [p.sku for p in twin.orders.variants("TS-1")] == ["TS-10", "TS-2"]
    assert twin.orders.variants("TS") == ()


def test_what_was_measured_fills_the_catalogue(twin: Twin) -> None:
    twin.orders.apply([Row(t="sku", id="TS-1", rev=4, op="put", body={"sku": "TS-1"})], "1")
    assert twin.orders.product("TS-1") == Product(sku="TS-1")
    fact = UnitMeasured(sku="TS-1", weight_mg=84_500, units=1, digit_mg=1000, size_mm=(9, 8, 7))
    gone = UnitMeasured(sku="GONE", weight_mg=84_500, units=1, digit_mg=1000)
    twin.events.append([Draft(fact, "bench", "b-1"), Draft(gone, "bench", "b-1")])
    product = twin.orders.product("TS-1")
    assert product is not None
    assert (product.weight_g, product.length_mm, product.height_mm) == (85, 9, 7)
    twin.events.append([Draft(fact, "bench", "b-1")])
    again = unit_of(twin.orders.weights(("TS-1",))["TS-1"])
    assert again is not None
    assert (again.seen, again.source) == (2, "measured")


def test_figures_that_no_scale_shows_are_written_and_teach_nothing(twin: Twin) -> None:
    twin.events.append([draft(gross_g=0)])
    assert twin.events.head().seq == 1
    assert twin.orders.weights(("TS-1", LIMIT)) == {}
    twin.events.append([draft()])
    assert set(twin.orders.weights(("TS-1", LIMIT))) == {"TS-1"}
