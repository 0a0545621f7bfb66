"""Tariffs as JSON, tables and workbooks: the same tariff in each, and every wrong cell named."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import Workbook, load_workbook

from packstation.assets import resource
from packstation.carriers.lint import lint
from packstation.carriers.tables import (
    MOST_CELL,
    Grid,
    Table,
    letters,
    read_csv,
    read_xlsx,
    write_csv,
    write_xlsx,
)
from packstation.carriers.tariff_files import KINDS, Kind, file_name, kind_of, read, write
from packstation.carriers.tariff_parts import judged
from packstation.carriers.tariff_sheets import from_table, to_grid
from packstation.carriers.tariff_text import heard, listed, said, written
from packstation.carriers.tariffs import load_tariff
from packstation.domain.errors import InputInvalid
from packstation.domain.tariffs import Band, Flat, Gates, Match, Tariff, Zone
from tests.domain.rating_random import tariff as random_tariff

SHIPPED = sorted(resource("tariffs").rglob("*.json"))
# All that JSON can say; half characters are refused where a tariff is read.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def there_and_back(tariff: Tariff) -> set[bytes]:
    """The JSON files of a tariff that was written as each kind of file and read again."""
    found = {kind: read(write([tariff], kind), kind) for kind in KINDS}
    for one in found.values():
        assert one.rejected == ()
        assert one.tariffs == (tariff,)
    return {written(one.tariffs[0]) for one in found.values()}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_is_the_same_in_every_kind_of_file(path: Path) -> None:
    tariff = load_tariff(path.read_bytes())
    assert there_and_back(tariff) == {written(tariff)}


@settings(max_examples=40)
@given(st.integers(0, 2**32))
def test_any_tariff_is_the_same_in_every_kind_of_file(seed: int) -> None:
    tariff = random_tariff(Random(seed))
    assert there_and_back(tariff) == {written(tariff)}


@given(
    note=TEXT,
    source=TEXT,
    texts=st.lists(TEXT, max_size=4),
    zone=st.text("A=-@+' ;\"[]", min_size=1),
)
@settings(max_examples=40)
@example(note="=1+1", source="'=x", texts=["", ";", "[]", '"'], zone="{}")
@example(note=" x ", source="[]", texts=["_x000A_"], zone="'")
@example(note='"', source='"a"', texts=['"a";b', "a;"], zone='"')
@example(note="a\r\nb\tc\x00", source="\x0b\x7f\ufffe", texts=["\n"], zone="@A1")
def test_odd_texts_are_the_same_in_every_kind_of_file(
    note: str, source: str, texts: list[str], zone: str
) -> None:
    base = random_tariff(Random(1))
    matched = Zone(code=zone, match=(Match(postcode_prefixes=tuple(texts)), Match()))
    band = Band(zone=zone, price=Flat(amount=base.rounding.quantum), note=note)
    odd = Tariff(
        carrier="a",
        service="b",
        currency="CNY",
        valid_from=base.valid_from,
        source=source,
        zones=(matched,),
        not_served=(Match(), Match(postcode_ranges=(("1;2", " 3"), ("", "4")))),
        bands=(band,),
        gates=Gates(battery=(), needs=tuple(texts)),
    )
    assert there_and_back(odd) == {written(odd)}


@given(st.lists(TEXT))
def test_a_list_in_a_cell(texts: list[str]) -> None:
    assert listed("; ".join(map(said, texts))) == texts


@pytest.mark.parametrize("cell", ['"', '"a', '"a" b', '"\\q"'])
def test_a_cell_that_only_begins_like_a_quotation(cell: str) -> None:
    assert heard(cell) == cell


def test_a_published_table_looks_as_the_page_says() -> None:
    path = resource("tariffs", "published", "chinapost-e-parcel-discount.json")
    lines = write([load_tariff(path.read_bytes())], "csv").decode("utf-8-sig").splitlines()
    assert lines[0] == (
        "part,field,value,code,match[0].countries,zone,up_to_g,price.kind,price.first_g,"
        "price.first,price.tiers[0].step_g,price.tiers[0].fee"
    )
    assert lines[-2:] == ["zone,,,RU,RU,,,,,,,", "band,,,,,RU,31000,step,500,52.5,500,15"]


# --- wrong cells ---------------------------------------------------------------------------

HEADER = (
    "part,field,value,code,match[0].countries,zone,over_g,up_to_g,price.kind,price.amount,"
    "kind,amount"
)
HEAD = (
    "tariff,carrier,test",
    "tariff,service,a",
    "tariff,currency,CNY",
    "tariff,valid_from,2026-01-01",
)
ZONE = "zone,,,RU,RU;BY"
BAND = "band,,,,,RU,0,100,flat,5"


def flaws(*rows: str, header: str = HEADER) -> list[tuple[int, str, str, str]]:
    data = "\n".join((header, *rows)).encode()
    found = read(data, "csv")
    assert bool(found.tariffs) is not bool(found.rejected)
    return [
        (one.flaw.row, one.flaw.column, one.flaw.value, one.flaw.allowed) for one in found.rejected
    ]


def test_a_table_as_somebody_writes_it() -> None:
    assert flaws(*HEAD, "", "# our own words,,", ZONE, BAND) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((*HEAD, ZONE, "band,,,,,RU,0,x,flat,5"), [(7, "up_to_g", '"x"', "a decimal number")]),
        (
            (*HEAD, ZONE, "band,,,,,RU,0,100,slab,5"),
            [(7, "price.kind", '"slab"', "a value of the format")],
        ),
        (
            (*HEAD, ZONE, "band,,,,,RU,0,100,flat"),
            [(7, "price.amount", "nothing", "a value (required)")],
        ),
        (
            (*HEAD, ZONE, "band,,,,,US,0,100,flat,5"),
            [(7, "zone", '"US"', "a zone of this tariff: RU")],
        ),
        ((*HEAD, ZONE, ZONE, BAND), [(7, "code", '"RU"', "each zone once")]),
        ((*HEAD, ZONE), [(0, "", "none", "at least one")]),
        (
            (*HEAD, "zone,,,RU,RUS", BAND),
            [(6, "match[0].countries", '"RUS"', "a country of ISO 3166 (RU)")],
        ),
        (
            (*HEAD, ZONE, BAND, "fee,,,door,,,,,,,fixed,-"),
            [(8, "amount", '"-"', "a decimal number")],
        ),
        (
            (*HEAD, ZONE, BAND, "lane,1"),
            [(8, "part", '"lane"', "tariff, zone, not_served, band, fee")],
        ),
        (
            (*HEAD, ZONE, BAND, ",1"),
            [(8, "part", "nothing", "tariff, zone, not_served, band, fee")],
        ),
        ((*HEAD, ZONE, BAND, "tariff,,x"), [(8, "field", "nothing", "the name of a field")]),
        ((*HEAD, "tariff,carrier,b", ZONE, BAND), [(6, "field", '"carrier"', "each field once")]),
        (
            (*HEAD, "tariff,bands[0].zone,b", ZONE, BAND),
            [(6, "field", '"bands[0].zone"', "a row of band")],
        ),
        ((*HEAD, "tariff,version,1,RU", ZONE, BAND), [(6, "code", '"RU"', "only field and value")]),
        (
            (*HEAD, "tariff,limits.any_of[1].sum3_max_mm,5", ZONE, BAND),
            [(6, "value", '"limits.any_of[1].sum3_max_mm"', "[0] before it")],
        ),
        (
            (*HEAD, "tariff,limits,5", "tariff,limits.sum3_max_mm,5", ZONE, BAND),
            [
                (6, "value", '"5"', "object"),
                (7, "value", '"limits.sum3_max_mm"', "one of the two columns"),
            ],
        ),
        (
            (*HEAD, "tariff,limits.sum3_max_mm,5", "tariff,limits,5", ZONE, BAND),
            [
                (6, "value", '"limits.sum3_max_mm"', "one of the two columns"),
                (7, "value", '"5"', "object"),
            ],
        ),
        ((*HEAD, "tariff,[0],5", ZONE, BAND), [(6, "value", '"[0]"', "the path of a field")]),
        ((*HEAD, "tariff,.,5", ZONE, BAND), [(6, "value", '"."', "a field's path")]),
        (
            (*HEAD, "tariff,colour,red", ZONE, BAND),
            [(6, "value", '"red"', "only the fields of the format")],
        ),
        (
            (*HEAD, "tariff,tax_included,maybe", "tariff,promise.max_days,soon", ZONE, BAND),
            [(6, "value", '"maybe"', "true or false"), (7, "value", '"soon"', "a whole number")],
        ),
        ((*HEAD[1:], ZONE, BAND), [(0, "value", "nothing", "a value (required)")]),
        (
            (*HEAD, "tariff,currency,RMB", ZONE, BAND),
            [(6, "field", '"currency"', "each field once")],
        ),
        (
            (*HEAD, ZONE, "band,,,,,RU,200,100,flat,5"),
            [(7, "up_to_g", '"100"', "a number above the band's beginning")],
        ),
        ((*HEAD, ZONE, BAND + ",,,," + "spare"), [(7, "", '"spare"', "nothing under no name")]),
    ],
)
def test_what_is_wrong_is_named_with_its_cell(
    rows: tuple[str, ...], expected: list[tuple[int, str, str, str]]
) -> None:
    assert flaws(*rows) == expected


def test_all_that_is_wrong_is_named_at_once() -> None:
    found = flaws(
        *HEAD[:2],
        "tariff,currency,RMB",
        "tariff,valid_from,tomorrow",
        ZONE,
        "band,,,,,RU,a,b,flat,c",
        "band,,,,,RU,100,200,flat,5",
        "band,,,,,RU,200,x,flat,",
    )
    assert [(row, column) for row, column, _, _ in found] == [
        (4, "value"),
        (5, "value"),
        (7, "over_g"),
        (7, "price.amount"),
        (7, "up_to_g"),
        (9, "price.amount"),
        (9, "up_to_g"),
    ]


def test_a_header_that_is_none() -> None:
    assert flaws(*HEAD, header="code,name,code") == [
        (1, "code", '"code"', "each column once"),
        (1, "part", "nothing", "a column part"),
    ]


def test_the_words_name_row_column_value_and_what_is_allowed() -> None:
    data = "\n".join((HEADER, *HEAD, ZONE, "band,,,,,RU,0,x,flat,5")).encode()
    (one,) = read(data, "csv").rejected
    assert one.to_json()["message"] == (
        'row 7, column up_to_g (H): "x" is not allowed; allowed: a decimal number'
    )
    assert one.flaw.path == "bands[0].up_to_g"


@given(st.lists(st.lists(st.text('tarifzonebd.[]0;{}"-=,', max_size=8), max_size=6), max_size=6))
def test_any_table_is_judged(cells: list[list[str]]) -> None:
    rows = tuple(
        (n, {at: text for at, text in enumerate(row) if text}) for n, row in enumerate(cells, 1)
    )
    tariff, found = from_table(Table("", rows))
    assert tariff is None
    assert all(one.message for one in found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)
KEYS = st.sampled_from("carrier currency zones bands fees not_served limits billable".split())


@given(st.dictionaries(KEYS, JSON, max_size=3))
def test_any_json_is_judged(changes: dict[str, Any]) -> None:
    raw = json.loads(SHIPPED[0].read_text("utf-8"))
    tariff, faults = judged(raw | changes)
    assert (tariff is None) is bool(faults)
    assert all(one.message for one in faults)


def test_what_no_single_part_shows_is_found_too() -> None:
    raw = json.loads(SHIPPED[0].read_text("utf-8"))
    raw["bands"][0] |= {"up_to_lb": "3"}
    tariff, faults = judged(raw)
    assert tariff is None
    assert [one.path for one in faults] == ["bands[0].up_to_lb"]


def test_json_names_every_wrong_place() -> None:
    raw = json.loads(SHIPPED[0].read_text("utf-8"))
    raw["zones"] = [*raw["zones"][:1], {"code": 5}]
    raw["bands"] = [dict(raw["bands"][0], zone="?"), {"zone": "RU"}, 7]
    raw["promise"] = {"min_days": -1, "unit": "weeks"}
    found = read(json.dumps([raw, raw | {"zones": {}}]).encode(), "json")
    assert found.tariffs == ()
    paths = [(one.record, one.flaw.path) for one in found.rejected]
    first = [path for record, path in paths if record == 0]
    assert first == [
        "promise.min_days",
        "promise.unit",
        "zones[1].code",
        "bands[1].price",
        "bands[2]",
        "bands[0].zone",
    ]
    assert (1, "zones") in paths


# --- workbooks -----------------------------------------------------------------------------


def workbook(rows: list[list[object]], title: str = "Prices") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def typed(amount: object, **head: object) -> list[list[object]]:
    """A tariff as somebody types it into a spreadsheet, with numbers and days of its own."""
    given: dict[str, object] = {
        "carrier": "test",
        "service": "a",
        "currency": "CNY",
        "valid_from": datetime(2026, 12, 1),  # noqa: DTZ001 - as a spreadsheet has a day
        **head,
    }
    rows: list[list[object]] = [
        [
            "part",
            "field",
            "value",
            "code",
            "match[0].countries",
            "zone",
            "up_to_g",
            "price.kind",
            "price.amount",
        ]
    ]
    rows += [["tariff", name, value] for name, value in given.items()]
    rows.append(["zone", None, None, "RU", "RU"])
    rows.append(["band", None, None, None, None, "RU", 2000, "flat", amount])
    return rows


def test_numbers_and_days_typed_into_a_spreadsheet() -> None:
    found = read(workbook(typed(0.1, tax_included=True, **{"promise.max_days": 12})), "xlsx")
    assert found.rejected == ()
    (tariff,) = found.tariffs
    assert (str(tariff.valid_from), tariff.tax_included, tariff.promise.max_days) == (
        "2026-12-01",
        True,
        12,
    )
    price = tariff.bands[0].price
    assert isinstance(price, Flat)
    assert (str(price.amount), str(tariff.bands[0].up_to_g)) == ("0.1", "2000")


def test_a_formula_is_text_and_never_its_result() -> None:
    found = read(workbook(typed("=1+1", source='=HYPERLINK("http://x")')), "xlsx")
    (one,) = found.rejected
    assert (one.flaw.row, one.flaw.letter, one.flaw.value) == (8, "I", '"=1+1"')


def test_texts_that_look_like_formulas_are_written_as_text() -> None:
    tariff = load_tariff(SHIPPED[0].read_bytes())
    hostile = replace(tariff, source="=cmd|' /C calc'!A1", version="#N/A")
    sheet = load_workbook(io.BytesIO(write([hostile], "xlsx"))).worksheets[0]
    types = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert (types[hostile.source], types["#N/A"]) == ("s", "s")
    assert b"'=cmd" in write([hostile], "csv")
    assert there_and_back(hostile) == {written(hostile)}


def test_several_sheets_are_several_tariffs_and_one_bad_sheet_loses_no_other() -> None:
    tariffs = [load_tariff(path.read_bytes()) for path in SHIPPED[:3]]
    data = write(tariffs, "xlsx")
    book = load_workbook(io.BytesIO(data))
    book.worksheets[1]["C3"] = ""
    notes = book.create_sheet("notes")
    notes.append(["call Li before the 15th"])
    out = io.BytesIO()
    book.save(out)
    found = read(out.getvalue(), "xlsx")
    assert found.tariffs == (tariffs[0], tariffs[2])
    assert {(one.record, one.sheet, one.flaw.path) for one in found.rejected} == {
        (1, book.worksheets[1].title, "carrier")
    }


def test_sheets_have_names_that_a_spreadsheet_takes() -> None:
    rows = [{"a": "1"}]
    names = ["x/y:z", "X-Y-Z", "", "n" * 40, "n" * 41]
    data = write_xlsx([Grid(name, ("a",), rows) for name in names])
    titles = load_workbook(io.BytesIO(data)).sheetnames
    assert titles == ["x-y-z", "X-Y-Z-2", "tariff", "n" * 31, "n" * 29 + "-2"]


@pytest.mark.parametrize("depth", [300, 700, 5000])
def test_what_is_nested_too_deeply_is_refused_in_words(depth: int) -> None:
    data = b'{"limits":' + b'{"any_of":[' * depth + b"]}" * depth + b"}"
    with pytest.raises(InputInvalid) as caught:
        read(data, "json")
    assert caught.value.fields["value"] == "nested too deeply"
    assert [one.kind for one in lint([("a.json", data)], date(2026, 11, 21))] == ["schema"]


def test_files_that_are_none() -> None:
    for data, kind in (
        (b"", "csv"),
        (b"nothing", "xlsx"),
        (b"{", "json"),
        (write_xlsx([]), "xlsx"),
    ):
        with pytest.raises(InputInvalid):
            read(data, kind)  # type: ignore[arg-type] # one of the three


def test_a_workbook_that_unpacks_to_more_than_anybody_wrote() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", bytes(70 * 1024 * 1024))
    with pytest.raises(InputInvalid) as caught:
        read_xlsx(out.getvalue())
    assert caught.value.fields["allowed"] == "at most 64 MiB unpacked"


def test_a_text_that_no_cell_takes_is_refused_and_not_cut() -> None:
    tariff = replace(load_tariff(SHIPPED[0].read_bytes()), source="x" * (MOST_CELL + 1))
    with pytest.raises(InputInvalid):
        write([tariff], "xlsx")


def test_a_table_holds_one_tariff_and_json_many() -> None:
    tariffs = [load_tariff(path.read_bytes()) for path in SHIPPED[:2]]
    with pytest.raises(InputInvalid):
        write(tariffs, "csv")
    assert read(write(tariffs, "json"), "json").tariffs == tuple(tariffs)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.XLSX", b"", "xlsx"),
        ("a.csv", b"{}", "csv"),
        ("-", b"PK\x03\x04", "xlsx"),
        ("-", b"\xef\xbb\xbf [", "json"),
        ("-", b"part,field", "csv"),
    ],
)
def test_what_kind_of_file_it_is(name: str, data: bytes, kind: Kind) -> None:
    assert kind_of(name, data) == kind


def test_cells_of_a_table() -> None:
    assert [letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    table = read_csv(b"a;b\n;\n'=1;2\n")
    assert table.rows == ((1, {0: "a", 1: "b"}), (3, {0: "=1", 1: "2"}))
    assert write_csv(Grid("", ("a",), [{"a": "=1"}])) == b"\xef\xbb\xbfa\r\n'=1\r\n"


def test_a_file_is_called_after_its_tariff_whatever_that_is_called() -> None:
    tariff = load_tariff(SHIPPED[0].read_bytes())
    assert file_name(tariff) == f"{tariff.carrier}-{tariff.service}-{tariff.valid_from}.json"
    evil = replace(tariff, carrier="../../etc", service="燕文 专线")
    name = file_name(evil)
    assert "/" not in name
    assert name.isascii()
    assert not name.startswith(".")
    other = replace(evil, service="燕文 特货")
    assert file_name(other) != name


def test_the_grid_of_a_tariff_has_each_column_once() -> None:
    columns = to_grid(random_tariff(Random(3))).columns
    assert len(set(columns)) == len(columns)
