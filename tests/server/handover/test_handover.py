"""Hand-overs on the server: rows for benches, lists folded, the office's page, papers, PDF."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast

import httpx
import msgspec
import pytest

from packstation.domain.carriers import Capabilities, LabelFile, ManifestAsked, Manifested, Partly
from packstation.domain.errors import LabelOutcomeUnknown
from packstation.domain.handover.parcels import Due
from packstation.domain.packing import facts as f
from packstation.domain.packing import handover_facts as h
from packstation.domain.psp import ChangesAnswer
from packstation.server.run import Running
from tests.server.bench import Bench, Clock
from tests.server.conftest import NewBench
from tests.server.customs import office
from tests.server.handover import scene

PDF = b"%PDF-1.7\n%%EOF\n"


def dues(bench: Bench) -> dict[str, Due]:
    """What a bench pulls of parcels."""
    answer = msgspec.json.decode(bench.get("/v1/changes").content, type=ChangesAnswer)
    rows = [row for row in answer.rows if row.t == "parcel" and row.op == "put"]
    return {row.id: msgspec.convert(row.body, Due) for row in rows}


def lists(api: httpx.Client) -> list[dict[str, Any]]:
    """The lists of the page."""
    found: list[dict[str, Any]] = api.get("/v1/handover").json()["lists"]
    return found


@pytest.fixture
def dock(bench: Bench, api: httpx.Client) -> Bench:
    """Three parcels are closed, two of them are in a bag."""
    scene.order(api, "A-1", cn_export_mode="9610")
    scene.order(api, "A-2", cn_export_mode="9610", options=["signature"])
    scene.closed(bench, "A-1", "RX1", 800)
    scene.closed(bench, "A-2", "RX2", 900)
    scene.closed(bench, "A-3", "RX3", 400)
    scene.opened(bench)
    scene.loaded(bench, "A-1", "RX1", 800)
    scene.loaded(bench, "A-2", "RX2", 900)
    return bench


def told(bench: Bench) -> None:
    """What is new goes to the server."""
    scene.sent(bench)


def test_other_benches_hear_of_closed_parcels_and_what_became_of_them(
    dock: Bench, new_bench: NewBench
) -> None:
    told(dock)
    other = new_bench("02")
    found = dues(other)
    assert found["RX1"] == Due(
        waybill="RX1",
        parcel="p-A-1",
        order_id="A-1",
        carrier="chinapost",
        service="e-packet",
        gross_g=800,
        mode="9610",
        closed=dock.clock.now().isoformat(),
        bench="01",
        manifest="MF-261121-7KQ2V",
    )
    assert (found["RX3"].manifest, found["RX3"].mode, found["RX3"].waits) == ("", "", True)
    start = len(dock.events) + 1
    dock.note(h.ParcelUnloaded(manifest="m-1", waybill="RX2"), session="bench", order=None)
    dock.note(
        f.SessionReopened(by="SV-1", reason="other", parcel_id="p-A-3"),
        f.LabelVoidRequested(key="p-A-3/1", waybill="RX3"),
        f.LabelVoided(key="p-A-3/1", waybill="RX3"),
        session="s-A-3",
        order="A-3",
    )
    dock.note(h.ParcelTendered(manifest="m-1", waybill="RX1"), session="bench", order=None)
    dock.note(h.ParcelTendered(manifest="m-1", waybill="RX9"), session="bench", order=None)
    assert dock.push(start).status_code == 200
    found = dues(other)
    assert {name: (due.state, due.manifest) for name, due in found.items()} == {
        "RX1": ("tendered", "MF-261121-7KQ2V"),
        "RX2": ("packed", ""),
        "RX3": ("voided", ""),
        "RX9": ("tendered", ""),
    }


def test_a_parcel_that_two_benches_loaded_is_on_one_list(dock: Bench, new_bench: NewBench) -> None:
    told(dock)
    other = new_bench("02")
    mine, own = "MF-261121-7KQ2V", "MF-261121-ZZZZZ"

    def on() -> dict[str, str]:
        return {name: due.manifest for name, due in dues(other).items()}

    def noted(bench: Bench, *facts: f.Fact) -> None:
        start = len(bench.events) + 1
        bench.note(*facts, session="bench", order=None)
        assert bench.push(start).status_code == 200

    begun = {"carrier": "chinapost", "service": "e-packet"}
    # Cut off from the server the other bench has loaded what is on the first one's list.
    noted(
        other,
        h.ManifestOpened(manifest="m-2", code=own, **begun),
        *(h.ParcelLoaded(manifest="m-2", waybill=name, checked=False) for name in ("RX1", "RX3")),
    )
    assert on() == {"RX1": mine, "RX2": mine, "RX3": own}
    # It takes RX1 off: the parcel stays where it is. Then the first bench gives one away.
    noted(other, h.ParcelUnloaded(manifest="m-2", waybill="RX1"))
    assert on()["RX1"] == mine
    noted(other, h.ParcelLoaded(manifest="m-2", waybill="RX2", checked=False))
    noted(dock, h.ParcelUnloaded(manifest="m-1", waybill="RX2"))
    assert on() == {"RX1": mine, "RX2": own, "RX3": own}
    noted(other, h.ParcelUnloaded(manifest="m-2", waybill="RX2"))
    assert on()["RX2"] == ""


def test_parcels_handed_over_long_ago_are_forgotten_by_benches(dock: Bench, clock: Clock) -> None:
    told(dock)
    start = len(dock.events) + 1
    dock.note(h.ParcelTendered(manifest="m-1", waybill="RX1"), session="bench", order=None)
    assert dock.push(start).status_code == 200
    clock.time += timedelta(days=15)
    start = len(dock.events) + 1
    dock.note(h.ParcelUnloaded(manifest="m-1", waybill="RX2"), session="bench", order=None)
    assert dock.push(start).status_code == 200
    assert set(dues(dock)) == {"RX2", "RX3"}


def test_the_office_sees_what_waits_and_what_was_signed_for(
    dock: Bench, api: httpx.Client, clock: Clock
) -> None:
    told(dock)
    waiting = api.get("/v1/handover").json()["waiting"]
    assert [(row["service"], row["parcels"], row["old"]) for row in waiting] == [
        ("e-packet", 1, [])
    ]
    clock.time += timedelta(days=1)
    start = len(dock.events) + 1
    scene.signed(dock, "RX1", "RX2", missing=("RX3",))
    assert dock.push(start).status_code == 200
    page = api.get("/v1/handover").json()
    assert page["waiting"][0]["old"] == ["RX3"]
    (one,) = page["lists"]
    assert (one["state"], one["parcels"], one["units"], one["bench"]) == ("signed", 2, 1, "01")
    assert (one["missing"], one["refused"], one["off"], one["mode"]) == (["RX3"], 1, 1, "9610")
    html = api.get("/handover").text
    assert "MF-261121-7KQ2V" in html
    assert "RX3" in html
    assert "Secret Name" not in html


def test_a_list_of_which_the_beginning_never_came_and_a_dropped_one_are_not_shown(
    bench: Bench, api: httpx.Client
) -> None:
    scene.loaded(bench, "A-1", "RX1", 800)
    scene.opened(bench)
    bench.note(h.ManifestDropped(manifest="m-1"), session="bench", order=None)
    bench.note(f.LabelApplied(waybill="RX8"), session="s-none", order=None)
    bench.push()
    assert lists(api) == []
    assert api.get("/v1/handover/m-9").status_code == 404
    assert api.get("/handover/m-9/pdf").status_code == 404
    assert "Traceback" not in api.get("/handover").text


def test_the_signature_comes_as_a_file_and_stands_on_page_and_pdf(
    dock: Bench, api: httpx.Client
) -> None:
    scene.signed(dock, "RX1", "RX2")
    told(dock)
    assert api.get("/v1/handover/m-1").json().get("signature") is None
    assert "<path" not in api.get("/handover/m-1").text.partition("<main")[2]
    sha256, size = hashlib.sha256(scene.SIGNED).hexdigest(), len(scene.SIGNED)
    answer = dock.send(
        "PUT",
        f"/v1/evidence/{sha256}?at=0&of={size}&days=3660",
        scene.SIGNED,
        headers={"Content-Type": "application/json"},
    )
    assert answer.json()["whole"] is True
    assert api.get("/v1/handover/m-1").json()["signature"]["driver"] == "Wang Wei 王伟"
    html = api.get("/handover/m-1").text
    assert 'd="M1500 2000' in html
    assert "Wang Wei 王伟" in html
    pdf = api.get("/handover/m-1/pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    assert "MF-261121-7KQ2V.pdf" in pdf.headers["content-disposition"]


# --- papers of the carrier ---------------------------------------------------------------------


class Carrier(Partly):
    """Gives a manifest by key, or does not answer."""

    capabilities = Capabilities(buy=False, manifest=True)

    def __init__(self) -> None:
        self.asked: list[ManifestAsked] = []
        self.mood = "ok"

    def manifest(self, asked: ManifestAsked) -> Manifested:
        self.asked.append(asked)
        if self.mood == "vanish":
            raise LabelOutcomeUnknown(label_key=asked.key)
        file = LabelFile(content=PDF, media="pdf") if self.mood == "ok" else None
        return Manifested(ref="SCAN-77", file=file)


@contextmanager
def signed_in(api: httpx.Client, running: Running, who: dict[str, Any]) -> Iterator[httpx.Client]:
    """A person at the office's page."""
    office.put(api, "people", {"people": [who]})
    with httpx.Client(base_url=running.url, timeout=30, follow_redirects=True) as visitor:
        visitor.post("/sign-in", data={"name": who["name"], "secret": office.PIN})
        yield visitor


def csrf(html: str) -> str:
    """The page's own secret."""
    return html.partition('name="csrf" value="')[2].partition('"')[0]


def test_a_scan_form_is_stored_once_and_read_back(
    dock: Bench, api: httpx.Client, running: Running
) -> None:
    scene.signed(dock, "RX1", "RX2")
    told(dock)
    with signed_in(api, running, office.LEAD) as lead:
        secret = csrf(lead.get("/handover/m-1").text)
        for _ in range(2):
            sent = lead.post(
                "/handover/m-1/papers",
                data={"csrf": secret},
                files={"file": ("SCAN form 1.pdf", PDF, "application/pdf")},
            )
            assert "told=kept" in str(sent.url)
        wrong = lead.post(
            "/handover/m-1/papers",
            data={"csrf": secret},
            files={"file": ("x.html", b"<html>", "text/html")},
        )
        assert "told=refused" in str(wrong.url)
        gone = lead.post(
            "/handover/m-9/papers", data={"csrf": secret}, files={"file": ("a.pdf", PDF)}
        )
        assert gone.status_code == 404
        (paper,) = api.get("/v1/handover/m-1").json()["papers"]
        assert paper["name"] == "SCAN form 1.pdf"
        assert lead.get(f"/handover/m-1/papers/{paper['sha256']}").content == PDF
        assert lead.get(f"/handover/m-1/papers/{'0' * 64}").status_code == 404
        # This carrier offers no manifest: there is no button, and asking says no.
        assert "/carrier" not in lead.get("/handover/m-1").text
        asked = lead.post("/handover/m-1/carrier", data={"csrf": secret})
        assert "told=refused" in str(asked.url)


def test_the_carriers_own_manifest_is_asked_by_the_lists_id(
    dock: Bench, api: httpx.Client, running: Running
) -> None:
    scene.signed(dock, "RX1", "RX2")
    told(dock)
    carrier = Carrier()
    cast("dict[str, Carrier]", running.server.carriers)["chinapost"] = carrier
    with signed_in(api, running, office.LEAD) as lead:
        html = lead.get("/handover/m-1").text
        secret = csrf(html)
        assert "/handover/m-1/carrier" in html
        for mood, outcome in (("vanish", "unanswered"), ("none", "refused"), ("ok", "kept")):
            carrier.mood = mood
            page = lead.post("/handover/m-1/carrier", data={"csrf": secret})
            assert f"told={outcome}" in str(page.url)
    assert {(one.key, one.waybills) for one in carrier.asked} == {("m-1", ("RX1", "RX2"))}
    assert [paper["name"] for paper in api.get("/v1/handover/m-1").json()["papers"]] == [
        "chinapost SCAN-77"
    ]


def test_a_clerk_looks_and_changes_nothing(
    dock: Bench, api: httpx.Client, running: Running
) -> None:
    scene.signed(dock, "RX1", "RX2")
    told(dock)
    with signed_in(api, running, office.CLERK) as clerk:
        html = clerk.get("/handover/m-1").text
        assert "multipart" not in html
        secret = csrf(html)
        answer = clerk.post("/handover/m-1/carrier", data={"csrf": secret})
        assert answer.status_code == 403
