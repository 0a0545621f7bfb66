"""A backlog of a bench whose clock jumps there and back is projected whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
from sqlalchemy import func, select

from packstation.domain.psp import SiteBody
from packstation.server.enrolment import make_enrol_token
from packstation.server.options import Options
from packstation.server.projector import caller, catch_up
from packstation.server.run import serve
from packstation.server.sites import put_site
from packstation.server.tables import TALLY
from tests.server.bench import NOON, Bench, Clock, packed

SITE = "GZ-1"


def test_no_push_of_a_backlog_is_passed_over_for_its_clock(tmp_path: Path) -> None:
    running = serve(
        "127.0.0.1", 0, f"sqlite:///{tmp_path / 'server.sqlite3'}", Options(clock=Clock())
    )
    server = running.server
    with server.store.write() as connection:
        put_site(server, connection, SiteBody(code=SITE, zone="Asia/Shanghai"))
    running.app.state.projector.stop()  # as while the database is away
    with httpx.Client(base_url=running.url) as http:
        bench = Bench(http, Clock())
        assert bench.enrol(make_enrol_token(server, SITE)).status_code == 200
        for number, seconds in enumerate((0, 5, 0)):
            start, order = len(bench.events) + 1, f"A-{number}"
            bench.note(*packed(order, f"LX{number:09}CN"), session=f"s-{number}", order=order)
            bench.clock = Clock(NOON + timedelta(seconds=seconds))
            assert bench.push(start).status_code == 200
    catch_up(server, caller(SITE, bench.station, bench.epoch))
    with server.store.read() as connection:
        counts = connection.execute(select(func.sum(TALLY.c.orders), func.sum(TALLY.c.facts))).one()
    running.stop()
    assert tuple(counts) == (3, len(bench.events))
