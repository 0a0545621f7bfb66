"""The page of invoices in a real browser: three languages, light and dark, desktop and phone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from packstation.server.run import Running
from tests.server.bench import Bench
from tests.server.browser import Browser
from tests.server.costs.invoices import BOSS, many, send, sheet, staff
from tests.server.test_floor_shots import fits

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = [
    pytest.mark.skipif(not PROGRAM, reason="no Chromium on this machine"),
    pytest.mark.slow,
]
SIZES = {"desktop": (1366, 768), "phone": (390, 844)}
LOOKS = [
    ("desktop", "light", "en"),
    ("desktop", "dark", "zh_Hans"),
    ("desktop", "light", "ru"),
    ("phone", "dark", "ru"),
    ("phone", "light", "zh_Hans"),
    ("phone", "dark", "en"),
]
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    browser = Browser(PROGRAM, tmp_path / "profile")
    yield browser
    browser.close()


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("SHOTS", str(tmp_path / "shots")))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sign_in(browser: Browser, url: str) -> None:
    browser.open(f"{url}/sign-in")
    browser.value(
        f"document.querySelector('[name=name]').value = '{BOSS['name']}';"
        f"document.querySelector('[name=secret]').value = '{BOSS['pin']}';"
        "document.querySelector('form[action=\"/sign-in\"]').requestSubmit()"
    )
    browser.until("location.pathname === '/floor' && document.readyState === 'complete'")


def test_the_page_in_every_look(
    running: Running, api: httpx.Client, bench: Bench, browser: Browser, shots: Path
) -> None:
    staff(api)
    browser.look(1366, 768, "light")
    sign_in(browser, running.url)
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
