"""What rules say, read as a packer reads it: in three languages, with nothing left open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.customs.examples import Example, order_of, read_examples
from packstation.customs.lint import lint
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.checking import check
from packstation.domain.customs.evaluate import _of_language, shown
from packstation.domain.customs.findings import LANGUAGES, Finding
from packstation.domain.customs.pack import Pack
from packstation.domain.customs.phrases import in_words, phrase
from packstation.domain.rating.measures import Beyond

FOLDER = resource("customs", "examples")
PACK = read_folder(resource("customs"))
TABLES = Tables()
HAN, CYRILLIC = re.compile("[\u4e00-\u9fff]"), re.compile("[а-яА-Я]")
# A dash that stands for nothing, a place that nobody filled, a field that nobody named.
OPEN = re.compile(r"(?<![\w-])-(?![\w-])|«-»|\{\w*\}|\b(?:bench|channel_status)\.\w+")


def findings(**more: Any) -> tuple[Finding, ...]:  # noqa: ANN401 - of an example
    example = Example(name="one", **more)
    return check(order_of(FOLDER, example), PACK, TABLES, example.at).findings


def of(rule: str, **more: Any) -> Finding:  # noqa: ANN401 - of an example
    return next(one for one in findings(**more) if one.rule == rule)


def every() -> Iterator[object]:
    for rule in read_examples(FOLDER):
        yield pytest.param(rule.rule, rule.bad, id=rule.rule)


@pytest.mark.parametrize(("rule", "bad"), [*every()])
def test_each_finding_is_said_whole_in_each_language(rule: str, bad: tuple[Example, ...]) -> None:
    for example in bad:
        for one in check(order_of(FOLDER, example), PACK, TABLES, example.at).findings:
            if one.rule != rule:
                continue
            for language in LANGUAGES:
                told = one.message(language).replace(one.value or "\0", "")
                assert not OPEN.search(told), (example.name, told)
                assert not OPEN.search(one.needed(language)), (example.name, one.needed(language))
            assert HAN.search(one.message("zh"))
            assert CYRILLIC.search(one.message("ru"))
            assert one.needed("en") == one.allowed


def test_what_is_needed_is_told_in_the_readers_language() -> None:
    phone = of("R08", patch={"ship_to": {"phone": None}})
    assert phone.allowed == "with country code, e.g. +49 30 901820"
    assert phone.needed("zh_Hans") == "带国家区号，如 +49 30 901820"
    assert phone.needed("ru") == "с кодом страны, например +49 30 901820"
    code = of("R32", patch={"incoterm": "XYZ"})
    assert (code.needs, code.needed("ru")) == ({}, code.allowed)


def test_an_absent_status_is_ready_as_it_is_on_import() -> None:
    assert not [one for one in findings(patch={"status": None}) if one.rule == "R01"]


def test_nothing_may_go_under_voec_or_some_of_it() -> None:
    norway = {
        "ship_to": {"country": "NO", "city": "Oslo", "postcode": "0150", "phone": "+4722123456"},
        "ship_from": {"ioss": "", "voec": "2012345"},
        "tax_scheme": "voec",
        "rates": [{"from": "NOK", "to": "CNY", "rate": "0.70", "on": "2026-11-20"}],
    }
    dear = {"0": {"customs": {"unit_value": {"amount": "2100.01", "currency": "CNY"}}}}
    alone = of("R29", patch={**norway, "products": dear})
    assert alone.message("en").startswith("None of these goods may go under VOEC (TS-BLK-M")
    base = order_of(FOLDER, Example(name="base"))
    (shirt,) = base["products"]
    cheap = {**shirt, "sku": "CHEAP"}
    costly = {**shirt, "customs": {**shirt["customs"], **dear["0"]["customs"]}}
    lines = [
        {**base["lines"][0], "line": at, "sku": sku} for at, sku in ((1, "TS-BLK-M"), (2, "CHEAP"))
    ]
    both = of("R29", patch={**norway, "products": [costly, cheap], "lines": lines})
    assert both.message("en").startswith("Split the parcel: TS-BLK-M (")
    assert both.message("en").endswith("CHEAP stays in this one")
    old = [{"from": "NOK", "to": "CNY", "rate": "0.70", "on": "2026-01-20"}]
    near = {"0": {"customs": {"unit_value": {"amount": "2099.99", "currency": "CNY"}}}}
    gap = of("R29", patch={**norway, "rates": old, "products": near})
    assert (gap.field, gap.message("en")[:22]) == ("rates", "No fresh exchange rate")


def test_a_pack_without_phrases_still_says_something() -> None:
    bare = Pack(version=PACK.version, reviewed_on=PACK.reviewed_on, source="x", rules=PACK.rules)
    assert phrase(bare, "rate.newer") == {}
    assert in_words(bare, "value", "cancelled")["zh"] == "cancelled"
    tables = {name: rows for name, rows in PACK.tables.items() if name != "phrases"}
    example = Example(name="x", patch={"invoice": {"date": "2026-11-23"}})
    order = order_of(FOLDER, example)
    found = check(order, replace(PACK, tables=tables), TABLES, example.at).findings
    (late,) = (one for one in found if one.field == "invoice.date")
    assert late.allowed == "2026-11-22"


def test_words_of_languages_take_the_place_of_their_name() -> None:
    assert _of_language({"what": "a", "what_zh": "b"}, "zh")["what"] == "b"
    assert _of_language({"what": "a", "what_zh": "b"}, "en")["what"] == "a"
    values: list[object] = [[], {}, (), [1], False]
    assert [shown(one) for one in values] == [None, None, None, "[1]", "false"]


def test_a_measure_that_is_not_known_has_words() -> None:
    assert Beyond("sides").detail == "sides are not known"
    assert (Beyond("sides").reason, Beyond("").reason) == ("size", "weight")


def test_a_longest_side_is_told_once() -> None:
    limits = {"longest_max_mm": 600, "sides_max_mm": [600, 400, 300], "sum3_max_mm": None}
    patch = {"parcels": {"0": {"length_mm": 700}}, "bench": {"limits": limits}}
    assert len([one for one in findings(patch=patch) if one.rule == "R04"]) == 1


def test_a_phrase_wants_every_language() -> None:
    rows = ({"phrase": "x", "en": "{a}", "zh": "{b}"},)
    pack = replace(PACK, tables={**PACK.tables, "phrases": rows})
    told = [str(one) for one in lint(pack, PACK.reviewed_on)]
    assert told == [
        "phrase x: message: other placeholders in zh than in en",
        "phrase x: message: none in ru",
    ]
