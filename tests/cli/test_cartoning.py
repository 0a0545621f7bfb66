from __future__ import annotations

import json
from pathlib import Path

import pytest

from packstation.assets import resource
from tests.cli.terminal import packstation

CARTONS = resource("samples", "cartons.json")
BOX = {"sku": "A", "quantity": 3, "length_mm": 100, "width_mm": 80, "height_mm": 40}


def items(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text(json.dumps({"schema": "packstation.items/1", "items": rows}), "utf-8")
    return path


def test_the_answer_has_the_shape_of_the_format(tmp_path: Path) -> None:
    done = packstation("carton", items(tmp_path / "i.json", BOX), "--cartons", CARTONS, "--json")
    assert done.status == 0
    (parcel,) = done.document["parcels"]
    assert (parcel["carton"], parcel["gross_g"]) == ("C1", 48)
    assert parcel["fill"] == pytest.approx(0.625)
    assert set(parcel["placements"][0]) == {"sku", "position_mm", "size_mm"}
    assert done.document["unpacked"] == []
    assert done.document["proven"] is True


def test_what_fits_nowhere_is_named_and_the_rest_is_packed(tmp_path: Path) -> None:
    tall = {**BOX, "sku": "TALL", "quantity": 1, "length_mm": 5000}
    television = {**tall, "sku": "TV", "own_box": True}
    path = items(tmp_path / "i.json", BOX, tall, television)
    done = packstation("carton", path, "--cartons", CARTONS)
    assert done.status == 1
    assert "1. own (own), 100% full" in done.out
    assert "2. C1 (box), 62% full, 48 g" in done.out
    assert "-  1 x TALL: too_large" in done.out
    assert "proven" not in done.out
    done = packstation("carton", items(path, BOX), "--cartons", CARTONS)
    assert "proven: no smaller carton takes it" in done.out


def test_nothing_to_pack(tmp_path: Path) -> None:
    done = packstation("carton", items(tmp_path / "i.json"), "--cartons", CARTONS)
    assert (done.status, done.out.strip()) == (0, "nothing to pack")


@pytest.mark.parametrize("row", [{"length_mm": 0}, {"weight_g": -1}, {"quantity": 0}])
def test_goods_that_cannot_be(tmp_path: Path, row: dict[str, object]) -> None:
    path = items(tmp_path / "i.json", BOX | row)
    done = packstation("carton", path, "--cartons", CARTONS, "--json")
    assert (done.status, done.out) == (2, "")
    assert next(iter(row)) in done.err


def test_lists_that_contradict_themselves(tmp_path: Path) -> None:
    path = items(tmp_path / "i.json", BOX, BOX | {"width_mm": 81})
    done = packstation("carton", path, "--cartons", CARTONS, "--json")
    assert (done.status, done.out) == (2, "")
    assert "items[1].sku" in done.err
    boxes = tmp_path / "c.json"
    row = {"code": "C", "inner_mm": [100, 100, 100], "max_g": 50, "tare_g": 60}
    boxes.write_text(json.dumps({"schema": "packstation.cartons/1", "cartons": [row]}), "utf-8")
    done = packstation("carton", items(path, BOX), "--cartons", boxes, "--json")
    assert done.status == 2
    assert "cartons[0].max_g" in done.err
