"""A list of people that no server confirmed for days, and the shift that a supervisor opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.packing.staff_facts import OfflineShiftOpened
from packstation.domain.staffing import HOLDS, LIST, ROW, holds, text
from packstation.station import ports as p
from packstation.station.views import Screen
from tests.station.desk import Bench

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def listed(hours_ago: float) -> Bench:
    """A bench without a server whose list was confirmed so many hours ago."""
    bench = Bench()
    at = bench.clock.now() - timedelta(hours=hours_ago)
    body = {"at": text(at), "until": text(at + HOLDS)}
    bench.cache.apply((p.Row(t=ROW, id=LIST, rev=1, op="put", body=body),), "1.1")
    bench.start()
    bench.core.desk.online = False
    return bench


def facts_of(bench: Bench) -> list[OfflineShiftOpened]:
    kind = OfflineShiftOpened.__name__
    bodies = [one.event.body for one in bench.store.records if one.event.kind == kind]
    return [msgspec.convert(body, OfflineShiftOpened) for body in bodies]


def refusal(bench: Bench) -> str:
    alert = bench.view.alert
    return alert.headline.key if alert else ""


def test_a_fresh_list_lets_in() -> None:
    assert listed(71).scan("%PB:PK-1").screen is Screen.QUEUE


@pytest.mark.parametrize("hours", [73, 2000, -5])
def test_an_old_list_lets_nobody_in_until_the_server_is_back(hours: float) -> None:
    bench = listed(hours)
    assert bench.scan("%PB:PK-1").screen is Screen.SIGN_IN
    assert refusal(bench) == "no.staff.list_old"
    bench.command("accept")
    assert bench.say(p.TextEntered("sign_in", "PK-1 1111")).screen is Screen.SIGN_IN
    assert refusal(bench) == "no.staff.list_old"
    bench.command("accept")
    bench.core.desk.online = True
    assert bench.scan("%PB:PK-1").screen is Screen.QUEUE


def test_a_supervisors_pin_opens_one_shift() -> None:
    bench = listed(100)
    view = bench.scan("%PB:SV-1")
    assert (view.screen, view.entry and view.entry.kind) == (Screen.SIGN_IN, "pin")
    assert bench.say(p.TextEntered("pin", "0000")).screen is Screen.SIGN_IN
    assert bench.say(p.TextEntered("pin", "9999")).screen is Screen.QUEUE
    (fact,) = facts_of(bench)
    assert (fact.by, fact.until) == ("SV-1", text(bench.clock.now() + timedelta(hours=12)))
    assert bench.scan("%PB:PK-1").person.name == "Lin Yue"
    bench.clock.advance(13 * 3600)
    bench.core.desk.locked = True
    bench.scan("%PB:PK-2")
    assert refusal(bench) == "no.staff.list_old"


def test_number_and_pin_of_a_supervisor_open_it_too() -> None:
    bench = listed(100)
    assert bench.say(p.TextEntered("sign_in", "SV-1 9999")).screen is Screen.QUEUE
    assert len(facts_of(bench)) == 1


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(-100, 100),
)
def test_a_list_holds_for_72_hours_whatever_it_says(now: datetime, hours: int) -> None:
    now = now.replace(microsecond=0)
    at = now - timedelta(hours=hours)
    assert holds(text(at), text(at + 2 * HOLDS), now) is (-1 <= hours < 72)
    assert holds(text(at), text(at + HOLDS / 2), now) is (-1 <= hours < 36)


@given(st.text(max_size=30) | st.none() | st.integers())
def test_words_that_are_no_times_hold_nothing(word: object) -> None:
    assert not holds(word, "9999-12-31T23:59:59Z", START)
    assert not holds(text(START), word, START)
    assert not holds(text(START), "2026-11-22T08:00:00", START)  # without a zone
