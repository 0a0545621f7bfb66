"""Tariffs that contradict themselves are refused by the name of the key."""

from __future__ import annotations

import pytest

from packstation.domain.errors import InputInvalid
from tests.domain.rating_samples import Raw, tariff

FLAT: Raw = {"kind": "flat", "amount": "10"}
EACH: Raw = {"kind": "per_unit", "amount": "35"}
BAND: Raw = {"zone": "RU", "price": FLAT}


def bands(**keys: object) -> Raw:
    return {"bands": [{**BAND, **keys}]}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"limits": {"weight_max_g": 1, "weight_max_lb": 1}}, "limits.weight_max_lb"),
        ({"limits": {"longest_max_mm": 1, "longest_max_in": 1}}, "limits.longest_max_in"),
        ({"limits": {"sides_max_mm": [1], "sides_max_in": [1]}}, "limits.sides_max_in"),
        ({"limits": {"sides_max_mm": [4, 3, 2, 1]}}, "limits.sides_max_mm"),
        ({"limits": {"volume_max_cm3": 1, "volume_max_in3": 1}}, "limits.volume_max_in3"),
        (
            {"limits": {"weight_max_lb": 1, "any_of": [{"weight_max_g": 1}]}},
            "limits.any_of[0].weight_max_g",
        ),
        ({"limits": {"longest_max_in": 1, "sum3_max_mm": 1}}, "limits.sum3_max_mm"),
        ({"limits": {"weight_min_g": 2, "weight_max_g": 1}}, "limits.weight_max_g"),
        (
            {"limits": {"roll": {"length_min_in": 2, "length_max_in": 1}}},
            "limits.roll.length_max_in",
        ),
        ({"limits": {"weight_max_lb": 3}, **bands(up_to_g=1)}, "bands[0].up_to_g"),
        (
            {"billable": {"mode": "max", "divisor_in3_per_lb": 1, "divisor_cm3_per_kg": 1}},
            "billable.divisor_in3_per_lb",
        ),
        ({"billable": {"mode": "max", "divisor_in3_per_lb": 0}}, "billable.divisor_in3_per_lb"),
        ({"billable": {"mode": "max", "divisor_in3_per_lb": 1, "step_g": 1}}, "billable.step_g"),
        ({"billable": {"mode": "max", "unit_cm3": 1}}, "billable.mode"),
        ({"billable": {"unit_cm3": 1, "unit_in3": 1}}, "billable.unit_in3"),
        ({"billable": {"unit_cm3": 1, "step_g": 500}}, "billable.step_g"),
        ({"billable": {"unit_cm3": 1, "min_lb": 1}}, "billable.min_lb"),
        ({"billable": {"unit_cm3": 1, "divisor_cm3_per_kg": 1}}, "billable.divisor_cm3_per_kg"),
        ({"billable": {"unit_cm3": 0}}, "billable.unit_cm3"),
        ({"billable": {"unit_cm3": 1}, **bands(up_to_g=1)}, "bands[0].up_to_units"),
        (
            {"billable": {"unit_cm3": 1}, **bands(price={"kind": "linear", "per_g": 1})},
            "bands[0].price.kind",
        ),
        (
            {"billable": {"unit_cm3": 1}, "fees": [{"code": "a", "kind": "per_kg", "amount": 1}]},
            "fees[0].kind",
        ),
        ({"fees": [{"code": "a", "kind": "per_unit", "amount": 1}]}, "fees[0].kind"),
        ({"fees": [{"code": "a", "kind": "per_lb", "amount": 1}]}, "fees[0].kind"),
        (
            {
                "fees": [{"code": "a", "kind": "per_kg", "amount": 1}],
                "limits": {"weight_max_lb": 1},
            },
            "fees[0].kind",
        ),
        (
            {"fees": [{"code": "a", "kind": "fixed", "amount": 1, "min": 2, "max": 1}]},
            "fees[0].max",
        ),
        (bands(price=EACH), "bands[0].price.kind"),
        (bands(up_to_units=2), "bands[0].up_to_units"),
        (bands(up_to_units=2, over_g=1), "bands[0].over_g"),
        (bands(over_units=2, price={"kind": "linear", "per_g": 1}), "bands[0].price"),
        (bands(price=EACH, up_to_lb=1), "bands[0].up_to_lb"),
        (bands(over_g=2, up_to_g=2), "bands[0].up_to_g"),
        (bands(over_lb=2, up_to_lb=1), "bands[0].up_to_lb"),
        (bands(over_units=2, up_to_units=1), "bands[0].up_to_units"),
        (bands(over_g=1, over_lb=2), "bands[0].over_lb"),
        ({"bands": [{"zone": "RU"}]}, "bands[0].price"),
        (bands(price={"kind": "linear", "per_g": 1, "per_lb": 1}), "bands[0].price.per_lb"),
        (bands(price={"kind": "linear", "per_g": 1, "per_kg": 1}), "bands[0].price.per_kg"),
        (bands(price={"kind": "step", "first": 1}), "bands[0].price.first_g"),
        (
            bands(price={"kind": "step", "first_g": 1, "first": 1, "tiers": [{"fee": 1}]}),
            "bands[0].price.tiers[0].step_g",
        ),
        (
            bands(
                price={
                    "kind": "step",
                    "first_g": 1,
                    "first": 1,
                    "tiers": [{"fee": 1, "step_g": 1}] * 2,
                }
            ),
            "bands[0].price.tiers",
        ),
        (
            bands(
                price={
                    "kind": "step",
                    "first_g": 1,
                    "first": 1,
                    "tiers": [{"fee": 1, "step_g": 1, "up_to_g": 5}] * 2,
                }
            ),
            "bands[0].price.tiers",
        ),
        ({"zones": [{"code": "RU"}, {"code": "RU"}]}, "zones[1].code"),
        ({"valid_from": "2026-01-02", "valid_to": "2026-01-01"}, "valid_to"),
        ({"promise": {"min_days": 3, "max_days": 2}}, "promise.max_days"),
        (
            {"gates": {"declared_value": {"currency": "USD", "min": 2, "max": 1}}},
            "gates.declared_value.max",
        ),
        (
            {"billable": {"when": {"date_from": "2026-01-02", "date_to": "2026-01-01"}}},
            "billable.when.date_to",
        ),
    ],
)
def test_what_contradicts_itself_is_refused_by_name(changes: Raw, path: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        tariff(**changes)
    assert refused.value.fields["path"] == path
    assert refused.value.fields["allowed"]


def test_nothing_is_the_same_in_every_unit() -> None:
    rows = [{"zone": "RU", "over_g": 0, "up_to_lb": 1, "price": FLAT}]
    assert tariff(bands=rows, billable={"min_g": 0}).measure == "lb"
    assert tariff(EACH, billable={"unit_cm3": 1, "min_g": 0, "step_g": 1}).measure == "unit"
    assert tariff(limits={"weight_max_lb": 2, "longest_max_mm": 3}).measure == "lb"
