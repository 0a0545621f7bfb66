"""Lines that break at any byte of a job, and printers that take a byte now and then."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from msgspec.structs import replace

from packstation.devices.health import Reporter
from packstation.devices.opening import LineSettings, opener
from packstation.devices.printers.worker import PrinterWorker
from packstation.devices.sim.faces import TcpFace
from packstation.devices.sim.printers.press import LabelPrinterSim
from packstation.station.ports import DeviceHealth, DeviceSeen, Happening
from tests.contracts.printers import FAMILIES, QUICK, Bench, Family
from tests.devices.rigs import FAULT, LINK, Recorder, chance

EACH = pytest.mark.parametrize("family", FAMILIES, ids=lambda one: one.id)


class Line:
    """A line to a printer that breaks once, ``cut`` bytes into a job, or passes slowly."""

    def __init__(
        self, target: int, job: bytes, *, cut: int | None = None, pace_s: float = 0.0
    ) -> None:
        self._target, self._job, self._cut, self._pace_s = target, job, cut, pace_s
        self._server = socket.create_server(("127.0.0.1", 0))
        self._seen = b""
        self.broken = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self._server.getsockname()[1]}"

    def close(self) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                here, _ = self._server.accept()
            except OSError:
                return
            there = socket.create_connection(("127.0.0.1", self._target))
            back = threading.Thread(target=self._back, args=(there, here), daemon=True)
            back.start()
            with here, there, suppress(OSError):
                here.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                self._forth(here, there)
            back.join()

    def _forth(self, here: socket.socket, there: socket.socket) -> None:
        self._seen = b""
        while data := here.recv(1 if self._pace_s else 4096):
            time.sleep(self._pace_s)
            self._seen += data
            begun = self._seen.find(self._job[:12])
            if self._cut is not None and not self.broken.is_set() and begun >= 0:
                here_and_before = begun + self._cut - (len(self._seen) - len(data))
                if here_and_before <= len(data):
                    there.sendall(data[: max(0, here_and_before)])
                    self.broken.set()
                    there.shutdown(socket.SHUT_RDWR)
                    return
            there.sendall(data)
        there.shutdown(socket.SHUT_RDWR)

    def _back(self, there: socket.socket, here: socket.socket) -> None:
        with suppress(OSError):
            while data := there.recv(4096):
                here.sendall(data)
            here.shutdown(socket.SHUT_RDWR)


@contextmanager
def over(family: Family, folder: Path, **line: float | None) -> Iterator[tuple[Bench, Line]]:
    """A printer at the end of such a line."""
    face = TcpFace()
    sim = LabelPrinterSim(face, chance(), folder, family.dialect(), print_s=0.02, timing=FAULT)
    port = int(sim.address.rpartition(":")[2])
    made = Line(port, family.makes("LP123456785CN", 1), **line)  # type: ignore[arg-type]
    heard = Recorder()
    reporter = Reporter("label", heard, seen_gap_s=0.0)
    timing = replace(QUICK, give_up_s=8.0, answer_s=1.0)
    worker = PrinterWorker(
        reporter, opener(made.address, LineSettings()), family.talk, timing, LINK
    )
    try:
        yield Bench(family, sim, worker, heard), made
    finally:
        worker.close()
        made.close()
        sim.close()


@EACH
def test_a_line_that_breaks_at_any_byte_never_counts_as_printed(
    family: Family, tmp_path: Path
) -> None:
    """Uncertain, or waiting and then out once; nothing is done that did not come out."""
    whole = len(family.makes("LP123456785CN", 1))
    for cut in (0, 1, whole // 3, whole // 2, whole - 2, whole - 1, whole):
        with over(family, tmp_path / str(cut), cut=cut) as (bench, line):
            bench.heard.healthy()
            bench.printer.submit(bench.job())
            ended = bench.ended()
            assert line.broken.is_set()
            # Scraps of half a label may come out; they are none.
            whole_ones = bench.papers().count(bench.job().payload)
            if ended.outcome == "printed":
                assert whole_ones == 1
            else:
                assert (ended.outcome, ended.cause) == ("uncertain", "printer.lost")
                assert whole_ones <= (1 if cut >= whole - 2 else 0)
            # Nothing is sent again by itself once the line is back.
            bench.heard.next(Happening, _sign, after=bench.heard.mark, timeout=15.0)
            assert bench.rungs().count("accepted") == 1


def _sign(one: Happening) -> bool:
    """Something was heard of the printer, or that it says nothing."""
    return isinstance(one, DeviceSeen | DeviceHealth)


@pytest.mark.parametrize(
    ("family", "pace_s"),
    [(one, 0.05 if one.id in {"zpl", "epl2"} else 0.005) for one in FAMILIES],
    ids=[one.id for one in FAMILIES],
)
def test_a_printer_that_takes_a_byte_now_and_then_is_waited_for_or_doubted(
    family: Family, pace_s: float, tmp_path: Path
) -> None:
    with over(family, tmp_path, pace_s=pace_s) as (bench, _):
        bench.printer.submit(bench.job())
        ended = bench.ended()
        assert ended.outcome in {"printed", "uncertain"}
        if ended.outcome == "printed":
            assert bench.sim.printed == 1
        else:
            assert ended.cause in {"printer.silent", "printer.stuck", "printer.unproven"}
