"""Buyers' data: sealed at rest, found without opening, taken out, forgotten for good."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import insert, select, update

from packstation.server.keeping import days
from packstation.server.privacy import forgetting, sealing
from packstation.server.privacy.tables import BUYER_MARK, ORDER_KEY
from packstation.server.rows import row_body
from packstation.server.run import Running
from packstation.server.tables import BLOB, JOURNAL, LABEL, ORDERS, ROW
from packstation.server.vault import vault_of
from tests.cli.terminal import packstation
from tests.server.bench import Bench, Clock, packed
from tests.server.conftest import TOKEN
from tests.server.scene import PIN, people

SECRETS = ("Анна Каренина", "Baker Street", "+44 20 7946 0958", "anna@example.org", "Ring twice")


def order(number: str = "A-1", **more: object) -> dict[str, Any]:
    return {
        "schema": "packstation.order/1",
        "order_id": number,
        "ship_to": {
            "name": SECRETS[0],
            "lines": [SECRETS[1]],
            "city": "London",
            "country": "GB",
            "phone": SECRETS[2],
        },
        "buyer": {"email": SECRETS[3]},
        "note": SECRETS[4],
        "lines": [{"line": 1, "sku": "TS", "quantity": 2}],
        **more,
    }


def bring(api: httpx.Client, *orders: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = api.post("/v1/import/orders", json=list(orders)).json()
    return answer


def pack(bench: Bench, number: str = "A-1") -> None:
    start = len(bench.events) + 1
    bench.note(*packed(number, f"LP0000{len(bench.events):05d}CN"), session=number, order=number)
    assert bench.push(start).status_code == 200


def dumped(running: Running) -> str:
    """All that the database holds, as text."""
    with running.server.store.read() as connection:
        kept = connection.execute(select(ROW.c.body)).scalars().all()
        marks = connection.execute(select(BUYER_MARK)).all()
        return "".join([*kept, *map(str, marks)])


def pulled(bench: Bench) -> dict[str, dict[str, Any]]:
    rows = bench.get("/v1/changes").json()["rows"]
    return {row["id"]: row for row in rows if row["t"] == "order"}


def test_nothing_of_a_buyer_lies_open_and_benches_get_it_all(
    running: Running, api: httpx.Client, bench: Bench
) -> None:
    assert bring(api, order())["accepted"] == 1
    assert bring(api, order())["unchanged"] == 1
    kept = dumped(running)
    assert [secret for secret in (*SECRETS, "London") if secret in kept] == []
    given = pulled(bench)["A-1"]["body"]["order"]
    assert given["ship_to"]["name"] == SECRETS[0]
    assert given["ship_to"]["country"] == "GB"
    assert (given["buyer"], given["note"]) == ({"email": SECRETS[3]}, SECRETS[4])
    assert bring(api, order(note="Ring once"))["changed"] == 1
    row = pulled(bench)["A-1"]
    assert (row["rev"], row["body"]["order"]["note"]) == (2, "Ring once")
    api.post("/v1/orders/A-1/hold", json={"reason": "wait"})
    row = pulled(bench)["A-1"]
    assert (row["rev"], row["body"]["order"]["note"]) == (2, "Ring once")
    assert "Ring once" not in dumped(running)


@pytest.mark.parametrize(
    "buyer", ["anna@example.org", " ANNA@example.org", "020 7946 0958", "анна  каренина"]
)
def test_a_buyers_orders_are_found_by_any_of_their_words(
    api: httpx.Client, site: str, buyer: str
) -> None:
    assert site
    other = order("B-9", buyer=None, ship_to={"name": "Somebody", "country": "DE"})
    bring(api, order(), order("A-2"), other)
    found = api.post("/v1/privacy/find", json={"buyer": buyer}).json()["orders"]
    assert [(one["order"], one["status"]) for one in found] == [("A-1", "open"), ("A-2", "open")]
    for nobody in ("nobody@example.org", "12", "..."):
        assert api.post("/v1/privacy/find", json={"buyer": nobody}).json()["orders"] == []
    for wrong in ({}, {"buyer": "x", "order": "y"}):
        assert api.post("/v1/privacy/find", json=wrong).status_code == 422


def test_what_is_erased_is_gone_and_the_journal_stays_valid(
    running: Running, api: httpx.Client, bench: Bench
) -> None:
    bring(api, order(), order("A-2"))
    pack(bench)
    server = running.server
    with server.store.write() as connection:
        blob = {"site": "GZ-1", "sha256": "ab" * 32, "media": "x", "content": b"Anna", "stored": ""}
        connection.execute(insert(BLOB).values(**blob))
        label = {"site": "GZ-1", "key": "p/1", "order": "A-1", "blob": "ab" * 32}
        connection.execute(insert(LABEL).values(**label))
        before = connection.execute(select(JOURNAL).order_by(JOURNAL.c.seq)).all()
    taken = api.post("/v1/privacy/export", json={"buyer": SECRETS[3]}).json()
    assert taken["orders"][0]["document"]["ship_to"]["name"] == SECRETS[0]
    assert taken["orders"][0]["waybills"] == ["LP000000000CN"]
    assert "SessionCompleted" in [one["what"] for one in taken["orders"][0]["done"]]
    done = api.post("/v1/privacy/erase", json={"buyer": SECRETS[3], "reason": "asked"}).json()
    assert ([one["order"] for one in done["orders"]], done["kept"]) == (["A-1"], ["A-2"])
    with server.store.read() as connection:
        key = connection.execute(select(ORDER_KEY).where(ORDER_KEY.c.order == "A-1")).one()
        assert (key.sealed, bool(key.erased)) == ("", True)
        assert connection.execute(select(BLOB)).all() == []
        assert connection.execute(select(JOURNAL).order_by(JOURNAL.c.seq)).all() == before
        assert days.verify(connection).findings == ()
    again = api.post("/v1/privacy/export", json={"order": "A-1"}).json()["orders"][0]
    assert again["document"]["ship_to"] == {"country": "GB"}
    assert "sealed" not in str(again)
    assert pulled(bench)["A-1"]["op"] == "del"
    assert pulled(bench)["A-2"]["op"] == "put"
    assert bring(api, order())["unchanged"] == 1  # the shop sends it again every night
    again = api.post("/v1/privacy/export", json={"order": "A-1"}).json()["orders"][0]
    assert again["document"]["ship_to"] == {"country": "GB"}
    assert api.post("/v1/privacy/erase", json={"order": "A-1"}).status_code == 200


def test_an_open_order_is_not_erased(api: httpx.Client, site: str) -> None:
    assert site
    bring(api, order())
    held = api.post("/v1/privacy/erase", json={"order": "A-1"})
    assert (held.status_code, held.json()["code"]) == (409, "order_open")
    assert api.post("/v1/privacy/erase", json={"order": "none"}).status_code == 404
    assert api.post("/v1/privacy/export", json={"buyer": "no@one.org"}).status_code == 404
    api.post("/v1/orders/A-1/cancel")
    assert api.post("/v1/privacy/erase", json={"order": "A-1"}).status_code == 200


def test_benches_forget_after_days_and_the_server_after_months(
    running: Running, api: httpx.Client, bench: Bench, clock: Clock
) -> None:
    bring(api, order(), order("A-2"))
    pack(bench)
    assert forgetting.sweep(running.server) == (0, 0)
    clock.forward(days=8)
    assert forgetting.sweep(running.server) == (1, 0)
    assert pulled(bench)["A-1"]["op"] == "del"
    assert api.get("/v1/orders/A-1").json()["outcome"] == "packed"
    assert bring(api, order())["unchanged"] == 1
    assert forgetting.sweep(running.server) == (0, 0)
    rule = {"buyer_days": 30, "bench_days": 7}
    assert api.put("/v1/privacy/rule", json=rule).json() == rule
    clock.forward(days=23)
    assert forgetting.sweep(running.server) == (0, 1)
    assert forgetting.sweep(running.server) == (0, 0)
    found = api.post("/v1/privacy/find", json={"order": "A-1"}).json()["orders"]
    assert found[0]["erased"] != ""
    assert pulled(bench)["A-2"]["op"] == "put"
    wrong = api.put("/v1/privacy/rule", json={"buyer_days": 0})
    assert (wrong.status_code, "buyer_days" in wrong.json()["detail"]) == (422, True)


def test_rows_of_before_are_read_and_sealed(running: Running, api: httpx.Client) -> None:
    bring(api, order())
    server = running.server
    with server.store.write() as connection:
        plain = row_body(connection, "GZ-1", "order", "A-1")
        connection.execute(update(ROW).where(ROW.c.t == "order").values(body=plain))
        connection.execute(ORDER_KEY.delete())
    assert bring(api, order())["unchanged"] == 1
    assert forgetting.seal_old(server) == 1
    assert forgetting.seal_old(server) == 0
    assert SECRETS[0] not in dumped(running)
    assert bring(api, order())["unchanged"] == 1


def test_another_vaults_key_opens_nothing_and_breaks_nothing(
    running: Running, api: httpx.Client, bench: Bench
) -> None:
    bring(api, order())
    keys = sealing.OrderKeys(vault_of(None))
    engine = running.server.store.engine.execution_options(**{sealing.OPTION: keys})
    with engine.connect() as connection:
        text = connection.scalar(select(ROW.c.body).where(ROW.c.t == "order"))
        assert text
        body = msgspec.json.decode(sealing.opened(connection, "GZ-1", {"A-1": text})["A-1"])
    assert body["order"]["ship_to"] == {"country": "GB"}
    assert pulled(bench)["A-1"]["body"]["order"]["ship_to"]["name"] == SECRETS[0]


def test_the_page_finds_takes_out_and_erases(running: Running, api: httpx.Client) -> None:
    people(api)
    bring(api, order(status="cancelled"))
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    with httpx.Client(base_url=running.url, headers=headers, timeout=30) as web:
        web.post("/sign-in", data={"name": "Mei Tan", "secret": PIN})

        def post(**form: str) -> httpx.Response:
            found = re.search(r'name="csrf" value="([^"]+)"', web.get("/privacy").text)
            assert found
            return web.post("/privacy", data={"csrf": found[1], **form})

        html = post(act="find", buyer=SECRETS[3]).text
        assert "A-1" in html
        assert "cancelled" in html
        assert SECRETS[0] not in html
        taken = post(act="export", order="A-1")
        assert taken.headers["content-disposition"].startswith("attachment")
        assert taken.json()["orders"][0]["document"]["note"] == SECRETS[4]
        assert "cannot be brought back" in post(act="erase", order="A-1", reason="asked").text
        assert "No order of theirs" in post(act="find", buyer="x@y.org").text
        assert post(act="find").status_code == 422
        assert post(act="erase", order="none").status_code == 404
        assert post(act="rule", buyer_days="5", bench_days="5").status_code == 422  # not of IT
        assert "Days after" in web.get("/privacy").text


def test_the_administrator_keeps_another_rule(running: Running, api: httpx.Client) -> None:
    record = {"badge": "b-7", "name": "Root", "role": "it", "pin": "4711"}
    api.post("/v1/import/people", json=record)
    with httpx.Client(base_url=running.url, headers={"Accept": "text/html"}, timeout=30) as web:
        web.post("/sign-in", data={"name": "Root", "secret": "4711"})
        found = re.search(r'name="csrf" value="([^"]+)"', web.get("/privacy").text)
        assert found
        form = {"csrf": found[1], "act": "rule", "buyer_days": "60", "bench_days": "5"}
        assert web.post("/privacy", data=form).status_code == 200
        assert web.post("/privacy", data={**form, "bench_days": "x"}).status_code == 422
    assert api.get("/v1/privacy/rule").json() == {"buyer_days": 60, "bench_days": 5}


def test_the_command_line_finds_takes_out_and_erases(
    running: Running, api: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACKSTATION_TOKEN", TOKEN)
    there = ("--server", running.url)
    bring(api, order(status="cancelled"), order("A-2"))
    buyer = ("--buyer", SECRETS[3])
    found = packstation("privacy", "find", *buyer, *there)
    assert found.out.splitlines() == ["A-1: cancelled", "A-2: open"]
    file = tmp_path / "anna.json"
    assert packstation("privacy", "export", *buyer, "--out", str(file), *there).status == 0
    assert SECRETS[0] in file.read_text("utf-8")
    erased = packstation("privacy", "erase", *buyer, "--reason", "asked", *there)
    assert "A-1: cancelled, erased 2026-" in erased.out
    assert "A-2: open, kept" in erased.out
    for words in (
        ("erase", "--order", "A-2"),
        ("erase", "--order", "none"),
        ("export", "--order", "none", "--out", str(file)),
        ("find",),
        ("find", "--buyer", "no@one.org"),
        ("rule", "--buyer-days", "0"),
    ):
        assert packstation("privacy", *words, *there).status == 1, words
    kept = packstation("privacy", "rule", "--buyer-days", "60", *there).out.strip()
    assert kept == "buyers 60 days, benches 7 days"
    assert packstation("privacy", "rule", *there).out.strip() == kept


def test_no_copy_of_a_buyer_lies_in_the_files(
    running: Running, api: httpx.Client, tmp_path: Path, clock: Clock
) -> None:
    bring(api, order(status="cancelled"))
    clock.forward(days=91)
    forgetting.sweep(running.server)
    with running.server.store.read() as connection:
        statuses = connection.execute(select(ORDERS.c.status)).scalars().all()
    assert statuses == ["cancelled"]
    files = [path for path in tmp_path.rglob("*") if path.is_file() and "sqlite" in path.name]
    found = [
        (path.name, secret)
        for path in files
        for secret in SECRETS
        if secret.encode() in path.read_bytes()
    ]
    assert found == []
