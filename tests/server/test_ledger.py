"""The life of numbers: each is used once in 24 months, whatever benches and clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from packstation.domain.packing import facts as f
from packstation.domain.packing.product_facts import SsccAssigned
from packstation.domain.psp import LeaseAnswer, LeaseRequest
from packstation.domain.s10 import number
from packstation.server import ledger
from packstation.server.access import StationCaller
from packstation.server.folds import Step
from packstation.server.ledger import Standing, rest_from
from packstation.server.pools import PoolRange, add_range, lease
from packstation.server.problems import Problem
from packstation.server.run import Running
from packstation.server.tables import LEASE
from tests.server.bench import NOON, Bench, Clock
from tests.server.conftest import NewBench
from tests.server.test_holdings import burn, sent, take, told
from tests.server.test_pools import ask

_PREFIXES = count()


def standing(running: Running, clock: Clock) -> Standing:
    with running.server.store.read() as connection:
        (found,) = ledger.standings(connection, "GZ-1", clock.now())
    return found


def void(bench: Bench, lease_id: str, serial: int) -> None:
    key = f"p-{serial}/1"
    fact = f.NumberVoided(lease=lease_id, number=number("LP", serial, "CN"), key=key)
    bench.note(fact, session="", order=None)


def figures(found: Standing) -> tuple[int, ...]:
    return found.free, found.leased, found.used, found.voided, found.lapsed


def test_every_number_is_somewhere_in_its_life(
    bench: Bench, running: Running, site: str, clock: Clock
) -> None:
    take(running, site)
    assert figures(standing(running, clock)) == (100, 0, 0, 0, 0)
    got = ask(bench, "r-1", 40)
    told(bench, got, used=3)
    void(bench, got.lease, 101)
    assert sent(bench) == []
    assert figures(standing(running, clock)) == (60, 37, 2, 1, 0)
    clock.forward(days=91)
    assert figures(standing(running, clock)) == (60, 0, 2, 1, 37)
    assert standing(running, clock).back == "2029-02-19"


def test_numbers_are_leased_again_after_24_months_and_not_a_day_before(
    new_bench: NewBench, running: Running, site: str, clock: Clock
) -> None:
    take(running, site)
    one, two = new_bench("01"), new_bench("02")
    whole = ask(one, "r-1", 100)
    told(one, whole, used=2)
    assert sent(one) == []
    asked = LeaseRequest(req_id="r-2", carrier="chinapost", service="e-packet", n=60)
    clock.time = datetime(2029, 2, 18, tzinfo=UTC)
    assert two.post("/v1/pools/lease", asked).json()["code"] == "pool_empty"
    clock.time = datetime(2029, 2, 20, tzinfo=UTC)
    assert standing(running, clock).free == 100
    first, rest = ask(two, "r-2", 60), ask(two, "r-3", 60)
    assert (first.first, first.last, rest.first, rest.last) == (100, 159, 160, 199)
    assert first.lease != whole.lease
    # What the first bench tells again of its old lease is no riddle; what the second uses counts.
    burn(one, whole.lease, 102)
    assert sent(one, 4) == []
    told(two, first, used=2)
    assert sent(two) == []
    assert standing(running, clock).used == 3


def test_a_late_word_of_a_number_lets_its_lease_rest_longer(
    bench: Bench, running: Running, site: str, clock: Clock
) -> None:
    take(running, site)
    got = ask(bench, "r-1", 100)
    told(bench, got)
    clock.forward(days=400)
    burn(bench, got.lease, 150)
    assert sent(bench) == []
    assert standing(running, clock).back == "2029-12-26"


def test_a_number_used_for_another_parcel_while_it_rests_is_put_aside(
    bench: Bench, running: Running, site: str
) -> None:
    take(running, site)
    got = ask(bench, "r-1", 10)
    told(bench, got, used=1)
    assert sent(bench) == []
    again = f.NumberUsed(lease=got.lease, number=number("LP", 100, "CN"), key="other/1")
    bench.note(again, session="", order=None)
    assert sent(bench, 3) == [3]


def test_told_again_a_voided_number_stays_void(
    bench: Bench, running: Running, site: str, clock: Clock
) -> None:
    take(running, site)
    got = ask(bench, "r-1", 10)
    told(bench, got, used=1)
    void(bench, got.lease, 100)
    burn(bench, got.lease, 100)
    assert sent(bench) == []
    assert figures(standing(running, clock)) == (90, 9, 0, 1, 0)


def test_serial_references_of_units_have_the_same_life(
    bench: Bench, running: Running, site: str, clock: Clock
) -> None:
    units = PoolRange(carrier="gs1", service="sscc", prefix="ZZ", country="ZZ", first=1, last=20)
    with running.server.store.write() as connection:
        add_range(connection, site, units)
    asked = LeaseRequest(req_id="r-1", carrier="gs1", service="sscc", n=10)
    got = bench.post("/v1/pools/lease", asked).json()
    for serial in (1, 2):
        fact = SsccAssigned(lease=got["lease"], serial=serial, sscc=f"00690123{serial}")
        bench.note(fact, session="", order=None)
    bench.note(SsccAssigned(lease="gone", serial=9, sscc="009"), session="", order=None)
    assert sent(bench) == []
    found = standing(running, clock)
    assert (found.units, *figures(found)) == (True, 10, 8, 2, 0, 0)


def test_running_low_is_told_by_share_and_by_pace(
    bench: Bench, running: Running, site: str, clock: Clock
) -> None:
    take(running, site)
    assert (standing(running, clock).low, standing(running, clock).days) == (False, None)
    ask(bench, "r-1", 40)
    assert (standing(running, clock).low, standing(running, clock).days) == (False, 42)
    ask(bench, "r-2", 40)
    assert (standing(running, clock).low, standing(running, clock).days) == (True, 7)
    clock.forward(days=29)
    assert (standing(running, clock).low, standing(running, clock).days) == (False, None)
    ask(bench, "r-3", 11)
    assert standing(running, clock).low


def test_the_page_tells_it_and_the_interface_too(
    bench: Bench, api: httpx.Client, http: httpx.Client, running: Running, site: str
) -> None:
    assert "No ranges of numbers" in api.get("/pools", params={"site": site}).text
    take(running, site)
    ask(bench, "r-1", 95)
    page = api.get("/pools", params={"site": site})
    assert page.status_code == 200, page.text
    assert "LP 00000100-00000199 CN" in page.text
    assert "Running low" in page.text
    (told,) = api.get("/v1/pools", params={"site": site}).json()["pools"]
    assert (told["free"], told["leased"], told["low"]) == (5, 95, True)
    assert http.get("/v1/pools").status_code == 401
    assert http.get("/pools", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("used", "free"),
    [
        (datetime(2026, 11, 21, 6, tzinfo=UTC), datetime(2028, 11, 21, 6, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), datetime(2030, 3, 1, tzinfo=UTC)),
    ],
)
def test_rest_is_24_months(used: datetime, free: datetime) -> None:
    assert rest_from(used) == free


OPS = st.lists(
    st.one_of(
        st.tuples(st.just("lease"), st.integers(0, 2), st.integers(1, 9)),
        st.tuples(st.just("use"), st.integers(0, 2), st.integers(1, 6)),
        st.tuples(st.just("void"), st.integers(0, 2), st.just(1)),
        st.tuples(st.just("wait"), st.just(0), st.integers(1, 900)),
    ),
    min_size=8,
    max_size=60,
)


class Floor:
    """Three benches on a range of their own, and what they used when."""

    def __init__(self, running: Running, site: str, clock: Clock) -> None:
        clock.time = NOON
        which = next(_PREFIXES)
        self.running, self.clock, self.service = running, clock, f"s-{which}"
        self.prefix = f"{chr(65 + which // 26)}{chr(65 + which % 26)}"
        self.callers = [
            StationCaller(site=site, station=f"{which}-{n}", epoch="e", gen=1) for n in range(3)
        ]
        self.held: list[list[tuple[LeaseAnswer, int]]] = [[], [], []]
        self.uses: dict[int, list[datetime]] = {}
        self.last: list[tuple[str, str, str]] = []
        self.asked = 0
        span = PoolRange(
            carrier="c", service=self.service, prefix=self.prefix, country="CN", first=0, last=19
        )
        with running.server.store.write() as connection:
            add_range(connection, site, span)

    def lease(self, who: int, many: int) -> None:
        self.asked += 1
        request = LeaseRequest(req_id=str(self.asked), carrier="c", service=self.service, n=many)
        try:
            got = lease(self.running.server, self.callers[who], request)
        except Problem as problem:
            if problem.code != "pool_empty":
                raise
            return
        self.held[who].append((got, got.first))

    def use(self, who: int, many: int) -> None:
        for _ in range(many):
            today = self.clock.now().date().isoformat()
            fresh = (
                (at, one, serial)
                for at, (one, serial) in enumerate(self.held[who])
                if serial <= one.last and one.expires[:10] >= today
            )
            at, one, serial = next(fresh, (-1, None, 0))
            if one is not None:
                self.held[who][at] = (one, serial + 1)
                waybill = number(self.prefix, serial, "CN")
                self.last.append((waybill, f"{who}-{serial}-{len(self.last)}/1", one.lease))
                used = f.NumberUsed(lease=one.lease, number=waybill, key=self.last[-1][1])
                assert _note(self.running, self.callers[who], used) == {}
                self.uses.setdefault(serial, []).append(self.clock.now())

    def void(self, who: int, _: int) -> None:
        if self.last:
            waybill, key, lease_id = self.last[-1]
            fact = f.NumberVoided(lease=lease_id, number=waybill, key=key)
            _note(self.running, self.callers[who], fact)

    def wait(self, _: int, days: int) -> None:
        self.clock.forward(days=days)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ops=OPS)
def test_no_number_is_used_twice_within_24_months(
    running: Running, site: str, clock: Clock, ops: list[tuple[str, int, int]]
) -> None:
    floor = Floor(running, site, clock)
    for what, who, many in ops:
        getattr(floor, what)(who, many)
    for serial, times in floor.uses.items():
        assert all(after >= rest_from(before) for before, after in pairwise(times)), serial
    with running.server.store.read() as connection:
        rows = connection.execute(select(LEASE).where(LEASE.c.service == floor.service)).all()
    serials = [n for row in rows for n in range(row.first, row.last + 1)]
    assert len(serials) == len(set(serials))


def _note(running: Running, caller: StationCaller, fact: f.Fact) -> dict[int, str]:
    bench = Bench(httpx.Client(), Clock())
    bench.note(fact, session="", order=None)
    (event,) = bench.events
    with running.server.store.write() as connection:
        step = Step(seq=1, event=event, fact=fact)
        return ledger.note(running.server, connection, caller, [step])


def test_a_leap_day_gives_no_number_back_too_soon() -> None:
    day = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert ledger._back(day) == datetime(2026, 2, 28, 12, tzinfo=UTC)
    assert rest_from(ledger._back(day)) <= day
    assert rest_from(day - timedelta(days=731)) <= day
