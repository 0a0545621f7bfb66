"""The page of carriers in a real browser: every language, light and dark, desktop and phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.server.run import Running
from tests.server.browser import Browser
from tests.server.customs.test_office_shots import LOOKS, PROGRAM, SIZES
from tests.server.purchases.shop import ADMIN, Shop
from tests.server.test_floor_shots import fits

pytestmark = [
    pytest.mark.skipif(not PROGRAM, reason="no Chromium on this machine"),
    pytest.mark.slow,
]


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    browser = Browser(PROGRAM, tmp_path / "profile")
    yield browser
    browser.close()


def trouble(shop: Shop) -> None:
    """One of each, and accounts of several kinds."""
    shop.plan.then("buy", "not_ready")
    shop.buy(2)
    shop.plan.then("buy", "truncated")
    shop.buy(3)
    shop.plan.then("buy", "denied")
    shop.buy(4)
    shop.buy(5)
    shop.plan.then("void", "down")
    shop.bench.post("/v1/labels/p-5/1/void", {})
    shop.unknown()
    shop.api.put("/v1/carriers/yanwen", json={"kind": "own"})
    keys = {"client_id": "x", "client_secret": "y"}
    shop.api.put(
        "/v1/carriers/cdek", json={"kind": "cdek", "secrets": keys, "base_url": shop.carrier.url}
    )
    shop.api.post("/v1/carriers/cdek/attempt")
    shop.api.post("/v1/carriers/yanwen/attempt")
    shop.api.post("/v1/carriers/cdek/shut", json={"shut": True, "reason": "contract has ended"})


def test_carriers_in_every_look(
    running: Running, shop: Shop, browser: Browser, tmp_path: Path
) -> None:
    shots = Path(os.environ.get("SHOTS", str(tmp_path / "shots")))
    shots.mkdir(parents=True, exist_ok=True)
    trouble(shop)
    browser.look(1366, 768, "light")
    browser.open(f"{running.url}/sign-in")
    browser.value(
        f"document.querySelector('[name=name]').value = '{ADMIN['name']}';"
        f"document.querySelector('[name=secret]').value = '{ADMIN['pin']}';"
        "document.querySelector('form[action=\"/sign-in\"]').requestSubmit()"
    )
    browser.until("location.pathname === '/floor' && document.readyState === 'complete'")
    pages = {"carriers": "/carriers?", "account": "/carriers/account?carrier=cdek&"}
    for size, scheme, language in LOOKS:
        width, height = SIZES[size]
        browser.look(width, height, scheme, phone=size == "phone")
        browser.cookie("ps_language", language, running.url)
        for name, path in pages.items():
            browser.open(f"{running.url}{path}look={size}-{scheme}-{language}")
            browser.until("document.readyState === 'complete' && !!document.querySelector('h1')")
            browser.value("document.querySelectorAll('.sales details')[1]?.toggleAttribute('open')")
            browser.shot(shots / f"{name}-{size}-{scheme}-{language}.png", whole=True)
            assert fits(browser) == [], (name, size, language)
    assert browser.problems == []
