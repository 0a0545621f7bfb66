"""Every route, every role, and the things of another site: nothing is told, nothing changes.

Each table that has a site holds a row of GZ-1: keys that a caller of BJ-2 may guess (``KEY``),
and marked words (``MARK``) in all other columns. Whatever BJ-2 asks for by these keys, no
answer has a marked word and no row of GZ-1 changes. A new table or route is in it by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import httpx
import msgspec
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import Connection, Integer, LargeBinary, Table, insert, select

from packstation.domain.psp import SiteBody
from packstation.server.columns import METADATA
from packstation.server.roles import PUBLIC, ROLES, RULES, STATION_ONLY, Rule
from packstation.server.run import Running
from packstation.server.sites import put_site
from packstation.server.tokens import make_token
from tests.server.bench import Bench
from tests.server.conftest import NewBench

HOME: Final = "GZ-1"
KEY: Final = "guessed-key"
SHA: Final = "ab" * 32
MARK: Final = "MARKED-WORD"
# A list of work that the server does by itself: nothing of it is shown.
UNSHOWN: Final = frozenset({"customs_due"})
# Kinds of rows that are asked for by key.
KINDS: Final = ("order", "sku", "user", "carton", "broker", "packing", "choice", "rate")
# What a form or a document may name: all of it, in every request that has a body.
BODY: Final[dict[str, Any]] = {
    "account": KEY, "act": "ask", "attempt": "1", "badge": KEY, "bench": KEY, "broker": "",
    "carrier": KEY, "consignment": KEY, "content": "", "id": KEY, "invoice": KEY, "key": KEY,
    "kind": "question", "leg": "export", "manifest": KEY, "n": 1, "name": "mine", "order": KEY,
    "orders": [KEY], "parcel": KEY, "reason": "mine now", "seen": 0, "service": KEY,
    "session": KEY, "sha256": SHA, "sku": KEY, "station": KEY, "status": "accepted", "to": "asked",
    "value": KEY, "version": 1, "waybill": KEY, "why": "because", "words": "mine", "req_id": KEY,
    "answers": [{"order": KEY, "sku": KEY, "kind": KEY, "value": KEY, "status": "accepted"}],
}  # fmt: skip
# Routes that name a thing and make one of one's own site where there is none.
MAKES: Final = frozenset({("PUT", "/v1/carriers/{carrier}")})


def filled(table: Table) -> dict[str, Any]:
    """A row of GZ-1: keys to be guessed, marked words elsewhere."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.name == "site":
            row["site"] = HOME
        elif column.name == "sha256":
            row["sha256"] = SHA
        elif isinstance(column.type, Integer):
            row[column.name] = 1
        elif isinstance(column.type, LargeBinary):
            row[column.name] = MARK.encode()
        elif column.type.python_type is not str:
            row[column.name] = None
        else:
            row[column.name] = KEY if column.primary_key else f"{MARK} {column.name}"
    return row


def mark(connection: Connection) -> None:
    """A row in every table that has a site."""
    for table in METADATA.sorted_tables:
        if "site" not in table.c or table.name in UNSHOWN:
            continue
        row = filled(table)
        match table.name:
            case "row":
                rows = [{**row, "t": t, "op": "put", "change": 900 + n, "body": f'{{"x":"{MARK}"}}'}
                        for n, t in enumerate(KINDS)]  # fmt: skip
            case "label" | "label_wait":
                rows = [{**row, "key": f"{KEY}/1"}]
            case _:
                rows = [row]
        connection.execute(insert(table), rows)


def kept(connection: Connection) -> dict[str, list[str]]:
    """All rows of GZ-1, as text."""
    return {
        table.name: sorted(str(tuple(row)) for row in connection.execute(
            select(table).where(table.c.site == HOME)
        ))
        for table in METADATA.sorted_tables
        if "site" in table.c
    }  # fmt: skip


def path_of(route: APIRoute) -> str:
    """The route's address with the keys of GZ-1's things."""
    path = route.path
    for parameter in route.dependant.path_params:
        value = {"sha256": SHA, "version": "1", "attempt": "1"}.get(parameter.name, KEY)
        path = path.replace(f"{{{parameter.name}}}", value)
    return path


def query_of(route: APIRoute) -> dict[str, str]:
    """What the route takes besides, said as a thief would."""
    known = {"id": KEY, "sha256": SHA, "carrier": KEY, "version": "1", "invoice": KEY}
    names = {parameter.name for parameter in route.dependant.query_params}
    return {name: value for name, value in known.items() if name in names}


def routes_of(running: Running) -> list[tuple[str, APIRoute, Rule]]:
    """All, those first that name a thing and make none."""
    found = [
        (method, route, RULES[method, route.path])
        for route in running.app.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
        if method != "HEAD"
    ]
    return sorted(found, key=lambda one: not by_key(one[0], one[1]))


def by_key(method: str, route: APIRoute) -> bool:
    return bool(route.dependant.path_params) and (method, route.path) not in MAKES


def bodies(method: str) -> Iterator[dict[str, Any]]:
    """The request's body in each shape that it may have."""
    if method in {"GET", "DELETE"}:
        yield {}
        return
    yield {"json": BODY}
    words = {name: str(value) for name, value in BODY.items() if not isinstance(value, list)}
    yield {"data": {**words, "orders": KEY}}


@pytest.fixture
def marked(running: Running, site: str) -> Running:
    assert site == HOME
    with running.server.store.write() as connection:
        put_site(running.server, connection, SiteBody(code="BJ-2", zone="Asia/Shanghai"))
        mark(connection)
    return running


def asked(http: httpx.Client, method: str, url: str, **more: Any) -> httpx.Response:  # noqa: ANN401
    with http.stream(method, url, follow_redirects=False, **more) as answer:
        if not answer.headers.get("content-type", "").startswith("text/event-stream"):
            answer.read()
        return answer


def told(answer: httpx.Response) -> str:
    return answer.text if answer.is_stream_consumed else ""


@pytest.mark.parametrize("role", ROLES)
def test_no_role_sees_or_changes_a_thing_of_another_site(
    marked: Running, http: httpx.Client, role: str
) -> None:
    headers = {"Authorization": f"Bearer {make_token(marked.server, role, 'BJ-2')}"}
    with marked.server.store.read() as connection:
        before = kept(connection)
    for method, route, rule in routes_of(marked):
        if role not in rule.roles:
            continue
        names = {parameter.name for parameter in route.dependant.query_params}
        for body in bodies(method):
            sent: dict[str, Any] = {"headers": headers, **body}
            query = query_of(route)
            guessed = asked(http, method, path_of(route), params=query, **sent)
            where = (method, route.path, list(body), guessed.status_code, told(guessed)[:300])
            assert guessed.status_code < 500, where
            assert MARK not in told(guessed), where
            unseen = {404, 409} if role == "broker" else {404}  # 409: of no broker at all
            assert not by_key(method, route) or guessed.status_code in unseen | {422}, where
            if "site" in names:
                named = asked(http, method, path_of(route), params={**query, "site": HOME}, **sent)
                where = (method, route.path, list(body), named.status_code, told(named)[:300])
                assert named.status_code in {403, 422}, where
                assert MARK not in told(named), where
    with marked.server.store.read() as connection:
        assert kept(connection) == before


def test_no_bench_sees_or_changes_a_thing_of_another_site(
    marked: Running, new_bench: NewBench
) -> None:
    theirs: Bench = new_bench("02", "BJ-2")
    with marked.server.store.read() as connection:
        before = kept(connection)
    for method, route, rule in routes_of(marked):
        if rule is not STATION_ONLY:
            continue
        target = path_of(route)
        if route.path == "/v1/evidence/{sha256}" and method == "PUT":
            target += "?at=0&of=3&days=1"
        content = b"" if method == "GET" else msgspec.json.encode(BODY)
        answer = theirs.send(method, target, content)
        where = (method, route.path, answer.status_code, answer.text[:300])
        assert answer.status_code < 500, where
        assert MARK not in answer.text, where
        own = theirs.send(method, f"{target}{'&' if '?' in target else '?'}site={HOME}", content)
        assert MARK not in own.text, where
    with marked.server.store.read() as connection:
        assert kept(connection) == before


def test_what_everybody_may_ask_names_no_thing_of_a_site(
    marked: Running, http: httpx.Client
) -> None:
    for method, route, rule in routes_of(marked):
        if rule is not PUBLIC or route.path == "/metrics":  # figures by site and bench are its use
            continue
        for body in bodies(method):
            answer = asked(http, method, path_of(route), params={"site": HOME}, **body)
            assert answer.status_code < 500, (method, route.path, answer.text[:300])
            assert MARK not in answer.text, (method, route.path)
