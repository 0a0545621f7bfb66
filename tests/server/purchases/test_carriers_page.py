"""The page of carriers: for whom, what it says, what it never shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest

from packstation.carriers.sandbox.server import SECRET
from packstation.server.run import Running
from tests.server.customs.office import BROKER, CLERK, LEAD, sign_in
from tests.server.purchases.shop import ADMIN, BOSS, DESCRIBED, PACKER, Shop

HEADERS = {"Accept": "text/html", "Accept-Language": "en"}
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def web(running: Running, shop: Shop) -> Iterator[httpx.Client]:
    assert shop.carrier.calls == []
    with httpx.Client(base_url=running.url, headers=HEADERS, timeout=30) as client:
        yield client


def text_of(answer: httpx.Response) -> str:
    bare = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(bare.split())


@pytest.mark.parametrize("who", [LEAD, CLERK, BROKER, PACKER])
def test_others_are_not_let_in(web: httpx.Client, who: dict[str, str]) -> None:
    entered = web.post("/sign-in", data={"name": who["name"], "secret": who["pin"]})
    assert entered.status_code == 303
    for path in ("/carriers", "/carriers/account?kind=own"):
        assert web.get(path).status_code == 403
    assert 'href="/carriers' not in web.get("/floor").text


def test_a_supervisor_asks_settles_and_tries_but_keeps_no_accounts(
    web: httpx.Client, shop: Shop
) -> None:
    shop.unknown()
    csrf = sign_in(web, BOSS)
    told = text_of(web.get("/carriers"))
    for words in ("Nobody knows", "p-1/1", "never bought again by itself", "acme", "Ask the"):
        assert words in told, words
    assert "Verified against the carrier: no" in told
    assert "Add an account" not in told
    asked = web.post("/carriers", data={"csrf": csrf, "act": "ask", "key": "p-1/1"})
    assert "Not ready yet, or no answer" in text_of(asked)
    shop.plan.then("find", "down", "down")
    settled = {"csrf": csrf, "act": "settle", "key": "p-1/1", "reason": f"page 3 {EVIL}"}
    unsaid = web.post("/carriers", data=settled)
    assert (unsaid.status_code, "Say whether it was sold" in text_of(unsaid)) == (422, True)
    soon = web.post("/carriers", data=settled | {"sold": "no"})
    assert (soon.status_code, "Too soon to say" in text_of(soon)) == (409, True)
    done = web.post("/carriers", data=settled | {"sold": "yes", "waybill": "ZZ000000014CN"})
    assert "Sold. Waybill ZZ000000014CN" in text_of(done)
    assert "settled: sold · acme p-1/1 · ZZ000000014CN" in text_of(done)
    assert EVIL not in done.text
    assert "Mei Tan" in text_of(done)
    late = web.post("/carriers", data=settled | {"sold": "no"})
    assert (late.status_code, "settled already" in text_of(late)) == (409, True)
    tried = web.post("/carriers", data={"csrf": csrf, "act": "attempt", "carrier": "acme"})
    assert "It answers and takes our credentials" in text_of(tried)
    assert web.post("/carriers", data={"csrf": csrf, "act": "odd"}).status_code == 422
    for path in ("/carriers/account", "/carriers/shut"):
        assert web.post(path, data={"csrf": csrf, "carrier": "acme"}).status_code == 403


def test_a_form_of_another_page_does_nothing(web: httpx.Client, shop: Shop) -> None:
    shop.unknown()
    sign_in(web, ADMIN)
    for path, form in (
        ("/carriers", {"act": "ask", "key": "p-1/1"}),
        ("/carriers/account", {"carrier": "x", "kind": "own"}),
        ("/carriers/shut", {"carrier": "acme", "shut": "1"}),
    ):
        assert web.post(path, data=form | {"csrf": "guessed"}).status_code == 403
    assert shop.trouble()[0]["kind"] == "unknown"


def test_it_adds_an_account_step_by_step_and_no_credential_is_shown(
    web: httpx.Client, shop: Shop
) -> None:
    csrf = sign_in(web, ADMIN)
    form = web.get("/carriers/account", params={"kind": "rest"})
    assert "asked for next" in text_of(form)
    about = json.dumps(DESCRIBED | {"carrier": "second", "base_url": shop.carrier.url})
    said = {"csrf": csrf, "kind": "rest", "carrier": "second", "base_url": ""}
    wrong = web.post("/carriers/account", data=said | {"description": "{"})
    assert (wrong.status_code, "Not kept. description" in text_of(wrong)) == (422, True)
    odd = web.post("/carriers/account", data=said | {"description": "[1]"})
    assert "description: a JSON object" in text_of(odd)
    asked = web.post("/carriers/account", data=said | {"description": about})
    assert 'name="secret.token"' in asked.text
    missing = web.post("/carriers/account", data=said | {"description": about, "secret.token": ""})
    assert "Credentials are missing" in text_of(missing)
    kept = web.post(
        "/carriers/account",
        data=said | {"description": about, "secret.token": SECRET},
        follow_redirects=True,
    )
    assert "credentials: token" in text_of(kept)
    assert "Verified against the carrier: yes" in text_of(kept)
    again = web.get("/carriers/account", params={"carrier": "second"})
    assert 'type="password" name="secret.token"' in again.text
    same = web.post(
        "/carriers/account",
        data=said | {"description": "", "secret.token": ""},
        follow_redirects=True,
    )
    tried = web.post("/carriers", data={"csrf": csrf, "act": "attempt", "carrier": "second"})
    assert "It answers and takes our credentials" in text_of(tried)
    for one in (asked, missing, kept, again, same, tried):
        assert SECRET not in one.text


@pytest.mark.parametrize(
    ("kind", "name"),
    [("own", ""), ("cdek", "client_id"), ("4px", "app_key"), ("easypost", "api_key")],
)
def test_each_adapter_asks_for_its_own_credentials(web: httpx.Client, kind: str, name: str) -> None:
    csrf = sign_in(web, ADMIN)
    form = web.get("/carriers/account", params={"kind": kind})
    assert (f'name="secret.{name}"' in form.text) is bool(name)
    if kind == "own":
        said = {"csrf": csrf, "kind": "own", "carrier": "mine"}
        kept = web.post("/carriers/account", data=said, follow_redirects=True)
        assert "Own numbers: nothing to verify" in text_of(kept)
    assert web.get("/carriers/account", params={"kind": "telex"}).status_code == 404
    bad = {"csrf": csrf, "kind": kind, "carrier": "No Such"}
    assert web.post("/carriers/account", data=bad).status_code == 422


def test_it_shuts_an_account_and_opens_it(web: httpx.Client, shop: Shop) -> None:
    csrf = sign_in(web, ADMIN)
    said = {"csrf": csrf, "carrier": "acme"}
    shut = web.post("/carriers/shut", data=said | {"shut": "1"}, follow_redirects=True)
    assert "Disabled since" in text_of(shut)
    assert shop.buy().json()["reason"] == "account"
    opened = web.post("/carriers/shut", data=said | {"shut": ""}, follow_redirects=True)
    assert "Disabled since" not in text_of(opened)
    assert shop.buy().status_code == 200
    gone = web.post("/carriers", data={"csrf": csrf, "act": "attempt", "carrier": "none"})
    assert (gone.status_code, "no account at this carrier" in text_of(gone)) == (404, True)


def test_other_languages_say_the_same(web: httpx.Client, shop: Shop) -> None:
    shop.unknown()
    shop.plan.then("buy", "denied")
    shop.buy(2)
    sign_in(web, BOSS)
    for language, words in (
        ("zh_Hans", ("结果不明", "凭据无效", "再次询问承运商")),
        ("ru", ("Неизвестно", "ключи не приняты", "Спросить перевозчика ещё раз")),
    ):
        web.cookies.set("ps_language", language)
        told = text_of(web.get("/carriers"))
        assert all(one in told for one in words), told
        assert "carriers." not in told
