"""What is wrong with the parcels of one order, whoever was first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.claims import Pack
from packstation.domain.conflicts import CANCELLED, DUPLICATE, RELABEL, judged

NONE: frozenset[str] = frozenset()


def pack(session: str, fence: int = 0, labelled: str = "") -> Pack:
    return Pack(session=session, station="s", fence=fence, labelled=labelled)


def test_one_good_parcel_is_nobody_s_task() -> None:
    assert judged([], cancelled=True, stale=NONE) == {}
    assert judged([pack("a")], cancelled=False, stale=frozenset({"b"})) == {}


def test_the_parcel_that_stands_may_itself_be_wrong() -> None:
    packs = [pack("a", 1), pack("b", 2)]
    assert judged(packs, cancelled=False, stale=NONE) == {"a": DUPLICATE}
    assert judged(packs, cancelled=True, stale=NONE) == {"a": DUPLICATE, "b": CANCELLED}
    assert judged(packs, cancelled=False, stale=frozenset({"a", "b"})) == {
        "a": DUPLICATE,
        "b": RELABEL,
    }


@given(
    st.lists(
        st.builds(
            pack,
            st.uuids().map(str),
            st.integers(0, 3),
            st.sampled_from(("", "2026-11-23T10:00", "2026-11-23T11:00")),
        ),
        min_size=1,
        max_size=6,
        unique_by=lambda one: one.session,
    )
)
def test_at_most_one_parcel_of_an_order_may_leave(packs: list[Pack]) -> None:
    wrong = judged(packs, cancelled=False, stale=NONE)
    assert len(packs) - len(wrong) == 1
    shuffled = sorted(packs, key=lambda one: one.session[::-1])
    assert judged(shuffled, cancelled=False, stale=NONE) == wrong
