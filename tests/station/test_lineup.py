"""The queue at the bench: sorted when entered, never under the hands; filters, search, reasons."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from packstation.domain.orders import Deadline, Order, Rate
from packstation.domain.quantities import Money
from packstation.station import ports as p
from packstation.station.lineup import lined
from packstation.station.views import QueueView, Screen, Words
from tests.fake_storage import START
from tests.station.desk import MUG, Bench, order, signed_in


def due(hours: float, cost: str = "", currency: str = "CNY") -> tuple[Deadline, ...]:
    after = Money(Decimal(cost), currency) if cost else None
    return (Deadline(kind="handover", at=START + timedelta(hours=hours), cost_next=after),)


def late(
    order_id: str, hours: float, cost: str = "", lines: str = "MUG-GRN*2 SOCK-RED*1", **more: object
) -> Order:
    return order(order_id, lines, deadlines=due(hours, cost), **more)


def queue(bench: Bench) -> QueueView:
    assert bench.view.queue is not None
    return bench.view.queue


def ids(bench: Bench) -> list[str]:
    return [row.order_id for row in queue(bench).rows]


def test_of_one_hand_over_the_dearest_is_first_and_the_reason_is_said() -> None:
    bench = signed_in(late("O-1", 3, "1.00"), late("O-2", 3, "9.00"), late("O-3", 9))
    assert ids(bench) == ["O-2", "O-1", "O-3"]
    why = queue(bench).why_first
    assert why is not None
    assert why.key == "queue.why.cost"
    assert dict(why.args)["order"] == "O-2"
    assert bench.view.note == why
    assert bench.command("accept").order is not None
    assert bench.core.session.order_id == "O-2"


def test_currencies_are_compared_by_the_sites_rates_and_never_without() -> None:
    rows = (late("O-1", 3, "2.00"), order("O-2", deadlines=due(3, "1.00", "EUR")))
    bench = signed_in(*rows)
    bench.say(
        p.RowsPulled(
            (p.Row("site", "GZ-1", 1, "put", {"code": "GZ-1", "currency": "CNY"}),), "c", 1
        )
    )
    assert ids(bench) == ["O-1", "O-2"]
    assert queue(bench).rows[1].late_why is not None
    assert queue(bench).rows[1].late_why.key == "queue.no_rate"  # type: ignore[union-attr]
    rate = Rate(from_="EUR", to="CNY", rate=Decimal("7.8"), on="2026-11-20")
    bench.cache.rate_rows.append(rate)
    bench.clock.advance(60)
    bench.command("queue")
    assert ids(bench) == ["O-2", "O-1"]


def test_what_comes_in_is_never_sorted_in_under_the_hands() -> None:
    bench = signed_in(late("O-1", 3), late("O-2", 5))
    bench.cache.add(p.OrderRow(late("O-9", 0.5, "9.00"), 1))
    bench.say(p.Ticked())
    assert ids(bench) == ["O-1", "O-2", "O-9"]
    changed = queue(bench).changed
    assert changed is not None
    told = ("queue.changed.new_first", {"order": "O-9", "n": 1})
    assert (changed.key, dict(changed.args)) == told
    assert queue(bench).why_first is None
    assert bench.command("accept") is not None
    assert bench.core.session.order_id == "O-1"


def test_new_rows_are_counted_and_stand_below() -> None:
    bench = signed_in(late("O-1", 3), late("O-2", 5))
    for number in (7, 8, 9):
        bench.cache.add(p.OrderRow(late(f"O-{number}", number), 1))
    bench.say(p.Ticked())
    assert ids(bench) == ["O-1", "O-2", "O-7", "O-8", "O-9"]
    assert queue(bench).changed == Words("queue.changed.new", (("n", 3),), 3)
    bench.command("queue")
    assert queue(bench).changed is None


def test_one_that_becomes_more_urgent_is_named() -> None:
    bench = signed_in(late("O-1", 3), late("O-2", 5))
    bench.cache.add(p.OrderRow(late("O-2", 1), 2))
    bench.say(p.Ticked())
    assert ids(bench) == ["O-1", "O-2"]
    assert queue(bench).changed == Words("queue.changed.first", (("order", "O-2"),))


def test_rows_that_would_change_places_below_the_first_are_said_too() -> None:
    bench = signed_in(late("O-1", 1), late("O-2", 3), late("O-3", 5))
    bench.cache.add(p.OrderRow(late("O-3", 2), 2))
    bench.say(p.Ticked())
    assert ids(bench) == ["O-1", "O-2", "O-3"]
    assert queue(bench).changed == Words("queue.changed.rest")


@pytest.mark.parametrize("days", [0, 2, 9])
def test_a_deadline_far_away_is_told_in_days(days: int) -> None:
    bench = signed_in(late("O-1", 24 * days + 3))
    left = queue(bench).rows[0].time_left
    assert left is not None
    assert left.key == ("left.days" if days else "left.h_min")


def test_home_sorts_anew_and_so_does_the_next_time_the_queue_is_entered() -> None:
    bench = signed_in(late("O-1", 3), late("O-2", 5))
    bench.cache.add(p.OrderRow(late("O-9", 0.5), 1))
    bench.say(p.Ticked())
    bench.command("queue")
    assert ids(bench) == ["O-9", "O-1", "O-2"]
    assert queue(bench).changed is None
    bench.cache.add(p.OrderRow(late("O-8", 0.2), 1))
    bench.scan("O-2")
    bench.command("cancel")
    bench.say(p.TextEntered("cancel", "cancel"))
    assert bench.view.screen is Screen.QUEUE
    assert ids(bench) == ["O-8", "O-9", "O-1", "O-2"]


def test_time_alone_makes_an_order_late_and_that_is_said_too() -> None:
    bench = signed_in(late("O-1", 5), late("O-2", 2))
    bench.command("queue")
    bench.cache.add(p.OrderRow(late("O-3", 2.5), 1))
    bench.clock.time += timedelta(hours=3)
    bench.say(p.Ticked())
    assert ids(bench) == ["O-2", "O-1", "O-3"]
    assert queue(bench).changed is not None
    assert queue(bench).changed == Words("queue.changed.new", (("n", 1),), 1)
    assert queue(bench).why_first is not None
    assert queue(bench).why_first.key == "queue.why.late"  # type: ignore[union-attr]


def test_filters_show_some_rows_and_count_all() -> None:
    bench = signed_in(
        late("O-1", 3), late("O-2", 4, lines="MUG-GRN*1"), late("O-3", -1, lines="SOCK-RED*1")
    )
    counts = {chip.name: chip.count for chip in queue(bench).filters}
    assert counts == {"all": 3, "single": 2, "parked": 0, "late": 1}
    bench.command("filter")
    assert ids(bench) == ["O-3", "O-2"]
    bench.command("filter")
    assert queue(bench).empty is not None
    assert queue(bench).cause is not None
    bench.command("filter")
    assert ids(bench) == ["O-3"]
    bench.say(p.CommandGiven("filter", "single"))
    assert [chip.name for chip in queue(bench).filters if chip.chosen] == ["single"]
    bench.say(p.ChoiceMade(1, ""))
    assert bench.core.session.order_id == "O-2"


def test_a_part_that_is_typed_finds_orders_by_number_sku_and_tote() -> None:
    bench = signed_in(late("O-1", 3, lines="MUG-GRN*1"), late("O-2", 4, lines="SOCK-RED*1"))
    assert bench.command("find").entry is not None
    bench.say(p.TextEntered("find", "sock"))
    assert ids(bench) == ["O-2"]
    assert queue(bench).find == "sock"
    bench.say(p.CommandGiven("find", "t-o-1"))
    assert ids(bench) == ["O-1"]
    bench.say(p.CommandGiven("find", "nowhere"))
    assert queue(bench).empty is not None
    bench.command("queue")
    assert ids(bench) == ["O-1", "O-2"]


def test_a_scanned_part_shows_what_has_it_and_opens_nothing() -> None:
    bench = signed_in(late("40112233-0007-1", 3), late("40112233-0008-1", 4))
    bench.scan("33-0008")
    assert bench.view.alert is None
    assert ids(bench) == ["40112233-0008-1"]
    assert bench.scan("NOWHERE").alert is not None
    bench.command("accept")
    assert bench.scan("-1").alert is not None


def test_a_parked_order_says_where_and_since_when_and_is_not_next() -> None:
    bench = signed_in(late("O-1", 1), late("O-2", 5))
    bench.scan("O-1", MUG)
    bench.command("park")
    bench.scan("SHELF-4")
    bench.command("queue")
    rows = {row.order_id: row for row in queue(bench).rows}
    assert rows["O-1"].state == "parked"
    assert dict(rows["O-1"].state_words.args) == {"t": "SHELF-4"}
    assert rows["O-1"].since is not None
    assert rows["O-2"].state == "next"
    bench.command("accept")
    assert bench.core.session.order_id == "O-2"


def test_an_order_on_hold_stands_below_with_its_reason() -> None:
    bench = signed_in(late("O-1", 3))
    bench.cache.add(p.OrderRow(late("O-2", 1), 1, hold="customs"))
    bench.cache.add(p.OrderRow(late("O-3", 1, status="unpaid"), 1))
    bench.cache.add(p.OrderRow(late("O-4", 1, status="on_hold"), 1, bench="03"))
    bench.command("queue")
    assert ids(bench) == ["O-1", "O-2", "O-3"]
    words = [row.state_words.key for row in queue(bench).rows]
    assert words == ["queue.next", "queue.held", "queue.hold.unpaid"]


def test_an_empty_queue_names_the_cause() -> None:
    bench = signed_in()
    bench.cache.orders.clear()
    bench.say(p.SyncChanged(online=True, waiting=0))
    cause = queue(bench).cause
    assert cause is not None
    assert cause.key == "queue.empty.online"
    bench.say(p.SyncChanged(online=False, waiting=0))
    cause = queue(bench).cause
    assert cause is not None
    assert cause.key == "queue.empty.offline"


def test_cut_offs_count_all_rows_of_the_next_hand_overs() -> None:
    bench = signed_in(*(late(f"O-{n}", 3 if n < 45 else 5) for n in range(60)), late("L", -1))
    assert [(at, count) for _, at, count in queue(bench).cutoffs] == [("11:00", 45), ("13:00", 15)]
    assert (len(queue(bench).rows), queue(bench).total) == (40, 61)


def test_rows_that_did_not_change_are_not_ranked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = signed_in(late("O-1", 3), late("O-2", 5))
    rows, held = bench.cache.queue("07"), bench.cache.held("07")
    monkeypatch.setattr(bench.cache, "queue", lambda *_a, **_k: rows)
    monkeypatch.setattr(bench.cache, "held", lambda *_a, **_k: held)
    bench.say(p.Ticked())
    before = lined(bench.core)
    bench.say(p.Ticked())
    assert lined(bench.core) is before
    bench.clock.advance(60)
    assert lined(bench.core) is not before
