"""Batteries as air transport classes them, by the rows that ship with the program."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.customs.batteries import (
    BatteryRow,
    Classified,
    classify,
    gaps,
    hazardous,
    marked,
    read_battery,
    too_heavy,
)

ROOT = Path(__file__).resolve().parents[3]
ROWS = msgspec.convert(
    json.loads((ROOT / "resources/customs/tables/batteries.json").read_text("utf-8")),
    tuple[BatteryRow, ...],
)
TODAY = date(2026, 11, 22)
PHONE = {
    "battery": "built_in",
    "battery_type": "li_ion",
    "battery_wh": "11.4",
    "battery_cells": 1,
    "battery_count": 1,
    "un383": "TS-2026-114",
}


def classed(units: int = 1, net_g: object = None, **goods: object) -> Classified:
    battery = read_battery({**PHONE, **goods}, "A", units, net_g)
    assert battery is not None
    found = classify(battery, ROWS, TODAY)
    assert found is not None
    return found


def missing(on: date = TODAY, /, **goods: Any) -> list[tuple[str, str | None, str]]:  # noqa: ANN401 - any JSON
    found = gaps({**PHONE, **goods}, ROWS, on)
    return [(gap.field, gap.value, gap.allowed) for gap in found]


@pytest.mark.parametrize(
    ("kind", "placed", "described"),
    [
        ("li_ion", "alone", "UN3480, PI 965 IB"),
        ("li_ion", "packed_with", "UN3481, PI 966 II"),
        ("li_ion", "built_in", "UN3481, PI 967 II"),
        ("li_metal", "alone", "UN3090, PI 968 IB"),
        ("li_metal", "packed_with", "UN3091, PI 969 II"),
        ("li_metal", "built_in", "UN3091, PI 970 II"),
        ("na_ion", "alone", "UN3551, PI 976 IB"),
        ("na_ion", "packed_with", "UN3552, PI 977 II"),
        ("na_ion", "built_in", "UN3552, PI 978 II"),
    ],
)
def test_each_kind_and_place_has_its_instruction(kind: str, placed: str, described: str) -> None:
    found = classed(battery=placed, battery_type=kind, battery_wh=1, battery_li_g="0.3")

    assert found.described == described
    assert found.codes[-2:] == (described[:6], "battery")


@pytest.mark.parametrize(
    ("goods", "section"),
    [
        ({"battery_wh": 20, "battery_cells": 1}, "II"),
        ({"battery_wh": "20.01", "battery_cells": 1}, "I"),
        ({"battery_wh": 100, "battery_cells": 5}, "II"),
        ({"battery_wh": "100.01", "battery_cells": 6}, "I"),
        ({"battery_wh": 100, "battery_cells": 4}, "I"),
        ({"battery_wh": 100, "battery_cells": 5, "battery": "alone"}, "IB"),
        ({"battery_wh": "100.01", "battery_cells": 6, "battery": "alone"}, "IA"),
        ({"battery_type": "li_metal", "battery_li_g": 1, "battery_cells": 1}, "II"),
        ({"battery_type": "li_metal", "battery_li_g": "1.01", "battery_cells": 1}, "I"),
        ({"battery_type": "li_metal", "battery_li_g": 2, "battery_cells": 2}, "II"),
        ({"battery_type": "li_metal", "battery_li_g": "2.01", "battery_cells": 3}, "I"),
        ({"battery_wh": None}, ""),
        ({"battery_cells": None}, ""),
    ],
)
def test_the_section_turns_at_the_limit_of_cell_and_battery(
    goods: dict[str, Any], section: str
) -> None:
    assert classed(**goods).section == section


def test_while_data_are_missing_it_counts_as_small() -> None:
    assert classed(battery_wh=None).codes == ("PI967-II", "PI967", "UN3481", "battery")
    assert classed(battery_wh=None).described == "UN3481, PI 967"


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("battery_type", None, None),
        ("battery_type", "nimh", "nimh"),
        ("battery_wh", None, None),
        ("battery_wh", 0, "0"),
        ("battery_wh", "-3", "-3"),
        ("battery_wh", "lots", "lots"),
        ("battery_wh", "NaN", "NaN"),
        ("battery_wh", True, "True"),
        ("battery_wh", ["9"], "['9']"),
        ("battery_cells", None, None),
        ("battery_cells", "1.5", "1.5"),
        ("battery_count", 0, "0"),
        ("un383", "  ", None),
        ("battery", "glued in", "glued in"),
        ("battery", ["alone"], "['alone']"),
    ],
)
def test_what_is_missing_is_named_with_what_stands_there(
    field: str, value: object, shown: str | None
) -> None:
    assert [gap[:2] for gap in missing(TODAY, **{field: value})] == [(field, shown)]


def test_all_that_is_missing_is_said_at_once() -> None:
    found = gaps({"battery": "alone"}, ROWS, TODAY)

    assert [gap.field for gap in found] == [
        "battery_type",
        "battery_wh",
        "battery_cells",
        "battery_count",
        "un383",
    ]


def test_lithium_metal_is_told_in_grams() -> None:
    assert missing(battery_type="li_metal") == [("battery_li_g", None, "> 0 g")]


def test_a_thing_without_a_battery_needs_nothing() -> None:
    assert gaps({}, ROWS, TODAY) == ()
    assert gaps({"battery": "none", "battery_wh": None, "classes": ["magnet"]}, ROWS, TODAY) == ()


def test_none_beside_a_capacity_contradicts_itself() -> None:
    found = gaps({"battery": "none", "battery_wh": "10"}, ROWS, TODAY)

    assert [(gap.field, gap.value) for gap in found] == [("battery", "none")]


@pytest.mark.parametrize(
    ("goods", "on", "wanted"),
    [
        ({"battery": "packed_with", "battery_wh": "2.7"}, TODAY, []),
        ({"battery": "packed_with", "battery_wh": "2.71"}, TODAY, [("soc_percent", None)]),
        ({"battery": "packed_with", "soc_percent": 30}, TODAY, []),
        ({"battery": "packed_with", "soc_percent": 31}, TODAY, [("soc_percent", "31")]),
        ({"battery": "packed_with", "soc_percent": 31}, date(2025, 12, 31), []),
        ({"battery": "packed_with", "soc_percent": 31}, date(2026, 1, 1), [("soc_percent", "31")]),
        ({"battery": "alone", "battery_wh": "2.7"}, TODAY, [("soc_percent", None)]),
        ({"battery": "alone", "soc_percent": 0}, TODAY, []),
        ({"battery": "alone", "soc_percent": "0"}, TODAY, []),
        ({"battery": "alone", "soc_percent": False}, TODAY, [("soc_percent", "False")]),
        ({"battery": "alone", "soc_percent": 101}, TODAY, [("soc_percent", "101")]),
        ({"battery": "built_in", "soc_percent": 80}, TODAY, []),
    ],
)
def test_the_state_of_charge_where_it_counts(
    goods: dict[str, Any], on: date, wanted: list[tuple[str, str | None]]
) -> None:
    assert [gap[:2] for gap in missing(on, **goods)] == wanted


def test_without_a_capacity_the_charge_is_asked_for_too() -> None:
    found = missing(battery="packed_with", battery_wh=None)

    assert [gap[0] for gap in found] == ["battery_wh", "soc_percent"]


@pytest.mark.parametrize(("count", "wanted"), [(6, []), (7, [("battery_count", "7", "<= 6")])])
def test_two_spare_sets_may_lie_beside_equipment(count: int, wanted: list[object]) -> None:
    goods: dict[str, Any] = {"battery": "packed_with", "soc_percent": 30, "battery_needed": 2}

    assert missing(TODAY, **goods, battery_count=count) == wanted


def test_spare_sets_are_not_judged_where_the_need_is_not_known() -> None:
    assert missing(battery="packed_with", soc_percent=30, battery_count=40) == []


def test_before_its_first_row_a_kind_has_no_instruction() -> None:
    before = missing(date(2024, 12, 31), battery_type="na_ion")

    assert before == [("battery_type", "na_ion", "PI 965, 966, 967, 968, 969, 970")]
    assert missing(date(2025, 1, 1), battery_type="na_ion") == []


@pytest.mark.parametrize(
    ("parcels", "marks"),
    [
        ([[{"battery_count": 4}]], [()]),
        ([[{"battery_count": 5}]], [("UN3481",)]),
        ([[{"battery_cells": 2, "battery_count": 2}]], [()]),
        ([[{"battery_cells": 2, "battery_count": 3}]], [("UN3481",)]),
        ([[{"units": 4}]], [()]),
        ([[{"units": 5}]], [("UN3481",)]),
        # A cell counts a quarter, a battery half of what may travel without a mark.
        ([[{"battery_count": 2}, {"battery_cells": 2}]], [()]),
        ([[{"battery_count": 3}, {"battery_cells": 2}]], [("UN3481",)]),
        ([[{}], [{}]], [(), ()]),
        ([[{}], [{}], []], [(), (), ()]),
        ([[{}], [{}], [{}]], [("UN3481",), ("UN3481",), ("UN3481",)]),
        ([[{"battery": "packed_with"}]], [("UN3481",)]),
        ([[{"battery": "alone"}]], [("UN3480",)]),
        ([[{"battery": "alone"}, {}]], [("UN3480",)]),
        ([[{"battery": "alone", "battery_wh": 300}]], [()]),
        ([[{"battery_wh": 300}]], [()]),
        ([[{"battery_type": "na_ion"}]], [("UN3552",)]),
        (
            [[{"battery_type": "li_metal", "battery_li_g": 1, "battery_count": 3}, {"units": 3}]],
            [("UN3091", "UN3481")],
        ),
        ([[{"battery_wh": None, "battery": "packed_with"}]], [("UN3481",)]),
        ([[]], [()]),
    ],
)
def test_which_parcels_bear_the_mark(
    parcels: list[list[dict[str, Any]]], marks: list[tuple[str, ...]]
) -> None:
    assert list(marked([[classed(**one) for one in parcel] for parcel in parcels])) == marks


def test_net_weight_is_certain_of_batteries_and_likely_of_equipment() -> None:
    full = [classed(units=20, net_g=500, battery="alone")]
    over = [*full, classed(net_g=1, battery="alone")]
    equipment = [classed(units=2, net_g=2500), classed(net_g="1")]

    assert too_heavy(full) == ()
    assert [found[1:] for found in too_heavy(over)] == [(10001, True)]
    assert [found[1:] for found in too_heavy(equipment)] == [(5001, False)]
    assert too_heavy([classed(net_g=10**6, battery="alone", battery_type="li_metal")]) == ()
    assert too_heavy([classed(net_g=None)]) == ()


def test_what_has_no_known_place_is_no_battery_to_class() -> None:
    assert read_battery({"battery": "none"}, "A", 1, None) is None
    assert read_battery({"battery": {}}, "A", 1, None) is None
    unknown = read_battery({"battery": "alone"}, "A", 1, None)
    assert unknown is not None
    assert classify(unknown, ROWS, TODAY) is None


@given(
    st.dictionaries(
        st.sampled_from([*PHONE, "soc_percent", "battery_li_g", "battery_needed"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.decimals() | st.lists(st.text()),
    )
)
def test_no_goods_however_misshapen_break_it(goods: dict[str, Any]) -> None:
    for gap in gaps({**PHONE, **goods}, ROWS, TODAY):
        assert gap.allowed
        assert gap.value != ""


@given(st.decimals("0.01", 300, places=2), st.integers(1, 12))
def test_within_the_limits_means_both_of_them(wh: Decimal, cells: int) -> None:
    small = wh <= 20 * cells and (wh <= 100 or cells == 1)

    assert (classed(battery_wh=wh, battery_cells=cells).section == "II") is small


@pytest.mark.parametrize("field", ["battery_wh", "battery_cells", "battery_count"])
def test_a_number_with_an_endless_exponent_is_a_gap(field: str) -> None:
    assert field in {name for name, _, _ in missing(**{field: "1E+300000"})}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.pi}-{row.valid_from or ''}")
def test_label_and_mark_are_told_by_the_row_for_both_its_sections(row: BatteryRow) -> None:
    battery = classed().battery
    due = {
        section: (hazardous([one]), bool(marked([[one]] * 3)[0]))
        for section in (row.within, row.above)
        for one in [Classified(battery, row, section)]
    }
    # (class 9 label, battery mark): reference: customs, 2.7 [61].
    known = {"IA": (True, False), "IB": (True, True), "I": (True, False), "II": (False, True)}
    assert due == {section: known[section] for section in due}


def test_a_row_that_says_nothing_of_sections_wants_label_and_mark() -> None:
    row = replace(ROWS[0], class_9=None, unmarked=())
    for section in ("IA", "IB", "II"):
        one = Classified(classed().battery, row, section)
        assert hazardous([one])
        assert marked([[one]]) == ((row.un,),)
