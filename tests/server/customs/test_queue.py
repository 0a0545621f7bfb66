"""The review queue: what stops parcels, mended once, released at once."""

from __future__ import annotations

import httpx
import msgspec
import pytest
from sqlalchemy import select

from packstation.server.customs import cases, due, fixes
from packstation.server.customs.tables import CHECK, DUE, EDIT, FINDING
from packstation.server.run import Running
from packstation.server.sites import need_site
from packstation.server.tables import JOURNAL
from tests.server.bench import Bench
from tests.server.customs.office import (
    LEAD,
    checked,
    order,
    product,
    put,
    rev_of,
    sign_in,
    until,
    waiting,
)
from tests.server.test_changes import pull

VALUE = {"customs.unit_value": "59.90", "customs.unit_value.currency": "CNY"}


def form(web: httpx.Client, csrf: str, sku: str = "NO-VALUE", **more: str) -> dict[str, str]:
    html = web.get("/customs/sku", params={"id": sku}).text
    return {"csrf": csrf, "id": sku, "rev": rev_of(html), **more}


def test_what_stops_parcels_is_grouped_by_sku_with_money_and_deadline(
    web: httpx.Client, csrf: str, api: httpx.Client
) -> None:
    assert csrf
    (row,) = waiting(api)["rows"]
    assert (row["sku"], row["fields"], row["rules"]) == (
        "NO-VALUE",
        ["customs.unit_value"],
        ["R20"],
    )
    assert (row["orders"], row["parcels"], row["money"]) == (2, 2, {"CNY": "250.00"})
    assert row["at"] == "2026-11-21T08:00:00Z"
    html = web.get("/customs").text
    for words in ("NO-VALUE", "Shirt NO-VALUE", "Value of one", "2 parcels wait", "¥250.00"):
        assert words in html
    assert "until 2026-11-21 16:00" in html  # the site is in Shanghai
    assert "Anna Secret" not in html


@pytest.mark.usefixtures("web")
def test_the_dearest_or_the_most_urgent_first(api: httpx.Client) -> None:
    nothing = {"amount": "0", "currency": "CNY"}
    put(api, "catalog", [product("LATE", unit_value=nothing)])
    put(api, "orders", [order("B-1", "LATE", paid="1.00", hour=7)])
    checked(api)
    by = {
        name: [
            row["sku"] for row in api.get("/v1/customs/queue", params={"by": name}).json()["rows"]
        ]
        for name in ("money", "deadline", "nonsense")
    }
    assert by == {
        "money": ["NO-VALUE", "LATE"],
        "deadline": ["LATE", "NO-VALUE"],
        "nonsense": ["NO-VALUE", "LATE"],
    }


def test_a_mended_sku_releases_its_parcels_and_goes_to_the_benches(
    web: httpx.Client, csrf: str, api: httpx.Client, bench: Bench
) -> None:
    answer = web.post("/customs/sku", data=form(web, csrf, **VALUE))
    assert answer.status_code == 303, answer.text
    html = web.get(answer.headers["location"]).text
    assert "Saved. 2 parcels released." in html
    assert "Olga Klein" in html
    assert waiting(api)["rows"] == []
    (row,) = (row for row in pull(bench).rows if (row.t, row.id) == ("sku", "NO-VALUE"))
    assert row.body["customs"]["unit_value"] == {"amount": "59.90", "currency": "CNY"}
    assert row.rev == 2
    assert "Nothing is stopped at customs" in web.get("/customs").text


def test_an_order_with_another_trouble_still_waits(
    web: httpx.Client, csrf: str, api: httpx.Client
) -> None:
    put(api, "catalog", [product("ALSO", unit_value={"amount": "0", "currency": "CNY"})])
    put(api, "orders", [order("A-5", "NO-VALUE", "ALSO")])
    checked(api)
    answer = web.post("/customs/sku", data=form(web, csrf, **VALUE))
    html = web.get(answer.headers["location"]).text
    assert "Saved. 2 parcels released. 1 still waits for something else." in html


def test_a_new_description_or_code_wants_a_reason(
    web: httpx.Client, csrf: str, running: Running
) -> None:
    sent = form(web, csrf, **{"customs.hs": "610990"})
    refused = web.post("/customs/sku", data=sent)
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert 'value="610990"' in refused.text  # what was typed is not lost
    told = web.post("/customs/sku", data={**sent, "why": "man-made fibres, test report 7"})
    assert told.status_code == 303
    html = web.get("/customs/sku", params={"id": "NO-VALUE"}).text
    assert "test report 7" in html
    assert "<del>610910</del> → <ins>610990</ins>" in html
    with running.server.store.read() as connection:
        kept = connection.execute(select(EDIT)).one()
    assert (kept.who, kept.why) == ("Olga Klein", "man-made fibres, test report 7")
    assert kept.at.startswith("2026-11-21T06:14")


def test_whoever_saves_second_is_told(web: httpx.Client, csrf: str) -> None:
    sent = form(web, csrf, **VALUE)
    assert web.post("/customs/sku", data=sent).status_code == 303
    late = web.post("/customs/sku", data={**sent, "customs.unit_value": "1.00"})
    assert late.status_code == 409
    assert "Somebody else changed this" in late.text
    assert 'value="59.90"' in late.text


def test_typing_is_judged_before_it_is_saved(
    web: httpx.Client, csrf: str, running: Running
) -> None:
    wrong = web.post(
        "/customs/sku/lint", data=form(web, csrf, **{**VALUE, "customs.unit_value": "0"})
    )
    assert "Declared value must be above zero" in wrong.text
    good = web.post("/customs/sku/lint", data=form(web, csrf, **VALUE))
    assert "Declared value" not in good.text
    assert "T-shirts" in good.text  # the code's own text, as a suggestion
    odd = web.post("/customs/sku/lint", data=form(web, csrf, **{"customs.net_g": "<b>heavy</b>"}))
    assert "Net weight, g" in odd.text
    assert "<b>heavy" not in odd.text
    with running.server.store.read() as connection:
        assert connection.execute(select(EDIT)).all() == []


def test_an_impossible_value_is_named_and_not_saved(web: httpx.Client, csrf: str) -> None:
    answer = web.post("/customs/sku", data=form(web, csrf, **{"customs.net_g": "heavy"}))
    assert answer.status_code == 422
    assert "Net weight, g: " in answer.text
    assert 'value="heavy"' in answer.text


def test_a_lead_reads_and_changes_nothing(web: httpx.Client) -> None:
    token = sign_in(web, LEAD)
    html = web.get("/customs/sku", params={"id": "NO-VALUE"}).text
    assert "Your role may look, not change" in html
    assert "disabled" in html
    sent = {"csrf": token, "id": "NO-VALUE", "rev": "1", **VALUE}
    for path in ("/customs/sku", "/customs/sku/lint", "/customs/order"):
        assert web.post(path, data=sent).status_code == 403, path
    assert web.get("/customs/order", params={"id": "A-1"}).status_code == 403


def test_a_page_that_is_refused_says_why_in_the_readers_words(
    web: httpx.Client, api: httpx.Client
) -> None:
    """A lead does not work at a bench, and looking at a page could have changed nothing."""
    assert sign_in(web, LEAD)
    closed = web.get("/customs/consignments")
    assert closed.status_code == 403
    assert "You are signed in as Lead." in closed.text
    incomplete = web.get("/customs/sku")
    assert incomplete.status_code == 422
    assert "This page cannot be shown" in incomplete.text
    assert "Nothing was changed" not in incomplete.text
    new = {"badge": "b-79", "name": "Nora Wolf", "role": "broker", "pin": "4711"}
    put(api, "people", new)
    web.cookies.clear()
    web.post("/sign-in", data={"name": "Nora Wolf", "secret": "4711"})
    first = web.get("/customs/consignments")
    assert first.status_code == 409
    assert "You speak for no broker yet" in first.text


def test_what_the_office_mended_outlives_the_next_import(
    web: httpx.Client, csrf: str, api: httpx.Client, bench: Bench
) -> None:
    assert web.post("/customs/sku", data=form(web, csrf, **VALUE)).status_code == 303
    nothing = {"amount": "0", "currency": "CNY"}

    def value() -> object:
        rows = [row for row in pull(bench).rows if (row.t, row.id) == ("sku", "NO-VALUE")]
        return rows[0].body["customs"]["unit_value"]["amount"]

    put(api, "catalog", [product("NO-VALUE", unit_value=nothing, net_g=180)])
    assert value() == "59.90"
    put(api, "catalog", [product("NO-VALUE", unit_value={"amount": "61", "currency": "CNY"})])
    assert value() == "61"  # news of the source
    put(api, "catalog", [product("NO-VALUE", unit_value=nothing)])
    assert value() == "0"
    assert len(checked(api)["rows"]) == 1


def test_an_order_is_mended_without_its_data_in_the_history(
    web: httpx.Client, csrf: str, running: Running, api: httpx.Client
) -> None:
    html = web.get("/customs/order", params={"id": "A-1"}).text
    assert "+493012345678" in html
    sent = {"csrf": csrf, "id": "A-1", "rev": rev_of(html), "ship_to.phone": "+49301111111"}
    answer = web.post("/customs/order", data={**sent, "why": "buyer wrote"})
    assert answer.status_code == 303, answer.text
    html = web.get(answer.headers["location"]).text
    assert "+49301111111" in html
    with running.server.store.read() as connection:
        kept = connection.execute(select(EDIT)).one()
        assert msgspec.json.decode(kept.body) == {"ship_to.phone": None}
        told = [connection.execute(select(table)).all() for table in (CHECK, FINDING, JOURNAL)]
    assert "+4930" not in repr(told)
    put(api, "orders", [order("A-1", "TS")])  # the shop sends the old number again
    assert "+49301111111" in web.get("/customs/order", params={"id": "A-1"}).text


def test_a_packed_order_stays_as_it_is(web: httpx.Client, csrf: str, api: httpx.Client) -> None:
    html = web.get("/customs/order", params={"id": "A-1"}).text
    assert api.post("/v1/orders/A-1/cancel").status_code == 200
    html = web.get("/customs/order", params={"id": "A-1"}).text
    sent = {"csrf": csrf, "id": "A-1", "rev": rev_of(html), "ship_to.city": "Bonn"}
    answer = web.post("/customs/order", data=sent)
    assert answer.status_code == 409
    assert "packed or cancelled" in answer.text


@pytest.mark.usefixtures("web")
def test_a_cancelled_order_waits_for_nothing(api: httpx.Client) -> None:
    api.post("/v1/orders/A-2/cancel")
    (row,) = checked(api)["rows"]
    assert row["orders"] == 1


def test_goods_that_only_an_order_brought_get_a_catalogue_row(
    web: httpx.Client, csrf: str, api: httpx.Client
) -> None:
    brought = product("OWN", unit_value={"amount": "0", "currency": "CNY"})
    put(api, "orders", [{**order("C-1", "OWN"), "products": [brought]}])
    checked(api)
    html = web.get("/customs/sku", params={"id": "OWN"}).text
    assert 'name="rev" value="0"' in html
    assert "cotton" in html
    answer = web.post("/customs/sku", data=form(web, csrf, "OWN", **VALUE))
    assert "1 parcel released" in web.get(answer.headers["location"]).text


@pytest.mark.parametrize("path", ["/customs/sku?id=NOPE", "/customs/order?id=NOPE"])
def test_what_is_not_there_is_said(web: httpx.Client, csrf: str, path: str) -> None:
    assert csrf
    assert web.get(path).status_code == 404


def test_hostile_names_are_words(web: httpx.Client, csrf: str, api: httpx.Client) -> None:
    evil = "<script>alert(1)</script>]./\"'&"
    nothing = {"amount": "0", "currency": "CNY"}
    put(api, "catalog", [product(evil, unit_value=nothing, description=f"'{evil}")])
    put(api, "orders", [order(evil, evil)])
    (row,) = (row for row in checked(api)["rows"] if row["sku"] == evil)
    assert row["fields"] == ["customs.unit_value"]
    for path in ("/customs", "/customs/sku", "/customs/order"):
        html = web.get(path, params={"id": evil}).text
        assert "<script>alert" not in html, path
    answer = web.post("/customs/sku", data=form(web, csrf, evil, **VALUE))
    assert "1 parcel released" in web.get(answer.headers["location"]).text


def test_the_page_asks_again_and_is_told_only_what_is_new(
    web: httpx.Client, csrf: str, api: httpx.Client
) -> None:
    assert csrf
    have = web.get("/customs").text.partition("&amp;have=")[2][:16]
    assert web.get("/customs/rows", params={"have": have}).status_code == 204
    api.post("/v1/orders/A-2/cancel")
    checked(api)
    html = web.get("/customs/rows", params={"have": have}).text
    assert "1 parcel waits" in html


def test_orders_of_yesterday_are_checked_again(
    web: httpx.Client, csrf: str, running: Running, api: httpx.Client
) -> None:
    assert csrf
    running.server.clock.forward(days=1)  # type: ignore[attr-defined]
    sign_in(web, LEAD)
    web.get("/customs")

    def days() -> set[str]:
        with running.server.store.read() as connection:
            return set(connection.scalars(select(CHECK.c.day)))

    assert until(days, lambda found: found == {"2026-11-22"})
    assert len(checked(api)["rows"]) == 1


@pytest.mark.usefixtures("web")
def test_a_change_while_an_order_is_checked_is_not_lost(running: Running) -> None:
    with running.server.store.write() as connection:
        due.order(connection, "GZ-1", "A-1")
        first = connection.execute(select(DUE.c.mark)).scalar_one()
        due.order(connection, "GZ-1", "A-1")
        assert connection.execute(select(DUE.c.mark)).scalar_one() == first + 1


def test_an_order_of_a_kit_is_looked_at_with_its_parts(
    web: httpx.Client, csrf: str, api: httpx.Client, running: Running
) -> None:
    assert csrf
    parts = [{"sku": "TS", "quantity": 2}, {"sku": "KIT"}, {"sku": "GONE"}]
    put(api, "catalog", [{**product("KIT"), "kit": parts}])
    put(api, "orders", [order("K-1", "KIT", "GONE")])
    checked(api)
    with running.server.store.read() as connection:
        raw = cases.cases(connection, need_site(connection, "GZ-1"), ("K-1",))["K-1"]
        assert [one["sku"] for one in raw["products"]] == ["KIT", "TS"]
        assert "K-1" in due.of_sku(connection, "GZ-1", "TS")


def test_values_are_found_and_put_by_path() -> None:
    raw = {"a": {"b": 1, "c": None}}
    assert [fixes.value_at(raw, path) for path in ("a.b", "a.c", "a.d.e", "x")] == [1, "", "", ""]
    fixes.put_at(raw, "a.b", "")
    fixes.put_at(raw, "x.y", 2)
    assert raw == {"a": {"c": None}, "x": {"y": 2}}
