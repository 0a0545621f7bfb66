"""A changed order of a parcel that is held, and lists of parties: long looks are done beside."""

from __future__ import annotations

import threading
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from packstation.domain.customs.pack import Moment
from packstation.domain.orders import Address, Order
from packstation.domain.psp import OrderBody
from packstation.station import ports as p
from packstation.station.curing import CureLooked
from packstation.station.customs import INLINE_NS
from packstation.station.customs_case import CaseAsked
from packstation.station.party_lists import LIGHT
from packstation.station.views import Screen
from tests.station.customs_bench import bench, lacking
from tests.station.desk import Bench, FakeRules, order
from tests.station.rules import pack, rule
from tests.station.threads import Rows, Threads

LISTED = rule("R11", [{"fact": "ship_to.name", "is": "not_listed", "than": 0.92}])


def moved(**more: Any) -> Order:  # noqa: ANN401
    return order(ship_to=Address(name="И. Иванов", lines=("ул. 1",), country="RU", **more))


def change(found: Bench, document: Order, rev: int = 2) -> None:
    """The office changes the order."""
    found.cache.add(p.OrderRow(document, rev))
    body = msgspec.to_builtins(OrderBody(order=document))
    found.say(p.RowsPulled((p.Row("order", "O-1", rev, "put", body),), f"c{rev}", 1))


def held(*rules: dict[str, Any]) -> tuple[Bench, Threads]:
    """An order without a city is held; from now on checks are long, and wait."""
    work = Threads()
    found = Bench(later=work, rules=FakeRules(pack(*rules)))
    found.cache.add(p.OrderRow(moved(), 1))
    found.start()
    found.lease()
    found.scan("%PB:PK-1")
    found.scan("O-1")
    assert found.core.session.hold_reason == "missing_data"
    found.station._flow.customs._line_ns = INLINE_NS
    work.hold()
    return found, work


def judged_in(found: Bench) -> list[threading.Thread]:
    """The threads in which orders are judged from now on."""
    customs, threads = found.station._flow.customs, []
    judge = customs.judge

    def judged(asked: CaseAsked, moment: Moment) -> Any:  # noqa: ANN401 - as there
        threads.append(threading.current_thread())
        return judge(asked, moment)

    customs.judge = judged  # type: ignore[method-assign]
    return threads


def test_a_long_cure_is_looked_at_beside_the_window() -> None:
    found, work = held()
    threads = judged_in(found)
    change(found, moved(city="Kazan"))
    assert (found.core.session.hold_reason, found.core.session.rev) == ("missing_data", 1)
    assert threads == []
    work.let_go()
    assert (found.view.screen, found.view.alert) == (Screen.SCANNING, None)
    assert found.core.session.rev == 2
    assert "OrderChangeTaken" in found.kinds()
    assert threads
    assert threading.current_thread() not in threads


def test_a_long_look_at_a_change_that_cures_nothing_ends_as_a_change() -> None:
    found, work = held()
    change(found, moved(region="Tatarstan"))
    assert found.core.session.hold_reason == "missing_data"
    work.let_go()
    assert found.core.session.hold_reason == "changed"


def test_a_look_at_a_cure_that_failed_ends_as_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    found, work = held()
    change(found, moved(city="Kazan"))

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(found.station._flow.customs, "judge", broken)
    work.let_go()
    assert found.core.session.hold_reason == "changed"


def test_of_two_changes_the_later_one_counts() -> None:
    found, work = held()
    change(found, moved(region="Tatarstan"))
    change(found, moved(city="Kazan"), 3)
    work.let_go()
    assert found.core.session.rev == 3
    assert found.core.session.hold_reason != "changed"
    assert "OrderChangeTaken" in found.kinds()


def test_a_session_that_went_on_meanwhile_is_compared_anew() -> None:
    found, work = held()
    change(found, moved(city="Kazan"))
    found.core.session = replace(found.core.session)
    work.let_go()
    assert found.core.session.rev == 2
    assert "OrderChangeTaken" in found.kinds()


def test_an_answer_that_nobody_waits_for_says_nothing() -> None:
    found = bench()
    found.scan("O-1")
    before = found.core.session
    found.say(CureLooked(None, 0))
    assert found.core.session is before


# --- lists of parties -----------------------------------------------------------------------


def with_lists(names: int) -> Bench:
    """A bench that pulled a list of so many names, its work done in threads."""
    found = Bench(later=Threads(), rules=FakeRules(pack(LISTED)))
    cache = Rows(found.store)
    cache.add(*found.cache.products.values(), *found.cache.boxes.values())
    cache.add(*found.cache.persons.values(), p.OrderRow(order(), 1))
    cache.images["party-list", "L"] = {"list": "L", "names": [f"Name {at}" for at in range(names)]}
    found.cache = cache
    found.start()
    found.lease()
    found.scan("%PB:PK-1")
    return found


def readers(found: Bench) -> list[threading.Thread]:
    assert isinstance(found.cache, Rows)
    return found.cache.readers["party-list"]


def test_long_lists_are_read_beside_the_window_and_once() -> None:
    found = with_lists(LIGHT)
    assert found.scan("O-1").alert is None
    found.station._flow.customs.look_again()
    assert len(readers(found)) == 1
    assert threading.current_thread() not in readers(found)


def test_short_lists_are_read_at_once_and_once_a_change_of_their_rows() -> None:
    found = with_lists(3)
    assert found.scan("O-1").alert is None
    assert readers(found) == [threading.current_thread()]
    body = {"list": "L", "names": ["Иванов И."]}
    found.cache.images["party-list", "L"] = body
    view = found.say(p.RowsPulled((p.Row("party-list", "L", 1, "put", body),), "c2", 1))
    assert [one.rule for one in lacking(view)] == ["R11"]
    assert len(readers(found)) == 2


def test_a_hash_reads_no_lists() -> None:
    found = with_lists(LIGHT)
    found.scan("O-1")
    found.station._flow.customs._lists = None
    found.station._flow.customs._hashed = None
    assert found.station._flow.customs.digest()
    assert len(readers(found)) == 1
