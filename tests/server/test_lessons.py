"""The page of lessons: who passed what, by the benches' facts; for who leads people only."""

from __future__ import annotations

import httpx
from sqlalchemy import update

from packstation.domain.packing.training_facts import LessonEnded
from packstation.server.lessons import learners
from packstation.server.run import Running
from packstation.server.tables import JOURNAL
from tests.server.bench import Bench

PEOPLE = {
    "schema": "packstation.people/1",
    "people": [
        {"badge": "PK-1", "name": "Lin Yue", "role": "packer"},
        {"badge": "PK-2", "name": "Олег <b>", "role": "packer"},
    ],
}


def learnt(bench: Bench) -> None:
    bench.note(
        LessonEnded(person="PK-1", lesson="scan", passed=False, mistakes=(("wrong_item", 3),)),
        LessonEnded(person="PK-1", lesson="scan", passed=True),
        LessonEnded(person="PK-2", lesson="wrong", passed=False),
        LessonEnded(person="gone", lesson="scan", passed=True),
        order=None,
    )
    assert bench.push().status_code == 200


def test_the_page_has_everybody_and_their_lessons(
    bench: Bench, api: httpx.Client, http: httpx.Client, running: Running, site: str
) -> None:
    learnt(bench)
    answer = api.post("/v1/import/people", params={"site": site}, json=PEOPLE)
    assert answer.status_code == 200, answer.text
    with running.server.store.read() as connection:
        found = {one.badge: one for one in learners(connection, site)}
    assert [one.passed for one in (found["PK-1"], found["PK-2"], found["gone"])] == [1, 0, 1]
    standing = found["PK-1"].standings[0]
    assert standing is not None
    assert (standing.passed, standing.tries) == (True, 2)
    page = api.get("/lessons", params={"site": site})
    assert page.status_code == 200, page.text
    assert "Lin Yue" in page.text
    assert "Олег &lt;b&gt;" in page.text
    assert http.get("/lessons", follow_redirects=False).status_code == 303


def test_a_fact_of_another_shape_stays_out(bench: Bench, running: Running, site: str) -> None:
    learnt(bench)
    with running.server.store.write() as connection:
        connection.execute(update(JOURNAL).values(body='{"person": 5}'))
    with running.server.store.read() as connection:
        assert learners(connection, site) == ()
