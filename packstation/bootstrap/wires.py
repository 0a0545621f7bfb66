"""The client's wires, put together; imported late, because HTTP is."""

from __future__ import annotations

import random
from pathlib import Path

from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.client.enrolment import Enrolment
from packstation.client.evidence import EvidenceSender
from packstation.client.keys import key_of
from packstation.client.labels import ServerLabels
from packstation.client.outgoing import Uploads
from packstation.client.syncer import Syncer
from packstation.client.wire import Access, Who, Wire, open_http
from packstation.domain.bench_profile import Profile
from packstation.station.ports import Post
from packstation.storage.journal import SqliteJournalReader

Reach = tuple[str, str, str]
"""URL, CA file and proxy of a server."""


def _wire(reach: Reach, folder: Path) -> Wire:
    return Wire(open_http(Access(*reach)), key_of(folder), SystemClock())


def make_syncer(
    reach: Reach,
    folder: Path,
    journal: Path,
    post: Post,
    acknowledged: int,
    profile: Profile | None = None,
) -> Syncer:
    """A running syncer: one wire to send, one to pull, and a reader of its own."""
    syncer = Syncer(
        (_wire(reach, folder), _wire(reach, folder)),
        SqliteJournalReader(journal),
        post,
        clock=SystemClock(),
        ids=Uuid7Ids(),
        chance=random.random,
        acknowledged=acknowledged,
    )
    if profile is not None:
        syncer.keep(profile)
    syncer.start()
    return syncer


def make_sender(
    reach: Reach, folder: Path, enrolment: Enrolment, epoch: str, uploads: Uploads
) -> EvidenceSender:
    """Photos and films, by a wire of their own."""
    who = Who(enrolment.station_id, epoch, enrolment.gen)
    return EvidenceSender(_wire(reach, folder), lambda: who, uploads)


def make_labels(reach: Reach, folder: Path, enrolment: Enrolment, epoch: str) -> ServerLabels:
    """Labels of services that exist online only."""
    who = Who(enrolment.station_id, epoch, enrolment.gen)
    return ServerLabels(_wire(reach, folder), who)
