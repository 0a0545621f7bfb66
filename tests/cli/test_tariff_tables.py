"""``tariffs import``, ``export`` and ``lint`` as somebody types them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from packstation.assets import resource
from tests.cli.terminal import packstation

PUBLISHED = resource("tariffs", "published")
PARCEL = PUBLISHED / "chinapost-e-parcel-discount.json"
UNI = sorted(PUBLISHED.glob("ozon-uni-*.json"))


def book(folder: Path, *files: Path) -> Path:
    path = folder / "contract.xlsx"
    assert packstation("tariffs", "export", *files, "--out", path).status == 0
    return path


def test_a_contract_goes_out_as_a_workbook_and_comes_back(tmp_path: Path) -> None:
    path = book(tmp_path, *UNI)
    done = packstation("tariffs", "import", path, "--out", tmp_path / "in", "--json")
    assert done.status == 0
    assert (done.document["accepted"], done.document["rejected"]) == (18, [])
    assert done.document["findings"] == []
    again = packstation("tariffs", "import", path, "--out", tmp_path / "in")
    assert again.out.splitlines()[0] == "0 accepted, 0 changed, 18 unchanged, 0 rejected"
    shipment = resource("samples", "shipment.json")
    before = packstation("quote", shipment, "--tariffs", tmp_path / "in", "--json").document
    (tmp_path / "own").mkdir()
    for one in UNI:
        (tmp_path / "own" / one.name).write_bytes(one.read_bytes())
    assert (
        packstation("quote", shipment, "--tariffs", tmp_path / "own", "--json").document == before
    )


def test_an_edited_price_changes_one_file(tmp_path: Path) -> None:
    path = book(tmp_path, *UNI[:2])
    packstation("tariffs", "import", path, "--out", tmp_path)
    edited = load_workbook(io.BytesIO(path.read_bytes()))
    sheet = edited.worksheets[0]
    (cell,) = [one for row in sheet.iter_rows() for one in row if one.value == "0.017"]
    cell.value = 0.0175
    edited.save(path)
    done = packstation("tariffs", "import", path, "--out", tmp_path)
    assert done.out.splitlines()[0] == "0 accepted, 1 changed, 1 unchanged, 0 rejected"
    assert '"per_g": "0.0175"' in (tmp_path / "ozon-uni-economy-big-2025-09-15.json").read_text(
        "utf-8"
    )


def test_wrong_cells_are_named_and_the_other_sheets_are_taken(tmp_path: Path) -> None:
    path = book(tmp_path, *UNI[:3])
    edited = load_workbook(io.BytesIO(path.read_bytes()))
    sheet = edited.worksheets[1]
    (cell,) = [one for row in sheet.iter_rows() for one in row if one.value == "0.017"]
    cell.value = "1,7 fen"
    edited.save(path)
    done = packstation("tariffs", "import", path, "--out", tmp_path / "in", "--json")
    assert done.status == 1
    assert done.document["accepted"] == 2
    (wrong,) = done.document["rejected"]
    assert (wrong["record"], wrong["sheet"]) == (1, "ozon-uni economy-budget")
    assert (wrong["row"], wrong["column"]) == (cell.row, "price.per_g")
    assert (wrong["value"], wrong["allowed"]) == ('"1,7 fen"', "a decimal number")
    told = packstation("tariffs", "import", path, "--out", tmp_path / "in").out
    assert f"tariff 1: ozon-uni economy-budget: row {cell.row}, column price.per_g" in told


def test_a_table_in_and_out_of_the_other_kinds(tmp_path: Path) -> None:
    table, back = tmp_path / "a.csv", tmp_path / "back.json"
    assert packstation("tariffs", "export", PARCEL, "--out", table).status == 0
    done = packstation("tariffs", "export", table, "--out", back)
    assert done.out == f"1 tariffs in {back}\n"
    assert json.loads(back.read_bytes())["bands"][0]["price"]["tiers"] == [
        {"step_g": "500", "fee": "15"}
    ]
    several = packstation("tariffs", "export", *UNI[:2], "--out", tmp_path / "b.csv", "--json")
    assert several.status == 2
    assert not (tmp_path / "b.csv").exists()
    typed = packstation("tariffs", "export", PARCEL, "--out", tmp_path / "c", "--format", "xlsx")
    assert typed.status == 0
    assert (tmp_path / "c").read_bytes().startswith(b"PK")


def test_an_export_of_what_is_wrong_writes_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    raw = json.loads(PARCEL.read_text("utf-8"))
    bad.write_text(json.dumps(raw | {"currency": "RMB"}), "utf-8")
    done = packstation("tariffs", "export", PARCEL, bad, "--out", tmp_path / "a.xlsx")
    assert done.status == 1
    assert "bad.json: currency:" in done.out
    assert not (tmp_path / "a.xlsx").exists()


def test_the_same_tariff_twice_in_a_file_is_told(tmp_path: Path) -> None:
    raw = json.loads(PARCEL.read_text("utf-8"))
    path = tmp_path / "two.json"
    path.write_text(json.dumps([raw, raw | {"version": "other"}]), "utf-8")
    done = packstation("tariffs", "import", path, "--out", tmp_path, "--json")
    assert done.status == 1
    assert [(one["record"], one["path"]) for one in done.document["rejected"]] == [
        (1, "valid_from")
    ]
    assert done.document["accepted"] == 1


@pytest.mark.parametrize("name", ["none.xlsx", "empty.csv", "broken.xlsx", "broken.json"])
def test_files_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    if name != "none.xlsx":
        (tmp_path / name).write_bytes(b"" if name == "empty.csv" else b"{")
    done = packstation("tariffs", "import", tmp_path / name, "--out", tmp_path / "in", "--json")
    assert (done.status, done.out) == (2, "")
    assert name in done.err


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("", "utf-8")
    assert packstation("tariffs", "import", PARCEL, "--out", tmp_path / "in").status == 2


# --- lint ----------------------------------------------------------------------------------


def flat(over: int, up_to: int | None, amount: str = "1") -> dict[str, Any]:
    price = {"kind": "flat", "amount": amount}
    return {"zone": "RU", "over_g": over, "up_to_g": up_to, "price": price}


FAULTS: dict[str, dict[str, Any]] = {
    "gap": {"bands": [flat(0, 200), flat(201, 2000)]},
    "overlap": {"bands": [flat(0, 200), flat(199, 2000)]},
    "non_monotone": {"bands": [flat(0, 200, "5"), flat(200, 2000, "4")]},
    "currency": {"currency": ""},
    "country": {"not_served": [{"countries": ["RUS"]}]},
    "duplicate": {"bands": [flat(0, 200), flat(0, 200)]},
    "expiring": {"valid_to": "2020-01-01", "valid_from": "2019-01-01"},
    "schema": {"colour": "red"},
}


@pytest.mark.parametrize("kind", FAULTS)
def test_lint_finds_every_kind_of_fault(tmp_path: Path, kind: str) -> None:
    raw = json.loads(PARCEL.read_text("utf-8")) | {"limits": {"weight_max_g": 2000}}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(raw | {"bands": [flat(0, 2000)]} | FAULTS[kind]), "utf-8")
    done = packstation("tariffs", "lint", path, "--json")
    assert (done.status, done.document["ok"]) == (1, False)
    assert kind in {one["kind"] for one in done.document["findings"]}


def test_lint_finds_a_key_and_a_tariff_given_twice(tmp_path: Path) -> None:
    text = PARCEL.read_text("utf-8")
    path = tmp_path / "a.json"
    path.write_text(text.replace('"class"', '"carrier": "x",\n "class"'), "utf-8")
    found = packstation("tariffs", "lint", path, "--json").document["findings"]
    assert [(one["kind"], one["where"]) for one in found] == [("duplicate", "carrier")]
    (tmp_path / "b.json").write_text(text, "utf-8")
    found = packstation("tariffs", "lint", PARCEL, tmp_path / "b.json", "--json").document[
        "findings"
    ]
    assert [(one["kind"], one["where"]) for one in found] == [("duplicate", "valid_from")]


def test_all_tariffs_that_ship_are_without_a_finding() -> None:
    files = sorted(resource("tariffs").rglob("*.json"))
    assert len(files) == 35
    assert packstation("tariffs", "lint", *files).out == "no findings\n"
