"""Until when benches trust their list of people, and shifts that went on without it."""

from __future__ import annotations

import re

import httpx

from packstation.domain.packing.staff_facts import OfflineShiftOpened
from packstation.server.run import Running
from tests.server.bench import Bench, Clock
from tests.server.scene import PIN, people


def said(bench: Bench) -> list[dict[str, str]]:
    rows = bench.get("/v1/changes").json()["rows"]
    return [row["body"] for row in rows if row["t"] == "staff"]


def test_the_list_holds_72_hours_and_is_renewed_hourly(
    api: httpx.Client, bench: Bench, clock: Clock
) -> None:
    assert said(bench) == []
    people(api)
    (first,) = said(bench)
    assert (first["at"][:16], first["until"][:16]) == ("2026-11-21T06:14", "2026-11-24T06:14")
    clock.forward(minutes=59)
    assert said(bench) == [first]
    clock.forward(minutes=2)
    (second,) = said(bench)
    assert second["at"][:16] == "2026-11-21T07:15"


def test_a_shift_opened_without_the_server_is_audited_and_shown(
    running: Running, api: httpx.Client, bench: Bench
) -> None:
    people(api)
    fact = OfflineShiftOpened(
        by="b-99", until="2026-11-21T18:00:00Z", listed="2026-11-17T06:00:00Z"
    )
    bench.note(fact, session="bench", order=None, actor="b-99")
    assert bench.push().json()["hw"] == 1
    with httpx.Client(base_url=running.url, headers={"Accept-Language": "en"}, timeout=30) as web:
        web.post("/sign-in", data={"name": "Mei Tan", "secret": PIN})
        html = web.get("/people").text
    shown = re.search(r"Shifts opened without the server.*?</section>", html, re.DOTALL)
    assert shown
    assert "Mei Tan" in shown[0]
    assert "<strong>01</strong>" in shown[0]
