"""First start's search: what hangs on a port is asked, and a scale is never called a scanner."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from packstation.bootstrap import finding
from packstation.bootstrap.finding import FindTiming, find, named
from packstation.bootstrap.first_start import configs
from packstation.devices.probing import ProbeTiming
from packstation.devices.rows import check_rows
from packstation.devices.sim.faces import PtyFace, TcpFace
from packstation.devices.sim.faults import FAULTS
from packstation.devices.sim.pan import ScaleFacts
from packstation.devices.sim.printer import ZplPrinterSim
from packstation.devices.sim.scale import ScaleSim
from packstation.devices.sim.scanner import SerialScannerSim
from packstation.devices.sim.speeches import SPEECHES
from packstation.station.first_start import Found
from tests.devices.rigs import chance

QUICK = FindTiming(
    hear_s=0.3,
    answer_s=0.05,
    scale=ProbeTiming(listen_s=0.05, longer_s=0.05, answer_s=0.15, rest_s=0.03),
    stream=ProbeTiming(listen_s=0.4, longer_s=0.8, answer_s=0.1, rest_s=0.03),
)


class Adapters:
    """USB serial adapters, as this machine would list them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[dict[str, object]] = []
        monkeypatch.setattr(finding, "list_ports", lambda: self.rows)
        monkeypatch.setattr(finding, "list_scales", list)
        monkeypatch.setattr(finding, "list_scanners", list)
        monkeypatch.setattr(finding, "BAUDS", (9600,))

    def plug(self, address: str, vid: str | None = "0403", **more: object) -> None:
        self.rows.append({"address": address, "port": address, "vid": vid, **more})


@pytest.fixture
def adapters(monkeypatch: pytest.MonkeyPatch) -> Adapters:
    return Adapters(monkeypatch)


@contextmanager
def scale(model: str, path: Path) -> Iterator[ScaleSim]:
    sim = ScaleSim(PtyFace(path), chance(), SPEECHES[model], ScaleFacts(unit="kg"))
    sim.place(1250)
    try:
        yield sim
    finally:
        sim.close()


def found(*extra: str) -> list[tuple[str, str, str]]:
    return [(one.device, one.model, one.address) for one in find(extra, lambda: True, QUICK)]


@pytest.mark.parametrize("model", ["toledo-8217", "nci-scp01"])
def test_a_scale_that_needs_a_known_weight_is_no_scanner(
    tmp_path: Path, adapters: Adapters, model: str
) -> None:
    with scale(model, tmp_path / "port") as sim:
        adapters.plug(sim.address)
        assert [one for one in found() if one[0] != "scale"] == []


@pytest.mark.parametrize("model", ["sma", "st-gs"])
def test_a_scale_is_found_by_what_it_speaks(tmp_path: Path, adapters: Adapters, model: str) -> None:
    with scale(model, tmp_path / "port") as sim:
        adapters.plug(sim.address)
        (device,) = find((), lambda: True, QUICK)
    assert (device.kind, device.model, device.address) == ("scale", model, sim.address)
    assert device.options["baud"] == 9600
    check_rows(configs([device]))


def test_what_is_silent_on_usb_is_a_scanner_and_there_may_be_two(
    tmp_path: Path, adapters: Adapters
) -> None:
    with ExitStack() as opened:
        sims = [
            SerialScannerSim(PtyFace(tmp_path / f"port-{n}"), FAULTS["scanner"], chance())
            for n in range(2)
        ]
        for sim in sims:
            opened.callback(sim.close)
            adapters.plug(sim.address)
        adapters.plug(str(tmp_path / "gone"))
        board = SerialScannerSim(PtyFace(tmp_path / "board"), FAULTS["scanner"], chance())
        opened.callback(board.close)
        adapters.plug(board.address, vid=None)
        assert found() == [
            ("scanner", "serial", sims[0].address),
            ("scanner-2", "serial", sims[1].address),
        ]


def test_all_printers_are_kept_and_one_scale(tmp_path: Path, adapters: Adapters) -> None:
    with ExitStack() as opened:
        printers = [ZplPrinterSim(TcpFace(), chance(), tmp_path / f"printed-{n}") for n in range(2)]
        for printer in printers:
            opened.callback(printer.close)
        scales = [opened.enter_context(scale("mt-sics", tmp_path / f"scale-{n}")) for n in range(2)]
        for sim in scales:
            adapters.plug(sim.address)
        devices = find([*(p.address for p in printers), printers[0].address], lambda: True, QUICK)
    assert [(one.device, one.kind) for one in devices] == [
        ("scale", "scale"),
        ("label", "label"),
        ("label-2", "label"),
    ]
    check_rows(configs(devices))


def test_hid_devices_say_what_they_are_and_are_not_asked(
    monkeypatch: pytest.MonkeyPatch, adapters: Adapters
) -> None:
    one: dict[str, object] = {"address": "usb:0922:8003", "description": "M25", "vid": "0922"}
    two: dict[str, object] = {"address": "usb:05E0:1300", "description": "", "vid": "05E0"}
    owned: dict[str, object] = {"address": "usb:0C2E:0B61", "vid": "0C2E", "cause": "owned"}
    adapters.rows = [one, two, owned, {"address": "/dev/video0", "vid": None, "kind": "camera"}]
    monkeypatch.setattr(finding, "list_scales", lambda: [one])
    monkeypatch.setattr(finding, "list_scanners", lambda: [two, owned])
    assert found() == [
        ("scale", "hid-pos", "usb:0922:8003"),
        ("scanner", "hid-pos", "usb:05E0:1300"),
    ]


def test_a_search_that_is_left_ends_soon(tmp_path: Path, adapters: Adapters) -> None:
    sim = SerialScannerSim(PtyFace(tmp_path / "port"), FAULTS["scanner"], chance())
    adapters.plug(sim.address)
    left = threading.Event()
    hand = threading.Thread(target=lambda: find((), lambda: not left.is_set()))
    try:
        hand.start()
        left.set()
        hand.join(12)
        assert not hand.is_alive()
    finally:
        sim.close()


def test_a_port_has_its_time_and_no_more(tmp_path: Path, adapters: Adapters) -> None:
    sim = SerialScannerSim(PtyFace(tmp_path / "port"), FAULTS["scanner"], chance())
    adapters.plug(sim.address)
    since = time.monotonic()
    try:
        assert find((), lambda: True, FindTiming(port_s=0.2, hear_s=0.3)) == ()
    finally:
        sim.close()
    assert time.monotonic() - since < 2.0


def test_ids_are_counted_by_kind() -> None:
    rows = [Found("papers", "spool", f"cups:q{n}") for n in range(3)]
    twice = Found("papers", "spool", "cups:q1")
    assert [one.device for one in named([*rows, twice])] == ["papers", "papers-2", "papers-3"]
