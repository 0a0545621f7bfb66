"""Claims: to one bench at a time, with a fence that only rises, kept while it is away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import msgspec
import pytest

from packstation.domain import psp
from packstation.domain.packing import facts as f
from packstation.domain.passing import WORK
from packstation.server import restores
from packstation.server.run import Running
from tests.server.bench import Bench, Clock, packed, plan
from tests.server.claiming import (
    ask,
    fresh,
    got,
    import_orders,
    let_go,
    renewed,
    rows,
    told,
    why,
)
from tests.server.conftest import NewBench

OPENED = f.SessionOpened(order_id="A-1", rev=1, lines=(plan(1, "TS", 2),), parcel_id="p-1")
ASIDE = f.SessionParked(reason="later", place="SHELF-4")


@pytest.fixture
def two(new_bench: NewBench, api: httpx.Client) -> tuple[Bench, Bench]:
    import_orders(api, "A-1", "A-2", "A-3")
    return new_bench("01"), new_bench("02")


def test_an_order_is_one_bench_s_and_the_other_is_told_whose(two: tuple[Bench, Bench]) -> None:
    one, other = two
    claim = got(ask(one, "A-1"))
    assert (claim.order, claim.fence, claim.until) == ("A-1", 1, "2026-11-21T06:29:00.000Z")
    assert why(ask(other, "A-1")) == ("claimed", "01")
    row = rows(other, "claim")["A-1"]
    assert (row["bench"], row["claim"], row["fence"]) == ("01", claim.claim, 1)
    assert got(fresh(one, "A-1")) == claim


def test_the_same_request_gets_the_same_answer(two: tuple[Bench, Bench]) -> None:
    one, other = two
    first = ask(one, "A-1", req_id="r-1")
    let_go(one, *first.granted)
    assert got(ask(other, "A-1", req_id="r-1")).fence == 2
    assert ask(one, "A-1", req_id="r-1") == first


def test_many_benches_ask_at_once_and_one_gets_it(
    two: tuple[Bench, Bench], new_bench: NewBench
) -> None:
    benches = [*two, *(new_bench(f"{n:02}") for n in range(3, 9))]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda bench: fresh(bench, "A-1", "A-2"), benches))
    granted = [claim.order for answer in answers for claim in answer.granted]
    assert sorted(granted) == ["A-1", "A-2"]


def test_what_is_let_go_is_another_s_with_a_higher_fence(two: tuple[Bench, Bench]) -> None:
    one, other = two
    claim = got(ask(one, "A-1"))
    assert let_go(other, claim).refused[0].why == "not_yours"
    assert let_go(one, claim).granted[0].order == "A-1"
    assert rows(other, "claim") == {}
    assert got(ask(other, "A-1")).fence == 2
    assert let_go(one, claim).refused[0].why == "not_yours"


def test_a_claim_that_a_bench_lets_end_is_anybody_s(two: tuple[Bench, Bench], clock: Clock) -> None:
    one, other = two
    claim = got(ask(one, "A-1"))
    clock.forward(minutes=10)
    assert got(renewed(one, claim)).until == "2026-11-21T06:39:00.000Z"
    clock.forward(minutes=14)
    assert why(fresh(other, "A-1")) == ("claimed", "01")
    clock.forward(minutes=1)
    one.push()  # it is there, and let the claim end
    assert got(fresh(other, "A-1")).fence == 2
    assert why(renewed(one, claim)) == ("claimed", "02")


def test_a_bench_that_is_away_keeps_its_claim_for_eight_hours(
    two: tuple[Bench, Bench], clock: Clock
) -> None:
    one, other = two
    one.push()
    claim = got(ask(one, "A-1"))
    clock.forward(hours=7, minutes=59)
    assert why(fresh(other, "A-1")) == ("claimed", "01")
    assert got(renewed(one, claim)).fence == 1
    clock.forward(hours=8, minutes=20)
    assert got(fresh(other, "A-1")).fence == 2


def test_who_comes_back_to_a_claim_that_nobody_took_goes_on_with_it(
    two: tuple[Bench, Bench], clock: Clock
) -> None:
    one, _ = two
    claim = got(ask(one, "A-1"))
    clock.forward(hours=20)
    again = got(renewed(one, claim))
    assert (again.claim, again.fence) == (claim.claim, 1)


def test_what_a_bench_begun_is_its_own_until_it_stops(two: tuple[Bench, Bench]) -> None:
    one, other = two
    told(one, OPENED, session="s-1")  # an older program: it asks for no claims
    assert why(ask(other, "A-1")) == ("at_bench", "01")
    told(one, ASIDE, session="s-1")
    assert got(fresh(other, "A-1")).fence == 1


@pytest.mark.parametrize("stop", [ASIDE, f.SessionCancelled(reason="packer")])
def test_a_claim_ends_with_the_work(two: tuple[Bench, Bench], stop: f.Fact) -> None:
    one, other = two
    claim = got(ask(one, "A-1"))
    told(one, OPENED, session="s-1", fence=claim.fence)
    assert rows(other, WORK)["A-1"]["fence"] == 1
    told(one, f.SessionHeld(reason="person", by="b-1"), session="s-1", fence=1)
    assert why(fresh(other, "A-1")) == ("claimed", "01")
    told(one, stop, session="s-1", fence=1)
    assert rows(other, "claim") == {}
    assert got(fresh(other, "A-1")).fence == 2


def test_a_packed_order_is_nobody_s(two: tuple[Bench, Bench]) -> None:
    one, other = two
    claim = got(ask(one, "A-1"))
    told(one, *packed("A-1", "LP1"), session="s-1", fence=claim.fence)
    assert why(fresh(other, "A-1")) == ("packed", "01")
    assert rows(other, "claim") == {}


def test_orders_that_may_not_be_packed_are_refused_by_name(
    two: tuple[Bench, Bench], api: httpx.Client
) -> None:
    one, _ = two
    api.post("/v1/orders/A-1/hold", json={"reason": "fraud"})
    api.post("/v1/orders/A-2/cancel")
    api.post("/v1/orders/A-3/assign", json={"bench": "02"})
    answer = fresh(one, "A-1", "A-2", "A-3", "A-9")
    assert answer.granted == ()
    assert [(no.order, no.why) for no in answer.refused] == [
        ("A-1", "on_hold"),
        ("A-2", "cancelled"),
        ("A-3", "other_bench"),
        ("A-9", "unknown"),
    ]


def test_a_hold_takes_no_claim_from_the_bench_that_has_it(
    two: tuple[Bench, Bench], api: httpx.Client
) -> None:
    one, _ = two
    claim = got(ask(one, "A-1"))
    api.post("/v1/orders/A-1/hold", json={"reason": "fraud"})
    assert got(renewed(one, claim)).fence == 1


def test_the_next_of_the_queue_are_given_to_each_bench_once(
    two: tuple[Bench, Bench], api: httpx.Client
) -> None:
    one, other = two
    soon = {"kind": "handover", "at": "2026-11-21T09:00:00Z"}
    import_orders(api, "A-0", deadlines=[soon])
    api.post("/v1/orders/A-2/assign", json={"bench": "02"})
    first, second = ask(one, queue=2), ask(other, queue=2)
    assert [claim.order for claim in first.granted] == ["A-0", "A-1"]
    assert [claim.order for claim in second.granted] == ["A-2", "A-3"]
    assert ask(one, req_id="r-more", queue=5).granted == first.granted


def test_what_is_claimed_ahead_gives_way_to_the_bench_that_has_the_goods(
    two: tuple[Bench, Bench], clock: Clock
) -> None:
    one, other = two
    one.push()
    mine = {claim.order: claim for claim in ask(one, queue=3).granted}
    assert got(fresh(other, "A-1")).fence == 2
    assert why(renewed(one, mine["A-1"])) == ("claimed", "02")
    fresh(one, "A-2")  # begun
    assert why(fresh(other, "A-2")) == ("claimed", "01")
    clock.forward(minutes=2)  # one is away: it may be at it
    assert why(fresh(other, "A-3")) == ("claimed", "01")


def test_a_revoked_bench_has_nothing(two: tuple[Bench, Bench], api: httpx.Client) -> None:
    one, other = two
    told(one, OPENED, session="s-1", fence=got(ask(one, "A-1")).fence)
    assert api.post(f"/v1/stations/{one.station}/revoke").status_code == 204
    assert got(fresh(other, "A-1")).fence == 2
    assert rows(other, WORK)["A-1"]["state"] == "cancelled"


def test_a_supervisor_takes_an_order_away(two: tuple[Bench, Bench], api: httpx.Client) -> None:
    one, other = two
    claim = got(ask(one, "A-1"))
    told(one, OPENED, session="s-1", fence=claim.fence)
    answer = api.post("/v1/orders/A-1/take-away")
    assert answer.json() == {"order": "A-1", "bench": "01"}
    row = rows(one, "claim")["A-1"]
    assert (row["state"], row["fence"], row["bench"]) == ("taken", 2, "01")
    assert rows(one, WORK)["A-1"]["state"] == "cancelled"
    assert why(renewed(one, claim))[0] == "taken"
    # What it does all the same is not what benches are told.
    told(one, f.ItemVerified(line=1, sku="TS", code="1"), session="s-1", fence=1)
    told(one, f.SessionHeld(reason="server", by="x"), session="s-1", fence=1)
    assert rows(one, WORK)["A-1"]["state"] == "cancelled"
    told(one, f.SessionResumed(rev=1, cause="supervisor"), session="s-1")
    assert rows(one, WORK)["A-1"]["state"] == "cancelled"
    mine = got(fresh(other, "A-1"))
    assert mine.fence == 3
    told(other, OPENED, session="s-2", fence=3)
    assert rows(one, WORK)["A-1"]["bench"] == "02"
    gone = api.post("/v1/orders/A-2/take-away")
    assert (gone.status_code, gone.json()["code"]) == (404, "not_claimed")


def test_a_restored_server_gives_higher_fences_than_it_ever_gave(
    two: tuple[Bench, Bench], running: Running
) -> None:
    one, _ = two
    claim = got(ask(one, "A-1"))
    restores.begin(running.server)
    one.gen = 2
    let_go(one, claim)
    assert got(fresh(one, "A-1")).fence == 1_000_001
    forgotten = psp.GrantedClaim(order="A-2", claim="c-forgotten", fence=7)
    assert got(renewed(one, forgotten)).fence == 1_000_001


def checked(bench: Bench, rev: int, fence: int = 0, order: str = "A-1") -> httpx.Response:
    return bench.post(f"/v1/orders/{order}/checkpoint", psp.Checkpoint(rev=rev, fence=fence))


def test_the_checkpoint_lets_a_label_be_made(two: tuple[Bench, Bench]) -> None:
    one, _ = two
    claim = got(ask(one, "A-1"))
    assert checked(one, 1, claim.fence).json() == {"order": "A-1", "rev": 1}
    assert checked(one, 1).status_code == 200
    assert checked(one, 1, order="A-9").json()["code"] == "unknown_order"


def test_the_checkpoint_says_what_has_changed(two: tuple[Bench, Bench], api: httpx.Client) -> None:
    one, other = two

    def said(bench: Bench, rev: int, fence: int = 0, order: str = "A-1") -> tuple[str, int, str]:
        answer = checked(bench, rev, fence, order)
        assert (answer.status_code, answer.json()["code"]) == (409, "changed")
        conflict = msgspec.json.decode(answer.content, type=psp.Conflict)
        return conflict.reason, conflict.rev or 0, conflict.by

    claim = got(ask(one, "A-1"))
    assert said(other, 1) == ("claimed", 1, "01")
    import_orders(api, "A-1", ship_to={"name": "Secret Name", "city": "Natal", "country": "BR"})
    assert said(one, 1, claim.fence) == ("changed", 2, "")
    api.post("/v1/orders/A-1/take-away")
    assert said(one, 2, claim.fence)[0] == "claimed"
    api.post("/v1/orders/A-2/hold", json={"reason": "fraud"})
    assert said(one, 1, order="A-2") == ("on_hold", 1, "")
    api.post("/v1/orders/A-3/cancel")
    assert said(one, 1, order="A-3") == ("cancelled", 2, "")


def test_what_is_no_claim_is_refused_by_field(two: tuple[Bench, Bench]) -> None:
    one, _ = two
    answer = one.post("/v1/claims", {"req_id": "r-1", "n": 0})
    assert answer.status_code == 422
    assert "$.n" in answer.json()["detail"]
    assert one.post("/v1/claims/renew", {"claims": [{"order": "A-1"}]}).status_code == 422
    assert one.http.post("/v1/claims", json={"req_id": "r"}).status_code == 401


def test_another_site_s_orders_are_unknown(
    two: tuple[Bench, Bench], running: Running, new_bench: NewBench, api: httpx.Client
) -> None:
    one, _ = two
    api.post("/v1/import/site", json={"code": "MSK-1", "zone": "UTC", "currency": "EUR"})
    stranger = new_bench("77", "MSK-1")
    assert why(ask(stranger, "A-1")) == ("unknown", "")
    assert got(ask(one, "A-1")).fence == 1
    assert rows(stranger, "claim") == {}


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_that_began_it_offline_the_one_with_the_claim_goes_on(
    two: tuple[Bench, Bench], first: int
) -> None:
    """Whichever's facts come first, exactly one of them is told that it is the other's."""
    one, other = two
    assert got(ask(one, "A-1")).fence == 1
    for bench in (two[first], two[1 - first]):
        told(bench, OPENED, session=f"s-{bench.station[-2:]}")
    assert why(ask(other, "A-1")) == ("claimed", "01")
    work = rows(other, WORK)["A-1"]
    assert (work["bench"], work["fence"]) == ("01", 1)


def test_whose_facts_came_before_any_claim_has_the_order(two: tuple[Bench, Bench]) -> None:
    one, other = two
    told(one, OPENED, session="s-1")
    assert why(ask(other, "A-1")) == ("at_bench", "01")
    told(other, OPENED, session="s-2")
    assert rows(other, WORK)["A-1"]["bench"] == "01"
    assert got(fresh(one, "A-1")).fence == 1
