from __future__ import annotations

import random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.customs.tables import Tables
from packstation.domain.customs.case import Case
from packstation.domain.customs.parties import PartyIndex, alike, listed_here, party_key
from packstation.domain.customs.reference import Party
from packstation.domain.customs.registry import case_of
from tests.domain.customs import rig

OVER = 0.92
NAMES = (
    "KUZNETSOV, Alexandr Nikolaevich",
    "Blue Heron Shipping LLC",
    "Société Générale d'Exportation",
    "محمد علي حسن",
    "北方贸易有限公司",
)
INDEX = PartyIndex(Party(name, "L", str(at)) for at, name in enumerate(NAMES))


def found(name: str) -> list[str]:
    return [hit.party.name for hit in INDEX.find(name, OVER)]


def test_the_same_name_is_found_however_it_is_written() -> None:
    for name in NAMES:
        assert found(name) == [name]
        assert INDEX.find(name, OVER)[0].score == 1
        assert found(name.upper()) == [name]
        assert found(" ".join(reversed(name.replace(",", "").split()))) == [name]
    assert found("blue heron shipping") == [NAMES[1]]
    assert found("Societe Generale d Exportation SA") == [NAMES[2]]
    assert len(INDEX) == len(NAMES)


def test_a_slip_of_the_pen_is_found_and_another_name_is_not() -> None:
    assert found("Alexander Nikolaevich Kuznetsov") == [NAMES[0]]
    for name in ("Alexander Kuznetsov", "Anna Schmidt", "Blue Heron", "Ltd", "", "--", "Li"):
        assert found(name) == []


def test_exactly_the_border_is_not_over_it() -> None:
    name = "abcdefghijklmnopqrstuvwxy"
    index = PartyIndex([Party(name)])
    assert alike(name, "abcdefghijklmnopqrstuvw12") == OVER
    assert index.find("abcdefghijklmnopqrstuvw12", OVER) == ()
    assert index.find("abcdefghijklmnopqrstuvwx1", OVER)


@given(st.text("abcdef ", min_size=16, max_size=40), st.integers(0, 39), st.sampled_from("xyz"))
def test_one_letter_more_is_always_found(name: str, at: int, letter: str) -> None:
    index = PartyIndex([Party(name)])
    slip = party_key(name)
    slip = slip[:at] + letter + slip[at:]
    if alike(party_key(slip), party_key(name)) > OVER:
        assert index.find(slip, OVER)


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_the_same_both_ways_and_any_name_is_looked_for(one: str, other: str) -> None:
    assert alike(party_key(one), party_key(other)) == alike(party_key(other), party_key(one))
    assert party_key(party_key(one)) == party_key(one)
    for hit in PartyIndex([Party(one)]).find(other, OVER):
        assert OVER < hit.score <= 1


def test_legal_forms_alone_are_a_name_and_marks_alone_are_none() -> None:
    assert party_key("Co. Ltd") == "co ltd"
    assert len(PartyIndex([Party("--"), Party("")])) == 0


def test_the_lists_of_an_order_may_be_misshapen() -> None:
    assert len(listed_here([{"list": "A", "names": ["One Two", 5, None]}, 7, {"names": "x"}])) == 1
    for odd in (None, 5, "x", {"names": ["a"]}):
        assert len(listed_here(odd)) == 0


def test_a_hit_is_told_once_a_list_with_list_name_and_likeness() -> None:
    index = PartyIndex(
        [Party("Ivan Petrov", "A"), Party("Petrov, Ivan", "A"), Party("Ivan Petrov")]
    )
    at: Case = case_of({}, rig.pack(), Tables(index), rig.NOW)
    wrong = rig.ask(at, "not_listed", "ivan petrov", OVER)
    assert [one.allowed for one in wrong] == ["A: Ivan Petrov (1.00)", "-: Ivan Petrov (1.00)"]
    assert rig.ask(at, "not_listed", "Anna Schmidt", OVER) == ()
    assert rig.ask(at, "not_listed", 5, OVER) == ()


def test_a_list_of_forty_thousand_names_is_searched_in_a_moment() -> None:
    made = random.Random(5)
    words = [
        "".join(made.choices("abcdefghiklmnoprstuvz", k=made.randint(4, 9))) for _ in range(9000)
    ]
    index = PartyIndex(Party(" ".join(made.sample(words, 3))) for _ in range(40_000))
    name = " ".join(words[:3])
    began = perf_counter()
    for _ in range(10):
        index.find(name, OVER)
    assert (perf_counter() - began) / 10 < 0.25


@pytest.mark.parametrize("written", ["𝐊𝐢𝐦", "𝘒𝘐𝘔", "Ｋｉｍ", "Ⓚⓘⓜ", "KÍM"])
def test_letters_that_only_look_different_are_the_same_name(written: str) -> None:
    assert party_key(written) == party_key("Kim") == "kim"


def test_a_list_is_laid_out_once_a_change_however_many_orders_are_looked_at() -> None:
    def lists(*names: str) -> list[dict[str, object]]:
        return [{"list": "A", "names": [*names]}]

    first = listed_here(lists("One Two", "Three Four"))
    assert listed_here(lists("One Two", "Three Four")) is first
    assert [hit.party.name for hit in listed_here(lists("One Two")).find("one two", OVER)]
    assert not listed_here(lists("One Two")).find("three four", OVER)
