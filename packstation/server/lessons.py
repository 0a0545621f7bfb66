"""Who has passed which lesson, from the benches' facts: a page for who leads people."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, select

from packstation.domain.packing.training_facts import LessonEnded
from packstation.domain.training import LESSONS, Standing, standings
from packstation.server.benches import people
from packstation.server.tables import JOURNAL


class Learner(Struct, frozen=True):
    """A person and their standing in each lesson, None for one never tried."""

    badge: str
    name: str
    passed: int
    standings: tuple[Standing | None, ...]


def learners(connection: Connection, site: str) -> tuple[Learner, ...]:
    """Everybody of the site, and whoever learnt and is gone; who is furthest last."""
    found = {(one.person, one.lesson): one for one in standings(_ends(connection, site))}
    names = people(connection, site)
    badges = {*names, *(person for person, _ in found)}
    rows = [_learner(badge, names.get(badge, badge), found) for badge in badges]
    return tuple(sorted(rows, key=lambda row: (row.passed, row.name, row.badge)))


def _learner(badge: str, name: str, found: dict[tuple[str, str], Standing]) -> Learner:
    own = tuple(found.get((badge, lesson.id)) for lesson in LESSONS)
    return Learner(badge, name, sum(one is not None and one.passed for one in own), own)


def _ends(connection: Connection, site: str) -> list[tuple[str, LessonEnded]]:
    """Ends of lessons by their own time: benches send when they can."""
    where = and_(JOURNAL.c.site == site, JOURNAL.c.kind == LessonEnded.__name__)
    rows = connection.execute(select(JOURNAL.c.at, JOURNAL.c.body).where(where))
    read = ((row.at, _end(row.body)) for row in rows)
    return sorted(((at, end) for at, end in read if end), key=lambda one: one[0])


def _end(body: str) -> LessonEnded | None:
    """A fact of a newer program may have another shape: it stays out."""
    try:
        return msgspec.json.decode(body, type=LessonEnded)
    except msgspec.DecodeError:
        return None
