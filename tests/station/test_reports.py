"""What devices and the server report, and how it interrupts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from packstation.domain.errors import DocumentError, StorageError
from packstation.domain.orders import Address, Order
from packstation.domain.packing import State
from packstation.domain.packing.facts import NumberUsed, PersonSignedIn, PoolLeased
from packstation.domain.weights import Reading, ScaleState
from packstation.station import ports as p
from packstation.station.pool import NumberPool
from packstation.station.views import Screen
from tests.station.desk import MUG, SOCK, Bench, order, signed_in, to_confirming, to_weighing


def row(changed: Order, rev: int, **more: object) -> p.RowsPulled:
    body = {"order": msgspec.to_builtins(changed), "bench": "", "hold": "", **more}
    return p.RowsPulled((p.Row("order", changed.order_id, rev, "put", body),), f"c{rev}", 1)


# --- devices -------------------------------------------------------------------------------


def test_a_lost_device_is_said_once_and_its_return_too() -> None:
    bench = signed_in()
    bench.say(bench.reading(100))
    lost = p.DeviceHealth("scale", p.DeviceState.FAULT, "device.unplugged")
    assert bench.say(lost).earcon == "device_lost"
    assert bench.view.scale.state == "FAULT"
    assert bench.say(lost).earcon == ""
    card = next(d for d in bench.view.devices if d.kind == "scale")
    assert card.cure is not None
    assert (card.state, card.cure.key, len(card.still)) == ("fault", "device.unplugged.cure", 3)
    back = p.DeviceHealth("scale", p.DeviceState.OK)
    assert bench.say(back).earcon == "device_back"
    assert bench.kinds().count("DeviceChanged") == 2
    assert bench.view.scale.state == "ASLEEP"


def test_a_sleeping_scale_is_no_error_and_an_unknown_device_is_nothing() -> None:
    bench = signed_in()
    view = bench.say(p.DeviceHealth("scale", p.DeviceState.ASLEEP))
    assert (view.scale.state, view.earcon) == ("ASLEEP", "")
    bench.say(p.DeviceHealth("toaster", p.DeviceState.FAULT))
    assert "DeviceChanged" in bench.kinds()
    assert bench.say(p.DeviceHealth("scale", p.DeviceState.OFF)).scale.state == "NO_SCALE"


def test_the_last_bytes_of_a_device_are_shown() -> None:
    bench = signed_in()
    view = bench.say(p.DeviceSeen("scanner", b"]E0400638\r", bench.clock.mono_ns()))
    card = next(d for d in view.devices if d.kind == "scanner")
    assert card.last == "]E0400638\\r"
    assert card.last_at is not None
    assert abs(card.last_at - bench.clock.now()) < timedelta(seconds=1)
    bench.say(p.DeviceSeen("toaster", b"x", 0))


def test_a_moving_or_faulty_reading_is_shown_as_such() -> None:
    bench = signed_in()
    assert bench.say(bench.reading(420, ScaleState.MOTION)).scale.grams == 420
    fault = p.ScaleRead("scale", Reading(state=ScaleState.FAULT), bench.clock.mono_ns())
    assert bench.say(fault).scale.grams is None


def test_a_motion_in_between_opens_the_gate_for_the_same_weight() -> None:
    bench = signed_in()
    bench.say(bench.reading(780))
    to_weighing(bench)
    bench.say(bench.reading(780, ScaleState.MOTION))
    assert bench.say(bench.reading(780)).screen is Screen.PRINTING


def test_a_foreign_print_report_changes_nothing() -> None:
    bench = signed_in()
    to_confirming(bench)
    view = bench.say(p.PrintProgress("other/1", "label", "printed"))
    assert (view.screen, view.alert) == (Screen.CONFIRMING, None)


# --- server --------------------------------------------------------------------------------


def test_offline_says_since_when_and_how_many_labels_are_left() -> None:
    bench = signed_in()
    view = bench.say(p.SyncChanged(online=True, waiting=3))
    assert (view.earcon, view.sync.state, view.sync.labels_left) == ("online", "sending", 100)
    assert bench.say(p.SyncChanged(online=True, waiting=0)).sync.state == "synced"
    view = bench.say(p.SyncChanged(online=False, waiting=42))
    assert (view.earcon, view.sync.state, view.sync.since) == (
        "offline",
        "offline",
        bench.clock.now(),
    )


def test_the_cursor_follows_the_server_both_ways() -> None:
    bench = signed_in()
    bench.say(p.CursorMoved(2, 1))
    assert bench.store.acknowledged() == 2
    bench.say(p.CursorMoved(1, 2))
    assert bench.store.acknowledged() == 1


@pytest.mark.parametrize(
    ("status", "headline"), [("cancelled", "stop.cancel"), ("on_hold", "stop.hold")]
)
def test_a_stopped_order_interrupts_the_packer(status: str, headline: str) -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    view = bench.say(row(order(status=status), 2))
    assert view.alert is not None
    assert (view.alert.kind, view.alert.headline.key, view.earcon) == (
        "stop",
        headline,
        "order_stopped",
    )
    assert [step.key for step in view.alert.steps] == [
        "stop.step.out",
        "stop.step.into",
        "stop.step.scan",
    ]
    assert bench.scan("T-O-1").screen is Screen.QUEUE
    assert bench.core.session.state is State.CANCELLED


def test_a_server_hold_is_released_by_the_server() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    assert bench.say(row(order(), 2, hold="customs")).alert is not None
    view = bench.say(row(order(), 3))
    assert (view.alert, view.screen) == (None, Screen.SCANNING)
    assert bench.core.session.rev == 3


def test_a_changed_order_stops_and_a_changed_deadline_does_not() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    assert bench.say(row(order(deadlines=()), 2)).alert is None
    moved = order(ship_to=Address(name="И. Иванов", lines=("ул. 2",), city="Omsk", country="RU"))
    view = bench.say(row(moved, 3))
    assert view.alert is not None
    assert view.alert.headline.key == "stop.change"


def test_a_deleted_order_and_rows_of_others() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    assert bench.say(row(order("O-7"), 2)).alert is None
    gone = p.RowsPulled((p.Row("order", "O-1", 3, "del", {}),), "c", 1)
    view = bench.say(gone)
    assert view.alert is not None
    assert view.alert.headline.key == "stop.cancel"


def test_a_stop_after_the_label_wants_the_label_void_first() -> None:
    bench = signed_in()
    to_confirming(bench)
    view = bench.say(row(order(status="cancelled"), 2))
    assert view.alert is not None
    assert view.alert.steps[0].key == "stop.step.void"
    bench.command("void")
    assert bench.scan("T-O-1").screen is Screen.QUEUE


def test_a_fork_begins_a_new_epoch_where_it_is() -> None:
    bench = signed_in()
    epoch = bench.store.head().epoch
    fork = p.SyncChanged(online=False, waiting=3, cause="sync.fork", at=2, epoch=epoch)
    bench.say(fork)
    assert bench.store.forked_at == 2
    assert bench.store.head().epoch != epoch


def test_a_fork_that_is_said_twice_begins_one_epoch() -> None:
    bench = signed_in()
    fork = p.SyncChanged(
        online=False, waiting=3, cause="sync.fork", at=2, epoch=bench.store.head().epoch
    )
    bench.say(fork)
    epoch = bench.store.head().epoch
    bench.say(replace(fork, waiting=4))
    assert bench.store.head().epoch == epoch


def test_a_misshapen_row_of_the_open_order_changes_nothing() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bad = p.RowsPulled((p.Row("order", "O-1", 9, "put", {"order": {"lines": 5}}),), "c", 1)
    view = bench.say(bad)
    assert (view.alert, view.screen) == (None, Screen.SCANNING)


def test_the_server_is_told_who_does_what_where() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    told = bench.sync.statuses[-1]
    assert (told["person"], told["order"], told["step"]) == ("PK-1", "O-1", "scanning")
    count = len(bench.sync.statuses)
    bench.say(p.Ticked())
    assert len(bench.sync.statuses) == count


def test_the_server_is_told_how_many_numbers_are_left() -> None:
    bench = signed_in()
    to_weighing(bench)
    bench.weigh(780)
    lone = Bench(services=()).start()
    left: list[Any] = [told["labels_left"] for told in (*bench.sync.statuses, *lone.sync.statuses)]
    assert (left[0], max(left[1:-1]), left[-2], left[-1]) == (0, 100, 99, None)


# --- numbers -------------------------------------------------------------------------------


def test_numbers_are_leased_ahead_and_survive_a_restart() -> None:
    bench = Bench().start()
    assert bench.sync.wanted[-1] == ("chinapost", "e-packet", 5)
    bench.lease(0, 1)
    bench.cache.add(p.OrderRow(order(), 1))
    bench.scan("%PB:PK-1")
    to_weighing(bench)
    bench.weigh(780)
    assert (bench.sync.wanted[-1][:2], bench.sync.after) == (("chinapost", "e-packet"), "L-0")
    again = Bench(bench.store, cache=bench.cache).start()
    assert again.core.pool.left("chinapost", "e-packet", "2026-11-21") == 1
    assert again.sync.wanted


def test_a_pool_skips_expired_leases_and_takes_each_number_once() -> None:
    pool = NumberPool()
    lease = {"carrier": "c", "service": "s", "prefix": "LP", "country": "CN"}
    pool.apply_all(
        [
            PoolLeased(lease="old", first=0, last=9, expires="2026-11-20", **lease),
            PoolLeased(lease="new", first=10, last=11, expires="2026-12-20", **lease),
            PoolLeased(lease="new", first=10, last=11, expires="2026-12-20", **lease),
            PersonSignedIn(badge="x"),
        ]
    )
    numbers: list[str] = []
    while (used := pool.take("c", "s", f"k{len(numbers)}", "2026-11-21")) is not None:
        pool.apply(used)
        numbers.append(used.number)
    assert [number[2:10] for number in numbers] == ["00000010", "00000011"]
    assert (pool.found("k0"), pool.found("k9")) == (numbers[0], "")
    pool.apply(NumberUsed(lease="lost", number="LP000000994CN", key="k"))
    assert pool.used("LP000000994CN")


# --- faults --------------------------------------------------------------------------------


def test_a_full_disk_stops_the_bench_and_loses_nothing() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.store.broken = True
    view = bench.scan(SOCK)
    assert view.alert is not None
    assert (view.alert.kind, view.alert.headline.key) == ("hold", "hold.storage")
    assert bench.core.session.lines[1].done == 0
    bench.store.broken = False
    assert bench.scan(SOCK).lines[1].done == 1
    assert StorageError.key == "error.storage"


def test_a_lamp_that_changed_while_the_disk_was_full_is_recorded_later() -> None:
    bench = signed_in()
    before = bench.kinds().count("DeviceChanged")
    bench.store.broken = True
    bench.say(p.DeviceHealth("scale", p.DeviceState.FAULT, "device.unplugged"))
    bench.say(p.DeviceHealth("label", p.DeviceState.FAULT, "print.paper_out"))
    view = bench.say(p.DeviceHealth("label", p.DeviceState.OK))
    assert {d.id: d.state for d in view.devices}["scale"] == "fault"
    bench.store.broken = False
    bench.say(p.Ticked())
    bodies = [r.event.body for r in bench.store.records if r.event.kind == "DeviceChanged"]
    assert [(b["device"], b["cause"]) for b in bodies[before:]] == [("scale", "device.unplugged")]
    bench.say(p.Ticked())
    assert bench.kinds().count("DeviceChanged") == before + 1


def test_a_change_whose_follower_found_no_room_is_recorded_once() -> None:
    bench = signed_in()

    def follower(_: object) -> None:
        bench.core.hooks.remove(follower)
        raise StorageError(cause="full")

    bench.core.hooks.append(follower)
    before = bench.kinds().count("DeviceChanged")
    bench.say(p.DeviceHealth("scale", p.DeviceState.FAULT, "device.unplugged"))
    bench.say(p.Ticked())
    assert bench.kinds().count("DeviceChanged") == before + 1


def test_a_screen_that_fails_keeps_nothing_from_the_server() -> None:
    bench = signed_in()
    bench.scan("O-1")
    wakes = len(bench.sync.wakes)

    def broken(_: object) -> None:
        raise RuntimeError("paint")

    bench.station._publish = broken
    with pytest.raises(RuntimeError):
        bench.scan(MUG)
    assert bench.kinds()[-1] == "ItemVerified"
    assert len(bench.sync.wakes) == wakes + 1


def test_what_nobody_knows_is_let_pass() -> None:
    bench = signed_in()
    count = len(bench.views)
    bench.say(p.Happening())
    assert len(bench.views) == count


@pytest.mark.parametrize("error", [RuntimeError("Иванов"), DocumentError("error.document")])
def test_an_error_that_nobody_expected_is_shown_and_logged_without_its_words(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    bench = signed_in()

    def broken(_: str) -> None:
        raise error

    bench.cache.product_of_code = broken  # type: ignore[method-assign,assignment]
    view = bench.scan(MUG)
    assert view.alert is not None
    assert view.alert.headline.key == "hold.trouble"
    assert "Иванов" not in caplog.text
    assert "test_reports" in caplog.text


def test_a_cache_that_cannot_be_read_keeps_the_last_view() -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)

    def broken(order_id: str) -> None:
        raise StorageError(cause=order_id)

    bench.cache.order = broken  # type: ignore[method-assign]
    view = bench.say(p.Ticked())
    assert view.alert is not None
    assert (view.screen, view.alert.headline.key) == (Screen.SCANNING, "hold.storage")


def test_a_stopped_station_takes_nothing() -> None:
    bench = signed_in()
    bench.station.stop()
    count = len(bench.views)
    bench.scan("O-1")
    assert len(bench.views) == count
