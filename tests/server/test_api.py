"""The whole interface, by its own description: no server error, nothing that it does not tell."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from packstation.server.app import ROUTES
from packstation.server.roles import PUBLIC, RULES, STATION_ONLY
from tests.server.api_fuzz import fuzzing
from tests.server.bench import Bench


def test_any_input_by_any_role_gets_an_answer_that_the_page_tells(
    tmp_path: Path, database: str
) -> None:
    with fuzzing(tmp_path, database) as fuzz:
        fuzz.run(examples=2, roles=1, chance=random.Random(7))
    assert not fuzz.found, "\n".join(f"{name}: {what}" for name, what in fuzz.found)
    assert sum(fuzz.sent.values()) > 300
    assert {200, 204, 401, 403, 404, 422} <= set(fuzz.sent)


def test_every_route_of_the_interface_stands_on_the_page_with_who_may(http: httpx.Client) -> None:
    page = http.get("/openapi.json").json()
    told = {
        (method.upper(), path): operation
        for path, methods in page["paths"].items()
        for method, operation in methods.items()
    }
    served = {(one.method, one.path) for routes, _ in ROUTES for one in routes}
    missing = {key for key in served - set(told) if key[1].startswith("/v1/")}
    assert not missing
    for key, operation in told.items():
        rule = RULES[key]
        proof = {PUBLIC: [], STATION_ONLY: ["bench"]}.get(rule, ["token"])
        assert [name for one in operation.get("security", ()) for name in one] == proof, key
        roles = sorted(rule.roles) if "token" in proof else []
        assert operation.get("x-roles", []) == roles, key
        assert "4XX" in operation["responses"], key
        assert operation.get("summary"), key


# A body of a wrong shape for each endpoint that reads JSON, whatever it is for.
SHAPES = (b"{", b"[]", b"", b"\xff\xfe")


def _takes_json(page: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for path, methods in page["paths"].items():
        for method, operation in methods.items():
            kinds = operation.get("requestBody", {}).get("content", {})
            if "application/json" in kinds:
                found.append((method.upper(), path, kinds["application/json"]["schema"]))
    return found


def test_a_body_of_another_shape_is_refused_by_field_and_what_is_allowed(
    http: httpx.Client, api: httpx.Client, bench: Bench
) -> None:
    page = http.get("/openapi.json").json()
    odd = []
    for method, path, schema in _takes_json(page):
        target = re.sub(r"{\w+}", "x", path)
        wrong = {name: {"no": ["such"]} for name in schema.get("required", ())}
        for body in (*SHAPES, *([json.dumps(wrong).encode()] if wrong else ())):
            if RULES[method, path] is STATION_ONLY or path == "/v1/enrol":
                answer = bench.send(method, target, body)
            else:
                headers = {"Content-Type": "application/json"}
                answer = api.request(method, target, content=body, headers=headers)
            told = answer.json() if answer.content else {}
            if answer.status_code == 422 and not (told.get("field") and told.get("allowed")):
                odd.append((method, path, body, told))
            if answer.status_code >= 500 or (answer.status_code < 400 and body != b"[]"):
                odd.append((method, path, body, answer.text))
    assert not odd, "\n".join(map(str, odd))


@pytest.mark.parametrize(
    ("target", "field", "allowed"),
    [
        ("/v1/changes?limit=x", "limit", "int"),
        ("/v1/changes?wait=x", "wait", "float"),
    ],
)
def test_a_parameter_that_is_none_is_named(
    bench: Bench, target: str, field: str, allowed: str
) -> None:
    told = bench.get(target).json()
    assert (told["status"], told["field"], told["allowed"]) == (422, field, allowed)


def test_a_missing_member_is_named_by_its_path(bench: Bench) -> None:
    told = bench.post("/v1/pools/lease", {"req_id": "1", "carrier": "c", "service": "s"}).json()
    assert (told["field"], told["allowed"]) == ("n", "it must be there")
    told = bench.post("/v1/pools/lease", {"req_id": "1", "carrier": "c", "service": "s", "n": 0})
    assert (told.json()["field"], told.json()["allowed"]) == ("n", "int >= 1")
