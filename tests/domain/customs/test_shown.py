"""What stands there, as people read it: pieces with their SKU, hours, codes without a point."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.assets import resource
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.checking import check
from packstation.domain.customs.duties import SHOWN
from packstation.domain.customs.findings import Finding
from packstation.domain.customs.hs import read_hs, without_point

PACK = read_folder(resource("customs"))
BASE = json.loads(resource("customs", "examples", "base.json").read_text("utf-8"))
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def found(raw: dict[str, Any], rule: str) -> list[Finding]:
    return [one for one in check(raw, PACK, Tables(), NOW).findings if one.rule == rule]


def test_pieces_that_differ_are_shown_with_what_they_are() -> None:
    raw = copy.deepcopy(BASE)
    raw["parcels"][0]["contents"][0]["quantity"] = 1
    (one,) = found(raw, "R33")
    assert (one.value, one.allowed) == ("TS-BLK-M x 1", "TS-BLK-M x 2")
    assert "packed 1, invoiced 2" in one.message("en")


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(29, "29 min"), (0, "0 min"), (-1, "-1 min"), (-613, "-10 h 13 min"), (60, "1 h 00 min")],
)
def test_time_left_is_shown_in_hours_and_minutes(minutes: int, shown: str) -> None:
    raw = copy.deepcopy(BASE)
    raw["deadlines"] = [{"kind": "handover", "at": (NOW + timedelta(minutes=minutes)).isoformat()}]
    assert [one.value for one in found(raw, "R45")] == [shown]


@given(st.integers(-(10**6), 10**6))
def test_hours_and_minutes_say_all_of_the_minutes(minutes: int) -> None:
    shown = str(SHOWN["minutes_left"](Decimal(minutes)))
    numbers = [abs(int(word)) for word in shown.split() if word.lstrip("-").isdigit()]
    hours, rest = numbers if len(numbers) == 2 else (0, numbers[0])
    assert (hours * 60 + rest, shown.startswith("-")) == (abs(minutes), minutes < 0)


def test_a_code_that_a_spreadsheet_made_a_number_is_read_and_shown_without_its_point() -> None:
    raw = copy.deepcopy(BASE)
    raw["products"][0]["customs"]["hs"] = 61091000.0
    (one,) = found(raw, "R16")
    assert (one.value, one.allowed) == ("61091000", '"61091000"')
    assert "61091000.0" not in " ".join(one.messages.values())
    assert [one.value for one in found(raw, "R17")] == ["61091000"]


@given(st.integers(0, 10**13) | st.decimals() | st.floats() | st.text() | st.booleans())
def test_only_whole_numbers_lose_a_point(value: object) -> None:
    plain = without_point(value)
    if plain is not value:
        assert isinstance(value, Decimal | float)
        assert Decimal(str(plain)) == Decimal(str(value))
        assert str(plain).isdigit()
    read_hs(value)
