"""Written otherwise than it should be: IOSS numbers on pages, HS codes, patterns of rules."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.customs.lint import lint
from packstation.customs.packs import read_folder
from packstation.customs.patterns import fault_of
from packstation.customs.tables import Tables
from packstation.domain.customs.checking import check
from packstation.domain.customs.findings import Checked
from packstation.domain.customs.hs import plain_hs, with_text
from packstation.domain.customs.operators import COMPARISONS
from packstation.domain.customs.reading import moment_of
from packstation.domain.customs.regimes import bare_ioss, without_ioss
from packstation.domain.customs.scripts import plain

PACK = read_folder(resource("customs"))
BASE: dict[str, Any] = json.loads(resource("customs", "examples", "base.json").read_text())
NUMBER = str(BASE["ship_from"]["ioss"])
WIDE = "".join(chr(ord(one) + 0xFEE0) for one in NUMBER)
ROUND = "".join(chr(0x2460 + int(one) - 1) if one not in "IM0" else one for one in NUMBER)
ARABIC = "".join(chr(0x660 + int(one)) if one.isdecimal() else one for one in NUMBER)
SPELLINGS = (WIDE, ROUND, ARABIC, NUMBER[2:], " ".join(NUMBER[2:]), NUMBER.lower())


def checked(raw: dict[str, Any]) -> Checked:
    now = moment_of("2026-11-22T09:00:00Z")
    assert now is not None
    return check(raw, PACK, Tables(), now)


def with_hs(hs: object) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(json.dumps(BASE))
    raw["products"][0]["customs"]["hs"] = hs
    return raw


@pytest.mark.parametrize("number", SPELLINGS)
def test_the_number_is_found_however_it_is_written(number: str) -> None:
    raw = {**BASE, "ship_to": {**BASE["ship_to"], "company": f"Ref {number} GmbH"}}
    found = checked(raw)
    assert ("R27", "ship_to.company") in {(one.rule, one.field) for one in found.findings}


@pytest.mark.parametrize("number", SPELLINGS)
@pytest.mark.parametrize("place", ["postcode", "order_id", "description"])
def test_no_answer_shows_the_number(place: str, number: str) -> None:
    raw: dict[str, Any] = json.loads(json.dumps(BASE))
    if place == "postcode":
        raw["ship_to"]["postcode"] = number
    elif place == "order_id":
        raw["order_id"] = number
    else:
        raw["products"][0]["customs"]["description"] = f"shirt {number}"
    found = checked(raw)
    shown = plain(msgspec.json.encode(found).decode()).upper()
    assert NUMBER[2:] not in shown.replace(" ", "")
    assert found.findings


def test_short_numbers_are_not_looked_for() -> None:
    assert bare_ioss("IM12") == ""
    assert without_ioss("IM12 and 12", "IM12") == "IM12 and 12"
    assert without_ioss("ref im276 000 0017", None).startswith("ref im276…")
    assert without_ioss("ｗｉｄｅ", NUMBER) == "ｗｉｄｅ"


def test_a_code_as_a_number_is_told_and_read() -> None:
    found = [one for one in checked(with_hs(6109100010)).findings if one.rule == "R16"]
    assert [(one.severity, one.field.rpartition(".")[2]) for one in found] == [("WARN", "hs")]
    assert "lost zero?" in found[0].message("en")
    assert with_text(with_hs(610910))["products"][0]["customs"]["hs"] == "610910"
    assert with_text(with_hs(40900000))["products"][0]["customs"]["hs"] == "40900000"
    assert with_text(with_hs(409000000))["products"][0]["customs"]["hs"] == "0409000000"
    assert with_text(with_hs("6109.10")) == with_hs("6109.10")
    assert with_text(with_hs({})) == with_hs({})
    assert with_text({"products": [1, {"customs": 2}]}) == {"products": [1, {"customs": 2}]}
    assert with_text({"products": None}) == {"products": None}


def test_papers_have_the_digits_that_the_check_reads() -> None:
    assert plain_hs("61091000１０") == "6109100010"
    assert plain_hs("6109 10.00-10 999") == "6109100010999"
    assert plain_hs("40900") == "040900"
    assert plain_hs("none") == "none"


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(?:a|a)*b",
        "((a)*b)+",
        "(?P<x>[0-9]*){2,}",
        "([a-z]+[.]?)*",
        "(x?)+",
        "((a|b))+",
        "(",
        "a{99999999999999999999}",
    ],
)
def test_patterns_that_could_go_on_for_ever_are_refused(pattern: str) -> None:
    assert fault_of(pattern)
    checks = tuple(replace(one, op="matches", than=pattern) for one in PACK.rules[0].checks[:1])
    told = lint(replace(PACK, rules=(replace(PACK.rules[0], checks=checks),)), date(2026, 11, 22))
    assert "pattern" in {one.kind for one in told}


@pytest.mark.parametrize("pattern", [r"[A-Z]{2}[0-9]+", r"(?:IM)?\d{10}", r"(a|b)", r"\(+[(+]*"])
def test_plain_patterns_are_taken(pattern: str) -> None:
    assert fault_of(pattern) == ""


def test_a_long_text_matches_nothing() -> None:
    look: Any = None
    assert COMPARISONS["matches"]("a" * 200, "a*", look) == ()
    assert COMPARISONS["matches"]("a" * 201, "a*", look) != ()
