"""The hand-over pages in a real browser: every language, light and dark, desktop and phone."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import httpx

from packstation.server.run import Running
from tests.server.bench import Bench, Clock
from tests.server.browser import Browser
from tests.server.customs import office
from tests.server.handover import scene
from tests.server.pages import IN_A_BROWSER, LOOKS, SIZES, fits, sign_in

pytestmark = IN_A_BROWSER


def test_the_hand_over_in_every_look(
    running: Running,
    api: httpx.Client,
    bench: Bench,
    browser: Browser,
    clock: Clock,
    shots: Path,
) -> None:
    office.put(api, "people", {"people": [office.LEAD]})
    noon = clock.now()
    clock.time = noon - timedelta(days=2)
    scene.closed(bench, "OLD-1", "RX123456739CN", 640)
    clock.time = noon
    for n in range(9):
        scene.order(api, f"40112233-{n:04}-1", cn_export_mode="9610")
        scene.closed(bench, f"40112233-{n:04}-1", f"RX12345678{n}CN", 700 + 31 * n)
    scene.closed(bench, "S-77", "CD000000123", 1200, service="cdek-pickup-point")
    scene.opened(bench, cutoff="2026-11-21T09:30:00Z")
    for n in range(7):
        scene.loaded(bench, f"40112233-{n:04}-1", f"RX12345678{n}CN", 700 + 31 * n)
    waybills = [f"RX12345678{n}CN" for n in range(7)]
    scene.signed(bench, *waybills, missing=("RX123456787CN", "RX123456788CN"))
    scene.sent(bench)
    sha256, size = hashlib.sha256(scene.SIGNED).hexdigest(), len(scene.SIGNED)
    path = f"/v1/evidence/{sha256}?at=0&of={size}&days=3660"
    bench.send("PUT", path, scene.SIGNED, headers={"Content-Type": "application/json"})
    browser.look(1366, 768, "light")
    sign_in(browser, running.url, office.LEAD["name"], office.PIN)
    for look, scheme, language in LOOKS:
        width, height = SIZES[look]
        browser.look(width, height, scheme, phone=look == "phone")
        browser.cookie("ps_language", language, running.url)
        for name, path in (("all", "/handover"), ("one", "/handover/m-1")):
            browser.open(f"{running.url}{path}?told=partly&look={look}-{scheme}-{language}")
            browser.until("document.readyState === 'complete' && !!document.querySelector('.card')")
            browser.shot(shots / f"handover-{name}-{look}-{scheme}-{language}.png", whole=True)
            assert fits(browser) == [], (name, look, language)
    assert browser.problems == []
