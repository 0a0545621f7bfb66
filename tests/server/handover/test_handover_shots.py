"""The hand-over pages in a real browser: every language, light and dark, desktop and phone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from packstation.server.run import Running
from tests.server.bench import Bench, Clock
from tests.server.browser import Browser
from tests.server.customs import office
from tests.server.customs.test_office_shots import LOOKS, PROGRAM, SIZES
from tests.server.handover import scene
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


def test_the_hand_over_in_every_look(
    running: Running,
    api: httpx.Client,
    bench: Bench,
    browser: Browser,
    clock: Clock,
    tmp_path: Path,
) -> None:
    shots = Path(os.environ.get("SHOTS", str(tmp_path / "shots")))
    shots.mkdir(parents=True, exist_ok=True)
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
    browser.open(f"{running.url}/sign-in")
    browser.value(
        f"document.querySelector('[name=name]').value = '{office.LEAD['name']}';"
        f"document.querySelector('[name=secret]').value = '{office.PIN}';"
        "document.querySelector('form[action=\"/sign-in\"]').requestSubmit()"
    )
    browser.until("location.pathname === '/floor' && document.readyState === 'complete'")
    for look, scheme, language in LOOKS:
        width, height = SIZES[look]
        browser.look(width, height, scheme, phone=look == "phone")
        browser.cookie("ps_language", language, running.url)
        for name, path in (("all", "/handover"), ("one", "/handover/m-1")):
            browser.open(f"{running.url}{path}?look={look}-{scheme}-{language}")
            browser.until("document.readyState === 'complete' && !!document.querySelector('.card')")
            browser.shot(shots / f"handover-{name}-{look}-{scheme}-{language}.png", whole=True)
            assert fits(browser) == [], (name, look, language)
    assert browser.problems == []
