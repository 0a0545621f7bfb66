"""What came out of a bench's simulated printers, with the waybill that each label carries."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from packstation.devices.sim.labels import waybill_of
from packstation.devices.sim.printers.press import LabelPrinterSim
from packstation.station.ports import PrintedPaper


class Tray:
    """Reads each label once; one that is a picture takes a tenth of a second. Thread-safe."""

    def __init__(self, printers: Mapping[str, LabelPrinterSim]) -> None:
        self._printers = printers
        self._read = dict.fromkeys(printers, 0)
        self._papers: tuple[PrintedPaper, ...] = ()
        self._guard = threading.Lock()
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="sim-tray")
        self._reading: Future[object] | None = None

    def papers(self) -> tuple[PrintedPaper, ...]:
        """All that came out; waits until the last is read."""
        with self._guard:
            for name, printer in self._printers.items():
                for number in range(self._read[name] + 1, printer.printed + 1):
                    self._take(name, printer, number)
            return self._papers

    def glance(self) -> tuple[PrintedPaper, ...]:
        """What is read already; the rest follows in the background."""
        idle = self._reading is None or self._reading.done()
        if idle and any(self._read[name] < p.printed for name, p in self._printers.items()):
            self._reading = self._reader.submit(self.papers)
        return self._papers

    def close(self) -> None:
        """Stop reading."""
        self._reader.shutdown(wait=True, cancel_futures=True)

    def _take(self, name: str, printer: LabelPrinterSim, number: int) -> None:
        payload = printer.label(number)
        paper = PrintedPaper(number, payload, waybill_of(payload), printer.suffix, name)
        self._papers = (*self._papers, paper)
        self._read[name] = number
