"""What nobody knows: shown, asked for again, settled by a person; never believed too soon."""

from __future__ import annotations

import httpx
import pytest

from packstation.server.run import Running
from packstation.server.tokens import make_token
from tests.server.purchases.shop import Shop


def down(shop: Shop) -> None:
    """The carrier is down for the next times that it is asked."""
    shop.plan.then("find", *["down"] * 6)  # type: ignore[arg-type] # faults


def test_what_is_in_trouble_is_named_with_the_carriers_words(shop: Shop) -> None:
    shop.plan.then("buy", "not_ready")
    assert shop.buy(2).status_code == 202
    shop.plan.then("buy", "truncated")
    assert shop.buy(3).status_code == 202
    shop.plan.then("buy", "denied")
    assert shop.buy(4).json()["reason"] == "credentials"
    shop.unknown()
    assert shop.buy(5).json()["status"] == "issued"
    found = {one["key"]: one for one in shop.trouble()}
    assert {key: one["kind"] for key, one in found.items()} == {
        "p-1/1": "unknown",
        "p-2/1": "number",
        "p-3/1": "file",
        "p-4/1": "refused",
    }
    assert next(iter(found)) == "p-1/1"  # the most harmful first
    assert found["p-3/1"]["words"] == "cut"
    assert found["p-3/1"]["waybill"].startswith("ZZ")
    assert found["p-4/1"]["reason"] == "credentials"
    assert (found["p-1/1"]["order"], found["p-1/1"]["bench"]) == ("A-1", "01")
    assert [one["key"] for one in shop.trouble(kind="number")] == ["p-2/1"]
    assert shop.trouble(carrier="other") == []
    assert shop.api.get("/v1/purchases", params={"kind": "odd"}).status_code == 422
    shop.clock.forward(days=8)
    assert "p-4/1" not in {one["key"] for one in shop.trouble()}  # a refusal ages


def test_the_carrier_asked_again_answers_what_it_sold(shop: Shop) -> None:
    shop.unknown()
    assert shop.ask().json()["status"] == "pending"
    came = shop.ask().json()  # at once, not when it is due
    assert (came["status"], came["waybill"]) == ("issued", "ZZ000000014CN")
    assert shop.trouble() == []
    assert shop.find().json()["waybill"] == "ZZ000000014CN"
    assert shop.carrier.books.times("p-1/1") == 1
    assert shop.ask().json()["code"] == "not_waiting"
    assert shop.ask("p-9/1").json()["code"] == "never_bought"


def test_what_the_carrier_never_sold_is_said_when_it_had_its_time(shop: Shop) -> None:
    shop.plan.then("buy", "early")
    assert shop.buy().status_code == 202
    assert shop.ask().json()["status"] == "pending"
    shop.clock.forward(seconds=25)
    assert shop.ask().json() == {
        "key": "p-1/1",
        "status": "refused",
        "waybill": "",
        "reason": "never_bought",
    }


def test_a_person_settles_as_sold_and_the_bench_gets_the_number(shop: Shop) -> None:
    shop.unknown()
    down(shop)
    settled = shop.settle(sold=True, waybill="ZZ000000014CN")
    assert (settled.status_code, settled.json()["status"]) == (200, "issued")
    assert shop.find().json()["waybill"] == "ZZ000000014CN"
    assert shop.trouble() == []
    again = shop.settle(sold=False)
    assert (again.status_code, again.json()["code"]) == (409, "not_waiting")
    assert shop.carrier.books.times("p-1/1") == 1


def test_a_person_settles_as_not_sold_only_after_the_carrier_had_its_time(shop: Shop) -> None:
    shop.unknown()
    down(shop)
    soon = shop.settle(sold=False)
    assert (soon.status_code, soon.json()["code"]) == (409, "too_soon")
    shop.clock.forward(seconds=25)
    assert shop.settle(sold=False).json()["reason"] == "never_bought"
    assert shop.buy().json()["reason"] == "never_bought"


def test_what_the_carrier_shows_goes_before_what_a_person_says(shop: Shop) -> None:
    shop.plan.then("buy", "truncated")
    for op in ("find", "label"):
        shop.plan.then(op, "truncated", "truncated")
    assert shop.buy().status_code == 202
    shop.clock.forward(seconds=25)
    denied = shop.settle(sold=False)
    assert (denied.status_code, denied.json()["code"]) == (409, "carrier_says")
    other = shop.settle(sold=True, waybill="ZZ999999999CN")
    assert (other.json()["code"], other.json()["waybill"]) == ("carrier_says", "ZZ000000014CN")
    # Meanwhile the file is there: no word of a person is needed any more.
    late = shop.settle(sold=False)
    assert (late.json()["code"], late.json()["state"]) == ("not_waiting", "issued")
    assert shop.find().json()["waybill"] == "ZZ000000014CN"


def test_a_waybill_of_another_parcel_is_not_taken(shop: Shop) -> None:
    bought = shop.buy(2).json()["waybill"]
    shop.unknown()
    down(shop)
    taken = shop.settle(sold=True, waybill=bought)
    assert (taken.status_code, taken.json()["code"]) == (409, "waybill_taken")
    assert taken.json()["key"] == "p-2/1"


@pytest.mark.parametrize(
    ("sold", "waybill", "reason", "code"),
    [
        (True, "", "seen there", "waybill"),
        (True, "a\nb", "seen there", "waybill"),
        (False, "ZZ1", "seen there", "waybill"),
        (True, "ZZ000000014CN", "", "reason"),
        (False, "", "x\ny and so on", "reason"),
        (False, "", "x" * 301, "reason"),
    ],
)
def test_a_settlement_says_what_and_why(
    shop: Shop, sold: bool, waybill: str, reason: str, code: str
) -> None:
    shop.unknown()
    refused = shop.settle(sold=sold, waybill=waybill, reason=reason)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert shop.trouble()[0]["kind"] == "unknown"


def test_a_void_without_an_answer_is_asked_for_again_or_settled(shop: Shop) -> None:
    for number in (1, 2):
        assert shop.buy(number).status_code == 200
        shop.plan.then("void", "down")
        voided = shop.bench.post(f"/v1/labels/p-{number}/1/void", {})
        assert voided.json()["status"] == "voiding"
    assert [one["kind"] for one in shop.trouble()] == ["voiding", "voiding"]
    assert shop.ask("p-2/1").json()["status"] == "voided"
    shop.plan.then("void", "down")
    assert shop.settle(sold=False).json()["status"] == "voided"
    assert shop.trouble() == []


def test_without_its_account_a_purchase_is_still_settled(shop: Shop) -> None:
    shop.unknown()
    assert shop.api.delete("/v1/carriers/acme").status_code == 204
    assert shop.ask().json()["code"] == "unknown_carrier"
    assert shop.settle(sold=True, waybill="ZZ000000014CN").json()["status"] == "issued"


def test_an_account_that_is_shut_buys_nothing_new_and_finishes_what_it_began(shop: Shop) -> None:
    shop.unknown()
    shut = shop.api.post("/v1/carriers/acme/shut", json={"shut": True, "reason": "no contract"})
    assert shut.json()["shut"]
    refused = shop.buy(2)
    assert (refused.status_code, refused.json()["reason"]) == (409, "account")
    shop.ask()
    assert shop.ask().json()["status"] == "issued"
    shop.api.post("/v1/carriers/acme/shut", json={"shut": False})
    assert shop.buy(2).status_code == 200
    assert shop.api.post("/v1/carriers/none/shut", json={"shut": True}).status_code == 404
    odd = shop.api.post("/v1/carriers/acme/shut", json={"shut": True, "reason": "a\nb"})
    assert odd.status_code == 422


def test_an_account_is_tried_without_buying_anything(shop: Shop) -> None:
    def tried() -> tuple[str, str]:
        came = shop.api.post("/v1/carriers/acme/attempt").json()
        return came["came"], came["reason"]

    def last() -> tuple[str, str]:
        (one,) = shop.api.get("/v1/carriers/standing").json()["accounts"]
        assert one["account"]["verified"] == ""
        return one["last"]["came"], one["last"]["reason"]

    assert shop.api.get("/v1/carriers/standing").json()["accounts"][0]["last"] is None
    assert tried() == last() == ("fine", "")
    shop.clock.forward(seconds=1)
    shop.plan.then("find", "down")
    assert tried() == last() == ("no_answer", "")
    shop.clock.forward(seconds=1)
    assert shop.api.put("/v1/carriers/acme", json=shop.account(secrets={"token": "bad"})).is_success
    assert tried() == last() == ("refused", "credentials")
    shop.clock.forward(seconds=1)
    assert shop.buy().json()["reason"] == "credentials"
    assert last() == ("refused", "credentials")
    assert shop.carrier.books.sold == 0
    assert shop.api.post("/v1/carriers/none/attempt").status_code == 404
    assert shop.api.put("/v1/carriers/mine", json={"kind": "own"}).is_success
    assert shop.api.post("/v1/carriers/mine/attempt").json()["came"] == "not_tried"


def test_only_supervisors_and_it_ask_and_settle(shop: Shop, running: Running) -> None:
    shop.unknown()
    ways = (
        ("GET", "/v1/purchases", None),
        ("GET", "/v1/carriers/standing", None),
        ("POST", "/v1/purchases/ask", {"key": "p-1/1"}),
        ("POST", "/v1/carriers/acme/attempt", None),
        ("POST", "/v1/carriers/acme/shut", {"shut": False}),
    )
    for role, good in (
        ("packer", 0),
        ("broker", 0),
        ("lead", 0),
        ("service", 0),
        ("supervisor", 4),
    ):
        head = {"Authorization": f"Bearer {make_token(running.server, role)}"}
        with httpx.Client(base_url=running.url, headers=head, timeout=30) as other:
            answers = [other.request(how, way, json=body) for how, way, body in ways]
        assert sum(one.is_success for one in answers) == good, role
        assert {one.status_code for one in answers} <= {200, 403}
