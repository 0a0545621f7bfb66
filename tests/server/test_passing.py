"""Whose order it is, told to all benches: parked, taken over, packed, begun twice."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from packstation.domain.packing import State, fold
from packstation.domain.packing import facts as f
from packstation.domain.packing.pass_facts import SessionTakenOver
from packstation.domain.packing.session import Session
from packstation.domain.packing.tote_facts import ToteArrived
from packstation.domain.passing import TRAIL, WORK
from packstation.server.run import Running
from packstation.server.tables import SESSION
from tests.server.bench import Bench, packed, plan
from tests.server.conftest import NewBench

OPENED = f.SessionOpened(
    order_id="A-1", rev=1, lines=(plan(1, "TS", 2),), parcel_id="p-1", tote="T-1"
)
SCANNED = f.ItemVerified(line=1, sku="TS", code="6901234567892", serial="S-7")
ASIDE = f.SessionParked(reason="later", place="SHELF-4")


def rows(bench: Bench, kind: str) -> dict[str, dict[str, Any]]:
    found = bench.get("/v1/changes?cursor=&limit=500&wait=0").json()["rows"]
    return {row["id"]: row["body"] for row in found if row["t"] == kind}


def in_order(bench: Bench) -> list[str]:
    found = bench.get("/v1/changes?cursor=&limit=500&wait=0").json()["rows"]
    return [row["t"] for row in found if row["t"] in {WORK, TRAIL}]


def told(bench: Bench, *facts: f.Fact, session: str = "s-1", order: str | None = "A-1") -> None:
    """The bench writes these and pushes them."""
    start = len(bench.events) + 1
    bench.note(*facts, session=session, order=order)
    assert bench.push(start).status_code == 200


@pytest.fixture
def two(new_bench: NewBench) -> tuple[Bench, Bench]:
    return new_bench("01"), new_bench("02")


def taken(bench: Bench, session: str = "s-1") -> SessionTakenOver:
    """What the other bench writes when it goes on."""
    kept = msgspec.convert(rows(bench, TRAIL)["A-1"]["kept"], Session)
    return SessionTakenOver(order_id="A-1", rev=1, session=session, bench="01", kept=kept)


def test_a_parked_order_is_told_with_all_that_is_packed(two: tuple[Bench, Bench]) -> None:
    one, other = two
    told(one, OPENED, ToteArrived(tote="T-1"), SCANNED)
    assert rows(other, TRAIL) == {}
    work = rows(other, WORK)["A-1"]
    assert (work["state"], work["bench"], work["totes"]) == ("open", "01", ["T-1"])
    told(one, ASIDE)
    work, trail = rows(other, WORK)["A-1"], rows(other, TRAIL)["A-1"]
    assert (work["state"], work["place"], work["session"]) == ("parked", "SHELF-4", "s-1")
    assert taken(other).kept == fold([OPENED, ToteArrived(tote="T-1"), SCANNED, ASIDE])
    assert [one["kind"] for one in trail["told"]] == [
        "SessionOpened",
        "ToteArrived",
        "ItemVerified",
        "SessionParked",
    ]
    assert {one["bench"] for one in trail["told"]} == {"01"}
    # What is needed to go on comes before the word that one can.
    assert in_order(other) == [TRAIL, WORK]


def test_no_buyer_is_in_what_benches_tell_each_other(two: tuple[Bench, Bench]) -> None:
    one, other = two
    told(one, OPENED, SCANNED, f.SessionHeld(reason="person", by="b-1", note="damaged"), ASIDE)
    for kind in (WORK, TRAIL):
        text = msgspec.json.encode(rows(other, kind)).decode()
        assert "ship_to" not in text
        assert "address" not in text


def test_it_goes_on_at_the_other_bench_and_the_claim_moves(
    two: tuple[Bench, Bench], running: Running
) -> None:
    one, other = two
    told(one, OPENED, SCANNED, ASIDE)
    told(other, taken(other), f.SessionResumed(rev=1, cause="scan"), session="s-2")
    work = rows(one, WORK)["A-1"]
    assert (work["state"], work["bench"], work["came_from"]) == ("open", "02", "s-1")
    assert rows(one, "unit")["serial:TS:S-7"]["session"] == "s-2"
    told(other, SCANNED, f.ContentsVerified(), session="s-2")
    with running.server.store.read() as connection:
        states = {row.session: row.state for row in connection.execute(SESSION.select())}
    assert states == {"s-1": State.PARKED, "s-2": State.CARTONING}
    # The first one goes on as well, for it has not heard: the order stays where it went.
    told(one, f.SessionResumed(rev=1, cause="scan"))
    assert rows(one, WORK)["A-1"]["bench"] == "02"


def test_of_two_that_began_it_the_first_stays_and_the_second_is_told_again(
    two: tuple[Bench, Bench],
) -> None:
    one, other = two
    told(one, OPENED)
    seen = other.get("/v1/changes?cursor=&limit=500&wait=0").json()["cursor"]
    told(other, OPENED, session="s-2")
    later = other.get(f"/v1/changes?cursor={seen}&limit=500&wait=0").json()["rows"]
    assert [(row["t"], row["body"]["bench"]) for row in later] == [(WORK, "01")]
    told(other, f.SessionCancelled(reason="server"), session="s-2")
    assert rows(one, WORK)["A-1"]["state"] == "open"
    told(one, f.SessionCancelled(reason="packer"))
    assert rows(one, WORK)["A-1"]["state"] == "cancelled"
    told(other, OPENED, session="s-3")
    assert rows(one, WORK)["A-1"]["bench"] == "02"


def test_who_packed_it_has_packed_it(two: tuple[Bench, Bench]) -> None:
    one, other = two
    told(one, OPENED)
    told(other, *packed("A-1", "LP000000005CN"), session="s-2")
    work = rows(one, WORK)["A-1"]
    assert (work["state"], work["bench"]) == ("packed", "02")
    kinds = [one["kind"] for one in rows(one, TRAIL)["A-1"]["told"]]
    assert kinds[-1] == "SessionCompleted"


def test_a_push_that_comes_twice_moves_no_row(two: tuple[Bench, Bench]) -> None:
    one, other = two
    told(one, OPENED, SCANNED, ASIDE)
    seen = other.get("/v1/changes?cursor=&limit=500&wait=0").json()["cursor"]
    assert one.push().status_code == 200
    assert other.get(f"/v1/changes?cursor={seen}&limit=500&wait=0").json()["rows"] == []


def test_facts_of_a_broken_bench_stop_nobody(two: tuple[Bench, Bench]) -> None:
    one, other = two
    told(one, f.SessionParked(reason="later", place="X"), session="s-9", order=None)
    assert rows(other, WORK) == {}
    told(one, OPENED)
    assert rows(other, WORK)["A-1"]["state"] == "open"
