"""A package by e-mail: once, to the broker's own address, and never when nobody knows."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from packstation.server.customs import postman
from packstation.server.customs.tables import MAIL
from packstation.server.options import Options
from packstation.server.run import Running, serve
from packstation.server.smtp import Smtp
from tests.server.bench import Clock
from tests.server.conftest import TOKEN
from tests.server.customs import law
from tests.server.customs.office import BROKER, checked, product, put, sign_in, until
from tests.server.mailserver import MailServer

NEW = "/v1/customs/consignments"
WOLF = {
    "id": "wolf",
    "name": "Wolf",
    "email": "wolf@broker.test",
    "members": ["badge:b-73", "token:wolf-edi"],
}


@pytest.fixture
def post() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def smtp(post: MailServer) -> Smtp:
    return Smtp(
        host="127.0.0.1",
        port=post.port,
        sender="pack@site.test",
        url="https://pack.site.test",
        security="none",
        timeout_s=5,
        most_bytes=1_000_000,
    )


@pytest.fixture
def running(built_in: None, database: str, clock: Clock, smtp: Smtp) -> Iterator[Running]:
    del built_in
    options = Options(first_token=TOKEN, clock=clock, customs_keys=(law.PUBLIC,), smtp=smtp)
    server = serve("127.0.0.1", 0, database, options)
    yield server
    server.stop()


@pytest.fixture
def handed(api: httpx.Client, web: httpx.Client) -> str:
    """A consignment in Wolf's hands."""
    del web
    assert api.post("/v1/customs/brokers", json=WOLF).status_code == 200
    name = "Berlin\r\nBcc: evil@x.test"
    key = str(api.post(NEW, json={"orders": ["A-1", "A-4"], "name": name}).json()["id"])
    assert api.post(f"{NEW}/{key}/hand", json={"broker": "wolf"}).status_code == 200
    return key


def ask(api: httpx.Client, key: str, seen: int = 0) -> httpx.Response:
    return api.post(f"{NEW}/{key}/mails", json={"seen": seen})


def mails(api: httpx.Client, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"{NEW}/{key}/mails").json()["mails"]
    return found


def came_to(api: httpx.Client, key: str, state: str) -> dict[str, Any]:
    """The last e-mail once it is in a state."""
    found: list[dict[str, Any]] = until(
        lambda: mails(api, key), lambda rows: rows[-1]["state"] == state
    )
    return found[-1]


def test_the_package_goes_to_the_brokers_own_address(
    api: httpx.Client, web: httpx.Client, handed: str, post: MailServer
) -> None:
    assert ask(api, handed).status_code == 200
    row = came_to(api, handed, "sent")
    assert (row["address"], row["form"], row["tries"]) == ("wolf@broker.test", "package", 1)
    to, mail = post.kept[0]
    assert (to, mail["To"]) == ("wolf@broker.test", "wolf@broker.test")
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Customs data: Berlin Bcc: evil@x.test (GZ-1)"
    assert row["message"] in mail["Message-ID"]
    [file] = mail.iter_attachments()
    content = file.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert hashlib.sha256(content).hexdigest() == row["sha256"]
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert "001-A-1/order.json" in opened.namelist()
    text = mail.get_body().get_content()  # type: ignore[union-attr]
    assert row["sha256"] in text
    assert "Anna" not in text + mail["Subject"]
    assert sign_in(web, BROKER)
    html = web.get("/customs/consignment", params={"id": handed}).text
    assert "E-mail sent" in html
    assert "Send again to wolf@broker.test" in html


def test_many_clicks_at_once_send_one(
    api: httpx.Client, web: httpx.Client, csrf: str, handed: str, post: MailServer
) -> None:
    form = {"csrf": csrf, "id": handed, "seen": "0"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: web.post("/customs/consignment/mail", data=form), range(8))
        )
    assert {one.status_code for one in answers} == {303}
    came_to(api, handed, "sent")
    refused = ask(api, handed)
    assert (refused.status_code, refused.json()["code"]) == (409, "mail_known")
    assert len(mails(api, handed)) == len(post.kept) == 1
    assert ask(api, handed, seen=1).status_code == 200
    came_to(api, handed, "sent")
    assert len({mail["Message-ID"] for _, mail in post.kept}) == 2


def test_what_is_too_large_goes_as_a_link_that_asks_for_a_sign_in(
    api: httpx.Client, web: httpx.Client, handed: str, post: MailServer
) -> None:
    post.size = 1200
    ask(api, handed)
    row = came_to(api, handed, "sent")
    assert row["form"] == "link"
    _, mail = post.kept[0]
    assert list(mail.iter_attachments()) == []
    text = mail.get_content()
    assert f"https://pack.site.test/customs/consignment?site=GZ-1&id={handed}" in text
    assert "Anna" not in text
    web.cookies.clear()
    page = web.get("/customs/consignment/package", params={"id": handed})
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in")


def test_a_busy_mail_server_is_asked_again_and_gets_it_once(
    api: httpx.Client, handed: str, post: MailServer, clock: Clock
) -> None:
    post.script["RCPT"] = ["451 4.3.0 busy", "451 4.3.0 busy"]
    ask(api, handed)
    first = until(
        lambda: mails(api, handed)[0], lambda row: (row["tries"], row["why"] != "") == (1, True)
    )
    assert (first["state"], first["why"]) == ("waiting", "451 4.3.0 busy")
    assert first["next"] == "2026-11-21T06:15:00.000Z"
    clock.forward(minutes=1)
    second = until(
        lambda: mails(api, handed)[0], lambda row: row["tries"] == 2 and row["why"] != ""
    )
    assert second["next"] == "2026-11-21T06:17:00.000Z"
    clock.forward(minutes=2)
    assert came_to(api, handed, "sent")["tries"] == 3
    assert len(post.kept) == 1


def test_after_a_day_it_is_given_up(
    api: httpx.Client, handed: str, post: MailServer, clock: Clock
) -> None:
    post.script["MAIL"] = ["451 later"] * 2
    ask(api, handed)
    until(lambda: mails(api, handed)[0]["why"], lambda why: why != "")
    clock.forward(hours=25)
    assert came_to(api, handed, "failed")["why"] == "451 later"


def test_silence_after_the_content_is_never_sent_again_by_itself(
    api: httpx.Client, web: httpx.Client, csrf: str, handed: str, post: MailServer, clock: Clock
) -> None:
    post.script["END"] = [""]
    ask(api, handed)
    came_to(api, handed, "unsure")
    clock.forward(hours=2)
    assert csrf
    html = web.get("/customs/consignment", params={"id": handed}).text
    assert "may have arrived" in html
    assert "ask the broker before you send again" in html
    assert len(post.kept) == 1
    assert ask(api, handed, seen=1).status_code == 200
    came_to(api, handed, "sent")


def test_an_address_that_is_refused_fails_and_says_so(
    api: httpx.Client, web: httpx.Client, csrf: str, handed: str, post: MailServer
) -> None:
    post.script["RCPT"] = ["550 5.1.1 <no such> user"]
    ask(api, handed)
    came_to(api, handed, "failed")
    assert csrf
    html = web.get("/customs/consignment", params={"id": handed}).text
    assert "the mail server said: 550 5.1.1 &lt;no such&gt; user" in html


@pytest.mark.parametrize("change", ["taken_back", "address", "data_changed"])
def test_what_is_no_longer_the_brokers_is_not_sent(
    api: httpx.Client, handed: str, post: MailServer, clock: Clock, change: str
) -> None:
    post.script["MAIL"] = ["451 later"]
    ask(api, handed)
    until(lambda: mails(api, handed)[0]["why"], lambda why: why != "")
    if change == "taken_back":
        api.post(f"{NEW}/{handed}/hand", json={"broker": ""})
    elif change == "address":
        api.post("/v1/customs/brokers", json={**WOLF, "email": "new@broker.test"})
    else:
        put(api, "catalog", [product("TS", net_g=200)])
        checked(api)
    clock.forward(minutes=1)
    assert came_to(api, handed, "withdrawn")["why"] == change
    assert post.kept == []


def test_a_server_that_died_goes_on_where_it_is_sure(
    running: Running, api: httpx.Client, handed: str, post: MailServer, clock: Clock
) -> None:
    post.script["MAIL"] = ["451 later"]
    ask(api, handed)
    until(lambda: mails(api, handed)[0]["why"], lambda why: why != "")
    for died, after in (("sending", "sent"), ("handing", "unsure")):
        with running.server.store.write() as connection:
            connection.execute(update(MAIL).values(state=died))
        until(lambda: running.server.desk.take(postman.BUSY), bool)
        running.server.desk.give_back(postman.BUSY)
        postman.at_start(running.server)
        came_to(api, handed, after)
    assert len(post.kept) == 1


def test_it_is_asked_for_only_where_it_can_be_sent(api: httpx.Client, handed: str) -> None:
    api.post("/v1/customs/brokers", json={**WOLF, "email": ""})
    assert ask(api, handed).json()["code"] == "no_address"
    for bad in ("no address", "a@b", "a@b.test\nBcc: c@d.test", "x" * 65 + "@b.test"):
        told = api.post("/v1/customs/brokers", json={**WOLF, "email": bad})
        assert told.status_code == 422, bad
    api.post("/v1/customs/brokers", json=WOLF)
    api.post(f"{NEW}/{handed}/hand", json={"broker": ""})
    assert ask(api, handed).json()["code"] == "not_handed"
    assert api.get(f"{NEW}/nothing/mails").status_code == 404
    assert mails(api, handed) == []


def test_a_server_without_a_mail_server_says_so(
    tmp_path: Path, clock: Clock, built_in: None
) -> None:
    del built_in
    server = serve("127.0.0.1", 0, f"sqlite:///{tmp_path / 'x.sqlite3'}", Options(clock=clock))
    try:
        assert postman.begin(server.server) is None
    finally:
        server.stop()
