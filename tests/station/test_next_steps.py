"""What to do after a refusal: in words and pictures, for each reason that there is."""

from __future__ import annotations

import pytest

from packstation.domain.packing import State
from packstation.domain.packing.facts import ItemRejected
from packstation.i18n import load
from packstation.station import ports as p
from packstation.station.next_steps import REFUSED, REJECTED, after_refusal, after_rejection
from packstation.station.verdicts import REJECTIONS
from packstation.station.views import StationView
from packstation.ui.icons import icon_names
from packstation.ui.widgets.step_strip import MOST, PICTURES, SCAN
from tests.station.desk import MUG, SOCK, order, product, signed_in

LANGUAGES = ("en", "zh_Hans", "ru")


def names(view: StationView) -> list[str]:
    assert view.alert is not None
    return [words.key.removeprefix("act.") for words in view.alert.steps]


def test_every_reason_says_what_to_do() -> None:
    assert set(REJECTED) == set(REJECTIONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_has_words_and_a_picture(language: str) -> None:
    words = load(language)
    steps = {name for row in (*REJECTED.values(), *REFUSED.values()) for name in row}
    for name in steps | {"other_code", "by_hand"}:
        said = words.say(f"act.{name}", name="{Mug}\u202e", d="2027-01-31")
        assert said != f"act.{name}"
    assert set(PICTURES.values()) | {SCAN} <= set(icon_names())
    assert all(0 < len(row) <= MOST for row in (*REJECTED.values(), *REFUSED.values()))


def test_what_is_past_its_date_never_goes_back_on_the_shelf() -> None:
    steps = after_rejection(ItemRejected(reason="expired", allowed="2027-01-31"), "Mug")
    assert [words.key for words in steps] == ["act.expired", "act.fresh"]
    assert dict(steps[1].args)["d"] == "2027-01-31"


def test_nothing_is_named_where_nothing_is_due() -> None:
    assert [w.key for w in after_rejection(ItemRejected(reason="not_in_order"), "")] == [
        "act.aside"
    ]
    assert after_refusal("substitute.already", State.SCANNING, "") == ()


def test_a_wrong_thing_names_what_to_scan() -> None:
    bench = signed_in(order())
    bench.cache.add(product("OTHER", "4006381333986", 5))
    view = bench.scan("O-1", "4006381333986")
    assert names(view) == ["aside", "scan"]
    assert view.alert is not None
    assert dict(view.alert.steps[1].args)["name"] == "MUG-GRN"


def test_one_too_many_is_taken_out() -> None:
    bench = signed_in(order())
    assert names(bench.scan("O-1", MUG, MUG, MUG)) == ["out", "shelf"]
    bench.command("accept")
    assert names(bench.scan("NOBODY-KNOWS-IT")) == ["other_code", "by_hand"]


def test_outside_of_an_order_the_step_of_the_state_is_told() -> None:
    bench = signed_in(order())
    assert names(bench.scan("NOBODY-KNOWS-IT")) == ["todo.idle"]
    bench.scan("O-1", MUG, MUG, SOCK)
    view = bench.command("next-parcel")
    assert names(view) == ["todo.cartoning"]
    assert view.alert is not None
    assert view.alert.todo == view.alert.steps[0]


def test_the_limit_by_hand_shows_the_way_to_a_supervisor() -> None:
    bench = signed_in(order())
    site = {"code": "S", "rules": {"manual_units": 0}}
    bench.cache.apply([p.Row("site", "S", 1, "put", site)], "1")
    bench.scan("O-1")
    view = bench.command("manual")
    assert names(view) == ["call"]
    assert view.alert is not None
    assert [answer.command for answer in view.alert.answers] == ["accept", "supervisor"]
