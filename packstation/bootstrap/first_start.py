"""First start's hands: the server, the ports of this machine, the test label."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packstation import __version__
from packstation.assets import resource
from packstation.bootstrap.clock import SystemClock
from packstation.client.enrol import enrol
from packstation.client.wire import Access
from packstation.devices.bench import DeviceConfig, OpenBench, open_devices
from packstation.devices.discovery import BAUDS, identify, list_ports
from packstation.domain.errors import ServerUnreachable
from packstation.domain.labels import PrintJob
from packstation.i18n import load
from packstation.settings.sections import Settings
from packstation.station.first_start import Found
from packstation.station.ports import Post

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
        from packstation.documents.label.zpl import ZplWriter
        from packstation.documents.testcard import printer_label, scanner_card
        from packstation.domain.labels import media

        if self._open is None:
            return
        fonts = Fonts(resource("fonts"))
        words = load(self._settings.station.language).say
        paper, printer = media("100x150"), self._open.printer_for("label")
        label = printer_label(paper, self._settings.station.name, words, fonts)
        card = scanner_card(paper, words, fonts)
        for job, sheet in ((TEST_JOB, label), (CARD_JOB, card)):
            payload = ZplWriter(fonts).write([sheet])
            printer.submit(PrintJob(job, "label", payload, "zpl"))

    def close(self) -> None:
        """Give the devices back."""
        if self._open is not None:
            self._open.close()
            self._open = None


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
