"""The recorder: a process of its own at the lowest priority, pictures in, films out.

``python -m packstation.devices.film`` and, in an installed program, ``packstation film-recorder``.
It reads `wire` messages from its input and ends with it: a bench that dies leaves a whole film.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from packstation.devices.film import wire
from packstation.devices.film.cutting import Cut, Ring, judged
from packstation.devices.film.mp4 import Sample
from packstation.devices.film.openh264 import Encoder
from packstation.devices.film.stamp import burn, stamp_text, strip_of
from packstation.devices.film.wire import Film, Terms, Told
from packstation.domain.errors import DeviceFaulty

if TYPE_CHECKING:
    from packstation.devices.camera.pixels import Pixels

_LOWEST = 19


class Recorder:
    """Everything between the two pipes."""

    def __init__(self, terms: Terms, told: BinaryIO) -> None:
        self._terms, self._told = terms, told
        self._ring = Ring(terms.before_s)
        self._encoder: Encoder | None = None
        self._size = (0, 0)
        self._cut: Cut | None = None
        self._begun: Film | None = None
        self._words = ""

    def run(self, pipe: BinaryIO) -> None:
        """Until the pipe ends."""
        try:
            self._make((320, 240))
        except DeviceFaulty as exc:
            self._tell(Told("trouble", cause=str(exc.fields["fault"]), detail=_detail(exc)))
            return
        self._tell(Told("ready", detail=_name(self._encoder)))
        while (got := wire.read(pipe)) is not None:
            self._take(*got)
        self._end()

    def _take(self, kind: bytes, payload: bytes) -> None:
        if kind == wire.FRAME:
            self._picture(payload)
            return
        film = msgspec.json.decode(payload, type=Film)
        if kind == wire.BEGIN:
            self._end()
            self._begun, self._words = film, film.words
        elif kind == wire.WORDS:
            self._words = film.words
        elif kind == wire.END:
            self._end()
        elif kind == wire.SALVAGE:
            self._tell(judged(film))

    def _picture(self, payload: bytes) -> None:
        import numpy as np

        ms, width, height = wire.PICTURE.unpack_from(payload)
        whole = np.frombuffer(bytearray(payload), np.uint8)[wire.PICTURE.size :]
        if (width, height) != self._size:
            self._make((width, height))
        strip = strip_of(width, stamp_text(ms, self._words))
        pixels: Pixels = np.ascontiguousarray(whole)
        burn(pixels, self._size, strip)
        assert self._encoder is not None  # noqa: S101 - made for this size
        coded = self._encoder.encode(pixels, ms)
        if coded.nals:
            sample = Sample(ms, coded.key, coded.nals)
            self._keep(sample)

    def _keep(self, sample: Sample) -> None:
        """Into the ring, and into the film where one is on."""
        try:
            if self._begun is not None and self._cut is None:
                self._cut = Cut(self._begun, self._size, 1000 // self._terms.fps)
                for one in self._ring:
                    self._cut.put(one)
            if self._cut is not None:
                self._cut.put(sample)
        except OSError as exc:
            self._fail(exc)
        self._ring.put(sample)

    def _fail(self, exc: OSError) -> None:
        """A disk that refuses: what was written is kept, its end is missing."""
        cut, self._cut, self._begun = self._cut, None, None
        if cut is not None:
            cut.drop()
            told = judged(cut.film, cut.begun_ms)
            if told.kind == "kept":
                self._tell(told)
            self._tell(Told("missed", cut.film.token, cause="video.disk", detail=str(exc)))

    def _end(self) -> None:
        film, cut = self._begun, self._cut
        self._begun, self._cut, self._words = None, None, ""
        if cut is None:
            if film is not None:
                self._tell(Told("missed", film.token, cause="video.no_picture"))
            return
        try:
            self._tell(cut.end())
        except OSError as exc:
            self._cut = cut
            self._fail(exc)

    def _make(self, size: tuple[int, int]) -> None:
        """An encoder for pictures of another size: a film that is on ends here."""
        if self._cut is not None:
            self._end()
        if self._encoder is not None:
            self._encoder.close()
        self._ring.clear()
        terms = self._terms
        self._encoder = Encoder(size, terms.fps, terms.kbit, terms.library)
        self._size = size

    def _tell(self, told: Told) -> None:
        with contextlib.suppress(OSError):
            self._told.write(msgspec.json.encode(told) + b"\n")
            self._told.flush()


def _name(encoder: Encoder | None) -> str:
    version = ".".join(map(str, encoder.version)) if encoder else ""
    return f"OpenH264 {version}"


def _detail(exc: DeviceFaulty) -> str:
    return str(exc.fields.get("detail", ""))


def main(terms: str) -> int:
    """Film until the input ends; ``terms`` is `Terms` as JSON."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_LOWEST)
    Recorder(msgspec.json.decode(terms, type=Terms), sys.stdout.buffer).run(sys.stdin.buffer)
    return 0
