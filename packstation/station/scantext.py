"""A scan's text as all sources deliver it: serial scanner, keyboard wedge, camera.

Rules of reference/devices.md sections 2.4 and 2.6: an AIM prefix ``]cm`` is split off,
control characters are dropped except GS (0x1D, between GS1 fields), 512 characters are
the most, and the same code again at once is the same scan.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

LONGEST: Final = 512
CUT_MARK: Final = "…"
REPEAT_NS: Final = 400_000_000
_AIM: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_CONTROLS: Final = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if code != 0x1D}


class ScanText(NamedTuple):
    """A cleaned scan; ``error`` is "too_long" or "torn" for one that is no whole code."""

    text: str
    aim: str = ""
    error: str = ""


def clean(typed: str, error: str = "") -> ScanText:
    """The text of a scan and its AIM identifier.

    Text with an ``error``, or longer than `LONGEST`, is cut and ends in "…", which no kind
    of code may contain: it can only be shown as an unknown scan.
    """
    text, aim = typed.translate(_CONTROLS), ""
    if found := _AIM.match(text):
        aim, text = found[0], text[found.end() :]
    if len(text) > LONGEST:
        error = error or "too_long"
    if text and error:
        text = text[: LONGEST - 1] + CUT_MARK
    return ScanText(text, aim, error)


class Repeats:
    """Tells a trigger held down from a second scan, for one scanner.

    The same text again within ``window_ns`` of the last time is the same scan.
    """

    def __init__(self, window_ns: int = REPEAT_NS) -> None:
        self._window_ns = window_ns
        self._last: tuple[str, str] | None = None
        self._last_ns = 0

    def fresh(self, scan: ScanText, now_ns: int) -> bool:
        """Whether this is a scan of its own."""
        same = self._last == (scan.text, scan.aim)
        repeated = same and now_ns - self._last_ns < self._window_ns
        self._last, self._last_ns = (scan.text, scan.aim), now_ns
        return not repeated
