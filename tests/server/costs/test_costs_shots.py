"""The page of invoices in a real browser: three languages, light and dark, desktop and phone."""

from __future__ import annotations

from pathlib import Path

import httpx

from packstation.server.run import Running
from tests.server.bench import Bench
from tests.server.browser import Browser
from tests.server.costs.invoices import BOSS, many, send, sheet, staff
from tests.server.pages import IN_A_BROWSER, LOOKS, SIZES, fits, sign_in

pytestmark = IN_A_BROWSER
EVIL = "<script>alert(1)</script>"


def test_the_page_in_every_look(
    running: Running, api: httpx.Client, bench: Bench, browser: Browser, shots: Path
) -> None:
    staff(api)
    browser.look(1366, 768, "light")
    sign_in(browser, running.url, BOSS["name"], BOSS["pin"])
    empty = f"{running.url}/costs"
    browser.open(empty)
    browser.until("document.body.textContent.includes('No invoice here')")
    browser.shot(shots / "costs-empty-desktop-light-en.png", whole=True)
    many(api, bench)
    long = "W" * 60
    bad = sheet(
        f"{EVIL},2026-11-21,0.52,,60,6,,66",
        "YW000000077,2026-11-21,0.52,,=60+1,6,,66",
        f"YW000000078,2026-11-21,0.52,{long},6000000,0,,6000000",
    )
    told = send(api, bad, name=f"{EVIL}-{long}.csv", invoice=f"{EVIL}{long}").json()
    assert len(told["rejected"]) == 2
    for size, scheme, language in LOOKS:
        width, height = SIZES[size]
        browser.look(width, height, scheme, phone=size == "phone")
        browser.cookie("ps_language", language, running.url)
        for name, query in (("all", "?x"), ("off", "?kind=off&q=4011"), ("open", "?kind=zone")):
            browser.open(f"{running.url}/costs{query}&look={size}-{scheme}-{language}")
            if name == "open":
                browser.value("document.querySelectorAll('details').forEach(d => d.open = true)")
            browser.shot(shots / f"costs-{name}-{size}-{scheme}-{language}.png", whole=True)
            assert fits(browser) == [], (name, size, language)
    assert browser.problems == []
