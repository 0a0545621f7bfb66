"""What the server has not of a bench's photos and films, and when it may be sent.

A file moves once its fact is in the journal, not before: after a crash it is asked for, and told,
once more. A fact told twice says the same; one that was lost says nothing.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from packstation.bootstrap.photos import BenchShelf
from packstation.client.outgoing import Outgoing
from packstation.domain.evidence.rules import KEEP_DAYS
from packstation.station.filming import EvidenceMoved
from packstation.station.ports import Post
from packstation.storage.evidence_files import EvidenceFiles, kept_days


class BenchUploads:
    """`packstation.client.evidence.Uploads` over the shelf."""

    def __init__(self, shelf: BenchShelf, idle: Callable[[], bool], post: Post) -> None:
        """``idle`` is asked from the sender's thread."""
        self._shelf, self._post = shelf, post
        self.idle = idle
        self._told: set[EvidenceMoved] = set()
        self._settled: deque[EvidenceMoved] = deque()

    def waiting(self) -> tuple[Outgoing, ...]:
        """See ``Uploads``; a bench that never took one has no folder."""
        if not self._shelf.folder.is_dir():
            return ()
        with self._shelf.files() as files:
            self._settle(files)
            paths = files.waiting()
        rows = (
            Outgoing(path, path.name.partition(".")[0], kept_days(path) or KEEP_DAYS)
            for path in paths
        )
        return tuple(row for row in rows if EvidenceMoved(row.sha256) not in self._told)

    def sent(self, sha256: str) -> None:
        """See ``Uploads``."""
        self._tell(EvidenceMoved(sha256))

    def tidy(self) -> None:
        """See ``Uploads``."""
        if not self._shelf.folder.is_dir():
            return
        with self._shelf.files() as files:
            self._settle(files)
            over = files.over(time.time())
        for sha256 in over:
            self._tell(EvidenceMoved(sha256, gone=True))

    def settled(self, moved: EvidenceMoved) -> None:
        """Its fact is in the journal; from the window's thread, so the file moves later."""
        self._settled.append(moved)

    def _tell(self, moved: EvidenceMoved) -> None:
        if moved not in self._told:
            self._told.add(moved)
            self._post(moved)

    def _settle(self, files: EvidenceFiles) -> None:
        """Move what may move; OSError leaves it for the next turn."""
        while self._settled:
            moved = self._settled[0]
            if moved in self._told:
                (files.let_go if moved.gone else files.sent)(moved.sha256)
            self._told.discard(moved)
            self._settled.popleft()
