"""Orders of other benches: parked there and finished here, open there, packed there."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from packstation.domain import passing
from packstation.domain.packing import State
from packstation.domain.packing.facts import ItemVerified
from packstation.domain.psp import OrderBody
from packstation.station import history
from packstation.station import ports as p
from packstation.station.views import Screen, Words
from tests.station.desk import MUG, SOCK, Bench, order, signed_in

OTHER = "03"


def works(source: Bench, order_id: str = "O-1", **more: object) -> tuple[p.Row, ...]:
    """The rows that the server makes of what ``source`` did."""
    session_id = source.store.last_session(order_id) or ""
    state = source.core.load(session_id)
    work = passing.Work(
        order=order_id,
        session=session_id,
        state=passing.phase(state.state),
        station=source.desk.bench,
        bench=source.desk.bench,
        place=state.place,
        since=source.clock.now().isoformat(),
        came_from=state.came_from,
    )
    told = tuple(
        passing.Told(
            id=one.id,
            kind=one.kind,
            at=one.at,
            bench=source.desk.bench,
            actor=one.actor,
            body=passing.plain(one.body),
        )
        for one in source.store.order_events(order_id)
    )
    kept = state if state.state is State.PARKED else None
    trail = passing.Trail(session=session_id, kept=kept, told=told)
    return (
        _row(passing.TRAIL, order_id, trail),
        _row(passing.WORK, order_id, replace(work, **more)),
    )


def _row(t: str, order_id: str, body: object) -> p.Row:
    return p.Row(t, order_id, 1, "put", msgspec.to_builtins(body))


def pulled(bench: Bench, *rows: p.Row) -> None:
    bench.say(p.RowsPulled(rows, "c-1", 1))


def begun(*orders: object) -> Bench:
    """Bench 03, whose ids are not those of the other one."""
    bench = signed_in(*orders)  # type: ignore[arg-type]
    bench.desk.bench = OTHER
    for _ in range(500):
        bench.ids.new()
    return bench


def parked(*, place: str = "SHELF-4") -> tuple[Bench, Bench]:
    """An order with one mug in the box was parked at bench 03; this bench heard of it."""
    there, here = begun(order()), signed_in(order())
    there.scan("O-1", MUG)
    there.command("park")
    there.scan(place)
    pulled(here, *works(there))
    return there, here


def test_an_order_parked_elsewhere_shows_where_and_goes_on_here() -> None:
    _, here = parked()
    assert here.view.queue is not None
    (row,) = here.view.queue.rows
    assert row.state == "parked"
    assert row.state_words == Words("queue.parked.there", (("t", "SHELF-4"), ("b", OTHER)))
    here.scan("T-O-1")
    assert here.view.screen is Screen.SCANNING
    assert here.view.hints[0] == Words("hint.passed", (("b", OTHER), ("what", "1 × MUG-GRN")))
    assert here.kinds()[-2:] == ["SessionTakenOver", "SessionResumed"]
    assert [line.due for line in here.core.session.lines] == [1, 1]
    here.scan(MUG, SOCK)
    assert here.core.session.state is State.CARTONING


def test_after_a_restart_it_is_still_this_bench_s() -> None:
    _, here = parked()
    here.scan("O-1", MUG)
    again = Bench(here.store)
    again.cache = here.cache
    again.start()
    assert again.core.session.state is State.SCANNING
    assert len(again.core.session.packed) == 2


def test_a_box_that_is_empty_says_so() -> None:
    there, here = begun(order()), signed_in(order())
    there.scan("O-1")
    there.command("park")
    there.scan("SHELF-4")
    pulled(here, *works(there))
    here.scan("O-1")
    assert here.view.hints[0].key == "hint.passed.empty"


def test_many_things_in_a_box_are_named_up_to_three() -> None:
    four = order(lines="MUG-GRN*1 MUG-BLU*1 SOCK-RED*1 VIT-60*1")
    there, here = begun(four), signed_in(four)
    there.scan("O-1", MUG, "4006381333948", SOCK)
    there.core.add(ItemVerified(line=4, sku="VIT-60", lot="L", expiry="2030-01-01"))
    there.command("park")
    there.scan("SHELF-4")
    pulled(here, *works(there))
    here.scan("O-1")
    what = dict(here.view.hints[0].args)["what"]
    assert what == "1 × MUG-GRN, 1 × MUG-BLU, 1 × SOCK-RED, …"


def test_the_bench_that_parked_it_hears_that_it_went_on_elsewhere() -> None:
    there, here = parked()
    here.scan("O-1", MUG)
    pulled(there, *works(here))
    there.command("queue")
    assert there.view.queue is not None
    assert there.view.queue.rows[0].state == "other_bench"
    there.scan("O-1")
    alert = there.view.alert
    assert alert is not None
    assert alert.headline == Words("no.order.at_bench", (("text", "07"),))
    assert there.core.session.live is False
    assert there.command("accept", "queue").screen is Screen.QUEUE
    assert there.command("accept").alert is None


def test_it_comes_back_to_the_bench_that_began_it() -> None:
    there, here = parked()
    here.scan("O-1", MUG)
    here.command("park")
    here.scan("SHELF-5")
    pulled(there, *works(here))
    there.scan("O-1", SOCK)
    assert there.core.session.state is State.CARTONING
    # What the server said before is older than what was just taken over.
    pulled(there, *works(here))
    assert there.core.session.state is State.CARTONING
    pulled(here, *works(there))
    assert here.command("queue").queue is not None
    assert here.view.queue.rows[0].state == "other_bench"  # type: ignore[union-attr]


def test_an_order_open_elsewhere_is_not_begun_here() -> None:
    there, here = begun(order()), signed_in(order(), order("O-2"))
    there.scan("O-1", MUG)
    pulled(here, *works(there))
    assert here.command("accept").screen is Screen.SCANNING
    assert here.core.session.order_id == "O-2"
    here.command("queue", "cancel")
    here.say(p.TextEntered("cancel", "cancel"))
    here.scan("O-1")
    assert here.view.alert is not None
    assert here.view.alert.headline.key == "no.order.at_bench"


def test_an_order_packed_elsewhere_is_gone_from_the_queue_and_never_packed_twice() -> None:
    there, here = begun(order()), signed_in(order())
    there.scan("O-1", MUG)
    pulled(here, *works(there, state=passing.PACKED))
    assert here.view.queue is not None
    assert here.view.queue.rows == ()
    here.scan("O-1")
    assert here.view.alert is not None
    assert here.view.alert.headline.key == "no.order.packed"


def test_two_benches_that_began_the_same_order_offline_meet() -> None:
    there, here = begun(order()), signed_in(order())
    there.scan("O-1", MUG)
    here.scan("O-1", MUG)
    pulled(here, *works(there))
    alert = here.view.alert
    assert alert is not None
    assert (alert.kind, alert.by) == ("stop", Words("stop.by_bench", (("b", OTHER),)))
    # The other one lets go: this bench goes on.
    pulled(here, p.Row(passing.WORK, "O-1", 2, "del", {}))
    assert here.core.session.state is State.SCANNING
    assert here.view.alert is None


def test_a_supervisor_cannot_make_an_order_of_another_bench_this_one_s() -> None:
    there, here = begun(order()), signed_in(order())
    there.scan("O-1", MUG)
    here.scan("O-1", MUG)
    pulled(here, *works(there))
    here.scan("%PB:SV-1")
    here.say(p.TextEntered("pin", "9999"), p.TextEntered("reason", "checked"))
    assert str(here.core.session.state) == "held"
    here.scan("T-O-1")
    assert str(here.core.session.state) == "cancelled"


def test_an_order_found_open_elsewhere_after_a_restart_stops() -> None:
    there, here = begun(order()), signed_in(order())
    there.scan("O-1", MUG)
    here.scan("O-1", MUG)
    for row in works(there):
        here.cache.images[row.t, row.id] = row.body
    again = Bench(here.store)
    again.cache = here.cache
    again.start()
    assert again.core.session.state is State.HELD


def test_only_what_this_bench_may_have_is_shown_as_parked() -> None:
    there, here = begun(order()), signed_in(order())
    there.scan("O-1", MUG)
    there.command("park")
    there.scan("SHELF-4")
    body = OrderBody(order=order(), bench=OTHER)
    assigned = p.Row("order", "O-1", 2, "put", msgspec.to_builtins(body))
    pulled(here, *works(there), assigned)
    here.scan("O-1")
    assert here.view.alert is not None
    assert here.view.alert.headline.key == "no.order.other_bench"


def test_a_parked_order_whose_contents_are_not_here_yet_waits() -> None:
    there, here = begun(order()), signed_in(order())
    there.scan("O-1", MUG)
    there.command("park")
    there.scan("SHELF-4")
    pulled(here, works(there)[1])
    here.scan("O-1")
    assert here.view.alert is not None
    assert here.view.alert.headline.key == "no.order.at_bench"
    assert "SessionOpened" not in here.kinds()


@pytest.mark.parametrize("since", ["yesterday", "2026-11-21T10:00:00"])
def test_rows_that_make_no_sense_lose_nobody_anything(since: str) -> None:
    there, here = begun(order()), signed_in(order())
    there.scan("O-1", MUG)
    there.command("park")
    there.scan("SHELF-4")
    pulled(here, *works(there, since=since))
    assert here.view.queue is not None
    assert here.view.queue.rows[0].state == "parked"
    odd = (p.Row(passing.WORK, "O-1", 2, "put", {"session": 1}),)
    pulled(here, *odd, p.Row(passing.TRAIL, "O-1", 2, "put", {"session": 1}))
    assert here.view.queue.rows[0].state == "next"
    here.command("history")
    here.scan("O-1")
    assert here.view.page_rows is not None


def test_the_history_has_both_benches_and_each_fact_once() -> None:
    there, here = parked()
    here.scan("O-1", MUG)
    pulled(here, *works(there))
    here.command("history")
    rows = here.core.desk.flow.history
    assert here.core.desk.page == history.PAGE
    notes = [row.note for _, row in rows if row.note is not None]
    at_other = [note for note in notes if note.key == "hist.by_at"]
    assert dict(at_other[0].args)["b"] == OTHER
    keys = [row.words.key for _, row in rows if row.words is not None]
    assert keys.count("hist.SessionOpened") == 1
    assert keys.count("hist.SessionTakenOver") == 1
    assert [row.at for _, row in rows] == sorted(row.at for _, row in rows)


def test_a_history_shows_every_kind_that_is_passed_on() -> None:
    assert set(history._KINDS) == passing.TOLD


def test_an_old_word_of_the_server_does_not_undo_what_came_back() -> None:
    there, here = parked()
    first = works(there)
    here.scan("O-1", MUG)
    here.command("park")
    here.scan("SHELF-5")
    pulled(there, *works(here))
    there.scan("O-1")
    there.command("park")
    there.scan("SHELF-6")
    there.command("queue")
    # The row is of the session that this bench parked first, as before it went away.
    pulled(there, *first)
    assert there.view.queue is not None
    words = there.view.queue.rows[0].state_words
    assert words == Words("queue.parked", (("t", "SHELF-6"),))


def test_what_others_have_packed_is_no_work_for_the_journal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, here = parked()
    asked: list[str] = []
    real = here.store.last_session

    def last_session(order_id: str) -> str | None:
        asked.append(order_id)
        return real(order_id)

    packed = passing.Work(order="", session="s", state=passing.PACKED, station=OTHER, bench=OTHER)
    monkeypatch.setattr(here.store, "last_session", last_session)
    names = [f"P-{number}" for number in range(50)]
    pulled(here, *(_row(passing.WORK, name, replace(packed, order=name)) for name in names))
    assert here.view.queue is not None
    assert here.view.queue.rows[0].state == "parked"
    assert "O-1" in asked
    assert not set(names) & set(asked)
