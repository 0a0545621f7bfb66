"""Claims on their way: one request at a time, sent again as it was, silent where none are known."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from packstation.client.claims import ClaimErrands
from packstation.client.keys import key_of
from packstation.client.wire import Access, Who, Wire, open_http
from packstation.domain.claims import Claim
from packstation.domain.errors import ServerUnreachable
from packstation.domain.orders import Address, Order, OrderLine
from packstation.server.rows import row_body
from packstation.server.run import Running
from packstation.server.shelves import put_order
from packstation.station.claim_ports import ClaimsAsked
from packstation.station.ports import ClaimsAnswered, Happening
from tests.client.scripted import Reply, Script
from tests.client.test_with_server import SITE, STATION, RealClock, joined, running
from tests.fake_storage import FakeIds

__all__ = ["joined", "running"]
WHO = Who("B-01", "e-1", 1)
NOTHING = ClaimsAnswered()
ASK, RENEW, RELEASE = "/v1/claims", "/v1/claims/renew", "/v1/claims/release"
GRANTED = {"granted": [{"order": "A-1", "claim": "c-1", "fence": 3}]}


class Errand:
    """The errands, and what they told."""

    def __init__(self, wire: Wire) -> None:
        self.heard: list[Happening] = []
        self.claims = ClaimErrands(wire, self.heard.append, FakeIds())
        self.ask = self.claims.ask

    def run(self, now: float = 0.0) -> int | None:
        answer = self.claims.run(now, WHO)
        return answer.status if answer else None

    def all(self, now: float = 0.0) -> None:
        while (at := self.claims.due_at(now)) is not None and at <= now:
            assert self.run(now) is None


@pytest.fixture
def errand(wire: Wire) -> Errand:
    return Errand(wire)


def test_orders_that_were_asked_for_meanwhile_go_in_one_request(
    errand: Errand, script: Script
) -> None:
    refused = {"order": "A-2", "why": "claimed", "by": "03"}
    script.on(ASK, Reply({**GRANTED, "refused": [refused]}))
    assert errand.claims.due_at(5.0) is None
    assert errand.run() is None
    errand.ask(ClaimsAsked(want=("A-1",)))
    errand.ask(ClaimsAsked(want=("A-2", "A-1"), ahead=4))
    errand.all()
    (asked,) = script.of(ASK)
    assert asked.body["want"] == ["A-1", "A-2"]
    assert (asked.body["queue"], asked.body["n"]) == (True, 4)
    assert errand.heard == [
        ClaimsAnswered(granted=(("A-1", "c-1", 3),), refused=(("A-2", "claimed", "03"),))
    ]


def test_a_request_whose_answer_was_lost_is_the_same_request_again(
    errand: Errand, script: Script
) -> None:
    script.on(ASK, Reply(status=0), Reply(GRANTED))
    errand.ask(ClaimsAsked(want=("A-1",)))
    with pytest.raises(ServerUnreachable):
        errand.run()
    errand.ask(ClaimsAsked(want=("A-2",)))
    errand.run()
    first, second = script.of(ASK)
    assert first.body == second.body
    script.on(ASK, Reply({}))
    errand.all()
    assert script.of(ASK)[-1].body["want"] == ["A-2"]


def test_what_an_open_order_waits_for_goes_before_renewals(errand: Errand, script: Script) -> None:
    for target in (ASK, RENEW, RELEASE):
        script.on(target, Reply(GRANTED))
    held = ("A-9", "c-9", 2)
    errand.ask(ClaimsAsked(renew=(held,), release=(("A-8", "c-8", 1),)))
    errand.ask(ClaimsAsked(want=("A-1",)))
    errand.all()
    assert [one.target for one in script.asked] == [ASK, RENEW, RELEASE]
    assert script.of(RENEW)[0].body == {"claims": [{"order": "A-9", "claim": "c-9", "fence": 2}]}
    assert len(errand.heard) == 2  # of what was let go nobody waits to hear


@pytest.mark.parametrize(("status", "quiet"), [(404, True), (405, True), (422, False)])
def test_a_server_that_knows_no_claims_is_left_alone(
    errand: Errand, script: Script, status: int, quiet: bool
) -> None:
    script.on(ASK, Reply({"code": "x"}, status), Reply(GRANTED))
    errand.ask(ClaimsAsked(want=("A-1",)))
    errand.all(10.0)
    errand.ask(ClaimsAsked(want=("A-1",)))
    due = errand.claims.due_at(10.0)
    assert due == (610.0 if quiet else 10.0)
    errand.all(610.0)
    assert len(errand.heard) == 1


def test_a_revoked_bench_is_the_pusher_s_business(errand: Errand, script: Script) -> None:
    script.on(ASK, Reply({"code": "revoked"}, 403), Reply(GRANTED))
    errand.ask(ClaimsAsked(want=("A-1",)))
    assert errand.run() == 403
    assert errand.heard == []
    errand.all()
    assert len(errand.heard) == 1


def test_the_real_server_gives_renews_and_takes_back(joined: Running, tmp_path: Path) -> None:
    lines = (OrderLine(line=1, sku="TS", quantity=1),)
    order = Order(order_id="A-1", ship_to=Address(country="BR"), lines=lines)
    with joined.server.store.write() as connection:
        put_order(joined.server, connection, SITE, order)
    wire = Wire(open_http(Access(joined.url)), key_of(tmp_path), RealClock())
    errand = Errand(wire)

    def said(asked: ClaimsAsked) -> ClaimsAnswered:
        errand.heard.clear()
        errand.ask(asked)
        answer = errand.claims.run(0.0, Who(STATION, "e-1", 1))
        assert answer is None
        return next((one for one in errand.heard if isinstance(one, ClaimsAnswered)), NOTHING)

    (held,) = said(ClaimsAsked(want=("A-1",))).granted
    assert held[0] == "A-1"
    assert held[2] == 1
    assert said(ClaimsAsked(renew=(held,))).granted == (held,)
    assert said(ClaimsAsked(ahead=5)).granted == (held,)
    with joined.server.store.read() as connection:
        row = row_body(connection, SITE, "claim", "A-1")
    assert row is not None
    assert msgspec.json.decode(row, type=Claim).bench == "Bench 1"
    said(ClaimsAsked(release=(held,)))
    assert said(ClaimsAsked(want=("A-1",))).granted[0][2] == 2
    wire.close()
