"""Materials and instructions in the session: shown and confirmed once, contradictions decided."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.domain.packing import IDLE, State, decide, evolve, fold
from packstation.domain.packing import inputs as i
from packstation.domain.packing import material_facts as m
from packstation.domain.packing import material_inputs as t
from packstation.domain.packing.facts import InputRefused, OverrideGranted, SessionResumed
from packstation.domain.packing.session import LIVE, Session
from tests.domain.packing.scenes import COMPLETED, SCANNED, SCENES

PAPER = m.Supply(code="paper", kind="infill", recycled=True)
ASKED = (
    t.TaskShown(rule="R", moment="item", once="order", line=1),
    t.TaskDone(rule="R", once="parcel", how="enter"),
    t.SuppliesTaken(supplies=(PAPER,)),
)


def after(session: Session, what: i.Input) -> Session:
    return fold(decide(session, what), session)


@pytest.mark.parametrize("what", ASKED, ids=lambda what: type(what).__name__)
@pytest.mark.parametrize("state", list(State))
def test_they_are_recorded_wherever_the_bench_is_busy(state: State, what: i.Input) -> None:
    session = SCENES[state]
    (fact,) = decide(session, what)
    if state not in LIVE:
        assert isinstance(fact, InputRefused)
        return
    assert isinstance(fact, m.MaterialsShown | m.InstructionConfirmed | m.SuppliesUsed)
    assert evolve(session, fact).state is state


def test_what_was_shown_or_confirmed_is_not_told_twice() -> None:
    for once in ("order", "parcel", "shipment"):
        shown = t.TaskShown(rule="R", moment="item", once=once)
        done = t.TaskDone(rule="R", once=once)
        session = after(after(SCANNED, shown), done)
        assert decide(session, shown) == ()
        assert decide(session, done) == ()


@pytest.mark.parametrize(
    ("once", "box", "again"), [("order", 0, 0), ("shipment", 0, 1), ("parcel", 1, 0)]
)
def test_once_is_once_an_order_a_parcel_or_a_shipment(once: str, box: int, again: int) -> None:
    done = t.TaskDone(rule="R", once=once)
    session = after(SCANNED, done)
    other = replace(session, parcels=(*session.parcels, replace(session.parcel, id="P-2")))
    assert len(decide(other, done)) == box
    reopened = after(
        replace(COMPLETED, confirmed=session.confirmed), i.ReopenAsked(by="S", reason="x")
    )
    assert reopened.reopened == 1
    same = replace(reopened, parcels=session.parcels)
    assert len(decide(same, done)) == again


def held(note: str) -> Session:
    return after(SCANNED, i.HoldRaised(reason="rules", by="rule", note=note))


def test_a_supervisor_decides_between_two_rules() -> None:
    session = held("infill A B")
    facts = decide(session, i.OverrideAsked(by="SV-1", reason="rule:B"))
    assert [type(fact) for fact in facts] == [OverrideGranted, m.RuleDecided, SessionResumed]
    assert facts[1] == m.RuleDecided(subject="infill", one="A", other="B", kept="B", by="SV-1")
    moved = fold(facts, session)
    assert (moved.state, moved.ruled) == (State.SCANNING, (("infill", "A", "B", "B"),))


@pytest.mark.parametrize(
    ("note", "reason"), [("infill A B", "rule:C"), ("infill A B", "other"), ("odd", "rule:A")]
)
def test_another_reason_decides_nothing(note: str, reason: str) -> None:
    facts = decide(held(note), i.OverrideAsked(by="SV-1", reason=reason))
    assert not any(isinstance(fact, m.RuleDecided) for fact in facts)


def test_nothing_of_it_happens_without_an_order() -> None:
    (fact,) = decide(IDLE, ASKED[1])
    assert isinstance(fact, InputRefused)
