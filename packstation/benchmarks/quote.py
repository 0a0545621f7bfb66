"""A parcel priced by 60 and by 100 services with full rule sets, and beside karrio's rate sheets.

The services are drawn from a seed: four zones of several countries, one with remote postcodes,
eight bands each (linear, flat, stepped; some graduated), four ways to bill weight, limits, gates,
five fees of which some are conditional and some bounded. Every parcel is another one. Plans work
out what a country, a band and a fee make when a parcel first needs it: ``first_ms`` is the first
parcel's time, ``run_in_us`` the mean of the parcels before those that are measured. Reference of
these rows: ``quotes.quote``,
which says in fractions what a tariff means. ``explain`` is what the lines of a quote cost when
they are looked at. The last row prices flat rows by country and weight, the most that a rate sheet
of karrio can hold, in both (quote_rows.py).
"""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from time import perf_counter_ns, thread_time_ns
from typing import Any, Final

from packstation.benchmarks.figures import Result, median, percentile
from packstation.benchmarks.quote_rows import rows
from packstation.domain.rating import Plans, quote
from packstation.domain.records import decode_one
from packstation.domain.shipments import Shipment
from packstation.domain.tariffs import Tariff

SEED: Final = 42
SERVICES: Final = (60, 100)
PARCELS: Final = 3_000
RUN_IN: Final = 2_000
QUICK: Final = 10
LAW: Final = 20
GOALS: Final[dict[int, dict[str, float]]] = {60: {"p50_us": 100}, 100: {"p99_us": 1000}}
_EDGES: Final = (0, 100, 250, 500, 1000, 2000, 5000, 10_000, 30_000)
_COUNTRIES: Final = (
    ("RU",),
    ("US", "CA", "MX"),
    ("DE", "FR", "PL", "IT"),
    ("GB", "BR", "JP", "KZ"),
)
_BILLABLE: Final[tuple[dict[str, Any], ...]] = (
    {"mode": "actual"},
    {"mode": "max", "divisor_cm3_per_kg": 6000, "step_g": 100},
    {"mode": "volumetric_if", "divisor_cm3_per_kg": 8000, "when": {"any_side_ge_mm": 400}},
    {"mode": "max", "divisor_cm3_per_kg": 5000, "side_round": "up_cm", "step_g": 500},
)


def service(number: int, chance: random.Random) -> Tariff:
    """One service with a full set of rules."""
    codes = [f"Z{at}" for at in range(len(_COUNTRIES))]
    zones = [
        {"code": code, "match": [{"countries": countries}]}
        for code, countries in zip(codes, _COUNTRIES, strict=True)
    ]
    remote = {"countries": ["RU"], "postcode_prefixes": ["68", "69", "677"]}
    zones.append({"code": "REMOTE", "match": [remote]})
    graduated = number % 10 == 9
    bands = [band for code in [*codes, "REMOTE"] for band in _bands(code, chance, flat=graduated)]
    raw = {
        "carrier": f"carrier-{number % 12:02}",
        "service": f"service-{number:03}",
        "currency": "CNY",
        "valid_from": "2025-01-01",
        "limits": {
            "weight_max_g": 30_000,
            "longest_max_mm": chance.choice((600, 1200, 1500)),
            "sum3_max_mm": chance.choice((900, 1500, 2500)),
        },
        "gates": {
            "battery": ["none", "built_in"],
            "refused_classes": ["liquid", "magnet"],
            "needs": ["phone"],
            "declared_value": {"currency": "CNY", "max": chance.choice(("1000", "5000"))},
        },
        "billable": _BILLABLE[number % len(_BILLABLE)],
        "zones": zones,
        "combine": "graduated" if graduated else "slab",
        "bands": bands,
        "fees": _fees(number, chance),
        "promise": {"min_days": 5, "max_days": chance.randint(8, 40)},
    }
    return decode_one(raw, Tariff)


def _bands(zone: str, chance: random.Random, *, flat: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for over, up_to in pairwise(_EDGES):
        amount = f"{over // 100 + chance.randint(8, 20)}.{chance.randint(0, 9)}"
        price: dict[str, Any] = {"kind": "flat", "amount": amount}
        if not flat:
            price = {"kind": "linear", "fixed": amount, "per_g": f"0.0{chance.randint(20, 99)}"}
        if not flat and over == 5000:
            tiers = [{"step_g": 500, "fee": "4.5"}]
            price = {"kind": "step", "first_g": 5000, "first": "300", "tiers": tiers}
        found.append({"zone": zone, "over_g": over, "up_to_g": up_to, "price": price})
    return found


def _fees(number: int, chance: random.Random) -> list[dict[str, Any]]:
    remote: dict[str, Any] = {"code": "remote", "kind": "per_kg", "amount": "2"}
    remote["when"] = {"postcode_prefixes": ["68", "69", "99"]}
    fuel: dict[str, Any] = {
        "code": "fuel",
        "kind": "percent",
        "amount": f"{chance.randint(5, 20)}.5",
    }
    if number % 5 == 0:
        remote["min"] = "20"
    if number % 6 == 0:
        fuel |= {"min": "1.5", "max": "60"}
    long = {"longest_gt_mm": chance.choice((450, 600, 1000))}
    return [
        {"code": "registration", "kind": "fixed", "amount": "3"},
        remote,
        {"code": "oversize", "kind": "fixed", "amount": "30", "when": long},
        {"code": "peak", "kind": "per_kg", "amount": "1", "when": {"date_from": "2026-11-15"}},
        fuel | {"base": ["freight", "remote"]},
    ]


def parcels(count: int, chance: random.Random) -> list[Shipment]:
    """Shipments of one parcel each."""
    return [_parcel(chance) for _ in range(count)]


def _parcel(chance: random.Random) -> Shipment:
    sides = {
        name: chance.randint(*range_)
        for name, range_ in {
            "length_mm": (100, 620),
            "width_mm": (80, 400),
            "height_mm": (20, 250),
        }.items()
    }
    country = chance.choice([one for group in _COUNTRIES for one in group])
    raw = {
        "date": "2026-11-21",
        "destination": {"country": country, "postcode": f"{chance.randint(100_000, 699_999)}"},
        "parcels": [{"weight_g": int(chance.lognormvariate(6.5, 1.0)) + 1, **sides}],
        "declared_value": {"amount": f"{chance.randint(10, 900)}.50", "currency": "CNY"},
        "contacts": ["phone", "email"],
    }
    return decode_one(raw, Shipment)


def measure(*, quick: bool = False) -> list[Result]:
    """A row for 60 services, one for 100, one beside karrio."""
    found = [_services(count, quick=quick) for count in SERVICES]
    return [*found, rows(timed, quick=quick)]


def _services(count: int, *, quick: bool) -> Result:
    chance = random.Random(SEED)
    tariffs = [service(number, chance) for number in range(count)]
    before = parcels(QUICK if quick else RUN_IN, chance)
    shipments = parcels(QUICK if quick else PARCELS, chance)
    begun = perf_counter_ns()
    plans = Plans(tariffs)
    compiled = perf_counter_ns()
    plans.quote(before[0])
    first = perf_counter_ns()
    for one in before:
        plans.quote(one)
    run_in = perf_counter_ns() - first
    clock, processor = timed(lambda at: plans.quote(shipments[at]), len(shipments))
    asked = min(QUICK if quick else LAW, len(shipments))
    law, _ = timed(lambda at: quote(shipments[at], tariffs), asked)
    answers = [plans.quote(one) for one in shipments[:asked]]
    lines = [one.lines for quotes, _ in answers for one in quotes]
    told, _ = timed(lambda at: len(lines[at]), len(lines))
    same = all(
        answer == quote(one, tariffs)
        for answer, one in zip(answers, shipments[:asked], strict=True)
    )
    return Result(
        name=f"quote, {count} services",
        figures={
            "p50_us": round(median(clock), 1),
            "p99_us": round(percentile(clock, 0.99), 1),
            "cpu_p50_us": round(median(processor), 1),
            "cpu_p99_us": round(percentile(processor, 0.99), 1),
            "explain_p50_us": round(median(told), 1),
            "first_ms": round((first - compiled) / 1e6, 2),
            "run_in_us": round(run_in / len(before) / 1000, 1),
            "compile_ms": round((compiled - begun) / 1e6, 2),
        },
        reference={"law_p50_us": round(median(law), 1)},
        ratio=round(median(clock) / median(law), 5),
        goal=GOALS[count],
        note="reference: the same answers in fractions (quotes.quote), lines included",
        shape={
            "parcels": len(shipments),
            "priced": round(sum(len(one[0]) for one in answers) / len(answers), 1),
            "same_as_the_law": same,
            "seed": SEED,
        },
    )


def timed(work: Callable[[int], object], turns: int) -> tuple[Sequence[float], Sequence[float]]:
    """Microseconds of each turn by the clock and of the processor; the collector rests."""
    clock, processor = [], []
    gc.collect()
    gc.disable()
    try:
        for at in range(turns):
            begun, used = perf_counter_ns(), thread_time_ns()
            work(at)
            processor.append((thread_time_ns() - used) / 1000)
            clock.append((perf_counter_ns() - begun) / 1000)
    finally:
        gc.enable()
    return clock, processor
