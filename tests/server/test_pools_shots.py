"""The page of numbers in a real browser: every language, light and dark, desktop and phone."""

from __future__ import annotations

from pathlib import Path

import httpx
from msgspec.structs import replace

from packstation.server.pools import add_range
from packstation.server.run import Running
from tests.server.bench import Bench
from tests.server.browser import Browser
from tests.server.customs import office
from tests.server.pages import IN_A_BROWSER, LOOKS, SIZES, fits, sign_in
from tests.server.test_holdings import sent, told
from tests.server.test_ledger import void
from tests.server.test_pools import RANGE, ask

pytestmark = IN_A_BROWSER


def test_the_numbers_in_every_look(
    running: Running, api: httpx.Client, bench: Bench, browser: Browser, site: str, shots: Path
) -> None:
    office.put(api, "people", {"people": [office.LEAD]})
    long = {"carrier": "russianpost", "service": "ems-international-express"}
    with running.server.store.write() as connection:
        add_range(connection, site, RANGE)
        add_range(connection, site, replace(RANGE, **long, prefix="EE", first=0, last=9_999_999))
        add_range(connection, site, replace(RANGE, **long, prefix="EF", first=0, last=9_999))
        units = {"carrier": "gs1", "service": "sscc", "prefix": "ZZ", "country": "ZZ"}
        add_range(connection, site, replace(RANGE, **units, first=1, last=5_000))
    got = ask(bench, "r-1", 100)
    told(bench, got, used=12)
    void(bench, got.lease, 104)
    assert sent(bench) == []
    browser.look(1366, 768, "light")
    sign_in(browser, running.url, office.LEAD["name"], office.PIN)
    for size, scheme, language in LOOKS:
        width, height = SIZES[size]
        browser.look(width, height, scheme, phone=size == "phone")
        browser.cookie("ps_language", language, running.url)
        browser.open(f"{running.url}/pools?look={size}-{scheme}-{language}")
        browser.until("document.readyState === 'complete' && !!document.querySelector('.pools')")
        browser.shot(shots / f"pools-{size}-{scheme}-{language}.png", whole=True)
        assert fits(browser) == [], (size, language)
    assert browser.problems == []
