"""Parcels teach their bench: bands narrow, differences are explained, a leaning scale is told."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from packstation.domain.packing.device_facts import ScaleChecked
from packstation.domain.packing.weight_facts import WeightJudged
from packstation.domain.weights import Reading, ScaleState
from packstation.station import ports as p
from packstation.station.digits import USUAL_MG, ScaleDigit
from packstation.station.views import Screen, StationView
from tests.station.desk import MUG, SOCK, Bench, order, signed_in


def bench_of(count: int) -> Bench:
    bench = signed_in(*(order(f"O-{n}") for n in range(1, count + 1)))
    bench.lease(100, 400)
    return bench


def pack(bench: Bench, number: int, grams: int) -> StationView:
    """One order, closed."""
    bench.scan(f"O-{number}", MUG, MUG, SOCK, "C3")
    view = bench.weigh(grams)
    if view.screen is not Screen.PRINTING:
        return view
    for _ in range(2):
        bench.out()
    waybill = bench.core.session.parcel.label
    assert waybill is not None
    return bench.scan(waybill.waybill)


def judged(bench: Bench) -> dict[str, object]:
    return next(
        r.event.body for r in reversed(bench.store.records) if r.event.kind == "WeightJudged"
    )


def taught(bench: Bench, count: int, grams: int = 770) -> None:
    for number in range(1, count + 1):
        assert pack(bench, number, grams + 5 * (number % 3)).screen is Screen.COMPLETED


def test_the_first_parcel_is_judged_by_the_catalogue_and_later_ones_by_parcels() -> None:
    bench = bench_of(14)
    taught(bench, 12)
    first = next(r.event.body for r in bench.store.records if r.event.kind == "WeightJudged")
    assert (first["limit_milli"], first["tolerance_g"], first["expected_g"]) == (0, 23, 780)
    last = judged(bench)
    assert last["limit_milli"] != 0
    assert int(str(last["parcels"])) == 11
    bench.scan("O-13", MUG, MUG, SOCK, "C3")
    weigh = bench.view.weigh
    assert weigh is not None
    assert weigh.rests is not None
    assert (weigh.rests.key, weigh.rests.n) == ("weigh.rests", 12)
    assert weigh.guard
    assert abs((weigh.expected_g or 0) - 775) < 5


def test_a_missing_thing_is_named_with_what_it_leaves() -> None:
    bench = bench_of(16)
    taught(bench, 14)
    view = pack(bench, 15, 695)
    assert view.alert is not None
    assert view.weigh is not None
    assert [words.key for words in view.weigh.why][:1] == ["weigh.why.missing"]
    assert dict(view.weigh.why[0].args)["name"] == "SOCK-RED"
    assert view.weigh.after is not None
    assert view.weigh.after.key == "weigh.leaves.next"
    assert bench.weigh(775).screen is Screen.PRINTING


def test_what_nothing_explains_is_left_unexplained() -> None:
    bench = bench_of(16)
    taught(bench, 14)
    view = pack(bench, 15, 2000)
    assert view.weigh is not None
    assert view.weigh.why == ()
    assert view.weigh.after is None


def test_a_released_weight_is_marked_and_a_typed_one_teaches_nothing() -> None:
    bench = bench_of(3)
    pack(bench, 1, 900)
    bench.command("supervisor")
    bench.say(*supervisor(bench))
    for _ in range(2):
        bench.out()
    bench.scan("LP000000005CN")
    learned = [r.event.body for r in bench.store.records if r.event.kind == "ParcelLearned"]
    assert [one["released"] for one in learned] == [True]


def supervisor(bench: Bench) -> list[p.Happening]:
    person = next(one for one in bench.cache.people() if one.role == "supervisor")
    pin = person.pin_hash.removeprefix("hash:")
    return [
        p.TextEntered("supervisor", person.badge),
        p.TextEntered("pin", pin),
        p.TextEntered("reason", "checked"),
    ]


def test_a_leaning_scale_is_told_teaches_nothing_and_is_cured_by_a_check() -> None:
    bench = bench_of(60)
    taught(bench, 12)
    number = 13
    for _ in range(12):
        leaning = WeightJudged(gross_g=1012, expected_g=1000, sd_mg=6000, digit_mg=5000)
        bench.core.record(leaning)
    assert bench.core.weights.drift.leans_g > 0
    before = bench.kinds().count("ParcelLearned")
    bench.scan(f"O-{number}", MUG, MUG, SOCK, "C3")
    weigh = bench.view.weigh
    assert weigh is not None
    assert weigh.doubt is not None
    assert weigh.doubt.key == "weigh.leans.heavy"
    bench.weigh(775)
    assert bench.kinds().count("ParcelLearned") == before
    again = Bench(bench.store)
    again.cache = bench.cache
    again.start()
    assert again.core.weights.drift.leans_g > 0
    check = ScaleChecked(
        device="scale", serial="", reference_g=1000, read_g="1000", tolerance_g="5", by="b"
    )
    bench.core.record(check)
    assert bench.core.weights.drift.leans_g == 0


def reading(value: str, unit: str = "kg", state: ScaleState = ScaleState.STABLE) -> Reading:
    return Reading(state=state, value=Decimal(value), unit=unit, raw=b"")


def test_the_digit_of_a_scale_is_the_step_it_counts_in() -> None:
    digit = ScaleDigit()
    assert digit.milligrams == USUAL_MG
    digit.take(reading("1.255", state=ScaleState.MOTION))
    digit.take(reading("0.000", state=ScaleState.ZERO))
    assert digit.milligrams == 1000
    for value in ("1.255", "0.105", "0.340", "0.895", "2.110"):
        digit.take(reading(value))
    assert digit.milligrams == 5000
    digit.take(reading("0.896"))
    assert digit.milligrams == 1000
    digit.take(reading("12", "g"))
    assert digit.milligrams == 1000


def foot(view: StationView) -> list[str]:
    return [one.command for one in view.commands]


def test_what_has_no_weight_is_named_with_the_key_that_gives_it_one() -> None:
    bench = bench_of(2)
    assert "measure" not in foot(bench.command("queue"))
    sock = bench.cache.products["SOCK-RED"]
    bench.cache.add(replace(sock, weight_g=None))
    bench.desk.products.clear()
    assert "measure" in foot(bench.command("queue"))
    view = bench.scan("O-1", MUG, MUG, SOCK, "C3")
    assert view.weigh is not None
    assert view.weigh.rests is not None
    assert view.weigh.rests.key == "weigh.unknown"
    assert foot(view)[0] == "measure"
    bench.command("measure")
    bench.scan(SOCK)
    bench.weigh(80)
    assert "measure" not in foot(bench.command("measure"))


def test_a_parcel_whose_lightest_thing_no_scale_sees_asks_for_a_count() -> None:
    bench = bench_of(1)
    bench.cache.add(replace(bench.cache.products["SOCK-RED"], weight_g=9))
    view = bench.scan("O-1", MUG, MUG, SOCK, "C3")
    assert view.weigh is not None
    assert view.weigh.rests is not None
    assert not view.weigh.guard
    assert (view.weigh.rests.key, view.weigh.rests.args[0]) == ("weigh.blind", ("g", 9))


def test_a_dispute_on_a_leaning_scale_says_what_to_do_with_the_scale() -> None:
    bench = bench_of(3)
    pack(bench, 1, 775)
    leaning = WeightJudged(gross_g=1012, expected_g=1000, sd_mg=6000, digit_mg=5000)
    bench.core.record(*[leaning] * 12)
    bench.scan("O-2", MUG, MUG, SOCK, "C3")
    view = bench.weigh(1400)
    assert view.alert is not None
    assert view.alert.todo is not None
    assert view.alert.todo.key == "hold.weight.leans"
