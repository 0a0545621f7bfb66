"""A real server on a loopback port, with a clock that the test sets."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from packstation.domain.psp import SiteBody
from packstation.server.enrolment import make_enrol_token
from packstation.server.labels_sandbox import SandboxCarrier
from packstation.server.options import Options
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from tests.clusters import Copies
from tests.server.bench import Bench, Clock
from tests.server.browser import Browser
from tests.server.kinds import SQLITE, kinds_of
from tests.server.pages import PROGRAM
from tests.server.settling import settled

TOKEN = "first-token-of-this-server"


@pytest.fixture
def clock() -> Clock:
    return Clock()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The server is one program on both databases: each test runs on either."""
    if "database" in metafunc.fixturenames:
        kinds = kinds_of(
            metafunc.module.__name__, metafunc.function.__name__, metafunc.fixturenames
        )
        metafunc.parametrize("database", kinds, indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of one kind."""
    if getattr(request, "param", SQLITE) == SQLITE:
        yield f"sqlite:///{tmp_path / 'server.sqlite3'}"
        return
    copies: Copies = request.getfixturevalue("copies")
    with copies.one() as url:
        yield url


@pytest.fixture
def running(database: str, tmp_path: Path, clock: Clock) -> Iterator[Running]:
    sandbox = SandboxCarrier(tmp_path / "carrier.sqlite3")
    options = Options(
        first_token=TOKEN, clock=clock, carriers={"sandbox": sandbox}, files=str(tmp_path)
    )
    server = serve("127.0.0.1", 0, database, options)
    yield server
    server.stop()
    sandbox.close()


@pytest.fixture
def http(running: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running.url, timeout=30, event_hooks=settled(running)) as client:
        yield client


@pytest.fixture
def site(running: Running) -> str:
    body = SiteBody(code="GZ-1", zone="Asia/Shanghai", currency="CNY", name="Guangzhou")
    with running.server.store.write() as connection:
        put_site(running.server, connection, body)
    return "GZ-1"


NewBench = Callable[..., Bench]


@pytest.fixture
def new_bench(running: Running, http: httpx.Client, site: str, clock: Clock) -> NewBench:
    def make(name: str, at: str = "") -> Bench:
        station = f"0190a0b0-0000-7000-8000-0000000000{name}"
        bench = Bench(http, clock, station=station)
        answer = bench.enrol(make_enrol_token(running.server, at or site), name)
        assert answer.status_code == 200, answer.text
        return bench

    return make


@pytest.fixture
def bench(new_bench: NewBench) -> Bench:
    return new_bench("01")


@pytest.fixture
def api(running: Running, site: str) -> Iterator[httpx.Client]:
    """An integration with the server's first token."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=running.url, headers=headers, timeout=30) as client:
        yield client


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    browser = Browser(PROGRAM, tmp_path / "profile")
    yield browser
    browser.close()


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where pictures go: the folder that SHOTS names, else one that goes with the test."""
    folder = Path(os.environ.get("SHOTS", str(tmp_path / "shots")))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
