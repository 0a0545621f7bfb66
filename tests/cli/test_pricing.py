from __future__ import annotations

import json
from pathlib import Path

import pytest

from packstation.assets import resource
from tests.cli.terminal import packstation

TARIFFS = resource("tariffs")


def written(path: Path, *, grams: int = 1250, country: str = "RU") -> Path:
    shipment = {
        "schema": "packstation.shipment/1",
        "date": "2026-11-21",
        "destination": {"country": country, "postcode": "10001"},
        "parcels": [
            {"weight_g": grams, "length_mm": 300, "width_mm": 200, "height_mm": 120, "shape": "box"}
        ],
    }
    path.write_text(json.dumps(shipment), "utf-8")
    return path


def test_a_quote(tmp_path: Path) -> None:
    done = packstation("quote", written(tmp_path / "a.json"), "--tariffs", TARIFFS, "--json")
    assert done.status == 0
    assert done.document["quotes"][0]["total"] == {"amount": "87.00", "currency": "CNY"}
    assert done.document["refusals"] == []


def test_several_shipments_answer_a_line_each(tmp_path: Path) -> None:
    first = written(tmp_path / "a.json")
    second = written(tmp_path / "b.json", grams=9000)
    done = packstation("quote", first, second, first, "--tariffs", TARIFFS, "--json")
    assert done.status == 1
    assert [len(one["quotes"]) for one in done.documents] == [1, 0, 1]
    assert done.documents[1]["refusals"][0]["reason"] == "weight"


def test_quotes_for_people(tmp_path: Path) -> None:
    done = packstation("quote", written(tmp_path / "a.json"), "--tariffs", TARIFFS)
    assert "1. chinapost e-packet: 87.00 CNY, 1250 g" in done.out
    assert "12 + 1250 g x 0.06" in done.out
    done = packstation("quote", written(tmp_path / "a.json", country="ZA"), "--tariffs", TARIFFS)
    assert done.out.startswith("-  chinapost e-packet: zone (ZA 10001 is not served)")


def test_a_tariff_that_promises_no_days_says_none(tmp_path: Path) -> None:
    published = resource("tariffs", "published")
    done = packstation("quote", written(tmp_path / "a.json"), "--tariffs", published)
    assert done.out.startswith("1. chinapost e-packet-discount: 43.88 CNY, 1250 g [")
    assert "None" not in done.out


@pytest.mark.parametrize("text", ["{", '{"date":"2026-11-21"}', '[{"parcels":[]}]'])
def test_a_shipment_that_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, "utf-8")
    done = packstation("quote", path, "--tariffs", TARIFFS, "--json")
    assert (done.status, done.out) == (2, "")
    assert "a.json" in done.err


def test_tariffs_that_cannot_be_read(tmp_path: Path) -> None:
    shipment = written(tmp_path / "a.json")
    assert packstation("quote", shipment, "--tariffs", tmp_path / "none").status == 2
    folder = tmp_path / "tariffs"
    folder.mkdir()
    raw = json.loads((TARIFFS / "chinapost-e-packet.json").read_text("utf-8"))
    (folder / "lb.json").write_text(json.dumps(raw | {"weight_max_lb": 3}), "utf-8")
    done = packstation("quote", shipment, "--tariffs", folder)
    assert done.status == 2
    assert "lb.json weight_max_lb: 3 is not allowed" in done.err


def test_lint(tmp_path: Path) -> None:
    good = TARIFFS / "chinapost-e-packet.json"
    assert packstation("tariffs", "lint", good, "--json").document == {"ok": True, "findings": []}
    assert packstation("tariffs", "lint", good).out == "no findings\n"
    bad = tmp_path / "bad.json"
    raw = json.loads(good.read_text("utf-8"))
    bad.write_text(json.dumps(raw | {"currency": "RMB"}), "utf-8")
    done = packstation("tariffs", "lint", good, bad)
    assert done.status == 1
    assert "bad.json: currency: currency: RMB is not in ISO 4217" in done.out


def test_a_folder_without_a_tariff_is_named(tmp_path: Path) -> None:
    shipment = written(tmp_path / "a.json")
    folder = tmp_path / "tariffs"
    folder.mkdir()
    done = packstation("quote", shipment, "--tariffs", folder)
    assert (done.status, done.out) == (1, f"no tariff in {folder}\n")
    done = packstation("quote", shipment, "--tariffs", folder, "--json")
    assert (done.status, done.document) == (1, {"quotes": [], "refusals": []})


def test_lint_of_what_is_no_json(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("# no tariff", "utf-8")
    done = packstation("tariffs", "lint", page, TARIFFS / "chinapost-e-packet.json")
    assert done.status == 2
    assert done.out.startswith(f"{page}: schema: file: Expecting value")


def small(service: str, **changes: object) -> dict[str, object]:
    flat = {"kind": "flat", "amount": "10"}
    return {
        "schema": "packstation.tariff/1",
        "carrier": "test",
        "service": service,
        "currency": "USD",
        "valid_from": "2025-01-01",
        "zones": [{"code": "US", "match": [{"countries": ["US"]}]}],
        "bands": [{"zone": "US", "price": flat}],
    } | changes


def test_pounds_and_pieces(tmp_path: Path) -> None:
    folder = tmp_path / "tariffs"
    folder.mkdir()
    pounds = small(
        "ground",
        limits={"weight_max_lb": 150, "longest_max_in": 108},
        billable={
            "mode": "max",
            "divisor_in3_per_lb": 139,
            "side_round": "nearest_in",
            "step_lb": 1,
        },
        bands=[
            {
                "zone": "US",
                "over_lb": 0,
                "up_to_lb": 150,
                "price": {"kind": "linear", "fixed": "8", "per_lb": "0.5"},
            }
        ],
    )
    pieces = small(
        "freight",
        billable={"unit_cm3": 27000, "side_min_mm": 300},
        bands=[{"zone": "US", "over_units": 0, "price": {"kind": "per_unit", "amount": "3"}}],
    )
    for name, tariff in (("ground", pounds), ("freight", pieces)):
        (folder / f"{name}.json").write_text(json.dumps(tariff), "utf-8")
    parcel = written(tmp_path / "a.json", country="US")
    done = packstation("quote", parcel, "--tariffs", folder, "--json")
    freight, ground = done.document["quotes"]
    # 300 x 200 x 120 mm: 30 cm each at least but 30 x 30 x 30; 12 x 8 x 5 in = 480 in3 = 3.45 lb.
    assert (freight["billable_units"], freight["total"]["amount"]) == (1, "3.00")
    assert (ground["billable_lb"], ground["total"]["amount"]) == (4, "10.00")
    assert ground["lines"][0]["note"] == "8 + 4 lb x 0.5/lb"
    told = packstation("quote", parcel, "--tariffs", folder).out
    assert "test freight: 3.00 USD, 1 units" in told
    assert "test ground: 10.00 USD, 4 lb" in told
    assert packstation("tariffs", "lint", *folder.iterdir()).status == 0
