"""The conversation with a HID-POS scanner: reports in, codes out, commands as output reports."""

from __future__ import annotations

import errno

from packstation.devices.hid import HidPort
from packstation.devices.hid_scanner import (
    HONEYWELL_LAYOUT,
    HidScan,
    HidScanReader,
    layout_for,
    maker_of,
    wrapped,
)
from packstation.devices.link import Line
from packstation.devices.ports import PortRefused
from packstation.devices.scanners import ACTIONS, Orders, ScannerTiming, ScanVoice, decode_text
from packstation.station.ports import CodeScanned
from packstation.station.scantext import clean


def hid_orders(vid: int) -> Orders:
    """What a vendor's scanner does on command, each as the report that carries it."""
    maker = maker_of(vid)
    if maker is None or not maker.wrap:
        return Orders({})
    return Orders({name: wrapped(maker, code) for name, code in ACTIONS["honeywell"].items()})


def decode_hid_scan(scan: HidScan, *, source: str, at_ns: int, encoding: str) -> CodeScanned:
    """What was scanned. The AIM identifier comes beside the data, so none is looked for in it."""
    found = clean(decode_text(scan.data, encoding), scan.error)
    text, aim = found.text, found.aim
    if scan.aim and aim != scan.aim:
        text, aim = found.aim + found.text, scan.aim
    return CodeScanned(text, aim, source, scan.data, at_ns, found.error)


class HidScanner:
    """Reads the layout when the device is opened, then reports codes."""

    def __init__(
        self,
        vid: int,
        timing: ScannerTiming | None = None,
        *,
        encoding: str = "auto",
    ) -> None:
        self._vid = vid
        self._timing = timing or ScannerTiming()
        self._encoding = encoding
        self.orders = hid_orders(vid)
        self._voice = ScanVoice(self._timing.again_s)
        self._reader = HidScanReader(HONEYWELL_LAYOUT)

    def opened(self, port: HidPort) -> None:
        """Read where things lie in this device's reports, and make it send some.

        Raises `PortRefused` for a device that neither tells its layout nor is known.
        """
        layout = layout_for(port.descriptor(), self._vid)
        if layout is None:
            number, vid = errno.EINVAL, f"{self._vid:04X}"
            raise PortRefused(number, "no layout", vid, cause="scanner.no_layout")
        maker = maker_of(self._vid)
        if maker is not None and maker.begin:
            port.feature(maker.begin)
        self._reader = HidScanReader(layout)

    def converse(self, line: Line) -> None:
        """Report codes until the line is closed or lost."""
        line.reporter.well()
        try:
            while line.alive():
                self.orders.send(line)
                self._hear(line)
        finally:
            self._report(line, self._reader.flush())

    def _hear(self, line: Line) -> None:
        reader = self._reader
        patience = self._timing.torn_s if reader.pending else self._timing.rest_s
        report = line.receive(patience)
        self._report(line, reader.feed(report) if report else reader.flush())

    def _report(self, line: Line, scans: list[HidScan]) -> None:
        now = line.reporter.mono_ns()
        for scan in scans:
            if not scan.reply:
                code = decode_hid_scan(
                    scan, source=line.reporter.device, at_ns=now, encoding=self._encoding
                )
                self._voice.report(line, code)
