"""What the server has not of a bench's photos and films, and when it may be sent."""

from __future__ import annotations

import time
from collections.abc import Callable

from packstation.bootstrap.photos import BenchShelf
from packstation.client.outgoing import Outgoing
from packstation.domain.evidence.rules import KEEP_DAYS
from packstation.station.filming import EvidenceMoved
from packstation.station.ports import Post
from packstation.storage.evidence_files import kept_days


class BenchUploads:
    """`packstation.client.evidence.Uploads` over the shelf."""

    def __init__(self, shelf: BenchShelf, idle: Callable[[], bool], post: Post) -> None:
        """``idle`` is asked from the sender's thread."""
        self._shelf, self._post = shelf, post
        self.idle = idle

    def waiting(self) -> tuple[Outgoing, ...]:
        """See ``Uploads``; a bench that never took one has no folder."""
        if not self._shelf.folder.is_dir():
            return ()
        with self._shelf.files() as files:
            paths = files.waiting()
        return tuple(
            Outgoing(path, path.name.partition(".")[0], kept_days(path) or KEEP_DAYS)
            for path in paths
        )

    def sent(self, sha256: str) -> None:
        """See ``Uploads``."""
        with self._shelf.files() as files:
            files.sent(sha256)
        self._post(EvidenceMoved(sha256))

    def tidy(self) -> None:
        """See ``Uploads``."""
        if not self._shelf.folder.is_dir():
            return
        with self._shelf.files() as files:
            gone = files.let_go(time.time())
        for one in gone:
            self._post(EvidenceMoved(one.sha256, gone=True))
