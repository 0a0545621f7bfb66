"""First start's hands: the server, the ports of this machine, the test label."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from packstation import __version__
from packstation.assets import resource
from packstation.bootstrap.clock import SystemClock
from packstation.client.enrol import enrol
from packstation.client.wire import Access
from packstation.devices.bench import DeviceConfig, open_devices
from packstation.devices.discovery import BAUDS, identify, list_ports
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
        ports = [(str(row["address"]), row["vid"] is not None) for row in list_ports()]
        ports += [(address, False) for address in self._extra]
        found: dict[str, Found] = {}
        # Each port is a device of its own: a silent one must not keep the others waiting.
        with ThreadPoolExecutor(max(1, len(ports)), thread_name_prefix="find") as hands:
            for device in hands.map(_identified, *zip(*ports, strict=True)) if ports else ():
                if device is not None:
                    found.setdefault(device.kind, device)
        return tuple(found.values())

    def open(self, devices: Sequence[Found]) -> None:
        """Open them, each under its kind."""
        self.close()
        self._open = open_devices(configs(devices), self._post)

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
        """Give the devices back."""
        if self._open is not None:
            self._open.close()
            self._open = None


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


def _identified(address: str, usb: bool) -> Found | None:  # noqa: FBT001 - a row of ports
    # A port of the mainboard is there whether or not anything is on it: asked at two speeds only.
    answer = identify(address, bauds=BAUDS if usb else BAUDS[:2])
    if answer.get("found"):
        detail = f"{answer['model']} · {address}"
        return Found(str(answer["kind"]), str(answer["model"]), address, detail)
    # What speaks unasked is a scale that streams: its model is found by "Add a device".
    silent = answer.get("cause") != "device.speaks"
    return Found("scanner", "serial", address, address) if usb and silent else None


def configs(devices: Sequence[Found]) -> tuple[DeviceConfig, ...]:
    """Rows for ``open_devices``."""
    return tuple(DeviceConfig(d.kind, d.model, d.address) for d in devices)
