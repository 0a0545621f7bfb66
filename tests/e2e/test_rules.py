"""Rules of scanning through the real window: bytes from the scanner, facts, screen and sound."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from packstation.demo import samples
from packstation.domain.catalog import KitPart, Packing, Product, ProductCode, Tracking
from packstation.domain.orders import Address, Order, OrderLine
from packstation.domain.psp import OrderBody
from packstation.station.ports import (
    AnswerGiven,
    CommandGiven,
    Row,
    RowsPulled,
    TextEntered,
)
from packstation.station.views import Screen, StationView
from tests.e2e.rig import Rig, Seen

MUG, POT, CAMERA, TEA, LOOP, PHONE = (
    "4006381333931",
    "4006381333979",
    "4006381333986",
    "4006381333962",
    "4006381334006",
    "4006381333993",
)
CASE = "14006381333938"
IMEI, BAD = "490154203237518", "356938035643809"
TRACKED = Tracking(serial=True, lot=True, expiry=True, min_days_left=30)


def item(sku: str, code: str, **more: object) -> Product:
    known = {
        "sku": sku,
        "names": {"en": sku},
        "codes": (ProductCode(text=code),),
        "weight_g": 200,
        "length_mm": 90,
        "width_mm": 80,
        "height_mm": 70,
    }
    return Product(**(known | more))  # type: ignore[arg-type]


GOODS = (
    item("E-MUG", MUG, codes=(ProductCode(text=MUG), ProductCode(text=CASE, units=6))),
    item("E-POT", POT),
    item("E-CAM", CAMERA, tracking=TRACKED),
    item("E-TEA", TEA, kit=(KitPart(sku="E-POT"), KitPart(sku="E-MUG", quantity=2))),
    item(
        "E-SET",
        "E-SET",
        kit=(KitPart(sku="E-POT"), KitPart(sku="E-MUG")),
        packing=Packing(in_order=True),
    ),
    item("E-LOOP", LOOP, kit=(KitPart(sku="E-LOOP"),)),
    item("E-PHONE", PHONE),
)


SENDER = Address(
    name="Lin Yue",
    lines=("88 Tangxi Road",),
    city="Guangzhou",
    region="Guangdong",
    postcode="510410",
    country="CN",
    phone="+86 20 5550 1188",
)
BUYER = Address(
    name="Chen Jing",
    lines=("Building 3, 12 Xinhua Street",),
    city="Beijing",
    region="Beijing",
    postcode="100031",
    country="CN",
    phone="+86 10 5550 1188",
)


class RulesRig(Rig):
    """A rig that remembers what was heard, and gets its orders as pulled rows."""

    def __init__(self, folder: Path) -> None:
        self.heard: list[str] = []
        self.count = 0
        super().__init__(folder)

    def _publish(self, view: StationView) -> None:
        if view.earcon:
            self.heard.append(view.earcon)
        super()._publish(view)

    def pulled(self, *rows: Row) -> None:
        self.count += 1
        self._posted.put(RowsPulled(rows, f"c{self.count}", 1))

    def order(self, lines: str, **more: object) -> Order:
        """Another order of these lines, on the bench's screen."""
        self.count += 1
        rows = tuple(
            OrderLine(line=n, sku=part.split("*")[0], quantity=int(part.split("*")[1]))
            for n, part in enumerate(lines.split(), 1)
        )
        known = {
            "order_id": f"E2E-{self.count}",
            "ship_from": SENDER,
            "ship_to": BUYER,
            "lines": rows,
            "totes": (f"TOTE-{self.count}",),
        }
        document = Order(**(known | more))  # type: ignore[arg-type]
        self.changed(document, 1)
        self.scan_for(
            document.order_id, lambda v: bool(v.order and v.order.order_id == document.order_id)
        )
        self.heard.clear()
        return document

    def changed(self, document: Order, rev: int) -> None:
        body = msgspec.to_builtins(OrderBody(order=document))
        self.pulled(Row("order", document.order_id, rev, "put", body))

    def give(self, command: str) -> None:
        self._posted.put(CommandGiven(command))

    def enter(self, kind: str, value: str) -> None:
        self._posted.put(TextEntered(kind, value))

    def leave(self) -> None:
        """End the order without a parcel, whatever it came to."""
        core = self.opened.station.core
        self.dismiss_quietly()
        if core.session.live:
            self.give("cancel")
            self._posted.put(AnswerGiven(yes=True))
            self.until(lambda _: not core.session.live)

    def dismiss_quietly(self) -> None:
        self.give("back")
        if self.view.alert is not None and self.view.alert.kind == "refusal":
            self.give("accept")
        self.rest(0.1)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RulesRig]:
    made = RulesRig(tmp_path_factory.mktemp("rules"))
    made.ready()
    badge = samples.people()[0].badge
    made.scan_for(f"%PB:{badge}", lambda view: view.screen is not Screen.SIGN_IN)
    made.pulled(*(Row("sku", one.sku, 1, "put", msgspec.to_builtins(one)) for one in GOODS))
    yield made
    made.close()


@pytest.fixture
def rig(bench: RulesRig) -> Iterator[RulesRig]:
    yield bench
    bench.leave()


def refused(rig: RulesRig, text: str, key: str, sound: str, aim: str = "") -> StationView:
    """Scan something that is not right here: screen, sound, fact."""
    view = rig.scan_for(text, lambda v: v.alert is not None and v.alert.headline.key == key, aim)
    assert rig.heard[-1] == sound
    rig.dismiss()
    return view


def asks(kind: str) -> Seen:
    return lambda view: view.entry is not None and view.entry.kind == kind


def progress(view: StationView) -> list[tuple[int, int]]:
    return [(line.done, line.total) for line in view.lines]


def test_a_kit_is_packed_by_its_parts(rig: RulesRig) -> None:
    rig.order("E-TEA*1 E-POT*1")
    refused(rig, TEA, "bad.kit_parts", "wrong_item")
    rig.scan_for(POT, lambda v: progress(v)[1] == (1, 1))
    rig.scan_for(MUG, lambda v: progress(v)[2] == (1, 2))
    rig.scan_for(MUG, lambda v: progress(v)[0] == (1, 1))
    assert rig.heard[-1] == "line_complete"
    fact = rig.facts("SessionOpened")[-1]
    assert [line["of"] for line in fact["lines"]] == [1, 1, 0]  # type: ignore[attr-defined]


def test_a_kit_in_order_says_what_comes_first(rig: RulesRig) -> None:
    rig.order("E-SET*1")
    view = refused(rig, MUG, "bad.not_yet", "wrong_item")
    assert view.alert is not None
    assert view.alert.needed is not None
    assert view.alert.needed.sku == "E-POT"
    assert rig.facts("ItemRejected")[-1]["reason"] == "not_yet"


def test_a_kit_that_contains_itself_is_named_and_put_back(rig: RulesRig) -> None:
    document = rig.order("E-LOOP*1")
    assert rig.view.alert is not None
    assert rig.view.alert.headline.key == "hold.kit"
    assert rig.facts("SessionHeld")[-1]["note"] == "kit.loop:E-LOOP:E-LOOP"
    rig.scan_for(document.totes[0], lambda v: v.screen is Screen.QUEUE)
    assert rig.facts("SessionCancelled")[-1]["tote"] == document.totes[0]


def test_unit_data_is_asked_for_and_judged(rig: RulesRig) -> None:
    rig.order("E-CAM*2")
    rig.scan_for(CAMERA, asks("serial"))
    problem = rig.scan_for(CAMERA, lambda v: bool(v.entry and v.entry.problem))
    assert problem.entry is not None
    rig.scan_for("SN-77", asks("lot"))
    rig.scan_for("LOT-5", asks("expiry"))
    rig.enter("expiry", "31.01.2030")
    rig.until(lambda v: progress(v) == [(1, 2)])
    fact = rig.facts("ItemVerified")[-1]
    assert (fact["serial"], fact["lot"], fact["expiry"]) == ("SN-77", "LOT-5", "2030-01-31")
    unit = f"010{CAMERA}1730013121SN-77\x1d10LOT-5"
    refused(rig, unit, "bad.serial_used", "wrong_item", "]d2")
    old = f"010{CAMERA}1720013121SN-78\x1d10LOT-5"
    view = refused(rig, old, "bad.expired", "wrong_item", "]d2")
    assert view.alert is not None
    assert len(view.alert.facts) == 2


def test_codes_of_several_units(rig: RulesRig) -> None:
    rig.order("E-MUG*7")
    rig.scan_for(CASE, lambda v: progress(v) == [(6, 7)])
    refused(rig, CASE, "bad.units", "over_scan")
    counted = f"020{MUG}371"
    rig.scan_for(counted, lambda v: v.screen is Screen.CARTONING, "]C1")
    assert rig.facts("ItemVerified")[-1]["units"] == 1


def test_the_same_code_too_soon_is_asked_about(rig: RulesRig) -> None:
    rig.order("E-MUG*3 E-POT*1")
    core = rig.opened.station.core
    record = core.desk.devices["scanner"]
    before, record.info = record.info, replace(record.info, options={"twice_ms": 60_000})
    rig.scan_for(MUG, lambda v: progress(v)[0] == (1, 3))
    rig.scan_for(MUG, lambda v: v.entry is not None and v.entry.kind == "twice")
    assert rig.facts("DoubleScanAsked")[-1]["sku"] == "E-MUG"
    rig._posted.put(AnswerGiven(yes=False))
    view = rig.until(lambda v: v.entry is None)
    assert progress(view)[0] == (1, 3)
    assert view.verdict is not None
    assert view.verdict.words.key == "item.counted_once"
    record.info = before


def test_a_thing_without_a_code(rig: RulesRig) -> None:
    rig.order("E-MUG*2 E-POT*1")
    rig.give("manual")
    rig.until(lambda v: v.entry is not None and v.entry.kind == "by_hand")
    rig.enter("by_hand", "2")
    rig.until(lambda v: v.entry is not None and v.entry.kind == "look_again")
    rig._posted.put(AnswerGiven(yes=True))
    rig.until(lambda v: progress(v) == [(0, 2), (1, 1)])
    assert rig.facts("ItemVerified")[-1]["source"] == "manual"


def test_a_supervisor_lets_another_product_stand_in(rig: RulesRig) -> None:
    rig.order("E-MUG*1")
    people = samples.people()
    boss = next(one for one in people if one.role == "supervisor")
    rig.scan_for(POT, lambda v: v.alert is not None)
    assert rig.heard[-1] == "wrong_variant"
    rig.scan_for(f"%PB:{boss.badge}", lambda v: v.entry is not None and v.entry.kind == "pin")
    rig.enter("pin", samples.PINS["supervisor"])
    rig.until(lambda v: v.entry is not None and v.entry.kind == "reason")
    rig.enter("reason", "no_stock")
    rig.until(lambda v: v.verdict is not None and v.verdict.words.key == "item.substitute")
    fact = rig.facts("SubstituteAllowed")[-1]
    assert (fact["sku"], fact["by"], fact["reason"]) == ("E-POT", boss.badge, "no_stock")
    rig.scan_for(POT, lambda v: v.screen is Screen.CARTONING)


def answered(rig: RulesRig, order: Order, value: str, status: str) -> None:
    answer = {"sku": "E-PHONE", "kind": "imei", "value": value, "status": status, "reason": "lost"}
    rig.pulled(Row("requirement", order.order_id, rig.count, "put", {"answers": [answer]}))


def test_a_marketplace_wants_the_imei_and_says_no(rig: RulesRig) -> None:
    wanted = ({"sku": "E-PHONE", "kind": "imei", "value": None},)
    document = rig.order("E-PHONE*1 E-MUG*1", requirements=wanted)
    rig.scan_for(PHONE, lambda v: v.entry is not None and v.entry.kind == "imei")
    rig.scan_for(IMEI[:-1] + "9", lambda v: bool(v.entry and v.entry.problem))
    rig.scan_for(BAD, lambda v: progress(v)[0] == (1, 1))
    assert rig.facts("RequirementGiven")[-1]["value"] == BAD
    answered(rig, document, BAD, "refused")
    rig.until(lambda v: v.alert is not None and v.alert.headline.key == "need.refused")
    assert rig.heard[-1] == "wrong_item"
    rig.dismiss()
    rig.give("undo")
    rig.until(lambda v: progress(v)[0] == (0, 1))
    assert rig.facts("ItemRemoved")[-1]["codes"] == [f"imei:{BAD}"]


def test_a_change_interrupts_within_a_second_and_is_named(rig: RulesRig) -> None:
    document = rig.order("E-MUG*3")
    rig.scan_for(MUG, lambda v: progress(v) == [(1, 3)])
    lines = (replace(document.lines[0], quantity=2),)
    to = replace(document.ship_to, country="RU")
    told = time.monotonic()
    rig.changed(replace(document, lines=lines, ship_to=to), 2)
    view = rig.until(lambda v: v.alert is not None)
    assert time.monotonic() - told < 1.0
    assert view.alert is not None
    assert [words.key for words in view.alert.changes] == ["change.quantity", "change.country"]
    assert rig.heard[-1] == "order_stopped"
    assert "RU" not in str(rig.facts("SessionHeld")[-1])


def test_a_cancel_interrupts_within_a_second(rig: RulesRig) -> None:
    document = rig.order("E-MUG*3")
    told = time.monotonic()
    rig.changed(replace(document, status="cancelled"), 2)
    view = rig.until(lambda v: v.alert is not None)
    assert time.monotonic() - told < 1.0
    assert view.alert is not None
    assert view.alert.kind == "stop"
    assert [step.key for step in view.alert.steps][-1] == "stop.step.scan"
