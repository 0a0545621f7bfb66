"""Every order of the samples is one that may leave, but those that are there to show a fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from packstation.assets import resource
from tests.cli.terminal import packstation
from tests.walls.sources import ROOT

AT: Final = ("--at", "2026-11-21T06:08:00Z")
# docs/formats/samples.md names each.
FAULTY: Final = {
    "S-10499": {"R01", "R36"},
    "S-10500": {"R01"},
    "S-10501": {"R01"},
}


def written(folder: Path) -> list[Path]:
    """The demo's orders with what a bench adds: the catalogue's products, and who signs."""
    catalog = json.loads(resource("samples", "catalog.json").read_text("utf-8"))
    goods = {product["sku"]: product for product in catalog["products"]}
    found = []
    for name in ("orders.json", "destinations.json"):
        for order in json.loads(resource("samples", name).read_text("utf-8")):
            order["products"] = [goods[line["sku"]] for line in order["lines"]]
            order["signer"] = {"name": "Lin Yue", "authorised": True}
            found.append(folder / f"{order['order_id']}.json")
            found[-1].write_text(json.dumps(order), "utf-8")
    return found


def stopped(*orders: Path) -> dict[str, set[str]]:
    done = packstation("papers", "check", *orders, *AT, "--json")
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert len(answers) == len(orders)
    found = {one["order_id"]: _stops(one) for one in answers}
    assert done.status == bool(any(found.values()))
    return {order: rules for order, rules in found.items() if rules}


def _stops(answer: dict[str, Any]) -> set[str]:
    stops = ("BLOCK", "OVERRIDE")
    return {one["rule"] for one in answer["findings"] if one["severity"] in stops}


def test_the_sample_order_passes_the_rules() -> None:
    assert stopped(resource("samples", "order-with-parcel.json")) == {}


def test_the_demos_orders_pass_but_those_that_show_a_fault(tmp_path: Path) -> None:
    assert stopped(*written(tmp_path)) == FAULTY


def test_the_manual_names_the_orders_that_show_a_fault() -> None:
    manual = (ROOT / "docs" / "formats" / "samples.md").read_text("utf-8")
    assert not [order for order in FAULTY if f"`{order}`" not in manual]
