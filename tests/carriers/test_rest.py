"""Described carriers: descriptions judged when read, requests made of templates, odd answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.assets import resource
from packstation.carriers.adapters.rest.adapter import RestCarrier
from packstation.carriers.adapters.rest.loading import load
from packstation.carriers.adapters.rest.paths import at
from packstation.carriers.adapters.rest.templates import filled, values_of
from packstation.carriers.adapters.wire import MOST_PAUSE_S, Sent
from packstation.carriers.conformance import KEY, REQUEST, STOCK
from packstation.carriers.sandbox.dialect import Answer, Asked, Call, Told
from packstation.carriers.sandbox.plain import PlainDialect
from packstation.carriers.sandbox.script import Plan
from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.domain.carriers import GoodsLine, LabelWanted, ManifestAsked
from packstation.domain.errors import (
    InputInvalid,
    LabelOutcomeUnknown,
    LabelRefused,
    PackstationError,
)
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted
from packstation.domain.shipments import Place, Shipment, ShipmentParcel

PLAIN = json.loads(resource("carriers", "sandbox.json").read_bytes())
Raw = dict[str, Any]


def changed(path: str, value: object) -> bytes:
    """The description of the sandbox with one value changed, or taken away (None)."""
    raw = json.loads(json.dumps(PLAIN))
    *steps, last = path.split(".")
    part: Any = raw
    for step in steps:
        part = part[step]
    if value is None:
        del part[last]
    else:
        part[last] = value
    return json.dumps(raw).encode()


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("schema", "packstation.carrier/2", "schema"),
        ("base_url", "http://api.example.com", "base_url"),
        ("base_url", "https://user:pw@api.example.com", "base_url"),
        ("base_url", "ftp://api.example.com", "base_url"),
        ("services", {}, "services"),
        ("timeout_s", 0, "timeout_s"),
        ("timeout_s", 1e9, "timeout_s"),
        ("operations.find", None, "operations"),
        ("operations.buy.path", "v1", "operations.buy.path"),
        ("operations.void", {"method": "POST", "path": "/x", "form": True}, "void.body"),
        ("operations.buy.path", "/v1 /x", "operations.buy.path"),
        ("operations.buy.method", "BREW", "operations.buy.method"),
        ("operations.buy.body.reference", "{kee}", "operations.buy.body.reference"),
        ("operations.buy.body.reference", "{key|shout}", "operations.buy.body.reference"),
        ("operations.buy.body.reference", "{key|most:x}", "operations.buy.body.reference"),
        ("operations.buy.body.reference", "{key", "operations.buy.body.reference"),
        ("operations.buy.body.goods", {"$each": "wares", "$value": 1}, "$each"),
        ("operations.buy.body.goods", {"$if": "cod"}, "$if"),
        ("operations.buy.headers", {"X-Key": "{secret.other}"}, "operations.buy.headers.X-Key"),
        ("operations.buy.answer", {"ref": "id"}, "operations.buy.answer.waybill"),
        ("operations.buy.answer.colour", "x", "operations.buy.answer.colour"),
        ("operations.buy.answer.ref", "a..b", "operations.buy.answer.ref"),
        ("operations.find.key", None, "operations.find.key"),
        ("operations.find.list", None, "operations.find.none"),
        ("operations.track.list", None, "operations.track.list"),
        ("operations.label.answer", {}, "operations.label.answer.label"),
        ("label", {"encoding": "url"}, "label.hosts"),
        ("refusals", [{"reason": "weight"}], "refusals[0]"),
        ("refusals", [{"reason": "colour", "path": "x"}], "refusals[0].reason"),
        ("details", ["a b"], "details[0]"),
        ("surprise", 1, "surprise"),
    ],
)
def test_a_description_is_judged_when_it_is_read(path: str, value: object, named: str) -> None:
    with pytest.raises(InputInvalid) as caught:
        load(changed(path, value))
    assert named in str(caught.value.fields["path"])


def test_what_is_no_json_is_named() -> None:
    with pytest.raises(InputInvalid):
        load(b"{")


def test_requests_are_made_of_templates_exactly() -> None:
    request = replace(
        REQUEST,
        options=("signature",),
        cod=Money(Decimal("120.50"), "CNY"),
        goods=(
            GoodsLine(sku="TS", quantity=2, net_g=180, value=Money(Decimal("9.90"), "CNY")),
            GoodsLine(sku="X", quantity=1, value=Money(Decimal(1), "CNY")),
        ),
    )
    values = values_of(request, "fast")
    template = {
        "whole": "{gross_g}",
        "kg": "{gross_kg|number}",
        "text": "{recipient.who|upper} / {recipient.country}",
        "left_out": "{pickup_point}",
        "else": "{pickup_point|or:door}",
        "first": "{recipient.city|cut:3}",
        "phone": "{recipient.phone|digits}",
        "value": "{goods_value} {goods_currency}",
        "sign": {"$if": "option.signature", "$value": True},
        "pickup": {"$if": "option.pickup_point", "$value": {"a": 1}},
        "cash": {"$if": "cod", "$value": "{cod|number}"},
        "lines": "{recipient.lines|list}",
        "goods": {"$each": "goods", "$value": {"sku": "{item.sku}", "g": "{item.net_g}"}},
        "plain": [1, None, "{key_plain}"],
        "auth": "{order|base64}",
    }
    made = json.loads(msgspec.json.encode(filled(template, values, KEY)))
    assert made == {
        "whole": 420,
        "kg": 0.42,
        "text": "ИВАН ПЕТРОВ / RU",
        "else": "door",
        "first": "Мос",
        "phone": "79161234567",
        "value": "20.8 CNY",
        "sign": True,
        "cash": 120.5,
        "lines": ["ул. Ленина 1", "кв. 5"],
        "goods": [{"sku": "TS", "g": 180}, {"sku": "X"}],
        "plain": [1, "0193-parcel-1"],
        "auth": "QS0x",
    }


def test_a_street_of_many_lines_loses_none() -> None:
    lines = ("a", "b", "c", "d", "e")
    request = replace(REQUEST, recipient=replace(REQUEST.recipient, lines=lines))
    assert filled("{recipient.line3}", values_of(request, ""), KEY) == "c, d, e"


@pytest.mark.parametrize(
    ("template", "reason", "words"),
    [
        ("{recipient.region!}", "address", "recipient.region: is missing"),
        ("{recipient.who|most:5}", "address", "recipient.who: 'Иван Петров' 11 characters"),
        ("{pickup_point!}", "invalid", "pickup_point: is missing"),
        ("{recipient.who|number}", "address", "recipient.who"),
    ],
)
def test_what_does_not_fit_is_refused_by_field_and_value(
    template: str, reason: str, words: str
) -> None:
    with pytest.raises(LabelRefused) as caught:
        filled({"x": [template]}, values_of(REQUEST, ""), KEY)
    assert caught.value.fields["reason"] == reason
    assert words in str(caught.value.fields["detail"])


def test_places_in_answers() -> None:
    document = {"a": [{"b": None, "c": [1, 2]}]}
    assert at(document, "a[0].c[1]") == 2
    assert [at(document, path) for path in ("a[1]", "a.b", "a[0].b.x", "x")] == [None] * 4


# --- over sockets ------------------------------------------------------------------------------


class Odd(PlainDialect):
    """Answers one operation in words of its own."""

    def __init__(self) -> None:
        self.says: dict[str, Answer] = {}
        self.asked: list[Call] = []

    def read(self, call: Call) -> Asked | None:
        self.asked.append(call)
        return super().read(call)

    def write(self, asked: Asked, told: Told) -> Answer:
        return self.says.get(asked.op) or super().write(asked, told)


class Bench:
    """A described carrier at its scripted server."""

    def __init__(self) -> None:
        self.dialect, self.plan = Odd(), Plan()
        self.server = FaultServer(self.dialect, self.plan)
        self.pauses: list[float] = []
        self.carrier = self.of()

    def of(self, content: bytes = b"", **changes: object) -> RestCarrier:
        about = replace(load(content or json.dumps(PLAIN).encode()), timeout_s=0.5, **changes)
        secrets = {"token": SECRET}
        return RestCarrier(about, secrets, base_url=self.server.url, pause=self.pauses.append)

    def says(self, op: str, body: object, status: int = 200) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.dialect.says[op] = Answer(status=status, body=content)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.carrier.close()
    made.server.close()


def test_a_sale_is_told_with_its_price_and_label(bench: Bench) -> None:
    sold = bench.carrier.buy(REQUEST)
    assert (sold.state, sold.ref, sold.price) == ("done", "S1", Money(Decimal("24.10"), "CNY"))
    assert sold.label is not None
    assert (sold.label.width_mm, sold.label.height_mm) == (100, 150)
    sent = json.loads(bench.dialect.asked[0].body)
    assert sent["recipient"]["street"] == "ул. Ленина 1, кв. 5"
    assert bench.dialect.asked[0].headers["idempotency-key"] == KEY
    assert "cash" not in sent


@pytest.mark.parametrize(
    "body",
    [
        {"number": "RR", "id": "", "state": "done"},
        {"number": "<b>RR123456785CN</b>", "id": "1", "state": "done"},
        {"number": True, "id": None, "state": "done"},
        [],
        7,
        b"",
        b"{" * 90_000,
    ],
)
def test_an_answer_that_is_no_sale_is_not_known_and_asked_for(bench: Bench, body: object) -> None:
    bench.says("buy", body)
    assert bench.carrier.buy(REQUEST).waybill == bench.server.books.live()[KEY]
    assert [call.method for call in bench.dialect.asked] == ["POST", "GET"]


def test_another_partys_sale_is_not_ours(bench: Bench) -> None:
    bench.says("find", {"shipments": [{"reference": "other/1", "number": "RR123456785CN"}]})
    assert bench.carrier.find(KEY) is None


def test_a_portal_that_says_404_has_not_looked(bench: Bench) -> None:
    raw = json.loads(json.dumps(PLAIN))
    raw["operations"]["find"] |= {"none": {"status": [404]}}
    carrier = bench.of(json.dumps(raw).encode())
    bench.says("find", b"<html>not here</html>", 404)
    with pytest.raises(LabelOutcomeUnknown):
        carrier.find(KEY)
    bench.says("find", {"error": {"code": "UNKNOWN_REFERENCE"}}, 404)
    assert carrier.find(KEY) is None
    carrier.close()


def test_a_key_that_has_expired_settles_nothing(bench: Bench) -> None:
    bench.plan.then("find", "denied")
    with pytest.raises(LabelOutcomeUnknown) as caught:
        bench.carrier.find(KEY)
    assert "TOKEN_EXPIRED" in str(caught.value.fields["cause"])


def test_who_is_busy_is_waited_for_as_it_asks(bench: Bench) -> None:
    bench.plan.then("buy", "limit")
    bench.carrier.buy(REQUEST)
    assert bench.pauses == [0.0]
    assert [call.method for call in bench.dialect.asked] == ["POST", "GET", "POST"]


def test_prices_are_exact_and_what_is_none_is_no_offer(bench: Bench) -> None:
    rates = [
        {"service": "fast", "amount": "30.10", "currency": "CNY", "days": [2, 4]},
        {"service": "plain", "amount": 24.10, "currency": "CNY", "days": ["x"]},
        {"service": "plain", "amount": "0", "currency": "CNY"},
        {"service": "plain", "amount": "-1", "currency": "CNY"},
        {"service": "plain", "amount": "1", "currency": "???"},
        {"service": "other", "amount": "1", "currency": "CNY"},
        "nonsense",
    ]
    bench.says("quote", {"rates": rates})
    shipment = Shipment(
        date=date(2026, 11, 23),
        destination=Place(country="RU"),
        parcels=(ShipmentParcel(weight_g=Decimal("420.4")),),
    )
    found = [one for one in bench.carrier.quote(shipment) if isinstance(one, Quoted)]
    assert [(one.service, str(one.amount), one.rank) for one in found] == [
        ("plain", "24.1", 1),
        ("fast", "30.10", 2),
    ]
    assert (found[0].min_days, found[1].max_days, found[0].billable_g) == (None, 4, 420)


JSON: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "RR123456785CN", "done", "pending", "CNY", "24.10", "S1", KEY, "e=="]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "number id state label content charge amount currency voided shipments reference "
                "events code at error message ready unknown rates service days".split()
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


def test_whatever_a_carrier_answers_is_an_answer_or_an_error_of_ours(bench: Bench) -> None:
    """A carrier that lies in any shape: nothing else than what the seam says comes out."""
    shipment = Shipment(
        date=date(2026, 11, 23),
        destination=Place(country="RU"),
        parcels=(ShipmentParcel(weight_g=Decimal(420)),),
    )
    calls: dict[str, Callable[[], object]] = {
        "buy": lambda: bench.carrier.buy(REQUEST),
        "find": lambda: bench.carrier.find(KEY),
        "label": lambda: bench.carrier.label(KEY, STOCK),
        "void": lambda: bench.carrier.void(KEY),
        "track": lambda: bench.carrier.track(("RR123456785CN",)),
        "manifest": lambda: bench.carrier.manifest(
            ManifestAsked(key="m/1", service="plain", waybills=("RR123456785CN",))
        ),
        "quote": lambda: bench.carrier.quote(shipment),
    }

    @settings(max_examples=60, deadline=None)
    @given(JSON, st.sampled_from(sorted(calls)), st.sampled_from([200, 201, 400, 404, 409, 503]))
    def answered(document: object, op: str, status: int) -> None:
        for name in calls:
            bench.says(name, document, status)
        with suppress(PackstationError):
            ended.append(op)
            calls[op]()

    ended: list[str] = []
    answered()
    assert set(ended) == set(calls)


def test_a_carrier_that_wants_its_own_id_is_asked_for_it_first(bench: Bench) -> None:
    raw = json.loads(json.dumps(PLAIN))
    raw["operations"]["void"]["body"] = {"reference": "{key}", "id": "{ref}", "no": "{waybill}"}
    carrier = bench.of(json.dumps(raw).encode())
    with pytest.raises(LabelRefused) as caught:
        carrier.void(KEY)
    assert caught.value.fields["reason"] == "never_bought"
    sold = carrier.buy(REQUEST)
    carrier.void(KEY)
    sent = json.loads(bench.dialect.asked[-1].body)
    assert sent == {"reference": KEY, "id": sold.ref, "no": sold.waybill}
    carrier.close()


def test_labels_of_an_url_come_from_named_hosts_only(bench: Bench) -> None:
    raw = json.loads(json.dumps(PLAIN))
    raw["label"] = {"encoding": "url", "hosts": ["labels.example.com"]}
    carrier = bench.of(json.dumps(raw).encode())
    for url in ("http://169.254.169.254/secret", "file:///etc/passwd", "https://evil.example/x"):
        bench.says("buy", {"number": "RR123456785CN", "id": "1", "label": {"content": url}})
        sold = carrier.buy(REQUEST)
        assert (sold.state, sold.fault, sold.label) == ("pending", "unknown", None)
    mine = f"{bench.server.url}/v1/labels?reference=x"
    bench.says("buy", {"number": "RR123456785CN", "id": "1", "label": {"content": mine}})
    bench.says("label", b"^XA^PW799^LL1199^FDRR^FS^XZ")
    file = carrier.buy(REQUEST).label
    assert file is not None
    assert file.media == "application/zpl"
    carrier.close()


def test_a_token_is_asked_for_once_and_again_when_it_has_run_out(bench: Bench) -> None:
    raw = json.loads(json.dumps(PLAIN))
    raw["headers"] = {"Authorization": "Bearer {token}"}
    raw["operations"]["token"] = {
        "method": "POST",
        "path": "/v1/rates",
        "form": True,
        "headers": {"Authorization": "Bearer {secret.token}"},
        "body": {"grant_type": "client_credentials", "client_secret": "{secret.token}"},
        "answer": {"token": "token", "seconds": "expires_in"},
    }
    carrier = bench.of(json.dumps(raw).encode())
    bench.says("quote", {"token": SECRET, "expires_in": 3600})
    carrier.buy(REQUEST)
    bench.plan.then("find", "denied")
    assert carrier.find(KEY) is not None
    paths = [call.path for call in bench.dialect.asked]
    assert paths == ["/v1/rates", "/v1/shipments", "/v1/shipments", "/v1/rates", "/v1/shipments"]
    assert bench.dialect.asked[0].body == b"grant_type=client_credentials&client_secret=" + (
        SECRET.encode()
    )
    bench.says("quote", {"token": None})
    other = bench.of(json.dumps(raw).encode())
    with pytest.raises(LabelRefused) as caught:
        other.buy(REQUEST)
    assert caught.value.fields["reason"] == "credentials"
    other.close()
    carrier.close()


def test_what_a_description_lacks_is_not_offered(bench: Bench) -> None:
    raw = json.loads(json.dumps(PLAIN))
    for name in ("void", "track", "manifest", "quote", "label"):
        del raw["operations"][name]
    carrier = bench.of(json.dumps(raw).encode())
    can = carrier.capabilities
    assert (can.void, can.track, can.manifest, can.rate) == (False, False, False, False)
    for call in (lambda: carrier.void(KEY), lambda: carrier.track(("RR",))):
        with pytest.raises(LabelRefused) as caught:
            call()
        assert caught.value.fields["reason"] == "not_offered"
    with pytest.raises(LabelRefused) as caught:
        carrier.label(KEY, STOCK)
    assert caught.value.fields["reason"] == "never_bought"
    carrier.buy(REQUEST)
    assert carrier.label(KEY, LabelWanted()) is not None
    carrier.close()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("0", 0), ("3", 3), ("999999999999", MOST_PAUSE_S), ("-5", 1), ("soon", 1), ("", 1)],
)
def test_how_long_to_wait_is_bounded_whatever_a_carrier_says(said: str, seconds: float) -> None:
    assert Sent(status=429, headers={"retry-after": said}, body=b"").pause_s() == seconds


def test_a_date_to_wait_for_is_bounded_too() -> None:
    for moved, seconds in ((timedelta(days=-1), 0), (timedelta(days=1), MOST_PAUSE_S)):
        said = format_datetime(datetime.now(UTC) + moved)
        assert Sent(status=429, headers={"retry-after": said}, body=b"").pause_s() == seconds
