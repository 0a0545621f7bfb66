"""The rule decides between label printer and sheets: what came out where, and what was said."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import unquote

import pytest

from packstation.assets import resource
from packstation.bootstrap.station import Setup, open_station
from packstation.devices.bench import DeviceConfig
from packstation.devices.sim.faces import TcpFace
from packstation.devices.sim.printer import ZplPrinterSim
from packstation.domain.printers import RouteRow
from packstation.station.views import Screen, Words
from tests.bootstrap.printing_rig import TIMINGS, Seat

NARROW = "70x150"


class Bench(Seat):
    """A label printer on a socket, and sheets; its service has the documents that are given."""

    def __init__(
        self, folder: Path, documents: tuple[str, ...], prints: tuple[RouteRow, ...], stock: str
    ) -> None:
        self.services, self.prints = folder / "services", prints
        self.services.mkdir()
        told = json.loads((resource("services") / "chinapost.json").read_text("utf-8"))
        told["services"][0]["documents"] = documents
        (self.services / "chinapost.json").write_text(json.dumps(told), "utf-8")
        self.sheets = folder / "sheets"
        self.sim = ZplPrinterSim(TcpFace(), random.Random(1), folder / "labels", print_s=0.03)
        settings: dict[str, object] = {"confirmed": True, "stock": stock}
        label = DeviceConfig("label", "zpl", self.sim.address, settings=settings)
        super().__init__(
            folder / "bench", label, DeviceConfig("papers", "folder", str(self.sheets))
        )

    def begin(self) -> None:
        super().begin()
        self.opened.close()
        setup = Setup(
            self.folder,
            "attacked",
            self.bench,
            self.configs,
            prints=self.prints,
            services=self.services,
            timings=TIMINGS,
        )
        self.opened = open_station(setup, self._posted.put, self._publish)

    def done(self) -> None:
        self.device("label")
        self.pack()
        self.until(lambda v: v.screen is Screen.CONFIRMING)

    def labels(self) -> list[str]:
        return [self.sim.label(n).decode() for n in range(1, self.sim.printed + 1)]

    def on_sheets(self) -> list[str]:
        """Kinds of papers that came out on sheets."""
        return sorted(unquote(one.stem).split("/")[-2] for one in self.sheets.glob("*.pdf"))


class Opener:
    def __init__(self, folder: Path) -> None:
        self.folder, self.stack = folder, ExitStack()

    def __call__(
        self, *documents: str, prints: tuple[RouteRow, ...] = (), stock: str = "100x150"
    ) -> Bench:
        made = Bench(self.folder, documents, prints, stock)
        self.stack.callback(made.sim.close)
        self.stack.callback(made.close)
        made.done()
        return made


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    made = Opener(tmp_path)
    with made.stack:
        yield made


def test_a_form_that_the_rule_has_on_labels_comes_out_there(opened: Opener) -> None:
    bench = opened("label", "cn22")
    label, form = bench.labels()
    assert "CN 22 attached" in label
    assert "CUSTOMS DECLARATION" not in label
    assert "CUSTOMS DECLARATION" in form
    assert bench.on_sheets() == []


def test_a_label_that_carries_the_declaration_is_all_there_is(opened: Opener) -> None:
    bench = opened("label")
    (label,) = bench.labels()
    assert "CUSTOMS DECLARATION" in label
    assert bench.on_sheets() == []
    view = bench.view.label
    assert view is not None
    assert view.bare == Words("papers.on_label")


def test_a_row_of_the_site_stands_against_the_rule(opened: Opener) -> None:
    rows = (RouteRow("label"), RouteRow("cn22", "papers"))
    bench = opened("label", "cn22", prints=rows)
    assert len(bench.labels()) == 1
    assert bench.on_sheets() == ["cn22"]
    assert "print.beside" not in repr(bench.view)


def test_a_form_without_room_on_the_labels_goes_to_sheets_and_that_is_said(opened: Opener) -> None:
    bench = opened("label", "cn22", stock=NARROW)
    assert len(bench.labels()) == 1
    assert bench.on_sheets() == ["cn22"]
    assert "print.beside.label" in repr(bench.view)
