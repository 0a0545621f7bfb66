"""Barcode scanners on a serial or USB-CDC line (reference/devices.md sections 2.2, 2.4, 2.6).

Decoding tries UTF-8, then GB18030, then latin-1, unless the device's row names one of them;
the raw bytes are kept. What else is done to the text stands in
`packstation.station.scantext`.
"""

from __future__ import annotations

import collections
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.devices.framing import EndFramer, Frame, line_framer
from packstation.devices.link import Line, Link, Linked
from packstation.devices.probes import PROBED_S, is_modem_probe
from packstation.station.ports import CodeScanned
from packstation.station.scantext import LONGEST, Repeats, ScanText, clean

ENCODINGS: Final = ("auto", "utf-8", "gb18030", "latin-1")
_TRIED: Final = ("utf-8", "gb18030")
_COMMAND_S: Final = 1.0

# What a scanner does on command, by maker (reference section 2.2). Only Honeywell's have a
# source; other makers' scanners are not sent anything.
ACTIONS: Final[Mapping[str, Mapping[str, bytes]]] = MappingProxyType(
    {
        "": MappingProxyType({}),
        "honeywell": MappingProxyType(
            {
                "trigger": b"\x16\x54\x0d",
                "release": b"\x16\x55\x0d",
                "beep": b"\x16\x07\x0d",
            }
        ),
    }
)


class ScannerTiming(Struct, frozen=True):
    """Seconds: silence that ends a code, silence that tears one, the same code again.

    ``idle_s`` holds for a scanner that has never sent a line end; one that has
    gets ``torn_s`` to finish a code, which is then reported as torn.
    """

    idle_s: float = 0.1
    torn_s: float = 0.5
    again_s: float = 0.4
    rest_s: float = 60.0

    def replayed(self, speed: float) -> ScannerTiming:
        """Of a recording that is played so many times as fast."""
        rest = {name: getattr(self, name) / speed for name in ("idle_s", "torn_s", "again_s")}
        return replace(self, **rest)


def decode_text(raw: bytes, encoding: str = "auto") -> str:
    """Text of a scanner's bytes by ``encoding``, or by the first of all that fits."""
    for name in _TRIED if encoding == "auto" else (encoding,):
        try:
            return raw.decode(name)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def decode_scan(
    frame: Frame, *, source: str, at_ns: int, error: str = "", encoding: str = "auto"
) -> CodeScanned:
    """What was scanned; the text is empty for a frame without a code in it."""
    scan = clean(decode_text(frame.data, encoding), error or frame.error)
    return CodeScanned(scan.text, scan.aim, source, frame.data, at_ns, scan.error)


class Orders:
    """Commands on their way to a scanner: asked for from any thread, sent by its own."""

    def __init__(self, actions: Mapping[str, bytes]) -> None:
        self.actions = actions
        self._waiting: collections.deque[bytes] = collections.deque(maxlen=8)

    def ask(self, action: str) -> bool:
        """Queue it; False where this scanner knows no such command."""
        if action not in self.actions:
            return False
        self._waiting.append(self.actions[action])
        return True

    def send(self, line: Line) -> None:
        """Send what waits."""
        while self._waiting:
            line.command(self._waiting.popleft(), _COMMAND_S)


class ScanVoice:
    """What every scanner's conversation does with a code: once, and never an empty one."""

    def __init__(self, again_s: float) -> None:
        self._repeats = Repeats(int(again_s * 1e9))

    def report(self, line: Line, scan: CodeScanned) -> None:
        """Post it, unless it is the same scan again."""
        text = ScanText(scan.text, scan.aim, scan.error)
        if scan.text and self._repeats.fresh(text, scan.received_ns):
            line.reporter.post(scan)


class SerialScanner:
    """The conversation with a scanner that sends codes as lines."""

    def __init__(
        self,
        timing: ScannerTiming | None = None,
        *,
        encoding: str = "auto",
        orders: Orders | None = None,
    ) -> None:
        self._timing = timing or ScannerTiming()
        self._encoding = encoding
        self.orders = orders or Orders({})
        self._voice = ScanVoice(self._timing.again_s)

    def converse(self, line: Line) -> None:
        """Report codes until the line is closed or lost; what a loss tore is reported as torn."""
        framer = line_framer(LONGEST)
        line.reporter.well()
        try:
            while line.alive():
                self.orders.send(line)
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
        if line.age() < PROBED_S and is_modem_probe(frame.data):
            return
        now, source = line.reporter.mono_ns(), line.reporter.device
        scan = decode_scan(frame, source=source, at_ns=now, error=error, encoding=self._encoding)
        self._voice.report(line, scan)


class Scanner(Linked):
    """An open scanner: `packstation.station.ports.ScannerHand`; close it once."""

    def __init__(self, link: Link, orders: Orders) -> None:
        super().__init__(link)
        self._orders = orders

    @property
    def actions(self) -> tuple[str, ...]:
        """What it does on command: trigger, release, beep, or nothing."""
        return tuple(self._orders.actions)

    def do(self, action: str) -> bool:
        """Make it trigger or beep; False where it knows no such command."""
        asked = self._orders.ask(action)
        self._link.wake()
        return asked
