"""Invoices of carriers taken in by the server, and what it says of each parcel."""

from __future__ import annotations

import httpx
import msgspec
import pytest
from sqlalchemy import delete, select

from packstation.domain.packing import facts as f
from packstation.server.costs.tables import CHARGE, IMPORT, LABEL
from packstation.server.run import Running
from packstation.server.store import put_meta
from packstation.server.tables import ROW, TARIFF
from packstation.server.tokens import make_token
from tests.server.bench import Bench, Clock, packed
from tests.server.costs.invoices import (
    charges,
    labelled,
    pack,
    parcel,
    ready,
    send,
    sheet,
    verdicts,
)

FIVE = tuple(f"A-{n}" for n in range(1, 6))
NUMBERS = tuple(f"YW00000000{n}" for n in range(1, 6))
BILL = sheet(
    "YW000000001,2026-11-21,0.52,,60,6,,66",
    "YW000000002,2026-11-21,0.62,,70,7,,77",
    "YW000000003,2026-11-21,0.52,DE-2,113,11.30,,124.30",
    "YW000000004,2026-11-21,0.52,,60,6,12,78",
    "YW000000005,2026-11-21,0.52,,60,6,,66",
    "YW999999999,2026-11-21,0.52,,60,6,,66",
)


@pytest.fixture
def five(api: httpx.Client, bench: Bench) -> Bench:
    """Five orders packed."""
    ready(api, *FIVE)
    pack(bench, *zip(FIVE, NUMBERS, strict=True))
    return bench


def test_every_parcel_gets_its_verdict(api: httpx.Client, five: Bench) -> None:
    told = send(api, BILL, name="november.csv").json()
    assert (told["accepted"], told["unchanged"], told["rejected"]) == (6, 0, [])
    assert told["kinds"] == {"fee": 1, "match": 2, "unknown": 1, "weight": 1, "zone": 1}
    assert verdicts(api) == {
        "YW999999999": ("unknown", "66"),
        "YW000000003": ("zone", "58.30"),
        "YW000000004": ("fee", "12.00"),
        "YW000000002": ("weight", "11.00"),
        "YW000000001": ("match", "0.00"),
        "YW000000005": ("match", "0.00"),
    }
    found = charges(api, kind="weight")
    (row,) = found["rows"]
    assert (row["order"], row["service"], row["predicted"], row["billed"]) == (
        "A-2",
        "line",
        "66.00",
        "77",
    )
    assert row["causes"] == [
        {
            "kind": "weight",
            "amount": "11.00",
            "code": "",
            "ours": "520",
            "theirs": "620",
            "likely": False,
        }
    ]
    assert (found["billed"], found["predicted"], found["off"], found["total"]) == (
        {"CNY": "77"},
        {"CNY": "66.00"},
        {"CNY": "11.00"},
        6,
    )


def test_the_same_file_twice_changes_nothing(
    api: httpx.Client, five: Bench, running: Running, clock: Clock
) -> None:
    send(api, BILL)

    def stored() -> list[object]:
        with running.server.store.read() as connection:
            tables = (CHARGE, IMPORT, LABEL)
            return [tuple(row) for one in tables for row in connection.execute(select(one))]

    before = stored()
    clock.forward(hours=1)
    told = send(api, BILL).json()
    assert (told["accepted"], told["changed"], told["unchanged"]) == (0, 0, 6)
    assert stored() == before


def test_other_figures_are_refused_unless_they_are_meant(api: httpx.Client, five: Bench) -> None:
    send(api, BILL)
    other = sheet("YW000000001,2026-11-21,0.52,,60,7,,67", "YW000000002,2026-11-21,0.62,,70,7,,77")
    told = send(api, other).json()
    assert (told["accepted"], told["unchanged"]) == (0, 1)
    assert [(one["row"], one["column"], one["waybill"]) for one in told["rejected"]] == [
        (2, "total", "YW000000001")
    ]
    assert "66, as this invoice had it before" in told["rejected"][0]["allowed"]
    assert verdicts(api)["YW000000001"][0] == "match"
    assert send(api, other, replace="1").json()["changed"] == 1
    assert verdicts(api)["YW000000001"] == ("fee", "1.00")
    assert send(api, other, replace="1").json()["unchanged"] == 2


def test_bad_cells_are_named_and_the_good_rows_are_in(api: httpx.Client, five: Bench) -> None:
    told = send(
        api,
        sheet(
            "YW000000001,2026-11-21,0.52,,60,6,,66",
            "YW000000002,2026-11-21,0.52,,=60+1,6,,66",
            "<b>YW</b>,2026-11-21,0.52,,60,6,,66",
            "YW000000003,2026-11-21,0.52,,60,6,,99",
        ),
    ).json()
    assert told["accepted"] == 1
    assert [(one["row"], one["column"], one["letter"]) for one in told["rejected"]] == [
        (3, "freight", "E"),
        (4, "waybill", "A"),
        (5, "total", "H"),
    ]
    assert "=60+1" in told["rejected"][0]["message"]
    mended = send(api, sheet("YW000000002,2026-11-21,0.52,,60,6,,66")).json()
    assert mended["accepted"] == 1


def test_a_parcel_billed_on_two_invoices_and_money_back(api: httpx.Client, five: Bench) -> None:
    row = "YW000000001,{},0.52,,60,6,,66"
    send(api, sheet(row.format("2026-11-21")))
    send(api, sheet(row.format("2026-12-21")), invoice="YW-2612")
    found = charges(api, kind="twice")["rows"]
    assert [(one["invoice"], one["difference"]) for one in found] == [("YW-2612", "66")]
    assert found[0]["causes"][0]["theirs"] == "YW-2611"
    head = "waybill,date,total"
    send(api, sheet("YW000000001,2027-01-05,-66", head=head), invoice="YW-2701")
    assert charges(api, kind="credit")["off"] == {"CNY": "-66"}
    # An older invoice that comes late is the first one.
    send(api, sheet(row.format("2026-11-01")), invoice="YW-2610")
    twice = charges(api, kind="twice")["rows"]
    assert sorted(one["invoice"] for one in twice) == ["YW-2611", "YW-2612"]


def test_a_void_label_is_not_owed_however_late_it_is_heard_of(
    api: httpx.Client, five: Bench
) -> None:
    send(api, BILL)
    assert verdicts(api)["YW000000001"][0] == "match"
    start = len(five.events) + 1
    five.note(
        f.SessionReopened(by="b-9", reason="address"),
        f.LabelVoidRequested(key="p-A-1/1", waybill="YW000000001"),
        f.LabelVoided(key="p-A-1/1", waybill="YW000000001"),
        *labelled("p-A-1/2", "YW000000011", 700, "85.80"),
        session="s-A-1",
        order="A-1",
    )
    assert five.push(start).status_code == 200
    (row,) = charges(api, kind="voided")["rows"]
    assert (row["waybill"], row["difference"]) == ("YW000000001", "66")
    assert (row["price"], row["predicted"]) == ("66.00", "0")
    send(api, sheet("YW000000011,2026-11-22,0.52,,60,6,,66"))
    assert charges(api, q="YW000000011")["rows"][0]["predicted"] == "85.80"


def test_an_invoice_may_come_before_the_bench_is_back_online(
    api: httpx.Client, five: Bench
) -> None:
    ready(api, "A-9")
    send(api, sheet("YW000000009,2026-11-21,0.52,,60,6,,66"))
    assert verdicts(api) == {"YW000000009": ("unknown", "66")}
    pack(five, ("A-9", "YW000000009"))
    assert verdicts(api) == {"YW000000009": ("match", "0.00")}


def test_a_number_of_another_carrier_is_unknown_and_says_whose_it_is(
    api: httpx.Client, bench: Bench
) -> None:
    bench.note(*packed("B-1", "LP123456785CN"), order="B-1")
    bench.push()
    send(api, sheet("LP123456785CN,2026-11-21,0.52,,60,6,,66"))
    (row,) = charges(api)["rows"]
    assert (row["kind"], row["causes"][0]["theirs"]) == ("unknown", "chinapost")


def test_without_tariff_or_address_weight_is_likely(
    api: httpx.Client, five: Bench, running: Running
) -> None:
    with running.server.store.write() as connection:
        connection.execute(delete(TARIFF))
        connection.execute(delete(ROW).where(ROW.c.t == "order", ROW.c.id == "A-3"))
    send(api, BILL)
    (row,) = charges(api, q="A-2")["rows"]
    assert (row["kind"], row["causes"][0]["likely"]) == ("weight", True)
    assert charges(api, q="A-3")["rows"][0]["kind"] == "unexplained"


def test_a_damaged_order_row_or_time_only_loses_the_explanation(
    api: httpx.Client, bench: Bench, running: Running
) -> None:
    ready(api, "A-1", "A-2")
    pack(bench, ("A-1", "YW000000001"), ("A-2", "YW000000002"))
    with running.server.store.write() as connection:
        damaged = ROW.c.t == "order", ROW.c.id == "A-1"
        connection.execute(ROW.update().where(*damaged).values(body='{"lines": 3}'))
    send(api, sheet("YW000000001,,,,,,,77", "YW000000002,,,,,,,77"))
    with running.server.store.write() as connection:
        connection.execute(LABEL.update().values(at="long ago"))
        connection.execute(CHARGE.update().values(kind=""))
    assert set(verdicts(api).values()) == {("unexplained", "11.00")}


def test_a_bench_prices_by_the_programs_tariff_where_the_site_has_none(
    api: httpx.Client, bench: Bench
) -> None:
    ready(api, "A-1")
    own = {"carrier": "chinapost", "service": "e-packet"}
    facts = parcel("A-1", "LP123456785CN")
    chosen = next(one for one in facts if isinstance(one, f.ServiceSelected))
    at = facts.index(chosen)
    facts[at] = msgspec.structs.replace(chosen, tariff="2025-09-15", **own)
    bench.note(*facts, order="A-1")
    bench.push()
    send(api, sheet("LP123456785CN,2026-11-21,0.62,,,,,76"), carrier="chinapost-x")
    assert charges(api)["rows"][0]["kind"] == "unknown"
    head = "邮件号,计费重量(克),总费用"
    told = send(api, sheet("LP123456785CN,620,76", head=head), carrier="ChinaPost").json()
    assert told["rejected"] == []
    (row,) = charges(api, carrier="chinapost")["rows"]
    assert row["causes"][0]["kind"] == "weight"
    assert not row["causes"][0]["likely"]


def test_another_currency_by_the_sites_rate(api: httpx.Client, five: Bench) -> None:
    bill = sheet("YW000000001,2026-11-21,0.52,,8.45,0.85,,9.30")
    send(api, bill, currency="USD")
    assert verdicts(api) == {"YW000000001": ("currency", None)}
    rate = {"rates": [{"from": "USD", "to": "CNY", "rate": "7.10", "on": "2026-11-20"}]}
    answer = api.post("/v1/import/rates", params={"site": "GZ-1", "confirm": "1"}, json=rate)
    assert answer.json()["accepted"] == 1, answer.text
    send(api, bill, currency="USD")
    assert verdicts(api)["YW000000001"][1] == "0.03"


def test_filters_and_pages(api: httpx.Client, five: Bench) -> None:
    send(api, BILL)
    rows = [f"ZZ{n:010},2026-12-01,0.5,,1,0,,1" for n in range(60)]
    send(api, sheet(*rows), invoice="YW-X", name="many")
    found = charges(api, kind="unknown", invoice="YW-X", page="2")
    assert (found["charges"], found["page"], found["pages"], len(found["rows"])) == (60, 2, 2, 10)
    assert charges(api, page="99")["page"] == 2
    assert set(verdicts(api, kind="off", invoice="YW-2611")) == {
        "YW000000002",
        "YW000000003",
        "YW000000004",
        "YW999999999",
    }
    assert set(verdicts(api, q="A-2")) == {"YW000000002"}
    assert verdicts(api, q="%") == {}
    assert charges(api, since="2026-12-01")["charges"] == 60
    assert charges(api, until="2026-11-30")["charges"] == 6
    assert charges(api, carrier="other")["charges"] == 0
    for odd in ({"kind": "odd"}, {"since": "soon"}):
        assert api.get("/v1/costs", params=odd).status_code == 422


def test_a_site_keeps_its_own_maps(api: httpx.Client, five: Bench) -> None:
    before = {one["carrier"] for one in api.get("/v1/costs/maps").json()["maps"]}
    assert before == {"cdek", "chinapost", "dhl-express", "yunexpress"}
    own = {
        "carrier": "yanwen",
        "name": "Yanwen",
        "columns": {"waybill": ["Nr"], "total": ["Sum"]},
        "currency": "CNY",
        "tolerance": {"amount": "20"},
    }
    verdict = [api.post("/v1/costs/maps", json=own).json()["verdict"] for _ in range(2)]
    assert verdict == ["accepted", "unchanged"]
    told = api.post("/v1/costs/maps", json={**own, "name": "燕文"}).json()
    assert told == {"verdict": "changed", "carrier": "yanwen"}
    shown = {one["carrier"]: one["name"] for one in api.get("/v1/costs/maps").json()["maps"]}
    assert shown["yanwen"] == "燕文"
    send(api, sheet("YW000000001,77", head="Nr,Sum"))
    assert verdicts(api) == {"YW000000001": ("within", "11.00")}
    wrong = api.post("/v1/costs/maps", json={**own, "columns": {"waybill": []}})
    assert (wrong.status_code, "columns" in wrong.text) == (422, True)


@pytest.mark.parametrize(
    ("content", "said", "words"),
    [
        (b"no table", {}, "waybill"),
        (b"waybill,total\r\nYW000000001,5", {"invoice": ""}, "invoice"),
        (b"waybill,total\r\nYW000000001,5", {"carrier": "<b>"}, "carrier"),
        (b"waybill,total\r\nYW000000001,5", {"currency": "YUAN"}, "currency"),
        (b"waybill,total\r\nYW000000001,5", {"invoice": "a\nb"}, "invoice"),
        (b"waybill,total\r\nYW000000001,5", {"invoice": "9" * 200}, "invoice"),
        (b"PK\x03\x04", {}, "workbook"),
    ],
)
def test_what_cannot_be_an_invoice_is_refused_whole(
    api: httpx.Client, site: str, content: bytes, said: dict[str, str], words: str
) -> None:
    answer = send(api, content, **said)
    assert answer.status_code == 422
    assert words in answer.text
    assert charges(api)["charges"] == 0


def test_who_may(running: Running, http: httpx.Client, site: str) -> None:
    for role, looks, takes in (
        ("supervisor", 200, 200),
        ("auditor", 200, 403),
        ("service", 200, 200),
        ("lead", 403, 403),
        ("packer", 403, 403),
    ):
        token = make_token(running.server, role, site)
        own = {"Authorization": f"Bearer {token}"}
        assert http.get("/v1/costs", headers=own).status_code == looks, role
        params = {"carrier": "x", "invoice": "1", "currency": "CNY"}
        content = b"waybill,total\r\nYW000000001,5"
        sent = http.post("/v1/costs/invoices", headers=own, params=params, content=content)
        assert sent.status_code == takes, role


def test_labels_from_before_there_were_invoices_are_found(
    api: httpx.Client, five: Bench, running: Running
) -> None:
    send(api, BILL)
    with running.server.store.write() as connection:
        connection.execute(delete(LABEL))
        put_meta(connection, "costs/GZ-1", "")
        connection.execute(CHARGE.update().values(kind=""))
    assert verdicts(api)["YW000000001"] == ("match", "0.00")
