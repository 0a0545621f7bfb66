from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from packstation.devices import commands, discovery
from packstation.devices.bench import DeviceTimings
from packstation.devices.sim.device import SimDevice
from packstation.devices.sim.faults import FAULTS
from packstation.devices.sim.hid_scanner import HONEYWELL, HidScannerSim
from packstation.devices.sim.printer import ZplPrinterSim
from packstation.devices.sim.scale import ScaleSim
from packstation.devices.sim.scanner import SerialScannerSim
from packstation.devices.sim.speeches import SPEECHES
from packstation.devices.weighing import ScaleTiming
from packstation.domain.errors import DeviceOffline, InputInvalid, SettingsError
from tests.devices.rigs import FAULT, LINK, chance, face_of, scale_sim

SICS = "53 20 53 20 20 20 20 20 31 30 30 2E 30 30 20 67 0D 0A"
QUICK = DeviceTimings(link=LINK, scale=ScaleTiming(period_s=0.01, confirm=1))


@pytest.fixture(params=["pty", "tcp"])
def scale(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ScaleSim]:
    sim = scale_sim(face_of(request.param, tmp_path), timing=FAULT)
    yield sim
    sim.close()


def test_decode_one_frame() -> None:
    document = commands.decode("mt-sics", SICS)
    assert (document["state"], document["grams"]) == ("STABLE", 100)


def test_decode_a_file_of_frames_line_by_line() -> None:
    documents = list(commands.decode_lines("mt-sics", f"{SICS}\n\n53 20 2B 0D 0A\n"))
    assert [one["state"] for one in documents] == ["STABLE", "OVER"]


def test_what_is_no_hex_is_named_with_its_line() -> None:
    with pytest.raises(InputInvalid) as refused:
        list(commands.decode_lines("mt-sics", f"{SICS}\nxyz"))
    assert refused.value.fields["path"] == "line 2"
    with pytest.raises(InputInvalid):
        commands.decode("mt-sics", "5")
    with pytest.raises(SettingsError, match="toaster"):
        commands.decode("toaster", SICS)


def test_read_streams_readings(scale: ScaleSim) -> None:
    documents = list(commands.read(scale.address, "mt-sics", count=3, timings=QUICK))
    assert [one["state"] for one in documents] == ["STABLE"] * 3
    assert documents[0]["value"] == "0.000"
    assert json.loads(json.dumps(documents)) == documents


def test_read_without_a_count_goes_on_until_it_is_closed(scale: ScaleSim) -> None:
    stream = commands.read(scale.address, "mt-sics", baud=19200, timings=QUICK)
    assert [next(stream)["state"] for _ in range(5)] == ["STABLE"] * 5


def test_read_ends_with_the_cable(scale: ScaleSim) -> None:
    stream = commands.read(scale.address, "mt-sics", timings=QUICK)
    next(stream)
    scale.set_fault("unplug", on=True)
    with pytest.raises(DeviceOffline) as lost:
        list(stream)
    assert lost.value.fields["cause"] in {"device.unplugged", "port.lost"}


def test_read_shows_garbage_as_faults_and_goes_on(scale: ScaleSim) -> None:
    stream = commands.read(scale.address, "mt-sics", timings=QUICK)
    next(stream)
    scale.say(b"garbage\r\n" * 10)
    states = [next(stream)["state"] for _ in range(15)]
    assert states.count("FAULT") == 10


def test_read_of_nothing_says_why(tmp_path: Path) -> None:
    with pytest.raises(DeviceOffline) as lost:
        list(commands.read(str(tmp_path / "nothing"), "mt-sics", count=1, timings=QUICK))
    assert lost.value.fields["cause"] == "port.missing"


@pytest.mark.parametrize("kind", ["pty", "tcp"])
def test_identify_scale_and_printer_by_safe_probes(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "printer"
    folder.mkdir()
    devices: list[tuple[SimDevice, str, str, str]] = [
        (scale_sim(face_of(kind, tmp_path)), "scale", "mt-sics", "SIM0001"),
        (ZplPrinterSim(face_of(kind, folder), chance(), folder / "out"), "label", "zpl", "SIM-203"),
    ]
    for device, role, model, identity in devices:
        assert discovery.identify(device.address, answer_s=0.2) == {
            "port": device.address,
            "found": True,
            "kind": role,
            "model": model,
            "identity": identity,
            "baud": 9600 if kind == "pty" else None,
        }
        device.close()


def test_a_streaming_scale_is_not_taken_for_a_printer(tmp_path: Path) -> None:
    """An A9's frames lie between STX and ETX, as the lines of a Zebra's status do."""
    scale = ScaleSim(face_of("pty", tmp_path), chance(), SPEECHES["yaohua-a9"])
    scale.place(1250)
    found = discovery.identify(scale.address, answer_s=0.3, bauds=(9600,))
    assert (found["found"], found["cause"]) == (False, "device.speaks")
    scale.close()


def test_a_port_that_does_not_answer_is_unknown_and_one_that_is_not_there_missing(
    tmp_path: Path,
) -> None:
    scanner = SerialScannerSim(face_of("pty", tmp_path), FAULTS["scanner"], chance())
    found = discovery.identify(scanner.address, answer_s=0.01, bauds=(9600,))
    assert (found["found"], found["cause"]) == (False, "device.unknown")
    scanner.close()
    gone = commands.identify(scanner.address)
    assert (gone["found"], gone["cause"]) == (False, "port.missing")


def test_ports_are_listed_with_an_address_that_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    usb, plain = ListPortInfo("/dev/ttyUSB0"), ListPortInfo("/dev/ttyS0")
    usb.vid, usb.pid, usb.serial_number, usb.location = 0x0403, 0x6001, "A9", "1-2"
    monkeypatch.setattr(list_ports, "comports", lambda: [usb, plain])
    rows = commands.list_devices()
    assert [(row["port"], row["address"]) for row in rows] == [
        ("/dev/ttyS0", "/dev/ttyS0"),
        ("/dev/ttyUSB0", "usb:0403:6001:A9"),
    ]


def test_simulate_a_shelf_of_devices(tmp_path: Path) -> None:
    config = {
        "seed": 3,
        "devices": [
            {"kind": "scale", "grams": 1250, "link": "scale"},
            {"kind": "label", "transport": "tcp", "faults": ["paper_out"]},
            {"kind": "scanner", "codes": ["T-1"], "every_s": 0.01},
            {"kind": "scanner"},
        ],
    }
    shelf = commands.simulate(config, tmp_path / "shelf")
    addresses = [row["address"] for row in shelf.addresses()]
    assert addresses[0] == str(tmp_path / "shelf" / "scale")
    assert str(addresses[1]).startswith("tcp://127.0.0.1:")
    stream = commands.read(str(addresses[0]), "mt-sics", timings=QUICK)
    assert next(one for one in stream if one["state"] == "STABLE")["grams"] == 1250
    stream.close()  # type: ignore[attr-defined]
    shelf.close()
    assert not (tmp_path / "shelf" / "scale").exists()


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({}, "devices"),
        ({"devices": [{"kind": "scale", "weight": 1}]}, "devices"),
        ({"devices": [{"kind": "toaster"}]}, "devices[0].kind"),
        ({"devices": [{"kind": "scale", "transport": "ip"}]}, "devices[0].transport"),
        ({"devices": [{"kind": "scale", "faults": ["paper_out"]}]}, "devices[0].faults"),
        ({"devices": [], "seed": "x"}, "seed"),
    ],
)
def test_a_bad_configuration_is_named(config: dict[str, object], path: str, tmp_path: Path) -> None:
    with pytest.raises(InputInvalid) as refused:
        commands.simulate(config, tmp_path)
    assert refused.value.fields["path"] == path


def test_read_streams_codes_of_scanners_and_badge_readers(tmp_path: Path) -> None:
    rows = {"devices": [{"kind": "badge", "codes": ["0012345678", "]C0PK-1"], "every_s": 0.05}]}
    shelf = commands.simulate(rows, tmp_path)
    address = str(shelf.addresses()[0]["address"])
    documents = list(commands.read(address, "serial", count=2, timings=QUICK))
    assert sorted((one["text"], one["aim"], one["symbology"]) for one in documents) == [
        ("0012345678", "", ""),
        ("PK-1", "]C0", "Code 128"),
    ]
    assert json.loads(json.dumps(documents)) == documents
    shelf.close()


def test_read_of_a_hid_scanner_has_an_id_of_its_own() -> None:
    sim = HidScannerSim(HONEYWELL, chance())
    timings = DeviceTimings(link=LINK, hid=lambda: sim.face)
    read = commands.read(sim.address, "hid-pos-scanner", count=1, timings=timings)
    found: list[dict[str, object]] = []
    reading = threading.Thread(target=lambda: found.extend(read))
    reading.start()
    while reading.is_alive():
        sim.scan("T-117", "]C0")
        reading.join(0.05)
    assert found[0]["symbology"] == "Code 128"
    sim.close()
    with pytest.raises(SettingsError, match="hid-pos-scanner"):
        list(commands.read("tcp://127.0.0.1:9", "toaster"))


def test_a_light_can_be_simulated(tmp_path: Path) -> None:
    shelf = commands.simulate({"devices": [{"kind": "light", "faults": ["stuck"]}]}, tmp_path)
    assert shelf.devices[0].faults.has("stuck")
    shelf.close()
