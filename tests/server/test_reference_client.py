"""A bench written in another language speaks PSP/1: same bytes signed, same hashes, same answers.

``tests/node/reference_client.mjs`` uses nothing of this program but the protocol's description.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from packstation.domain import psp
from packstation.domain.events import Event, encode, record_hash
from packstation.server.enrolment import make_enrol_token
from packstation.server.run import Running
from packstation.server.tables import JOURNAL
from tests.server.bench import packed

CLIENT: Final = Path(__file__).parents[1] / "node" / "reference_client.mjs"


def node(*args: str, told: object, **environment: str) -> dict[str, Any]:
    """What the client answers to ``told``."""
    done = subprocess.run(
        ["node", str(CLIENT), *args],
        input=json.dumps(told).encode(),
        capture_output=True,
        check=False,
        timeout=60,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", **environment},
    )
    assert done.returncode == 0, done.stderr.decode()
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def facts(order: str = "A-1") -> list[dict[str, Any]]:
    """A packed order, as JSON that the other language reads."""
    told = []
    for fact in packed(order, "LP000000014CN"):
        kind, v, body = encode(fact)
        told.append({"kind": kind, "v": v, "order": order, "body": body})
    return told


def test_a_bench_in_another_language_is_served_alike(running: Running, site: str) -> None:
    token = make_enrol_token(running.server, site)
    told = node("talk", running.url, told={"token": token, "name": "07", "facts": facts()})
    assert told["enrol"]["site"] == site
    assert (told["gap"]["status"], told["gap"]["code"], told["gap"]["hw"]) == (409, "gap", 0)
    assert (told["push"]["status"], told["push"]["hw"]) == (200, 4)
    assert (told["again"]["status"], told["again"]["hw"]) == (200, len(facts()))
    assert (told["fork"]["status"], told["fork"]["code"], told["fork"]["at"]) == (409, "fork", 2)
    assert {row["t"] for row in told["changes"]["rows"]} >= {"site"}
    with running.server.store.read() as connection:
        rows = connection.execute(select(JOURNAL).order_by(JOURNAL.c.seq)).all()
    assert [row.hash for row in rows] == told["hashes"]
    assert {row.station for row in rows} == {told["enrol"]["station"]}


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBER = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | TEXT | NUMBER,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
EVENT = st.builds(
    Event,
    id=TEXT,
    kind=TEXT,
    v=st.integers(0, 9),
    session=TEXT,
    actor=TEXT,
    at=TEXT,
    mono_ns=TEXT,
    prev=TEXT,
    body=st.dictionaries(TEXT, JSON, max_size=4),
    parcel=st.none() | TEXT,
    order=st.none() | TEXT,
    claim=st.none() | TEXT,
    fence=st.integers(0, 2**53 - 1),
)
RECORD = st.tuples(TEXT, TEXT, st.integers(1, 2**53 - 1), EVENT)
STAMP = st.builds(psp.Stamp, station=TEXT, epoch=TEXT, gen=st.integers(0, 2**31), date=TEXT)
ASKED = st.tuples(st.sampled_from(("get", "POST", "Put")), TEXT, TEXT | st.none(), TEXT, STAMP)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(RECORD, min_size=10, max_size=40),
    st.lists(ASKED, min_size=10, max_size=40),
)
def test_both_languages_sign_the_same_bytes_and_hash_the_same_records(
    records: list[tuple[str, str, int, Event]],
    stamps: list[tuple[str, str, str | None, str, psp.Stamp]],
) -> None:
    targets = [path if query is None else f"{path}?{query}" for _, path, query, _, _ in stamps]
    told = node(
        "shapes",
        told={
            "records": [
                {"station": one, "epoch": two, "seq": seq, "event": msgspec.to_builtins(event)}
                for one, two, seq, event in records
            ],
            "stamps": [
                {"method": method, "target": to, "body": body, "stamp": msgspec.to_builtins(stamp)}
                for (method, _, _, body, stamp), to in zip(stamps, targets, strict=True)
            ],
        },
    )
    assert told["hashes"] == [record_hash(*one) for one in records]
    assert told["bases"] == [
        psp.signing_base(method, to, body.encode(), stamp).decode()
        for (method, _, _, body, stamp), to in zip(stamps, targets, strict=True)
    ]


@pytest.mark.parametrize("left_out", ["parcel", "claim", "fence"])
def test_a_member_that_is_left_out_hashes_as_its_default(left_out: str) -> None:
    event = msgspec.to_builtins(
        Event(id="1", kind="K", v=1, session="s", actor="a", at="t", mono_ns="0", prev="", body={})
    )
    short = {name: value for name, value in event.items() if name != left_out}
    told = node(
        "shapes",
        told={
            "stamps": [],
            "records": [
                {"station": "s", "epoch": "e", "seq": 1, "event": one} for one in (event, short)
            ],
        },
    )
    assert told["hashes"][0] == told["hashes"][1]
