"""State x Input: what is in ARCHITECTURE's table happens, everything else is refused by name."""

from __future__ import annotations

import pytest

from packstation.domain.packing import State, decide, evolve
from packstation.domain.packing import inputs as i
from packstation.domain.packing import item_inputs as ii
from packstation.domain.packing.facts import InputRefused
from tests.domain.packing.scenes import INPUTS, SCENES, kinds

Rows = dict[str, tuple[tuple[str, ...], State]]

HOLD: Rows = {"HoldRaised": (("SessionHeld",), State.HELD)}
STOP: Rows = {"CancelAsked": (("SessionCancelled",), State.CANCELLED)}
PARK: Rows = {"ParkAsked": (("SessionParked",), State.PARKED)}
BOX: Rows = {"CartonChosen": (("CartonAssigned",), State.WEIGHING)}
OPEN: Rows = {"OpenAgainAsked": (("ParcelReopened",), State.SCANNING)}
LIVE = HOLD | STOP | PARK

TABLE: dict[State, Rows] = {
    State.IDLE: {
        "OpenOrder": (("SessionOpened",), State.SCANNING),
        "TakeOverAsked": (("SessionTakenOver",), State.PARKED),
    },
    State.SCANNING: LIVE
    | {
        "ItemScanned": (("ItemVerified",), State.SCANNING),
        "UndoAsked": (("ItemRemoved",), State.SCANNING),
        "ShortDeclared": (("ItemShorted",), State.SCANNING),
        "SubstituteAsked": (("SubstituteAllowed",), State.SCANNING),
        "ByHandAsked": (("ByHandAllowed",), State.SCANNING),
        "DoubleScanSeen": (("DoubleScanAsked",), State.SCANNING),
        "NextParcelAsked": (("ParcelSplit",), State.CARTONING),
    },
    State.CARTONING: LIVE | BOX | OPEN,
    State.WEIGHING: LIVE | BOX | OPEN | {"WeightRead": (("ParcelWeighed",), State.RATING)},
    State.MEASURING: LIVE | BOX | OPEN | {"SizeRead": (("ParcelMeasured",), State.RATING)},
    State.RATING: LIVE
    | BOX
    | OPEN
    | {"ServiceChosen": (("ServiceSelected", "LabelRequested"), State.LABELLING)},
    State.LABELLING: HOLD | {"LabelAnswered": (("LabelIssued",), State.PRINTING)},
    State.PRINTING: HOLD
    | {
        "PrintBegun": (("PrintStarted",), State.PRINTING),
        "PrintReported": (("DocumentPrinted",), State.PRINTING),
        "PrintMoveAsked": (("PrintMoved",), State.PRINTING),
        "VoidAsked": (("LabelVoidRequested",), State.PRINTING),
        "WaybillScanned": (("DocumentPrinted",), State.PRINTING),
    },
    State.CONFIRMING: HOLD
    | {
        "ReprintAsked": (("ReprintRequested",), State.PRINTING),
        "VoidAsked": (("LabelVoidRequested",), State.CONFIRMING),
        "WaybillScanned": (("LabelApplied", "SessionCompleted"), State.COMPLETED),
    },
    State.COMPLETED: {"ReopenAsked": (("SessionReopened",), State.SCANNING)},
    State.PARKED: {"ResumeAsked": (("SessionResumed",), State.SCANNING)},
    State.HELD: STOP
    | PARK
    | {
        "HoldReleased": (("SessionResumed",), State.SCANNING),
        "OverrideAsked": (("OverrideGranted", "SessionResumed"), State.SCANNING),
        "PutBackScanned": (("SessionCancelled",), State.CANCELLED),
    },
    State.CANCELLED: {},
}


def test_the_scenes_are_in_the_states_they_stand_for() -> None:
    assert {state: scene.state for state, scene in SCENES.items()} == {s: s for s in State}


def test_every_input_of_the_session_is_in_the_matrix() -> None:
    declared = {
        name
        for module in (i, ii)
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, i.Input)
    }
    assert declared - {"Input", "FastLane"} == set(INPUTS)


@pytest.mark.parametrize("name", list(INPUTS))
@pytest.mark.parametrize("state", list(State))
def test_state_meets_input(state: State, name: str) -> None:
    session, what = SCENES[state], INPUTS[name]
    facts = decide(session, what)
    moved = session
    for fact in facts:
        moved = evolve(moved, fact)
    if name == "PapersLooked" and session.live:
        # Whatever stopped the bench, or nothing did: what was found is written down.
        assert (kinds(facts), moved.state) == (("PapersChecked",), state)
        return
    if name in TABLE[state]:
        expected, to = TABLE[state][name]
        assert (kinds(facts), moved.state) == (expected, to)
        return
    (refused,) = facts
    assert isinstance(refused, InputRefused)
    assert refused.reason
    assert (refused.input, refused.state) == (name, state)
    assert moved == session
