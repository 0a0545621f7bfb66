"""Serial and USB-CDC barcode scanners (reference/devices.md sections 2.2, 2.4 and 2.6).

Decoding tries UTF-8, then GB18030, then latin-1; the raw bytes are kept. What else is
done to the text stands in `packstation.station.scantext`.
"""

from __future__ import annotations

from msgspec import Struct

from packstation.devices.framing import EndFramer, Frame, line_framer
from packstation.devices.link import Line
from packstation.station.ports import CodeScanned
from packstation.station.scantext import LONGEST, Repeats, ScanText, clean


class ScannerTiming(Struct, frozen=True):
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


def decode_scan(frame: Frame, *, source: str, at_ns: int, error: str = "") -> CodeScanned:
    """What was scanned; the text is empty for a frame without a code in it."""
    scan = clean(decode_text(frame.data), error or frame.error)
    return CodeScanned(scan.text, scan.aim, source, frame.data, at_ns, scan.error)


class SerialScanner:
    """The conversation with a scanner that sends codes as lines; it only listens."""

    def __init__(self, timing: ScannerTiming | None = None) -> None:
        self._timing = timing or ScannerTiming()
        self._repeats = Repeats(int(self._timing.again_s * 1e9))

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
        text = ScanText(scan.text, scan.aim, scan.error)
        if scan.text and self._repeats.fresh(text, now):
            line.reporter.post(scan)
