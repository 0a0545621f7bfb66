"""A declaration's way: the table of transitions, and a property of every walk through it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.customs.clearance import (
    CHANNELS,
    STATES,
    TRANSITIONS,
    Record,
    State,
    Step,
    StepRefused,
    after,
    following,
)

ALL: tuple[State, ...] = ("", *STATES)
STEPS = st.builds(
    Step,
    to=st.sampled_from(ALL),
    side=st.sampled_from(("office", "broker")),
    channel=st.sampled_from(("", *CHANNELS, "pigeon")),
    reference=st.sampled_from(("", "26CN0001")),
    words=st.sampled_from(("", " ", "because")),
)
LEGAL = {(row.was, row.to): row for row in TRANSITIONS}


def told(record: Record, step: Step) -> Record | str:
    try:
        return after(record, step)
    except StepRefused as exc:
        return str(exc.fields["why"])


@given(st.lists(STEPS, max_size=40))
def test_whatever_is_said_only_rows_are_walked(steps: list[Step]) -> None:
    record = Record()
    for step in steps:
        before, result = record, told(record, step)
        row = LEGAL.get((before.state, step.to))
        if isinstance(result, str):
            assert row is None or step.side not in row.sides or row.needs or step.channel
            continue
        record = result
        assert row is not None
        assert step.side in row.sides
        assert record.state == step.to
        assert record.channel in ("", *CHANNELS)
        if record.state in {"submitted", "queried", "accepted", "released"}:
            assert record.channel
        if record.state in {"accepted", "released"}:
            assert record.reference
        if record.state == "prepared":
            assert record == Record("prepared")


@given(st.sampled_from(ALL), st.sampled_from(("office", "broker")))
def test_what_is_offered_can_be_done_and_nothing_else(state: State, side: str) -> None:
    record = Record(state)
    offered = {row.to for row in following(record, side)}  # type: ignore[arg-type]
    for to in ALL:
        step = Step(to=to, side=side, channel="own", reference="1", words="w")  # type: ignore[arg-type]
        assert (to in offered) == isinstance(told(record, step), Record)


def test_nothing_follows_a_release_and_every_state_can_be_reached() -> None:
    assert following(Record("released"), "office") == ()
    reached: set[State] = {""}
    for _ in ALL:
        reached |= {row.to for row in TRANSITIONS if row.was in reached}
    assert reached == set(ALL)


@pytest.mark.parametrize(
    ("record", "step", "why"),
    [
        (Record(), Step(to="submitted", side="office"), "state"),
        (Record(), Step(to="prepared", side="broker"), "side"),
        (Record("prepared"), Step(to="submitted", side="office"), "channel"),
        (Record("prepared"), Step(to="submitted", side="office", channel="pigeon"), "channel"),
        (Record("submitted", "own"), Step(to="accepted", side="broker"), "reference"),
        (Record("submitted", "own"), Step(to="queried", side="broker", words="  "), "words"),
    ],
)
def test_a_refusal_says_why(record: Record, step: Step, why: str) -> None:
    assert told(record, step) == why


def test_a_number_once_known_stays_until_another_is_told() -> None:
    record = Record("submitted", "broker", "26CN0001")
    record = after(record, Step(to="accepted", side="broker"))
    assert record == Record("accepted", "broker", "26CN0001")
    asked = after(record, Step(to="queried", side="broker", words="which fibre?"))
    again = after(asked, Step(to="accepted", side="office", reference="26CN0002"))
    assert again.reference == "26CN0002"
