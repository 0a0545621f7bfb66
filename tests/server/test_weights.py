"""Benches learn together: the server folds what all of them pack, and gives it to all."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec

from packstation.domain.learning import carton_key, unit_prior
from packstation.domain.learning.folding import LIMIT, estimate
from packstation.domain.packing.weight_facts import (
    LearnedItem,
    ParcelLearned,
    UnitMeasured,
    WeightForgotten,
)
from packstation.server.rows import delete_row, put_row
from packstation.server.run import Running
from packstation.server.weights_kept import Rebuilt, limit, listed, rebuild
from tests.server.bench import Bench
from tests.server.conftest import NewBench

SITE = "GZ-1"


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


# --- list, forget, rebuild ------------------------------------------------------------------------


def learned(new_bench: NewBench) -> tuple[Bench, Bench]:
    """Two benches that have taught, and one product that was forgotten."""
    one, two = new_bench("01"), new_bench("02")
    one.note(*(parcel("A", 315 + n % 7) for n in range(12)))
    two.note(*(parcel("B", 290 + n % 5, released=n == 4) for n in range(9)))
    one.push(1, 5)
    two.push(1, 6)
    one.push(6, 12)
    two.push(7, 9)
    two.note(UnitMeasured(sku="C", weight_mg=51_000, units=4, digit_mg=1000))
    two.note(WeightForgotten(sku="A", by="b-9"), WeightForgotten(sku="never seen", by="b-9"))
    one.note(parcel("A", 320), WeightForgotten(sku=LIMIT, by="b-9"))
    two.push(10, 12)
    one.push(13, 14)
    return one, two


def test_the_list_tells_from_how_many_parcels_which_benches_and_since_when(
    new_bench: NewBench, running: Running
) -> None:
    learned(new_bench)
    found = {one.key: one for one in listed(running.server, SITE)}
    assert set(found) == {"A", "B", "C", carton_key("C3")}
    assert (found["B"].benches, found["B"].seen, found["B"].source) == (("02",), 8, "learned")
    assert set(found[carton_key("C3")].benches) == {"01", "02"}
    assert (found["C"].source, found["C"].grams, found["C"].since[:4]) == ("measured", 51.0, "2026")
    assert [one.key for one in listed(running.server, SITE, ("C",))] == ["C"]
    assert limit(running.server, SITE)["parcels"] > 0


def test_what_is_forgotten_is_learned_anew_and_benches_take_it_over(
    new_bench: NewBench, running: Running
) -> None:
    one, two = learned(new_bench)
    known = rows(one)
    assert known == rows(two)
    assert (known["A"]["parcels"], known["A"]["seen"]) == (1, 14)
    assert "never seen" not in known
    two.note(WeightForgotten(sku="A", by="b-9"))
    two.push(13, 13)
    (found,) = listed(running.server, SITE, ("A",))
    assert (found.source, found.parcels, found.seen) == ("forgotten", 0, 15)
    prior = unit_prior("A", 200)
    assert estimate(msgspec.json.encode(rows(one)["A"]).decode(), prior).mean_ug == prior.mean_ug


def test_the_journal_folded_anew_is_what_the_pushes_made_of_it(
    new_bench: NewBench, running: Running
) -> None:
    one, _ = learned(new_bench)
    bad = LearnedItem(sku="A", units=-3, unit_g=10)
    one.note(ParcelLearned(items=(bad,), carton="C", tare_g=1, gross_g=1, digit_mg=1))
    one.push(15, 15)
    before = rows(one)
    assert rebuild(running.server, SITE) == Rebuilt(weights=5, changed=0)
    with running.server.store.write() as connection:
        put_row(running.server, connection, SITE, "weight", "A", {"key": "A", "spoiled": True})
        put_row(running.server, connection, SITE, "weight", "X", {"key": "X"})
        delete_row(running.server, connection, SITE, "weight", "C")
    assert rebuild(running.server, SITE) == Rebuilt(weights=5, changed=3)
    after = rows(one)
    assert {key: after[key] for key in before} == before
