"""`papers parties import`: a list taken in is what `papers check` screens with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packstation.assets import resource
from packstation.customs.examples import Example, order_of
from tests.cli.terminal import packstation

LIST = b'7001,"SCHMIDT, Anna","individual","TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n'


def test_a_list_is_taken_in_told_and_screened_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACKSTATION_DATADIR", str(tmp_path / "data"))
    order = tmp_path / "order.json"
    made = order_of(resource("customs", "examples"), Example(name="base"))
    order.write_text(json.dumps(made, default=str), "utf-8")
    check = ("papers", "check", str(order), "--at", "2026-11-22T09:00:00Z", "--json")
    assert packstation(*check).document["findings"] == []

    listed = tmp_path / "sdn.csv"
    listed.write_bytes(LIST)
    taken = packstation("papers", "parties", "import", str(listed), "--list", "ofac-sdn", "--json")
    assert taken.status == 0, taken.err
    assert (taken.document["list"], taken.document["parties"]) == ("ofac-sdn", 1)
    assert "ofac-sdn: 1" in packstation("papers", "parties", "list").out

    done = packstation(*check)
    assert [one["rule"] for one in done.document["findings"]] == ["R11"]
    assert done.document["findings"][0]["allowed"] == "ofac-sdn: SCHMIDT, Anna (1.00)"
    assert done.status == 0


def test_what_is_no_list_is_refused_by_the_name_of_its_file(tmp_path: Path) -> None:
    page = tmp_path / "page.csv"
    page.write_text("<html>moved</html>")
    argv = ("papers", "parties", "import", str(page), "--data", str(tmp_path / "data"), "--json")
    done = packstation(*argv)
    assert done.status == 2
    assert "page.csv" in done.err + done.out


def test_a_suggestion_is_told_with_the_finding(tmp_path: Path) -> None:
    order = tmp_path / "order.json"
    patch = {"products": {"0": {"customs": {"description": "clothes"}}}}
    made = order_of(resource("customs", "examples"), Example(name="vague", patch=patch))
    order.write_text(json.dumps(made, default=str), "utf-8")
    done = packstation("papers", "check", str(order), "--at", "2026-11-22T09:00:00Z", "--json")
    (found,) = done.document["findings"]
    assert "T-shirts" in found["suggestion"]


def test_a_catalogue_is_judged_before_anybody_orders(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalog.json"
    product = order_of(resource("customs", "examples"), Example(name="base"))["products"][0]
    vague = product | {"sku": "B", "customs": product["customs"] | {"description": "clothes"}}
    document = {"schema": "packstation.catalog/1", "products": [product, vague]}
    catalogue.write_text(json.dumps(document, default=str), "utf-8")
    argv = ("catalog", "lint", str(catalogue), "--at", "2026-11-22T09:00:00Z")
    done = packstation(*argv, "--json")
    assert done.status == 1
    assert [(one["rule"], one["field"]) for one in done.document["findings"]] == [
        ("R14", "products[B].customs.description")
    ]
    assert "-> T-shirts" in packstation(*argv).out
    assert packstation("catalog", "lint", str(catalogue), "--to", "cn", "--json").status == 0


def test_a_file_without_products_is_no_catalogue(tmp_path: Path) -> None:
    empty = tmp_path / "empty.json"
    empty.write_text("{}")
    done = packstation("catalog", "lint", str(empty), "--json")
    assert done.status == 2
    assert "empty.json" in done.err + done.out
