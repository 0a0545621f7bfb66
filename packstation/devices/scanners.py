"""Serial and USB-CDC barcode scanners (reference/devices.md sections 2.2, 2.4 and 2.6).

Decoding tries UTF-8, then GB18030, then latin-1; the raw bytes are kept. An AIM
prefix ``]cm`` is split off. Control characters are dropped except GS (0x1D), which
separates GS1 fields: some codes carry others to type commands into the host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from packstation.devices.framing import EndFramer, Frame, line_framer
from packstation.devices.link import Line
from packstation.station.ports import CodeScanned

LONGEST: Final = 512
CUT_MARK: Final = "…"
_AIM: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_CONTROLS: Final = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if code != 0x1D}


@dataclass(frozen=True, slots=True)
class ScannerTiming:
    """Seconds: silence that ends a code, silence that tears one, the same code again.

    ``idle_s`` holds for a scanner that has never sent a line end; one that has
    gets ``torn_s`` to finish a code, which is then reported as torn.
    """

    idle_s: float = 0.1
    torn_s: float = 0.5
    again_s: float = 0.4
    rest_s: float = 60.0


def decode_text(raw: bytes) -> str:
    """Text of a scanner's bytes by the first encoding that fits."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def decode_scan(frame: Frame, *, source: str, at_ns: int, error: str = "") -> CodeScanned | None:
    """What was scanned; None for a frame without a code in it.

    A frame that is too long or torn keeps its ``error`` and its first characters, and ends
    in "…", which no kind of code may contain: it can only be shown as an unknown scan.
    """
    error = error or frame.error
    text = decode_text(frame.data).translate(_CONTROLS)
    aim = ""
    if found := _AIM.match(text):
        aim, text = found[0], text[found.end() :]
    if not text:
        return None
    if error or len(text) > LONGEST:
        error = error or "too_long"
        text = text[: LONGEST - 1] + CUT_MARK
    return CodeScanned(text, aim, source, frame.data, at_ns, error)


class Repeats:
    """Tells a trigger held down from a second scan, for one scanner.

    The same text again within ``window_s`` of the last time is the same scan.
    """

    def __init__(self, window_s: float) -> None:
        self._window_ns = int(window_s * 1e9)
        self._last: tuple[str, str] | None = None
        self._last_ns = 0

    def fresh(self, text: str, aim: str, now_ns: int) -> bool:
        """Whether this is a scan of its own."""
        repeated = self._last == (text, aim) and now_ns - self._last_ns < self._window_ns
        self._last, self._last_ns = (text, aim), now_ns
        return not repeated


class SerialScanner:
    """The conversation with a scanner that sends codes as lines; it only listens."""

    def __init__(self, timing: ScannerTiming | None = None) -> None:
        self._timing = timing or ScannerTiming()
        self._repeats = Repeats(self._timing.again_s)

    def converse(self, line: Line) -> None:
        """Report codes until the line is closed or lost; what a loss tore is reported as torn."""
        framer = line_framer(LONGEST)
        line.reporter.well()
        try:
            while line.alive():
                self._hear(line, framer)
        finally:
            if torn := framer.flush():
                self._report(line, torn, "torn")

    def _hear(self, line: Line, framer: EndFramer) -> None:
        chunk = line.receive(self._patience(framer))
        for frame in framer.feed(chunk):
            self._report(line, frame)
        if not chunk:
            self._silence(line, framer)

    def _patience(self, framer: EndFramer) -> float:
        if not framer.pending:
            return self._timing.rest_s
        return self._timing.torn_s if framer.ended else self._timing.idle_s

    def _silence(self, line: Line, framer: EndFramer) -> None:
        error = "torn" if framer.ended else ""
        frame = framer.flush()
        if frame is not None:
            self._report(line, frame, error)

    def _report(self, line: Line, frame: Frame, error: str = "") -> None:
        now = line.reporter.mono_ns()
        scan = decode_scan(frame, source=line.reporter.device, at_ns=now, error=error)
        if scan is not None and self._repeats.fresh(scan.text, scan.aim, now):
            line.reporter.post(scan)
