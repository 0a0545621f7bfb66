"""Every endpoint, every role, any input: what schemathesis makes of the OpenAPI page.

``python -m tests.server.api_fuzz --examples 100`` is the full run; the suite takes a slice. Each
case is sent over HTTP to a real server, signed where a bench calls; an answer over 499, one that
the page does not describe, and one that does not fit its description are findings.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from msgspec.structs import replace
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from packstation.domain import psp
from packstation.domain.psp import SiteBody
from packstation.server.enrolment import make_enrol_token
from packstation.server.labels_sandbox import SandboxCarrier
from packstation.server.options import Options
from packstation.server.pools import PoolRange, add_range
from packstation.server.roles import PUBLIC, ROLES, RULES, STATION_ONLY
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from packstation.server.tokens import make_token
from tests.server.bench import Bench, Clock, packed

CHECKS: Final = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
)
SITE: Final = "GZ-1"
STATION: Final = "0190a0b0-0000-7000-8000-000000000001"
# Streams without an end: their answers are looked at by tests of their own.
ENDLESS: Final = frozenset({"/floor/events"})
KNOWN: Final = {
    "order": "A-1",
    "session": "s-1",
    "station": STATION,
    "epoch": "6d0a3b57-4f2a-4f4e-9d5e-0f6ed6c7d1aa",
    "carrier": "sandbox",
    "service": "e-packet",
    "parcel": "p-A-1",
    "attempt": "1",
    "sha256": "0" * 64,
}
AnyCase = Case[Any]
Finding = tuple[str, str]


class Fuzz:
    """One server with something of everything, a bench and a token of each role."""

    def __init__(self, running: Running, http: httpx.Client, clock: Clock) -> None:
        self.running, self.http = running, http
        server = running.server
        with server.store.write() as connection:
            for code in (SITE, "HK-2"):
                put_site(server, connection, SiteBody(code=code, zone="Asia/Shanghai"))
            add_range(
                connection,
                SITE,
                PoolRange(
                    carrier="chinapost",
                    service="e-packet",
                    prefix="LP",
                    country="CN",
                    first=1,
                    last=99_999,
                ),
            )
        self.bench = Bench(http, clock, station=STATION)
        self.bench.enrol(make_enrol_token(server, SITE), "01")
        self.bench.note(*packed("A-1", "LP000000014CN"))
        assert self.bench.push().status_code == 200
        self.tokens = {role: make_token(server, role, SITE, role) for role in ROLES}
        self.found: Counter[Finding] = Counter()
        self.sent: Counter[int] = Counter()
        self.schema = schemathesis.openapi.from_dict(http.get("/openapi.json").json())

    def operations(self) -> Iterator[Any]:
        """What the page describes."""
        for result in self.schema.get_all_operations():
            if isinstance(result, Err):
                raise result.err()
            yield result.ok()

    def run(self, examples: int, roles: int, chance: random.Random) -> None:
        """``examples`` of each operation with each of ``roles`` callers."""
        for operation in self.operations():
            if operation.path in ENDLESS:
                continue
            for caller in self.callers(operation, roles, chance):
                self.one(operation, caller, examples, chance)

    def callers(self, operation: Any, most: int, chance: random.Random) -> tuple[str, ...]:  # noqa: ANN401 - schemathesis' own
        """Who asks: some who may, and one who may not."""
        rule = RULES[operation.method.upper(), operation.path]
        if rule is PUBLIC:
            return ("bench", "nobody")[:most]
        if rule is STATION_ONLY:
            return ("bench", "nobody")[:most]
        may = sorted(rule.roles)
        others = sorted(set(ROLES) - rule.roles)
        picked = chance.sample(may, min(most, len(may)))
        return (*picked, *chance.sample(others, min(1, len(others))), "nobody")

    def one(self, operation: Any, caller: str, examples: int, chance: random.Random) -> None:  # noqa: ANN401
        """Send examples of one operation."""

        @seed(chance.randrange(2**32))
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def each(case: AnyCase) -> None:
            self.send(case, caller, chance)

        each()

    def send(self, case: AnyCase, caller: str, chance: random.Random) -> None:
        """One case, judged."""
        for name in case.path_parameters or {}:
            if name in KNOWN and chance.random() < 0.7:
                case.path_parameters[name] = KNOWN[name]
        if "wait" in (case.query or {}):
            case.query["wait"] = 0
        request = self.request(case)
        if request is None:
            return
        if caller == "bench":
            sign(self.bench, request)
        elif caller != "nobody":
            request.headers["Authorization"] = f"Bearer {self.tokens[caller]}"
        name = f"{case.method} {case.operation.path}"
        try:
            response = self.http.send(request)
        except (httpx.LocalProtocolError, httpx.ReadError):
            return  # nobody sends this; or it was refused before all of the body was sent
        except httpx.HTTPError as exc:
            self.found[name, f"no answer: {exc!r}"] += 1
            return
        self.sent[response.status_code] += 1
        for check in CHECKS:
            self.check(name, case, check, response)

    def request(self, case: AnyCase) -> httpx.Request | None:
        """As it goes over the wire; None where no HTTP client sends it."""
        asked = case.as_transport_kwargs(base_url=str(self.http.base_url))
        try:
            request = self.http.build_request(
                asked["method"],
                asked["url"],
                params=asked.get("params") or None,
                headers=dict(asked.get("headers") or {}),
                **requests_body(asked),
            )
            request.read()
        except (httpx.InvalidURL, UnicodeError, ValueError):
            return None
        return request

    def check(self, name: str, case: AnyCase, check: Any, response: httpx.Response) -> None:  # noqa: ANN401
        try:
            case.validate_response(response, checks=[check])
        except BaseExceptionGroup as group:
            for exc in group.exceptions:
                told = str(exc).split("\n\n")[:3]
                what = f"{response.status_code} {response.text[:150]}"
                self.found[name, " | ".join((*told, what))] += 1


def requests_body(asked: dict[str, Any]) -> dict[str, Any]:
    """The body that schemathesis means, for httpx."""
    if asked.get("json") is not None:
        return {"json": asked["json"]}
    data = asked.get("data")
    if isinstance(data, bytes | str):
        return {"content": data}
    if data is not None:
        return {"content": json.dumps(data)}
    return {"files": asked["files"]} if asked.get("files") else {}


def sign(bench: Bench, request: httpx.Request) -> None:
    """As the bench would send it."""
    stamp = psp.Stamp(
        station=bench.station,
        epoch=bench.epoch,
        gen=bench.gen,
        date=bench.clock.now().isoformat(),
    )
    target = request.url.raw_path.decode("ascii")
    base = psp.signing_base(request.method, target, request.content, stamp)
    request.headers.update(psp.stamp_headers(stamp, bench.key.sign(base)))


@contextmanager
def fuzzing(folder: Path, database: str) -> Iterator[Fuzz]:
    """A server to ask anything of, on an empty database."""
    sandbox, clock = SandboxCarrier(folder / "carrier.sqlite3"), Clock()
    options = Options(first_token="first", clock=clock, carriers={"sandbox": sandbox})
    options = replace(options, files=str(folder))
    running = serve("127.0.0.1", 0, database, options)
    try:
        with warnings.catch_warnings(), httpx.Client(base_url=running.url, timeout=30) as http:
            warnings.simplefilter("ignore")
            yield Fuzz(running, http, clock)
    finally:
        running.stop()
        sandbox.close()


def main() -> None:
    """Print what was found, the most frequent first."""
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--examples", type=int, default=20)
    args.add_argument("--roles", type=int, default=len(ROLES))
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--database", default="", help="an empty one; else SQLite")
    given_ = args.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = given_.database or f"sqlite:///{Path(folder) / 'server.sqlite3'}"
        with fuzzing(Path(folder), database) as fuzz:
            fuzz.run(given_.examples, given_.roles, random.Random(given_.seed))
            for (name, what), times in fuzz.found.most_common():
                sys.stdout.write(f"{times:5} {name}: {what}\n")
            counts = dict(sorted(fuzz.sent.items()))
            sys.stdout.write(
                f"sent {sum(counts.values())}: {counts}\nfindings: {len(fuzz.found)}\n"
            )


if __name__ == "__main__":
    main()
