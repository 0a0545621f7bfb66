"""The operator's name on a form: every carrier that the rules know has one."""

from __future__ import annotations

import json

import pytest

from packstation.assets import resource
from packstation.documents.papers.wording import carrier_name

ROWS = json.loads(resource("customs", "tables", "carriers.json").read_text("utf-8"))


@pytest.mark.parametrize("code", [row["carrier"] for row in ROWS])
def test_a_carrier_of_the_rules_has_a_name_of_its_own(code: str) -> None:
    assert carrier_name(code) != code or code == "bpost"  # which writes itself so


def test_a_carrier_that_nobody_knows_keeps_its_code() -> None:
    assert carrier_name("own-fleet") == "own-fleet"
