"""The floor page in a real browser: every language, light and dark, desktop, phone, wall."""

from __future__ import annotations

from pathlib import Path

import httpx

from packstation.server.run import Running
from tests.server import scene
from tests.server.bench import Bench, Clock
from tests.server.browser import Browser
from tests.server.conftest import NewBench
from tests.server.pages import IN_A_BROWSER, fits, sign_in

pytestmark = IN_A_BROWSER
SIZES = {"desktop": (1920, 1080), "phone": (390, 844), "tablet": (1024, 768)}
LOOKS = [
    ("desktop", "dark", "en"),
    ("desktop", "light", "en"),
    ("desktop", "dark", "zh_Hans"),
    ("desktop", "light", "ru"),
    ("phone", "dark", "en"),
    ("phone", "light", "zh_Hans"),
    ("phone", "dark", "ru"),
    ("tablet", "light", "ru"),
]


def test_the_floor_in_every_look(
    running: Running,
    api: httpx.Client,
    new_bench: NewBench,
    clock: Clock,
    browser: Browser,
    shots: Path,
) -> None:
    scene.play(running, api, new_bench, clock)
    browser.look(1920, 1080, "light")
    browser.open(f"{running.url}/sign-in")
    browser.shot(shots / "sign-in-light-en.png")
    sign_in(browser, running.url, "Mei Tan", scene.PIN)
    for size, scheme, language in LOOKS:
        width, height = SIZES[size]
        browser.look(width, height, scheme, phone=size == "phone")
        browser.cookie("ps_language", language, running.url)
        browser.open(f"{running.url}/floor?look={size}-{scheme}-{language}")
        browser.until("!!document.querySelector('.bench .person')")
        browser.shot(shots / f"floor-{size}-{scheme}-{language}.png", whole=size != "desktop")
        assert fits(browser) == [], (size, language)
    browser.look(1920, 1080, "dark")
    browser.cookie("ps_language", "en", running.url)
    browser.open(f"{running.url}/floor?tv=1")
    browser.shot(shots / "floor-tv-dark-en.png")
    assert not browser.value("document.querySelectorAll('form, .menu').length")
    assert browser.problems == []


def test_a_page_that_hears_nothing_says_since_when(
    running: Running, api: httpx.Client, bench: Bench, browser: Browser, shots: Path
) -> None:
    scene.people(api)
    browser.look(1920, 1080, "dark")
    sign_in(browser, running.url, "Mei Tan", scene.PIN)
    browser.until("document.getElementById('mark-text').textContent === 'Live'")
    running.server.bell.close()
    browser.until("document.body.classList.contains('stale')")
    assert browser.value("document.getElementById('mark-text').textContent") == "Stale since 14:14"
    browser.shot(shots / "floor-stale-dark-en.png")
