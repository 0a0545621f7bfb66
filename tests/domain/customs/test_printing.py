"""What cannot be printed is told by field and character, once for each field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from packstation.assets import resource
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.checking import check
from packstation.domain.customs.findings import Finding
from tests.domain.customs.orders import order

PACK = read_folder(resource("customs"))
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def found(**patch: object) -> list[Finding]:
    findings = check(order(**patch), PACK, Tables(), NOW).findings
    return [one for one in findings if "U+" in one.message("en")]


def test_it_is_told_in_the_packers_language_with_the_character() -> None:
    (one,) = found(ship_to={"name": "สมชาย ใจดี"})
    assert (one.rule, one.severity, one.field) == ("R05", "BLOCK", "ship_to.name")
    assert "ส U+0E2A" in one.message("zh")
    assert "латиницей" in one.message("ru")
    assert one.needed("ru") == "латинские буквы"


def test_a_field_of_several_lines_is_told_once_by_its_line() -> None:
    (one,) = found(ship_to={"lines": ["Torstrasse 12", "🚀", "مبنى"]})
    assert (one.field, one.value) == ("ship_to.lines", "🚀")


def test_a_lost_character_is_not_shown_as_if_it_were_one() -> None:
    (one,) = found(ship_from={"city": "Guang\ufffdhou"})
    assert "lost on the way (U+FFFD)" in one.message("en")


@pytest.mark.parametrize("strange", [7, None, {"a": "ส"}, ["Torstrasse 12", 7], True])
def test_what_is_no_text_is_another_rules(strange: object) -> None:
    assert not found(ship_to={"city": strange, "lines": strange})


def test_a_sign_that_nobody_sees_is_told_as_such() -> None:
    findings = check(order(ship_to={"name": "Anna\x00Schmidt"}), PACK, Tables(), NOW).findings
    (one,) = [one for one in findings if one.field == "ship_to.name"]
    assert "nobody can see or print" in one.message("en")
    assert "500" not in one.message("ru")


def test_a_finding_shows_what_stands_in_its_field() -> None:
    heavy = {"0": {"customs": {"net_g": 900}}}
    findings = check(order(products=heavy), PACK, Tables(), NOW).findings
    (one,) = [one for one in findings if one.rule == "R21"]
    assert (one.field, one.value) == ("parcels[0].gross_g", "458 g")
    assert one.needed("en") == "at least 1800 g"
