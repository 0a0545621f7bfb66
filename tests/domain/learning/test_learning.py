"""Weights that learn: what parcels teach, what a band proves, what explains a difference."""

from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.learning import (
    Drift,
    Limit,
    Part,
    UnitWeight,
    carton_key,
    carton_prior,
    expected,
    explain,
    judged,
    leaning,
    measured,
    power,
    settled,
    unit_prior,
    update,
)
from packstation.domain.learning.catalogue import filled
from packstation.domain.learning.folding import estimate, taught
from packstation.domain.learning.listing import told
from packstation.domain.packing.weight_facts import (
    LearnedItem,
    ParcelLearned,
    UnitMeasured,
    WeightForgotten,
)

DIGIT_G = 5
AT = "2026-11-20T08:00:00Z"
LATER = "2026-11-21T08:00:00Z"


class Shelf:
    """True weights on one side, what was learned of them on the other."""

    def __init__(self, catalogue: dict[str, int | None], seed: int = 1) -> None:
        self.random = Random(seed)
        self.catalogue = catalogue
        self.known: dict[str, UnitWeight] = {}

    def parts(self, **units: int) -> list[Part]:
        carton = self.known.get(carton_key("C1")) or carton_prior("C1", 60)
        goods = [
            Part(self.known.get(sku) or unit_prior(sku, self.catalogue[sku]), count)
            for sku, count in units.items()
        ]
        return [Part(carton), *goods]

    def pack(self, true: dict[str, float], units: dict[str, int], at: str = AT) -> bool:
        gross = 60 + self.random.gauss(10, 2) + self.random.gauss(0, 1)
        gross += sum(self.random.gauss(true[sku], true[sku] * 0.01) * n for sku, n in units.items())
        shown = DIGIT_G * round(gross / DIGIT_G)
        learned = update(self.parts(**units), shown, DIGIT_G, at)
        self.known |= {unit.key: unit for unit in learned.units}
        return learned.taken


def test_a_wrong_catalogue_is_corrected_by_parcels() -> None:
    shelf = Shelf({"A": 200, "B": 90})
    true = {"A": 214.0, "B": 88.0}
    for number in range(60):
        shelf.pack(true, {"A": 1 + number % 2, **({"B": 1} if number % 3 else {})})
    learned = shelf.known["A"]
    assert abs(learned.mean_g - 214) < 3
    assert (learned.source, learned.parcels, learned.since) == ("learned", 60, AT)
    assert learned.sd_ug < unit_prior("A", 200).sd_ug / 5


def test_an_unknown_weight_is_found_by_its_first_parcels() -> None:
    shelf = Shelf({"A": None})
    assert unit_prior("A", None).source == "unknown"
    assert unit_prior("A", 0).source == "unknown"
    for _ in range(5):
        shelf.pack({"A": 750.0}, {"A": 1})
    assert abs(shelf.known["A"].mean_g - 750) < 8


def test_an_unknown_thing_whose_first_parcel_lacked_it_is_found_all_the_same() -> None:
    shelf = Shelf({"A": None})
    shelf.pack({"A": 0.0}, {"A": 1})
    assert shelf.known["A"].mean_g < 20
    second = expected(shelf.parts(A=1), DIGIT_G)
    assert second is not None
    assert abs(60 + 10 + 150 - second.expected_g) <= second.tolerance_g
    for _ in range(6):
        shelf.pack({"A": 150.0}, {"A": 1})
    assert abs(shelf.known["A"].mean_g - 150) < 6


def test_a_rate_that_no_site_may_ask_for_is_the_usual_one() -> None:
    usual = judged(Limit(), disputed=True)
    assert judged(Limit(), disputed=True, allowed_ppm=0) == usual
    assert judged(Limit(), disputed=True, allowed_ppm=10**9) == usual
    assert judged(Limit(), disputed=True, allowed_ppm=5000) != usual


def test_nothing_learned_leaves_the_band_to_the_fixed_rule() -> None:
    shelf = Shelf({"A": 200, "N": None})
    assert expected(shelf.parts(A=1), DIGIT_G) is None
    shelf.pack({"A": 200.0}, {"A": 1})
    assert expected(shelf.parts(A=1), DIGIT_G) is not None
    assert expected(shelf.parts(A=1, N=1), DIGIT_G) is None
    assert expected(shelf.parts()[:1], DIGIT_G) is None


def test_a_band_narrows_with_parcels_and_widens_with_the_scales_digit() -> None:
    shelf = Shelf({"A": 200})
    shelf.pack({"A": 200.0}, {"A": 1})
    first = expected(shelf.parts(A=1), DIGIT_G)
    for _ in range(40):
        shelf.pack({"A": 200.0}, {"A": 1})
    last, coarse = expected(shelf.parts(A=1), DIGIT_G), expected(shelf.parts(A=1), 50)
    assert first is not None
    assert last is not None
    assert coarse is not None
    assert last.tolerance_g < first.tolerance_g / 3
    assert last.tolerance_g < coarse.tolerance_g
    assert (last.parcels, last.digit_mg, last.limit_milli) == (41, 5000, 3400)
    assert abs(last.expected_g - 270) <= 5


def test_a_scale_sees_a_heavy_thing_missing_and_not_a_light_one() -> None:
    shelf = Shelf({"A": 200, "PIN": 4})
    for _ in range(40):
        shelf.pack({"A": 200.0, "PIN": 4.0}, {"A": 1, "PIN": 1})
    band = expected(shelf.parts(A=1), DIGIT_G)
    assert band is not None
    assert power(shelf.parts(A=1), band).sees
    small = expected(shelf.parts(A=1, PIN=1), DIGIT_G)
    assert small is not None
    weak = power(shelf.parts(A=1, PIN=1), small)
    assert (weak.sees, weak.lightest) == (False, "PIN")


def test_a_parcel_that_does_not_fit_teaches_nothing_by_itself() -> None:
    shelf = Shelf({"A": 200})
    for _ in range(20):
        shelf.pack({"A": 200.0}, {"A": 1})
    before = shelf.known["A"]
    learned = update(shelf.parts(A=1), 470, DIGIT_G, AT)
    assert not learned.taken
    assert learned.z > 4.5
    assert learned.units[1] == before


def test_the_second_release_in_a_row_is_a_new_batch_and_is_learned() -> None:
    shelf = Shelf({"A": 200})
    for _ in range(20):
        shelf.pack({"A": 200.0}, {"A": 1})
    one = update(shelf.parts(A=1), 325, DIGIT_G, LATER, released=True)
    assert not one.taken
    assert one.units[1].doubt == 1
    shelf.known |= {unit.key: unit for unit in one.units}
    two = update(shelf.parts(A=1), 325, DIGIT_G, LATER, released=True)
    assert two.taken
    shelf.known |= {unit.key: unit for unit in two.units}
    assert abs(shelf.known["A"].mean_g - 255) < 8
    assert (shelf.known["A"].relearned, shelf.known["A"].parcels) == (1, 1)
    assert shelf.known["A"].seen == 21


def test_releases_to_both_sides_are_no_batch() -> None:
    shelf = Shelf({"A": 200})
    for _ in range(20):
        shelf.pack({"A": 200.0}, {"A": 1})
    for gross in (330, 210, 330, 210):
        learned = update(shelf.parts(A=1), gross, DIGIT_G, AT, released=True)
        assert not learned.taken
        shelf.known |= {unit.key: unit for unit in learned.units}
    assert shelf.known["A"].relearned == 0
    shelf.pack({"A": 200.0}, {"A": 1})
    assert shelf.known["A"].doubt == 0


def test_a_young_weight_believes_the_first_release() -> None:
    parts = [Part(carton_prior("C1", 60)), Part(unit_prior("A", 100))]
    assert not settled(parts)
    learned = update(parts, 470, DIGIT_G, AT, released=True)
    assert learned.taken
    assert abs(learned.units[1].mean_g - 400) < 20
    assert learned.units[1].relearned == 0


@pytest.mark.parametrize("step", [0.93, 1.07])
def test_a_small_step_inside_the_band_is_noticed_and_relearned(step: float) -> None:
    shelf = Shelf({"A": 300})
    for _ in range(60):
        shelf.pack({"A": 300.0}, {"A": 1})
    assert shelf.known["A"].relearned == 0
    for _ in range(30):
        shelf.pack({"A": 300.0 * step}, {"A": 1}, LATER)
    assert shelf.known["A"].relearned >= 1
    assert shelf.known["A"].since == LATER
    assert abs(shelf.known["A"].mean_g - 300 * step) < 6


def test_a_measured_unit_is_narrow_at_once() -> None:
    unit = measured("A", 251.5, 4, 1, AT)
    assert (unit.source, unit.rests, unit.grams) == ("measured", True, 252)
    assert unit.sd_ug < unit_prior("A", 252).sd_ug / 10
    parts = [Part(carton_prior("C1", 60)), Part(unit)]
    band = expected(parts, 1)
    assert band is not None
    assert band.limit_milli == 3400


def test_the_limit_follows_its_false_alarms() -> None:
    limit = Limit()
    for number in range(4000):
        limit = judged(limit, disputed=number % 200 == 0)
    assert limit.z > 4
    assert (limit.parcels, limit.false) == (4000, 20)
    for _ in range(40_000):
        limit = judged(limit, disputed=False)
    assert limit.z == 2.8


def test_one_missing_thing_is_named_with_what_the_next_best_leaves() -> None:
    shelf = Shelf({"A": 200, "B": 90})
    for _ in range(40):
        shelf.pack({"A": 200.0, "B": 90.0}, {"A": 1, "B": 1})
        shelf.pack({"A": 200.0, "B": 90.0}, {"A": 1})
    first, *_ = explain(shelf.parts(A=2, B=1), 70 + 200 + 90, DIGIT_G)
    assert (first.kind, first.sku, first.other) == ("missing", "A", "")
    assert first.leaves_g <= 8
    assert first.next_g is not None
    assert first.next_g > 50
    assert first.parcels == 80


def test_extra_swapped_and_strange_things_are_told_apart() -> None:
    known = {sku: measured(sku, grams, 10, 1, AT) for sku, grams in SHELF.items()}
    parts = [Part(carton_prior("C1", 60)), Part(known["A"]), Part(known["B"])]
    base = 68 + 200 + 90
    assert explain(parts, base + 90, 1)[0].kind == "extra"
    swapped = explain(parts, base + 40, 1, [("B", known["B2"])], [known["B2"], known["A"]])[0]
    assert (swapped.kind, swapped.sku, swapped.other) == ("swapped", "B", "B2")
    other = explain(parts, base + 611, 1, (), [known["X"]])[0]
    assert (other.kind, other.sku) == ("extra", "X")
    assert explain(parts, base + 5000, 1, [("gone", known["X"])]) == ()


SHELF = {"A": 200.0, "B": 90.0, "B2": 130.0, "X": 611.0}


def test_one_thing_of_the_parcel_twice_instead_of_another() -> None:
    mug, book = measured("A", 193.0, 10, 1, AT), measured("B", 126.0, 10, 1, AT)
    parts = [Part(carton_prior("C1", 60)), Part(mug), Part(book)]
    first, *_ = explain(parts, 68 + 193 + 126 + 67, 1)
    assert (first.kind, first.sku, first.other, first.leaves_g) == ("swapped", "B", "A", 0)


def test_unknown_things_explain_nothing() -> None:
    parts = [Part(carton_prior("C1", 60)), Part(measured("A", 200, 10, 1, AT))]
    none = unit_prior("N", None)
    assert all("N" not in (e.sku, e.other) for e in explain(parts, 500, 1, [("A", none)], [none]))


def test_a_leaning_scale_is_noticed_and_a_true_one_is_not() -> None:
    random, drift = Random(3), Drift()
    for _ in range(2000):
        drift = leaning(drift, round(random.gauss(0, 6)), 6000)
    assert drift.leans_g == 0
    count = 0
    while not drift.leans_g:
        drift = leaning(drift, round(random.gauss(9, 6)), 6000)
        count += 1
    assert 8 <= count <= 25
    assert 5 <= drift.leans_g <= 13
    down = Drift()
    for _ in range(20):
        down = leaning(down, -9, 6000)
    assert down.leans_g == -9


@given(
    st.lists(st.tuples(st.integers(1, 30_000), st.booleans()), max_size=30),
    st.integers(1, 3),
    st.integers(1, 50),
)
def test_whatever_a_scale_says_the_estimate_stays_a_weight(
    said: list[tuple[int, bool]], count: int, digit: int
) -> None:
    parts = [Part(carton_prior("C1", 60)), Part(unit_prior("A", 40), count)]
    for gross, released in said:
        learned = update(parts, gross, digit, AT, released=released)
        parts = [Part(learned.units[0]), Part(learned.units[1], count)]
        for unit in learned.units:
            assert unit.mean_ug > 0
            assert 0 < unit.sd_ug < 10**11
            assert 0 < unit.spread_ug < 2**53


def test_an_estimate_as_people_read_it() -> None:
    doc = msgspec.json.encode(measured("A", 251.5, 4, 1, AT)).decode()
    line = told(doc, ("01",))
    assert (line.key, line.grams, line.source, line.benches) == ("A", 251.5, "measured", ("01",))
    (gone,) = taught(WeightForgotten(sku="A", by="b"), {"A": doc}, AT)
    assert told(gone.doc).source == "forgotten"
    assert estimate(gone.doc, unit_prior("A", 200)).mean_g == 200
    assert taught(WeightForgotten(sku="A", by="b"), {}, AT) == ()
    assert taught(WeightForgotten(sku="*limit", by="b"), {}, AT) == ()
    assert told(msgspec.json.encode(unit_prior("N", None)).decode()).source == "unknown"


@pytest.mark.parametrize(("units", "gross", "tare"), [(0, 10, 1), (1, 0, 1), (1, 10, -1)])
def test_figures_that_no_scale_shows_are_refused(units: int, gross: int, tare: int) -> None:
    item = LearnedItem(sku="A", units=units)
    fact = ParcelLearned(items=(item,), carton="C", tare_g=tare, gross_g=gross, digit_mg=5000)
    with pytest.raises(ValueError, match=str(gross)):
        taught(fact, {}, AT)


def test_a_picture_fills_what_the_catalogue_has_not() -> None:
    fact = UnitMeasured(sku="A", weight_mg=84_000, units=1, digit_mg=1000, picture="ab")
    assert filled(Product(sku="A"), fact).image == "photo:ab"
    assert filled(Product(sku="A", image="a.svg"), fact).image == "a.svg"
    assert filled(Product(sku="A"), replace(fact, picture="")).image is None
