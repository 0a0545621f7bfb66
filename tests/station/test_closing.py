"""The last look before a parcel closes: it waits for rules, and long ones are done beside."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.domain.customs.findings import Checked
from packstation.station import ports as p
from packstation.station.closing import CloseLooked
from packstation.station.customs import INLINE_NS
from packstation.station.customs_case import CaseAsked
from packstation.station.views import Screen, VerdictView, Words
from tests.station.customs_bench import bench, last, sock
from tests.station.desk import Bench, FakeRules, order, to_confirming
from tests.station.rules import pack, rule, there
from tests.station.threads import Threads


def threaded(*rules: dict[str, Any]) -> tuple[Bench, Threads, str]:
    """A bench whose parcel has its label on, its work done in threads; the label's number."""
    work = Threads()
    found = Bench(later=work, rules=FakeRules(pack(*rules)))
    found.cache.add(p.OrderRow(order(), 1))
    found.start()
    found.lease()
    found.scan("%PB:PK-1")
    view = to_confirming(found)
    assert view.label is not None
    return found, work, view.label.waybill


def long(found: Bench) -> list[threading.Thread]:
    """From now on checks are long ones; the threads that they are done in."""
    customs, done_in = found.station._flow.customs, []
    look = customs.last_look

    def looked(asked: CaseAsked) -> Checked:
        done_in.append(threading.current_thread())
        customs._line_ns = INLINE_NS
        return look(asked)

    customs._line_ns = INLINE_NS
    customs.last_look = looked  # type: ignore[method-assign]
    return done_in


def said(found: Bench) -> Words | None:
    return found.view.verdict.words if found.view.verdict else None


WAITS = Words("papers.closing")


def test_a_long_last_look_is_done_beside_the_window() -> None:
    found, work, waybill = threaded()
    done_in = long(found)
    work.hold()
    view = found.scan(waybill)
    assert (view.screen, said(found)) == (Screen.CONFIRMING, WAITS)
    assert "LabelApplied" not in found.kinds()
    work.let_go()
    assert (found.view.screen, said(found)) == (Screen.COMPLETED, None)
    assert len(done_in) == 1
    assert threading.current_thread() not in done_in
    assert last(found, "PapersChecked")["moment"] == "close"


def test_what_was_said_meanwhile_stays() -> None:
    found, work, waybill = threaded()
    long(found)
    work.hold()
    found.scan(waybill)
    found.desk.verdict = VerdictView("warn", Words("photo.missed"))
    work.let_go()
    assert found.view.screen is Screen.COMPLETED
    assert found.desk.verdict == VerdictView("warn", Words("photo.missed"))


def test_one_that_stops_the_parcel_does_so_from_the_background_too() -> None:
    found, _, waybill = threaded(rule("R47", [there("buyer.id")], moments=["close"]))
    long(found)
    found.scan(waybill)
    assert found.core.session.hold_reason == "missing_data"
    assert "LabelApplied" not in found.kinds()


def test_one_that_fails_closes_nothing() -> None:
    found, work, waybill = threaded()
    long(found)
    work.hold()
    found.scan(waybill)
    work.dropped()
    found.say(CloseLooked(None, found.station._flow.closing._number))
    assert found.core.session.hold_reason == "missing_data"
    assert "LabelApplied" not in found.kinds()


def test_who_scans_again_meanwhile_starts_nothing_anew() -> None:
    found, work, waybill = threaded()
    done_in = long(found)
    work.hold()
    found.scan(waybill, waybill)
    assert said(found) == WAITS
    work.let_go()
    assert len(done_in) == 1
    assert found.kinds().count("LabelApplied") == 1


def test_a_session_that_went_on_meanwhile_is_looked_at_anew() -> None:
    found, work, waybill = threaded()
    done_in = long(found)
    work.hold()
    found.scan(waybill)
    found.core.session = replace(found.core.session, tote="T-9")
    work.let_go()
    assert len(done_in) == 2
    assert found.view.screen is Screen.COMPLETED


def test_a_label_that_was_voided_meanwhile_closes_nothing() -> None:
    found, work, waybill = threaded()
    long(found)
    work.hold()
    found.scan(waybill)
    parcel = found.core.session.parcel
    found.core.session = replace(found.core.session, parcels=(replace(parcel, label=None),))
    work.let_go()
    assert "LabelApplied" not in found.kinds()
    assert said(found) is None


def test_a_bench_that_was_left_meanwhile_closes_nothing() -> None:
    found, work, waybill = threaded()
    long(found)
    work.hold()
    found.scan(waybill)
    found.desk.locked = True
    work.let_go()
    assert "LabelApplied" not in found.kinds()


def test_another_code_meanwhile_is_the_packers_last_word() -> None:
    found, work, waybill = threaded()
    long(found)
    work.hold()
    found.scan(waybill)
    found.station._flow.closing.close("OTHER", lambda _: None)
    work.let_go()
    assert "LabelApplied" not in found.kinds()


@pytest.mark.parametrize(
    ("rules", "closes"),
    [((), True), ((rule("R47", [there("buyer.id")], moments=["close"]),), False)],
)
def test_a_parcel_that_closes_before_the_rules_are_read_is_looked_at_all_the_same(
    rules: tuple[dict[str, Any], ...], closes: bool
) -> None:
    found, work, waybill = threaded(*rules)
    found.rules.ready = False
    work.hold()
    found.say(p.CodeScanned(waybill, source="scanner"))
    assert said(found) == WAITS
    assert "LabelApplied" not in found.kinds()
    work.let_go()
    assert ("LabelApplied" in found.kinds()) is closes
    assert found.core.session.hold_reason == ("" if closes else "missing_data")
    assert last(found, "PapersChecked")["moment"] == "close"
    assert found.rules.loads == 1


def test_rules_that_come_while_nothing_waits_close_nothing() -> None:
    found = bench()
    found.cache.add(sock())
    found.station._flow.closing.again()
    assert "LabelApplied" not in found.kinds()
