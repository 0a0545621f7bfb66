"""Flat rows by country and weight, priced here and by karrio's rate sheets in a process of its own.

karrio (LGPL) is installed for the measurement only, with its undeclared jinja2, into a virtual
environment that is thrown away, from the registry that pip is set up for. It switches off the
checking of certificates for its whole process, which is why it is imported in no process of ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from packstation.benchmarks.figures import Result, median, percentile
from packstation.domain.rating import Plans, quote
from packstation.domain.records import decode_one
from packstation.domain.shipments import Shipment
from packstation.domain.tariffs import Tariff

Timed = Callable[[Callable[[int], object], int], tuple[Sequence[float], Sequence[float]]]

PACKAGES: Final = ("karrio==2026.1.32", "karrio-generic==2026.1.32", "jinja2")
SERVICES: Final = 60
COUNTRIES: Final = ("RU", "US", "DE", "GB", "BR", "JP", "FR", "KZ", "BY", "PL")
BANDS: Final = 30
PARCELS: Final = 60
QUICK: Final = 3
# Of ours for each of karrio's.
TURNS: Final = 20
# As many times as ours may take of karrio's.
GOAL: Final = 1 / 500
PATIENCE_S: Final = 600

# Asked by lines of JSON: the services with their rows, then parcels, each when it is its turn.
CHILD: Final = """
import json, sys, time
services = json.loads(sys.stdin.readline())
import karrio.sdk as karrio
import karrio.core.models as models
gateway = karrio.gateway["generic"].create({
    "display_name": "rows", "custom_carrier_name": "rows", "account_country_code": "CN",
    "services": services,
})
for line in sys.stdin:
    parcel = json.loads(line)
    request = models.RateRequest(
        shipper=models.Address(country_code="CN"),
        recipient=models.Address(country_code=parcel["country"]),
        parcels=[models.Parcel(weight=parcel["kg"], weight_unit="KG")],
    )
    begun = time.perf_counter_ns()
    rates, _ = karrio.Rating.fetch(request).from_(gateway).parse()
    taken = (time.perf_counter_ns() - begun) / 1000
    prices = {rate.service: rate.total_charge for rate in rates}
    print(json.dumps({"us": taken, "prices": prices}), flush=True)
"""


class NotMeasured(Exception):
    """karrio could not be installed or started; says why."""


def amount(service: int, country: int, band: int) -> int:
    """The price of a row."""
    return 10 + service + 3 * country + 2 * band


def tariffs() -> list[Tariff]:
    """The rows as tariffs: bands of a kilogram by country."""
    found = []
    for number in range(SERVICES):
        bands = [
            {
                "zone": country,
                "over_g": band * 1000,
                "up_to_g": band * 1000 + 1000,
                "price": {"kind": "flat", "amount": amount(number, at, band)},
            }
            for at, country in enumerate(COUNTRIES)
            for band in range(BANDS)
        ]
        zones = [{"code": country, "match": [{"countries": [country]}]} for country in COUNTRIES]
        raw = {
            "carrier": "rows",
            "service": f"s{number:02}",
            "currency": "CNY",
            "valid_from": "2025-01-01",
            "zones": zones,
            "bands": bands,
        }
        found.append(decode_one(raw, Tariff))
    return found


def sheets() -> list[dict[str, Any]]:
    """The same rows as services of karrio."""
    return [
        {
            "service_name": f"s{number:02}",
            "service_code": f"s{number:02}",
            "currency": "CNY",
            "weight_unit": "KG",
            "zones": [
                {
                    "label": f"{country}-{band}",
                    "country_codes": [country],
                    "min_weight": float(band),
                    "max_weight": float(band + 1),
                    "rate": float(amount(number, at, band)),
                }
                for at, country in enumerate(COUNTRIES)
                for band in range(BANDS)
            ],
        }
        for number in range(SERVICES)
    ]


def parcels(count: int) -> list[dict[str, Any]]:
    """Parcels inside of the bands: what exactly a kilogram costs the two do not agree on."""
    return [
        {"country": COUNTRIES[at % len(COUNTRIES)], "kg": at * 7 % BANDS + 0.5}
        for at in range(count)
    ]


def rows(timed: Timed, *, quick: bool) -> Result:
    """The row of the table; karrio is not asked in a quick run."""
    asked, ours = parcels(QUICK if quick else PARCELS), tariffs()
    shipments = [_shipment(one) for one in asked]
    plans = Plans(ours)
    for one in shipments:
        plans.quote(one)
    clock: list[float] = []

    def turn(at: int) -> None:
        clock.extend(timed(lambda _: plans.quote(shipments[at]), TURNS)[0])

    answers, note = [], "karrio is not asked in a quick run"
    try:
        answers = [] if quick else asked_of_karrio(asked, turn)
    except NotMeasured as exc:
        note = f"karrio was not measured: {exc}"
    shape: dict[str, Any] = {"services": SERVICES, "rows": len(COUNTRIES) * BANDS}
    if not answers:
        clock.clear()
        for at in range(len(shipments)):
            turn(at)
        law, _ = timed(lambda at: quote(shipments[at], ours), min(5, len(shipments)))
        return _row(clock, "law", law, {}, note, shape)
    shape["differing"] = sum(
        _ours(plans, one) != answer["prices"]
        for one, answer in zip(shipments, answers, strict=True)
    )
    note = f"by turns with {PACKAGES[0]}, its rate sheet with the same rows, in its own process"
    theirs = [answer["us"] for answer in answers]
    return _row(clock, "karrio", theirs, {"ratio": GOAL}, note, shape)


def _row(
    clock: Sequence[float],
    of: str,
    theirs: Sequence[float],
    goal: dict[str, float],
    note: str,
    shape: dict[str, Any],
) -> Result:
    reference = {
        f"{of}_p50_us": round(median(theirs), 1),
        f"{of}_p99_us": round(percentile(theirs, 0.99), 1),
    }
    figures = {"p50_us": round(median(clock), 1), "p99_us": round(percentile(clock, 0.99), 1)}
    ratio = round(median(clock) / median(theirs), 6)
    return Result("quote, flat rows", figures, reference, ratio, goal, note, shape)


def _shipment(parcel: dict[str, Any]) -> Shipment:
    raw = {
        "date": "2026-11-21",
        "destination": {"country": parcel["country"]},
        "parcels": [{"weight_g": int(parcel["kg"] * 1000)}],
    }
    return decode_one(raw, Shipment)


def _ours(plans: Plans, shipment: Shipment) -> dict[str, float]:
    return {one.service: float(one.amount) for one in plans.quote(shipment)[0]}


def asked_of_karrio(
    asked: Sequence[dict[str, Any]], turn: Callable[[int], None]
) -> list[dict[str, Any]]:
    """Its time in microseconds and its prices for each parcel; ``turn`` is ours after each.

    Raises:
        NotMeasured: it could not be installed or started.
    """
    if getattr(sys, "frozen", False):
        raise NotMeasured("the installed program carries no interpreter to start")
    with tempfile.TemporaryDirectory(prefix="packstation-quote-") as name:
        python = Path(name) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        _done([sys.executable, "-m", "venv", name])
        _done([str(python), "-m", "pip", "install", "--quiet", *PACKAGES])
        with (Path(name) / "complaints.log").open("w", encoding="utf-8") as complaints:
            child = subprocess.Popen(
                [str(python), "-c", CHILD],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                encoding="utf-8",
            )
        with child:
            return list(_conversation(child, asked, turn))


def _conversation(
    child: subprocess.Popen[str], asked: Sequence[dict[str, Any]], turn: Callable[[int], None]
) -> Iterator[dict[str, Any]]:
    told, heard = child.stdin, child.stdout
    if told is None or heard is None:
        raise NotMeasured("no pipes")
    try:
        print(json.dumps(sheets()), file=told, flush=True)
        # The first answer comes after all of its plug-ins; it is asked once more.
        for at, one in enumerate([asked[0], *asked], -1):
            print(json.dumps(one), file=told, flush=True)
            line = heard.readline()
            if not line:
                raise NotMeasured("it ended without an answer")
            if at >= 0:
                yield json.loads(line)
                turn(at)
        told.close()
    except (OSError, ValueError) as exc:
        raise NotMeasured(f"{exc}") from exc
    finally:
        child.kill()


def _done(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise NotMeasured(f"{Path(command[0]).name}: {exc}") from exc
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise NotMeasured(f"exit status {done.returncode}: {last}")
