"""``packstation costs`` as somebody types it, against a real server."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from openpyxl import Workbook

from packstation.server.run import Running
from tests.cli.terminal import packstation
from tests.server.bench import Bench
from tests.server.conftest import TOKEN
from tests.server.costs.invoices import pack, ready


@pytest.fixture
def there(
    running: Running, api: httpx.Client, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, str]:
    monkeypatch.setenv("PACKSTATION_TOKEN", TOKEN)
    ready(api, "A-1", "A-2")
    pack(bench, ("A-1", "YW000000001"), ("A-2", "YW000000002"))
    return "--server", running.url


def invoice(folder: Path, *rows: list[str | float]) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    head: list[str | float] = ["Nr", "Kg", "Freight", "Fuel", "Sum"]
    letterhead: list[str | float] = ["Yanwen"]
    for row in (letterhead, head, *rows):
        sheet.append(row)
    path = folder / "november.xlsx"
    book.save(path)
    return path


def own_map(folder: Path) -> Path:
    path = folder / "yanwen.json"
    names = {"waybill": ["Nr"], "weight": ["Kg"], "total": ["Sum"]}
    amounts = {"freight": ["Freight"], "fuel": ["Fuel"]}
    told = {"carrier": "yanwen", "name": "Yanwen", "columns": names, "amounts": amounts}
    path.write_text(json.dumps({**told, "currency": "CNY"}))
    return path


def test_an_invoice_from_the_command_line(tmp_path: Path, there: tuple[str, str]) -> None:
    kept = packstation("costs", "map", own_map(tmp_path), *there)
    assert (kept.status, kept.out) == (0, "yanwen: accepted\n")
    assert "yanwen: Yanwen (integration," in packstation("costs", "maps", *there).out
    path = invoice(
        tmp_path,
        ["YW000000001", 0.52, 60, 6, 66],
        ["YW000000002", 0.62, 70, 7, 77],
        ["YW000000003", "=0.5", 60, 6, 66],
    )
    words = ("costs", "import", path, "--carrier", "yanwen", "--invoice", "N-1", *there)
    done = packstation(*words)
    assert done.status == 1
    assert done.out.splitlines() == [
        "2 accepted, 0 changed, 0 unchanged, 1 rejected",
        "1 match, 1 weight",
        'Sheet: row 5, column Kg (B): "=0.5" is not allowed; allowed: a weight in kg',
    ]
    again = packstation(*words, "--json").document
    assert (again["accepted"], again["unchanged"]) == (0, 2)
    told = packstation("costs", "report", *there, "--kind", "off")
    assert told.status == 0
    assert told.out.splitlines() == [
        "billed 77 CNY, predicted 66.00 CNY, difference 11.00 CNY",
        "weight: 1, 11.00 CNY",
        "match: 1, 0.00 CNY",
        "YW000000002 (A-2, N-1): 77 CNY billed, 66.00 predicted, 11.00: weight 520 -> 620 11.00",
    ]
    found = packstation("costs", "report", *there, "--find", "A-1", "--json").document
    assert [row["waybill"] for row in found["rows"]] == ["YW000000001"]


def test_other_figures_are_taken_only_when_they_are_meant(
    tmp_path: Path, there: tuple[str, str]
) -> None:
    packstation("costs", "map", own_map(tmp_path), *there)
    words = ("costs", "import", "--carrier", "yanwen", "--invoice", "N-1", *there)
    packstation(*words, invoice(tmp_path, ["YW000000001", 0.52, 60, 6, 66]))
    other = invoice(tmp_path, ["YW000000001", 0.52, 61, 6, 67])
    refused = packstation(*words, other)
    assert refused.status == 1
    assert "66, as this invoice had it before" in refused.out
    assert packstation(*words, other, "--replace").out.startswith("0 accepted, 1 changed")


def test_what_a_server_refuses_whole_is_told_in_its_words(
    tmp_path: Path, there: tuple[str, str]
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("nothing,here\n")
    done = packstation("costs", "import", path, "--carrier", "sf", *there)
    assert done.status == 2
    assert "a row with a column waybill" in done.err
    assert packstation("costs", "report", *there, "--kind", "odd").status == 2
    bad = tmp_path / "map.json"
    bad.write_text("{}")
    assert packstation("costs", "map", bad, *there).status == 2
    assert packstation("costs", "import", tmp_path / "none", "--carrier", "x", *there).status == 2


def test_pages_and_unknown_parcels_in_a_report(tmp_path: Path, there: tuple[str, str]) -> None:
    packstation("costs", "map", own_map(tmp_path), *there)
    rows: list[list[str | float]] = [[f"ZZ{n:09}", 0.5, 1, 0, 1] for n in range(51)]
    words = ("costs", "import", "--carrier", "yanwen", "--invoice", "N-2", *there)
    assert packstation(*words, invoice(tmp_path, *rows)).status == 0
    told = packstation("costs", "report", *there, "--page", "2").out.splitlines()
    assert told[0] == "billed 51 CNY, predicted 0, difference 51 CNY"
    assert told[2:] == [
        "ZZ000000050 (no order, N-2): 1 CNY billed, ? predicted, 1: unknown 1",
        "page 2 of 2",
    ]
