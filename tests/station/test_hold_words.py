"""What a hold says it is about: in words, never in the names of fields or causes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.station.viewing.holds import facts_of
from tests.station.desk import order, signed_in


@pytest.mark.parametrize(
    ("reason", "note", "said"),
    [
        ("person", "damaged", [("hold.damaged", "")]),
        ("person", "", []),
        ("photo", "photo.no_camera", [("photo.no_camera", "")]),
        ("photo", "", []),
        ("missing_data", "ship_to.city order", [("field.city", ""), ("field.other", "order")]),
        ("missing_data", "products[X-1]", [("field.product", "X-1")]),
        (
            "rules",
            "infill a b",
            [("rules.about", "infill"), ("rules.one", "a"), ("rules.other", "b")],
        ),
    ],
)
def test_it_is_said_in_words(reason: str, note: str, said: list[tuple[str, str]]) -> None:
    core = signed_in(order()).station.core
    core.session = replace(core.session, hold_reason=reason, hold_note=note)
    assert [(words.key, value) for words, value in facts_of(core)] == said


def test_the_item_that_is_missing_is_named_with_its_count() -> None:
    bench = signed_in(order())
    bench.scan("O-1")
    alert = bench.command("short").alert
    assert alert is not None
    assert alert.headline.key == "hold.missing_item"
    ((words, value),) = alert.facts
    assert words.key == "field.other"
    assert value.startswith("2 × ")


def test_a_hold_for_all_that_is_missing_names_no_single_item() -> None:
    core = signed_in(order()).station.core
    core.session = replace(core.session, hold_reason="missing_item", short_line=None)
    assert facts_of(core) == ()
