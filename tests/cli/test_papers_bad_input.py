"""The papers commands with files and words that nobody can use: named, with what is wanted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from packstation.assets import resource
from tests.cli.terminal import Done, packstation

AT = ("--at", "2026-11-22T09:00:00Z")
ARRAY = b'[{"schema":"packstation.order/1"}]'
Asked = Callable[[Path, Path], tuple[object, ...]]
LETTERHEADS = {
    "schema": "packstation.templates/1",
    "templates": [{"id": "baiyun", "version": 1, "letterhead": ["Baiyun Trading"]}],
}

ORDERS: dict[str, Asked] = {
    "check": lambda path, _: ("papers", "check", path),
    "make": lambda path, out: ("papers", "make", path, "--out", out),
    "export": lambda path, out: ("papers", "export", path, "--kind", "itmatt", "--out", out),
    "preview": lambda path, _: ("papers", "preview", resource("customs"), path),
}


def good(folder: Path) -> Path:
    path = folder / "good.json"
    path.write_text(packstation("papers", "example", "R14", "--ok").out, "utf-8")
    return path


@pytest.mark.parametrize("command", ORDERS)
@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it is empty; JSON is wanted"),
        (ARRAY, "an array; one JSON object (packstation.order/1) is wanted"),
        (b'"x"', "a text; one JSON object (packstation.order/1) is wanted"),
        (b"7", "a number; one JSON object (packstation.order/1) is wanted"),
        (b"\xff\xfe{\x00", "no UTF-8 at byte 0; UTF-8 is wanted"),
        (b"hello", "JSON is wanted"),
        (b'{"schema":"packstation.catalog/1"}', "packstation.catalog/1 is not allowed"),
    ],
)
def test_what_is_no_order_is_named_with_what_is_wanted(
    command: str, data: bytes, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "order.json"
    path.write_bytes(data)
    done = packstation(*ORDERS[command](path, tmp_path / "out"), *AT)
    assert (done.status, done.out) == (2, "")
    assert str(path) in done.err
    assert told in done.err


def test_several_files_are_all_looked_at_and_each_bad_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "array.json").write_bytes(ARRAY)
    files = (tmp_path / "absent.json", good(tmp_path), tmp_path / "array.json", good(tmp_path))
    done = packstation("papers", "check", *files, *AT, "--json")
    assert done.status == 2
    assert [one["ok"] for one in done.documents] == [True, True]
    assert "absent.json: No such file" in done.err
    assert "array.json: an array" in done.err


def test_what_is_right_is_said_in_words(tmp_path: Path) -> None:
    said = {"en": "nothing found", "zh_Hans": "没有问题", "ru": "замечаний нет"}
    for language, words in said.items():
        done = packstation("papers", "check", good(tmp_path), *AT, "--lang", language)
        assert words in done.out
        done = packstation("catalog", "lint", good(tmp_path), *AT, "--lang", language)
        assert words in done.out


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (None, "No such file or directory; JSON is wanted"),
        ("[", "JSON is wanted"),
    ],
)
def test_a_pack_that_lacks_a_part_names_that_part(
    made: str | None, told: str, tmp_path: Path
) -> None:
    pack = tmp_path / "draft"
    pack.mkdir()
    if made is not None:
        (pack / "head.json").write_text(made)
    done = packstation("papers", "check", good(tmp_path), "--pack", pack)
    assert done.status == 2
    assert f"{pack / 'head.json'}: " in done.err
    assert told in done.err
    assert "Errno" not in done.err


def test_a_pack_without_signature_is_refused_in_words(tmp_path: Path) -> None:
    pack = tmp_path / "pack.json"
    pack.write_text("{}")
    done = packstation("papers", "check", good(tmp_path), "--pack", pack)
    assert "unsigned" in done.err
    assert "pack.json" in done.err
    assert "is not allowed" not in done.err


def test_a_pack_whose_field_is_of_another_shape_is_named(tmp_path: Path) -> None:
    pack = tmp_path / "draft"
    (pack / "rules").mkdir(parents=True)
    (pack / "head.json").write_text(resource("customs", "head.json").read_text("utf-8"))
    (pack / "rules" / "one.json").write_text('[{"id": 1}]')
    done = packstation("papers", "check", good(tmp_path), "--pack", pack)
    assert done.status == 2
    assert str(pack) in done.err
    assert "$.rules[0].id" in done.err


def test_a_rule_is_found_in_small_letters_too() -> None:
    assert packstation("papers", "example", "r14").status == 0


@pytest.mark.parametrize("second", ["xx", "ar", "english"])
def test_a_second_language_without_words_is_refused(second: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = packstation("papers", "make", good(tmp_path), "--out", out, "--second", second, *AT)
    assert done.status == 2
    assert f"--second {second}" in done.err
    assert "zh" in done.err
    assert not out.exists()
    library = tmp_path / "letterheads.json"
    library.write_text(json.dumps(LETTERHEADS))
    shown = ("papers", "templates", "preview", library, "--out", out, "--second", second)
    assert packstation(*shown).status == 2


@pytest.mark.parametrize("media", ["10x10", "999x999", "300x", "letter"])
def test_paper_that_no_form_has_is_refused(media: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = packstation("papers", "make", good(tmp_path), "--out", out, "--media", media, *AT)
    assert done.status == 2
    assert f"--media {media}" in done.err


def test_a_paper_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    out = tmp_path / "out"
    argv = ("papers", "make", good(tmp_path), "--out", out, "--kind", "cn22,origin", *AT)
    assert packstation(*argv, "--json").document["error"] == {
        "code": "document-missing",
        "field": "origin_statement.agreement",
        "kind": "origin",
    }
    assert packstation(*argv).out.startswith("origin: Missing")
    assert not out.exists()


@pytest.mark.parametrize(("option", "country"), [("--to", "ZZ"), ("--from", "china")])
def test_a_country_that_is_none_is_refused(option: str, country: str, tmp_path: Path) -> None:
    done = packstation("catalog", "lint", good(tmp_path), option, country)
    assert done.status == 2
    assert f"{option} {country}" in done.err


@pytest.mark.parametrize(
    "found",
    [
        [{"schema": "packstation.order/1", "order_id": "A", "lines": []}],
        [],
        [{"name": "no sku"}],
        {"products": [{"names": {"en": "no sku"}}]},
        {},
    ],
)
def test_what_is_no_catalogue_is_refused(found: object, tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(found))
    done = packstation("catalog", "lint", path)
    assert done.status == 2
    assert str(path) in done.err
    pack = resource("customs")
    done = packstation("papers", "preview", pack, good(tmp_path), "--catalog", path)
    assert done.status == 2
    assert str(path) in done.err


def _imported(folder: Path, data: bytes) -> Done:
    path = folder / "list.csv"
    path.write_bytes(data)
    return packstation("papers", "parties", "import", path, "--data", folder / "data")


def test_lists_of_parties(tmp_path: Path) -> None:
    none = packstation("papers", "parties", "list", "--data", tmp_path / "data")
    assert (none.status, "parties import" in none.out) == (0, True)
    done = packstation("papers", "parties", "list", "--data", tmp_path / "data", "--json")
    assert (done.status, done.out) == (0, "")
    assert "list.csv: it is empty; OFAC SDN" in _imported(tmp_path, b"").err
    assert 'list.csv: "hello"; OFAC SDN' in _imported(tmp_path, b"hello\n").err


def test_how_fine_a_preview_may_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        packstation("papers", "templates", "preview", "x", "--dpi", "500", "--out", tmp_path / "x")
    told = capsys.readouterr().err
    assert "50 to 300" in told
    assert "51, 52" not in told


@pytest.mark.parametrize("words", [("papers", "make"), ("papers", "export")])
def test_an_order_that_is_stopped_tells_all_that_it_lacks(
    words: tuple[str, str], tmp_path: Path
) -> None:
    """The sample order, sent to the US instead: 6 digits are too few."""
    order = json.loads(resource("samples", "order-with-parcel.json").read_text("utf-8"))
    order["ship_to"] |= {"city": "Portland", "region": "OR", "postcode": "97205", "country": "US"}
    sample = tmp_path / "to-us.json"
    sample.write_text(json.dumps(order), "utf-8")
    kind = ("--kind", "itmatt") if words[1] == "export" else ()
    done = packstation(*words, sample, "--out", tmp_path / "out", *kind, *AT)
    assert done.status == 1
    assert "10 digits" in done.out
