"""People, tokens and privacy in a real browser: each language, light and dark, desk and phone."""

from __future__ import annotations

from pathlib import Path

import httpx

from packstation.domain.packing.staff_facts import OfflineShiftOpened
from packstation.server.run import Running
from tests.server.bench import Bench
from tests.server.browser import Browser
from tests.server.pages import IN_A_BROWSER, LOOKS, SIZES, fits, sign_in
from tests.server.scene import PIN, people
from tests.server.test_privacy import SECRETS, bring, order

pytestmark = IN_A_BROWSER


def scene(api: httpx.Client, bench: Bench) -> None:
    """Everything that the pages can show."""
    people(api)
    root = {"badge": "b-100", "name": "Root Long Name-Hyphenated", "role": "it", "pin": PIN}
    api.post("/v1/import/people", json=root)
    api.post("/v1/people/b-1/pin", json={})
    api.post("/v1/people/b-2/replace", json={"reason": "lost on the way to work"})
    for name, days in (("shop import", 365), ("warehouse reports", 0)):
        api.post("/v1/tokens", json={"name": name, "role": "service", "days": days})
    gone = api.post("/v1/tokens", json={"name": "old shop", "role": "service"}).json()
    api.post(f"/v1/tokens/{gone['key']}/revoke")
    fact = OfflineShiftOpened(
        by="b-99", until="2026-11-21T18:00:00Z", listed="2026-11-17T06:00:00Z"
    )
    bench.note(fact, session="bench", order=None, actor="b-99")
    bench.push()
    bring(api, order(status="cancelled"), order("40112233-0007-2"))


def submit(browser: Browser, act: str) -> None:
    browser.value(f"document.querySelector('main button[value={act}]').click()")


def test_pages_of_the_office_in_every_look(
    running: Running, api: httpx.Client, bench: Bench, browser: Browser, shots: Path
) -> None:
    scene(api, bench)
    browser.look(1366, 768, "light")
    sign_in(browser, running.url, "Root Long Name-Hyphenated", PIN)
    for size, scheme, language in LOOKS:
        width, height = SIZES[size]
        browser.look(width, height, scheme, phone=size == "phone")
        browser.cookie("ps_language", language, running.url)
        for name in ("people", "tokens", "privacy"):
            browser.open(f"{running.url}/{name}?look={size}-{scheme}-{language}")
            browser.until("document.readyState === 'complete' && !!document.querySelector('h1')")
            if name == "people":
                browser.value("document.querySelector('.sales details').toggleAttribute('open')")
            if name == "privacy":
                browser.value(f"document.querySelector('[name=buyer]').value = {SECRETS[3]!r}")
                submit(browser, "find")
                browser.until("!!document.querySelector('.sales')")
            browser.shot(shots / f"{name}-{size}-{scheme}-{language}.png", whole=True)
            assert fits(browser) == [], (name, size, language)
    browser.open(f"{running.url}/people")
    browser.until("document.readyState === 'complete' && !!document.querySelector('h1')")
    submit(browser, "pin")
    browser.until("!!document.querySelector('.good')")
    browser.shot(shots / "people-issued.png", whole=True)
    assert fits(browser) == []
    assert browser.problems == []
