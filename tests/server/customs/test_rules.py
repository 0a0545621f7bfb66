"""Rule packs tried before they hold, and what benches say stops them."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from packstation.customs.signing import verify
from packstation.domain.packing.customs_facts import PapersChecked
from packstation.server.run import Running
from tests.server.bench import Bench, Clock
from tests.server.customs import law
from tests.server.customs.office import LEAD, checked, order, put, sign_in, waiting
from tests.server.settling import put_aside
from tests.server.test_changes import pull

# Stops all that is of cotton; frees what has no value.
COTTON = law.rule("R36", "product.customs.material", than="cotton")


def newer(*rules: dict[str, Any], version: str = "2026-11-21") -> dict[str, Any]:
    document = law.pack(version, *rules)
    document["rules"] = [one for one in document["rules"] if one["id"] != "R20"]
    return document


def upload(web: httpx.Client, csrf: str, content: bytes) -> httpx.Response:
    files = {"file": ("pack.json", content, "application/json")}
    return web.post("/customs/rules", data={"csrf": csrf}, files=files)


def activate(web: httpx.Client, csrf: str, sha256: str, why: str) -> httpx.Response:
    return web.post("/customs/rules/activate", data={"csrf": csrf, "sha256": sha256, "why": why})


def sha256_of(answer: httpx.Response) -> str:
    return answer.headers["location"].partition("sha256=")[2]


def of_benches(bench: Bench) -> list[tuple[str, Any]]:
    return [(row.op, row.body) for row in pull(bench).rows if row.t == "customs-pack"]


def test_a_pack_is_tried_then_holds_then_goes_back(
    web: httpx.Client, csrf: str, api: httpx.Client, bench: Bench
) -> None:
    document = newer(COTTON)
    answer = upload(web, csrf, law.sign(document))
    assert answer.status_code == 303, answer.text
    html = web.get(answer.headers["location"]).text
    assert "Open orders: stops 2, frees 0." in html  # the others were stopped before
    assert "Catalogue: stops 1, frees 0." in html
    assert "R36" in html
    assert of_benches(bench) == []
    sha256 = sha256_of(answer)
    refused = activate(web, csrf, sha256, " ")
    assert refused.status_code == 422
    assert "Say why" in refused.text
    done = activate(web, csrf, sha256, "cotton is embargoed")
    assert done.status_code == 303
    page = web.get(done.headers["location"]).text
    assert "2026-11-21 holds from now on" in page
    assert "cotton is embargoed" in page
    assert checked(api)["orders"] == 4
    ((op, body),) = of_benches(bench)
    assert (op, body["pack"]["version"]) == ("put", "2026-11-21")
    back = web.get("/customs/rules/preview", params={"sha256": ""}).text
    assert "Open orders: stops 0, frees 2." in back
    assert activate(web, csrf, "", "was a mistake").status_code == 303
    assert checked(api)["orders"] == 2
    assert of_benches(bench) == [("del", {})]


def test_only_a_trusted_signature_counts(web: httpx.Client, csrf: str) -> None:
    stranger = law.sign(newer(), Ed25519PrivateKey.generate())
    changed = law.sign(newer()).replace(b"rule R10", b"rule R11")
    for content in (stranger, changed):
        answer = upload(web, csrf, content)
        assert (answer.status_code, "has signed this file" in answer.text) == (422, True)
    for content in (b"", b"{}", b"[" * 5000, b'{"pack":5,"signature":"x"}', b"\xff\xfe"):
        answer = upload(web, csrf, content)
        assert (answer.status_code, "no signed rule pack" in answer.text) == (422, True)
    odd = law.sign({"schema": "packstation.customs-pack/1", "version": "<b>x</b>"})
    answer = upload(web, csrf, odd)
    assert answer.status_code == 422
    assert "no usable rule pack" in answer.text
    assert "<b>x" not in answer.text


def test_numbers_reach_benches_as_they_were_signed(
    web: httpx.Client, csrf: str, bench: Bench
) -> None:
    heavy = law.rule("R30", "payment.total.amount", "order", **{"is": "lt", "than": 99999.25})
    answer = upload(web, csrf, law.sign(newer(heavy)))
    assert activate(web, csrf, sha256_of(answer), "law").status_code == 303
    ((_, body),) = of_benches(bench)
    assert body["pack"]["rules"][-1]["checks"][0]["than"] == 99999.25
    assert verify(body["pack"], body["signature"], (law.PUBLIC,)) == law.PUBLIC
    odd = law.sign(newer(heavy)).replace(b"99999.25", b"99999.250")  # is not what was signed
    assert upload(web, csrf, odd).status_code == 422


def test_a_pack_that_names_no_figure_of_its_own_is_told_before_it_holds(
    web: httpx.Client, csrf: str
) -> None:
    broken = law.rule("R30", "payment.total.amount", "order", **{"is": "gt", "than": "@nothing"})
    answer = upload(web, csrf, law.sign(newer(broken)))
    page = web.get(answer.headers["location"])
    assert page.status_code == 422
    assert "@nothing" in page.text


def test_a_lead_looks_at_the_rules_only(web: httpx.Client) -> None:
    token = sign_in(web, LEAD)
    html = web.get("/customs/rules").text
    assert "Customs rules" in html
    assert 'type="file"' not in html
    assert upload(web, token, law.sign(newer())).status_code == 403
    assert activate(web, token, "", "x").status_code == 403
    assert web.get("/customs/rules/preview").status_code == 403


def fact(parcel: str, *rules: str, **more: Any) -> PapersChecked:  # noqa: ANN401 - of a fact
    told = {"skus": ("TS",), "refs": ("products[TS].customs.hs",), "blocks": len(rules), **more}
    if not rules:
        told = {}
    return PapersChecked(
        parcel=parcel,
        moment="label",
        pack="2026-11-20",
        digest="0" * 64,
        ok=not rules,
        rules=rules,
        **told,
    )


def test_what_stops_a_bench_is_in_the_queue_until_it_looks_again(
    web: httpx.Client, csrf: str, bench: Bench, api: httpx.Client
) -> None:
    assert csrf
    bench.note(fact("p-1", "R24", "R36"), order="A-1")
    assert put_aside(bench.push()) == []
    (row,) = (row for row in waiting(api)["rows"] if row["sku"] == "TS")
    assert (row["fields"], row["rules"], row["bench"]) == (["customs.hs"], ["R24", "R36"], True)
    bench.note(fact("p-1"), order="A-1")
    bench.push(start=2)
    assert [row["sku"] for row in waiting(api)["rows"]] == ["NO-VALUE"]


def test_mending_clears_what_a_bench_saw(
    web: httpx.Client, csrf: str, bench: Bench, api: httpx.Client
) -> None:
    bench.note(fact("p-1", "R24"), order="A-1")
    bench.push()
    html = web.get("/customs/sku", params={"id": "TS"}).text
    assert 'name="rev" value="1"' in html
    sent = {"csrf": csrf, "id": "TS", "rev": "1", "customs.hs": "610990", "why": "wrong code"}
    answer = web.post("/customs/sku", data=sent)
    assert "1 parcel released" in web.get(answer.headers["location"]).text
    assert [row["sku"] for row in waiting(api)["rows"]] == ["NO-VALUE"]


def test_the_rule_that_stops_most_orders(
    web: httpx.Client,
    csrf: str,
    bench: Bench,
    api: httpx.Client,
    clock: Any,  # noqa: ANN401
) -> None:
    assert csrf
    for number, rules in (("A-1", ("R24", "R36")), ("A-1", ("R24",)), ("A-4", ("R24",))):
        bench.note(fact(f"p-{number}", *rules), order=number)
    bench.push()
    clock.forward(days=3)
    bench.note(fact("p-9", "R36", refs=("weird",), skus=()), order="A-2")
    bench.push(start=4)
    told = api.get("/v1/customs/rules").json()["stoppers"]
    assert [(one["rule"], one["today"], one["week"], one["month"]) for one in told] == [
        ("R36", 1, 2, 2),
        ("R24", 0, 2, 2),
    ]
    clock.forward(days=10)
    told = api.get("/v1/customs/rules").json()["stoppers"]
    assert [(one["rule"], one["week"], one["month"]) for one in told] == [
        ("R24", 0, 2),
        ("R36", 0, 2),
    ]


def test_a_bench_with_odd_facts_spoils_nothing(bench: Bench, running: Running) -> None:
    bench.note(fact("p-1", "R24"), order=None)
    bench.note(fact("", "R24"), order="A-1")
    bench.note(fact("p-1", *["R24"] * 100, refs=("x",) * 100), order="A-1")
    bench.events[-1] = bench.events[-1]
    assert put_aside(bench.push()) == []
    with running.server.store.read() as connection:
        from sqlalchemy import select

        from packstation.server.customs.tables import FINDING

        assert len(connection.execute(select(FINDING)).all()) == 1


def test_the_floor_tells_those_who_can_do_something(
    web: httpx.Client, api: httpx.Client, bench: Bench
) -> None:
    mei = {"badge": "b-90", "name": "Mei Tan", "role": "supervisor", "pin": "4711"}
    put(api, "people", {"people": [mei]})
    bench.note(fact("p-1", "R24"), order="A-1")
    bench.push()
    sign_in(web, mei)
    html = web.get("/floor").text
    assert "3 orders stopped at customs. R24 stops most today (1)." in html
    sign_in(web, LEAD)
    assert "stopped at customs" not in web.get("/floor").text


def test_programs_try_and_activate_too(api: httpx.Client, web: httpx.Client) -> None:
    assert web.get("/v1/customs/rules").status_code == 401
    told = api.post("/v1/customs/packs", content=law.sign(newer(COTTON)))
    assert told.status_code == 201, told.text
    sha256 = told.json()["sha256"]
    found = api.get(f"/v1/customs/packs/{sha256}/preview").json()
    assert [one["id"] for one in found["orders"]["stops"]] == ["A-1", "A-4"]
    path = f"/v1/customs/packs/{sha256}/activate"
    assert api.post(path, json={"reason": ""}).status_code == 422
    assert api.post(path, json={"reason": "law"}).json() == {"version": "2026-11-21"}
    assert api.get("/v1/customs/rules").json()["version"] == "2026-11-21"
    assert api.get("/v1/customs/packs/none/preview").status_code == 404
    own = "/v1/customs/packs/built-in/activate"
    assert api.post(own, json={"reason": "back"}).json() == {"version": "2026-11-20"}
    again = api.post("/v1/customs/packs", content=law.sign(newer(COTTON)))
    assert again.json()["sha256"] == sha256


def test_the_catalogue_is_tried_where_orders_go_and_went(
    api: httpx.Client, web: httpx.Client, csrf: str, clock: Clock
) -> None:
    assert csrf
    to_us = {"when": [{"fact": "order:ship_to.country", "is": "eq", "than": "US"}]}
    linen = law.rule("R36", "product.customs.material", than="cotton", **to_us)
    sha256 = api.post("/v1/customs/packs", content=law.sign(newer(linen))).json()["sha256"]
    path = f"/v1/customs/packs/{sha256}/preview"
    before = api.get(path).json()
    assert [(one["to"], one["orders"]) for one in before["lanes"]] == [("DE", 4)]
    assert before["skus"]["stops"] == []
    for n, service in enumerate(("priority", "express", "express")):
        sent = order(f"U-{n}", "TS")
        sent |= {"ship_to": {**sent["ship_to"], "country": "US"}, "carrier": "usps"}
        put(api, "orders", [{**sent, "service": service, "status": "shipped"}])
    found = api.get(path).json()
    lanes = {one["to"]: one for one in found["lanes"]}
    assert [one["to"] for one in found["lanes"]] == ["DE", "US"]
    assert (lanes["US"]["carrier"], lanes["US"]["service"], lanes["US"]["orders"]) == (
        "usps",
        "express",
        3,
    )
    # NO-VALUE was stopped everywhere and is by other rules on one way.
    assert [one["id"] for one in lanes["US"]["skus"]["stops"]] == ["TS"]
    assert lanes["DE"]["skus"]["stops"] == []
    assert [one["id"] for one in lanes["DE"]["skus"]["frees"]] == ["NO-VALUE"]
    assert [one["id"] for one in found["skus"]["stops"]] == ["TS"]
    assert [one["id"] for one in found["skus"]["frees"]] == ["NO-VALUE"]
    assert (found["skus"]["looked"], found["skus"]["all"]) == (2, 2)
    html = web.get("/customs/rules/preview", params={"sha256": sha256}).text
    assert "Catalogue by destination" in html
    assert "usps express" in html
    clock.forward(days=91)
    assert [one["to"] for one in api.get(path).json()["lanes"]] == ["DE"]


def test_a_site_without_an_address_sends_from_where_its_orders_do(
    api: httpx.Client, web: httpx.Client
) -> None:
    del web
    abroad = {"when": [{"fact": "order:abroad", "is": "eq", "than": True}]}
    cotton = law.rule("R36", "product.customs.material", than="cotton", **abroad)
    sha256 = api.post("/v1/customs/packs", content=law.sign(newer(cotton))).json()["sha256"]
    found = api.get(f"/v1/customs/packs/{sha256}/preview").json()
    assert [one["id"] for one in found["orders"]["stops"]] == ["A-1", "A-4"]
    assert [one["id"] for one in found["skus"]["stops"]] == ["TS"]


def test_orders_are_checked_by_the_sites_rates(api: httpx.Client, web: httpx.Client) -> None:
    del web
    rule = law.rule("R32", "rates[0].from", "order", than="EUR", optional=True)
    sha256 = api.post("/v1/customs/packs", content=law.sign(newer(rule))).json()["sha256"]
    told = api.post(f"/v1/customs/packs/{sha256}/activate", json={"reason": "law"})
    assert told.status_code == 200, told.text
    free = {row["order"] for row in checked(api)["rows"] if "R32" in row["rules"]}
    assert free == set()
    put(api, "rates", {"rates": [{"from": "EUR", "to": "CNY", "rate": "8.2", "on": "2026-11-20"}]})
    held = {row["order"] for row in checked(api)["rows"] if "R32" in row["rules"]}
    assert held == {"A-1", "A-2", "A-3", "A-4"}


def test_a_pack_that_fails_on_an_order_is_said_on_the_page(
    web: httpx.Client, csrf: str, api: httpx.Client
) -> None:
    broken = law.rule("R30", "note", "order", **{"is": "gt", "than": "@nothing", "optional": True})
    answer = upload(web, csrf, law.sign(newer(broken)))
    assert activate(web, csrf, sha256_of(answer), "trust me").status_code == 303
    put(api, "orders", [{**order("N-1", "TS"), "note": "5"}])
    assert checked(api)["failed"] == 1
    assert "1 order could not be checked" in web.get("/customs").text


@pytest.mark.parametrize("path", ["/customs", "/customs/rules", "/customs/sku?id=TS"])
@pytest.mark.parametrize("language", ["en", "zh_Hans", "ru"])
def test_pages_speak_three_languages(
    web: httpx.Client, csrf: str, path: str, language: str
) -> None:
    assert csrf
    web.cookies.set("ps_language", language)
    html = web.get(path).text
    assert f'lang="{language.replace("_", "-")}"' in html
    assert not re.search(r">\s*(?:customs|web)\.[a-z_.]+\s*<", html)  # a key without words
