"""The worked examples of published tariffs, through the command, to the cent or the refusal.

Rows are those of the table of published tariff data that the shipped examples were taken from
(docs/tariffs.md): China Post, Ozon UNI, DHL Paket, Parcelforce, and the rules of volume.
"""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from msgspec import Struct

from packstation.assets import resource
from tests.cli.terminal import packstation


class Row(Struct, frozen=True):
    """A line of the table: ``parcel`` is "grams LxWxH in mm"; ``total`` or else ``refused``."""

    number: str
    service: str
    parcel: str
    total: str = ""
    refused: str = ""
    billed: str = ""
    value: str = "200.00 RUB"
    battery: str = "none"
    options: tuple[str, ...] = ()
    country: str = "RU"


PUDO: Final = "chinapost/pudo-standard"
PARCEL: Final = "chinapost/e-parcel-discount"
EMS: Final = "chinapost/ems-e-express"
ZONE_5: Final = "parcelforce/standard-zone-5"

ROWS: Final = (
    Row("1", PUDO, "333 300x200x100", "23.55 CNY"),
    Row("2", "chinapost/pudo-economy", "333 300x200x100", "10.56 CNY"),
    Row("3", PUDO, "501 300x200x100", refused="weight"),
    Row("4", PUDO, "200 400x300x210", refused="size"),
    Row("5", PUDO, "200 300x200x100", refused="battery", battery="built_in"),
    Row("6", PUDO, "200 300x200x100", refused="value", value="1501 RUB"),
    Row("6 edge", PUDO, "200 300x200x100", "14.90 CNY", value="1500 RUB"),
    Row("7", "chinapost/e-packet", "1250 300x200x100", "87.00 CNY"),
    Row("8", "chinapost/e-packet-priority", "87 300x200x100", "20.27 CNY"),
    Row("9", PARCEL, "1235 300x200x100", "82.50 CNY"),
    Row("10", PARCEL, "500 300x200x100", "52.50 CNY"),
    Row("10 over", PARCEL, "501 300x200x100", "67.50 CNY"),
    Row("11", PARCEL, "31000 600x400x400", "967.50 CNY"),
    Row("11 over", PARCEL, "31001 600x400x400", refused="weight"),
    Row("12", EMS, "300 200x150x100", "114.75 CNY"),
    Row("13", EMS, "1200 400x300x200", "303.45 CNY", billed="4000 g"),
    Row("14", EMS, "1200 390x300x200", "160.65 CNY", billed="1200 g"),
    Row("15", "ozon-uni/standard-extra-small", "250 200x150x100", "11.75 CNY"),
    Row("16", "ozon-uni/standard-budget", "1800 300x200x100", "68.00 CNY"),
    Row("17", "ozon-uni/express-small", "1999 300x200x100", "105.96 CNY", value="3000 RUB"),
    Row(
        "18",
        "ozon-uni/standard-small",
        "700 300x200x100",
        "44.00 CNY",
        value="3000 RUB",
        options=("door",),
    ),
    Row("19", "dhl-paket/online-2kg", "1500 500x250x150", "4.99 EUR", country="DE"),
    Row("20", "dhl-paket/online-2kg", "1500 610x300x150", refused="size", country="DE"),
    Row("20", "dhl-paket/online-5kg", "1500 610x300x150", "5.99 EUR", country="DE"),
    Row("21", "dhl-paket/online-10kg", "9900 1200x600x600", refused="size", country="DE"),
    Row("21", "dhl-paket/online-31-5kg", "9900 1200x600x600", "13.99 EUR", country="DE"),
    Row("22", ZONE_5, "500", "4.35 GBP", country="FR"),
    Row("22", ZONE_5, "510", "5.30 GBP", country="FR"),
    Row("22", ZONE_5, "2500", "8.15 GBP", country="FR"),
    Row("22", ZONE_5, "2600", "8.95 GBP", country="FR"),
    Row("22", ZONE_5, "5000", "12.15 GBP", country="FR"),
    Row("22", ZONE_5, "7300", "14.65 GBP", country="FR"),
    Row("22", ZONE_5, "12000", "19.15 GBP", country="FR"),
    Row("22", ZONE_5, "30000", "34.15 GBP", country="FR"),
    Row("22 over", ZONE_5, "30001", refused="weight", country="FR"),
    Row("23", "shape/volumetric-5000", "1200 150x300x200", "1.80 CNY", billed="1800 g"),
    Row("24", "shape/volumetric-5000-half-kg", "2100 100x100x100", "2.50 CNY", billed="2500 g"),
    Row("24", "shape/volumetric-5000-half-kg", "500 400x400x500", "16.00 CNY", billed="16000 g"),
    Row("25", "shape/pieces-27000", "900 200x400x500", "3.00 TWD", billed="3 units"),
)
DOMESTIC: Final = {"19": "4.99", "20": "5.99", "21": "13.99"}


@pytest.fixture(scope="module")
def tariffs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tariffs that come with the program, in one folder."""
    folder = tmp_path_factory.mktemp("tariffs")
    for path in sorted(resource("tariffs").rglob("*.json")):
        assert not (folder / path.name).exists()
        shutil.copyfile(path, folder / path.name)
    return folder


def shipment(row: Row) -> dict[str, Any]:
    grams, _, sides = row.parcel.partition(" ")
    parcel: dict[str, Any] = {"weight_g": int(grams), "shape": "box"}
    if sides:
        names = ("length_mm", "width_mm", "height_mm")
        parcel |= dict(zip(names, map(int, sides.split("x")), strict=True))
    amount, _, currency = row.value.partition(" ")
    return {
        "schema": "packstation.shipment/1",
        "date": "2026-11-21",
        "origin": {"country": "CN", "postcode": ""},
        "destination": {"country": row.country, "postcode": "10115"},
        "parcels": [parcel],
        "declared_value": {"amount": amount, "currency": currency},
        "goods": {"battery": row.battery, "classes": []},
        "options": list(row.options),
    }


def answered(row: Row, tariffs: Path, folder: Path) -> dict[str, Any]:
    path = folder / "shipment.json"
    path.write_text(json.dumps(shipment(row)), "utf-8")
    document: dict[str, Any] = packstation("quote", path, "--tariffs", tariffs, "--json").document
    return document


def of_service(rows: list[dict[str, Any]], service: str) -> list[dict[str, Any]]:
    return [one for one in rows if f"{one['carrier']}/{one['service']}" == service]


def billed(quote: dict[str, Any]) -> str:
    units = {"billable_units": "units", "billable_lb": "lb", "billable_g": "g"}
    return next(f"{quote[key]} {unit}" for key, unit in units.items() if key in quote)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number} {row.service} {row.parcel}")
def test_a_row_of_the_table(row: Row, tariffs: Path, tmp_path: Path) -> None:
    document = answered(row, tariffs, tmp_path)
    quotes = of_service(document["quotes"], row.service)
    refusals = of_service(document["refusals"], row.service)
    assert len(quotes) + len(refusals) == 1
    if row.refused:
        assert [one["reason"] for one in refusals] == [row.refused]
        return
    assert refusals == []
    total = quotes[0]["total"]
    assert f"{total['amount']} {total['currency']}" == row.total
    assert sum(Decimal(line["amount"]) for line in quotes[0]["lines"]) == Decimal(total["amount"])
    assert row.billed in {"", billed(quotes[0])}


@pytest.mark.parametrize("number", DOMESTIC)
def test_size_moves_a_parcel_to_a_dearer_product(
    number: str, tariffs: Path, tmp_path: Path
) -> None:
    row = next(one for one in ROWS if one.number == number)
    document = answered(row, tariffs, tmp_path)
    ours = [one for one in document["quotes"] if one["carrier"] == "dhl-paket"]
    assert ours[0]["total"] == {"amount": DOMESTIC[number], "currency": "EUR"}


def test_every_row_of_the_table_is_here() -> None:
    assert {row.number.split()[0] for row in ROWS} == {str(number) for number in range(1, 26)}


@pytest.mark.parametrize(
    ("value", "grams", "group"),
    [
        ("1500", 500, "extra-small"),
        ("1500", 501, "budget"),
        ("1500.01", 500, "small"),
        ("7000", 2000, "small"),
        ("7000", 2001, "big"),
        ("7000.01", 5000, "premium-small"),
        ("250000", 5001, "premium-big"),
    ],
)
def test_value_and_weight_lead_to_one_product_group(
    value: str, grams: int, group: str, tariffs: Path, tmp_path: Path
) -> None:
    row = Row("", "", f"{grams} 200x150x100", value=f"{value} RUB")
    quotes = answered(row, tariffs, tmp_path)["quotes"]
    ours = {one["service"] for one in quotes if one["carrier"] == "ozon-uni"}
    assert ours == {f"{tier}-{group}" for tier in ("express", "standard", "economy")}
