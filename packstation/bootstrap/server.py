"""How an enrolled bench reaches its server: three wires, made after the first paint.

HTTP and cryptography take longer to import than Qt, and nothing of a first scan needs them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from packstation.bootstrap.late import Late
from packstation.bootstrap.station import Connect, Sender, Server
from packstation.bootstrap.uploads import BenchUploads
from packstation.client.enrolment import Enrolment, ca_of
from packstation.domain.bench_profile import Profile
from packstation.station.claim_ports import ClaimsAsked
from packstation.station.ports import LabelSource, Post, Sync
from packstation.storage.store import FILE, Store


class LateSync:
    """``station.ports.Sync`` that comes up in a thread of its own; what is asked before waits."""

    def __init__(self, make: Callable[[], Sync]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._sync: Sync | None = None
        self._asked: list[Callable[[Sync], None]] = []
        self._closed = False
        self._thread = threading.Thread(target=self._come_up, name="sync-start", daemon=True)

    def begin(self) -> None:
        """Make the syncer now."""
        self._thread.start()

    def join(self, seconds: float) -> None:
        """Wait until it is up."""
        self._thread.join(seconds)

    def _come_up(self) -> None:
        made = self._make()
        with self._lock:
            if self._closed:
                made.close()
                return
            self._sync = made
            for ask in self._asked:
                ask(made)
            self._asked.clear()

    def _ask(self, ask: Callable[[Sync], None]) -> None:
        with self._lock:
            if self._sync is None:
                self._asked.append(ask)
            else:
                ask(self._sync)

    def wake(self, *, urgent: bool = False) -> None:
        """See ``Sync.wake``."""
        self._ask(lambda sync: sync.wake(urgent=urgent))

    def want_numbers(self, carrier: str, service: str, count: int, after: str = "") -> None:
        """See ``Sync.want_numbers``."""
        self._ask(lambda sync: sync.want_numbers(carrier, service, count, after))

    def claims(self, asked: ClaimsAsked) -> None:
        """See ``Sync.claims``."""
        self._ask(lambda sync: sync.claims(asked))

    def report(self, status: Mapping[str, object]) -> None:
        """See ``Sync.report``."""
        self._ask(lambda sync: sync.report(status))

    def close(self) -> None:
        """Stop the syncer, or keep it from coming up."""
        with self._lock:
            self._closed = True
            sync, self._sync = self._sync, None
        if sync is not None:
            sync.close()


class ClosableLabels(LabelSource, Protocol):
    """A label source that holds a connection."""

    def file(self, sha256: str) -> bytes:
        """A file of the server by its hash; raises PackstationError."""

    def close(self) -> None:
        """End it, and the call under way with it."""


class LateLabels:
    """``station.ports.LabelSource``, made by the first label that is asked for online."""

    def __init__(self, make: Callable[[], ClosableLabels]) -> None:
        self._late = Late(make)

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._late.made is not None:
            self._late.made.close()

    def issue(self, key: str, request: Mapping[str, object]) -> tuple[str, str]:
        """See ``LabelSource.issue``."""
        return self._late.get().issue(key, request)

    def find(self, key: str) -> tuple[str, str] | None:
        """See ``LabelSource.find``."""
        return self._late.get().find(key)

    def void(self, key: str) -> None:
        """See ``LabelSource.void``."""
        self._late.get().void(key)

    def checkpoint(self, order: str, fence: int, rev: int) -> str:
        """See ``LabelSource.checkpoint``."""
        return self._late.get().checkpoint(order, fence, rev)

    def file(self, sha256: str) -> bytes:
        """See ``ClosableLabels.file``."""
        return self._late.get().file(sha256)


class LateSender:
    """Photos and films on their way to the server; HTTP is imported in a thread of its own."""

    def __init__(self, make: Callable[[], Sender]) -> None:
        self._late = Late(make)
        self._closed = False
        self._thread = threading.Thread(target=self._begin, name="evidence-start", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def _begin(self) -> None:
        made = self._late.get()
        if not self._closed:
            made.start()

    def close(self) -> None:
        """Stop, or keep it from coming up."""
        self._closed = True
        if self._thread.ident is not None:
            self._thread.join()
        if self._late.made is not None:
            self._late.made.close()


def _sender(
    reach: tuple[str, str, str],
    folder: Path,
    enrolment: Enrolment,
    epoch: str,
    uploads: BenchUploads,
) -> Sender:
    from packstation.bootstrap.wires import make_sender

    return make_sender(reach, folder, enrolment, epoch, uploads)


def connect_to(
    enrolment: Enrolment,
    folder: Path,
    *,
    ca_file: str = "",
    proxy: str = "",
    profile: Profile | None = None,
) -> Connect:
    """The syncer and the label source of an enrolment kept in ``folder``."""

    def connect(store: Store, post: Post) -> Server:
        acknowledged, epoch = store.events.acknowledged(), store.events.head().epoch
        trusted = ca_file or ca_of(folder)

        def syncer() -> Sync:
            from packstation.bootstrap.wires import make_syncer

            access = (enrolment.server_url, trusted, proxy)
            return make_syncer(access, folder, folder / FILE, post, acknowledged, profile)

        def make_late() -> ClosableLabels:
            from packstation.bootstrap.wires import make_labels

            return make_labels((enrolment.server_url, trusted, proxy), folder, enrolment, epoch)

        sync = LateSync(syncer)
        labels = LateLabels(make_late)

        def sender(uploads: BenchUploads) -> LateSender:
            reach = (enrolment.server_url, trusted, proxy)
            return LateSender(lambda: _sender(reach, folder, enrolment, epoch, uploads))

        return Server(sync, labels, sync.begin, labels.close, sender, labels.file)

    return connect
