r"""Scans from scanners that pose as keyboards: key events with times in, scans out.

Two ways, reference/devices.md section 2.1. A scanner that is set to send a *prefix* key
(F13, STX) frames its codes: everything up to Enter or Tab is a scan. Without a prefix
the *burst rule* decides: at least 4 characters, median gap at most 35 ms, no gap over
80 ms, and Enter or Tab at most 120 ms after the last. What does not fit the rule was
typed by a person and is given back, in order.

The window shows every key press to `Wedge.press` and calls `Wedge.tick` when
``deadline_ns`` has passed. No clock, no Qt.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.station.ports import CodeScanned
from packstation.station.scantext import LONGEST, Repeats, clean

_MS: Final = 1_000_000
_ENDS: Final = frozenset(("\r", "\n", "\r\n", "\t"))
# Keys that make no text and belong to the character after them.
_MODIFIERS: Final = frozenset(("Shift", "Control", "Alt", "AltGr", "Meta", "CapsLock"))
# A rule learned from a slow scanner never takes a fast typist for one.
_SLOWEST_MEDIAN_NS: Final = 120 * _MS
_SLOWEST_GAP_NS: Final = 300 * _MS
_TEST_GAP_NS: Final = 500 * _MS
# Without an end key more is asked of a burst: nobody types six keys within a fifth of a second.
_SILENT_SHORTEST: Final = 6


@dataclass(frozen=True, slots=True)
class Key:
    """A key press: its ``text`` ("" for keys that write nothing), ``name`` and time.

    ``repeat`` marks the auto-repeat of a key held down; ``native`` is the window's own event,
    which it gets back with the key.
    """

    text: str
    at_ns: int
    name: str = ""
    repeat: bool = False
    native: object = field(default=None, compare=False)

    @property
    def ends(self) -> bool:
        """Enter, Return or Tab."""
        return self.text in _ENDS or self.name in {"Enter", "Return", "Tab"}


class BurstRule(Struct, frozen=True):
    """What tells a scanner from a person.

    ``prefix`` is the name or text of the key that frames a code, "" where the scanner has
    none; a framed code that stalls for ``frame_ns`` is torn. ``frames`` are the prefixes of
    further devices with their ids, such as a badge reader. ``gs`` is what the scanner sends for
    GS where it cannot send 0x1D, such as "|" or "<GS>". ``silent``: the scanner ends its codes
    by nothing but silence.
    """

    shortest: int = 4
    median_ns: int = 35 * _MS
    gap_ns: int = 80 * _MS
    end_ns: int = 120 * _MS
    frame_ns: int = 500 * _MS
    prefix: str = ""
    gs: str = ""
    frames: tuple[tuple[str, str], ...] = ()
    silent: bool = False


class Scan(Struct, frozen=True):
    """A code came in; its keys are eaten."""

    code: CodeScanned


class GiveBack(Struct, frozen=True):
    """Keys held back that were no scan: hand them to the focused widget, in order."""

    keys: tuple[Key, ...]


Out = Scan | GiveBack


class Pressed(Struct, frozen=True):
    """``out`` comes first; then the key itself, unless it was ``eaten``.

    An eaten key may come back in a later `GiveBack`.
    """

    eaten: bool
    out: tuple[Out, ...] = ()


def _median(gaps: Sequence[int]) -> float:
    """The middle one; ``statistics`` would be 3 ms of every start."""
    ordered, half = sorted(gaps), len(gaps) // 2
    return ordered[half] if len(gaps) % 2 else (ordered[half - 1] + ordered[half]) / 2


class _Held(Struct):
    source: str
    keys: list[Key] = []
    framed: bool = False
    over: bool = False

    def gaps(self) -> list[int]:
        return _gaps(self.keys)

    def text(self) -> str:
        return "".join(key.text for key in self.keys)


def _gaps(keys: Sequence[Key]) -> list[int]:
    return [late.at_ns - soon.at_ns for soon, late in itertools.pairwise(keys)]


def fitted(rule: BurstRule, keys: Sequence[Key], *, ended: bool = True) -> BurstRule:
    """The rule widened so that a scanner that typed ``keys`` (end included) passes with room.

    It is never narrowed: a second, slower scanner may hang on the same computer. Keys that are
    not ``ended`` make it one that takes silence for an end.
    """
    gaps = _gaps(keys)
    if len(gaps) < 2:
        return rule
    *between, end = gaps if ended else (*gaps, 0)
    rule = replace(rule, silent=rule.silent or not ended)
    return replace(
        rule,
        median_ns=max(rule.median_ns, min(_SLOWEST_MEDIAN_NS, int(2 * _median(between)))),
        gap_ns=max(rule.gap_ns, min(_SLOWEST_GAP_NS, 2 * max(between))),
        end_ns=max(rule.end_ns, min(_SLOWEST_GAP_NS, 2 * end)),
    )


class Wedge:
    """The filter for one keyboard, or for all of them where keys do not tell whose they are."""

    def __init__(self, rule: BurstRule | None = None, *, source: str = "wedge") -> None:
        self.rule = rule or BurstRule()
        self._source = source
        self._held = _Held(source)
        self._repeats: dict[str, Repeats] = {}
        self._expected: tuple[str, ...] = ()
        self._last_ns = 0

    @property
    def sources(self) -> frozenset[str]:
        """The ids of the devices whose keys come through here."""
        return frozenset((self._source, *(source for _, source in self.rule.frames)))

    @property
    def deadline_ns(self) -> int | None:
        """When `tick` is due; None while nothing is held."""
        if not self._held.keys and not self._held.framed:
            return None
        return self._last_ns + self._patience_ns()

    def expect(self, *texts: str) -> None:
        """Learn from scans of the test card's ``texts``, however slow; none stops that."""
        self._expected = texts

    def press(self, key: Key) -> Pressed:
        """Take a key press; the window lets it through only where it is not eaten."""
        if key.name in _MODIFIERS:
            return Pressed(eaten=False)
        out = self.tick(key.at_ns)
        source = self._framing(key)
        if source is not None:
            return Pressed(eaten=True, out=(*out, *self._begin_frame(key, source)))
        if key.ends:
            return self._end(key, out)
        if not key.text or key.repeat:
            return Pressed(eaten=self._held.framed, out=(*out, *self._other()))
        return Pressed(eaten=True, out=(*out, *self._add(key)))

    def tick(self, now_ns: int) -> tuple[Out, ...]:
        """What the passing of time decides."""
        deadline = self.deadline_ns
        if deadline is None or now_ns <= deadline:
            return ()
        if self._held.framed or self._held.over:
            return self._tear()
        return self._silence() if self._ended_by_silence() else self._give_back()

    def _framing(self, key: Key) -> str | None:
        """Whose code the key begins, if any."""
        prefixes = ((self.rule.prefix, self._source), *self.rule.frames)
        found = (source for prefix, source in prefixes if prefix and prefix in {key.name, key.text})
        return next(found, None)

    def _patience_ns(self) -> int:
        if self._held.framed:
            return self.rule.frame_ns
        if self._expected:
            return _TEST_GAP_NS
        # Too short to be a code yet: only another character can come, no end.
        short = len(self._held.keys) < self.rule.shortest
        return self.rule.gap_ns if short else max(self.rule.gap_ns, self.rule.end_ns)

    def _begin_frame(self, key: Key, source: str) -> tuple[Out, ...]:
        out = self._tear() if self._held.framed else self._give_back()
        self._held = _Held(source, framed=True)
        self._last_ns = key.at_ns
        return out

    def _add(self, key: Key) -> tuple[Out, ...]:
        out = self._give_back() if self._stale(key) else ()
        held = self._held
        self._last_ns = key.at_ns
        if len(held.keys) > LONGEST:
            held.over = True
        else:
            held.keys.append(key)
        return out

    def _stale(self, key: Key) -> bool:
        """Whether a character comes too late to belong to the burst so far."""
        held = self._held
        if held.framed or self._expected or not held.keys:
            return False
        return key.at_ns - self._last_ns > self.rule.gap_ns

    def _end(self, key: Key, out: tuple[Out, ...]) -> Pressed:
        held = self._held
        if held.framed or held.over or self._is_burst(key):
            self._learn(key)
            error = "too_long" if held.over else ""
            return Pressed(eaten=True, out=(*out, *self._scan(key.at_ns, error)))
        return Pressed(eaten=False, out=(*out, *self._give_back()))

    def _is_burst(self, end: Key) -> bool:
        ends = end.at_ns - self._last_ns <= self.rule.end_ns
        return self._printed() or (ends and self._is_quick())

    def _is_quick(self) -> bool:
        held, rule = self._held, self.rule
        gaps = held.gaps()
        return (
            len(held.keys) >= max(2, rule.shortest)
            and _median(gaps) <= rule.median_ns
            and max(gaps) <= rule.gap_ns
        )

    def _printed(self) -> bool:
        """Whether what is held is a code of the test card, as it is printed."""
        return bool(self._expected) and self._held.text() in self._expected

    def _card_like(self) -> bool:
        """Another layout changes a code's letters and not their number."""
        held = self._held
        if not self._expected or held.framed or len(held.keys) < 2:
            return False
        alike = len(held.text()) in {len(text) for text in self._expected}
        return self._printed() or (alike and _median(held.gaps()) <= _SLOWEST_MEDIAN_NS)

    def _ended_by_silence(self) -> bool:
        quick = self.rule.silent and len(self._held.keys) >= _SILENT_SHORTEST and self._is_quick()
        return quick or self._card_like()

    def _silence(self) -> tuple[Out, ...]:
        if self._card_like():
            self.rule = fitted(self.rule, self._held.keys, ended=False)
        return self._scan(self._last_ns, "", "silence")

    def _learn(self, end: Key) -> None:
        if self._card_like():
            self.rule = fitted(self.rule, [*self._held.keys, end])

    def _other(self) -> tuple[Out, ...]:
        """An arrow or function key: a person is at the keyboard, unless a frame is open."""
        return () if self._held.framed else self._give_back()

    def _give_back(self) -> tuple[Out, ...]:
        held, self._held = self._held, _Held(self._source)
        return (GiveBack(tuple(held.keys)),) if held.keys else ()

    def _tear(self) -> tuple[Out, ...]:
        return self._scan(self._last_ns, "too_long" if self._held.over else "torn")

    def _scan(self, at_ns: int, error: str, ended: str = "") -> tuple[Out, ...]:
        held, self._held = self._held, _Held(self._source)
        typed = held.text()
        if self.rule.gs:
            typed = typed.replace(self.rule.gs, "\x1d")
        scan = clean(typed, error)
        repeats = self._repeats.setdefault(held.source, Repeats())
        if not scan.text or not repeats.fresh(scan, at_ns):
            return ()
        raw = typed.encode("utf-8", "surrogatepass")
        code = CodeScanned(scan.text, scan.aim, held.source, raw, at_ns, scan.error, ended)
        return (Scan(code),)
