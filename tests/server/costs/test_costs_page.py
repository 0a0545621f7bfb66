"""The page of carriers' invoices: for whom, what it says, what hostile cells do there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import httpx
import pytest

from packstation.server.run import Running
from tests.server.bench import Bench
from tests.server.costs.invoices import BOSS, many, send, sheet, staff
from tests.server.customs.office import CLERK, sign_in

HEADERS = {"Accept": "text/html", "Accept-Language": "en"}
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def web(running: Running, api: httpx.Client, bench: Bench) -> Iterator[httpx.Client]:
    staff(api)
    many(api, bench)
    with httpx.Client(base_url=running.url, headers=HEADERS, timeout=30) as client:
        yield client


@pytest.fixture
def csrf(web: httpx.Client) -> str:
    """Of Mei Tan, signed in."""
    return sign_in(web, BOSS)


def text_of(html: str) -> str:
    bare = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(bare.split())


def test_the_page_tells_each_difference_in_words(web: httpx.Client, csrf: str) -> None:
    assert csrf
    told = text_of(web.get("/costs").text)
    for words in (
        "620 g billed, 520 g predicted",
        "By its size: 800 g billed, 520 g predicted",
        "Zone DE-2 billed, DE-1 predicted",
        "Remote area: not predicted",
        "Billed before on invoice YW-2610",
        "Its label was voided",
        "No label of this site has this number",
        "Freight ¥63.00, the tariff says ¥60.00",
        "Nothing on the invoice explains it",
    ):
        assert words in told, words
    # What was billed less what was owed is what it is off, to the cent.
    assert "Billed ¥2 307.90 Predicted ¥1 914.00 Difference +¥393.90" in told
    weight = text_of(web.get("/costs?kind=weight").text)
    assert "+¥11.00" in weight
    assert "Zone DE-2 billed" not in weight
    assert "Nothing is like that" in text_of(web.get("/costs?q=NOBODY").text)
    assert web.get("/costs?kind=odd&since=soon").status_code == 200


def test_other_languages_say_the_same(web: httpx.Client, csrf: str) -> None:
    assert csrf
    for language, words in (("zh_Hans", "计费 620 g，预计 520 g"), ("ru", "Выставлено 620 г")):
        web.cookies.set("ps_language", language)
        assert words in text_of(web.get("/costs").text)


def test_a_file_is_taken_in_and_its_bad_cells_are_named(web: httpx.Client, csrf: str) -> None:
    content = sheet(
        "YW000000050,2026-11-21,0.52,,60,6,,66",
        f"YW000000051,2026-11-21,0.52,,{EVIL},6,,66",
        "YW000000052,2026-11-21,0.52,,=1+1,6,,66",
        "1.2E+15,2026-11-21,0.52,,60,6,,66",
        "YW000000053,2026-11-21,0.52,,60,6,,67",
    )
    page = web.post(
        "/costs",
        data={"csrf": csrf, "carrier": "yanwen", "invoice": "N-1", "currency": "cny"},
        files={"file": (f"{EVIL}.csv", content, "text/csv")},
    )
    assert page.status_code == 200
    told = text_of(page.text)
    assert "1 parcel is new" in told
    assert "4 cells are wrong" in told
    assert "3 E · freight" in told
    assert "The whole number: the spreadsheet has cut it" in told
    assert "66, what its charges come to" in told
    assert EVIL not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    again = web.get("/costs")
    assert "4 rows were left out" in text_of(again.text)
    assert EVIL not in again.text


def test_what_is_no_invoice_keeps_what_was_typed(web: httpx.Client, csrf: str) -> None:
    said = {"csrf": csrf, "carrier": "sf", "invoice": "", "currency": "CNY", "replace": "1"}
    for content, carrier, words in (
        (b"nothing", "sf", "Not taken in. header"),
        (b"waybill,total\r\nYW1234567,5", "sf", "invoice: nothing"),
        (b"waybill,total\r\nYW1234567,5", "=1", "carrier: =1"),
    ):
        files = {"file": ("x.csv", content, "text/csv")}
        page = web.post("/costs", data={**said, "carrier": carrier}, files=files)
        assert page.status_code == 422
        assert words in text_of(page.text)
        assert f'value="{carrier}"' in page.text


def test_the_table_taken_away_is_what_is_shown_and_runs_nothing(
    web: httpx.Client, csrf: str, api: httpx.Client
) -> None:
    assert csrf
    send(api, sheet("YW000000060,2026-11-21,0.5,-2+3,60,6,,66"), invoice="-1+cmd")
    answer = web.get("/costs/export?kind=off")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    by_waybill = {row["waybill"]: row for row in rows}
    weight = by_waybill["YW000000002"]
    assert (weight["predicted"], weight["billed"], weight["difference"], weight["kind"]) == (
        "66.00",
        "77",
        "11.00",
        "weight",
    )
    assert weight["why"] == "620 g billed, 520 g predicted (+¥11.00)"
    assert by_waybill["YW000000060"]["invoice"] == "'-1+cmd"
    assert "YW000000001" not in by_waybill


def test_only_those_who_answer_for_money_see_it(web: httpx.Client, running: Running) -> None:
    web.cookies.clear()
    assert web.get("/costs").headers["location"] == "/sign-in"
    sign_in(web, CLERK)
    assert web.get("/costs").status_code == 403
    assert "/costs" not in web.get("/customs").text
    assert running.url


def test_a_form_of_another_page_changes_nothing(web: httpx.Client, csrf: str) -> None:
    assert csrf
    files = {"file": ("x.csv", b"waybill,total\r\nYW1234567,5", "text/csv")}
    data = {"carrier": "sf", "invoice": "1", "currency": "CNY"}
    assert web.post("/costs", data=data, files=files).status_code == 403
