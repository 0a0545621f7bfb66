"""The word of the server before a label: go on, or no number is used and nothing is bought."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.domain.packing import State
from packstation.station import ports as p
from packstation.station.checkpoint import Checked
from packstation.station.claim_ports import ClaimsAsked
from packstation.station.views import Words
from tests.station.desk import Bench, order, signed_in, to_weighing


def weighed(*, stop: str = "", mood: str = "ok", online: bool = True) -> Bench:
    bench = signed_in()
    bench.say(p.SyncChanged(online=online, waiting=0))
    bench.say(p.ClaimsAnswered(granted=(("O-1", "c-4", 4),)))
    bench.labels.stop, bench.labels.mood = stop, mood
    to_weighing(bench)
    bench.weigh(780)
    return bench


def test_a_label_is_made_after_the_server_s_word() -> None:
    bench = weighed()
    assert bench.labels.checks == [("O-1", 4, 1)]
    assert bench.core.session.state is State.PRINTING
    assert bench.kinds().count("LabelIssued") == 1


def test_without_the_server_nobody_is_asked() -> None:
    bench = weighed(online=False)
    assert bench.labels.checks == []
    assert bench.core.session.state is State.PRINTING


def test_a_server_that_does_not_answer_stops_nobody() -> None:
    bench = weighed(mood="deaf")
    assert len(bench.labels.checks) == 1
    assert bench.core.session.state is State.PRINTING


@pytest.mark.parametrize("why", ["changed", "cancelled", "shipped", "on_hold", "claimed"])
def test_what_the_server_refuses_uses_no_number(why: str) -> None:
    bench = weighed(stop=why)
    assert bench.core.session.state is State.HELD
    assert bench.view.alert is not None
    assert bench.view.alert.facts == ((Words(f"checkpoint.{why}"), ""),)
    kinds = bench.kinds()
    assert "NumberUsed" not in kinds
    assert "LabelIssued" not in kinds
    asked = ClaimsAsked(want=("O-1",))
    assert (bench.sync.claimed[-1] == asked and len(bench.sync.claimed) > 1) is (why == "claimed")


def test_the_packer_is_asked_nothing_by_a_change_that_concerns_no_box() -> None:
    bench = signed_in()
    bench.say(p.SyncChanged(online=True, waiting=0))
    to_weighing(bench)
    bench.cache.add(p.OrderRow(replace(order(), store="renamed"), 5))
    bench.weigh(780)
    assert bench.labels.checks == [("O-1", 0, 5)]
    # Of another address the box knows nothing: the revision is the one it was packed for.
    other = signed_in()
    other.say(p.SyncChanged(online=True, waiting=0))
    to_weighing(other)
    moved = replace(order(), ship_to=replace(order().ship_to, city="Omsk"))
    other.cache.add(p.OrderRow(moved, 5))
    other.weigh(780)
    assert other.labels.checks == [("O-1", 0, 1)]


def test_an_answer_that_nobody_waits_for_makes_no_label() -> None:
    bench = signed_in()
    bench.say(p.SyncChanged(online=True, waiting=0))
    to_weighing(bench)
    for reading in (bench.reading(0), bench.reading(780)):
        bench.station.handle(reading)
    answers = []
    while "LabelRequested" not in bench.kinds():
        bench.station.handle(bench.later.waiting.pop(0)())
    asking = bench.core.session.parcel.label
    assert asking is not None
    bench.station.handle(p.Ticked())
    bench.clock.advance(6)
    bench.station.handle(p.Ticked())  # asks about what is open: it is under way
    flow = bench.station._flow
    flow.labelling.checkpoint.ask(asking.key)
    answers = [work() for work in bench.later.waiting]
    bench.later.waiting.clear()
    assert len(bench.labels.checks) == 1
    for answer in (*answers, *answers):
        bench.station.handle(answer)
    bench.later.drain()
    assert bench.kinds().count("LabelIssued") == 1


def test_a_label_that_was_settled_meanwhile_is_left_alone() -> None:
    bench = weighed(stop="changed")
    gate = bench.station._flow.labelling.checkpoint
    label = bench.core.session.parcel.label
    assert label is not None
    gate.asking = label.key
    bench.say(Checked(label.key))
    assert "LabelIssued" not in bench.kinds()
