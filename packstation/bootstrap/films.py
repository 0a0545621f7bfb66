"""Films of the bench's camera onto its disk: the recorder's process and what it leaves behind.

A film being written lies in ``evidence/filming`` beside a note of what it is of: one that an end of
the program has torn is saved, and recorded for its parcel, at the next start.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

import msgspec

from packstation.bootstrap.photos import BenchShelf
from packstation.devices.film.wire import Film, Terms, Told
from packstation.devices.film.worker import FilmTiming, FilmWorker
from packstation.domain.evidence import VideoRule
from packstation.station.filming import FilmMade, FilmStood, Reel, Take
from packstation.station.frames import FramePort
from packstation.station.ports import Post
from packstation.storage.evidence_files import short_of

if TYPE_CHECKING:
    from packstation.devices.camera.pixels import Pixels

log = logging.getLogger(__name__)

FILMING: Final = "filming"
_NOTE: Final = ".json"


@runtime_checkable
class Whole(Protocol):
    """A camera that hands out its whole newest picture."""

    def whole(self) -> tuple[Pixels, int] | None:
        """Pixels and their monotonic nanoseconds."""


class BenchFilmer:
    """`packstation.station.filming.Filmer`."""

    def __init__(
        self,
        shelf: BenchShelf,
        cameras: Mapping[str, FramePort],
        rule: VideoRule | None,
        post: Post,
        timing: FilmTiming | None = None,
    ) -> None:
        """``cameras`` are those that are open, whenever they are asked for."""
        self._shelf, self._cameras, self._post, self._timing = shelf, cameras, post, timing
        rule = rule or VideoRule()
        self._terms = Terms(rule.fps, rule.kbit, rule.before_s, rule.library)
        self._folder = shelf.folder / FILMING
        self.worker: FilmWorker | None = None

    def cameras(self) -> tuple[str, ...]:
        """See ``Filmer``."""
        return tuple(self._cameras)

    def switch(self, *, on: bool) -> None:
        """See ``Filmer``; a recorder that ends has a thread of its own to end in."""
        worker, self.worker = self.worker, None
        if worker is not None:
            worker.leave()
        if on:
            self.worker = FilmWorker(self._newest, self._told, self._terms, self._timing)
            self._left_over(self.worker)
            self.worker.start()

    def close(self) -> None:
        """The program ends: the film that is on is finished."""
        if self.worker is not None:
            self.worker.close()

    def begin(self, reel: Reel) -> None:
        """See ``Filmer``."""
        if self.worker is None:
            return
        if self._has_room_for(reel):
            self.worker.begin(self._film(reel))
        else:
            self._post(FilmMade(reel, cause="video.disk"))

    def _has_room_for(self, reel: Reel) -> bool:
        """Whether the disk takes a film; what it is of is noted there."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not short_of(self._folder):
                self._note(reel.token).write_bytes(msgspec.json.encode(reel))
                return True
            log.warning("no room for a film")
        except OSError:
            log.warning("no room for a film", exc_info=True)
        return False

    def words(self, reel: Reel) -> None:
        """See ``Filmer``."""
        if self.worker is not None:
            self.worker.words(self._film(reel))

    def end(self, reel: Reel) -> None:
        """See ``Filmer``."""
        if self.worker is not None:
            self.worker.end(self._film(reel))

    def look(self) -> None:
        """See ``Filmer``."""
        if self.worker is not None:
            self.worker.look()

    def _newest(self) -> tuple[Pixels, int] | None:
        port: object = next(iter(self._cameras.values()), None)
        return port.whole() if isinstance(port, Whole) else None

    def _film(self, reel: Reel) -> Film:
        return Film(reel.token, str(self._folder / reel.token), reel.words)

    def _note(self, token: str) -> Path:
        return self._folder / f"{token}{_NOTE}"

    def _left_over(self, worker: FilmWorker) -> None:
        """Films that an end of the program has torn; notes whose films are all taken in go."""
        for note in sorted(self._folder.glob(f"*{_NOTE}")):
            films = sorted(self._folder.glob(f"{note.stem}-*.mp4"))
            for film in films:
                worker.salvage(Film(note.stem, str(film)))
            if not films:
                note.unlink(missing_ok=True)

    # --- from the recorder's threads --------------------------------------------------------

    def _told(self, told: Told) -> None:
        if told.kind in {"ready", "trouble"}:
            self._post(FilmStood(told.cause))
            return
        if told.cause in {"video.died", "video.stuck", "video.no_encoder"}:
            self._post(FilmStood(told.cause))
        try:
            reel = msgspec.json.decode(self._note(told.token).read_bytes(), type=Reel)
        except (OSError, msgspec.DecodeError):
            log.warning("a film of nothing: %s", told.path)
            return
        self._post(self._made(reel, told))

    def _made(self, reel: Reel, told: Told) -> FilmMade:
        if told.kind != "kept":
            return FilmMade(reel, cause=told.cause)
        try:
            with self._shelf.files() as files:
                kept = files.adopt(Path(told.path), told.sha256, f".{reel.keep_days}.mp4")
        except OSError:
            log.warning("a film is not taken in", exc_info=True)
            return FilmMade(reel, cause="video.disk")
        take = Take(
            sha256=kept.sha256,
            bytes=kept.bytes,
            begun_ms=told.begun_ms,
            length_ms=told.length_ms,
            frames=told.frames,
            lost=told.lost,
            dropped=tuple((one.sha256, one.sent) for one in kept.dropped),
        )
        return FilmMade(reel, take)
