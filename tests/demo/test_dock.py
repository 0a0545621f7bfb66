"""What the demo hands over: by service, without what went before, going on with what was begun."""

from __future__ import annotations

from msgspec.structs import replace

from packstation.demo.dock import Load, figures, loads
from packstation.domain.handover import manifests as m
from packstation.domain.packing import fold
from packstation.domain.packing import handover_facts as h
from packstation.domain.packing.session import Session
from tests.server.costs.invoices import parcel


def session(name: str, waybill: str, grams: int = 520) -> Session:
    return fold(parcel(name, waybill, grams))


def listed(name: str, *waybills: str, signed: bool) -> m.Manifests:
    code = f"MF-261123-{name}"
    facts = [
        h.ManifestOpened(manifest=name, code=code, carrier="yanwen", service="line"),
        h.UnitOpened(manifest=name, unit=f"u{name}", code="BG-261123-00000", kind="bag"),
        *(h.ParcelLoaded(manifest=name, waybill=one, unit=f"u{name}") for one in waybills),
    ]
    if signed:
        facts += [
            h.UnitClosed(manifest=name, unit=f"u{name}", count=1, expected_g=520, gross_g=521),
            h.ManifestClosed(manifest=name, count=len(waybills), gross_g=0),
            h.ManifestSigned(manifest=name, count=len(waybills), signature="ab"),
        ]
    return m.fold(facts, {})


def test_parcels_go_by_service_and_what_went_stays_gone() -> None:
    packed = [session("A-1", "YW1"), session("A-2", "YW2", 90)]
    assert loads(packed, {}) == (Load("yanwen", "line", {"YW1": 520, "YW2": 90}),)
    gone = listed("M1", "YW1", signed=True)
    assert loads(packed, gone) == (Load("yanwen", "line", {"YW2": 90}),)
    begun = listed("M2", "YW2", signed=False)
    assert loads(packed, {**gone, **begun}) == (
        Load("yanwen", "line", {"YW2": 90}, "MF-261123-M2"),
    )
    unstuck = replace(packed[0], parcels=(replace(packed[0].parcels[0], applied=False),))
    assert loads([unstuck], {}) == ()


def test_the_figures_count_what_was_signed_for() -> None:
    lists = {**listed("M1", "YW1", "YW2", signed=True), **listed("M2", "YW3", signed=False)}
    assert figures(lists) == {
        "lists": 1,
        "signed": 1,
        "parcels": 2,
        "bags": 1,
        "weighed": 1,
        "services": ["yanwen/line"],
    }
    assert figures({})["parcels"] == 0
