"""The page of numbers in a real browser: every language, light and dark, desktop and phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from packstation.server.pools import add_range
from packstation.server.run import Running
from tests.server.bench import Bench
from tests.server.browser import Browser
from tests.server.customs import office
from tests.server.customs.test_office_shots import LOOKS, PROGRAM, SIZES
from tests.server.test_floor_shots import fits
from tests.server.test_holdings import sent, told
from tests.server.test_ledger import void
from tests.server.test_pools import RANGE, ask

pytestmark = [
    pytest.mark.skipif(not PROGRAM, reason="no Chromium on this machine"),
    pytest.mark.slow,
]


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    browser = Browser(PROGRAM, tmp_path / "profile")
    yield browser
    browser.close()


def test_the_numbers_in_every_look(
    running: Running, api: httpx.Client, bench: Bench, browser: Browser, site: str, tmp_path: Path
) -> None:
    shots = Path(os.environ.get("SHOTS", str(tmp_path / "shots")))
    shots.mkdir(parents=True, exist_ok=True)
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
    browser.open(f"{running.url}/sign-in")
    browser.value(
        f"document.querySelector('[name=name]').value = '{office.LEAD['name']}';"
        f"document.querySelector('[name=secret]').value = '{office.PIN}';"
        "document.querySelector('form[action=\"/sign-in\"]').requestSubmit()"
    )
    browser.until("location.pathname === '/floor' && document.readyState === 'complete'")
    for size, scheme, language in LOOKS:
        width, height = SIZES[size]
        browser.look(width, height, scheme, phone=size == "phone")
        browser.cookie("ps_language", language, running.url)
        browser.open(f"{running.url}/pools?look={size}-{scheme}-{language}")
        browser.until("document.readyState === 'complete' && !!document.querySelector('.pools')")
        browser.shot(shots / f"pools-{size}-{scheme}-{language}.png", whole=True)
        assert fits(browser) == [], (size, language)
    assert browser.problems == []
