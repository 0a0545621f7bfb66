"""Strangers, spreadsheets, huge words, two people at once, and fingers that press twice."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from packstation.customs.list_9610 import COLUMNS, csv_9610
from packstation.domain.customs.clearance import STATES
from packstation.domain.customs.exports_cn import (
    GoodsLine,
    List9610,
    ListEntry,
    Logistics,
    Payment,
)
from packstation.domain.quantities import Money
from packstation.server.customs.tables import ACTIVATION, CONSIGNMENT, EDIT, FIX
from packstation.server.roles import ROLES, RULES
from packstation.server.run import Running
from packstation.server.tokens import make_token
from tests.server.bench import Clock
from tests.server.customs import law
from tests.server.customs.office import CLERK, order, put, rev_of, sign_in

NEW = "/v1/customs/consignments"
KEY = "0190a0b0-0000-7000-8000-000000000001"
TWICE = range(6)


@pytest.fixture
def handed(api: httpx.Client, web: httpx.Client) -> str:
    """A consignment in Wolf's hands."""
    del web
    told = {"id": "wolf", "members": ["badge:b-73", "token:wolf-edi"]}
    assert api.post("/v1/customs/brokers", json=told).status_code == 200
    assert api.post("/v1/customs/brokers", json={"id": "fern"}).status_code == 200
    key = str(api.post(NEW, json={"orders": ["A-1", "A-4"]}).json()["id"])
    assert api.post(f"{NEW}/{key}/hand", json={"broker": "wolf"}).status_code == 200
    return key


def kept(api: httpx.Client, key: str) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"{NEW}/{key}").json()
    return found


def page_of(web: httpx.Client, key: str) -> str:
    return web.get("/customs/consignment", params={"id": key}).text


def hidden(html: str, form: str, name: str) -> str:
    """What a form of a page sends of itself."""
    inside = html.partition(f'action="{form}')[2].partition("</form>")[0]
    found = re.search(rf'name="{name}" value="([^"]*)"', inside)
    assert found, (form, name)
    return found[1]


def at_once(web: httpx.Client, path: str, form: dict[str, str]) -> list[httpx.Response]:
    """The same form sent by fingers that do not wait."""
    with ThreadPoolExecutor(len(TWICE)) as pool:
        return list(pool.map(lambda _: web.post(path, data=form), TWICE))


# --- who may ---------------------------------------------------------------------------------

CLERKS = {"customs_clerk", "supervisor", "it"}
READERS = CLERKS | {"lead", "auditor"}
BROKERS = CLERKS | {"broker"}
# Every route of the office, and who gets in: written down by hand, beside the program's own table.
MAY: dict[tuple[str, str], set[str]] = {
    ("GET", "/customs"): READERS,
    ("GET", "/customs/rows"): READERS,
    ("GET", "/customs/sku"): READERS,
    ("POST", "/customs/sku"): CLERKS,
    ("POST", "/customs/sku/lint"): CLERKS,
    ("GET", "/customs/order"): CLERKS,
    ("POST", "/customs/order"): CLERKS,
    ("POST", "/customs/order/lint"): CLERKS,
    ("GET", "/customs/rules"): READERS,
    ("POST", "/customs/rules"): CLERKS,
    ("GET", "/customs/rules/preview"): CLERKS,
    ("POST", "/customs/rules/activate"): CLERKS,
    ("GET", "/customs/consignments"): BROKERS,
    ("POST", "/customs/consignments"): CLERKS,
    ("POST", "/customs/brokers"): CLERKS,
    ("GET", "/customs/consignment"): BROKERS,
    ("POST", "/customs/consignment/hand"): CLERKS,
    ("POST", "/customs/consignment/note"): BROKERS,
    ("POST", "/customs/consignment/step"): BROKERS,
    ("POST", "/customs/consignment/mail"): BROKERS,
    ("GET", "/customs/consignment/package"): BROKERS,
    ("GET", "/customs/consignment/file"): BROKERS,
    ("GET", "/v1/customs/brokers"): CLERKS,
    ("POST", "/v1/customs/brokers"): CLERKS,
    ("GET", "/v1/customs/consignments"): BROKERS,
    ("POST", "/v1/customs/consignments"): CLERKS,
    ("GET", "/v1/customs/consignments/{consignment}"): BROKERS,
    ("POST", "/v1/customs/consignments/{consignment}/hand"): CLERKS,
    ("POST", "/v1/customs/consignments/{consignment}/notes"): BROKERS,
    ("POST", "/v1/customs/consignments/{consignment}/legs/{leg}"): BROKERS,
    ("GET", "/v1/customs/consignments/{consignment}/mails"): BROKERS,
    ("POST", "/v1/customs/consignments/{consignment}/mails"): BROKERS,
    ("GET", "/v1/customs/consignments/{consignment}/package"): BROKERS,
    ("GET", "/v1/customs/consignments/{consignment}/files/{sha256}"): BROKERS,
    ("GET", "/v1/customs/queue"): READERS | {"service"},
    ("GET", "/v1/customs/rules"): READERS | {"service"},
    ("POST", "/v1/customs/packs"): CLERKS,
    ("GET", "/v1/customs/packs/{sha256}/preview"): CLERKS,
    ("POST", "/v1/customs/packs/{sha256}/activate"): CLERKS,
}
# Routes of others under the same roof, with tests of their own.
ELSEWHERE = "template"


def test_the_table_above_names_every_route_of_the_office() -> None:
    ours = {route for route in RULES if "customs" in route[1] and ELSEWHERE not in route[1]}
    assert ours == set(MAY)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_at_each_door(
    running: Running, web: httpx.Client, handed: str, role: str
) -> None:
    headers = {"Authorization": f"Bearer {make_token(running.server, role, 'GZ-1')}"}
    for (method, path), roles in MAY.items():
        address = re.sub(r"\{\w+\}", handed, path)
        answer = web.request(method, address, headers=headers)
        inside = answer.status_code not in {401, 403}
        assert inside == (role in roles), (method, path, answer.status_code)


def test_nobody_changes_anything_without_the_secret_of_the_form(
    web: httpx.Client, csrf: str, handed: str
) -> None:
    assert csrf
    for method, path in MAY:
        if method == "POST" and path.startswith("/customs"):
            sent = {"id": handed, "csrf": "wrong"}
            assert web.post(path, data=sent).status_code == 403, path
            other = {"Origin": "https://evil.test"}
            good = {"id": handed, "csrf": csrf}
            assert web.post(path, data=good, headers=other).status_code == 403, path


# --- strings ---------------------------------------------------------------------------------


@example("0", "-")
@given(
    st.text(max_size=40), st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "\n=", " =", "＝"])
)
def test_no_cell_of_the_list_is_a_formula(text: str, start: str) -> None:
    evil = start + text
    money = Money(Decimal(1), "CNY")
    line = GoodsLine(
        number=1,
        sku=evil,
        hs=evil,
        name=evil,
        quantity=1,
        net_g=1,
        unit_price=money,
        total=money,
        origin=evil,
    )
    way = Logistics(carrier=evil, service=evil, waybill=evil, parcel=1, parcels=1)
    entry = ListEntry(
        order_no=evil,
        payment=Payment(status="paid", total=money),
        logistics=way,
        enterprise=evil,
        customs_code=evil,
        uscc=evil,
        destination=evil,
        gross_g=1,
        net_g=1,
        goods=(line,),
    )
    listed = csv_9610(List9610(prepared_at="x", entries=(entry,)))
    rows = list(csv.reader(io.StringIO(listed, newline="")))
    assert [len(row) for row in rows] == [len(COLUMNS)] * 2
    number = re.compile(r"-[0-9]+(\.[0-9]+)?")  # of which no spreadsheet makes a formula
    words = [cell for cell in rows[1] if not number.fullmatch(cell)]
    assert not any(cell.lstrip()[:1] in set("=+-@＝") for cell in words)
    assert not any(cell[:1] in {"\t", "\r", "\n"} for cell in rows[1])


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=64),
        min_size=1,
        max_size=4,
        unique_by=str.strip,
    )
)
def test_whatever_orders_are_called_a_package_unpacks_in_its_place(
    api: httpx.Client, handed: str, names: list[str]
) -> None:
    del handed
    wanted = [name for name in names if name == name.strip()]
    if not wanted:
        return
    put(api, "orders", [order(name, "TS") for name in wanted])
    made = api.post(NEW, json={"orders": wanted}).json()["id"]
    assert api.post(f"{NEW}/{made}/hand", json={"broker": "wolf"}).status_code == 200
    content = api.get(f"{NEW}/{made}/package").content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        found = file.namelist()
    assert len({path.lower() for path in found}) == len(found) == len(wanted) + 1
    for path in found:
        assert re.fullmatch(r"manifest\.json|[0-9]{3}-[A-Za-z0-9_-][A-Za-z0-9._-]*/[a-z.]+", path)


def test_huge_and_hostile_words_are_cut_or_refused_and_shown_as_text(
    api: httpx.Client, web: httpx.Client, csrf: str, handed: str
) -> None:
    script = "<script>alert(1)</script>"
    huge = script + "X" * 100_000
    assert (
        api.post(f"{NEW}/{handed}/notes", json={"kind": "note", "words": huge}).status_code == 422
    )
    sent = {"csrf": csrf, "id": handed, "kind": "note", "words": huge}
    assert web.post("/customs/consignment/note", data=sent).status_code == 303
    assert len(kept(api, handed)["notes"][0]["words"]) == 2000
    assert script not in page_of(web, handed)
    told = {"csrf": csrf, "broker": "x", "name": huge, "email": script, "members": huge}
    answer = web.post("/customs/brokers", data=told)
    assert (answer.status_code, script in answer.text) == (422, False)
    for path in ("/customs/sku", "/customs/order", "/customs/consignment"):
        answer = web.get(path, params={"id": script + "X" * 5000})
        assert (answer.status_code, script in answer.text) == (404, False), path
    for path, allowed in (
        (f"{NEW}/{'x' * 5000}", {404}),
        (f"{NEW}/%00", {404, 422}),  # PostgreSQL holds no NUL, so that it cannot be looked for
        (f"{NEW}/{handed}/files/{'x' * 5000}", {404}),
    ):
        assert api.get(path).status_code in allowed, path
    many = {"csrf": csrf, "orders": "\n".join(f"N-{n}" for n in range(501))}
    assert web.post("/customs/consignments", data=many).status_code == 422
    filed = {"csrf": csrf, "id": handed, "leg": "export", "to": "prepared"}
    file = {"file": ("x" * 500 + '";a=b\\..', b"p", "text/html")}
    assert web.post("/customs/consignment/step", data=filed, files=file).status_code == 303
    move = kept(api, handed)["legs"][0]["steps"][0]
    answer = api.get(f"{NEW}/{handed}/files/{move['file']}")
    assert len(answer.headers["content-disposition"]) < 1200
    assert answer.headers["content-disposition"].count('"') == 2


def test_files_that_are_too_large_are_refused(
    web: httpx.Client, csrf: str, api: httpx.Client, handed: str
) -> None:
    filed = {"csrf": csrf, "id": handed, "leg": "export", "to": "prepared"}
    file = {"file": ("x.pdf", b"\0" * (10 * 1024 * 1024 + 1), "application/pdf")}
    assert web.post("/customs/consignment/step", data=filed, files=file).status_code == 413
    assert kept(api, handed)["legs"][0]["steps"] == []


# --- twice, and at once ----------------------------------------------------------------------


def test_a_step_that_is_pressed_many_times_is_one(
    api: httpx.Client, web: httpx.Client, csrf: str, handed: str
) -> None:
    seen = hidden(page_of(web, handed), "/customs/consignment/step", "seen")
    form = {"csrf": csrf, "id": handed, "leg": "export", "to": "prepared", "seen": seen}
    assert {one.status_code for one in at_once(web, "/customs/consignment/step", form)} == {303}
    assert [one["state"] for one in kept(api, handed)["legs"][0]["steps"]] == ["prepared"]


def test_who_was_slower_at_a_declaration_is_told(
    api: httpx.Client, web: httpx.Client, csrf: str, handed: str
) -> None:
    for to, more in (("prepared", {}), ("submitted", {"channel": "broker"})):
        api.post(f"{NEW}/{handed}/legs/export", json={"to": to, **more})
    seen = hidden(page_of(web, handed), "/customs/consignment/step", "seen")
    assert seen == "2"
    api.post(f"{NEW}/{handed}/legs/export", json={"to": "accepted", "reference": "26CN1"})
    form = {"csrf": csrf, "id": handed, "leg": "export", "to": "rejected", "words": "no"}
    answer = web.post("/customs/consignment/step", data={**form, "seen": seen})
    assert answer.status_code == 409
    assert "Somebody else has said something of this declaration meanwhile" in answer.text
    assert kept(api, handed)["legs"][0]["state"] == "accepted"


def test_a_question_that_is_pressed_many_times_is_one(
    api: httpx.Client, web: httpx.Client, csrf: str, handed: str
) -> None:
    form = {"csrf": csrf, "id": handed, "kind": "question", "words": "Which fibre?", "seen": "0"}
    assert {one.status_code for one in at_once(web, "/customs/consignment/note", form)} == {303}
    assert len(kept(api, handed)["notes"]) == 1
    web.post("/customs/consignment/note", data={**form, "seen": "1"})  # asked again on purpose
    assert len(kept(api, handed)["notes"]) == 2


def test_a_hand_over_that_is_pressed_twice_is_one_and_two_people_are_told(
    api: httpx.Client, web: httpx.Client, csrf: str, handed: str
) -> None:
    made = api.post(NEW, json={"orders": ["A-1"]}).json()["id"]
    form = {"csrf": csrf, "id": made, "broker": "wolf", "handed": ""}
    assert {one.status_code for one in at_once(web, "/customs/consignment/hand", form)} == {303}
    before = kept(api, made)
    slow = web.post("/customs/consignment/hand", data={**form, "broker": "fern"})
    assert slow.status_code == 409
    assert "It is with: wolf" in slow.text
    assert kept(api, made) == before
    again = {**form, "handed": before["handed"]}
    assert web.post("/customs/consignment/hand", data={**again, "broker": ""}).status_code == 303
    assert kept(api, made)["broker"] == ""
    assert handed


def test_a_consignment_is_made_once(
    running: Running, api: httpx.Client, web: httpx.Client, csrf: str, handed: str
) -> None:
    assert handed
    key = hidden(web.get("/customs/consignments").text, "/customs/consignments", "key")
    form = {"csrf": csrf, "orders": "A-1", "key": key}
    answers = at_once(web, "/customs/consignments", form)
    assert len({one.headers["location"] for one in answers}) == 1
    told = [api.post(NEW, json={"orders": ["A-1"], "key": KEY}).json()["id"] for _ in TWICE]
    assert set(told) == {KEY}
    with running.server.store.read() as connection:
        query = select(func.count()).select_from(CONSIGNMENT)
        assert connection.scalar(query) == 3
    odd = api.post(NEW, json={"orders": ["A-1"], "key": "../x"}).json()["id"]
    assert odd != "../x"


def test_a_key_is_no_way_to_another_sites_or_brokers_consignment(
    running: Running, api: httpx.Client, handed: str
) -> None:
    token = make_token(running.server, "broker", "GZ-1", "other-edi")
    api.post("/v1/customs/brokers", json={"id": "fern", "members": ["token:other-edi"]})
    headers = {"Authorization": f"Bearer {token}"}
    told = {"orders": ["A-1"], "key": handed}
    assert api.post(NEW, json=told, headers=headers).status_code == 403
    assert api.get(f"{NEW}/{handed}", headers=headers).status_code == 404


def test_saving_twice_is_once_and_another_value_is_a_conflict(
    running: Running, web: httpx.Client, csrf: str
) -> None:
    html = web.get("/customs/sku", params={"id": "NO-VALUE"}).text
    form = {
        "csrf": csrf,
        "id": "NO-VALUE",
        "rev": rev_of(html),
        "customs.unit_value": "5.00",
        "customs.unit_value.currency": "CNY",
    }
    assert {one.status_code for one in at_once(web, "/customs/sku", form)} == {303}
    with running.server.store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(EDIT)) == 1
    late = web.post("/customs/sku", data={**form, "customs.unit_value": "7.00"})
    assert late.status_code == 409
    assert "5.00" in late.text


def test_a_pack_is_activated_once(
    running: Running, api: httpx.Client, web: httpx.Client, csrf: str
) -> None:
    sha256 = api.post("/v1/customs/packs", content=law.sign(law.pack("2026-11-21"))).json()[
        "sha256"
    ]
    form = {"csrf": csrf, "sha256": sha256, "why": "law"}
    assert {one.status_code for one in at_once(web, "/customs/rules/activate", form)} == {303}
    with running.server.store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(ACTIVATION)) == 1


# --- declarations by any hands ---------------------------------------------------------------

SAID = st.fixed_dictionaries(
    {"to": st.sampled_from(STATES)},
    optional={
        "channel": st.sampled_from(["broker", "carrier", "own", "pigeon"]),
        "reference": st.sampled_from(["26CN1", "26CN2"]),
        "words": st.sampled_from(["because", " "]),
    },
)


@pytest.fixture
def sides(running: Running, api: httpx.Client) -> Iterator[dict[str, httpx.Client]]:
    """The office's program and the broker's."""
    headers = {
        "Authorization": f"Bearer {make_token(running.server, 'broker', 'GZ-1', 'wolf-edi')}"
    }
    with httpx.Client(base_url=running.url, headers=headers, timeout=30) as client:
        yield {"office": api, "broker": client}


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(["office", "broker"]), SAID), max_size=12))
def test_a_declaration_keeps_what_was_accepted_and_names_what_was_not(
    sides: dict[str, httpx.Client],
    handed: str,
    clock: Clock,
    walk: list[tuple[str, dict[str, str]]],
) -> None:
    assert handed
    api = sides["office"]
    key = api.post(NEW, json={"orders": ["A-1"]}).json()["id"]
    api.post(f"{NEW}/{key}/hand", json={"broker": "wolf"})
    taken: list[tuple[str, str]] = []
    for side, said in walk:
        clock.forward(seconds=1)
        answer = sides[side].post(f"{NEW}/{key}/legs/import", json=said)
        if answer.status_code == 200:
            assert answer.json()["state"] == said["to"]
            taken.append((said["to"], side))
        else:
            told = answer.json()
            assert (answer.status_code, told["code"]) == (409, "step")
            assert told["why"] in {"state", "side", "channel", "reference", "words"}
    leg = kept(api, key)["legs"][1]
    steps = leg["steps"]
    assert [(one["state"], one["side"]) for one in steps] == taken
    assert [one["came_from"] for one in steps] == ["", *(state for state, _ in taken)][: len(taken)]
    assert [one["at"] for one in steps] == sorted({one["at"] for one in steps})
    assert leg["state"] == (taken[-1][0] if taken else "")
    assert all(one["reference"] for one in steps if one["state"] in {"accepted", "released"})
    assert all(one["channel"] in {"broker", "carrier", "own"} for one in steps if one["channel"])


# --- what is forgotten -----------------------------------------------------------------------


def test_what_an_address_had_is_forgotten_after_the_orders_end(
    running: Running, api: httpx.Client, web: httpx.Client, csrf: str, clock: Clock
) -> None:
    def fixes() -> list[str]:
        with running.server.store.read() as connection:
            return sorted(connection.scalars(select(FIX.c.id)).all())

    for key in ("A-1", "A-4"):
        html = web.get("/customs/order", params={"id": key}).text
        form = {"csrf": csrf, "id": key, "rev": rev_of(html), "ship_to.name": "Anna New"}
        assert web.post("/customs/order", data=form).status_code == 303
    html = web.get("/customs/sku", params={"id": "TS"}).text
    goods = {"csrf": csrf, "id": "TS", "rev": rev_of(html), "customs.material": "linen"}
    assert web.post("/customs/sku", data=goods).status_code == 303
    assert fixes() == ["A-1", "A-4", "TS"]
    put(api, "orders", [order("A-1", "TS") | {"status": "cancelled"}])
    for days, left in ((0, ["A-1", "A-4", "TS"]), (29, ["A-1", "A-4", "TS"]), (2, ["A-4", "TS"])):
        clock.forward(days=days)
        assert sign_in(web, CLERK)
        assert web.get("/customs").status_code == 200
        assert fixes() == left, days
    # The catalogue's are no buyer's; an open order keeps its own for the next import.
    put(api, "orders", [order("A-4", "TS", paid="10.00")])
    assert "Anna New" in web.get("/customs/order", params={"id": "A-4"}).text
