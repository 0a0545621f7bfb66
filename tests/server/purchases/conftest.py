"""The shop, for each test of its own."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.server.bench import Bench, Clock
from tests.server.purchases.shop import Shop


@pytest.fixture
def shop(api: httpx.Client, bench: Bench, clock: Clock) -> Iterator[Shop]:
    made = Shop(api, bench, clock)
    yield made
    made.close()
