"""What README tells a new user to try does what it says there."""

from __future__ import annotations

from pathlib import Path

import pytest

from packstation.devices.sim.shelf import Shelf, shelf_rows
from packstation.domain.records import read_json
from packstation.domain.s10 import parse
from tests.cli.terminal import packstation

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"


@pytest.mark.parametrize("form", ["zpl", "pdf", "png"])
def test_the_sample_order_prints_its_label(tmp_path: Path, form: str) -> None:
    out = tmp_path / f"label.{form}"
    order = SAMPLES / "order-with-parcel.json"
    done = packstation("label", order, "--format", form, "--out", out, "--json")
    assert (done.status, done.document["waybills"]) == (0, ["LP742000102CN"])
    assert parse("LP742000102CN").serial == "74200010"
    assert out.stat().st_size > 500


def test_the_sample_shipment_has_a_price() -> None:
    done = packstation("quote", SAMPLES / "shipment.json", "--tariffs", SAMPLES.parent / "tariffs")
    assert done.status == 0
    assert "chinapost e-packet: 76.92 CNY" in done.out


def test_the_sample_bench_can_be_simulated(tmp_path: Path) -> None:
    config = read_json((SAMPLES / "bench.json").read_bytes())
    assert isinstance(config, dict)
    shelf = Shelf(shelf_rows(config), tmp_path)
    assert [one["kind"] for one in shelf.addresses()] == ["scale", "scale", "label"]
    shelf.close()
