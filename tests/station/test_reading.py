"""Large rows are read in the background: what holds until then, and in which thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.domain.printers import print_table
from packstation.station import ports as p
from packstation.station.customs import RulesWanted
from packstation.station.views import Screen
from tests.station.desk import EPACKET, ONLINE, Bench, FakeRules, order, to_weighing
from tests.station.rules import PACK, pack
from tests.station.threads import Rows, Threads

OLD, NEW = {"id": "old"}, {"id": "new"}


def threaded(**more: Any) -> Bench:  # noqa: ANN401
    """A bench whose background work is done in threads, with a letterhead from before."""
    profile = replace(EPACKET, documents=("label", "cn23"))
    bench = Bench(services=(profile, ONLINE), later=Threads(), **more)
    bench.desk.printing.table = print_table(bench.rows, (), profile.documents)
    bench.cache = Rows(bench.store)
    bench.cache.add(*Bench().cache.products.values(), *Bench().cache.boxes.values())
    bench.cache.add(*Bench().cache.persons.values(), p.OrderRow(order(), 1))
    bench.cache.images["templates", "t"] = OLD
    bench.start()
    bench.lease()
    bench.scan("%PB:PK-1")
    return bench


def pulled(bench: Bench, t: str, body: Mapping[str, object]) -> None:
    bench.say(p.RowsPulled((p.Row(t, "t", 3, "put", body),), "c3", 1))


def rows(bench: Bench) -> Rows:
    assert isinstance(bench.cache, Rows)
    return bench.cache


def work(bench: Bench) -> Threads:
    assert isinstance(bench.later, Threads)
    return bench.later


def test_letterheads_are_read_beside_the_window() -> None:
    bench = threaded()
    to_weighing(bench)
    pulled(bench, "templates", NEW)
    assert bench.documents.templates == [(OLD,), (NEW,)]
    assert len(rows(bench).readers["templates"]) == 2
    assert threading.current_thread() not in rows(bench).readers["templates"]
    assert threading.current_thread() not in bench.documents.readers


def test_a_bench_where_nothing_is_packed_reads_no_letterhead() -> None:
    bench = threaded()
    assert bench.documents.templates == []


def test_no_paper_is_drawn_before_its_letterhead_is_read() -> None:
    bench = threaded()
    work(bench).hold()
    bench.scan("O-1")
    assert not bench.station._flow.printing.ready()
    assert bench.documents.templates == []
    work(bench).let_go()
    assert bench.station._flow.printing.ready()


def test_a_paper_that_is_due_while_letterheads_are_read_waits_for_them() -> None:
    bench = threaded()
    bench.station._flow.printing._letterheads.want = lambda: None  # type: ignore[method-assign]
    to_weighing(bench)
    bench.weigh(780)
    assert bench.view.screen is Screen.RATING
    assert bench.documents.laid == []
    assert "LabelRequested" not in bench.kinds()
    del bench.station._flow.printing._letterheads.want
    bench.station._flow.printing.told(())
    bench.later.drain()
    assert len(bench.documents.seen) == 1
    assert len(bench.tray.jobs) == 1


def test_a_paper_that_is_due_while_newer_letterheads_are_read_has_those_before() -> None:
    bench = threaded()
    to_weighing(bench)
    bench.weigh(780)
    work(bench).hold()
    pulled(bench, "templates", NEW)
    pulled(bench, "templates", {"id": "newest"})
    assert bench.documents.templates == [(OLD,)]
    work(bench).let_go()
    # One reading at a time: that of rows which changed meanwhile comes after it.
    assert bench.documents.templates == [(OLD,), (NEW,), ({"id": "newest"},)]


def test_a_pulled_pack_is_read_and_verified_beside_the_window() -> None:
    bench = threaded(rules=FakeRules(ready=False))
    bench.say(RulesWanted())
    newer = bench.rules.signed = pack(version="2026-12-01")
    pulled(bench, "customs-pack", {"pack": {}})
    assert bench.rules.pack() is newer
    assert (len(bench.rules.takers), len(rows(bench).readers["customs-pack"])) == (2, 2)
    assert threading.current_thread() not in bench.rules.takers
    assert threading.current_thread() not in rows(bench).readers["customs-pack"]


def test_tariffs_are_read_beside_the_window_before_the_first_price() -> None:
    bench = threaded()
    bench.cache.images["tariff", "a"] = {"price": "61.00"}
    work(bench).hold()
    to_weighing(bench)
    assert bench.rater.taken == []
    bench.weigh(780)
    assert list(bench.core.desk.quotes) == []
    work(bench).let_go()
    assert bench.rater.taken == [({"price": "61.00"},)]
    assert threading.current_thread() not in bench.rater.takers
    assert threading.current_thread() not in rows(bench).readers["tariff"]
    assert bench.core.desk.quotes[0].amount == Decimal("61.00")


def test_tariffs_are_read_when_there_is_time() -> None:
    bench = threaded()
    bench.say(RulesWanted(), RulesWanted())
    assert bench.rater.taken == [()]
    pulled(bench, "tariff", {"price": "61.00"})
    pulled(bench, "sku", {"sku": "X"})
    assert bench.rater.taken == [(), ({"price": "61.00"},)]


def test_a_parcel_without_a_service_is_rated_anew_when_tariffs_come() -> None:
    bench = threaded()
    to_weighing(bench)
    bench.desk.listing = "services"
    bench.weigh(780)
    assert bench.view.screen is Screen.RATING
    assert bench.core.desk.quotes[0].amount == Decimal("78.24")
    pulled(bench, "tariff", {"price": "61.00"})
    assert bench.core.desk.quotes[0].amount == Decimal("61.00")


@pytest.mark.parametrize("ready", [True, False])
def test_there_is_time_for_the_rules_once(ready: bool) -> None:
    bench = threaded(rules=FakeRules(ready=ready))
    bench.say(RulesWanted(), RulesWanted())
    assert bench.rules.loads == (0 if ready else 1)


def test_the_rules_before_hold_until_a_pulled_pack_is_read() -> None:
    bench = threaded()
    bench.rules.signed = pack(version="2026-12-01")
    work(bench).hold()
    pulled(bench, "customs-pack", {"pack": {}})
    bench.scan("O-1")
    assert bench.core.session.checked is not None
    assert bench.core.session.checked.pack == PACK.version
    work(bench).let_go()
    assert bench.core.session.checked.pack == "2026-12-01"
