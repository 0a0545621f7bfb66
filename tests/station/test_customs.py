"""The customs check at the bench: at opening, before the label, at the close; cures."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from packstation.domain.catalog import Customs
from packstation.domain.packing import State
from packstation.domain.services import Quoted
from packstation.station import customs as c
from packstation.station import ports as p
from packstation.station.views import Screen, Words
from tests.station.customs_bench import (
    ASKS,
    FORMS,
    MARKED,
    NOTES,
    WARNS,
    bench,
    catalog,
    lacking,
    last,
    sock,
)
from tests.station.desk import (
    MUG,
    SOCK,
    Bench,
    FakeRules,
    order,
    product,
    to_confirming,
    to_weighing,
)
from tests.station.rules import of_line, pack, rule, there

# --- at opening ------------------------------------------------------------------------------


def test_an_order_that_cannot_leave_stops_before_time_goes_into_it() -> None:
    found = bench(WARNS, NOTES)
    found.cache.add(sock(hs=""))
    view = found.scan("O-1")
    first, *rest = lacking(view)
    assert (first.rule, first.tone, first.whose) == ("R16", "stop", "SOCK-RED")
    assert first.words == "products[SOCK-RED].customs.hs is missing"
    assert [lack.tone for lack in rest] == ["warn", "note"]
    assert view.alert is not None
    assert view.alert.todo == Words("papers.todo.open")
    assert [one.command for one in view.alert.answers] == ["park"]
    checked = last(found, "PapersChecked")
    assert (checked["moment"], checked["ok"], checked["rules"]) == ("order", False, ("R16",))
    assert (checked["skus"], checked["warned"]) == (("SOCK-RED",), ("R09",))
    assert found.command("open").alert is not None
    assert found.core.session.state is State.HELD


def test_it_goes_on_by_itself_once_the_office_has_filled_it_in() -> None:
    found = bench()
    found.cache.add(sock(hs=""))
    found.scan("O-1")
    view = catalog(found, sock(hs=""))
    assert view.alert is not None
    view = catalog(found, sock(hs="611596"))
    assert (view.screen, view.alert) == (Screen.SCANNING, None)
    assert view.verdict is not None
    assert view.verdict.words == Words("papers.cured")
    assert last(found, "SessionResumed")["cause"] == "papers"


def test_what_only_warns_is_said_while_it_is_packed() -> None:
    found = bench(WARNS, NOTES, rule("R15", [of_line("material")], severity="WARN"))
    view = found.scan("O-1")
    assert view.alert is None
    # Two products; the address is no work of a packer's.
    assert view.hints[0] == Words("papers.hint", (("n", 2),), 2)
    count = found.kinds().count("PapersChecked")
    catalog(found, sock(hs="611596"))
    assert found.kinds().count("PapersChecked") == count
    assert found.command("next-row").alert is not None


def test_a_doubt_about_the_address_alone_is_not_hinted_at() -> None:
    view = bench(WARNS, NOTES).scan("O-1")
    assert [hint.key for hint in view.hints if hint.key == "papers.hint"] == []


def test_where_nothing_lacks_there_is_nothing_to_point_at() -> None:
    found = bench()
    found.scan("O-1")
    view = found.command("next-row")
    assert view.alert is not None
    assert view.alert.headline.key == "no.command.not_here"


def test_all_findings_can_be_pointed_at() -> None:
    found = bench(WARNS)
    found.cache.add(product("SOCK-RED", SOCK, 80, customs=Customs()))
    view = found.scan("O-1")
    assert view.alert is not None
    assert [one.command for one in view.alert.answers] == ["park", "next-row"]
    assert found.command("next-row").alert.focus == 1  # type: ignore[union-attr]
    assert found.command("previous-row", "previous-row").alert.focus == 4  # type: ignore[union-attr]


def test_an_order_row_that_is_gone_is_named() -> None:
    found = bench()
    to_weighing(found)
    del found.cache.orders["O-1"]
    (lack,) = lacking(found.weigh(780))
    assert (lack.field, lack.cure) == (
        Words("papers.field", (("field", "order"),)),
        Words("papers.by_office"),
    )


# --- the rules themselves --------------------------------------------------------------------


def test_without_rules_nothing_leaves() -> None:
    found = Bench()
    found.rules = FakeRules(None)
    found.cache.add(p.OrderRow(order(), 1))
    found.start()
    found.scan("%PB:PK-1")
    (lack,) = lacking(found.scan("O-1"))
    assert lack.field == Words("papers.no_rules")
    assert found.core.session.state is State.HELD


def test_a_pack_that_cannot_be_used_lets_nothing_pass() -> None:
    found = bench(rule("R99", [{"fact": "status", "is": "eq", "than": "@no_such_figure"}]))
    (lack,) = lacking(found.scan("O-1"))
    assert lack.field == Words("papers.no_rules")


def test_a_table_of_another_shape_lets_nothing_pass() -> None:
    found = bench(tables={"forms": [{"slot": "form", "kind": "cn22", "copies": "many"}]})
    (lack,) = lacking(found.scan("O-1"))
    assert lack.field == Words("papers.no_rules")


def test_rules_that_are_read_late_are_asked_as_soon_as_they_are_there() -> None:
    found = Bench()
    found.rules = FakeRules(ready=False)
    found.cache.add(p.OrderRow(order(), 1), sock(hs=""))
    found.start()
    found.scan("%PB:PK-1")
    assert found.rules.loads == 0
    assert lacking(found.scan("O-1"))
    assert found.rules.loads == 1


def test_the_label_waits_for_the_rules_and_not_the_other_way_round() -> None:
    found = bench()
    to_weighing(found)
    found.rules.ready = False
    view = found.weigh(780)
    assert found.rules.loads == 1
    assert view.screen is Screen.PRINTING


def test_rules_are_read_once_however_often_they_are_asked_for() -> None:
    found = bench()
    found.rules.ready = False
    assert not found.station._flow.customs.ready()
    assert not found.station._flow.customs.ready()
    found.later.drain()
    assert found.rules.loads == 1


def test_a_pulled_pack_holds_from_then_on() -> None:
    found = bench()
    found.scan("O-1")
    found.rules.signed = pack(rule("R07", [there("ship_to.postcode")]), version="2026-12-01")
    found.say(p.RowsPulled((p.Row("customs-pack", "2026-12-01", 3, "put", {}),), "c3", 1))
    (lack,) = lacking(found.view)
    assert lack.rule == "R07"
    assert last(found, "PapersChecked")["pack"] == "2026-12-01"


# --- before the label ------------------------------------------------------------------------


def test_label_and_papers_carry_the_hash_of_what_was_checked() -> None:
    found = bench()
    to_confirming(found)
    checked = last(found, "PapersChecked")
    assert checked["moment"] == "label"
    assert last(found, "LabelRequested")["checked"] == checked["digest"]
    assert last(found, "PrintStarted")["checked"] == checked["digest"]
    view = found.scan(found.view.label.waybill)  # type: ignore[union-attr]
    assert view.screen is Screen.COMPLETED
    assert last(found, "PapersChecked")["moment"] == "close"


def test_what_changed_while_it_was_drawn_is_drawn_anew() -> None:
    found = bench()
    to_weighing(found)
    found.later.drain = lambda: None  # type: ignore[method-assign]
    found.weigh(780)
    for _ in ("prices", "trial"):
        found.station.handle(found.later.waiting.pop(0)())
    assert found.core.session.state is State.PRINTING
    found.cache.add(sock(hs="611596", description="other socks"))
    del found.later.drain
    found.later.drain()
    assert len(found.documents.seen) == 2
    assert found.kinds().count("PrintStarted") == 1
    assert last(found, "PrintStarted")["checked"] == last(found, "PapersChecked")["digest"]


def test_a_change_between_the_label_and_its_paper_is_said() -> None:
    found = bench()
    to_weighing(found)
    found.weigh(780)
    found.cache.add(sock(hs="611596", description="other socks"))
    view = found.out()
    assert view.verdict is not None
    assert view.verdict.words == Words("papers.changed")
    assert last(found, "PrintStarted")["document"] == "cn22"
    assert last(found, "PrintStarted")["checked"] == last(found, "PapersChecked")["digest"]


def test_a_change_that_is_wrong_stops_the_paper_and_can_be_put_right() -> None:
    found = bench()
    to_weighing(found)
    found.weigh(780)
    found.cache.add(sock(hs=""))
    view = found.out()
    assert view.alert is not None
    assert [one.command for one in view.alert.answers] == ["void"]
    assert last(found, "PrintStarted")["document"] == "label"
    catalog(found, sock(hs="611596"))
    assert last(found, "PrintStarted")["document"] == "cn22"


def test_after_a_kill_between_check_and_label_it_is_checked_again() -> None:
    found = bench()
    to_weighing(found)
    found.later.drain = lambda: None  # type: ignore[method-assign]
    found.weigh(780)
    assert found.core.session.state is State.RATING
    again = Bench(found.store)
    again.cache = found.cache
    again.cache.add(sock(hs=""))
    again.start()
    again.scan("%PB:PK-1")
    assert lacking(again.view)[0].rule == "R16"
    assert "LabelRequested" not in again.kinds()


def test_a_supervisor_lets_pass_what_the_rules_leave_to_one() -> None:
    found = bench(ASKS)
    assert found.scan("O-1").alert is None
    found.scan(MUG, MUG, SOCK, "C3")
    view = found.weigh(780)
    (lack,) = lacking(view)
    assert (lack.tone, lack.cure) == ("ask", Words("papers.by_supervisor"))
    assert view.alert is not None
    assert view.alert.todo == Words("papers.todo.ask")
    assert view.alert.answers[0].command == "supervisor"
    found.scan("%PB:SV-1")
    found.say(p.TextEntered("pin", "9999"))
    view = found.say(p.TextEntered("reason", "checked"))
    assert view.screen is Screen.PRINTING
    granted = last(found, "OverrideGranted")
    assert (granted["action"], granted["rules"]) == ("customs", ("R23 payment.total",))


def test_a_long_order_is_checked_in_the_background() -> None:
    found = bench()
    found.station._flow.customs._line_ns = c.INLINE_NS
    assert found.scan("O-1").alert is None
    assert last(found, "PapersChecked")["ok"]
    found.station._flow.customs._line_ns = c.INLINE_NS
    found.scan(MUG, MUG, SOCK, "C3")
    found.station._flow.customs._line_ns = c.INLINE_NS
    assert found.weigh(780).screen is Screen.PRINTING


def test_a_long_check_of_a_session_that_went_on_is_done_anew() -> None:
    found = bench()
    customs = found.station._flow.customs
    customs._line_ns = c.INLINE_NS
    found.later.drain = lambda: None  # type: ignore[method-assign]
    found.scan("O-1", MUG)
    del found.later.drain
    found.later.drain()
    assert last(found, "PapersChecked")["ok"]
    customs.looked(c.CustomsLooked(None))
    assert found.view.alert is None


def test_of_two_long_checks_the_later_one_counts() -> None:
    found = bench()
    customs = found.station._flow.customs
    found.cache.add(sock(hs=""))
    assert found.scan("O-1").alert is not None
    customs._line_ns = c.INLINE_NS
    found.later.drain = lambda: None  # type: ignore[method-assign]
    customs.look_again()
    found.cache.add(sock(hs="611596"))
    customs.look_again()
    del found.later.drain
    found.later.drain()
    assert found.core.session.state is State.SCANNING


def test_a_long_check_that_fails_lets_nothing_pass() -> None:
    found = bench()
    customs = found.station._flow.customs
    found.scan("O-1")
    customs._pending = (found.core.session, "order", lambda _: None)
    view = found.say(c.CustomsLooked(None, customs._number))
    assert lacking(view)[0].field == Words("papers.no_rules")


def test_data_that_changed_waits_for_rules_that_are_not_read() -> None:
    found = bench()
    to_weighing(found)
    found.weigh(780)
    found.cache.add(sock(hs="611596", description="other socks"))
    found.rules.ready = False
    found.out()
    assert found.rules.loads == 1
    assert last(found, "PrintStarted")["document"] == "cn22"


def test_a_journal_from_before_the_rules_is_checked_without_a_word() -> None:
    found = bench()
    to_weighing(found)
    found.weigh(780)
    found.core.session = replace(found.core.session, checked=None)
    view = found.out()
    assert view.verdict is not None
    assert view.verdict.words != Words("papers.changed")
    assert found.core.session.checked is not None


def test_rows_that_no_paper_shows_ask_nothing() -> None:
    found = bench()
    found.scan("O-1")
    count = len(found.kinds())
    found.say(p.RowsPulled((p.Row("carton", "C9", 3, "del", {}),), "c3", 1))
    assert len(found.kinds()) == count


def test_an_order_that_is_gone_by_now_has_no_price_and_no_label() -> None:
    found = bench()
    to_weighing(found)
    flow = found.station._flow
    flow._quote("token")
    flow._take(Quoted("nobody", "none", Decimal(1), "CNY", 1, 1, 1, 1), "rule")
    assert "LabelRequested" not in found.kinds()


# --- papers, marks, copies -------------------------------------------------------------------


def test_papers_come_from_the_rules_and_are_put_in_place_before_the_close() -> None:
    found = bench(MARKED, tables=FORMS)
    table = found.desk.printing.table
    label = table.routes[0]
    found.desk.printing.table = replace(
        table, routes=(*table.routes, replace(label, document="battery"))
    )
    to_weighing(found)
    found.weigh(780)
    for _ in range(3):
        found.out()
    view = found.view
    assert last(found, "ServiceSelected")["documents"] == ("label", "cn22", "battery")
    assert view.screen is Screen.CONFIRMING
    assert view.label is not None
    assert view.label.put == Words("put.cn22", (("n", 2),), 2)
    assert view.label.papers[0].note == Words("paper.copies", (("n", 2),), 2)
    assert view.label.papers[0].place
    assert view.commands[0].words == Words("cmd.in_place")
    assert found.scan(view.label.waybill).alert is not None
    found.command("accept")
    view = found.command("accept")
    assert view.label is not None
    assert view.label.put == Words("put.battery")
    view = found.command("accept")
    assert view.label is not None
    assert view.label.put is None
    assert found.scan(view.label.waybill).screen is Screen.COMPLETED
    assert found.kinds().count("PaperConfirmed") == 2


def test_a_paper_that_came_out_spoilt_is_printed_again_and_counted() -> None:
    found = bench(tables={"forms": FORMS["forms"][:1]})
    to_weighing(found)
    found.weigh(780)
    for _ in range(2):
        found.out()
    found.command("reprint")
    asked = last(found, "ReprintRequested")
    assert (asked["document"], asked["copy"]) == ("cn22", 2)
    found.command("reprint")  # it is on its way: the label is what may be printed again
    assert last(found, "ReprintRequested")["document"] == "label"


def test_papers_without_a_name_of_their_own_are_copies() -> None:
    found = bench(tables={"forms": [{"slot": "sli", "kind": "sli", "copies": 3}]})
    table = found.desk.printing.table
    route = replace(table.routes[-1], document="sli")
    found.desk.printing.table = replace(table, routes=(*table.routes, route))
    to_weighing(found)
    found.weigh(780)
    view = found.out()
    assert view.label is not None
    view = found.out()
    assert view.label is not None
    assert view.label.put == Words("put.papers", (("n", 3),), 3)


def test_what_is_needed_is_no_english_to_others() -> None:
    found = bench(rule("R07", [there("ship_to.postcode", allowed="five digits")]))
    assert lacking(found.scan("O-1"))[0].allowed == "five digits"
    assert found.desk.person is not None
    found.desk.person = replace(found.desk.person, language="ru")
    assert lacking(found.view)[0].allowed == "five digits"
    assert lacking(found.say(p.Ticked()))[0].allowed == ""


def test_what_goes_as_data_is_not_printed_and_said() -> None:
    found = bench(tables={"forms": [{"slot": "data", "kind": "invoice", "electronic": True}]})
    to_weighing(found)
    assert found.view.label is None
    view = found.weigh(780)
    assert view.label is not None
    assert view.label.papers == ()
    assert view.label.bare == Words("papers.as_data")
    assert last(found, "ServiceSelected")["documents"] == ("label",)
    again = Bench(found.store, rules=found.rules, cache=found.cache).start()
    again.scan("%PB:PK-1")
    assert again.view.label is not None
    assert again.view.label.bare == Words("papers.as_data")


def test_before_a_service_is_chosen_nobody_knows_the_papers() -> None:
    found = bench(ASKS)
    to_weighing(found)
    view = found.weigh(780)
    assert view.screen is Screen.RATING
    assert view.label is not None
    assert view.label.bare == Words("papers.later")


def test_the_last_look_may_still_stop_the_parcel() -> None:
    found = bench(MARKED)
    view = to_confirming(found)
    assert view.label is not None
    view = found.scan(view.label.waybill)
    assert lacking(view)[0].rule == "R38"
    assert lacking(view)[0].cure == Words("papers.by_packer")
    found.rules.held = pack(version="2026-12-01")
    found.station._flow.customs.read()
    assert found.core.session.state is State.CONFIRMING
