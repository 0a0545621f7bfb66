"""A backlog of a bench whose clock jumps there and back is projected whole."""

from __future__ import annotations

from datetime import timedelta

import httpx
from sqlalchemy import func, select

from packstation.server.enrolment import make_enrol_token
from packstation.server.projector import caller, catch_up
from packstation.server.run import Running
from packstation.server.tables import TALLY
from tests.server.bench import NOON, Bench, Clock, packed


def test_no_push_of_a_backlog_is_passed_over_for_its_clock(running: Running, site: str) -> None:
    server = running.server
    running.app.state.projector.stop()  # as while the database is away
    with httpx.Client(base_url=running.url, timeout=30) as http:
        bench = Bench(http, Clock())
        assert bench.enrol(make_enrol_token(server, site)).status_code == 200
        for number, seconds in enumerate((0, 5, 0)):
            start, order = len(bench.events) + 1, f"A-{number}"
            bench.note(*packed(order, f"LX{number:09}CN"), session=f"s-{number}", order=order)
            bench.clock = Clock(NOON + timedelta(seconds=seconds))
            assert bench.push(start).status_code == 200
    catch_up(server, caller(site, bench.station, bench.epoch))
    with server.store.read() as connection:
        counts = connection.execute(select(func.sum(TALLY.c.orders), func.sum(TALLY.c.facts))).one()
    assert tuple(counts) == (3, len(bench.events))
