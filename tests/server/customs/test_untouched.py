"""What somebody did not touch on a page of the office stays as it was, whatever it is."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from packstation.customs.packs import pack_of
from packstation.server.customs import forms, packs
from packstation.server.customs.editing import history, order_of, product_of
from packstation.server.run import Running
from tests.server.customs import law
from tests.server.customs.office import checked, order, product, put, waiting


class Sent(HTMLParser):
    """The fields of a page's edit form as a browser sends them when nothing is touched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._inside = False
        self._name = self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = "edit" in given.get("class", "")
        if not self._inside:
            return
        name = given.get("name", "")
        if tag in {"select", "textarea"}:
            self._name, self._text = name, ""
        elif tag == "input":
            self.fields[name] = given.get("value", "")
        elif tag == "option" and ("selected" in given or self._name not in self.fields):
            self.fields[self._name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == "textarea":
            self.fields[self._name] = self._text
        self._inside = self._inside and tag != "form"


def sent(web: httpx.Client, t: str, key: str) -> dict[str, str]:
    answer = web.get(f"/customs/{t}", params={"id": key})
    assert answer.status_code == 200, answer.text
    return Sent(answer.text).fields


ORDERS: tuple[dict[str, Any], ...] = (
    {"tax_scheme": "gst"},
    {"category": None},
    {"category": ""},
    {"cn_export_mode": "1239"},
    {"duty_payer": "third", "duty_account": "X-1"},
    {"tax_scheme": '"><script>'},
)


@pytest.mark.parametrize("more", ORDERS)
def test_an_address_put_right_changes_nothing_else_of_an_order(
    more: dict[str, Any], web: httpx.Client, csrf: str, api: httpx.Client, running: Running
) -> None:
    put(api, "orders", [{**order("N-1", "TS"), **more}])
    checked(api)
    with running.server.store.read() as connection:
        before, _ = order_of(connection, "GZ-1", "N-1")
    fields = {**sent(web, "order", "N-1"), "ship_to.city": "Potsdam"}
    assert fields["csrf"] == csrf
    answer = web.post("/customs/order", data=fields)
    assert answer.status_code == 303, answer.text
    with running.server.store.read() as connection:
        raw, _ = order_of(connection, "GZ-1", "N-1")
        (kept,) = history(connection, "GZ-1", "order", "N-1")
    assert list(kept.fields) == ["ship_to.city"]
    assert raw["ship_to"].pop("city") == "Potsdam"
    before["ship_to"].pop("city")
    assert raw == before


@pytest.mark.parametrize("goods", [None, {"battery_type": "li_ion"}, {"classes": ["liquid"]}])
def test_a_value_put_right_does_not_say_that_there_is_no_battery(
    goods: dict[str, Any] | None,
    web: httpx.Client,
    csrf: str,
    api: httpx.Client,
    running: Running,
) -> None:
    put(api, "catalog", [{**product("CAM"), **({"goods": goods} if goods else {})}])
    checked(api)
    with running.server.store.read() as connection:
        before, _ = product_of(connection, "GZ-1", "CAM")
    fields = {**sent(web, "sku", "CAM"), "customs.material": "steel"}
    assert fields["csrf"] == csrf
    assert web.post("/customs/sku", data=fields).status_code == 303
    with running.server.store.read() as connection:
        raw, _ = product_of(connection, "GZ-1", "CAM")
    assert raw["customs"].pop("material") == "steel"
    before["customs"].pop("material")
    assert raw == before


def test_who_pays_the_duty_is_said_on_the_orders_page(
    web: httpx.Client, csrf: str, api: httpx.Client, running: Running
) -> None:
    put(api, "orders", [order("N-2", "TS")])
    checked(api)
    fields = {**sent(web, "order", "N-2"), "duty_payer": "third", "duty_account": "7712"}
    assert fields["csrf"] == csrf
    assert web.post("/customs/order", data=fields).status_code == 303
    with running.server.store.read() as connection:
        raw, _ = order_of(connection, "GZ-1", "N-2")
    assert (raw["duty_payer"], raw["duty_account"]) == ("third", "7712")
    assert waiting(api)["checking"] == 0


def test_the_choices_are_those_of_the_rules() -> None:
    choices = {
        one.path: one.options
        for one in (*forms.fields_of(forms.SKU), *forms.fields_of(forms.ORDER))
        if one.kind == "choice"
    }
    assert set(choices["tax_scheme"]) == {"", "ioss", "voec", "uk_vat", "gst"}
    assert set(choices["duty_payer"]) == {"", "account", "sender", "recipient", "third"}


def test_what_no_page_can_change_is_said_with_the_finding(
    web: httpx.Client, csrf: str, api: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clerk who is told to correct a date looks for its field in vain."""
    dated = pack_of(law.pack("2026-11-20", law.rule("R34", "invoice.date", "order")))
    monkeypatch.setattr(packs, "built_in", lambda: dated)
    put(api, "orders", [{**order("N-3", "TS"), "invoice": {"date": "-"}}])
    checked(api)
    page = web.get("/customs/order", params={"id": "N-3"}).text
    assert "put it right where the order comes from" in page
    typed = web.post("/customs/order/lint", data={**sent(web, "order", "N-3"), "csrf": csrf})
    assert "put it right where the order comes from" in typed.text
