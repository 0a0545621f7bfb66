"""Coverage floors: complete where it must be, elsewhere a ratchet that only rises."""

from hypothesis import given
from hypothesis import strategies as st

from gates.coverage import NEW_FILE, SLACK, floor_of, raised, short

figures = st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 100), max_size=6)


def test_the_domain_is_covered_completely_whatever_its_floor_says() -> None:
    assert floor_of("packstation/domain/packing/session.py", {}) == 100.0
    assert short({"packstation/domain/orders.py": 99.9}, {"packstation/domain/orders.py": 50.0})


def test_a_file_below_its_floor_is_named() -> None:
    floors = {"packstation/server/app.py": 90.0}
    [line] = short({"packstation/server/app.py": 89.9 - SLACK}, floors)
    assert line == "packstation/server/app.py: 86.9 % covered, 87.0 % wanted"
    assert short({"packstation/server/app.py": 90.0 - SLACK}, floors) == []
    assert short({"new.py": NEW_FILE}, {}) == []


@given(figures, figures)
def test_raising_never_lowers_a_floor(measured: dict[str, float], floors: dict[str, float]) -> None:
    result = raised(measured, floors)
    assert set(result) == set(measured)
    assert all(result[name] >= max(measured[name], floors.get(name, 0)) for name in result)
