"""Claims at the bench: asked for beside the packer, carried by facts, lost with words."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from packstation.domain import claims as c
from packstation.domain.packing import State
from packstation.domain.passing import Work
from packstation.station import ports as p
from packstation.station.claim_ports import ClaimRules, ClaimsAsked
from packstation.station.claims import AHEAD
from packstation.station.views import Screen, Words
from tests.station.desk import MUG, SOCK, Bench, order, signed_in

PARTITION, OPTIMISTIC, DENY = (ClaimRules(name) for name in ("partition", "optimistic", "deny"))


def online(*orders: object, rules: ClaimRules | None = None) -> Bench:
    bench = signed_in(*orders)  # type: ignore[arg-type]
    bench.desk.claiming = rules
    bench.say(p.SyncChanged(online=True, waiting=0))
    return bench


def gone(bench: Bench) -> Bench:
    """The server is away."""
    bench.say(p.SyncChanged(online=False, waiting=0))
    return bench


def given(bench: Bench, order_id: str = "O-1", fence: int = 4) -> None:
    bench.say(p.ClaimsAnswered(granted=((order_id, f"c-{fence}", fence),)))


def refused(bench: Bench, why: str, by: str = "03", order_id: str = "O-1") -> None:
    bench.say(p.ClaimsAnswered(refused=((order_id, why, by),)))


def row(order_id: str = "O-1", fence: int = 5, *, own: bool = False, **more: str) -> p.Row:
    station, bench = ("B-01", "07") if own else ("B-03", "03")
    body = c.Claim(
        order=order_id, claim=f"c-{fence}", fence=fence, station=station, bench=bench, **more
    )
    return p.Row("claim", order_id, fence, "put", msgspec.to_builtins(body))


def over(order_id: str = "O-1") -> p.Row:
    return p.Row("claim", order_id, 9, "del", {})


def pulled(bench: Bench, *rows: p.Row) -> None:
    bench.say(p.RowsPulled(rows, "c-1", 1))


def fences(bench: Bench) -> list[tuple[str, str | None, int]]:
    return [
        (one.event.kind, one.event.claim, one.event.fence)
        for one in bench.store.records
        if one.event.order == "O-1" and one.event.kind != "PapersChecked"
    ]


def state(bench: Bench) -> str:
    return bench.core.session.state.value


def stopped_by(bench: Bench) -> Words | None:
    alert = bench.view.alert
    return alert.by if alert is not None else None


def test_an_order_is_opened_at_once_and_claimed_beside() -> None:
    bench = online()
    bench.scan("O-1")
    assert bench.view.screen is Screen.SCANNING
    assert bench.sync.claimed[-1] == ClaimsAsked(want=("O-1",))
    bench.scan(MUG)
    given(bench)
    bench.scan(MUG)
    assert fences(bench) == [
        ("SessionOpened", None, 0),
        ("ItemVerified", None, 0),
        ("ItemVerified", "c-4", 4),
    ]


def test_a_claim_that_is_there_before_stands_in_every_fact() -> None:
    bench = online()
    given(bench)
    bench.scan("O-1", MUG)
    assert {fence for _, _, fence in fences(bench)} == {4}
    bench.command("park")
    bench.scan("SHELF-4")
    assert bench.core.rights == {}
    bench.scan("O-1")
    assert fences(bench)[-1] == ("SessionResumed", None, 0)


@pytest.mark.parametrize("why", ["claimed", "at_bench", "packed"])
def test_an_order_that_another_bench_has_stops_with_its_name(why: str) -> None:
    bench = online()
    bench.scan("O-1", MUG)
    refused(bench, why)
    assert state(bench) == "held"
    assert stopped_by(bench) == Words("stop.by_bench", (("b", "03"),))
    bench.scan(MUG)
    assert state(bench) == "held"
    # Nobody has it any more: it goes on.
    pulled(bench, over())
    assert state(bench) == "scanning"


def test_what_the_other_bench_put_aside_is_anybody_s() -> None:
    bench = online()
    bench.scan("O-1", MUG)
    work = Work(order="O-1", session="x", state="open", station="B-03", bench="03")
    for state, held in (("open", True), ("parked", False)):
        body = msgspec.to_builtins(replace(work, state=state))
        pulled(bench, p.Row("work", "O-1", 1, "put", body))
        assert (bench.core.session.state is State.HELD) is held


def test_what_the_order_s_own_row_says_is_said_by_the_row() -> None:
    bench = online()
    bench.scan("O-1", MUG)
    refused(bench, "on_hold", "")
    assert bench.core.session.state is State.SCANNING


def test_another_order_s_answer_stops_nothing() -> None:
    bench = online(order(), order("O-2"))
    bench.scan("O-1", MUG)
    given(bench, "O-2")
    refused(bench, "claimed", order_id="O-2")
    assert bench.core.session.state is State.SCANNING
    assert bench.core.rights == {}


def test_a_person_takes_the_order_away() -> None:
    bench = online()
    bench.scan("O-1", MUG)
    given(bench)
    pulled(bench, row(own=True, state="taken", by="Olga"))
    assert bench.core.session.state is State.HELD
    assert stopped_by(bench) == Words("stop.taken", (("by", "Olga"),))
    bench.command("supervisor")
    refused(bench, "taken", "Olga")
    assert bench.core.session.hold_by == "Olga"
    # It does not take it back by itself.
    count = len(bench.sync.claimed)
    bench.clock.advance(61)
    bench.say(p.Ticked())
    assert len(bench.sync.claimed) == count


def test_another_bench_s_claim_by_row_stops_it_too_unless_ours_is_newer() -> None:
    bench = online()
    bench.scan("O-1", MUG)
    given(bench, fence=6)
    pulled(bench, row(fence=5))
    assert bench.core.session.state is State.SCANNING
    pulled(bench, row(fence=7))
    assert stopped_by(bench) == Words("stop.by_bench", (("b", "03"),))
    given(bench, fence=8)
    assert bench.core.session.state is State.SCANNING
    pulled(bench, p.Row("claim", "O-1", 9, "put", {"order": 5}))  # misshapen: of nobody
    assert bench.core.session.state is State.SCANNING


def test_after_a_restart_the_bench_knows_its_claims_and_asks_again() -> None:
    bench = online(order(), order("O-2"))
    bench.scan("O-1", MUG)
    pulled(bench, row(own=True, fence=5), row("O-2", fence=3))
    again = Bench(bench.store)
    again.cache = bench.cache
    again.start()
    assert again.core.rights == {"O-1": c.Right("c-5", 5)}
    assert list(again.desk.flow.claimed) == ["O-2"]
    assert again.sync.claimed[0] == ClaimsAsked(want=("O-1",))
    pulled(again, over(), over("O-2"))
    assert again.core.rights == {"O-1": c.Right("c-5", 5)}  # it is open: the server will say
    assert again.desk.flow.claimed == {}


def test_claims_are_renewed_while_they_are_needed() -> None:
    bench = online(order(), order("O-2"))
    bench.scan("O-1", MUG)
    given(bench)
    given(bench, "O-2", 2)
    bench.sync.claimed.clear()
    bench.say(p.Ticked())
    assert bench.sync.claimed == [ClaimsAsked(renew=(("O-1", "c-4", 4), ("O-2", "c-2", 2)))]
    bench.say(p.Ticked())
    assert len(bench.sync.claimed) == 1
    bench.clock.advance(301)  # the bench locks: what is open stays its own, the rest goes
    bench.say(p.Ticked())
    bench.clock.advance(301)
    bench.say(p.Ticked())
    assert bench.sync.claimed[-1] == ClaimsAsked(renew=(("O-1", "c-4", 4),))
    gone(bench)
    bench.clock.advance(1000)
    bench.say(p.Ticked())
    count = len(bench.sync.claimed)
    bench.say(p.SyncChanged(online=True, waiting=0), p.Ticked())
    assert len(bench.sync.claimed) == count + 1


def test_what_was_never_answered_is_asked_again() -> None:
    bench = online()
    bench.scan("O-1", MUG)
    bench.clock.advance(61)
    bench.say(p.Ticked())
    assert bench.sync.claimed[-1] == ClaimsAsked(want=("O-1",))
    assert len(bench.sync.claimed) == 2


def test_a_bench_that_may_pack_nothing_else_reserves_some_ahead() -> None:
    bench = online(rules=PARTITION)
    bench.say(p.Ticked(), p.Ticked())
    assert bench.sync.claimed == [ClaimsAsked(ahead=AHEAD)]
    for n in range(AHEAD):
        given(bench, f"O-{n}")
    bench.clock.advance(120)
    bench.say(p.Ticked())
    assert [asked.ahead for asked in bench.sync.claimed] == [AHEAD]
    relaxed = online(rules=OPTIMISTIC)
    relaxed.say(p.Ticked())
    assert relaxed.sync.claimed == []


@pytest.mark.parametrize("rules", [PARTITION, DENY])
def test_without_the_server_only_what_is_reserved_is_begun(rules: ClaimRules) -> None:
    bench = online(order(), order("O-2"), order("O-3"), rules=rules)
    given(bench)
    pulled(bench, row("O-3", fence=1))
    gone(bench)
    bench.scan("O-2")
    assert bench.view.alert is not None
    assert bench.view.alert.headline.key == "no.order.unclaimed"
    bench.command("accept")
    bench.scan("O-3")
    assert bench.view.alert is not None
    assert bench.view.alert.headline == Words("no.order.at_bench", (("text", "03"),))
    bench.command("accept")
    bench.scan("O-1", MUG)
    assert bench.core.session.state is State.SCANNING
    assert bench.view.hints == ()
    # What was begun here goes on here, whatever the rule.
    bench.command("park")
    bench.scan("SHELF-1", "O-1")
    assert bench.core.session.state is State.SCANNING


def test_after_the_horizon_a_claim_is_none_any_more() -> None:
    bench = online(rules=PARTITION)
    given(bench)
    gone(bench)
    bench.clock.advance(8 * 3600 + 1)
    bench.scan("%PB:PK-1", "O-1")
    assert bench.core.session.live is False


def test_an_order_that_was_given_to_this_bench_needs_no_claim() -> None:
    bench = online(rules=PARTITION)
    bench.cache.add(p.OrderRow(order("O-9"), 1, bench="07"))
    gone(bench)
    bench.scan("O-9")
    assert bench.core.session.order_id == "O-9"
    strict = online(rules=DENY)
    strict.cache.add(p.OrderRow(order("O-9"), 1, bench="07"))
    gone(strict)
    strict.scan("O-9")
    assert strict.core.session.live is False


def test_where_the_shop_trusts_its_luck_the_packer_is_told() -> None:
    bench = gone(online(rules=OPTIMISTIC))
    bench.scan("O-1")
    assert bench.view.hints[0] == Words("hint.unclaimed")
    bench.scan(MUG, MUG, SOCK)
    assert bench.core.session.state is State.CARTONING


def test_a_bench_that_has_just_begun_is_not_cut_off_yet() -> None:
    bench = signed_in(order(), order("O-2"))
    bench.desk.claiming = DENY
    bench.scan("O-1")
    assert bench.core.session.live
    bench.command("park")
    bench.scan("SHELF-1")
    bench.clock.advance(16)
    bench.scan("O-2")
    assert bench.core.session.live is False


def test_a_bench_by_itself_asks_nobody() -> None:
    bench = gone(online())
    bench.scan("O-1", MUG)
    assert bench.core.session.state is State.SCANNING


def test_after_a_restart_a_claim_that_cannot_be_read_is_none() -> None:
    bench = Bench()
    bench.cache.add(p.OrderRow(order(), 1))
    bench.cache.images["claim", "O-1"] = {"order": 7}
    bench.start()
    assert bench.scan("%PB:PK-1").screen is Screen.QUEUE
    assert bench.scan("O-1").screen is Screen.SCANNING
