"""``papers export`` on orders as they come: what may go is written, the rest is named."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from packstation.assets import resource
from packstation.cli.commands_papers import EXPORTS
from packstation.cli.papers_export import _SHAPES
from tests.cli.terminal import packstation

AT = ("--at", "2026-11-22T09:00:00Z")


def order(folder: Path, name: str = "order.json", **fields: Any) -> str:  # noqa: ANN401 - any field
    raw = json.loads(resource("customs", "examples", "base.json").read_text("utf-8"))
    path = folder / name
    path.write_text(json.dumps({**raw, **fields}), "utf-8")
    return str(path)


def test_kinds_are_those_that_are_made() -> None:
    assert tuple(_SHAPES) == EXPORTS


@pytest.mark.parametrize(
    ("kind", "schema", "listed"),
    [
        ("itmatt", "packstation.itmatt/1", "items"),
        ("h7", "packstation.h7/1", "consignments"),
        ("9610", "packstation.cn-9610/1", "entries"),
        ("declaration", "packstation.cn-declaration/1", "declarations"),
    ],
)
def test_a_complete_order_is_exported(tmp_path: Path, kind: str, schema: str, listed: str) -> None:
    target = tmp_path / "out.json"
    done = packstation(
        "papers", "export", order(tmp_path), "--kind", kind, "--out", str(target), *AT, "--json"
    )

    assert done.status == 0, done.out + done.err
    assert done.document["documents"] == 1
    assert done.document["lacks"] == []
    made = json.loads(target.read_text("utf-8"))
    assert made["schema"] == schema
    assert made["prepared_at"] == "2026-11-22T09:00:00+00:00"
    assert len(made[listed]) == 1


def test_the_list_is_also_csv(tmp_path: Path) -> None:
    target = tmp_path / "list.csv"
    argv = ("papers", "export", order(tmp_path), "--kind", "9610", "--out", str(target), *AT)

    assert packstation(*argv).status == 0
    head, row = csv.reader(target.read_text("utf-8-sig").splitlines())
    assert dict(zip(head, row, strict=True))["order_no"] == "W-2026-1001"


def test_a_parcel_that_lacks_something_stays_out_and_is_named(tmp_path: Path) -> None:
    wrong = {"status": "paid", "total": {"amount": "119.79", "currency": "CNY"}}
    names = (order(tmp_path), order(tmp_path, "two.json", order_id="W-2", payment=wrong))
    target = tmp_path / "out.json"
    argv = ("papers", "export", *names, "--kind", "9610", "--out", str(target), *AT)
    done = packstation(*argv, "--json")

    assert done.status == 1
    assert [one["order_no"] for one in json.loads(target.read_text())["entries"]] == ["W-2026-1001"]
    (lack,) = done.document["lacks"]
    assert (lack["order_id"], lack["field"]) == ("W-2", "payment.total")
    assert (lack["value"], lack["allowed"]) == ("119.79 CNY", "119.80 CNY")
    assert "W-2 [0] payment.total = 119.79 CNY (119.80 CNY)" in packstation(*argv).out
    assert lack["why"] == "paid"
    told = packstation(*argv, "--lang", "zh_Hans").out
    assert "已付 119.79 CNY，订单金额为 119.80 CNY：请更正" in told


def test_what_a_rule_blocks_is_not_exported(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    name = order(tmp_path, ship_to={"country": "DE"})
    argv = ("papers", "export", name, "--kind", "itmatt", "--out", str(target), *AT)
    done = packstation(*argv, "--json")

    assert done.status == 1
    assert not target.exists()
    assert done.document["file"] is None
    assert done.document["blocked"][0]["rules"]
    assert "BLOCK" in packstation(*argv).out


def test_csv_is_of_the_list_alone(tmp_path: Path) -> None:
    name, target = order(tmp_path), str(tmp_path / "out.csv")
    done = packstation("papers", "export", name, "--kind", "h7", "--out", target, *AT)

    assert (done.status, done.out) == (2, "")
    assert "9610" in done.err


def test_an_order_of_another_shape_is_refused(tmp_path: Path) -> None:
    name = order(tmp_path, tags=7)
    done = packstation(
        "papers", "export", name, "--kind", "itmatt", "--out", str(tmp_path / "o.json"), *AT
    )

    assert done.status == 2
    assert "tags" in done.err
