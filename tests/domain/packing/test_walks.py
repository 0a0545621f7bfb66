"""Random walks: whatever a bench goes through, the promises hold."""

from __future__ import annotations

from collections import Counter

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.events import decode, encode
from packstation.domain.packing import IDLE, Session, State, decide, evolve, fold
from packstation.domain.packing import facts as f
from packstation.domain.packing import inputs as i
from packstation.domain.packing import item_inputs as ii
from packstation.domain.packing.facts import LinePlan
from packstation.domain.packing.plan import Given, unit_codes
from packstation.domain.packing.session import Packed
from tests.domain.packing.scenes import INPUTS, OPEN

PHONES = LinePlan(line=3, sku="PHONE", quantity=2, serial=True, needs=("imei",), after=2)
WITH_PHONES = replace(OPEN, lines=(*OPEN.lines, PHONES))
JOBS = st.sampled_from(["label", "cn22"])
RANDOM = st.one_of(
    st.sampled_from(list(INPUTS.values())),
    st.sampled_from(["MUG", "SOCK", "HAT"]).map(lambda sku: i.ItemScanned(sku=sku)),
    st.sampled_from(["A", "B"]).map(
        lambda value: i.ItemScanned(
            sku="PHONE", serial=value, given=(Given(kind="imei", value=value),)
        )
    ),
    st.builds(
        lambda value, outcome: ii.RequirementAnswered(
            sku="PHONE", kind="imei", value=value, outcome=outcome
        ),
        st.sampled_from(["A", "B"]),
        st.sampled_from(["accepted", "refused"]),
    ),
    st.just(WITH_PHONES),
    st.integers(0, 1200).map(lambda grams: i.WeightRead(grams=grams)),
    st.builds(
        lambda attempt, outcome: i.LabelAnswered(
            key=f"P-1/{attempt}", outcome=outcome, waybill=f"W{attempt}"
        ),
        st.integers(1, 3),
        st.sampled_from(["issued", "refused", "unknown", "never_bought"]),
    ),
    st.builds(
        lambda attempt, outcome: i.VoidAnswered(key=f"P-1/{attempt}", outcome=outcome),
        st.integers(1, 3),
        st.sampled_from(["voided", "refused", "unknown"]),
    ),
    JOBS.map(lambda document: i.PrintBegun(job=f"{document}/1", document=document)),
    st.builds(
        lambda document, outcome: i.PrintReported(
            job=f"{document}/1", document=document, outcome=outcome
        ),
        JOBS,
        st.sampled_from(["accepted", "printed", "failed", "uncertain"]),
    ),
    st.integers(1, 3).map(lambda n: i.WaybillScanned(waybill=f"W{n}", next_parcel_id=f"P-{n}")),
)


def walk(inputs: list[i.Input]) -> tuple[Session, list[f.Fact]]:
    session, facts = IDLE, []
    for what in inputs:
        for fact in decide(session, what):
            session = evolve(session, fact)
            facts.append(fact)
    return session, facts


@settings(max_examples=300, deadline=None)
@given(st.lists(RANDOM, max_size=60))
def test_quantities_are_conserved(inputs: list[i.Input]) -> None:
    session, _ = walk(inputs)
    for line in session.lines:
        packed = sum(parcel.units(line.plan.line) for parcel in session.parcels)
        assert packed == line.done
        assert line.due >= 0
        assert line.done + line.shorted + line.due == line.plan.quantity


@settings(max_examples=300, deadline=None)
@given(st.lists(RANDOM, max_size=60))
def test_money_moves_once_for_a_key(inputs: list[i.Input]) -> None:
    _, facts = walk(inputs)
    asked = Counter(fact.key for fact in facts if isinstance(fact, f.LabelRequested))
    issued = Counter(fact.key for fact in facts if isinstance(fact, f.LabelIssued))
    assert all(count == 1 for count in (*asked.values(), *issued.values()))
    assert set(issued) <= set(asked)
    live: set[str] = set()
    for fact in facts:
        match fact:
            case f.LabelRequested():
                assert not live
                live.add(fact.key)
            case f.LabelRefused() | f.LabelVoided():
                live.discard(fact.key)


@settings(max_examples=300, deadline=None)
@given(st.lists(RANDOM, max_size=60))
def test_a_job_is_started_once(inputs: list[i.Input]) -> None:
    _, facts = walk(inputs)
    copies = 0
    started: Counter[tuple[str, int]] = Counter()
    for fact in facts:
        match fact:
            case f.ReprintRequested() | f.LabelIssued() | f.PrintMoved():
                copies += 1
            case f.PrintStarted():
                started[fact.document, copies] += 1
    assert all(count == 1 for count in started.values())


@settings(max_examples=200, deadline=None)
@given(st.lists(RANDOM, max_size=60))
def test_facts_survive_the_journal(inputs: list[i.Input]) -> None:
    session, facts = walk(inputs)
    stored = [msgspec.json.encode(encode(fact)) for fact in facts]
    read = [decode(kind, v, body) for kind, v, body in map(msgspec.json.decode, stored)]
    assert read == facts
    assert fold(read) == session


@settings(max_examples=200, deadline=None)
@given(st.lists(RANDOM, max_size=60))
def test_a_completed_session_owes_nothing(inputs: list[i.Input]) -> None:
    session, facts = walk([INPUTS["OpenOrder"], *inputs])
    if any(isinstance(fact, f.SessionCompleted) for fact in facts[-1:]):
        assert session.state is State.COMPLETED
        assert session.due == 0
    assert session.parcels


@settings(max_examples=300, deadline=None)
@given(st.lists(RANDOM, max_size=60))
def test_no_label_is_asked_for_while_a_unit_is_refused(inputs: list[i.Input]) -> None:
    session = IDLE
    for what in [WITH_PHONES, *inputs]:
        for fact in decide(session, what):
            if isinstance(fact, f.LabelRequested):
                assert not session.given("refused")
                assert not session.given("")
            session = evolve(session, fact)
        codes = [code for item in session.packed for code in unit_codes_of(item)]
        assert len(codes) == len(set(codes))


def unit_codes_of(item: Packed) -> tuple[str, ...]:
    return unit_codes(item.sku, item.serial, item.given)
