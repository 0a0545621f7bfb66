"""Devices that come and go while the bench runs: real ptys, a real settings file."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from packstation.bootstrap.workshop import STOCKS, Wiring, Workshop
from packstation.devices.bench import DeviceConfig
from packstation.devices.printers.rows import bench_printers
from packstation.devices.recording import read_recording
from packstation.devices.sim.dimensioner import CubiscanSim
from packstation.devices.sim.faces import PtyFace
from packstation.devices.sim.light import RelayLightSim
from packstation.domain.errors import SettingsError
from packstation.domain.recognition import Finding
from packstation.station.ports import DeviceState, ScaleRead, SizeMeasured
from packstation.station.workshop import NewDevice, ProbeEnded, ProbeSettled
from tests.bootstrap.workshop_rig import Shop, scale, shop
from tests.devices.rigs import chance


def test_a_scale_is_recognised_weighed_saved_and_works_without_a_restart(tmp_path: Path) -> None:
    with scale(tmp_path) as sim, shop() as here:
        sim.place(500)
        probe = here.workshop.probe(sim.address)
        found = here.said.next(ProbeEnded, timeout=30).recognition
        assert found.finding is Finding.FOUND
        probe.settle(500)
        settled = here.said.next(ProbeSettled, timeout=30).recognition
        probe.close()
        assert settled.first is not None

        device = NewDevice("scale", settled.first.model, sim.address, "scale")
        here.workshop.save("added", device)
        here.workshop.changed()
        read = here.said.next(ScaleRead, lambda one: one.reading.value is not None)

        assert read.device == "scale"
        assert [row.model for row in here.kept[0]] == ["st-gs"]
        assert not here.workshop.can_zero("scale")

        here.workshop.save("removed", device)
        here.workshop.changed()
        mark = here.said.mark
        sim.place(900)
        assert here.kept[1] == []
        assert here.said.happenings[mark:] == []


def test_a_device_on_trial_is_open_unsaved_and_closed_again(tmp_path: Path) -> None:
    row = DeviceConfig("scale", "st-gs", str(tmp_path / "scale"))
    with scale(tmp_path), scale(tmp_path, "cas-22", "other") as other, shop(row) as here:
        here.said.next(ScaleRead, lambda one: one.reading.value is not None)
        here.workshop.close("scale")
        mark = here.said.mark
        here.workshop.open(NewDevice("scale", "cas-22", other.address, "scale"))
        here.said.healthy(after=mark)
        here.workshop.close("scale")
        here.workshop.close("scale")
        here.workshop.open(NewDevice("scale", "st-gs", row.address, "scale"))
        mark = here.said.mark
        here.said.next(ScaleRead, lambda one: one.reading.raw[:3] == b"ST,", after=mark)
        assert here.kept == []


def test_a_device_that_was_opened_anew_is_the_one_that_is_recorded(tmp_path: Path) -> None:
    row = DeviceConfig("scale", "st-gs", str(tmp_path / "scale"))
    with scale(tmp_path), shop(row, recordings=tmp_path / "tapes") as here:
        here.said.next(ScaleRead, lambda one: one.reading.value is not None)
        here.workshop.close("scale")
        assert here.workshop.record("scale", 1) is None
        here.workshop.open(NewDevice("scale", "st-gs", row.address, "scale"))
        path = here.workshop.record("scale", 1)
        mark = here.said.mark
        for _ in range(2):
            here.said.next(ScaleRead, lambda one: one.reading.value is not None, after=mark)
            mark = here.said.mark
        assert here.workshop.record("scale", 0) == path
    assert path is not None
    assert b"ST," in b"".join(step.data for step in read_recording(Path(path)).steps)


def test_a_scale_is_zeroed_by_a_persons_wish(tmp_path: Path) -> None:
    row = DeviceConfig("scale", "mt-sics", str(tmp_path / "scale"))
    with scale(tmp_path, "mt-sics") as sim, shop(row) as here:
        sim.place(20)
        here.said.next(ScaleRead, lambda one: one.reading.grams == 20)
        assert here.workshop.can_zero("scale")
        mark = here.said.mark
        assert here.workshop.test("scale", "zero")
        here.said.next(ScaleRead, lambda one: one.reading.grams == 0, after=mark)
        assert not here.workshop.test("scale", "light")
        assert not here.workshop.test("nobody", "zero")


def test_a_dimensioner_and_a_printer_are_handed_out_as_they_come(tmp_path: Path) -> None:
    sim = CubiscanSim(PtyFace(tmp_path / "dim"), chance())
    sim.place((400, 300, 200), 900)
    try:
        with shop() as here:
            here.workshop.open(NewDevice("dimensioner", "cubiscan", sim.address, "dimensioner"))
            assert len(here.wiring.measurers) == 1
            assert here.workshop.test("dimensioner", "measure")
            here.said.next(SizeMeasured, timeout=20)
            here.workshop.close("dimensioner")
            assert here.wiring.measurers == []

            label = NewDevice("label", "zpl", str(tmp_path / "none"), "label", {"dpi": 300})
            here.workshop.open(label)
            assert list(here.wiring.printers) == ["label"]
            assert here.desk.printing.table.printer("label") is not None
            assert here.workshop.test("label", "label")
            assert here.labels == ["label"]
            here.workshop.save("added", label)
            assert "confirmed" not in here.kept[0][0].settings
            here.workshop.save("added", replace(label, proven=True))
            here.workshop.changed()
            saved = here.kept[1][0]
            assert saved.settings["confirmed"] == bench_printers((saved,))[0].identity
    finally:
        sim.close()


def test_what_cannot_be_used_leaves_the_bench_as_it_was(tmp_path: Path) -> None:
    row = DeviceConfig("scale", "st-gs", str(tmp_path / "scale"))
    with scale(tmp_path), shop(row) as here:
        here.said.next(ScaleRead, lambda one: one.reading.value is not None)
        for bad in ("scale", "scale-2"):
            with pytest.raises(SettingsError):
                here.workshop.open(NewDevice("scale", "no-such", row.address, bad))
        here.broken = True
        with pytest.raises(SettingsError):
            here.workshop.save("added", NewDevice("scanner", "serial", "/dev/x", "scanner"))
        here.workshop.changed()
        mark = here.said.mark
        here.said.next(ScaleRead, lambda one: one.device == "scale", after=mark)


def test_what_there_is_to_choose_from(tmp_path: Path) -> None:
    with shop(DeviceConfig("scale", "st-gs", str(tmp_path / "gone"))) as here:
        kinds = here.workshop.kinds()
        assert {"scanner", "scale", "label", "papers", "dimensioner"} <= set(kinds)
        assert {"camera", "light"} <= set(kinds)
        assert all(here.workshop.models(kind) for kind in kinds)
        assert here.workshop.models("toaster") == ()
        assert "100x150" in STOCKS
        assert here.workshop.stocks() == STOCKS
        assert isinstance(here.workshop.ports(), tuple)
        assert here.workshop.identify(str(tmp_path / "gone")).cause == "port.missing"
        assert here.workshop.accept("nobody") is None


def test_a_port_row_names_who_uses_it_and_what_it_is() -> None:
    with shop(DeviceConfig("scanner", "serial", "usb:0403:6001:A1")) as here:
        listed = {
            "port": "/dev/ttyUSB0",
            "address": "usb:0403:6001:A1",
            "description": "",
            "manufacturer": "FTDI",
            "serial": "A1",
            "location": "1-1",
        }
        used = here.workshop.port_row(listed, {})
        assert (used.name, used.used_by, used.kind) == ("/dev/ttyUSB0", "scanner", "")
        hid = listed | {"address": "usb:0922:8003", "port": "hid"}
        assert here.workshop.port_row(hid, {"usb:0922:8003": ("scale", "hid-pos")}).kind == "scale"
        printer = listed | {"address": "lp", "port": "lp", "kind": "printer", "model": "zpl"}
        assert here.workshop.port_row(printer, {}).kind == "label"


def test_cameras_are_listed_by_their_lasting_names(tmp_path: Path) -> None:
    first = tmp_path / "usb-Logitech_BRIO_1A2B-video-index0"
    for name in (first.name, "usb-Logitech_BRIO_1A2B-video-index1", "usb-HD_Cam-video-index0"):
        (tmp_path / name).touch()
    with shop(DeviceConfig("camera", "uvc", str(first))) as here:
        rows = here.workshop.camera_rows(tmp_path)
        assert [(row.name, row.used_by) for row in rows] == [
            ("HD Cam", ""),
            ("Logitech BRIO 1A2B", "camera"),
        ]
        assert {(row.kind, row.model) for row in rows} == {("camera", "uvc")}
        assert here.workshop.camera_rows(tmp_path / "gone") == ()
        assert here.workshop.ports()[-1].model == "busylight"


def test_a_light_on_trial_goes_through_its_colours(tmp_path: Path) -> None:
    sim = RelayLightSim(PtyFace(tmp_path / "lamp"), chance())
    try:
        with shop() as here:
            here.workshop.open(NewDevice("light", "relay", sim.address, "light"))
            assert here.workshop.test("light", "light")
            assert sim.wait_for("red")
            assert not here.workshop.test("nobody", "light")
    finally:
        sim.close()


def test_a_given_bench_offers_nothing_to_change() -> None:
    here = Shop()
    given = Wiring(**{n: getattr(here.wiring, n) for n in Wiring.__struct_fields__ if n != "keep"})
    bench = Workshop(given, here.labels.append)
    assert bench.kinds() == ()
    with pytest.raises(SettingsError):
        bench.save("added", NewDevice("scale", "st-gs", "/dev/x", "scale"))
    assert DeviceState.OFF.value == "off"
