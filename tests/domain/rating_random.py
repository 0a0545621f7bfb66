"""Tariffs and shipments drawn at random, with everything that a tariff may hold."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from packstation.domain.errors import InputInvalid
from packstation.domain.records import decode_one
from packstation.domain.shipments import Shipment
from packstation.domain.tariffs import Tariff

Raw = dict[str, Any]

COUNTRIES = ("RU", "US", "DE")
POSTCODES = ("", "420111", "42 0112", "690001", "101000", "10001", "4", "69115")
PREFIXES = ("4", "42", "4201", "69", "10", "420111")
RANGES = (("400000", "499999"), ("420000", "420111"), ("10000", "20000"))
CURRENCIES = ("CNY", "CNY", "CNY", "USD", "EUR", "JPY")
OPTIONS = ("signature", "insurance")
CLASSES = ("liquid", "food")
BATTERIES = ("none", "built_in", "packed_with", "alone")


def tariff(chance: Random) -> Tariff:
    """One that may be read; what contradicts itself is drawn anew."""
    while True:
        try:
            return decode_one(raw_tariff(chance), Tariff)
        except InputInvalid:
            continue


def raw_tariff(chance: Random) -> Raw:
    """A draft of a tariff, mostly a good one."""
    measure = chance.choice(("g", "g", "g", "lb", "unit"))
    inches = chance.choice(("mm", "in")) if measure == "lb" else "mm"
    units = Units(chance, measure, inches)
    zones = [
        {"code": code, "match": matches(chance)} for code in ("A", "B")[: chance.randint(1, 2)]
    ]
    return {
        "carrier": chance.choice("pq"),
        "service": chance.choice("stuvw"),
        "currency": chance.choice(CURRENCIES),
        "version": chance.choice(("1", "2")),
        "valid_from": chance.choice((*["2025-01-01"] * 5, "2026-11-01", "2026-12-01")),
        "valid_to": chance.choice((*[None] * 6, "2026-12-31", "2026-11-20")),
        "limits": units.limits(),
        "gates": gates(chance),
        "billable": units.billable(),
        "zones": zones,
        "not_served": matches(chance) if chance.random() < 0.1 else [],
        "combine": chance.choice(("slab", "slab", "graduated")),
        "bands": [band for zone in zones for band in units.bands(str(zone["code"]))],
        "fees": [units.fee(at) for at in range(chance.randint(0, 3))],
        "rounding": {
            "per": chance.choice(("total", "total", "line")),
            "mode": chance.choice(("half_up", "up", "even")),
            "quantum": chance.choice(
                ("0.01", "0.01", "0.1", "1", "0.05", "0.001", "5", *["0.01"] * 9, "0.0000005")
            ),
        },
        "promise": {
            "min_days": chance.choice((None, 2)),
            "max_days": chance.choice((None, 5, 10)),
            "unit": chance.choice(("calendar", "business")),
        },
    }


def matches(chance: Random) -> list[Raw]:
    found = []
    for _ in range(chance.randint(1, 2)):
        one: Raw = {}
        if chance.random() < 0.6:
            one["countries"] = chance.sample(COUNTRIES, chance.randint(1, 3))
        if chance.random() < 0.3:
            one["postcode_prefixes"] = chance.sample(PREFIXES, chance.randint(1, 3))
        if chance.random() < 0.2:
            one["postcode_ranges"] = chance.sample(RANGES, chance.randint(1, 2))
        found.append(one)
    return found


def gates(chance: Random) -> Raw:
    found: Raw = {}
    if chance.random() < 0.3:
        low = chance.choice((None, "1", "5.5"))
        high = chance.choice((None, "10", "100"))
        found["declared_value"] = {"currency": chance.choice(CURRENCIES), "min": low, "max": high}
    if chance.random() < 0.3:
        found["battery"] = chance.sample(BATTERIES, chance.randint(0, 4))
    if chance.random() < 0.2:
        found["refused_classes"] = chance.sample(CLASSES, 1)
    if chance.random() < 0.1:
        found["needs"] = ["phone"]
    return found


class Units:
    """Draws keys in grams or pounds, millimetres or inches, or pieces."""

    def __init__(self, chance: Random, measure: str, inches: str) -> None:
        self.chance, self.measure, self.side = chance, measure, inches
        self.mass = "lb" if measure == "lb" else "g"
        self.cube = "in3" if inches == "in" else "cm3"

    def weight(self) -> str:
        values = ("0.5", "1", "2.5", "7", "20") if self.mass == "lb" else GRAMS
        return self.chance.choice(values)

    def length(self) -> str:
        values = ("4", "8.5", "12", "20") if self.side == "in" else ("100", "200", "300.5", "450")
        return self.chance.choice(values)

    def volume(self) -> str:
        return self.chance.choice(("100", "1000", "27000"))

    def limits(self, depth: int = 0) -> Raw:
        found: Raw = {}
        drawn: dict[str, Callable[[], object]] = {
            f"weight_max_{self.mass}": self.weight,
            f"weight_min_{self.mass}": self.weight,
            f"longest_max_{self.side}": self.length,
            f"sum3_max_{self.side}": lambda: str(3 * float(self.length())),
            f"girth_max_{self.side}": lambda: str(4 * float(self.length())),
            f"two_largest_sum_max_{self.side}": lambda: str(2 * float(self.length())),
            f"volume_max_{self.cube}": self.volume,
            f"sides_max_{self.side}": lambda: [self.length() for _ in range(3)],
            f"sides_min_{self.side}": lambda: ["1", "1"],
        }
        for key, draw in drawn.items():
            if self.chance.random() < 0.05:
                found[key] = draw()
        if self.chance.random() < 0.2:
            stems = ("length_min", "length_max", "length_plus_2d_min", "length_plus_2d_max")
            found["roll"] = {
                f"{stem}_{self.side}": self.length() for stem in stems if self.chance.random() < 0.3
            }
        if depth < 2 and self.chance.random() < 0.15:
            found["any_of"] = [self.limits(depth + 1) for _ in range(self.chance.randint(1, 2))]
        return found

    def when(self, depth: int = 0) -> Raw:
        found: Raw = {}
        drawn: dict[str, Callable[[], object]] = {
            f"any_side_ge_{self.side}": self.length,
            f"longest_gt_{self.side}": self.length,
            f"sides_gt_{self.side}": lambda: [
                self.length() for _ in range(self.chance.randint(1, 3))
            ],
            f"sum3_gt_{self.side}": self.length,
            f"volume_gt_{self.cube}": self.volume,
            "volumetric_gt_actual_ratio": lambda: self.chance.choice(("1", "1.5")),
            f"weight_gt_{self.mass}": self.weight,
            f"girth_gt_{self.side}": self.length,
            "countries": lambda: self.chance.sample(COUNTRIES, 2),
            "postcode_prefixes": lambda: self.chance.sample(PREFIXES, 2),
            "options": lambda: self.chance.sample(OPTIONS, 1),
            "date_from": lambda: self.chance.choice(("2026-11-20", "2026-11-22")),
            "date_to": lambda: self.chance.choice(("2026-11-22", "2026-11-23")),
        }
        for key, draw in drawn.items():
            if self.chance.random() < 0.09:
                found[key] = draw()
        for key in ("any_of", "none_of"):
            if depth < 2 and self.chance.random() < 0.12:
                found[key] = [self.when(depth + 1) for _ in range(self.chance.randint(1, 2))]
        return found

    def billable(self) -> Raw:
        chance = self.chance
        found: Raw = {
            "side_round": chance.choice(
                ("none", "none", "up_cm", "nearest_cm", "up_in", "nearest_in")
            )
        }
        if chance.random() < 0.2:
            found[f"side_min_{self.side}"] = chance.choice((self.length(), "0.0005"))
        found["per"] = chance.choice(("parcel", "parcel", "parcel", "consignment"))
        if self.measure == "unit":
            return {**found, f"unit_{self.cube}": self.volume()}
        modes = ("actual", "volumetric", "max", "share", "volumetric_if")
        found["mode"] = chance.choice(modes[: 4 + (found["per"] == "parcel")])
        divisor = "divisor_in3_per_lb" if self.mass == "lb" else "divisor_cm3_per_kg"
        if self.mass == "g" or self.side == "in":
            found[divisor] = chance.choice(("139", "166")) if self.mass == "lb" else "6000"
        elif found["mode"] != "actual":
            found["mode"] = "actual"
        if found["mode"] == "share":
            found["share"] = chance.choice(("0", "0.5", "0.37", "1"))
        if chance.random() < 0.2:
            found["waive_below_ratio"] = chance.choice(("0", "1.2", "2"))
        if chance.random() < 0.5:
            found["when"] = self.when()
        if chance.random() < 0.3:
            found[f"min_{self.mass}"] = self.weight()
        if chance.random() < 0.6:
            found[f"step_{self.mass}"] = chance.choice(
                ("0.5", "1", "0.1") if self.mass == "lb" else ("1", "10", "500", "0.3")
            )
        return found

    def bands(self, zone: str) -> list[Raw]:
        chance = self.chance
        unit = "units" if self.measure == "unit" else self.mass
        pool = {
            "units": (1, 2, 3, 5, 9),
            "lb": (1, 2, 5, 10, 20),
            "g": (100, 500, 1000, 1500, 5000),
        }
        edges = sorted(chance.sample(pool[unit], chance.randint(0, 3)))
        found, over = [], 0
        for at in range(len(edges) + 1):
            end = edges[at] if at < len(edges) else None
            band: Raw = {"zone": zone, f"over_{unit}": over, "price": self.price()}
            if end is not None:
                band[f"up_to_{unit}"] = end
            if self.measure != "unit" and chance.random() < 0.2:
                band[f"min_billable_{self.mass}"] = self.weight()
            if chance.random() < 0.15:
                band["limits"] = self.limits()
            if chance.random() < 0.9:
                found.append(band)
            over = max((end or 0) - (chance.random() < 0.1), 0)
        if not found:
            found.append({"zone": zone, "price": {"kind": "flat", "amount": "7"}})
        chance.shuffle(found)
        return found

    def price(self) -> Raw:
        chance = self.chance
        money = ("0", "1.9", "12", "4.35", "0.333")
        kinds = (
            ("flat", "per_unit") if self.measure == "unit" else ("flat", "linear", "linear", "step")
        )
        kind = chance.choice(kinds)
        if kind in {"flat", "per_unit"}:
            return {"kind": kind, "amount": chance.choice(money)}
        if kind == "linear":
            each = "per_lb" if self.mass == "lb" else chance.choice(("per_kg", "per_g"))
            found = {
                "kind": kind,
                "fixed": chance.choice(money),
                each: chance.choice(("0.065", "2.5", "98")),
            }
            if chance.random() < 0.3:
                found["on"] = "excess"
                if chance.random() < 0.5:
                    found[f"over_{self.mass}"] = self.weight()
            return found
        weights = sorted({self.weight() for _ in range(3)}, key=float)
        tiers: list[Raw] = [
            {
                f"step_{self.mass}": self.weight(),
                "fee": chance.choice(money),
                f"up_to_{self.mass}": end,
            }
            for end in weights
        ]
        if chance.random() < 0.6:
            tiers.append({f"step_{self.mass}": self.weight(), "fee": "1.5"})
        first = chance.choice((self.weight(), "0"))
        return {"kind": kind, f"first_{self.mass}": first, "first": "4.35", "tiers": tiers}

    def fee(self, at: int) -> Raw:
        chance = self.chance
        by_billed = {"g": "per_kg", "lb": "per_lb", "unit": "per_unit"}[self.measure]
        found: Raw = {
            "code": chance.choice((f"fee{at}", "fuel")),
            "kind": chance.choice(("fixed", "percent", "percent", by_billed, "per_piece")),
            "amount": chance.choice(("3", "12.5", "0.07", "-2", "-150")),
            "base": chance.sample(("freight", "fee0", "fuel"), chance.randint(1, 2)),
        }
        if chance.random() < 0.25:
            found["min"] = chance.choice(("0", "2.5", "-1"))
        if chance.random() < 0.25:
            found["max"] = chance.choice(("3", "30"))
        if chance.random() < 0.5:
            found["when"] = self.when()
        return found


GRAMS = ("99", "100", "250.5", "500", "1000", "2000", "5000")


def shipment(chance: Random) -> Shipment:
    count = chance.choice((1, 1, 1, 1, 1, 2))
    return decode_one(
        {
            "date": chance.choice((*["2026-11-21"] * 8, "2026-11-22", "2024-01-01")),
            "destination": {
                "country": chance.choice((*COUNTRIES, *COUNTRIES, "FR", "")),
                "postcode": chance.choice(POSTCODES),
            },
            "parcels": [parcel(chance) for _ in range(count)],
            "declared_value": chance.choice(
                (
                    None,
                    {
                        "amount": chance.choice(("5.5", "10", "99.99")),
                        "currency": chance.choice(CURRENCIES),
                    },
                )
            ),
            "goods": {
                "battery": chance.choice(("none", "none", *BATTERIES)),
                "classes": chance.sample(CLASSES, chance.choice((0, 0, 1, 2))),
            },
            "contacts": chance.choice(([], ["phone"])),
            "options": chance.sample(OPTIONS, chance.choice((*[0] * 6, 1))),
            "promise_days": chance.choice((None, None, 5, 8)),
            "rates": chance.choice(([], [rate("CNY", "USD", "0.14")], [rate("EUR", "CNY", "7.8")])),
        },
        Shipment,
    )


def rate(one: str, other: str, value: str) -> Raw:
    return {"from": one, "to": other, "rate": value, "on": "2026-11-20"}


def parcel(chance: Random) -> Raw:
    found: Raw = {
        "weight_g": chance.choice(
            (
                "1",
                "99",
                "100",
                "100.5",
                "101",
                "453.59237",
                "500",
                "501",
                "999",
                "1000",
                "1200",
                "2267.96185",
                "4999",
                "12000",
                "0.000001",
                "333.33333",
            )
        ),
        "shape": chance.choice(("box", "box", "box", "roll")),
    }
    if chance.random() < 0.9:
        for name in ("length_mm", "width_mm", "height_mm"):
            found[name] = chance.choice(
                ("10", "100", "101.6", "200", "254", "300", "305", "400", "500.5", "90.1234567"[:6])
            )
    return found
