"""A clerk at the customs office of a server with work to do."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from packstation.customs.packs import pack_of
from packstation.server.customs import packs
from packstation.server.options import Options
from packstation.server.run import Running, serve
from tests.server.bench import Clock
from tests.server.conftest import TOKEN
from tests.server.customs import law, office

HEADERS = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture(autouse=True)
def built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    own = pack_of(law.pack())
    monkeypatch.setattr(packs, "built_in", lambda: own)


@pytest.fixture
def running(built_in: None, database: str, clock: Clock) -> Iterator[Running]:
    del built_in
    options = Options(first_token=TOKEN, clock=clock, customs_keys=(law.PUBLIC,))
    server = serve("127.0.0.1", 0, database, options)
    yield server
    server.stop()


@pytest.fixture
def web(running: Running, api: httpx.Client) -> Iterator[httpx.Client]:
    office.opened(api)
    with httpx.Client(base_url=running.url, headers=HEADERS, timeout=30) as client:
        yield client


@pytest.fixture
def csrf(web: httpx.Client) -> str:
    """Of Olga Klein, signed in."""
    return office.sign_in(web, office.CLERK)
