"""The owner of a shared printer ends: no thread is left, and no doubt that need not be."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.station.ports import (
    DeviceHealth,
    DeviceState,
    PrinterQueue,
    PrintProgress,
)
from tests.devices.printers.hall import Hall, job


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path)
    with made.open:
        yield made


def sharing_threads() -> list[str]:
    """Threads of owners and guests that run now."""
    starts = ("share-", "guest-", "borrow-", "link-label")
    return [one.name for one in threading.enumerate() if one.name.startswith(starts)]


def test_nobody_who_came_in_by_the_door_is_left_behind(hall: Hall) -> None:
    for bench in ("B", "C"):
        hall.guest(bench)
        hall.said[bench].healthy()
    with socket.create_connection(("127.0.0.1", hall.door.port)) as silent:
        silent.recv(1)  # the owner has greeted; this one never answers
        names = sharing_threads()
        assert len([name for name in names if name.startswith("guest-")]) == 3
        assert len([name for name in names if name.startswith("share-out")]) == 4
        since = time.monotonic()
        hall.owner.close()
        assert time.monotonic() - since < 3.0
        assert not [one for one in sharing_threads() if one.startswith(("guest-", "share-label"))]
    hall.open.close()
    assert sharing_threads() == []


def test_an_owner_that_ends_tells_of_the_job_under_way_and_calls_nobody(hall: Hall) -> None:
    theirs = hall.guest("B")
    hall.said["B"].healthy()
    hall.sim.set_fault("delay", on=True)
    theirs.submit(job("B-1"))
    hall.said["B"].next(PrintProgress, lambda one: one.outcome == "accepted", timeout=10)
    theirs.submit(job("B-2"))
    hall.owner.close()
    doubt = hall.ended("B", "B-1")
    assert (doubt.outcome, doubt.cause) == ("uncertain", "printer.closed")
    assert theirs.withdraw("B-2")  # it waits with its bench, as before
    assert not hall.said["B"].of(PrinterQueue)[-1].waiting


def test_a_label_that_an_ending_owner_has_not_begun_goes_back_to_its_bench(hall: Hall) -> None:
    theirs = hall.guest("B")
    hall.said["B"].healthy()
    # The owner still thinks that all is well when it calls the job.
    hall.sim.set_fault("silent", on=True)
    theirs.submit(job("B-1"))
    hall.said["B"].next(DeviceHealth, lambda one: one.state is DeviceState.FAULT, timeout=10)
    hall.owner.close()
    back = hall.ended("B", "B-1")
    assert (back.outcome, back.cause) == ("failed", "printer.given_back")
    assert hall.sim.printed == 0


def test_the_doors_port_is_free_as_soon_as_the_owner_is_told_to_end(hall: Hall) -> None:
    port = hall.door.port
    hall.guest("B")
    hall.said["B"].healthy()
    hall.door.end()
    with socket.create_server(("127.0.0.1", port)) as mine:
        assert mine.getsockname()[1] == port
    hall.owner.close()


def test_a_guest_that_is_told_to_end_leaves_no_thread(hall: Hall) -> None:
    hall.guest("B")
    hall.said["B"].healthy()
    hall.guest("C", dpi=300)
    hall.said["C"].next(DeviceHealth)
    hall.owner.close()
    hall.open.close()
    assert sharing_threads() == []
