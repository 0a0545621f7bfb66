"""An order goes on at another bench: what is passed on, and whose it is where two have it."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from packstation.domain.events import decode, encode
from packstation.domain.packing import IDLE, State, decide, evolve
from packstation.domain.packing import inputs as i
from packstation.domain.packing.facts import InputRefused
from packstation.domain.packing.pass_facts import SessionTakenOver
from packstation.domain.passing import CANCELLED, OPEN, PACKED, PARKED, Work, phase, plain, succeeds
from tests.domain.packing.scenes import INPUTS, SCENES, SOCK_SCAN, after

KEPT = SCENES[State.PARKED]
MINE = Work(order="O-1", session="S-1", state=OPEN, station="A")


def test_what_was_packed_elsewhere_goes_on_here() -> None:
    session = after(INPUTS["TakeOverAsked"], i.ResumeAsked(rev=3))
    assert (session.state, session.came_from, session.came_bench) == (State.SCANNING, "S-9", "03")
    assert session.packed == KEPT.packed
    assert session.lines == KEPT.lines
    assert after(SOCK_SCAN, start=session).due == KEPT.due - 1


def test_a_session_that_is_not_parked_is_not_passed_on() -> None:
    kept = SCENES[State.SCANNING]
    asked = replace(INPUTS["TakeOverAsked"], kept=kept)
    (refused,) = decide(IDLE, asked)
    assert isinstance(refused, InputRefused)
    assert refused.reason == "order.not_parked"


@pytest.mark.parametrize("state", list(State))
def test_every_session_survives_the_journal_inside_the_fact(state: State) -> None:
    fact = SessionTakenOver(order_id="O", rev=1, session="S", bench="03", kept=SCENES[state])
    kind, v, body = encode(fact)
    again = decode(kind, v, msgspec.json.decode(msgspec.json.encode(body)))
    assert again == fact
    assert evolve(IDLE, again).parcels == SCENES[state].parcels


@pytest.mark.parametrize(
    ("new", "old", "takes"),
    [
        ({"session": "S-1", "state": PARKED}, OPEN, True),
        ({"session": "S-2", "station": "A"}, OPEN, True),
        ({"session": "S-2", "station": "B"}, OPEN, False),
        ({"session": "S-2", "station": "B"}, CANCELLED, True),
        ({"session": "S-2", "station": "B", "state": PACKED}, OPEN, True),
        ({"session": "S-2", "station": "B", "state": PACKED}, PACKED, False),
        ({"session": "S-2", "station": "B", "came_from": "S-1"}, PARKED, True),
        ({"session": "S-2", "station": "B", "came_from": "S-0"}, PARKED, False),
        ({"session": "S-2", "station": "B", "came_from": "S-1", "state": CANCELLED}, OPEN, False),
    ],
)
def test_the_first_bench_keeps_an_order_until_it_lets_go(
    new: dict[str, str], old: str, *, takes: bool
) -> None:
    known = replace(MINE, state=old)
    assert succeeds(replace(MINE, **new), known) is takes


def test_states_as_others_need_them() -> None:
    assert [phase(one) for one in (State.IDLE, State.HELD, State.PARKED)] == ["", OPEN, PARKED]
    assert (phase(State.COMPLETED), phase(State.CANCELLED)) == (PACKED, CANCELLED)


def test_of_a_body_only_what_words_quote_is_told() -> None:
    body = {"sku": "A", "lot": "", "units": 2, "price": {"amount": "1"}, "lines": [{"sku": "B"}]}
    assert plain(body) == {"sku": "A", "units": 2, "price": {"amount": "1"}}
