"""One look: what lies before the camera over successive pictures, and how many of each.

Equal codes at different places are different things; one that moves a little, or is covered for
a while, stays the same thing. A thing is sure once two pictures (or two passes) agree on it and no
other text was read at its place. How many of a code lie there is what was seen sure in one and
the same picture: things that are seen by turns may be one that was moved, and counting one twice
costs more than asking for a scan.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.reading import (
    CodeRead,
    Corners,
    ReadingRules,
    Soundness,
    box,
    overlap,
    soundness,
)

_MS: Final = 1_000_000


class LookRules(Struct, frozen=True):
    """``covered_ms``: how long a thing that is not seen is remembered at its place.

    ``rival_ms``: how long another text at a place speaks against what is read there now: a
    misread comes back at once, a thing that was swapped for another does not.
    ``reach``: how far it may move between two pictures, in shares of its own longer side.
    """

    reading: ReadingRules = ReadingRules()
    covered_ms: int = 1500
    rival_ms: int = 400
    reach: float = 0.8


class Track(Struct, frozen=True):
    """A thing on the mat. ``passes`` agree on its text; ``against`` it speak others there."""

    id: int
    read: CodeRead
    passes: int
    seen_ns: int
    frame: int
    plain: bool = False
    against: int = 0
    barred: bool = False

    def sure(self, rules: LookRules) -> bool:
        """Whether it may count; ``barred`` ones were taken back by a hand."""
        guarded = soundness(self.read, rules.reading) is Soundness.CHECKED
        enough = self.passes >= rules.reading.agree and 2 * self.against < self.passes
        return enough and (guarded or self.plain) and not self.barred


class Look(Struct, frozen=True):
    """Everything remembered; ``frame`` is the last picture's number."""

    tracks: tuple[Track, ...] = ()
    frame: int = 0
    made: int = 0


def observe(
    look: Look,
    reads: Sequence[CodeRead],
    frame: int,
    mono_ns: int,
    rules: LookRules | None = None,
) -> Look:
    """The look after one more picture; ``reads`` are all its passes."""
    rules = rules or LookRules()
    tracks = {t.id: t for t in look.tracks if mono_ns - t.seen_ns <= rules.covered_ms * _MS}
    made, claimed = look.made, set[int]()
    sound = [r for r in reads if soundness(r, rules.reading) is not Soundness.WRONG]
    for group in _things(sound):
        found = _nearest(group[0], [t for t in tracks.values() if t.id not in claimed], rules)
        made += found is None
        track = _seen(found, group, made, frame, mono_ns)
        tracks[track.id] = track
        claimed.add(track.id)
    fresh = [t for t in tracks.values() if mono_ns - t.seen_ns <= rules.rival_ms * _MS]
    against = {t.id: _against(t, fresh) for t in tracks.values()}
    judged = tuple(replace(t, against=against[t.id]) for t in tracks.values())
    return Look(judged, frame, made)


def _things(reads: Sequence[CodeRead]) -> list[list[CodeRead]]:
    """Reads of one picture by code and place."""
    things: list[list[CodeRead]] = []
    for read in reads:
        home = next((t for t in things if t[0].key == read.key and overlap(t[0], read)), None)
        if home is None:
            things.append([read])
        else:
            home.append(read)
    return things


def _nearest(read: CodeRead, tracks: Sequence[Track], rules: LookRules) -> Track | None:
    """The thing of this code that lies within reach, the nearest first."""
    reach = rules.reach * _side(read.corners)
    near = [
        (far, track)
        for track in tracks
        if track.read.key == read.key and (far := _far(track.read, read)) <= reach
    ]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def _side(corners: Corners) -> int:
    if not corners:
        return 0
    left, top, right, bottom = box(corners)
    return max(right - left, bottom - top)


def _far(one: CodeRead, other: CodeRead) -> float:
    (x0, y0), (x1, y1) = one.centre, other.centre
    return math.hypot(x1 - x0, y1 - y0)


def _seen(found: Track | None, group: Sequence[CodeRead], new: int, frame: int, ns: int) -> Track:
    passes = len({(read.engine, read.step) for read in group})
    plain = any(not read.repaired for read in group)
    if found is None:
        return Track(new, group[0], passes, ns, frame, plain)
    return replace(
        found,
        read=group[0],
        passes=found.passes + passes,
        seen_ns=ns,
        frame=frame,
        plain=found.plain or plain,
    )


def _against(track: Track, tracks: Iterable[Track]) -> int:
    others = (t for t in tracks if t.id != track.id)
    rivals = [t for t in others if t.read.key != track.read.key and overlap(t.read, track.read)]
    return max((rival.passes for rival in rivals), default=0)


def together(look: Look, rules: LookRules | None = None) -> tuple[Track, ...]:
    """The sure things of the last picture alone."""
    rules = rules or LookRules()
    return tuple(t for t in look.tracks if t.frame == look.frame and t.sure(rules))


def take_back(look: Look, keys: frozenset[str]) -> Look:
    """Things of these codes do not count again until they have been away: a hand undid them."""
    return replace(
        look,
        tracks=tuple(replace(t, barred=True) if t.read.key in keys else t for t in look.tracks),
    )
