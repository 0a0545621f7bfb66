"""A picture that does not read at once: rungs in the order of what they bring for their time.

The first rung is zxing-cpp at its cheapest: the bench's formats, no turning, shrinking or
inverting. What it finds is read again close up, which is the second pass that every code needs.
Only a picture without a code that counts climbs on: all of zxing-cpp, zbar, then repairs.
`RUNGS` says what each repair does; what it brought is in docs/benchmarks.md, "camera".
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from packstation.devices.camera import pixels
from packstation.devices.camera.engines import BENCH_FORMATS, zbar, zxing
from packstation.domain.reading import (
    CodeRead,
    Member,
    ReadingRules,
    Soundness,
    agreed,
    anything,
    box,
    soundness,
)

if TYPE_CHECKING:
    from packstation.devices.camera.pixels import Area, Pixels, View

Prepare = Callable[["Pixels", float], "View"]


class Rung(Struct, frozen=True):
    """One pass: what is prepared and how, who reads it, and whether that repairs the picture.

    ``prepare(part, lean)`` gets a part of a grey picture and how far the bars in it lean;
    ``close`` rungs take the places full of edges (`pixels.areas`), others all of the picture.
    """

    name: str
    prepare: Prepare
    engine: str = "zxing"
    repaired: bool = True
    close: bool = True
    formats: tuple[str, ...] = ()
    thorough: bool = True


def _as_it_is(part: Pixels, _: float) -> View:
    return pixels.plain(part)


def _twice(part: Pixels, _: float) -> View:
    return pixels.scaled(part, 2.0)


def _upright(part: Pixels, lean: float) -> View:
    return pixels.turned(part, lean)


def _upright_large(part: Pixels, lean: float) -> View:
    large = pixels.scaled(part, 3.0)
    return pixels.through(large, pixels.turned(large.pixels, lean))


def _light_on_dark(part: Pixels, _: float) -> View:
    return pixels.inverted(part)


def _unspeckled(part: Pixels, _: float) -> View:
    return pixels.median(part)


def _stretched(part: Pixels, _: float) -> View:
    bright = pixels.stretched(part)
    return pixels.scaled(bright.pixels, 2.0)


QUICK: Final = Rung(
    "quick", _as_it_is, repaired=False, close=False, formats=BENCH_FORMATS, thorough=False
)
RUNGS: Final = (
    Rung("all", _as_it_is, repaired=False, close=False),
    Rung("x2", _twice),
    Rung("upright", _upright, "zbar"),
    Rung("inverted", _light_on_dark),
    Rung("median", _unspeckled, "zbar"),
    Rung("upright x3", _upright_large),
    Rung("stretched", _stretched),
)


class CodeReader:
    """The ladder; one camera thread owns it."""

    def __init__(
        self, rungs: Sequence[Rung] = RUNGS, rules: ReadingRules | None = None, *, places: int = 3
    ) -> None:
        """``places`` is how many parts of a picture the close rungs look at."""
        self._rungs = rungs
        self._rules = rules or ReadingRules()
        self._places = places

    def read(
        self,
        image: Pixels,
        member: Member = anything,
        *,
        spare_s: float = float("inf"),
        clock: Callable[[], float] = time.perf_counter,
    ) -> tuple[CodeRead, ...]:
        """Climb until a code counts (`packstation.domain.reading.agreed`); every pass's reads.

        No further rung is begun ``spare_s`` after the first: a picture that needs more comes
        again as the next frame. ``image`` is grey or colour (blue first), 8 bits a channel.
        """
        until = clock() + spare_s
        grey = pixels.grey(image)
        reads: list[CodeRead] = []
        for rung, found in self._climb(grey):
            reads += found
            reads += self._again(rung, grey, found, member)
            if agreed(reads, member, self._rules) or clock() >= until:
                break
        return tuple(reads)

    def _climb(self, grey: Pixels) -> Iterator[tuple[Rung, list[CodeRead]]]:
        yield QUICK, pass_over(QUICK, grey, ())
        places: list[Area] | None = None
        for rung in self._rungs:
            if rung.close and places is None:
                places = pixels.areas(grey, self._places)
            yield rung, pass_over(rung, grey, places or ())

    def _again(
        self, rung: Rung, grey: Pixels, found: Sequence[CodeRead], member: Member
    ) -> list[CodeRead]:
        """What was found is read once more, close up: the second pass that a code needs."""
        reads: list[CodeRead] = []
        for read in found:
            if soundness(read, self._rules) is not Soundness.WRONG and member(read):
                place = [place_of(read)]
                once_more = pass_over(_closer(rung, "zxing"), grey, place)
                if rung.repaired and not once_more:
                    once_more = pass_over(_closer(rung, "zbar"), grey, place)
                reads += once_more
        return reads


def _closer(rung: Rung, engine: str) -> Rung:
    """The same preparation on a place of its own, half as large again."""

    def prepare(part: Pixels, lean: float) -> View:
        first = rung.prepare(part, lean)
        return pixels.through(first, pixels.scaled(first.pixels, 1.5))

    return Rung(
        f"{rung.name} again",
        prepare,
        engine,
        repaired=rung.repaired,
        formats=BENCH_FORMATS if engine == "zxing" and not rung.thorough else (),
        thorough=rung.thorough,
    )


def pass_over(rung: Rung, grey: Pixels, places: Sequence[Area]) -> list[CodeRead]:
    """One rung on a grey picture, or on the ``places`` of it."""
    if not rung.close:
        return _decode(rung, rung.prepare(grey, 0.0))
    reads: list[CodeRead] = []
    for place in places:
        part = pixels.cut(grey, place.box)
        if part.pixels.size:
            reads += _decode(rung, pixels.through(part, rung.prepare(part.pixels, place.lean)))
    return reads


def _decode(rung: Rung, view: View) -> list[CodeRead]:
    if rung.engine == "zbar":
        return zbar(view, rung.name, repaired=rung.repaired)
    return zxing(
        view,
        rung.name,
        repaired=rung.repaired,
        formats=rung.formats,
        thorough=rung.thorough,
    )


def place_of(read: CodeRead) -> Area:
    """The place of a code with room for its quiet zone and for bars found as a line."""
    left, top, right, bottom = box(read.corners)
    side = max(right - left, bottom - top)
    room = max(12, side // 6)
    (x0, y0), (x1, y1) = read.corners[0], read.corners[1]
    lean = math.degrees(math.atan2(y1 - y0, x1 - x0)) if read.engine == "zxing" else 0.0
    return pixels.Area((left - room, top - room, right + room, bottom + room), lean)
