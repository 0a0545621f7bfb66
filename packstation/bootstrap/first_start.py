"""First start's hands: the server, the ports of this machine, the test label."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packstation import __version__
from packstation.assets import resource
from packstation.bootstrap.clock import SystemClock
from packstation.client.enrol import enrol
from packstation.client.wire import Access
from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
from packstation.devices.leaving import Leaving
from packstation.devices.opened import OpenBench
from packstation.domain.errors import DocumentError, ServerUnreachable
from packstation.domain.labels import PrintJob
from packstation.domain.printers import Stock
from packstation.i18n import load
from packstation.settings.sections import Settings
from packstation.station.first_start import Found
from packstation.station.ports import Post

if TYPE_CHECKING:
    from packstation.documents.fonts import Fonts
    from packstation.documents.testcard import Words

log = logging.getLogger(__name__)

TEST_JOB = "first-start/label/1"
CARD_JOB = "first-start/card/1"


class FirstHands:
    """``station.first_start.FirstPorts`` on this machine; ``extra`` addresses are asked too."""

    def __init__(
        self, settings: Settings, station: str, post: Post, extra: Sequence[str] = ()
    ) -> None:
        self._settings, self._station, self._post = settings, station, post
        self._extra = tuple(extra)
        self._open: OpenBench | None = None
        self._addresses: dict[str, str] = {}
        self._closing = threading.Event()
        self.leaving = Leaving()

    def enrol(self, token: str) -> str:
        """Join; the token may come with the server's address in front of it."""
        server, _, secret = token.rpartition(" ")
        section = self._settings.server
        url = server or section.url
        if not url:
            raise ServerUnreachable(cause="no server")
        name = self._settings.station.name or self._station
        access = Access(url, section.ca_file, section.proxy)
        clock, folder = SystemClock(), self.folder
        joined = enrol(access, secret, self._station, name, folder, clock=clock, app=__version__)
        return joined.server_url

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._settings.station.data

    def find(self) -> tuple[Found, ...]:
        """What answers; a USB serial port that stays silent is taken for a scanner."""
        from packstation.bootstrap.finding import find

        return find(self._extra, lambda: not self._closing.is_set())

    def open(self, devices: Sequence[Found]) -> None:
        """Open them, each under its id; what was open before is waited for by their threads."""
        self._let_go()
        rows = configs(devices)
        timings = DeviceTimings(free=self.leaving.wait_for)
        self._open = open_devices(rows, self._post, timings=timings)
        self._addresses = {row.device: row.address for row in rows}

    def print_test_label(self) -> None:
        """Print the test label, and the scanner's test card after it, on the label printer."""
        from packstation.documents.fonts import Fonts

        if self._open is None:
            return
        fonts = Fonts(resource("fonts"))
        words = load(self._settings.station.language).say
        printer = self._open.printer_for("label")
        stock = next(row.stock for row in self._open.table.printers if row.kind == "label")
        sheets = first_sheets(stock, self._settings.station.name, words, fonts)
        for job, payload in sheets.items():
            printer.submit(PrintJob(job, "label", payload, stock.language))

    def close(self) -> None:
        """Give the devices back, and end the search; `leaving` knows who has not gone yet."""
        self._closing.set()
        self._let_go()

    def _let_go(self) -> None:
        opened, self._open = self._open, None
        if opened is not None:
            self.leaving.take(opened.left(self._addresses))


def first_sheets(stock: Stock, bench: str, words: Words, fonts: Fonts) -> dict[str, bytes]:
    """Test label and test card as bytes of the printer's language, on what lies in it.

    The card's codes want 100 mm: a narrow roll goes without it (the guides hold it as a page).
    """
    from packstation.documents.label.languages import writer
    from packstation.documents.maker import told_of
    from packstation.documents.testcard import printer_label, scanner_card

    write = writer(stock.language, fonts, told_of(stock)).write
    sheets = {TEST_JOB: write([printer_label(stock.media, bench, words, fonts)])}
    try:
        sheets[CARD_JOB] = write([scanner_card(stock.media, words, fonts)])
    except DocumentError as exc:
        log.info("no test card on %s: %s", stock.name, exc.key)
    return sheets


def configs(devices: Sequence[Found]) -> tuple[DeviceConfig, ...]:
    """Rows for ``open_devices``."""
    return tuple(DeviceConfig(d.kind, d.model, d.address, d.id, d.options) for d in devices)
