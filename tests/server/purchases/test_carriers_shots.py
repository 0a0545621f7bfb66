"""The page of carriers in a real browser: every language, light and dark, desktop and phone."""

from __future__ import annotations

from pathlib import Path

from packstation.server.run import Running
from tests.server.browser import Browser
from tests.server.pages import IN_A_BROWSER, LOOKS, SIZES, fits, sign_in
from tests.server.purchases.shop import ADMIN, Shop

pytestmark = IN_A_BROWSER


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
    running: Running, shop: Shop, browser: Browser, shots: Path
) -> None:
    trouble(shop)
    browser.look(1366, 768, "light")
    sign_in(browser, running.url, ADMIN["name"], ADMIN["pin"])
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
