"""Films cut out of a stream of coded pictures: the seconds before are there when one begins."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from packstation.devices.film import mp4
from packstation.devices.film.mp4 import Sample
from packstation.devices.film.wire import Film, Told

_CHUNK: Final = 1 << 20


class Ring:
    """The coded pictures of the last seconds; it begins with a key picture always."""

    def __init__(self, before_s: int) -> None:
        self._before_ms = before_s * 1000
        self._groups: list[list[Sample]] = []

    def put(self, sample: Sample) -> None:
        """The newest picture; what is older than need be goes."""
        if sample.key:
            self._groups.append([])
        if not self._groups:
            return
        self._groups[-1].append(sample)
        while len(self._groups) > 1 and self._groups[1][0].ms <= sample.ms - self._before_ms:
            del self._groups[0]

    def __iter__(self) -> Iterator[Sample]:
        """Oldest first."""
        return (sample for group in self._groups for sample in group)

    def clear(self) -> None:
        """The stream was broken off: pictures of another size are to come."""
        self._groups.clear()


class Cut:
    """A film being written, a fragment a group of pictures; every call may raise OSError."""

    def __init__(self, film: Film, size: tuple[int, int], gap_ms: int) -> None:
        self.film = film
        self._size, self._gap_ms = size, gap_ms
        self._file: BinaryIO | None = None
        self._group: list[Sample] = []
        self._head: tuple[bytes, ...] = ()
        self._number = self.begun_ms = self._last_ms = self._lost = 0

    def put(self, sample: Sample) -> None:
        """The next picture; a film begins with a key picture."""
        if sample.key and self._group:
            self._flush(sample.ms)
        if not self._group and not sample.key:
            return
        if self._file is None:
            self._begin(sample)
        self._lost += max(0, round((sample.ms - (self._last_ms or sample.ms)) / self._gap_ms) - 1)
        self._last_ms = sample.ms
        self._group.append(sample)

    def _begin(self, sample: Sample) -> None:
        self._file = Path(self.film.path).open("w+b")  # noqa: SIM115 - open until the film ends
        self._head, self.begun_ms = sample.nals, sample.ms
        self._file.write(mp4.head(self._size, sample.nals))

    def _flush(self, until_ms: int) -> None:
        assert self._file is not None  # noqa: S101 - a group has begun a file
        self._number += 1
        self._file.write(mp4.fragment(self._number, self.begun_ms, self._group, until_ms))
        self._file.flush()
        self._group = []

    def end(self) -> Told:
        """Close the file; what came of it."""
        if self._file is None:
            return Told("missed", self.film.token, cause="video.no_picture")
        if self._group:
            self._flush(self._last_ms + self._gap_ms)
        self._file.seek(0)
        length = self._last_ms + self._gap_ms - self.begun_ms
        self._file.write(mp4.head(self._size, self._head, length))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return judged(self.film, self.begun_ms, self._lost)

    def drop(self) -> None:
        """The disk refuses: let the file go as it is."""
        if self._file is not None:
            self._file.close()


def judged(film: Film, begun_ms: int = 0, lost: int = 0) -> Told:
    """A film's file, cut off where it is torn, with its hash; missed where nothing is sound."""
    path = Path(film.path)
    try:
        sound = mp4.whole(path.read_bytes())
        if not sound.frames:
            path.unlink()
            return Told("missed", film.token, cause="video.no_picture")
        os.truncate(path, sound.bytes)
        return Told(
            kind="kept",
            token=film.token,
            path=film.path,
            sha256=_digest(path),
            bytes=sound.bytes,
            begun_ms=begun_ms,
            length_ms=sound.ms,
            frames=sound.frames,
            lost=lost,
        )
    except OSError as exc:
        return Told("missed", film.token, cause="video.disk", detail=str(exc))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
