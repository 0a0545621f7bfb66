"""Waybill numbers leased ahead: each to one bench, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from packstation.domain.psp import LeaseAnswer, LeaseRequest, SiteBody
from packstation.server.pools import PoolRange, add_range, left
from packstation.server.run import Running
from packstation.server.sites import put_site
from tests.server.bench import Bench
from tests.server.conftest import NewBench

RANGE = PoolRange(
    carrier="chinapost", service="e-packet", prefix="LP", country="CN", first=100, last=199
)


@pytest.fixture
def pool(running: Running, site: str) -> PoolRange:
    with running.server.store.write() as connection:
        assert add_range(connection, site, RANGE) == "accepted"
        assert add_range(connection, site, RANGE) == "unchanged"
    return RANGE


def ask(bench: Bench, req_id: str, n: int, service: str = "e-packet") -> LeaseAnswer:
    asked = LeaseRequest(req_id=req_id, carrier="chinapost", service=service, n=n)
    answer = bench.post("/v1/pools/lease", asked)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=LeaseAnswer)


def test_a_lease_cuts_the_next_numbers(bench: Bench, pool: PoolRange) -> None:
    first, second = ask(bench, "r-1", 40), ask(bench, "r-2", 40)
    assert (first.first, first.last, second.first, second.last) == (100, 139, 140, 179)
    assert (first.prefix, first.country) == ("LP", "CN")
    assert first.expires == "2027-02-19T06:14:00.000Z"


def test_the_same_request_gets_the_same_numbers(bench: Bench, pool: PoolRange) -> None:
    assert ask(bench, "r-1", 40) == ask(bench, "r-1", 40)


def test_the_last_numbers_are_handed_out_even_when_more_were_asked_for(
    bench: Bench, pool: PoolRange, running: Running, site: str
) -> None:
    got = ask(bench, "r-1", 1000)
    assert (got.first, got.last) == (100, 199)
    asked = LeaseRequest(req_id="r-2", carrier="chinapost", service="e-packet", n=1)
    empty = bench.post("/v1/pools/lease", asked)
    assert (empty.status_code, empty.json()["code"]) == (409, "pool_empty")
    more = msgspec.structs.replace(RANGE, first=200, last=299)
    with running.server.store.write() as connection:
        add_range(connection, site, more)
        assert left(connection, site) == [("chinapost", "e-packet", 100)]
    assert ask(bench, "r-2", 1).first == 200


def test_benches_that_ask_at_once_never_share_a_number(
    new_bench: NewBench, pool: PoolRange
) -> None:
    benches = [new_bench(f"0{n}") for n in range(1, 5)]
    with ThreadPoolExecutor(4) as threads:
        leases = list(
            threads.map(lambda n: ask(benches[n % 4], f"r-{n}", 3), range(24)),
        )
    numbers = [n for lease in leases for n in range(lease.first, lease.last + 1)]
    assert len(numbers) == len(set(numbers)) == 72


@pytest.mark.parametrize("site_code", ["GZ-1", "BJ-2"])
def test_numbers_that_some_site_has_are_not_taken_in_again(
    running: Running, pool: PoolRange, site_code: str
) -> None:
    overlapping = msgspec.structs.replace(RANGE, first=199, last=250)
    with running.server.store.write() as connection:
        put_site(running.server, connection, SiteBody(code="BJ-2"))
        with pytest.raises(ValueError, match="overlaps LP00000100-00000199"):
            add_range(connection, site_code, overlapping)


def test_a_range_ends_where_it_begins_or_later() -> None:
    with pytest.raises(ValueError, match="last"):
        msgspec.structs.replace(RANGE, last=99)
