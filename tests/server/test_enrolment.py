"""A bench joins with a one-time token, and only then."""

from __future__ import annotations

import httpx
import pytest

from packstation.domain import psp
from packstation.domain.psp import SiteBody
from packstation.server.enrolment import make_enrol_token
from packstation.server.problems import Problem
from packstation.server.run import Running
from packstation.server.sites import put_site
from tests.server.bench import Bench, Clock
from tests.server.conftest import NewBench


def test_hello_tells_what_the_server_reads(http: httpx.Client) -> None:
    told = http.get("/v1/hello").json()
    assert told["gen"] == 1
    assert told["api"] == [psp.API]
    assert told["schema"] == {"min": psp.SCHEMA, "max": psp.SCHEMA}
    assert told["now"] == "2026-11-21T06:14:00.000Z"
    assert told["encodings"] == ["gzip", "zstd"]


def test_a_token_is_spent_by_one_bench(
    running: Running, http: httpx.Client, site: str, clock: Clock
) -> None:
    token = make_enrol_token(running.server, site)
    first = Bench(http, clock, station="s-1").enrol(token)
    assert first.status_code == 200
    assert first.json()["site"] == site
    assert len(first.json()["server_key"]) == 44
    second = Bench(http, clock, station="s-2").enrol(token)
    assert (second.status_code, second.json()["code"]) == (403, "enrol_token")


def test_a_token_lasts_a_quarter_of_an_hour(
    running: Running, http: httpx.Client, site: str, clock: Clock
) -> None:
    token = make_enrol_token(running.server, site)
    clock.forward(minutes=15, seconds=1)
    assert Bench(http, clock).enrol(token).json()["code"] == "enrol_token"


def test_a_token_is_for_a_site_that_is_there(running: Running, site: str) -> None:
    with pytest.raises(Problem, match="unknown_site"):
        make_enrol_token(running.server, "nowhere")


def test_nobody_enrols_anothers_key(
    running: Running, http: httpx.Client, site: str, clock: Clock
) -> None:
    token = make_enrol_token(running.server, site)
    mine, other = Bench(http, clock, station="s-1"), Bench(http, clock, station="s-2")
    asked = psp.EnrolRequest(token=token, station_id="s-1", pubkey=other.pubkey, name="01")
    assert mine.post("/v1/enrol", asked).json()["code"] == "bad_signature"
    borrowed = psp.EnrolRequest(token=token, station_id="s-1", pubkey=mine.pubkey, name="01")
    assert other.post("/v1/enrol", borrowed).json()["code"] == "bad_signature"
    assert mine.enrol(token).status_code == 200


def test_a_bench_may_enrol_again_with_its_key_but_not_with_another(
    bench: Bench, running: Running, site: str, clock: Clock
) -> None:
    assert bench.enrol(make_enrol_token(running.server, site), "01b").status_code == 200
    other = Bench(bench.http, clock, station=bench.station)
    taken = other.enrol(make_enrol_token(running.server, site))
    assert (taken.status_code, taken.json()["code"]) == (409, "station_taken")


def test_a_station_belongs_to_one_site(new_bench: NewBench, running: Running) -> None:
    with running.server.store.write() as connection:
        put_site(running.server, connection, SiteBody(code="BJ-2"))
    bench = new_bench("01")
    moved = bench.enrol(make_enrol_token(running.server, "BJ-2"))
    assert moved.json()["code"] == "station_taken"
