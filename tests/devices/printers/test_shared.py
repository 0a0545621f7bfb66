"""One printer, two benches: first come, first served, once, and honestly."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from packstation.devices.bench import DeviceConfig, open_devices
from packstation.devices.opened import Waiting
from packstation.devices.printers import share_wire
from packstation.devices.printers.share_wire import NotTrusted, greet, welcome
from packstation.devices.printers.turns import Ticket, Turns
from packstation.devices.sim.faces import TcpFace
from packstation.devices.sim.light import RelayLightSim
from packstation.domain.errors import SettingsError
from packstation.station.ports import (
    DeviceHealth,
    DeviceState,
    PrinterQueue,
    PrintProgress,
)
from tests.devices.printers.hall import KEY, TIMINGS, Hall, job, queue_of, zpl
from tests.devices.printers.queues.peers import wait_for
from tests.devices.rigs import Recorder, chance


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path)
    with made.open:
        yield made


def test_word_that_a_cable_is_back_reaches_the_shared_printer(hall: Hall) -> None:
    assert isinstance(hall.door, Waiting)
    hall.sim.set_fault("unplug", on=True)
    heard = hall.said["A"]
    heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
    mark = heard.mark
    hall.sim.set_fault("unplug", on=False)
    hall.door.retry_now()
    heard.healthy(after=mark)


# --- first come, first served ----------------------------------------------------------------


def test_labels_of_both_benches_come_out_in_the_order_they_were_asked_for(hall: Hall) -> None:
    mine, theirs = hall.owner.printers["label"], hall.guest("B")
    hall.said["B"].healthy()
    hall.sim.set_fault("pause", on=True)
    hall.said["A"].next(DeviceHealth, lambda one: one.cause == "printer.paused")
    mine.submit(job("A-1"))
    theirs.submit(job("B-1"))
    theirs.submit(job("B-2"))
    queue_of(hall, "B", (("A", 1),))
    queue_of(hall, "A", (("B", 2),))
    mine.submit(job("A-2"))
    hall.sim.set_fault("pause", on=False)
    for bench, name in (("A", "A-1"), ("B", "B-1"), ("B", "B-2"), ("A", "A-2")):
        assert hall.ended(bench, name).outcome == "printed"
    assert hall.printed == [zpl(name) for name in ("A-1", "B-1", "B-2", "A-2")]


def test_a_bench_hears_of_its_own_jobs_alone_and_under_their_own_names(hall: Hall) -> None:
    theirs = hall.guest("B")
    theirs.submit(job("B-1"))
    hall.ended("B", "B-1")
    rungs = [one.outcome for one in hall.said["B"].of(PrintProgress)]
    assert rungs == ["spooled", "accepted", "idle", "counted", "printed"]
    assert hall.said["A"].of(PrintProgress) == []


def test_the_printers_trouble_is_everybodys(hall: Hall) -> None:
    hall.guest("B")
    hall.said["B"].healthy()
    hall.sim.set_fault("paper_out", on=True)
    told = hall.said["B"].next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
    assert told.cause == "printer.paper_out"


def test_who_waits_before_is_told(hall: Hall) -> None:
    theirs, third = hall.guest("B"), hall.guest("C")
    for bench in "BC":
        hall.said[bench].healthy()
    hall.sim.set_fault("paper_out", on=True)
    hall.said["B"].next(DeviceHealth, lambda one: one.cause == "printer.paper_out")
    theirs.submit(job("B-1"))
    theirs.submit(job("B-2"))
    queue_of(hall, "A", (("B", 2),))
    queue_of(hall, "C", (("B", 2),))
    third.submit(job("C-1"))
    hall.sim.set_fault("paper_out", on=False)
    assert hall.ended("C", "C-1").outcome == "printed"
    assert hall.printed == [zpl("B-1"), zpl("B-2"), zpl("C-1")]
    last = hall.said["C"].of(PrinterQueue)[-1]
    assert last.waiting == ()


# --- taken back ------------------------------------------------------------------------------


def test_a_job_that_waits_for_its_turn_is_taken_back_at_once(hall: Hall) -> None:
    mine, theirs = hall.owner.printers["label"], hall.guest("B")
    hall.said["B"].healthy()
    hall.sim.set_fault("paper_out", on=True)
    hall.said["B"].next(DeviceHealth, lambda one: one.cause == "printer.paper_out")
    mine.submit(job("A-1"))
    mine.submit(job("A-2"))
    theirs.submit(job("B-1"))
    theirs.submit(job("B-2"))
    assert theirs.withdraw("B-1")
    assert mine.withdraw("A-2")
    assert mine.withdraw("A-1")
    assert not mine.withdraw("A-9")
    assert not theirs.withdraw("B-9")
    hall.sim.set_fault("paper_out", on=False)
    assert hall.ended("B", "B-2").outcome == "printed"
    assert hall.printed == [zpl("B-2")]


def test_what_was_handed_over_and_not_sent_is_given_back_as_failed(hall: Hall) -> None:
    theirs = hall.guest("B")
    hall.said["B"].healthy()
    # The owner still thinks that all is well when it calls the job.
    hall.sim.set_fault("silent", on=True)
    theirs.submit(job("B-1"))
    hall.said["B"].next(DeviceHealth, lambda one: one.state is DeviceState.FAULT, timeout=10)
    assert not theirs.withdraw("B-1")
    end = hall.ended("B", "B-1")
    assert (end.outcome, end.cause) == ("failed", "printer.given_back")
    hall.sim.set_fault("silent", on=False)
    hall.owner.printers["label"].submit(job("A-1"))
    assert hall.ended("A", "A-1").outcome == "printed"
    assert hall.printed == [zpl("A-1")]


@pytest.mark.parametrize("bench", ["A", "B"])
def test_a_copy_takes_the_place_of_what_its_bench_has_at_the_printer(
    hall: Hall, bench: str
) -> None:
    printer = hall.owner.printers["label"] if bench == "A" else hall.guest("B")
    hall.said[bench].healthy()
    hall.sim._print_s = 2.0
    printer.submit(job("1"))
    hall.said[bench].next(PrintProgress, lambda one: one.outcome == "accepted", timeout=10)
    hall.sim.set_fault("head_open", on=True)
    hall.sim._print_s = 0.02
    hall.said[bench].next(DeviceHealth, lambda one: one.cause == "printer.head_open", timeout=10)
    printer.submit(replace(job("2"), doubtful=True))
    hall.ended(bench, "1")
    wait_for(lambda: not hall.sim._waiting, "the first is kept")
    hall.sim.set_fault("head_open", on=False)
    assert hall.ended(bench, "2").outcome == "printed"
    assert hall.printed == [zpl("2")]


# --- cut -------------------------------------------------------------------------------------


def test_a_cut_after_the_hand_over_is_uncertain_and_the_owner_tells_the_end_later(
    hall: Hall,
) -> None:
    theirs = hall.guest("B")
    hall.said["B"].healthy()
    # It lies in the printer until the lid is closed, whatever the machine is busy with.
    hall.sim._print_s = 2.0
    theirs.submit(job("B-1"))
    hall.said["B"].next(PrintProgress, lambda one: one.outcome == "accepted", timeout=10)
    hall.sim.set_fault("head_open", on=True)
    hall.sim._print_s = 0.02
    with hall.door._guard:
        hall.door._wires["B"].close()
    doubt = hall.ended("B", "B-1")
    assert (doubt.outcome, doubt.cause) == ("uncertain", "printer.lost")
    hall.sim.set_fault("head_open", on=False)
    told = hall.said["B"].next(PrintProgress, lambda one: one.outcome == "printed", timeout=10)
    assert told.job == "B-1"
    assert hall.printed == [zpl("B-1")]


def test_a_cut_before_the_turn_leaves_the_job_with_its_bench(hall: Hall) -> None:
    theirs = hall.guest("B")
    hall.said["B"].healthy()
    hall.sim.set_fault("paper_out", on=True)
    hall.said["B"].next(DeviceHealth, lambda one: one.cause == "printer.paper_out")
    theirs.submit(job("B-1"))
    queue_of(hall, "A", (("B", 1),))
    with hall.door._guard:
        hall.door._wires["B"].close()
    hall.said["B"].next(DeviceHealth, lambda one: one.cause == "port.lost", timeout=10)
    hall.sim.set_fault("paper_out", on=False)
    assert hall.ended("B", "B-1").outcome == "printed"
    assert hall.printed == [zpl("B-1")]
    assert [one.outcome for one in hall.said["B"].of(PrintProgress)].count("uncertain") == 0


def test_a_bench_that_ends_in_its_turn_makes_room(hall: Hall) -> None:
    recorder, settings = Recorder(), {"share_key_file": str(hall.key)}
    address = f"bench://127.0.0.1:{hall.door.port}"
    guest = open_devices(
        (DeviceConfig("label", "zpl", address, settings=settings),),
        recorder,
        timings=TIMINGS,
        bench="B",
    )
    recorder.healthy()
    hall.sim.set_fault("head_open", on=True)
    recorder.next(DeviceHealth, lambda one: one.cause == "printer.head_open")
    guest.printers["label"].submit(job("B-1"))
    queue_of(hall, "A", (("B", 1),))
    guest.close()
    queue_of(hall, "A", ())
    hall.owner.printers["label"].submit(job("A-1"))
    hall.sim.set_fault("head_open", on=False)
    assert hall.ended("A", "A-1").outcome == "printed"
    assert hall.printed == [zpl("A-1")]


def test_the_same_job_is_taken_once_whatever_is_sent(hall: Hall) -> None:
    with socket.create_connection(("127.0.0.1", hall.door.port)) as plug:
        wire, lies = greet(plug, KEY, "B")
        assert lies == "zpl 100x150 203"
        message = {"document": "label", "media": "zpl", "labels": 1, "payload": "XlhBXlha"}
        wire.send(job="B-0", **message)  # out of turn
        wire.send(want="B-1")
        while "go" not in (told := wire.receive()):
            assert "progress" not in told
        for _ in range(3):
            wire.send(job="B-1", **message)
        while (told := wire.receive()).get("progress", ["", "", ""])[2] != "printed":
            pass
        wire.send(want="B-2")
        while "go" not in wire.receive():
            pass
        wire.send(job="B-2", **(message | {"media": "tspl"}))
        while (told := wire.receive()).get("progress", ["", "", ""])[2] != "failed":
            pass
        assert told["progress"][0] == "B-2"
        wire.close()
    assert len(hall.printed) == 1


def test_who_is_called_and_hands_nothing_over_loses_the_turn(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packstation.devices.printers.shared.HAND_OVER_S", 0.1)
    with socket.create_connection(("127.0.0.1", hall.door.port)) as plug:
        wire, _ = greet(plug, KEY, "C")
        wire.send(want="C-1")
        while "go" not in wire.receive():
            pass
        hall.owner.printers["label"].submit(job("A-1"))
        assert hall.ended("A", "A-1").outcome == "printed"
        wire.close()


# --- trust -----------------------------------------------------------------------------------


def test_a_bench_with_another_key_or_name_or_stock_is_turned_away(hall: Hall) -> None:
    other = hall.folder / "other"
    other.write_bytes(b"another key altogether")
    hall.guest("B", share_key_file=str(other))
    told = hall.said["B"].next(DeviceHealth)
    assert told.cause in {"printer.not_shared", "port.lost"}
    hall.guest("Z")
    assert hall.said["Z"].next(DeviceHealth).state is DeviceState.FAULT
    hall.guest("C", dpi=300)
    assert hall.said["C"].next(DeviceHealth).cause == "printer.other_stock"


def wires() -> tuple[share_wire.Wire, share_wire.Wire, socket.socket]:
    """Both ends of a greeting, and the owner's bare socket."""
    here, there = socket.socketpair()
    found: list[share_wire.Wire] = []
    guest = threading.Thread(target=lambda: found.append(greet(there, KEY, "B")[0]))
    guest.start()
    wire, bench = welcome(here, KEY, ["B"], "zpl")
    guest.join()
    assert bench == "B"
    return wire, found[0], here


def test_a_line_that_was_changed_or_is_no_message_ends_the_talk() -> None:
    owner, guest, bare = wires()
    owner.send(go="1")
    assert guest.receive() == {"go": "1"}
    bare.sendall(b'0000 {"go":"2"}\n')
    with pytest.raises(NotTrusted):
        guest.receive()
    owner.close()
    with pytest.raises(OSError, match=r".*"):
        owner.receive()
    guest.close()


@pytest.mark.parametrize("line", [b"[1]\n", b"nonsense\n", b"x" * 2000])
def test_a_stranger_is_turned_away_early(line: bytes) -> None:
    here, there = socket.socketpair()
    there.sendall(line)
    with pytest.raises(NotTrusted):
        welcome(here, KEY, ["B"], "zpl")
    here.close()
    there.close()


def test_an_owner_without_the_key_is_not_trusted() -> None:
    here, there = socket.socketpair()
    here.sendall(b'{"nonce":"00"}\n{"mac":"no"}\n')
    with pytest.raises(NotTrusted):
        greet(there, KEY, "B")
    here.close()
    there.close()


def test_an_owner_that_says_nothing_does_not_hold_up_the_end(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(KEY)
    with socket.create_server(("127.0.0.1", 0)) as door:
        address = f"bench://127.0.0.1:{door.getsockname()[1]}"
        row = DeviceConfig("label", "zpl", address, settings={"share_key_file": str(key)})
        bench = open_devices([row], Recorder(), timings=TIMINGS, bench="B")
        with door.accept()[0]:
            begun = time.monotonic()
            bench.close()
            assert time.monotonic() - begun < share_wire.GREETING_S / 2
    assert not [one for one in threading.enumerate() if one.name == "borrow-label"]


def test_an_owner_that_talks_nonsense_is_a_fault_and_is_called_again(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(KEY)
    heard = Recorder()
    with socket.create_server(("127.0.0.1", 0)) as door:
        address = f"bench://127.0.0.1:{door.getsockname()[1]}"
        row = DeviceConfig("label", "zpl", address, settings={"share_key_file": str(key)})
        bench = open_devices([row], heard, timings=TIMINGS, bench="B")
        for _ in range(2):
            wire, _name = welcome(door.accept()[0], KEY, ["B"], "zpl 100x150 203")
            wire.send(queue=[["C"]])
            cause = heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT).cause
            assert cause == "device.internal"
            wire.close()
        bench.close()


# --- rows ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"share_port": "9"}, "share_port"),
        ({"share_port": 70000}, "share_port"),
        ({"share_port": 1, "share_benches": []}, "share_benches"),
        ({"share_port": 1, "share_benches": ["A"]}, "share_benches"),
        ({"share_port": 1, "share_benches": ["B"]}, "share_key_file"),
        ({"share_port": 1, "share_benches": ["B"], "share_key_file": "/no"}, "share_key_file"),
    ],
)
def test_a_row_that_shares_badly_is_refused(settings: dict[str, object], name: str) -> None:
    config = DeviceConfig("label", "zpl", "tcp://127.0.0.1:9", settings=settings)
    with pytest.raises(SettingsError) as caught:
        open_devices((config,), Recorder(), bench="A")
    assert caught.value.fields["name"] == f"DEVICES[label].{name}"


@pytest.mark.parametrize(
    "address", ["bench://", "bench://host", "bench://host:0", "bench://h:99999"]
)
def test_an_address_of_no_bench_is_refused(address: str) -> None:
    with pytest.raises(SettingsError) as caught:
        open_devices((DeviceConfig("label", "zpl", address),), Recorder(), bench="B")
    assert caught.value.fields["allowed"] == "bench://host:port"


def test_a_port_that_is_taken_is_said_and_nothing_stays_open(hall: Hall) -> None:
    settings = {
        "share_port": hall.door.port,
        "share_host": "127.0.0.1",
        "share_benches": ["B"],
        "share_key_file": str(hall.key),
    }
    config = DeviceConfig("label", "zpl", "tcp://127.0.0.1:9", settings=settings)
    folder = DeviceConfig("papers", "folder", str(hall.folder / "papers"))
    sim = RelayLightSim(TcpFace(), chance())
    hall.open.callback(sim.close)
    light = DeviceConfig("light", "relay", sim.address)
    heard = Recorder()
    before = set(threading.enumerate())
    with pytest.raises(SettingsError) as caught:
        open_devices((light, folder, config), heard, bench="A", timings=TIMINGS)
    assert caught.value.fields["name"] == "share_port"
    left = [one.name for one in set(threading.enumerate()) - before if one.name != "share-out"]
    assert not [name for name in left if name.startswith(("link-", "printer-"))]


def test_turns_are_taken_in_order_and_counted_by_bench() -> None:
    turns = Turns()
    for bench, name in (("A", "1"), ("B", "1"), ("B", "2"), ("A", "2")):
        turns.join(Ticket(bench, name))
    turns.join(Ticket("B", "2"))
    assert turns.before("C") == (("A", 2), ("B", 2))
    assert turns.before("B") == (("A", 1),)
    assert turns.call() == Ticket("A", "1")
    assert turns.before("A") == (("B", 2),)
    assert not turns.leave("A", "1")
    turns.forget("B")
    assert turns.call() == Ticket("A", "2")
    assert (turns.call(), turns.head) == (None, None)
