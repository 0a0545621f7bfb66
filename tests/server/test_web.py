"""Signing in, the pages' safety, their words, and the live feed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from packstation.i18n import LANGUAGES, load
from packstation.server.pages import HEADERS
from packstation.server.run import Running
from packstation.server.words import Words, language_of
from tests.server.bench import NOON, Clock
from tests.server.scene import PIN, orders, people


@pytest.fixture
def web(running: Running, api: httpx.Client) -> Iterator[httpx.Client]:
    people(api)
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    with httpx.Client(base_url=running.url, headers=headers, timeout=30) as client:
        yield client


def sign_in(web: httpx.Client, name: str = "Mei Tan", secret: str = PIN) -> httpx.Response:
    return web.post("/sign-in", data={"name": name, "secret": secret})


def csrf(web: httpx.Client) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', web.get("/floor").text)
    assert found
    return found[1]


# --- signing in ----------------------------------------------------------------------------


def test_whoever_is_not_signed_in_is_led_to_the_door(web: httpx.Client) -> None:
    for path in ("/floor", "/floor/events"):
        answer = web.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert web.get("/").headers["location"] == "/floor"


def test_name_and_pin_open_the_floor(web: httpx.Client) -> None:
    answer = sign_in(web)
    assert (answer.status_code, answer.headers["location"]) == (303, "/floor")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Mei Tan" in web.get("/floor").text


def test_a_wrong_pin_says_no_more_than_an_unknown_name(web: httpx.Client) -> None:
    wrong, unknown = sign_in(web, secret="0000"), sign_in(web, name="<Nobody>", secret="0000")
    for answer in (wrong, unknown):
        assert answer.status_code == 403
        assert "Name and PIN do not match" in answer.text
        assert "set-cookie" not in answer.headers
    assert "<Nobody>" not in unknown.text


def test_guessing_waits_longer_and_longer(web: httpx.Client, clock: Clock) -> None:
    for _ in range(5):
        assert sign_in(web, secret="0000").status_code == 403
    held = sign_in(web)
    assert (held.status_code, held.headers["retry-after"]) == (429, "2")
    assert "Wait 2 seconds" in held.text
    clock.forward(seconds=2)
    assert sign_in(web).status_code == 303


def test_a_visit_ends_when_idle_and_after_twelve_hours(web: httpx.Client, clock: Clock) -> None:
    sign_in(web)
    clock.forward(minutes=119)
    assert web.get("/floor").status_code == 200
    clock.forward(minutes=121)
    assert web.get("/floor").status_code == 303
    sign_in(web)
    for _ in range(7):
        clock.forward(minutes=100)
        web.get("/floor")
    clock.forward(minutes=30)
    assert web.get("/floor").status_code == 303


def test_signing_out_ends_the_visit_everywhere(web: httpx.Client) -> None:
    sign_in(web)
    cookie = dict(web.cookies)
    assert web.post("/sign-out", data={"csrf": csrf(web)}).status_code == 303
    web.cookies.update(cookie)
    assert web.get("/floor").status_code == 303


def test_a_new_pin_ends_visits(web: httpx.Client, api: httpx.Client) -> None:
    sign_in(web)
    mei = {"badge": "b-99", "name": "Mei Tan", "role": "supervisor", "pin": "9999"}
    assert api.post("/v1/import/people", json=mei).json()["changed"] == 1
    assert web.get("/floor").status_code == 303


def test_a_packer_is_told_why_the_floor_is_closed(web: httpx.Client, api: httpx.Client) -> None:
    bo = {"badge": "b-50", "name": "Bo", "role": "packer", "pin": "1234"}
    api.post("/v1/import/people", json=bo)
    sign_in(web, "Bo", "1234")
    answer = web.get("/floor")
    assert answer.status_code == 403
    assert "Not open to your role" in answer.text


# --- safety --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/sign-in", "/nowhere", "/v1/hello", "/v1/orders/x", "/healthz", "/static/page.css"]
)
def test_every_answer_carries_the_safety_headers(web: httpx.Client, path: str) -> None:
    answer = web.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    cached = "public, max-age=3600" if path.startswith("/static/") else "no-store"
    assert answer.headers["cache-control"] == cached
    assert "server" not in answer.headers


def test_pages_have_no_inline_script_or_style(web: httpx.Client) -> None:
    sign_in(web)
    for path in ("/sign-in", "/floor", "/nowhere"):
        html = web.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style| style=| on\w+=|javascript:", html)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


def test_a_form_of_another_page_changes_nothing(web: httpx.Client, api: httpx.Client) -> None:
    sign_in(web)
    token = csrf(web)
    order = {"order_id": "A-1", "ship_to": {}, "lines": [{"line": 1, "sku": "A", "quantity": 1}]}
    api.post("/v1/import/orders", json=order)
    api.post("/v1/orders/A-1/hold", json={"reason": "wait"})
    path = "/floor/orders/A-1/release"
    foreign = {"Origin": "https://evil.example"}
    assert web.post(path, data={"csrf": token}, headers=foreign).status_code == 403
    fetched = {"Sec-Fetch-Site": "cross-site"}
    assert web.post(path, data={"csrf": token}, headers=fetched).status_code == 403
    assert web.post(path, data={"csrf": "guess"}).status_code == 403
    assert web.post(path).status_code == 403
    credentials = {"name": "Mei Tan", "secret": PIN}
    assert web.post("/sign-in", data=credentials, headers=foreign).status_code == 403
    assert web.post("/look", data={"theme": "dark"}, headers=foreign).status_code == 403
    assert api.get("/v1/orders/A-1").json()["hold"] == "wait"
    assert web.post("/v1/orders/A-1/release").status_code == 403
    answer = web.post(path, data={"csrf": token})
    assert (answer.status_code, answer.headers["location"]) == (303, "/floor#A-1")
    assert api.get("/v1/orders/A-1").json()["hold"] == ""


def test_hostile_words_are_shown_as_words(web: httpx.Client, api: httpx.Client) -> None:
    evil = "<script>alert(1)</script>"
    order = {"order_id": evil, "ship_to": {}, "lines": [{"line": 1, "sku": "A", "quantity": 1}]}
    assert api.post("/v1/import/orders", json=order).json()["accepted"] == 1
    sign_in(web)
    answer = api.post(
        "/v1/orders/%3Cscript%3Ealert(1)%3C%2Fscript%3E/hold", json={"reason": f"'\"{evil}"}
    )
    assert answer.status_code in {200, 404}
    assert evil not in web.get("/floor").text


def test_the_floor_names_no_buyer(web: httpx.Client, api: httpx.Client) -> None:
    orders(api)
    api.post("/v1/orders/ozon-7/hold", json={"reason": "wait"})
    sign_in(web)
    html = web.get("/floor").text
    assert "Secret Name" not in html
    assert "ozon-7" in html


def test_the_floor_leads_to_the_other_pages_of_ones_role(web: httpx.Client) -> None:
    sign_in(web)
    html = web.get("/floor").text
    linked = [page for page in ("handover", "pools", "carriers") if f'href="/{page}?site=' in html]
    for page in linked:
        assert web.get(f"/{page}").status_code == 200
    assert linked[:2] == ["handover", "pools"]


@pytest.mark.parametrize(
    ("back", "to"),
    [("/floor?tv=1", "/floor?tv=1"), ("//evil.example", "/floor"), ("https://e", "/floor")],
)
def test_a_look_is_kept_and_leads_nowhere_else(web: httpx.Client, back: str, to: str) -> None:
    answer = web.post("/look", data={"language": "ru", "theme": "dark", "back": back})
    assert answer.headers["location"] == to
    html = web.get("/sign-in").text
    assert 'lang="ru" data-theme="dark"' in html
    assert "Войти" in html
    web.post("/look", data={"language": "tlh", "theme": "pink"})
    assert 'lang="ru" data-theme="dark"' in web.get("/sign-in").text


def test_errors_are_pages_for_people_and_problems_for_programs(web: httpx.Client) -> None:
    page = web.get("/nowhere")
    assert (page.status_code, "Nothing at this address" in page.text) == (404, True)
    program = web.get("/nowhere", headers={"Accept": "application/json"})
    assert program.headers["content-type"] == "application/problem+json"
    assert program.json()["code"] == "not_found"
    assert web.get("/v1/hello?x").status_code == 200
    assert web.delete("/v1/hello").json()["status"] == 405
    wrong = web.get("/v1/orders/x", headers={"Accept": "text/html"})
    assert wrong.headers["content-type"] == "application/problem+json"


# --- words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "kept", "language"),
    [
        ("", "", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "", "zh_Hans"),
        ("de, ru;q=0.5, en;q=0.4", "", "ru"),
        ("en;q=0.1, ru;q=0.7", "", "ru"),
        ("fr, de", "", "en"),
        ("ru;q=x, zh", "", "zh_Hans"),
        ("ru", "zh_Hans", "zh_Hans"),
        ("ru", "klingon", "ru"),
    ],
)
def test_the_readers_language(accept: str, kept: str, language: str) -> None:
    assert language_of(accept, kept) == language


def test_numbers_money_and_ages_as_people_read_them() -> None:
    words, russian = Words("en", now=NOON), Words("ru", now=NOON)
    assert words.money({"CNY": Decimal("1036.5"), "USD": Decimal(2)}) == "¥1\u2009036.50 + $2.00"
    assert (words.money({}, "CNY"), words.money({}, "PLN"), words.money({})) == (
        "¥0",
        "PLN\u20090",
        "0",
    )
    assert russian.number(2.5, 1) == "2,5"
    assert (words.percent(1), words.percent(0.9999), words.percent(0.975, 1)) == (
        "100\u2009%",
        "99\u2009%",
        "97.5\u2009%",
    )
    spans = [words.span(s) for s in (0, 1, 59, 60, 7199, 7200, 172_799, 172_800)]
    assert spans == ["now", "1 s", "59 s", "1 min", "119 min", "2 h", "47 h", "2 d"]
    assert ">5 s</time>" in words.ago(NOON - timedelta(seconds=5))
    assert words.handover("") == "Hand-over"
    assert words.channel("") == "Hand-over"


def test_every_word_of_the_pages_is_there_in_every_language(repository: Path) -> None:
    used = set()
    for template in (repository / "resources/web/templates").rglob("*.html"):
        used |= set(re.findall(r"w\.say\('([\w.]+)'[,)]", template.read_text("utf-8")))
    assert len(used) > 60
    for language in LANGUAGES:
        words = load(language)
        assert [key for key in sorted(used) if not words.has(key)] == []
        english = set(load("en").texts)
        assert {k for k in english if k.startswith(("web.", "floor.", "role."))} <= set(words.texts)


# --- the live feed -------------------------------------------------------------------------


def events(stream: Iterator[str], last: str) -> list[str]:
    """Names of events up to the first ``last``."""
    names = []
    for line in stream:
        if line.startswith("event: "):
            names.append(line.removeprefix("event: "))
            if names[-1] == last:
                return names
    return names


def test_the_feed_sends_what_changed_and_a_beat_a_second(
    web: httpx.Client, api: httpx.Client
) -> None:
    sign_in(web)
    with web.stream("GET", "/floor/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        first = events(lines, "beat")
        assert first == ["figures", "cutoffs", "benches", "needs", "hours", "people", "beat"]
        assert events(lines, "beat") == ["beat"]
        order = {
            "order_id": "A-1",
            "ship_to": {},
            "lines": [{"line": 1, "sku": "A", "quantity": 1}],
        }
        api.post("/v1/import/orders", json=order)
        api.post("/v1/orders/A-1/hold", json={"reason": "wait"})
        later = events(lines, "needs")
        assert set(later) <= {"cutoffs", "needs", "beat"}


def test_a_stop_ends_the_feed(web: httpx.Client, running: Running) -> None:
    sign_in(web)
    with web.stream("GET", "/floor/events") as answer:
        lines = answer.iter_lines()
        events(lines, "beat")
        running.server.bell.close()
        assert "never" not in events(lines, "never")


def test_an_integration_chooses_among_several_sites(web: httpx.Client, api: httpx.Client) -> None:
    assert "GZ-1" in api.get("/floor").text
    api.post("/v1/import/site", json={"code": "BJ-2", "name": "Beijing"})
    assert api.get("/floor").json()["known"] == ["BJ-2", "GZ-1"]
    html = api.get("/floor?site=BJ-2&tv=1").text
    assert "Beijing" in html
    assert "/floor/events?site=BJ-2&amp;tv=1" in html
    assert "<form" not in html
