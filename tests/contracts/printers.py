"""The six families of label printers as the contract tests see them: jobs, rungs, words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from msgspec import Struct

from packstation.devices.catalogue import printer_model
from packstation.devices.health import Reporter
from packstation.devices.opening import LineSettings, opener
from packstation.devices.printers.talk import PrinterTalk
from packstation.devices.printers.timing import PrinterTiming
from packstation.devices.printers.worker import PrinterWorker
from packstation.devices.sim.printers.catalogue import DIALECTS
from packstation.devices.sim.printers.dialect import Dialect
from packstation.devices.sim.printers.press import LabelPrinterSim
from packstation.station.ports import PrintJob, PrintProgress
from tests.devices.rigs import FAULT, LINK, Recorder, chance, face_of

QUICK: Final = PrinterTiming(
    write_s=0.3,
    give_up_s=4.0,
    answer_s=0.3,
    odometer_s=0.2,
    settle_s=0.02,
    watch_s=0.03,
    busy_s=4.0,
    count_s=0.3,
    print_s=0.4,
    unseen_s=0.05,
    take_s=4.0,
)
Makes = Callable[[str, int], bytes]


def zpl(code: str, copies: int = 1) -> bytes:
    return f"^XA^FO50,50^BCN,100^FD{code}^FS^PQ{copies}^XZ".encode()


def tspl(code: str, copies: int = 1) -> bytes:
    picture = b'BITMAP 0,0,2,3,0,\r\nPRI"\r\n'
    bars = f'BARCODE 50,50,"128",100,0,0,2,2,"{code}"\r\n'.encode()
    return b"SIZE 100 mm,150 mm\r\nCLS\r\n" + picture + bars + b"PRINT %d,1\r\n" % copies


def epl2(code: str, copies: int = 1) -> bytes:
    picture = b"GW0,0,2,3,\nP1\n^e\r\n"
    bars = f'B50,50,0,1,2,2,100,N,"{code}"\r\n'.encode()
    return b"\r\nN\r\n" + picture + bars + b"P%d\r\n" % copies


def cpcl(code: str, copies: int = 1) -> bytes:
    picture = b"CG 2 4 0 0 \r\nPRI\r\n\x1b\r\n"
    bars = f"BARCODE 128 2 1 100 50 50 {code}\r\n".encode()
    head = b"! 0 200 200 1218 %d\r\nPAGE-WIDTH 812\r\n" % copies
    return head + picture + bars + b"FORM\r\nPRINT\r\n"


def escpos(code: str, copies: int = 1) -> bytes:
    rows = (code.encode() * 4)[:24]
    one = b"\x1b@\x1dv0\x00\x02\x00\x0c\x00" + rows + b"\x1d\x0c\x1dV\x00"
    return one * copies


def brother(code: str, copies: int = 1) -> bytes:
    rows = b"g\x00\x0d" + code.encode()[:13].ljust(13, b"\x1a")
    page = b"\x1biz\xce\x0b\x66\x98\x01\x00\x00\x00\x00\x00\x1biM\x40M\x02" + rows * 3
    return bytes(200) + b"\x1b@" + b"\x1bia\x01" + (page + b"\x0c") * (copies - 1) + page + b"\x1a"


_WIDE, _HIGH = 100, 3000
_DOTS: Final = b"0" * _WIDE * _HIGH
# What makes a job larger than any buffer, behind which of its commands.
_MORE: Final = {
    "zpl": (b"^XA", b"^FX" + _DOTS + b"^FS"),
    "tspl": (b"CLS\r\n", b"BITMAP 0,0,100,3000,0," + _DOTS + b"\r\n"),
    "epl2": (b"N\r\n", b"GW0,0,100,3000," + _DOTS + b"\r\n"),
    "cpcl": (b"812\r\n", b"CG 100 3000 0 0 " + _DOTS + b"\r\n"),
    "escpos": (b"\x1b@", b"\x1dv0\x00\x64\x00\xb8\x0b" + _DOTS),
    "brother-ql": (b"M\x02", (b"g\x00\x5a" + b"\x59" * 90) * 3000),
}


class Family(Struct, frozen=True):
    """A family: how its jobs are written, what it proves, how it sounds with its lid open."""

    id: str
    makes: Makes
    rungs: tuple[str, ...] = ("spooled", "accepted", "idle", "printed")
    opened: str = "printer.head_open"

    def dialect(self) -> Dialect:
        return DIALECTS[self.id]()

    def large(self) -> bytes:
        """A job of one label that no line takes at once."""
        behind, more = _MORE[self.id]
        return self.makes("LP123456785CN", 1).replace(behind, behind + more, 1)

    @property
    def talk(self) -> PrinterTalk:
        talk = printer_model(self.id).talk
        assert talk is not None
        return talk


FAMILIES: Final = (
    Family("zpl", zpl, ("spooled", "accepted", "idle", "counted", "printed")),
    Family("tspl", tspl),
    Family("epl2", epl2),
    # It answers only once the label is done, so an open lid in the middle sounds like silence.
    Family("cpcl", cpcl, opened="printer.silent"),
    Family("escpos", escpos),
    Family("brother-ql", brother),
)


class Bench:
    """A simulated printer, its worker, and what that reported."""

    def __init__(
        self, family: Family, sim: LabelPrinterSim, printer: PrinterWorker, heard: Recorder
    ) -> None:
        self.family = family
        self.sim = sim
        self.printer = printer
        self.heard = heard

    def job(self, name: str = "j1", copies: int = 1, code: str = "LP123456785CN") -> PrintJob:
        return PrintJob(name, "label", self.family.makes(code, copies), self.family.id)

    def papers(self) -> list[bytes]:
        return [self.sim.label(number + 1) for number in range(self.sim.printed)]

    def rungs(self, name: str = "j1") -> list[str]:
        return [one.outcome for one in self.heard.of(PrintProgress) if one.job == name]

    def reached(self, rung: str, name: str = "j1") -> PrintProgress:
        return self.heard.next(
            PrintProgress, lambda one: (one.job, one.outcome) == (name, rung), timeout=15.0
        )

    def ended(self, name: str = "j1") -> PrintProgress:
        final = {"printed", "failed", "uncertain"}
        return self.heard.next(
            PrintProgress, lambda one: one.job == name and one.outcome in final, timeout=15.0
        )


@contextmanager
def at_work(
    family: Family,
    kind: str,
    folder: Path,
    *,
    timing: PrinterTiming = QUICK,
    talk: PrinterTalk | None = None,
    dialect: Dialect | None = None,
    print_s: float = 0.02,
) -> Iterator[Bench]:
    """A worker on a simulated printer of its family."""
    sim = LabelPrinterSim(
        face_of(kind, folder),
        chance(),
        folder / "printed",
        dialect or family.dialect(),
        print_s=print_s,
        timing=FAULT,
    )
    heard = Recorder()
    printer = PrinterWorker(
        Reporter("label", heard, seen_gap_s=0.0),
        opener(sim.address, LineSettings()),
        talk or family.talk,
        timing,
        LINK,
    )
    try:
        yield Bench(family, sim, printer, heard)
    finally:
        printer.close()
        sim.close()
