"""The printers of a bench, as the doctor finds them."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from packstation.devices.sim.faces import TcpFace
from packstation.devices.sim.models import LABELS, dialect_of
from packstation.devices.sim.printers.press import LabelPrinterSim
from packstation.doctor import Finding, State
from packstation.doctor.printers import configured
from packstation.i18n import LANGUAGES, load
from packstation.settings import DeviceSection
from tests.devices.printers.queues.cups import PrivateCups, free_port
from tests.devices.rigs import chance
from tests.devices.test_usblp import Device


def found(
    model: str, address: str, kind: str = "label", **options: object
) -> list[tuple[str, str, str]]:
    rows = [DeviceSection(kind=kind, model=model, address=address, options=options)]
    return [(one.key, str(one.state), one.cause) for one in configured(rows)]


@pytest.fixture(scope="module")
def cups() -> Iterator[PrivateCups]:
    server = PrivateCups()
    yield server
    server.close()


def test_a_raw_queue_prints_and_is_a_thing_of_the_past(
    cups: PrivateCups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUPS_SERVER", cups.socket)
    address = cups.raw_queue("zebra", "socket://127.0.0.1:9")
    assert found("zpl", address) == [("printer.ok", "ok", ""), ("printer.raw", "warn", "")]
    assert found("spool", address, "papers")[0] == (
        "printer.trouble",
        "fail",
        "printer.queue_format",
    )
    cups.run("cupsdisable", "zebra")
    assert found("zpl", address)[0] == ("printer.trouble", "warn", "printer.queue_paused")
    cups.run("cupsenable", "zebra")
    cups.run("cupsreject", "zebra")
    assert found("zpl", address)[0] == ("printer.trouble", "fail", "printer.queue_rejects")
    assert found("zpl", "cups:none") == [("printer.trouble", "fail", "printer.queue_missing")]


def test_no_print_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "none"))
    missing = [("printer.trouble", "fail", "printer.spooler_missing")]
    assert found("spool", "cups:a4", "papers") == missing


def test_network_printers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        assert found("zpl", address, status=False) == [("printer.ok", "ok", "")]
        assert found("zpl", address) == [("printer.trouble", "fail", "printer.silent")]
    refused = [("printer.trouble", "warn", "port.refused")]  # perhaps by us: a bench may hold it
    assert found("zpl", f"tcp://127.0.0.1:{free_port()}") == refused


def test_usb_and_serial_printers(tmp_path: Path) -> None:
    device = Device(tmp_path)
    assert found("zpl", str(device.path), status=False) == [("printer.ok", "ok", "")]
    device.unplug()
    missing = "printer.port_missing"
    assert found("zpl", str(device.path)) == [("printer.trouble", "fail", missing)]
    assert found("zpl", "usb:0A5F:0120") == [("printer.trouble", "fail", "port.missing")]
    assert found("zpl", str(tmp_path / "tty")) == [("printer.trouble", "fail", "port.missing")]
    assert found("zpl", "/dev/null") == [("printer.trouble", "fail", "port.error")]


@pytest.mark.parametrize("model", LABELS)
def test_a_printer_is_asked_how_it_is_and_prints_nothing(model: str, tmp_path: Path) -> None:
    sim = LabelPrinterSim(TcpFace(), chance(), tmp_path / "printed", dialect_of(model))
    try:
        key = (tmp_path / "share.key").as_posix()
        shared: dict[str, Any] = {"share_port": 0, "share_benches": ["07"], "share_key_file": key}
        assert found(model, sim.address, **shared) == [("printer.ok", "ok", "")]
        sim.set_fault("paper_out", on=True)
        assert found(model, sim.address) == [("printer.trouble", "warn", "printer.paper_out")]
    finally:
        sim.close()
    assert not [*tmp_path.rglob("*.*")]


def test_printers_are_asked_side_by_side() -> None:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("", 0)) as other:
        rows = [
            DeviceSection("label", "zpl", f"tcp://127.0.0.1:{server.getsockname()[1]}", name)
            for server, name in ((one, "a"), (other, "b"))
        ]
        begun = time.monotonic()
        causes = [finding.cause for finding in configured(rows)]
        assert causes == ["printer.silent", "printer.silent"]
        assert time.monotonic() - begun < 9


def test_folders_and_addresses_that_are_none(tmp_path: Path) -> None:
    assert found("folder", str(tmp_path / "new" / "papers"), "papers") == [("printer.ok", "ok", "")]
    (tmp_path / "file").touch()
    broken = [("printer.trouble", "fail", "printer.folder")]
    assert found("folder", str(tmp_path / "file" / "papers"), "papers") == broken
    assert found("zpl", "tcp://nowhere") == [("printer.address", "fail", "")]
    assert found("spool", "spool:Office", "papers") == [("printer.address", "fail", "")]
    assert found("mt-sics", "/dev/ttyUSB0", "scale") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_have_words_and_the_cure_of_the_cause(language: str) -> None:
    words = load(language)
    args = {"printer": "label", "address": "cups:zebra", "why": ""}
    told = Finding("printers", State.FAIL, "printer.trouble", args, cause="printer.port_denied")
    assert words.say("printer.port_denied") in told.message(words)
    assert told.cure(words) == words.say("printer.port_denied.cure")
    for key in ("printer.raw", "printer.address"):
        assert Finding("printers", State.WARN, key, args).cure(words)
