"""People and badges by the office: added, revoked, replaced, on the web and by programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import select

from packstation.server.keeping.tables import AUDIT
from packstation.server.run import Running
from packstation.server.staff import is_plain, new_pin
from packstation.server.tokens import make_token
from tests.server.bench import Bench, Clock
from tests.server.scene import PIN, people


@pytest.fixture
def web(running: Running, api: httpx.Client) -> Iterator[httpx.Client]:
    people(api)
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    with httpx.Client(base_url=running.url, headers=headers, timeout=30) as client:
        yield client


def sign_in(web: httpx.Client, name: str = "Mei Tan", secret: str = PIN) -> int:
    return web.post("/sign-in", data={"name": name, "secret": secret}).status_code


def post(web: httpx.Client, **form: str) -> httpx.Response:
    found = re.search(r'name="csrf" value="([^"]+)"', web.get("/people").text)
    assert found
    return web.post("/people", data={"csrf": found[1], **form})


def rows_of(bench: Bench) -> dict[str, dict[str, object]]:
    """People as a bench pulls them: {badge: body}, without the deleted."""
    rows = bench.get("/v1/changes").json()["rows"]
    return {row["id"]: row["body"] for row in rows if row["t"] == "user" and row["op"] == "put"}


def test_someone_new_gets_a_badge_and_a_pin_once(web: httpx.Client, bench: Bench) -> None:
    sign_in(web)
    html = post(web, act="add", name="Ada Lo", role="packer", language="en").text
    badge, pin = re.findall(r"<strong>(\d{6,8})</strong>", html)
    assert (len(badge), len(pin)) == (8, 6)
    assert rows_of(bench)[badge]["name"] == "Ada Lo"
    again = web.get("/people").text
    assert "Ada Lo" in again
    assert pin not in again
    assert pin not in str(rows_of(bench))
    card = web.get(f"/people/{badge}/card")
    assert card.headers["content-type"] == "application/pdf"
    assert card.content.startswith(b"%PDF")
    assert web.get("/people/none/card").status_code == 404
    missing = post(web, act="add", name="", role="packer", language="en")
    assert (missing.status_code, "A name and a role are needed" in missing.text) == (422, True)
    assert post(web, act="sing").status_code == 422


def test_a_lost_badge_ends_and_a_new_one_takes_its_place(
    web: httpx.Client, api: httpx.Client, bench: Bench, clock: Clock
) -> None:
    api.post(
        "/v1/import/people",
        json={"badge": "b-50", "name": "Bo", "role": "lead", "pin": "8265", "prefs": {"card": 7}},
    )
    issued = api.post("/v1/people/b-50/replace", json={"reason": "lost"}).json()
    known = rows_of(bench)
    assert "b-50" not in known
    new = known[issued["badge"]]
    assert (new["name"], new["role"], new.get("prefs", {})) == ("Bo", "lead", {})
    assert new["temporary_until"] == issued["until"]
    assert sign_in(web, "Bo", "8265") == 303  # own PIN stays
    assert sign_in(web, "Bo", issued["pin"]) == 303
    clock.forward(hours=13)
    assert sign_in(web, "Bo", issued["pin"]) == 403
    old = {"badge": "b-50", "name": "Bo", "role": "lead"}
    refused = api.post("/v1/import/people", json=old).json()
    assert (refused["accepted"], refused["rejected"][0]["path"]) == (0, "badge")
    gone = api.get("/v1/people").json()["gone"]
    assert [(one["badge"], one["why"], one["who"]) for one in gone] == [
        ("b-50", "lost", "integration")
    ]


def test_each_act_stands_in_the_trail(running: Running, api: httpx.Client, site: str) -> None:
    badge = api.post("/v1/people", json={"name": "Bo", "role": "packer"}).json()["badge"]
    api.post(f"/v1/people/{badge}/pin", json={})
    fresh = api.post(f"/v1/people/{badge}/replace", json={"reason": "lost"}).json()["badge"]
    api.post(f"/v1/people/{fresh}/sign-out")
    api.post(f"/v1/people/{fresh}/revoke", json={"reason": "left"})
    with running.server.store.read() as connection:
        query = select(AUDIT.c.act, AUDIT.c.thing, AUDIT.c.who).where(AUDIT.c.site == site)
        rows = connection.execute(query.order_by(AUDIT.c.n)).all()
    acts = [(row.act, row.thing) for row in rows if row.act.startswith("person.")]
    assert acts == [
        ("person.add", badge),
        ("person.pin", badge),
        ("person.replace", badge),
        ("person.sign_out", fresh),
        ("person.revoke", fresh),
    ]
    assert {row.who for row in rows} == {"integration"}


def test_a_revoked_badge_ends_visits_and_nobody_revokes_their_own(
    web: httpx.Client, api: httpx.Client, running: Running
) -> None:
    sign_in(web)
    own = post(web, act="revoke", badge="b-99")
    assert (own.status_code, "Somebody else has to" in own.text) == (409, True)
    with httpx.Client(base_url=running.url, headers=dict(web.headers)) as other:
        made = api.post("/v1/people", json={"name": "Li", "role": "supervisor"}).json()
        sign_in(other, "Li", made["pin"])
        assert other.get("/floor").status_code == 200
        assert post(web, act="revoke", badge=made["badge"], reason="left").status_code == 200
        assert other.get("/floor").status_code == 303
    page = web.get("/people").text
    assert "left" in page
    assert post(web, act="revoke", badge="nobody").status_code == 404


def test_pins_and_visits_are_made_and_ended(web: httpx.Client, api: httpx.Client) -> None:
    sign_in(web)
    assert "1 open sign-in" in web.get("/people").text
    html = post(web, act="pin", badge="b-1").text
    assert "Temporary PIN until" in html
    assert post(web, act="replace", badge="b-2", reason="lost").status_code == 200
    assert api.post("/v1/people/b-99/sign-out").json() == {"badge": "b-99", "ended": 1}
    assert web.get("/people").status_code == 303
    sign_in(web)
    fresh = api.post("/v1/people/b-99/pin", json={"hours": 0}).json()
    assert fresh["until"] == ""
    assert web.get("/people").status_code == 303
    assert sign_in(web) == 403
    assert sign_in(web, secret=fresh["pin"]) == 303
    assert post(web, act="end", badge="b-1").status_code == 200
    assert post(web, act="own_pin", badge="b-1").status_code == 200
    wrong = api.post("/v1/people/b-99/pin", json={"hours": 100})
    assert (wrong.status_code, "hours" in wrong.json()["detail"]) == (422, True)


def test_a_supervisor_decides_about_no_one_above(running: Running, api: httpx.Client) -> None:
    boss = api.post("/v1/people", json={"name": "Root", "role": "it"}).json()
    token = make_token(running.server, "supervisor", "GZ-1")
    headers = {"Authorization": f"Bearer {token}"}
    for path, body in (
        ("/v1/people", {"name": "Me", "role": "it"}),
        (f"/v1/people/{boss['badge']}/revoke", {}),
        (f"/v1/people/{boss['badge']}/pin", {}),
        (f"/v1/people/{boss['badge']}/replace", {}),
        (f"/v1/people/{boss['badge']}/sign-out", {}),
    ):
        assert api.post(path, json=body, headers=headers).json()["code"] == "role", path
    for record in (
        {"badge": "b-1", "name": "Me", "role": "it", "pin": "9753"},
        {"badge": boss["badge"], "name": "Me", "role": "packer", "pin": "9753"},
    ):
        refused = api.post("/v1/import/people", json=record, headers=headers).json()
        assert refused["rejected"][0]["path"] == "role"
    assert api.post("/v1/people", json={"name": "P", "role": "packer"}, headers=headers).is_success


@pytest.mark.parametrize("pin", ["000000", "112211", "123456", "987654", "890123"])
def test_pins_that_everybody_tries_first_are_not_made(pin: str) -> None:
    assert is_plain(pin)
    assert not is_plain("836152")
    assert not is_plain(new_pin())


# --- lockouts --------------------------------------------------------------------------------


def test_nobody_locks_a_site_out(web: httpx.Client, api: httpx.Client, clock: Clock) -> None:
    assert sign_in(web) == 303
    for n in range(60):  # a machine of the same network guesses names of all kinds
        assert sign_in(web, f"guess {n}", "1234") in {403, 429}
    assert sign_in(web, "another guess", "1234") == 429
    assert sign_in(web) == 303  # known here
    made = api.post("/v1/people", json={"name": "New", "role": "lead"}).json()
    assert sign_in(web, "New", made["pin"]) == 429  # not yet, and not for long
    clock.forward(seconds=301)
    assert sign_in(web, "New", made["pin"]) == 303


def test_a_wait_is_never_longer_than_five_minutes(web: httpx.Client, clock: Clock) -> None:
    for _ in range(14):
        web.post("/sign-in", data={"name": "Mei Tan", "secret": "0"})
        clock.forward(seconds=300)
    assert sign_in(web) == 303
