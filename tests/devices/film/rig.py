"""A stage for films: pictures that move, a recorder's own process, and what it tells."""

from __future__ import annotations

import itertools
import queue
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packstation.devices.film.stamp import stamp_text, strip_of
from packstation.devices.film.wire import Told

if TYPE_CHECKING:
    from packstation.devices.camera.pixels import Pixels

SIZE = (320, 240)
WAIT_S = 30.0


def moving(count: int, size: tuple[int, int] = SIZE) -> Pixels:
    """A grey square on its way over a soft ground."""
    width, height = size
    ground = np.linspace(60, 120, width, dtype=np.uint8)
    picture = np.repeat(np.tile(ground, (height, 1))[:, :, None], 3, axis=2)
    left = 7 * count % (width - 40)
    picture[height // 2 : height // 2 + 40, left : left + 40] = 220
    return picture


@dataclass
class Scene:
    """A camera's newest picture; ``away`` is a camera that was unplugged."""

    size: tuple[int, int] = SIZE
    away: bool = False
    counter: itertools.count[int] = field(default_factory=itertools.count)

    def __call__(self) -> tuple[Pixels, int] | None:
        if self.away:
            return None
        return moving(next(self.counter), self.size), time.monotonic_ns()


@dataclass
class Ear:
    """What was told, in order."""

    heard: queue.Queue[Told] = field(default_factory=queue.Queue)

    def __call__(self, told: Told) -> None:
        self.heard.put(told)

    def next(self, kind: str) -> Told:
        """The next of a kind; others before it are passed over."""
        until = time.monotonic() + WAIT_S
        while True:
            told = self.heard.get(timeout=max(0.1, until - time.monotonic()))
            if told.kind == kind:
                return told


@dataclass
class Shown:
    """A film as a player has it."""

    codec: bytes
    times_ms: list[float]
    pictures: list[Pixels]


def shown(path: Path) -> Shown:
    """Decode every picture with FFmpeg's own decoder, in OpenCV."""
    film = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    assert film.isOpened()
    codec = int(film.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little")
    found = Shown(codec, [], [])
    while True:
        taken, picture = film.read()
        if not taken:
            return found
        found.times_ms.append(film.get(cv2.CAP_PROP_POS_MSEC))
        found.pictures.append(np.asarray(picture, np.uint8))


def reads(picture: Pixels, ms: int, words: str) -> float:
    """How well the burnt-in strip is the one of this text: 1.0 is the same."""
    wanted = strip_of(picture.shape[1], stamp_text(ms, words)).astype(float)
    found = cv2.cvtColor(picture[: wanted.shape[0]], cv2.COLOR_BGR2GRAY).astype(float)
    return float(np.corrcoef(wanted.ravel(), found.ravel())[0, 1])
