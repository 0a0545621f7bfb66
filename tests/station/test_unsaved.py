"""What found no room on the disk is taken again, oldest first, and nothing twice."""

from __future__ import annotations

from packstation.domain.packing import State
from packstation.station import ports as p
from packstation.station.views import Screen
from tests.station.desk import signed_in, to_weighing


def test_a_print_report_waits_for_room_and_is_taken_once() -> None:
    bench = signed_in()
    to_weighing(bench)
    bench.weigh(780)
    bench.store.broken = True
    bench.out()
    assert bench.core.session.parcel.papers[0].status == "started"
    bench.say(p.Ticked())
    assert bench.core.session.parcel.papers[0].status == "started"
    bench.store.broken = False
    bench.say(p.Ticked())
    assert bench.core.session.parcel.papers[0].status == "printed"
    assert bench.kinds().count("DocumentPrinted") == 1
    bench.say(p.Ticked())
    assert bench.kinds().count("DocumentPrinted") == 1


def test_a_scan_that_found_no_room_is_scanned_again_by_the_person() -> None:
    bench = signed_in()
    bench.scan("O-1")
    bench.store.broken = True
    bench.scan("4006381333931")
    bench.store.broken = False
    view = bench.say(p.Ticked())
    assert view.screen is Screen.SCANNING
    assert bench.core.session.state is State.SCANNING
    assert bench.core.session.lines[0].done == 0
