"""``papers check``, ``papers example`` and ``papers preview`` as a clerk uses them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from packstation.assets import resource
from packstation.customs.examples import read_examples
from tests.cli.terminal import packstation

AT = ("--at", "2026-11-22T09:00:00Z")


def example(folder: Path, *words: str) -> Path:
    path = folder / f"{'-'.join(words)}.json"
    path.write_text(packstation("papers", "example", *words).out, "utf-8")
    return path


def test_one_line_an_order_and_what_stops_it(tmp_path: Path) -> None:
    bad, good = example(tmp_path, "R46"), example(tmp_path, "R46", "--ok")
    done = packstation("papers", "check", bad, good, *AT, "--json")
    assert done.status == 1
    first, second = done.documents
    assert second["ok"] is True
    assert (first["ok"], first["form"], first["order_id"]) == (False, "cn22", "W-2026-1001")
    assert first["rule_pack"].startswith("20")
    (finding,) = first["findings"]
    assert finding["rule"] == "R46"
    assert finding["severity"] == "BLOCK"
    assert finding["field"] == "signer.name"
    assert finding["value"] is None
    assert finding["message"].startswith("No authorised signer")
    assert packstation("papers", "check", good, *AT).status == 0


@pytest.mark.parametrize(("language", "word"), [("zh_Hans", "签字"), ("ru", "подписанта")])
def test_in_the_packers_language(language: str, word: str, tmp_path: Path) -> None:
    done = packstation("papers", "check", example(tmp_path, "R46"), *AT, "--lang", language)
    assert word in done.out
    assert "BLOCK R46" in done.out
    assert "signer.name = -" in done.out


def test_examples_by_name_and_those_that_are_not_there() -> None:
    named = packstation("papers", "example", "R46", "--name", "yesterday's date", "--json")
    assert named.document["signer"]["date"] == "2026-11-21"
    assert packstation("papers", "example", "R99").status == 2
    assert "nobody" in packstation("papers", "example", "R46", "--name", "x").err


def test_an_example_tells_the_moment_that_it_is_of(tmp_path: Path) -> None:
    """Rules and rates grow old: next month the same order is found something else."""
    for rule in ("R46", "R47"):
        made = packstation("papers", "example", rule)
        at = made.err.split()[-1]
        (tmp_path / "order.json").write_text(made.out, "utf-8")
        done = packstation("papers", "check", tmp_path / "order.json", "--at", at, "--json")
        assert [one["rule"] for one in done.document["findings"]] == [rule]


def test_an_example_that_a_rule_is_content_with_is_one_that_none_stops(tmp_path: Path) -> None:
    for one in read_examples(resource("customs", "examples")):
        made = packstation("papers", "example", one.rule, "--ok")
        (tmp_path / "order.json").write_text(made.out, "utf-8")
        at = ("--at", made.err.split()[-1])
        found = packstation("papers", "check", tmp_path / "order.json", *at, "--json").document
        assert not {each["rule"] for each in found["findings"]} - {"R24", "R45"}, one.rule


def test_each_rule_is_told_of_an_order_that_breaks_just_it(tmp_path: Path) -> None:
    rules = read_examples(resource("customs", "examples"))
    assert [one.rule for one in rules] == [f"R{at:02}" for at in range(1, 49)]
    for at in sorted({one.bad[0].at for one in rules}):
        ids = [one.rule for one in rules if one.bad[0].at == at]
        paths = [example(tmp_path, each) for each in ids]
        done = packstation("papers", "check", *paths, "--at", at.isoformat(), "--json")
        assert [{one["rule"] for one in each["findings"]} for each in done.documents] == [
            {each} for each in ids
        ]
        told = packstation("papers", "check", *paths, "--at", at.isoformat()).out
        assert all(f" {each} " in told for each in ids)


@pytest.mark.parametrize("at", ["soon", "2026-11-22T09:00:00"])
def test_a_moment_without_a_zone_is_refused(at: str, tmp_path: Path) -> None:
    done = packstation("papers", "check", example(tmp_path, "R46"), "--at", at)
    assert done.status == 2
    assert "--at" in done.err


def draft(folder: Path, change: dict[str, Any]) -> Path:
    """A copy of the installed pack with another rule R46."""
    made = folder / "draft"
    shutil.copytree(resource("customs"), made)
    path = made / "rules" / "documents.json"
    rules = json.loads(path.read_text("utf-8"))
    path.write_text(
        json.dumps([{**one, **change} if one["id"] == "R46" else one for one in rules]), "utf-8"
    )
    return made


def test_a_new_pack_on_open_orders(tmp_path: Path) -> None:
    orders = (example(tmp_path, "R46"), example(tmp_path, "R46", "--ok"))
    milder = draft(tmp_path, {"checks": []})
    done = packstation("papers", "preview", milder, *orders, *AT, "--json")
    assert done.status == 0
    assert done.document["orders"] == 2
    assert [one["gone"] for one in done.document["frees"]] == [["R46"]]
    back = packstation(
        "papers", "preview", resource("customs"), *orders, *AT, "--pack", milder, "--json"
    )
    assert [one["new"] for one in back.document["stops"]] == [["R46"]]
    told = packstation("papers", "preview", milder, *orders, *AT).out
    assert "stops 0, frees 1" in told
    assert "frees W-2026-1001: -R46" in told


def test_a_pack_with_faults_is_not_compared(tmp_path: Path) -> None:
    check = {"fact": "signer.name", "is": "resembles"}
    broken = draft(tmp_path, {"checks": [check]})
    done = packstation("papers", "preview", broken, example(tmp_path, "R46"), *AT, "--json")
    assert done.status == 1
    assert "resembles is none" in done.document["faults"][0]


def test_products_from_a_catalogue(tmp_path: Path) -> None:
    order = json.loads(example(tmp_path, "R46", "--ok").read_text("utf-8"))
    catalogue = tmp_path / "catalog.json"
    catalogue.write_text(json.dumps({"products": order.pop("products")}), "utf-8")
    bare = tmp_path / "bare.json"
    bare.write_text(json.dumps(order), "utf-8")
    stricter = draft(tmp_path, {"applies": [], "checks": [{"fact": "note", "is": "present"}]})
    words = ("papers", "preview", stricter, bare, *AT, "--json")
    assert packstation(*words).document["others"][0]["new"] == ["R46"]
    assert packstation(*words, "--catalog", catalogue).document["stops"][0]["new"] == ["R46"]
    catalogue.write_text("7", "utf-8")
    assert packstation(*words, "--catalog", catalogue).status == 2


def test_a_pack_that_is_not_there_or_not_signed(tmp_path: Path) -> None:
    order = example(tmp_path, "R46", "--ok")
    done = packstation("papers", "check", order, "--pack", tmp_path / "none")
    assert (done.status, done.out) == (2, "")
    unsigned = tmp_path / "pack.json"
    unsigned.write_text("{}", "utf-8")
    done = packstation("papers", "check", order, "--pack", unsigned)
    assert done.status == 2
    assert "unsigned" in done.err
