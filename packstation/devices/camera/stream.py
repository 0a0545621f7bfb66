"""Reading a stream: what is known is read where it was, the rest of the picture now and then.

A picture in which all known codes are read in their places costs a few small decodings; every
third one, and each where a known code is missed, is read whole. One repair a picture takes its
turn on what does not read at once, so that no picture holds the next one up for long; the second
pass that a code needs is the next picture.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from packstation.devices.camera import pixels
from packstation.devices.camera.ladder import QUICK, RUNGS, Rung, pass_over, place_of
from packstation.domain.reading import CodeRead, overlap

if TYPE_CHECKING:
    from packstation.devices.camera.pixels import Area, Pixels

WHOLE_EVERY: Final = 3
REPAIR_EVERY: Final = 2
KNOWN: Final = Rung(
    "known", lambda part, _: pixels.plain(part), repaired=False, formats=QUICK.formats
)

_BY_NAME: Final = {rung.name: replace(rung, close=True) for rung in RUNGS}


class StreamReader:
    """Reads the pictures of one camera, one after the other."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._known: list[CodeRead] = []
        self._turn = 0
        self._whole = 0

    def read(self, image: Pixels, frame: int, *, spare_s: float) -> tuple[CodeRead, ...]:
        """Every code of one picture once; corners in its pixels, ``frame`` its number."""
        begun = self._clock()
        grey = pixels.grey(image)
        reads = self._at_known_places(grey)
        self._whole += 1
        if len(reads) < len(self._known) or self._whole >= WHOLE_EVERY or not reads:
            self._whole = 0
            reads = _added(reads, pass_over(QUICK, grey, ()))
        missed = [k for k in self._known if not any(overlap(k, r) for r in reads)]
        if (missed or frame % REPAIR_EVERY == 0) and self._clock() - begun < spare_s:
            reads = _added(reads, self._repair(grey, reads))
        self._known = reads
        return tuple(replace(read, frame=frame) for read in reads)

    def _at_known_places(self, grey: Pixels) -> list[CodeRead]:
        reads: list[CodeRead] = []
        for read in self._known:
            # What a repair found is found by the same repair again: that is its second picture.
            rung = _BY_NAME.get(read.step, KNOWN)
            reads = _added(reads, pass_over(rung, grey, [place_of(read)]))
        return reads

    def _repair(self, grey: Pixels, reads: list[CodeRead]) -> list[CodeRead]:
        """The next rung on places full of edges that nothing was read from."""
        rung = RUNGS[self._turn % len(RUNGS)]
        self._turn += 1
        places = [area for area in pixels.areas(grey, 6) if not any(_in(area, r) for r in reads)]
        if not places:
            return []
        return pass_over(replace(rung, close=True), grey, places[:2])


def _in(area: Area, read: CodeRead) -> bool:
    x, y = read.centre
    left, top, right, bottom = area.box
    return left <= x <= right and top <= y <= bottom


def _added(reads: list[CodeRead], more: list[CodeRead]) -> list[CodeRead]:
    """Both, each code at each place once."""
    known = list(reads)
    for read in more:
        if not any(read.key == one.key and overlap(read, one) for one in known):
            known.append(read)
    return known
