"""Buying through karrio: at most once for a key, and never a guess about money."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.carriers.conformance import REQUEST as ABROAD
from packstation.carriers.label_files import PDF, ZPL
from packstation.carriers.live.books import KEPT, Books
from packstation.carriers.live.gateway import Account, Karrio
from packstation.carriers.live.processes import Process
from packstation.domain.carriers import Bought, GoodsLine, LabelWanted
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused, RateUnavailable
from packstation.domain.orders import Address
from packstation.domain.quantities import Money
from packstation.domain.shipments import Place, Shipment, ShipmentParcel
from tests.carriers.live.fake_karrio import written
from tests.carriers.live.sites import Answering, Asked, Site, json_answer, serving

UPS = "onlinetools.ups.com"
KEY = ABROAD.key
LABEL = b"^XA^PW812^LL1218^FO60,80^FDTO ROMA^FS^XZ"
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
REQUEST = replace(
    ABROAD,
    service="ups_saver",
    recipient=Address(name="Mario Rossi", lines=("Via Roma 1",), city="Roma", country="IT"),
    goods=(GoodsLine(sku="TS", quantity=2, value=Money(Decimal("4.50"), "USD"), net_g=100),),
    wanted=LabelWanted(media=ZPL, width_mm=101.6, height_mm=152.4, dpi=203),
)
SOLD = {
    "tracking_number": "1ZA1B2C30000000001",
    "shipment_identifier": "S-1",
    "docs": {"label": base64.b64encode(LABEL).decode()},
    "selected_rate": {"service": "ups_saver", "currency": "USD", "total_charge": "27.10"},
}


def sells(_: Asked) -> tuple[int, bytes, str]:
    return json_answer({"result": SOLD})


class Room:
    """A gateway whose worker has a karrio of ours, and the server it speaks to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = Process(paths=[str(written(folder / "modules"))])
        self.books = Books(folder / "karrio.sqlite3")
        self.now = NOW

    @contextmanager
    def at(
        self, answering: Answering, carrier: str = "ups", deadline_s: float = 20
    ) -> Iterator[Karrio]:
        account = Account(name="our ups", carrier=carrier, settings={}, deadline_s=deadline_s)
        with serving(answering) as self.site:
            detours = {UPS: self.site.url}
            yield Karrio(account, self.process, self.books, lambda: self.now, detours=detours)

    @property
    def purchases(self) -> int:
        return sum(each.path == "/api/buy" for each in self.site.asked)

    site: Site


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.process.close()
    made.books.close()


def reason(call: Callable[[], object]) -> str:
    with pytest.raises(LabelRefused) as caught:
        call()
    return str(caught.value.fields["reason"])


def test_a_sale_is_kept_and_found_again(room: Room) -> None:
    with room.at(sells) as ups:
        got = ups.buy(REQUEST)
        assert got.waybill == "1ZA1B2C30000000001"
        assert (got.ref, got.price, got.fault) == ("S-1", Money(Decimal("27.10"), "USD"), "")
        assert got.label is not None
        assert (got.label.content, got.label.media) == (LABEL, ZPL)
        assert ups.buy(REQUEST).waybill == got.waybill
        assert ups.find(KEY) is not None
        assert ups.find("another/1") is None
    assert room.purchases == 1
    # The server ended before it wrote the answer down: the books have it, label and all.
    again = Books(room.folder / "karrio.sqlite3")
    entry = again.of(KEY)
    again.close()
    assert entry is not None
    assert (entry.state, base64.b64decode(entry.label)) == ("bought", LABEL)
    assert (room.folder / "karrio.sqlite3").stat().st_mode & 0o077 == 0


def test_what_karrio_is_asked(room: Room) -> None:
    with room.at(sells) as ups:
        ups.buy(replace(REQUEST, gross_g=1005, incoterm="DDP"))
    sent = json.loads(room.site.asked[-1].body)
    # karrio would round 1.005 kg half to even and declare 1.0.
    assert sent["parcels"] == [
        {
            "weight": 1.01,
            "weight_unit": "KG",
            "length": 20,
            "width": 15,
            "height": 6,
            "dimension_unit": "CM",
        }
    ]
    assert (sent["reference"], sent["label_type"]) == (KEY, "ZPL")
    assert sent["customs"]["duty"] == {"paid_by": "sender"}
    assert sent["customs"]["invoice_date"] == "2026-11-23"
    assert sent["customs"]["commodities"][0]["value_amount"] == 4.5


@pytest.mark.parametrize(
    "answer",
    [
        (500, b"{}", "application/json"),
        (200, b"<html>Back soon</html>", "text/html"),
        (0, b"", ""),
        json_answer({"result": None}),
        json_answer({"result": {"tracking_number": 7}}),
        json_answer({"result": SOLD | {"tracking_number": ""}}),
        json_answer({"messages": [{"code": "1", "message": "odd"}]}),
        (408, b"{}", "application/json"),
    ],
    ids=["500", "html", "no word", "nothing", "nonsense", "no number", "error at 200", "408"],
)
def test_nobody_knows_and_it_is_never_bought_again(
    room: Room, answer: tuple[int, bytes, str]
) -> None:
    def token_first(asked: Asked) -> tuple[int, bytes, str]:
        return json_answer({}) if "oauth" in asked.path else answer

    with room.at(token_first) as ups:
        with pytest.raises(LabelOutcomeUnknown):
            ups.buy(REQUEST)
        with pytest.raises(LabelOutcomeUnknown):
            ups.buy(REQUEST)
        with pytest.raises(LabelOutcomeUnknown):
            ups.find(KEY)
        with pytest.raises(LabelOutcomeUnknown):
            ups.void(KEY)
    assert room.purchases == 1
    assert room.books.open_keys("our ups") == (KEY,)


def test_a_person_settles_what_nobody_knows(room: Room) -> None:
    with room.at(lambda _: (500, b"{}", "application/json")) as ups:
        with pytest.raises(LabelOutcomeUnknown):
            ups.buy(REQUEST)
        assert ups.settle(KEY, "1ZFOUND0000000001")
        found = ups.find(KEY)
        assert found is not None
        assert (found.waybill, found.label, found.fault) == ("1ZFOUND0000000001", None, "")
        assert not ups.settle(KEY, "")  # it waits no longer
    with room.at(lambda _: (500, b"{}", "application/json")) as ups:
        other = replace(REQUEST, key="0193-parcel/2")
        with pytest.raises(LabelOutcomeUnknown):
            ups.buy(other)
        assert ups.settle(other.key, "")
        assert ups.find(other.key) is None
    with room.at(sells) as ups:
        assert ups.buy(other).waybill
    assert room.purchases == 1


@pytest.mark.parametrize(
    ("status", "message", "named"),
    [
        (400, "Missing or invalid ship to postal code", "address"),
        (422, "Maximum weight exceeded", "weight"),
        (401, "no", "credentials"),
        (400, "It is Friday", "carrier"),
    ],
)
def test_a_refusal_sold_nothing(room: Room, status: int, message: str, named: str) -> None:
    told = {"messages": [{"code": "120", "message": message}]}

    def refuses(asked: Asked) -> tuple[int, bytes, str]:
        return json_answer({}) if "oauth" in asked.path else json_answer(told, status)

    with room.at(refuses) as ups:
        assert reason(lambda: ups.buy(REQUEST)) == named
        assert ups.find(KEY) is None
    assert room.books.open_keys("our ups") == ()


def test_a_busy_carrier_is_asked_again_and_nothing_is_sold_twice(room: Room) -> None:
    waited: list[float] = []
    busy = [json_answer({"messages": [{"code": "1", "message": "slow down"}]}, 429)] * 2

    def answers(asked: Asked) -> tuple[int, bytes, str]:
        return busy.pop() if asked.path == "/api/buy" and busy else sells(asked)

    with room.at(answers) as ups:
        ups._pause = waited.append
        assert ups.buy(REQUEST).waybill == "1ZA1B2C30000000001"
    assert (len(waited), room.purchases) == (2, 3)


def test_keys_that_are_not_taken(room: Room) -> None:
    def no_token(asked: Asked) -> tuple[int, bytes, str]:
        return json_answer({}, 401)

    with room.at(no_token) as ups:
        assert reason(lambda: ups.buy(REQUEST)) == "credentials"


def test_a_carrier_that_is_not_there_sold_nothing(room: Room) -> None:
    with room.at(sells):
        pass
    account = Account(name="our ups", carrier="ups", settings={})
    closed = Karrio(account, room.process, room.books, lambda: NOW, detours={UPS: room.site.url})
    assert reason(lambda: closed.buy(REQUEST)) == "never_bought"
    assert closed.find(KEY) is None


def test_a_worker_that_hangs_before_sending_sold_nothing(room: Room) -> None:
    done = threading.Event()

    def never(asked: Asked) -> tuple[int, bytes, str]:
        done.wait(30)
        return json_answer({})

    with room.at(never, deadline_s=1.5) as ups:
        named = reason(lambda: ups.buy(REQUEST))
        done.set()
    assert named == "never_bought"
    assert room.books.open_keys("our ups") == ()


def test_a_void(room: Room) -> None:
    def answers(asked: Asked) -> tuple[int, bytes, str]:
        if asked.path == "/api/void":
            return json_answer({"result": {"success": True}})
        return sells(asked)

    with room.at(answers) as ups:
        assert reason(lambda: ups.void(KEY)) == "never_bought"
        ups.buy(REQUEST)
        ups.void(KEY)
        ups.void(KEY)
        found = ups.find(KEY)
    assert found is not None
    assert found.voided
    voids = [each for each in room.site.asked if each.path == "/api/void"]
    assert [json.loads(each.body) for each in voids] == [{"shipment_identifier": "S-1"}]


@pytest.mark.parametrize(("status", "named"), [(400, "tendered"), (500, "")])
def test_a_void_that_is_not_confirmed(room: Room, status: int, named: str) -> None:
    def answers(asked: Asked) -> tuple[int, bytes, str]:
        if asked.path == "/api/void":
            told = {"messages": [{"code": "190117", "message": "Already on its way"}]}
            return json_answer(told, status)
        return sells(asked)

    with room.at(answers) as ups:
        ups.buy(REQUEST)
        if named:
            assert reason(lambda: ups.void(KEY)) == named
        else:
            with pytest.raises(LabelOutcomeUnknown):
                ups.void(KEY)
        found = ups.find(KEY)
    assert found is not None
    assert not found.voided


def test_dhl_voids_nothing_and_refuses_at_200(room: Room) -> None:
    from packstation.carriers.live.karrio_words import CONNECTORS, refusal_of
    from packstation.carriers.live.processes import Answer, Said, Sent

    with room.at(sells, carrier="dhl_express") as dhl:
        assert not dhl.capabilities.void
        assert reason(lambda: dhl.void(KEY)) == "not_offered"
    said = (Said(code="PLT006", message="Destination postcode is invalid"),)
    at_200 = Answer(ok=True, sent=True, messages=said, calls=(Sent("POST", "h", "/x", 200),))
    told = refusal_of(at_200, CONNECTORS["dhl_express"])
    assert told is not None
    assert told[0] == "address"
    assert refusal_of(at_200, CONNECTORS["fedex"]) is None
    inner = replace(at_200, messages=(Said(code="SHIPPING_SDK_INTERNAL_ERROR", message="?"),))
    assert refusal_of(inner, CONNECTORS["dhl_express"]) is None
    foreign = Answer(ok=True, messages=(Said(code="SHIPPING_SDK_ORIGIN_NOT_SERVICED_ERROR"),))
    assert refusal_of(foreign, CONNECTORS["usps"]) == (
        "address",
        "SHIPPING_SDK_ORIGIN_NOT_SERVICED_ERROR: None",
    )


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"gross_g": 0}, "weight"),
        ({"goods": ()}, "documents"),
        ({"goods": (GoodsLine(sku="TS", quantity=1),)}, "documents"),
        ({"options": ("signature",)}, "option"),
        ({"cod": Money(Decimal(1), "EUR")}, "option"),
        ({"pickup_point": "P1"}, "option"),
        ({"wanted": LabelWanted(media=PDF)}, "option"),
        ({"recipient": replace(REQUEST.recipient, lines=("x" * 36,))}, "address"),
        ({"recipient": replace(REQUEST.recipient, city="Москва")}, "address"),
        ({"recipient": replace(REQUEST.recipient, name="A\r\nB")}, "address"),
        ({"sender": Address(country="CN")}, "address"),
        ({"recipient": replace(REQUEST.recipient, country="XX")}, "address"),
    ],
)
def test_what_would_go_wrong_is_refused_before(
    room: Room, changes: dict[str, Any], named: str
) -> None:
    with room.at(sells) as ups:
        assert reason(lambda: ups.buy(replace(REQUEST, **changes))) == named
    assert room.site.asked == []


def test_options_with_amounts() -> None:
    from packstation.carriers.live.karrio_words import CONNECTORS, purchase

    insured = replace(REQUEST, insured=Money(Decimal("90.5"), "CAD"), options=("signature",))
    payload = purchase(insured, CONNECTORS["canadapost"], date(2026, 11, 23))
    assert payload["options"] == {
        "insurance": 90.5,
        "currency": "CAD",
        "signature_confirmation": True,
    }
    wished = replace(REQUEST, options=("insurance",), wanted=LabelWanted())
    assert reason(lambda: purchase(wished, CONNECTORS["canadapost"], date(2026, 11, 23))) == "value"
    home = replace(REQUEST, sender=REQUEST.recipient)
    assert "customs" not in purchase(home, CONNECTORS["ups"], date(2026, 11, 23))


@pytest.mark.parametrize(
    ("label", "fault"), [(b"<html>", "html"), (LABEL[:-3], "cut"), (b"", "empty")]
)
def test_a_file_that_is_no_label_is_named(room: Room, label: bytes, fault: str) -> None:
    sold = SOLD | {"docs": {"label": base64.b64encode(label).decode()} if label else None}
    with room.at(lambda _: json_answer({"result": sold})) as ups:
        got = ups.buy(REQUEST)
        assert ups.find(KEY) == got
    assert isinstance(got, Bought)
    assert got.state == "pending"
    assert (got.waybill, got.label, got.fault) == ("1ZA1B2C30000000001", None, fault)


def test_labels_are_not_kept_for_ever(room: Room) -> None:
    with room.at(sells) as ups:
        ups.buy(REQUEST)
        room.now = NOW + KEPT + timedelta(seconds=1)
        ups.buy(replace(REQUEST, key="0193-parcel/2"))
        found = ups.find(KEY)
    assert found is not None
    assert (found.waybill, found.label, found.fault) == ("1ZA1B2C30000000001", None, "")


SHIPMENT = Shipment(
    date=date(2026, 11, 23),
    origin=Place(country="CN", postcode="518000"),
    destination=Place(country="IT", postcode="00100"),
    parcels=(ShipmentParcel(weight_g=Decimal("333.4")),),
)


def test_prices(room: Room) -> None:
    rates = [
        {"service": "saver", "currency": "USD", "total_charge": 32.1, "transit_days": 3},
        {"service": "slow", "currency": "USD", "total_charge": 9.95},
        {"service": "free", "currency": "USD", "total_charge": 0.0},
        {"service": "moon", "currency": "XXQ", "total_charge": 1.0},
        {"service": "none", "currency": "USD"},
    ]
    with room.at(lambda _: json_answer({"result": rates})) as ups:
        quotes = ups.quote(SHIPMENT)
    assert [(q.service, getattr(q, "amount", None)) for q in quotes] == [
        ("slow", Decimal("9.95")),
        ("saver", Decimal("32.1")),
    ]
    assert json.loads(room.site.asked[-1].body)["parcels"][0]["weight"] == 0.34


def test_no_prices_and_no_ways(room: Room) -> None:
    broken = (500, b"{}", "application/json")
    with room.at(lambda _: broken) as ups, pytest.raises(RateUnavailable):
        ups.quote(SHIPMENT)
    told = {"messages": [{"code": "1", "message": "unknown number"}]}
    with room.at(lambda _: json_answer(told)) as ups, pytest.raises(RateUnavailable):
        ups.track(("1Z",))


def test_a_parcels_way(room: Room) -> None:
    events = [
        {"date": "2026-11-24", "time": "10:15 AM", "code": "AR", "description": "Arrived"},
        {"date": "2026-11-23", "code": "OR", "description": "Origin scan", "location": "SZX"},
    ]
    tracked = [
        {"tracking_number": "1Z", "events": events},
        {"tracking_number": "not asked for", "events": events},
    ]
    with room.at(lambda _: json_answer({"result": tracked})) as ups:
        got = ups.track(("1Z",))
    assert [(one.raw_code, one.raw_text, one.place) for one in got] == [
        ("OR", "Origin scan (2026-11-23)", "SZX"),
        ("AR", "Arrived (2026-11-24 10:15 AM)", ""),
    ]
    assert [one.at for one in got] == [None, None]  # karrio calls the place's time UTC


def test_the_worker_ends_with_the_gateway(room: Room) -> None:
    with room.at(sells) as ups:
        ups.buy(REQUEST)
        assert room.process.pid is not None
        ups.close()
    assert room.process.pid is None
