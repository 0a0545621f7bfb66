"""What a camera read, and when it counts: check digits, agreeing passes, membership.

A picture is read again and again, in parts and repaired, and some of those passes see what is not
there (reference/libraries.md section 2: fragments of ITF, a Code 128 changed by sharpening). So a
text counts only where all of this holds: it is sound (`soundness`), two passes agree on it
(`ReadingRules.agree`), no other text was read at its place as well, and it is one of those that
are expected now. A text that came from repaired pictures alone needs a check digit besides.
What does not count is no refusal: a camera sees much that nobody has shown to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from packstation.domain.barcodes import Unknown, expand_upce, parse_code
from packstation.domain.gs1 import check_problem

Point = tuple[int, int]
Corners = tuple[Point, ...]


class CodeRead(Struct, frozen=True):
    """One code as one pass saw it.

    ``aim`` is the AIM identifier ("]E0") or "" where the engine gives none; ``format`` one of
    `CHECKS`; ``corners`` four points of the whole picture in pixels, clockwise from the code's own
    top left; ``step`` names the pass, ``repaired`` tells that it changed the picture, ``frame``
    counts pictures of a stream.
    """

    text: str
    aim: str
    format: str
    corners: Corners
    engine: str
    step: str
    repaired: bool = False
    frame: int = 0

    @property
    def key(self) -> str:
        """What makes two reads the same code: GTIN-14 of retail codes, else the text."""
        if CHECKS.get(self.format) is not Check.MOD10:
            return self.text
        expanded = expand_upce(self.text) if self.format == "upce" and len(self.text) == 8 else ""
        return (expanded or self.text).zfill(14)

    @property
    def centre(self) -> Point:
        """The middle of the corners."""
        count = max(1, len(self.corners))
        return sum(x for x, _ in self.corners) // count, sum(y for _, y in self.corners) // count


class Check(StrEnum):
    """What guards a symbol's text."""

    MOD10 = "mod10"  # a check digit in the text
    SYMBOL = "symbol"  # check characters or error correction, judged by the decoder
    LENGTH = "length"  # ITF: 14 digits with a check digit, or a length that is set
    NONE = "none"


CHECKS: Final[Mapping[str, Check]] = {
    "ean13": Check.MOD10,
    "ean8": Check.MOD10,
    "upca": Check.MOD10,
    "upce": Check.MOD10,
    "itf": Check.LENGTH,
    "code128": Check.SYMBOL,
    "code93": Check.SYMBOL,
    "databar": Check.SYMBOL,
    "qr": Check.SYMBOL,
    "datamatrix": Check.SYMBOL,
    "pdf417": Check.SYMBOL,
    "aztec": Check.SYMBOL,
    "maxicode": Check.SYMBOL,
    "code39": Check.NONE,
    "codabar": Check.NONE,
}
_RETAIL: Final = frozenset({8, 12, 13, 14})
_ITF14: Final = 14
# A text that a scanner may not send either.
_HOSTILE: Final = frozenset({"too_long", "control", "empty"})
_GS1_AIMS: Final = frozenset({"]C1", "]d2", "]Q3", "]e0", "]e1", "]e2"})


class ReadingRules(Struct, frozen=True):
    """``agree`` passes make a code; ``itf_lengths`` are lengths of ITF besides 14 that count."""

    agree: int = 2
    itf_lengths: frozenset[int] = frozenset()


class Soundness(StrEnum):
    """How far a text proves itself."""

    CHECKED = "checked"
    UNCHECKED = "unchecked"
    WRONG = "wrong"


def soundness(read: CodeRead, rules: ReadingRules | None = None) -> Soundness:
    """Whether the text is guarded by a check that holds, by none, or is wrong."""
    found = parse_code(read.text, read.aim)
    refused = found.reason if isinstance(found, Unknown) else ""
    if refused in _HOSTILE or (refused == "gs1" and read.aim in _GS1_AIMS):
        return Soundness.WRONG
    match CHECKS.get(read.format, Check.NONE):
        case Check.MOD10:
            return _retail(read)
        case Check.LENGTH:
            return _itf(read.text, rules or ReadingRules())
        case Check.SYMBOL:
            return Soundness.CHECKED
    return Soundness.UNCHECKED


def _retail(read: CodeRead) -> Soundness:
    text = read.text
    if not (text.isascii() and text.isdigit()) or len(text) not in _RETAIL:
        return Soundness.WRONG
    return Soundness.WRONG if check_problem(read.key) else Soundness.CHECKED


def _itf(text: str, rules: ReadingRules) -> Soundness:
    if not (text.isascii() and text.isdigit()):
        return Soundness.WRONG
    if len(text) == _ITF14:
        return Soundness.WRONG if check_problem(text) else Soundness.CHECKED
    return Soundness.UNCHECKED if len(text) in rules.itf_lengths else Soundness.WRONG


Member = Callable[[CodeRead], bool]


def expected_texts(texts: Collection[str]) -> Member:
    """Membership in a set of texts; retail numbers also by their GTIN-14."""
    wanted = frozenset(texts) | {t.zfill(14) for t in texts if t.isdigit() and len(t) in _RETAIL}
    return lambda read: read.text in wanted or read.key in wanted


def anything(_: CodeRead) -> bool:
    """No set to choose from: what the camera's page shows, never what counts."""
    return True


def agreed(
    reads: Iterable[CodeRead], member: Member, rules: ReadingRules | None = None
) -> tuple[CodeRead, ...]:
    """The codes that count, each as it was first read; equal ones at one place are one.

    ``reads`` are all passes over one picture, or over some frames of one scene.
    """
    rules = rules or ReadingRules()
    sound = [(read, soundness(read, rules)) for read in reads]
    groups = _groups([read for read, how in sound if how is not Soundness.WRONG])
    counting = [group for group in groups if _counts(group, member, rules)]
    return tuple(group[0] for group in counting if not _disputed(group, groups))


def _groups(reads: Sequence[CodeRead]) -> list[list[CodeRead]]:
    """Reads of one code at one place."""
    groups: list[list[CodeRead]] = []
    for read in reads:
        home = next((g for g in groups if g[0].key == read.key and overlap(g[0], read)), None)
        if home is None:
            groups.append([read])
        else:
            home.append(read)
    return groups


def _counts(group: Sequence[CodeRead], member: Member, rules: ReadingRules) -> bool:
    passes = {(read.frame, read.engine, read.step) for read in group}
    guarded = soundness(group[0], rules) is Soundness.CHECKED
    plain = any(not read.repaired for read in group)
    return len(passes) >= rules.agree and (guarded or plain) and member(group[0])


def _disputed(group: Sequence[CodeRead], groups: Sequence[Sequence[CodeRead]]) -> bool:
    """Whether passes that saw another text at this place are half as many or more."""
    return any(
        other[0].key != group[0].key
        and overlap(other[0], group[0])
        and 2 * len(other) >= len(group)
        for other in groups
    )


def box(corners: Corners) -> tuple[int, int, int, int]:
    """Left, top, right, bottom."""
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return min(across), min(down), max(across), max(down)


def overlap(one: CodeRead, other: CodeRead) -> bool:
    """Whether two reads lie at one place: the middle of one is within the other's sides.

    A linear code is found as a line that may be flat, so a box counts as at least a third as
    high as it is wide (and the other way round).
    """
    return _within(one.centre, other) or _within(other.centre, one)


def _within(point: Point, read: CodeRead) -> bool:
    if not read.corners:
        return False
    left, top, right, bottom = box(read.corners)
    wide, high = right - left, bottom - top
    across, down = max(0, high // 3 - wide) // 2, max(0, wide // 3 - high) // 2
    x, y = point
    return left - across <= x <= right + across and top - down <= y <= bottom + down
