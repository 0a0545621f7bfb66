"""Consignments: a broker sees what was handed over to them, and nothing else by any way."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, insert

from packstation.server.customs.tables import HANDING, NOTE
from packstation.server.roles import BROKERS, RULES
from packstation.server.run import Running
from packstation.server.tokens import make_token
from tests.server.customs.office import (
    BROKER,
    OTHER,
    checked,
    order,
    product,
    put,
    sign_in,
)

NEW = "/v1/customs/consignments"


@pytest.fixture
def office(api: httpx.Client, web: httpx.Client) -> httpx.Client:
    """The office's program; two brokers, each with a person."""
    del web
    for broker, badge in (("wolf", "b-73"), ("fern", "b-74")):
        told = {"id": broker, "name": f"{broker.title()} GmbH", "members": [f"badge:{badge}"]}
        assert api.post("/v1/customs/brokers", json=told).status_code == 200
    return api


@pytest.fixture
def made(office: httpx.Client) -> str:
    """A consignment of two orders in the office's hands."""
    told = office.post(NEW, json={"orders": ["A-1", "A-4"], "name": "Berlin <b>1</b>"})
    assert told.status_code == 200, told.text
    return str(told.json()["id"])


@pytest.fixture
def handed(office: httpx.Client, made: str) -> str:
    """The same, handed over to Wolf."""
    told = office.post(f"{NEW}/{made}/hand", json={"broker": "wolf"})
    assert told.status_code == 200, told.text
    return made


@pytest.fixture
def wolf(web: httpx.Client) -> str:
    """The secret of Bruno Wolf's forms."""
    return sign_in(web, BROKER)


@pytest.fixture
def program(running: Running, office: httpx.Client) -> Iterator[httpx.Client]:
    """The program of Wolf, by its token's name."""
    members = ["badge:b-73", "token:wolf-edi"]
    office.post("/v1/customs/brokers", json={"id": "wolf", "name": "Wolf", "members": members})
    token = make_token(running.server, "broker", "GZ-1", "wolf-edi")
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=running.url, headers=headers, timeout=30) as client:
        yield client


def step(client: httpx.Client, key: str, leg: str, to: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - JSON
    return client.post(f"{NEW}/{key}/legs/{leg}", json={"to": to, **more})


# --- who sees what ---------------------------------------------------------------------------


def test_a_broker_lands_where_their_work_is(web: httpx.Client, handed: str, wolf: str) -> None:
    assert wolf
    html = web.get("/customs/consignments").text
    assert "Berlin &lt;b&gt;1&lt;/b&gt;" in html
    assert handed in html
    for path in ("/floor", "/customs", "/customs/rules", "/customs/order?id=A-1"):
        assert web.get(path).status_code == 403, path


def test_nothing_is_seen_before_it_is_handed_over_or_after_it_is_taken_back(
    web: httpx.Client, office: httpx.Client, made: str, wolf: str
) -> None:
    assert wolf
    page = {"id": made}
    assert web.get("/customs/consignment", params=page).status_code == 404
    office.post(f"{NEW}/{made}/hand", json={"broker": "wolf"})
    assert web.get("/customs/consignment", params=page).status_code == 200
    office.post(f"{NEW}/{made}/hand", json={"broker": ""})
    assert web.get("/customs/consignment", params=page).status_code == 404
    assert "No consignment yet" in web.get("/customs/consignments").text


def routes_of_brokers() -> list[tuple[str, str]]:
    return sorted(
        route for route, rule in RULES.items() if rule.roles & BROKERS and "customs" in route[1]
    )


def test_the_rows_are_checked_behind_every_route_that_a_broker_may_call() -> None:
    assert len(routes_of_brokers()) == 15


@pytest.mark.parametrize(("method", "path"), routes_of_brokers())
def test_another_brokers_consignment_is_not_there(
    web: httpx.Client, program: httpx.Client, office: httpx.Client, method: str, path: str
) -> None:
    secret = base64.b64encode(b"their file").decode()
    made = office.post(NEW, json={"orders": ["A-1"], "name": "Secret"}).json()["id"]
    office.post(f"{NEW}/{made}/hand", json={"broker": "fern"})
    step(office, made, "export", "prepared", content=secret, file_name="f.txt")
    sha256 = hashlib.sha256(b"their file").hexdigest()
    address = path.replace("{consignment}", made).replace("{leg}", "export")
    address = address.replace("{sha256}", sha256)
    bodies = {
        "notes": {"kind": "note", "words": "x"},
        "mails": {"seen": 0},
        "export": {"to": "submitted", "channel": "broker"},
    }
    if path.startswith("/v1"):
        body = bodies.get(address.rpartition("/")[2])
        answer = program.request(method, address, json=body)
    else:
        form = {"csrf": sign_in(web, BROKER), "id": made, "leg": "export", "to": "submitted"}
        form |= {"kind": "note", "words": "x"}
        more = {"data": form} if method == "POST" else {"params": {"id": made, "sha256": sha256}}
        answer = web.request(method, address, **more)  # type: ignore[arg-type]
    if path.endswith("/consignments"):
        assert answer.status_code == 200
    else:
        assert answer.status_code == 404, answer.text
    assert "Secret" not in answer.text
    assert made not in answer.text
    kept = office.get(f"{NEW}/{made}").json()
    assert (kept["notes"], len(kept["legs"][0]["steps"])) == ([], 1)


def test_a_broker_that_is_bound_to_nobody_sees_nothing(
    web: httpx.Client, office: httpx.Client, handed: str
) -> None:
    office.post("/v1/customs/brokers", json={"id": "wolf", "name": "Wolf", "members": []})
    answer = web.post("/sign-in", data={"name": BROKER["name"], "secret": "4711"})
    assert answer.headers["location"] == "/customs/consignments"
    assert web.get("/customs/consignments").status_code == 409
    assert web.get("/customs/consignment", params={"id": handed}).status_code == 409


def test_what_a_broker_may_not_do(program: httpx.Client, handed: str) -> None:
    assert program.post(NEW, json={"orders": ["A-1"]}).status_code == 403
    assert program.post(f"{NEW}/{handed}/hand", json={"broker": "fern"}).status_code == 403
    assert program.get("/v1/customs/brokers").status_code == 403
    assert program.get("/v1/customs/queue").status_code == 403


def test_a_member_belongs_to_one_broker(
    web: httpx.Client, office: httpx.Client, handed: str
) -> None:
    office.post("/v1/customs/brokers", json={"id": "fern", "members": ["badge:b-73"]})
    found = {
        one["id"]: one["members"] for one in office.get("/v1/customs/brokers").json()["brokers"]
    }
    assert found == {"fern": ["badge:b-73"], "wolf": []}
    sign_in(web, BROKER)
    assert web.get("/customs/consignment", params={"id": handed}).status_code == 404
    for bad in ({"id": "<b>"}, {"id": "x", "members": ["anyone"]}):
        assert office.post("/v1/customs/brokers", json=bad).status_code == 422


# --- the package -----------------------------------------------------------------------------


def unpacked(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        files = {name: file.read(name) for name in file.namelist()}
    return json.loads(files.pop("manifest.json")), files


def test_the_package_has_data_with_hashes_and_says_what_is_not_in_it(
    program: httpx.Client, handed: str
) -> None:
    answer = program.get(f"{NEW}/{handed}/package")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith("attachment")
    manifest, files = unpacked(answer.content)
    assert manifest["schema"] == "packstation.customs-package/1"
    assert {one["path"]: one["sha256"] for one in manifest["files"]} == {
        path: hashlib.sha256(content).hexdigest() for path, content in files.items()
    }
    data = json.loads(files["001-A-1/order.json"])
    assert data["products"][0]["customs"]["hs"] == "610910"
    assert data["ship_to"]["name"] == "Anna Secret"
    assert "payment" not in data
    assert program.get(f"{NEW}/{handed}/package").content == answer.content


def test_other_data_than_those_handed_over_are_not_given(
    office: httpx.Client, web: httpx.Client, handed: str, wolf: str
) -> None:
    assert wolf
    put(office, "catalog", [product("TS", net_g=200)])
    checked(office)
    answer = office.get(f"{NEW}/{handed}/package")
    assert (answer.status_code, answer.json()["orders"]) == (409, ["A-1", "A-4"])
    page = web.get("/customs/consignment/package", params={"id": handed})
    assert (page.status_code, "Something changed since" in page.text) == (409, True)
    office.post(f"{NEW}/{handed}/hand", json={"broker": "wolf"})
    assert web.get("/customs/consignment/package", params={"id": handed}).status_code == 200


def test_a_hostile_order_id_is_one_plain_folder(office: httpx.Client) -> None:
    evil = "../../etc/<passwd>\\"
    put(office, "orders", [order(evil, "TS")])
    made = office.post(NEW, json={"orders": [evil]}).json()["id"]
    assert office.get(f"{NEW}/{made}/package").status_code == 409  # not handed over
    office.post(f"{NEW}/{made}/hand", json={"broker": "wolf"})
    _, files = unpacked(office.get(f"{NEW}/{made}/package").content)
    assert all(re.fullmatch(r"001-[\w.-]+/[\w.-]+", path) for path in files)
    assert not any(path.startswith("001-.") for path in files)


def test_what_rules_stop_is_not_handed_over(
    web: httpx.Client, office: httpx.Client, csrf: str
) -> None:
    made = office.post(NEW, json={"orders": ["A-1", "A-2"]}).json()["id"]
    told = office.post(f"{NEW}/{made}/hand", json={"broker": "wolf"})
    assert (told.status_code, told.json()["orders"]) == (409, ["A-2"])
    sent = {"csrf": csrf, "id": made, "broker": "wolf"}
    page = web.post("/customs/consignment/hand", data=sent)
    assert page.status_code == 409
    assert "rules still stop these orders: A-2" in page.text


def test_orders_are_named_where_there_are_none(web: httpx.Client, csrf: str) -> None:
    sent = {"csrf": csrf, "name": "x", "orders": "A-1\n<b>NOPE</b>, A-4"}
    page = web.post("/customs/consignments", data=sent)
    assert page.status_code == 422
    assert "There are no such orders: &lt;b&gt;NOPE&lt;/b&gt;" in page.text
    empty = web.post("/customs/consignments", data={**sent, "orders": " "})
    assert "Name 1 to 500 orders" in empty.text
    assert 'name="name" maxlength="100" value="x"' in empty.text


# --- words and declarations ------------------------------------------------------------------


def test_a_question_is_open_until_it_is_answered(
    web: httpx.Client, office: httpx.Client, handed: str, wolf: str
) -> None:
    sent = {"csrf": wolf, "id": handed, "kind": "question", "words": "Which <i>fibre</i>?"}
    assert web.post("/customs/consignment/note", data=sent).status_code == 303
    html = web.get("/customs/consignments").text
    assert "1 open question" in html
    told = office.post(f"{NEW}/{handed}/notes", json={"kind": "answer", "words": "100 % cotton"})
    assert [note["side"] for note in told.json()["notes"]] == ["broker", "office"]
    html = web.get("/customs/consignment", params={"id": handed}).text
    assert "Which &lt;i&gt;fibre&lt;/i&gt;?" in html
    assert "open question" not in web.get("/customs/consignments").text
    silent = web.post("/customs/consignment/note", data={**sent, "words": " "})
    assert silent.status_code == 422
    assert '<option value="question" selected>' in silent.text


def test_a_declaration_goes_its_way_with_dates_number_and_file(
    web: httpx.Client, office: httpx.Client, program: httpx.Client, handed: str, wolf: str
) -> None:
    early = step(program, handed, "export", "submitted")
    assert (early.status_code, early.json()["why"]) == (409, "state")
    assert step(program, handed, "export", "prepared").json()["why"] == "side"
    assert step(office, handed, "export", "prepared").status_code == 200
    assert step(office, handed, "export", "submitted").json()["why"] == "channel"
    assert step(program, handed, "export", "submitted").json()["channel"] == "broker"
    form = {"csrf": wolf, "id": handed, "leg": "export", "to": "accepted", "words": "<i>today"}
    refused = web.post("/customs/consignment/step", data=form)
    assert refused.status_code == 409
    assert "Customs&#39; number is missing" in refused.text
    assert refused.text.count("&lt;i&gt;today</textarea>") == 1
    assert '<option value="accepted" selected>' in refused.text
    files = {"file": ("MRN <1>.pdf", b"%PDF-1.7 their paper", "text/html")}
    done = web.post(
        "/customs/consignment/step", data={**form, "reference": "26CN00000001"}, files=files
    )
    assert done.status_code == 303, done.text
    html = web.get("/customs/consignment", params={"id": handed}).text
    assert "26CN00000001" in html
    assert "MRN &lt;1&gt;.pdf" in html
    leg = office.get(f"{NEW}/{handed}").json()["legs"][0]
    assert [one["state"] for one in leg["steps"]] == ["prepared", "submitted", "accepted"]
    last = leg["steps"][-1]
    assert (last["who"], last["side"], last["came_from"]) == ("Bruno Wolf", "broker", "submitted")
    page = {"id": handed, "sha256": last["file"]}
    paper = web.get("/customs/consignment/file", params=page)
    assert paper.content == b"%PDF-1.7 their paper"
    assert paper.headers["content-type"] == "application/octet-stream"
    assert paper.headers["content-disposition"].startswith('attachment; filename="MRN__1_.pdf"')
    assert program.get(f"{NEW}/{handed}/files/{last['file']}").content == paper.content
    assert program.get(f"{NEW}/{handed}/files/{'0' * 64}").status_code == 404
    assert step(program, handed, "export", "released").status_code == 200
    assert step(program, handed, "moon", "prepared").status_code == 404
    assert step(program, handed, "import", "prepared", content="?").status_code == 422
    assert step(program, handed, "import", "flying").status_code == 422


def test_the_office_hands_over_and_keeps_brokers_from_its_page(
    web: httpx.Client, csrf: str, office: httpx.Client
) -> None:
    sent = {"csrf": csrf, "broker": "new", "name": "New <b>", "members": "badge:b-74\n"}
    assert web.post("/customs/brokers", data=sent).status_code == 303
    bad = web.post("/customs/brokers", data={**sent, "members": "somebody"})
    assert (bad.status_code, "Not stored" in bad.text) == (422, True)
    # What was typed stands there still.
    assert 'value="new"' in bad.text
    assert 'value="New &lt;b&gt;"' in bad.text
    assert ">somebody</textarea>" in bad.text
    made = web.post("/customs/consignments", data={"csrf": csrf, "orders": "A-1\r\nA-4"})
    assert made.status_code == 303
    page = made.headers["location"]
    assert "not handed over" in web.get(page).text
    key = re.search(r"id=([^&]+)", page)
    assert key
    hand = {"csrf": csrf, "id": key[1], "broker": "new"}
    assert web.post("/customs/consignment/hand", data=hand).status_code == 303
    assert "handed over to new" in web.get(page).text
    assert "New &lt;b&gt;" in web.get("/customs/consignments").text
    wrong = web.post("/customs/consignment/hand", data={**hand, "broker": "nobody"})
    assert wrong.status_code == 422
    assert office.get(NEW).json()["consignments"][0]["broker"] == "new"
    assert sign_in(web, OTHER)
    assert web.get(page).status_code == 200


def test_the_interface_describes_itself(office: httpx.Client) -> None:
    paths = office.get("/openapi.json").json()["paths"]
    ours = {path for path in paths if path.startswith("/v1/customs/")}
    known = {path for (_, path) in RULES if path.startswith("/v1/customs/")}
    assert ours == known


def said(client: httpx.Client, key: str) -> str:
    answer = client.get(f"{NEW}/{key}")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_next_broker_does_not_see_what_the_one_before_said_and_was_told(
    running: Running, office: httpx.Client, made: str, program: httpx.Client
) -> None:
    office.post("/v1/customs/brokers", json={"id": "fern", "members": ["token:fern-edi"]})
    token = make_token(running.server, "broker", "GZ-1", "fern-edi")

    def tell(client: httpx.Client, words: str) -> None:
        told = client.post(f"{NEW}/{made}/notes", json={"kind": "note", "words": words})
        assert told.status_code == 200, told.text

    def hand(broker: str) -> None:
        told = office.post(f"{NEW}/{made}/hand", json={"broker": broker})
        assert told.status_code == 200, told.text

    tell(office, "first-to-wolf")
    hand("wolf")
    assert step(office, made, "export", "prepared").status_code == 200
    tell(office, "told-wolf")
    tell(program, "by-wolf")
    paper = {"file_name": "wolf.pdf", "content": base64.b64encode(b"%PDF wolf").decode()}
    kept = {"reference": "MRN-WOLF", "words": "wolf-step", **paper}
    assert step(program, made, "export", "submitted", **kept).status_code == 200
    wolfs = ("first-to-wolf", "told-wolf", "by-wolf", "wolf-step", "MRN-WOLF", "wolf.pdf")
    assert all(word in said(program, made) for word in wolfs)
    hand("")
    tell(office, "first-to-fern")
    hand("fern")
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=running.url, headers=headers, timeout=30) as fern:
        tell(fern, "by-fern")
        seen = said(fern, made)
        assert not [word for word in wolfs if word in seen]
        assert "by-fern" in seen
        assert "first-to-fern" in seen
        assert fern.get(f"{NEW}/{made}").json()["legs"][0]["state"] == "submitted"
        sha256 = hashlib.sha256(b"%PDF wolf").hexdigest()
        assert fern.get(f"{NEW}/{made}/files/{sha256}").status_code == 404
        assert office.get(f"{NEW}/{made}/files/{sha256}").status_code == 200
        assert "MRN-WOLF" not in fern.get(NEW).text
    hand("wolf")
    seen = said(program, made)
    assert all(word in seen for word in wolfs)
    assert "fern" not in seen
    assert all(word in said(office, made) for word in (*wolfs, "first-to-fern", "by-fern"))


def test_hand_overs_before_they_were_kept_go_by_the_clock(
    running: Running, office: httpx.Client, handed: str, program: httpx.Client
) -> None:
    told = {"kind": "note", "words": "after"}
    with running.server.store.write() as connection:
        connection.execute(delete(HANDING))
        row = {"site": "GZ-1", "consignment": handed, "n": 1, "at": "2020-01-01T00:00:00Z"}
        more = {"who": "x", "side": "office", "kind": "note", "words": "to-somebody"}
        connection.execute(insert(NOTE).values(**row, **more))
    assert program.post(f"{NEW}/{handed}/notes", json=told).status_code == 200
    assert [one["words"] for one in program.get(f"{NEW}/{handed}").json()["notes"]] == ["after"]
    office.post(f"{NEW}/{handed}/hand", json={"broker": "wolf"})
    assert [one["words"] for one in program.get(f"{NEW}/{handed}").json()["notes"]] == ["after"]
