"""The seam to carriers: what is not offered is refused by name, reasons come from one table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest

from packstation.domain.carriers import (
    REASONS,
    BuyRequest,
    Capabilities,
    Capability,
    LabelFile,
    LabelWanted,
    ManifestAsked,
    Partly,
    charged,
    refused,
)
from packstation.domain.errors import LabelRefused
from packstation.domain.shipments import Place, Shipment, ShipmentParcel

NOBODY = Partly()
BUY = BuyRequest(key="p/1", parcel="p", carrier="c", service="s")
SHIPMENT = Shipment(
    date=date(2026, 11, 23),
    destination=Place(country="DE"),
    parcels=(ShipmentParcel(weight_g=Decimal(1)),),
)
FILE = LabelFile(content=b"", media="application/pdf")


@pytest.mark.parametrize(
    ("what", "key", "call"),
    [
        ("buy", "p/1", lambda: NOBODY.buy(BUY)),
        ("find", "p/1", lambda: NOBODY.find("p/1")),
        ("label", "p/1", lambda: NOBODY.label("p/1", LabelWanted())),
        ("void", "p/1", lambda: NOBODY.void("p/1")),
        ("rate", "", lambda: NOBODY.quote(SHIPMENT)),
        ("track", "", lambda: NOBODY.track(("RR1",))),
        (
            "manifest",
            "m/1",
            lambda: NOBODY.manifest(ManifestAsked(key="m/1", service="s", waybills=())),
        ),
        ("paperless", "p/1", lambda: NOBODY.submit_papers("p/1", "invoice", FILE)),
        ("intercept", "p/1", lambda: NOBODY.intercept("p/1", "return")),
    ],
)
def test_what_is_not_offered_is_refused_by_name(
    what: str, key: str, call: Callable[[], object]
) -> None:
    with pytest.raises(LabelRefused) as caught:
        call()
    assert caught.value.fields == {"label_key": key, "reason": "not_offered", "detail": what}


def test_capabilities_are_asked_by_their_names() -> None:
    some = Capabilities(void=True)
    assert [name for name in get_args(Capability) if some.can(name)] == ["buy", "void"]


def test_a_reason_is_of_the_table_and_the_carriers_words_are_kept() -> None:
    assert refused("p/1", "weight", "31 kg").fields["reason"] == "weight"
    strange = refused("p/1", "ERR-77", "x" * 900)
    assert strange.fields["reason"] == "carrier"
    assert str(strange.fields["detail"]).startswith("ERR-77: xxx")
    assert len(str(strange.fields["detail"])) == 500
    assert refused("p/1", "ERR-77").fields["detail"] == "ERR-77"
    assert "carrier" in REASONS


@pytest.mark.parametrize("amount", ["", "-1", "NaN", "Infinity", "1e400", "ten"])
def test_a_price_that_is_none_is_none(amount: str) -> None:
    assert charged(amount, "CNY") is None


def test_a_price_is_exact() -> None:
    found = charged("12.30", "CNY")
    assert found is not None
    assert (str(found.amount), found.currency) == ("12.30", "CNY")
    assert charged("12.30", "ZZZ") is None
