"""Prices from plans are those of the law, whatever the tariff and the parcel."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.domain.orders import Rate
from packstation.domain.rating import Plans, plans, quote, to_json
from packstation.domain.rating.plan import Lines
from packstation.domain.rating.prices import NoBand
from packstation.domain.rating.quotes import explain
from packstation.domain.rating.whole import zoning
from packstation.domain.shipments import Shipment
from packstation.domain.tariffs import Tariff
from tests.domain import rating_random as drawn
from tests.domain.rating_samples import shipment, tariff

RATES = (Rate(from_="USD", to="CNY", rate=Decimal("7.1"), on="2026-11-20"),)


def said(tariffs: list[Tariff], shipments: list[Shipment]) -> tuple[list[object], list[object]]:
    """What the law says, and what plans say, as public answers."""
    made = Plans(tariffs, RATES)
    both = [(quote(what, tariffs, RATES), made.quote(what)) for what in shipments]
    assert all(fast == law for law, fast in both)
    return [to_json(*law) for law, _ in both], [to_json(*fast) for _, fast in both]


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_plans_say_what_the_law_says(seed: int) -> None:
    chance = Random(seed)
    tariffs = [drawn.tariff(chance) for _ in range(chance.randint(1, 8))]
    law, fast = said(tariffs, [drawn.shipment(chance) for _ in range(6)])
    assert fast == law


@pytest.mark.parametrize("start", range(0, 160, 20))
def test_the_same_for_the_same_seeds_always(start: int) -> None:
    for seed in range(start, start + 20):
        chance = Random(seed)
        tariffs = [drawn.tariff(chance) for _ in range(6)]
        law, fast = said(tariffs, [drawn.shipment(chance) for _ in range(5)])
        assert fast == law


def test_lines_are_worked_out_when_they_are_looked_at() -> None:
    one, what = tariff(), shipment((10,))
    law, fast = quote(what, [one])[0][0], Plans([one]).quote(what)[0][0]
    lines = cast("Lines", fast.lines)
    assert lines.made is None
    assert lines == law.lines
    assert law.lines == lines
    assert lines.told() is lines.told()
    assert Plans([one]).quote(what)[0][0].lines == lines
    assert lines != ()
    assert len(lines) == 1
    assert lines[0] == lines[-1] == law.lines[0]
    assert lines[:1] == law.lines
    assert hash(lines) == hash(law.lines)
    assert repr(lines) == repr(law.lines)


def test_a_price_that_is_none_has_no_lines() -> None:
    with pytest.raises(NoBand, match="not served"):
        explain(tariff(), shipment((10,), destination={"country": "DE"}))
    with pytest.raises(NoBand):
        explain(tariff(bands=[{**BAND, "up_to_g": 5}]), shipment((10,)))


BAND = {"zone": "RU", "price": {"kind": "flat", "amount": "10"}}
MIXED = [
    {
        "code": "RU",
        "match": [
            {
                "countries": ["RU"],
                "postcode_prefixes": ["4"],
                "postcode_ranges": [["420000", "429999"]],
            }
        ],
    }
]


def test_what_is_kept_of_postcodes_and_lanes_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoning, "_KEPT", 2)
    one = tariff(zones=MIXED)
    made = Plans([one])
    for postcode in ("420111", "430000", "429999", "420111", "1"):
        what = shipment((10,), destination={"country": "RU", "postcode": postcode})
        assert made.quote(what) == quote(what, [one])
    monkeypatch.setattr(plans, "_KEPT_LANES", 2)
    for promise in (None, 3, 5, 7, None):
        what = shipment((10,), promise_days=promise)
        assert made.quote(what) == quote(what, [one])


def test_a_price_of_very_many_digits() -> None:
    one = tariff({"kind": "linear", "per_g": "123456789012345678"}, rounding={"quantum": "0.01"})
    for grams in (1, 1_000_000_000):
        law, fast = said([one], [shipment((grams,))])
        assert fast == law
