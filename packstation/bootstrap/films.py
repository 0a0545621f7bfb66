"""Films of the bench's camera onto its disk: the recorder's process and what it leaves behind.

A film being written lies in ``evidence/filming`` beside a note of what it is of: one that an end of
the program has torn is saved, and recorded for its parcel, at the next start. What became of a film
is noted before it leaves that folder, until its fact is in the journal.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

import msgspec
from msgspec.structs import replace

from packstation.bootstrap.photos import BenchShelf
from packstation.devices.film.wire import Film, Terms, Told
from packstation.devices.film.worker import FilmTiming, FilmWorker
from packstation.domain.evidence import VideoRule
from packstation.first_use import met
from packstation.station.filming import FilmMade, FilmStood, Reel, Take
from packstation.station.frames import FramePort
from packstation.station.ports import Post
from packstation.storage.evidence_files import short_of

if TYPE_CHECKING:
    from packstation.devices.camera.pixels import Pixels

log = logging.getLogger(__name__)

FILMING: Final = "filming"
_NOTE: Final = ".json"
_MADE: Final = ".made"


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
        # Films that a worker of this program has: one that is leaving may write them still.
        self._handed: set[str] = set()
        self._told_again = False

    def cameras(self) -> tuple[str, ...]:
        """See ``Filmer``."""
        return tuple(self._cameras)

    def switch(self, *, on: bool) -> None:
        """See ``Filmer``; a recorder that ends has a thread of its own to end in."""
        worker, self.worker = self.worker, None
        if worker is not None:
            worker.leave()
        if not self._told_again:
            self._told_again = True
            self._unrecorded()
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
            self._handed.add(reel.token)
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

    def recorded(self, done: FilmMade) -> None:
        """See ``Filmer``."""
        if done.take is not None:
            self._forget(done.take.sha256)

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
            if note.stem in self._handed:
                continue
            self._handed.add(note.stem)
            films = sorted(self._folder.glob(f"{note.stem}-*.mp4"))
            for film in films:
                worker.salvage(Film(note.stem, str(film)))
            if not films:
                note.unlink(missing_ok=True)

    def _unrecorded(self) -> None:
        """Films that were taken in, and their program ended before the fact was in the journal."""
        for note in sorted(self._folder.glob(f"*{_MADE}")):
            try:
                done = msgspec.json.decode(note.read_bytes(), type=met(FilmMade))
            except (OSError, msgspec.DecodeError):
                log.warning("not a note of a film: %s", note.name, exc_info=True)
                continue
            if self._taken_in(note.stem) or not any(self._folder.glob(f"{done.reel.token}-*.mp4")):
                self._post(replace(done, again=True))

    def _taken_in(self, sha256: str) -> bool:
        try:
            with self._shelf.files() as files:
                return files.path(sha256) is not None
        except OSError:
            return False

    def _remember(self, done: FilmMade) -> None:
        """On the disk before the film moves; raises OSError."""
        assert done.take is not None  # noqa: S101 - only what is kept is noted
        note = self._folder / f"{done.take.sha256}{_MADE}"
        torn = note.with_suffix(".part")
        with torn.open("wb") as file:
            file.write(msgspec.json.encode(done))
            file.flush()
            os.fsync(file.fileno())
        torn.replace(note)

    def _forget(self, sha256: str) -> None:
        try:
            (self._folder / f"{sha256}{_MADE}").unlink(missing_ok=True)
        except OSError:
            log.warning("a note of a film stays", exc_info=True)

    # --- from the recorder's threads --------------------------------------------------------

    def _told(self, told: Told) -> None:
        if told.kind in {"ready", "trouble"}:
            self._post(FilmStood(told.cause))
            return
        if told.cause in {"video.died", "video.stuck", "video.no_encoder"}:
            self._post(FilmStood(told.cause))
        try:
            reel = msgspec.json.decode(self._note(told.token).read_bytes(), type=met(Reel))
        except (OSError, msgspec.DecodeError):
            log.warning("a film of nothing: %s", told.path)
            return
        self._post(self._made(reel, told))

    def _made(self, reel: Reel, told: Told) -> FilmMade:
        if told.kind != "kept":
            return FilmMade(reel, cause=told.cause)
        take = Take(
            sha256=told.sha256,
            bytes=told.bytes,
            begun_ms=told.begun_ms,
            length_ms=told.length_ms,
            frames=told.frames,
            lost=told.lost,
        )
        try:
            return self._taken(FilmMade(reel, take), take, told)
        except OSError:
            log.warning("a film is not taken in", exc_info=True)
            return FilmMade(reel, cause="video.disk")

    def _taken(self, done: FilmMade, take: Take, told: Told) -> FilmMade:
        """Onto the shelf, noted before; raises OSError."""
        self._remember(done)
        try:
            with self._shelf.files() as files:
                kept = files.adopt(Path(told.path), told.sha256, f".{done.reel.keep_days}.mp4")
        except OSError:
            self._forget(told.sha256)
            raise
        if not kept.dropped:
            return done
        gone = tuple((one.sha256, one.sent) for one in kept.dropped)
        done = replace(done, take=replace(take, dropped=gone))
        with contextlib.suppress(OSError):  # it is noted already, without what made room
            self._remember(done)
        return done
