"""A hall of benches that share a printer."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
from packstation.devices.opened import OpenBench
from packstation.devices.printers.shared import SharedPrinter
from packstation.devices.printers.timing import PrinterTiming
from packstation.devices.sim.faces import TcpFace
from packstation.devices.sim.printer import ZplPrinterSim
from packstation.station.ports import (
    Printer,
    PrinterQueue,
    PrintJob,
    PrintProgress,
)
from tests.devices.rigs import LINK, Recorder, chance

TIMINGS = DeviceTimings(
    link=LINK,
    printer=PrinterTiming(settle_s=0.02, watch_s=0.05, count_s=0.3, give_up_s=3.0, write_s=1.0),
)
KEY = b"a key that both benches hold"


def zpl(text: str) -> bytes:
    return f"^XA^FD{text}^FS^XZ".encode()


def job(name: str) -> PrintJob:
    return PrintJob(name, "label", zpl(name), "zpl")


class Hall:
    """A printer at bench A, and benches that borrow it."""

    def __init__(self, folder: Path) -> None:
        self.open = ExitStack()
        self.folder = folder
        self.key = folder / "key"
        self.key.write_bytes(KEY + b"\n")
        self.sim = ZplPrinterSim(TcpFace(), chance(), folder / "printed", print_s=0.02)
        self.open.callback(self.sim.close)
        self.said: dict[str, Recorder] = {}
        self.owner = self._owner()

    def _owner(self) -> OpenBench:
        settings = {
            "share_port": 0,
            "share_host": "127.0.0.1",
            "share_benches": ["B", "C"],
            "share_key_file": str(self.key),
        }
        return self._bench("A", DeviceConfig("label", "zpl", self.sim.address, settings=settings))

    def _bench(self, bench: str, *configs: DeviceConfig) -> OpenBench:
        self.said[bench] = Recorder()
        made = open_devices(configs, self.said[bench], timings=TIMINGS, bench=bench)
        self.open.callback(made.close)
        return made

    @property
    def door(self) -> SharedPrinter:
        printer = self.owner.printers["label"]
        assert isinstance(printer, SharedPrinter)
        return printer

    def guest(self, bench: str, port: int = 0, **more: object) -> Printer:
        settings: dict[str, object] = {"share_key_file": str(self.key), **more}
        address = f"bench://127.0.0.1:{port or self.door.port}"
        config = DeviceConfig("label", "zpl", address, settings=settings)
        return self._bench(bench, config).printers["label"]

    def ended(self, bench: str, name: str) -> PrintProgress:
        """The end of a job, as its bench heard it."""
        ends = {"printed", "failed", "uncertain"}
        return self.said[bench].next(
            PrintProgress, lambda one: one.job == name and one.outcome in ends, timeout=10
        )

    @property
    def printed(self) -> list[bytes]:
        return [self.sim.label(n) for n in range(1, self.sim.printed + 1)]


def queue_of(hall: Hall, bench: str, waiting: tuple[tuple[str, int], ...]) -> PrinterQueue:
    return hall.said[bench].next(PrinterQueue, lambda one: one.waiting == waiting, timeout=10)
