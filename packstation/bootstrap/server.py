"""How an enrolled bench reaches its server: three wires, each with its own connection."""

from __future__ import annotations

import random
from pathlib import Path

from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.bootstrap.station import Connect, Server
from packstation.client.enrol import Enrolment, ca_of
from packstation.client.keys import key_of
from packstation.client.labels import ServerLabels
from packstation.client.syncer import Syncer
from packstation.client.wire import Access, Who, Wire, open_http
from packstation.station.ports import Post
from packstation.storage.journal import SqliteJournalReader
from packstation.storage.store import FILE, Store


def connect_to(
    enrolment: Enrolment, folder: Path, *, ca_file: str = "", proxy: str = ""
) -> Connect:
    """The syncer and the label source of an enrolment kept in ``folder``."""

    def connect(store: Store, post: Post) -> Server:
        clock = SystemClock()

        def wire() -> Wire:
            http = open_http(Access(enrolment.server_url, ca_file or ca_of(folder), proxy))
            return Wire(http, key_of(folder), clock)

        syncer = Syncer(
            (wire(), wire()),
            SqliteJournalReader(folder / FILE),
            post,
            clock=clock,
            ids=Uuid7Ids(),
            chance=random.random,
            acknowledged=store.events.acknowledged(),
        )
        syncer.start()
        head = store.events.head()
        who = Who(enrolment.station_id, head.epoch, enrolment.gen)
        return Server(syncer, ServerLabels(wire(), who))

    return connect
