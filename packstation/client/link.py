"""A bench's whole connection to its server, put together: syncer and labels."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from packstation.client.enrol import Enrolment, ca_of
from packstation.client.keys import key_of
from packstation.client.labels import ServerLabels
from packstation.client.syncer import Start, Syncer
from packstation.client.wire import Access, Who, Wire, open_http
from packstation.station.ports import Clock, Ids, Post
from packstation.station.sync import JournalReader


@dataclass(frozen=True, slots=True)
class Link:
    """``sync`` runs after ``sync.start()``; ``labels`` is for the background pool."""

    sync: Syncer
    labels: ServerLabels

    def close(self) -> None:
        """Stop the threads and close the connections."""
        self.sync.close()
        self.labels.close()


@dataclass(frozen=True, slots=True)
class Bench:
    """What the link works with: data folder, clock, ids, where happenings go."""

    folder: Path
    clock: Clock
    ids: Ids
    post: Post


def access_of(enrolment: Enrolment, folder: Path, *, ca_file: str = "", proxy: str = "") -> Access:
    """How the enrolled server is reached; a ``ca_file`` of the settings beats the server's own."""
    return Access(enrolment.server_url, ca_file or ca_of(folder), proxy)


def open_link(
    bench: Bench, enrolment: Enrolment, access: Access, reader: JournalReader, start: Start
) -> Link:
    """Wire up an enrolled bench; nothing is sent before ``link.sync.start()``.

    Raises:
        SettingsError: the address, proxy or CA file cannot be used.
        StorageError: the station's key cannot be read.
    """
    key, clock = key_of(bench.folder), bench.clock

    def wire() -> Wire:
        return Wire(open_http(access), key, clock)

    syncer = Syncer(
        (wire(), wire()),
        reader,
        bench.post,
        clock=clock,
        ids=bench.ids,
        chance=random.SystemRandom().random,
        start=start,
    )
    return Link(syncer, ServerLabels(wire(), Who(enrolment.station_id)))
