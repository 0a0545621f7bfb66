"""Benches learn together: the server folds what all of them pack, and gives it to all."""

from __future__ import annotations

from typing import Any

import httpx

from packstation.domain.learning import carton_key
from packstation.domain.learning.folding import LIMIT
from packstation.domain.packing.weight_facts import LearnedItem, ParcelLearned, UnitMeasured
from tests.server.bench import Bench
from tests.server.conftest import NewBench


def parcel(sku: str, gross_g: int, *, released: bool = False) -> ParcelLearned:
    items = (LearnedItem(sku=sku, units=1, unit_g=200),)
    return ParcelLearned(
        items=items, carton="C3", tare_g=90, gross_g=gross_g, digit_mg=5000, released=released
    )


def rows(bench: Bench, kind: str = "weight") -> dict[str, dict[str, Any]]:
    found = bench.get("/v1/changes?cursor=&limit=500&wait=0").json()["rows"]
    return {row["id"]: row["body"] for row in found if row["t"] == kind}


def test_two_benches_learn_together(new_bench: NewBench) -> None:
    one, two = new_bench("01"), new_bench("02")
    for _ in range(3):
        one.note(parcel("A", 315))
        two.note(parcel("A", 310))
    start = 1
    for end in (1, 2, 3):
        assert one.push(start, end).status_code == 200
        assert two.push(start, end).status_code == 200
        start = end + 1
    known = rows(one)
    assert known == rows(two)
    assert known["A"]["seen"] == known["A"]["parcels"] == 6
    assert known[carton_key("C3")]["seen"] == 6
    assert known[LIMIT]["parcels"] >= 1
    assert 205_000_000 < known["A"]["mean_ug"] < 225_000_000


def test_a_push_that_comes_twice_teaches_once(bench: Bench) -> None:
    bench.note(parcel("A", 315))
    assert bench.push().status_code == 200
    assert bench.push().status_code == 200
    assert rows(bench)["A"]["seen"] == 1


def test_figures_of_a_broken_bench_teach_nothing_and_block_nothing(bench: Bench) -> None:
    bad = LearnedItem(sku="A", units=-(10**6), unit_g=10)
    bench.note(
        ParcelLearned(items=(bad,), carton="C", tare_g=1, gross_g=1, digit_mg=1), parcel("B", 315)
    )
    answer = bench.push().json()
    assert answer["hw"] == 2
    assert set(rows(bench)) == {"B", carton_key("C3")}


def test_what_was_measured_fills_the_catalogue_and_stays_a_proposal(
    bench: Bench, api: httpx.Client
) -> None:
    products = [{"sku": "A", "names": {"en": "A"}}, {"sku": "B", "weight_g": 70}]
    api.post("/v1/import/catalog", json={"products": products})
    sides = (200, 80, 30)
    for sku in ("A", "B", "gone"):
        bench.note(UnitMeasured(sku=sku, weight_mg=84_400, units=2, digit_mg=1000, size_mm=sides))
    assert bench.push().status_code == 200
    catalogue = rows(bench, "sku")
    assert (catalogue["A"]["weight_g"], catalogue["A"]["length_mm"]) == (84, 200)
    assert (catalogue["B"]["weight_g"], catalogue["B"]["height_mm"]) == (70, 30)
    assert set(rows(bench, "proposal")) == {"A", "B", "gone"}
    assert rows(bench)["gone"]["source"] == "measured"
