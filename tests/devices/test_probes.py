"""Asking what hangs on a port: every device by its own answer, and nothing moves or prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.devices import discovery
from packstation.devices.sim.faults import FAULTS
from packstation.devices.sim.printers.catalogue import DIALECTS
from packstation.devices.sim.printers.press import LabelPrinterSim
from packstation.devices.sim.scanner import SerialScannerSim
from packstation.devices.sim.speeches import SPEECHES
from tests.devices.rigs import chance, face_of, scale_sim

NAMES = {
    "zpl": "SIM-203",
    "tspl": "SIM-TT245",
    "epl2": "",
    "cpcl": "SIM-QL420 V24 0000001",
    "escpos": "SIM-TM90",
    "brother-ql": "",
}


@pytest.fixture(params=DIALECTS)
def printer(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[str, LabelPrinterSim]]:
    model = request.param
    sim = LabelPrinterSim(
        face_of("pty", tmp_path), chance(), tmp_path / "out", DIALECTS[model](), print_s=0.0
    )
    yield model, sim
    sim.close()


def test_every_label_printer_is_known_and_prints_nothing(
    printer: tuple[str, LabelPrinterSim],
) -> None:
    model, sim = printer
    found = discovery.identify(sim.address, answer_s=0.15, bauds=(9600,))
    assert (found["found"], found.get("kind"), found.get("model")) == (True, "label", model)
    assert found["identity"] == NAMES[model]
    assert found["baud"] == 9600
    assert sim.printed == 0


def test_a_printer_that_does_not_answer_stays_unknown(
    printer: tuple[str, LabelPrinterSim],
) -> None:
    _, sim = printer
    sim.set_fault("silent", on=True)
    found = discovery.identify(sim.address, answer_s=0.05, bauds=(9600,))
    assert found["cause"] == "device.unknown"


@pytest.mark.parametrize("model", SPEECHES)
def test_no_scale_is_taken_for_a_printer_and_none_is_tared(model: str, tmp_path: Path) -> None:
    sim = scale_sim(face_of("pty", tmp_path), model=model)
    sim.place(1250)
    found = discovery.identify(sim.address, answer_s=0.15, bauds=(9600,))
    assert found.get("kind", "scale") == "scale"
    assert sim.load_g == 1250
    assert sim.pan.tare_g == 0
    sim.close()


def test_a_scanner_stays_unknown(tmp_path: Path) -> None:
    scanner = SerialScannerSim(face_of("pty", tmp_path), FAULTS["scanner"], chance())
    found = discovery.identify(scanner.address, answer_s=0.02, bauds=(9600,))
    assert found["cause"] == "device.unknown"
    scanner.close()
