"""Rating, labels, printing, voids: what happens when they do not go well."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from packstation.domain.catalog import Customs
from packstation.domain.orders import Address
from packstation.domain.packing import State
from packstation.domain.packing.facts import PoolLeased
from packstation.domain.printers import print_table
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.sizes import SizeReading, SizeState
from packstation.station import flow, labelling, printing
from packstation.station import ports as p
from packstation.station.views import Screen, Words
from tests.station.desk import (
    EPACKET,
    MUG,
    ONLINE,
    SOCK,
    Bench,
    FakeRater,
    order,
    product,
    signed_in,
    to_confirming,
    to_weighing,
)

EXPRESS = Quoted("sandbox", "express", Decimal("158.10"), "CNY", 780, 3, 5, 1, "express")
POSTAL = Quoted("chinapost", "e-packet", Decimal("78.24"), "CNY", 780, 10, 15, 2)


def online(mood: str = "ok") -> Bench:
    bench = signed_in(rater=FakeRater((EXPRESS,)))
    bench.labels.mood = mood
    to_weighing(bench)
    bench.weigh(780)
    return bench


def label_status(bench: Bench) -> tuple[str, str]:
    label = bench.core.session.parcel.label
    assert label is not None
    return label.status, label.waybill


# --- rating --------------------------------------------------------------------------------


def test_missing_customs_data_holds_before_any_label() -> None:
    bench = signed_in()
    to_weighing(bench)
    bench.cache.add(product("SOCK-RED", SOCK, 80, customs=Customs(description="socks")))
    view = bench.weigh(780)
    assert view.alert is not None
    assert view.alert.headline.key == "hold.papers"
    named = [(lack.field.key, lack.whose, lack.rule) for lack in view.alert.lacks]
    assert ("customs.field.customs.hs", "SOCK-RED", "R16") in named
    assert "LabelRequested" not in bench.kinds()


def test_an_unknown_product_and_a_bare_address_are_missing_data_too() -> None:
    bench = signed_in(order(lines="MUG-GRN*1", ship_to=Address(country="RU")))
    view = bench.scan("O-1")
    assert view.alert is not None
    named = {lack.field.key.rpartition(".")[2] for lack in view.alert.lacks}
    assert {"name", "city", "lines"} <= named


def test_no_service_holds_the_order() -> None:
    refusal = RefusedService("chinapost", "e-packet", "weight", "2001 g is over 2000 g")
    bench = signed_in(rater=FakeRater((), (refusal,)))
    to_weighing(bench)
    view = bench.weigh(780)
    assert view.alert is not None
    assert view.alert.headline.key == "hold.no_service"
    assert view.services[0].state == "refused"


def test_a_service_without_numbers_or_contract_is_not_possible() -> None:
    other = replace(POSTAL, service="registered")
    bench = Bench(rater=FakeRater((POSTAL, other)))
    bench.cache.add(p.OrderRow(order(), 1))
    bench.start()
    bench.scan("%PB:PK-1")
    to_weighing(bench)
    bench.weigh(780)
    view = bench.view
    told = {row.service: (row.why.key, row.price) for row in view.services if row.why}
    assert told == {
        "e-packet": ("rate.no.numbers", "¥78.24"),
        "registered": ("rate.no.contract", ""),
    }
    assert bench.core.session.hold_reason == "no_service"


def test_the_packer_may_choose_another_service() -> None:
    bench = signed_in(rater=FakeRater((EXPRESS, POSTAL)))
    to_weighing(bench)
    bench.command("service")
    bench.weigh(780)
    view = bench.view
    assert (view.screen, [row.state for row in view.services]) == (
        Screen.RATING,
        ["possible", "possible"],
    )
    bench.say(p.ChoiceMade(7))
    view = bench.say(p.ChoiceMade(0))
    assert view.services[0].service == "e-packet"
    assert bench.core.session.parcel.service is not None
    assert bench.core.session.parcel.service.by == "person"


def test_the_order_may_name_its_service() -> None:
    bench = signed_in(order(service="e-packet"), rater=FakeRater((EXPRESS, POSTAL)))
    to_weighing(bench)
    bench.weigh(780)
    assert bench.core.session.parcel.service is not None
    assert bench.core.session.parcel.service.service == "e-packet"
    bench = signed_in(order(service="air-freight"), rater=FakeRater((EXPRESS,)))
    to_weighing(bench)
    bench.weigh(780)
    assert bench.core.session.state is State.RATING


def test_prices_that_come_too_late_choose_nothing() -> None:
    bench = signed_in()
    bench.say(flow.Rated("P-9:780", (POSTAL,), ()))
    assert bench.core.session.state is State.IDLE


# --- labels --------------------------------------------------------------------------------


def test_an_online_label_is_bought_once_and_printed() -> None:
    bench = online()
    assert label_status(bench) == ("issued", "EX00000001")
    assert list(bench.labels.bought) == [bench.core.session.parcel.label.key]  # type: ignore[union-attr]


def test_a_refused_label_holds_with_its_reason() -> None:
    bench = online("refuse")
    assert (bench.core.session.hold_reason, bench.core.session.hold_note) == (
        "label_refused",
        "address",
    )


def test_a_lost_answer_is_asked_for_by_key_until_found() -> None:
    bench = online("vanish")
    assert label_status(bench)[0] == "unresolved"
    bench.clock.advance(labelling.ASK_AGAIN_S + 1)
    bench.say(p.Ticked())
    assert label_status(bench) == ("issued", "EX00000001")
    assert len(bench.labels.bought) == 1


def test_a_key_that_bought_nothing_may_be_bought_under_the_next_one() -> None:
    bench = online("never")
    bench.clock.advance(labelling.ASK_AGAIN_S + 1)
    bench.labels.mood = "ok"
    bench.say(p.Ticked())
    assert bench.core.session.hold_note == "never_bought"


def test_a_restart_with_only_the_request_asks_and_never_buys_again() -> None:
    bench = online("vanish")
    again = Bench(bench.store, rater=bench.rater, labels=bench.labels, cache=bench.cache)
    again.start()
    again.scan("%PB:PK-1")
    assert label_status(again) == ("issued", "EX00000001")
    assert len(bench.labels.bought) == 1
    down = online("vanish")
    down.labels.mood = "down"
    again = Bench(down.store, rater=down.rater, labels=down.labels, cache=down.cache)
    again.start()
    assert label_status(again)[0] == "unresolved"


def test_pooled_numbers_used_up_hold_the_parcel_that_needs_one() -> None:
    bench = signed_in()
    to_weighing(bench)
    bench.later.drain()
    bench.core.pool = type(bench.core.pool)()
    bench.weigh(780)
    assert bench.core.session.hold_reason == "no_service"


# --- printing ------------------------------------------------------------------------------


def test_a_document_that_cannot_be_drawn_fails_by_name_and_is_tried_again() -> None:
    bench = signed_in()
    bench.documents.broken = "label"
    to_weighing(bench)
    bench.weigh(780)
    paper = bench.core.session.parcel.papers[0]
    assert paper.status == "failed"
    bench.documents.broken = ""
    bench.command("reprint")
    assert bench.tray.jobs[-1].job.endswith("/label/2")


def test_an_uncertain_print_is_asked_and_never_sent_again_by_itself() -> None:
    bench = signed_in()
    to_weighing(bench)
    bench.weigh(780)
    view = bench.out("uncertain")
    assert view.label is not None
    assert view.label.unsure
    assert [c.command for c in view.commands[:2]] == ["yes", "no"]
    assert len(bench.tray.jobs) == 1
    bench.say(p.AnswerGiven(yes=False))
    assert len(bench.tray.jobs) == 1
    bench.command("reprint")
    assert len(bench.tray.jobs) == 2
    bench.out("uncertain")
    bench.command("yes")
    assert [job.document for job in bench.tray.jobs] == ["label", "label", "cn22"]


def test_a_restart_in_the_middle_of_a_print_asks_a_person() -> None:
    bench = signed_in()
    to_weighing(bench)
    bench.weigh(780)
    again = Bench(bench.store, cache=bench.cache).start()
    view = again.scan("%PB:PK-1")
    assert view.screen is Screen.PRINTING
    assert view.label is not None
    assert view.label.unsure
    assert again.tray.jobs == []


def test_a_missing_printer_says_so() -> None:
    bench = signed_in()
    to_weighing(bench)
    bench.printers.clear()
    bench.weigh(780)
    failed = next(r.event for r in bench.store.records if r.event.kind == "PrintFailed")
    assert failed.body["cause"] == "print.no_printer"


# --- void ----------------------------------------------------------------------------------


def test_a_void_of_a_pooled_number_burns_it_for_good() -> None:
    bench = signed_in()
    to_confirming(bench)
    assert bench.command("void").screen is Screen.RATING
    assert bench.kinds()[-3:] == ["LabelVoided", "NumberVoided", "TaskRaised"]
    bench.command("accept")
    assert label_status(bench) == ("issued", "LP000000014CN")
    assert bench.core.pool.used("LP000000005CN")


@pytest.mark.parametrize(
    ("mood", "status"), [("ok", "voided"), ("refuse", "issued"), ("vanish", "voiding")]
)
def test_a_void_online_is_answered_or_asked_again(mood: str, status: str) -> None:
    bench = online()
    bench.out()
    bench.labels.mood = mood
    bench.command("void")
    assert label_status(bench)[0] == status
    bench.labels.mood = "ok"
    bench.clock.advance(labelling.ASK_AGAIN_S + 1)
    bench.say(p.Ticked())
    assert label_status(bench)[0] == ("issued" if mood == "refuse" else "voided")


# --- sizes ---------------------------------------------------------------------------------


def test_a_box_without_known_sides_is_measured_by_hand() -> None:
    bench = signed_in()
    to_weighing(bench)
    bench.core.session = bench.core.session.with_parcel(outer_mm=())
    assert bench.weigh(780).screen is Screen.MEASURING
    view = bench.command("accept")
    assert view.alert is not None
    assert view.alert.headline.key == "no.size.unknown"
    bench.command("manual")
    for kind, value in (("length", "300"), ("width", "wide"), ("width", "200")):
        bench.say(p.TextEntered(kind, value))
    assert bench.view.entry is not None
    assert bench.view.entry.kind == "height"
    assert bench.say(p.TextEntered("height", "120")).screen is Screen.PRINTING


def test_the_cartons_own_sides_are_accepted() -> None:
    bench = signed_in(order(lines="MUG-GRN*1"))
    bench.scan("O-1", MUG, "C3")
    bench.say(p.ChoiceMade(index=0))
    bench.core.session = replace(bench.core.session, measure=True)
    assert bench.weigh(400).screen is Screen.MEASURING
    assert bench.command("accept").screen is Screen.PRINTING


class Plate:
    """A dimensioner that counts how often it was asked."""

    asked = 0

    def measure(self) -> None:
        self.asked += 1


def measured(state: SizeState = SizeState.MEASURED) -> p.SizeMeasured:
    reading = SizeReading(
        state=state,
        unit="cm",
        length=Decimal("30.0"),
        width=Decimal("20.5"),
        height=Decimal("12.0"),
    )
    return p.SizeMeasured("dimensioner", reading, 1)


def to_measuring() -> tuple[Bench, Plate]:
    bench, plate = signed_in(), Plate()
    bench.measurers.append(plate)
    to_weighing(bench)
    bench.core.session = bench.core.session.with_parcel(outer_mm=())
    assert bench.weigh(780).screen is Screen.MEASURING
    return bench, plate


def test_a_dimensioner_is_asked_once_and_its_sides_are_taken() -> None:
    bench, plate = to_measuring()
    bench.say(p.Ticked())
    assert plate.asked == 1
    assert bench.say(measured()).screen is Screen.PRINTING
    bodies = [r.event.body for r in bench.store.records if r.event.kind == "ParcelMeasured"]
    assert bodies == [
        {"length_mm": 300, "width_mm": 205, "height_mm": 120, "source": "dimensioner"}
    ]
    assert plate.asked == 1


@pytest.mark.parametrize("state", [SizeState.UNSURE, SizeState.NOT_READY, SizeState.FAULT])
def test_sides_that_may_not_be_taken_say_why_and_can_be_typed(state: SizeState) -> None:
    bench, _ = to_measuring()
    view = bench.say(measured(state))
    assert view.screen is Screen.MEASURING
    assert view.alert is not None
    assert view.alert.headline.key == f"no.size.{state.lower()}"
    assert bench.say(measured()).screen is Screen.PRINTING  # its button was pressed again


def test_a_box_on_the_plate_at_another_time_is_let_pass() -> None:
    bench, plate = signed_in(), Plate()
    bench.measurers.append(plate)
    facts = len(bench.kinds())
    bench.say(measured())
    to_weighing(bench)
    bench.say(measured())
    assert "ParcelMeasured" not in bench.kinds()
    assert "InputRefused" not in bench.kinds()[facts:]
    assert plate.asked == 0


# --- what comes at the wrong time ----------------------------------------------------------


def asking() -> Bench:
    """A bench whose label is asked for online, with no answer yet."""
    bench = signed_in(rater=FakeRater((EXPRESS,)))
    to_weighing(bench)
    for grams in (0, 780):
        bench.station.handle(bench.reading(grams))
    for _ in ("prices", "trial"):
        bench.station.handle(bench.later.waiting.pop(0)())
    return bench


def test_a_label_that_is_asked_for_is_not_asked_twice() -> None:
    bench = asking()
    bench.station.handle(p.DeviceHealth("scale", p.DeviceState.FAULT, "device.unplugged"))
    assert len(bench.later.waiting) == 1
    view = bench.say(labelling.LabelReplied("other/1", "issued", "EX9"))
    assert view.alert is None
    assert label_status(bench)[0] == "issued"


def test_a_restart_before_the_pooled_number_takes_one_now() -> None:
    bench = asking()
    pooled = replace(ONLINE, numbers="pool")
    empty = Bench(bench.store, cache=bench.cache, services=(EPACKET, pooled)).start()
    assert empty.core.session.hold_note == "numbers"
    bench = asking()
    bench.store.append(
        [
            p.Draft(
                PoolLeased(
                    lease="L",
                    carrier="sandbox",
                    service="express",
                    prefix="EE",
                    country="CN",
                    first=1,
                    last=9,
                ),
                "bench",
                "",
            )
        ]
    )
    again = Bench(bench.store, cache=bench.cache, services=(EPACKET, pooled)).start()
    assert label_status(again) == ("issued", "EE000000014CN")


def test_a_paper_drawn_for_a_voided_label_is_not_printed() -> None:
    bench = signed_in()
    to_weighing(bench)
    for grams in (0, 780):
        bench.station.handle(bench.reading(grams))
    bench.station.handle(bench.later.waiting.pop(0)())
    made = bench.later.waiting.pop(0)()
    bench.station.handle(p.CommandGiven("void"))
    bench.station.handle(made)
    assert bench.tray.jobs == []
    assert bench.view.alert is None


def test_a_paper_of_another_label_is_not_printed() -> None:
    bench = signed_in()
    to_weighing(bench)
    bench.weigh(780)
    job = bench.tray.jobs[-1]
    bench.say(printing.PaperMade("other/1/label/1", "label", job))
    assert len(bench.tray.jobs) == 1


def test_a_paper_that_comes_when_nothing_is_printed_is_not_printed() -> None:
    printed = signed_in()
    to_weighing(printed)
    printed.weigh(780)
    job = printed.tray.jobs[-1]
    bench = signed_in()
    to_weighing(bench)
    bench.say(printing.PaperMade("id-000004/1/label/1", "label", job))
    assert bench.tray.jobs == []
    assert bench.view.screen is Screen.WEIGHING


def test_a_product_that_vanished_is_missing_data() -> None:
    bench = signed_in()
    to_weighing(bench)
    del bench.cache.products["SOCK-RED"]
    view = bench.weigh(780)
    assert view.alert is not None
    assert Words("customs.field.customs.hs") in {lack.field for lack in view.alert.lacks}


def test_a_closed_parcel_goes_to_the_pallet_of_its_service_by_name() -> None:
    bench = signed_in()
    to_confirming(bench)
    waybill = label_status(bench)[1]
    done = bench.scan(waybill).done
    assert done is not None
    assert done.next_place is not None
    assert done.next_place.args == (("place", EPACKET.names["en"]),)
    assert EPACKET.names["en"] != EPACKET.service


def test_a_label_beside_a_cn_23_is_told_so() -> None:
    with_form = replace(EPACKET, documents=("label", "cn23"))
    bench = Bench(services=(with_form, ONLINE))
    bench.desk.printing.table = print_table(bench.rows, (), with_form.documents)
    bench.cache.add(p.OrderRow(order(), 1))
    bench.start()
    bench.lease()
    bench.scan("%PB:PK-1")
    to_weighing(bench)
    bench.weigh(780)

    assert [papers.form for papers in bench.documents.seen] == ["cn23"]


def test_a_couriers_label_has_no_declaration_of_the_posts_on_it() -> None:
    courier = replace(EPACKET, carrier="dhl", channel="express", documents=("label",))
    bench = Bench(services=(courier, ONLINE))
    bench.rater.quotes = (replace(bench.rater.quotes[0], carrier="dhl"),)
    bench.cache.add(p.OrderRow(order(), 1))
    bench.start()
    bench.say(p.NumbersLeased("L-0", "dhl", "e-packet", "LP", "CN", 0, 99))
    bench.scan("%PB:PK-1")
    to_weighing(bench)
    bench.weigh(780)

    assert [papers.form for papers in bench.documents.seen] == ["none"]
