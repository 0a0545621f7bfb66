"""Lists for carriers: what goes on them, what does not, what is missing, what was forgotten."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.events import KINDS
from packstation.domain.handover import manifests as m
from packstation.domain.handover import parcels as p
from packstation.domain.packing import handover_facts as h
from packstation.domain.packing.facts import Fact, SessionCompleted

OPENED = h.ManifestOpened(
    manifest="m1",
    code="MF-261123-7KQ2V",
    carrier="chinapost",
    service="e-packet",
    cutoff="2026-11-23T09:00:00Z",
)
BAG = h.UnitOpened(manifest="m1", unit="u1", code="BG-261123-AAAAA", kind="bag", tare_g=200)


def due(waybill: str = "W1", **more: object) -> p.Due:
    """A parcel that waits."""
    known = p.Due(
        waybill=waybill,
        carrier="chinapost",
        service="e-packet",
        gross_g=500,
        mode="9610",
        closed="2026-11-23T08:00:00Z",
    )
    return replace(known, **more)


def put(waybill: str, unit: str = "u1", **more: object) -> h.ParcelLoaded:
    """It goes into the bag."""
    known = h.ParcelLoaded(manifest="m1", waybill=waybill, unit=unit, gross_g=500, mode="9610")
    return replace(known, **more)


def after(*facts: Fact) -> m.Manifest:
    """The list after these, which begins with its opening."""
    return m.fold((OPENED, *facts))["m1"]


def test_every_fact_of_the_hand_over_is_known_to_the_journal() -> None:
    assert {fact.__name__ for fact in m.FACTS} | {"ParcelTendered"} <= set(KINDS)


def test_parcels_lie_in_the_bag_that_is_open_and_weigh_what_they_weigh() -> None:
    one = after(put("W0", unit=""), BAG, put("W1"), put("W2", gross_g=700))
    assert (one.unit, one.gross_g, one.mode) == ("u1", 1700, "9610")
    assert [row.waybill for row in one.inside("u1")] == ["W1", "W2"]
    assert [row.waybill for row in one.inside("")] == ["W0"]
    assert one.last is not None
    assert one.last.waybill == "W2"
    assert after().last is None
    less = m.fold([h.ParcelUnloaded(manifest="m1", waybill="W2")], {"m1": one})["m1"]
    assert (less.gross_g, len(less.loaded)) == (1000, 2)


def test_a_closed_bag_takes_no_more_and_one_opened_again_has_no_weight() -> None:
    closed = h.UnitClosed(
        manifest="m1", unit="u1", count=1, expected_g=700, band_g=20, gross_g=720, likely=("W1",)
    )
    one = after(BAG, put("W1"), closed)
    assert one.unit == ""
    assert (one.units["u1"].closed, one.units["u1"].off_g) == (True, 0)
    off = after(BAG, put("W1"), replace(closed, gross_g=760))
    assert off.units["u1"].off_g == 60
    again = after(BAG, put("W1"), closed, h.UnitOpenedAgain(manifest="m1", unit="u1"))
    assert (again.unit, again.units["u1"].gross_g, again.units["u1"].likely) == ("u1", 0, ())
    assert after(closed).units == {}
    second = replace(BAG, unit="u2", code="BG-261123-BBBBB")
    assert after(BAG, second, closed).unit == "u2"


def test_a_list_is_counted_opened_again_signed_or_dropped() -> None:
    counted = h.ManifestClosed(manifest="m1", count=1, gross_g=500, missing=("W9",))
    one = after(put("W1"), counted)
    assert (one.state, one.missing, one.live) == ("closed", ("W9",), True)
    again = after(put("W1"), counted, h.ManifestOpenedAgain(manifest="m1"))
    assert (again.state, again.missing) == ("open", ())
    signed = after(counted, h.ManifestSigned(manifest="m1", count=1, signature="ab"))
    assert (signed.state, signed.signature, signed.live) == ("signed", "ab", False)
    assert not after(h.ManifestDropped(manifest="m1")).live


def test_facts_of_lists_that_nobody_opened_and_of_other_things_change_nothing() -> None:
    assert m.fold([put("W1"), SessionCompleted()]) == {}


def test_refused_parcels_are_kept_once_each_and_the_latest_only() -> None:
    told = [h.LoadRefused(manifest="m1", reason="service", code=f"W{n}") for n in range(30)]
    one = after(*told, h.LoadRefused(manifest="m1", reason="mode", code="W29"))
    assert len(one.refused) == m.LATEST
    assert one.refused[-1] == ("mode", "W29")
    assert ("service", "W29") not in one.refused


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (due(), ""),
        (due("W1"), ""),
        (due("IN"), "twice"),
        (due(state="tendered"), "tendered"),
        (due(state="voided"), "voided"),
        (due(stop="cancelled"), "cancelled"),
        (due(stop="held", service="other"), "held"),
        (due(service="other"), "service"),
        (due(mode="9710"), "mode"),
        (due(mode=""), "mode"),
        (due(manifest="MF-OTHER"), "elsewhere"),
        (due(manifest="MF-261123-7KQ2V"), ""),
    ],
)
def test_a_parcel_that_does_not_belong_is_refused_with_its_reason(what: p.Due, why: str) -> None:
    assert p.refusal(after(put("IN")), what) == why


def test_the_first_parcel_says_the_export_mode_of_a_list() -> None:
    assert p.refusal(after(), due(mode="9810")) == ""
    assert p.fits(after(), due(mode="9810"))
    assert not p.fits(after(put("IN")), due(mode="9810"))


def test_missing_is_what_was_packed_for_this_cut_off_and_lies_nowhere() -> None:
    dues = [
        due("W3", closed="2026-11-23T08:30:00Z"),
        due("W2"),
        due("IN"),
        due("LATE", closed="2026-11-23T09:30:00Z"),
        due("OTHER", service="x"),
        due("MODE", mode="9710"),
        due("ON", manifest="MF-X"),
        due("GONE", state="tendered"),
        due("STOP", stop="held"),
    ]
    one = after(put("IN"))
    assert [row.waybill for row in p.missing(one, dues)] == ["W2", "W3"]
    whole_day = replace(one, cutoff="")
    assert [row.waybill for row in p.missing(whole_day, dues)] == ["W2", "W3", "LATE"]


def test_extras_are_named_when_their_rows_come() -> None:
    one = after(
        put("OK"), put("BLIND", checked=False, mode=""), put("WRONG", checked=False), put("STOP")
    )
    dues = [
        due("OK"),
        due("BLIND"),
        due("WRONG", service="other"),
        due("STOP", stop="cancelled"),
    ]
    assert [(row.waybill, why) for row, why in p.extras(one, dues)] == [
        ("WRONG", "service"),
        ("STOP", "cancelled"),
    ]
    moved = [due("OK"), due("BLIND", mode="9710")]
    assert [(row.waybill, why) for row, why in p.extras(one, moved)] == [("BLIND", "mode")]
    blind = after(put("B1", checked=False, mode=""), put("B2", checked=False, mode=""))
    assert p.extras(blind, []) == ()
    found = p.extras(blind, [due("B1"), due("B2", mode="1210")])
    assert [row.waybill for row, _ in found] == ["B2"]


def test_packed_yesterday_and_never_tendered_is_known_by_the_sites_day() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    dues = [
        due("TODAY", closed="2026-11-22T16:30:00Z"),
        due("LATE", closed="2026-11-22T15:30:00Z"),
        due("OLD", closed="2026-11-20T08:00:00Z"),
        due("GONE", closed="2026-11-20T08:00:00Z", state="tendered"),
        due("WHEN", closed="whenever"),
    ]
    found = p.forgotten(dues, date(2026, 11, 23), shanghai)
    assert [row.waybill for row in found] == ["OLD", "LATE"]


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("ABCDE")), max_size=40))
def test_a_list_has_what_was_put_and_not_taken_off_whatever_the_order(
    steps: list[tuple[bool, str]],
) -> None:
    facts: list[Fact] = []
    inside: set[str] = set()
    for goes_in, name in steps:
        facts.append(put(name) if goes_in else h.ParcelUnloaded(manifest="m1", waybill=name))
        (inside.add if goes_in else inside.discard)(name)
    one = after(*facts)
    assert set(one.loaded) == inside
    assert one.gross_g == 500 * len(inside)
    # Folding in two parts is folding at once.
    half = len(facts) // 2
    assert m.fold(facts[half:], m.fold((OPENED, *facts[:half])))["m1"] == one
