"""A clerk at the customs office of a server with work to do."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from packstation.server.run import Running
from tests.server.customs import office

HEADERS = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture
def web(running: Running, api: httpx.Client) -> Iterator[httpx.Client]:
    office.opened(api)
    with httpx.Client(base_url=running.url, headers=HEADERS, timeout=30) as client:
        yield client


@pytest.fixture
def csrf(web: httpx.Client) -> str:
    """Of Olga Klein, signed in."""
    return office.sign_in(web, office.CLERK)
