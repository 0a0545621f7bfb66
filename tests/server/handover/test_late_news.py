"""Journals that come late, and two benches that put one parcel on two lists."""

from __future__ import annotations

from packstation.domain.packing import handover_facts as h
from tests.server.bench import Bench
from tests.server.conftest import NewBench
from tests.server.handover import scene
from tests.server.handover.test_handover import dues


def said(bench: Bench, *facts: h.ParcelLoaded | h.ParcelUnloaded | h.ParcelTendered) -> None:
    """A bench notes these, and the server hears of them."""
    bench.note(*facts, session="bench", order=None)
    scene.sent(bench)


def test_a_parcel_whose_packing_is_heard_of_late_stays_handed_over(
    bench: Bench, new_bench: NewBench
) -> None:
    scene.closed(bench, "A-1", "RX1", 800)  # away from the server: nobody hears of it yet
    dock = new_bench("02")
    scene.opened(dock)
    said(dock, h.ParcelLoaded(manifest="m-1", waybill="RX1", checked=False))
    said(dock, h.ParcelTendered(manifest="m-1", waybill="RX1"))
    scene.sent(bench)
    found = dues(dock)["RX1"]
    assert (found.state, found.order_id, found.gross_g) == ("tendered", "A-1", 800)
    assert not found.waits


def test_a_parcel_whose_packing_is_heard_of_late_is_on_its_list(
    bench: Bench, new_bench: NewBench
) -> None:
    scene.closed(bench, "A-1", "RX1", 800)
    dock = new_bench("02")
    scene.opened(dock)
    said(dock, h.ParcelLoaded(manifest="m-1", waybill="RX1", checked=False))
    scene.sent(bench)
    assert dues(dock)["RX1"].manifest == "MF-261121-7KQ2V"


def test_taking_a_parcel_off_one_list_leaves_it_on_the_other(
    bench: Bench, new_bench: NewBench
) -> None:
    scene.closed(bench, "A-1", "RX1", 800)
    scene.opened(bench)
    said(bench, h.ParcelLoaded(manifest="m-1", waybill="RX1"))
    other = new_bench("02")
    begun = h.ManifestOpened(
        manifest="m-2", code="MF-261121-OTHER", carrier="chinapost", service="e-packet"
    )
    other.note(begun, session="bench", order=None)
    said(other, h.ParcelLoaded(manifest="m-2", waybill="RX1"))
    assert dues(bench)["RX1"].manifest == "MF-261121-7KQ2V"
    said(bench, h.ParcelUnloaded(manifest="m-1", waybill="RX1", reason="extra"))
    assert dues(bench)["RX1"].manifest == "MF-261121-OTHER"
    said(other, h.ParcelUnloaded(manifest="m-2", waybill="RX1", reason="undo"))
    assert dues(bench)["RX1"].waits
