"""The camera counts what lies before it, closes what is its own, and never refuses."""

from __future__ import annotations

import pytest

from packstation.domain.catalog import Tracking
from packstation.domain.packing import State
from packstation.domain.reading import CodeRead
from packstation.station import ports as p
from packstation.station.desk import DeviceInfo, DeviceRecord
from packstation.station.views import Screen
from tests.station.desk import MUG, MUG_BLUE, SOCK, Bench, order, product, signed_in, to_confirming

NS = 1_000_000


class Eye:
    """A camera over a signed-in bench: what it sees, twice in a row as it takes."""

    def __init__(self, bench: Bench, use: str = "look") -> None:
        self.bench = bench
        self.frame = self.ms = 0
        info = DeviceInfo("camera", "camera", "camera", "uvc", use=use)
        bench.desk.devices["camera"] = DeviceRecord(
            info, p.DeviceState.OK, recorded=(p.DeviceState.OK, "")
        )

    def sees(self, *texts: str, times: int = 2, gap_ms: int = 50) -> None:
        """Things side by side, in ``times`` pictures."""
        self.ms += 500
        for _ in range(times):
            self.frame, self.ms = self.frame + 1, self.ms + gap_ms
            reads = tuple(read(text, 200 * at) for at, text in enumerate(texts))
            report = p.CodesSeen("camera", reads, self.frame, self.ms * NS, (1280, 720))
            self.bench.say(report)

    @property
    def states(self) -> list[str]:
        look = self.bench.view.look
        return [mark.state for mark in look.marks] if look is not None else []


def read(text: str, x: int) -> CodeRead:
    kind = {13: "ean13", 8: "ean8"}.get(len(text) * text.isdigit(), "code128")
    kind, aim = ("datamatrix", "]d2") if text.startswith("01") else (kind, "")
    corners = ((x, 0), (x + 100, 0), (x + 100, 40), (x, 40))
    return CodeRead(text, aim, kind, corners, "zxing", "quick")


@pytest.fixture
def eye() -> Eye:
    bench = signed_in()
    bench.scan("T-O-1")
    return Eye(bench)


def screen(bench: Bench) -> Screen:
    return bench.view.screen


def done(bench: Bench) -> dict[str, int]:
    return {line.product.sku: line.done for line in bench.view.lines}


def test_all_items_in_one_look_are_verified(eye: Eye) -> None:
    eye.sees(MUG, MUG, SOCK)
    assert done(eye.bench) == {"MUG-GRN": 2, "SOCK-RED": 1}
    assert screen(eye.bench) is Screen.CARTONING
    verified = [r.event.body for r in eye.bench.store.records if r.event.kind == "ItemVerified"]
    assert [body["source"] for body in verified] == ["camera"] * 3
    assert eye.bench.kinds()[-1] == "ContentsVerified"


def test_who_works_under_the_camera_is_there(eye: Eye) -> None:
    eye.bench.clock.advance(290)
    eye.sees(MUG)
    eye.bench.clock.advance(290)
    assert not eye.bench.say(p.Ticked()).locked


def test_a_single_picture_counts_nothing(eye: Eye) -> None:
    eye.sees(MUG, SOCK, times=1)
    assert done(eye.bench) == {"MUG-GRN": 0, "SOCK-RED": 0}
    assert eye.states == ["unsure", "unsure"]


def test_what_lies_there_for_long_is_counted_once(eye: Eye) -> None:
    eye.sees(MUG, times=9)
    assert done(eye.bench)["MUG-GRN"] == 1
    eye.sees(times=3)
    eye.sees(MUG, times=9)
    assert done(eye.bench)["MUG-GRN"] == 1
    eye.sees(MUG, MUG, times=2)
    assert done(eye.bench)["MUG-GRN"] == 2


def test_a_scanned_item_that_is_then_laid_down_is_not_counted_again(eye: Eye) -> None:
    eye.bench.scan(MUG)
    eye.sees(MUG, times=4)
    assert done(eye.bench)["MUG-GRN"] == 1
    assert eye.states == ["counted"]


def test_never_more_than_due_and_never_a_refusal(eye: Eye) -> None:
    before = eye.bench.view
    eye.sees(MUG_BLUE, "4006381333955", "5901234123457", "T-O-1", "%PS:void", "C3", times=4)
    assert eye.bench.view.alert is None
    assert eye.bench.kinds().count("ItemRejected") == eye.bench.kinds().count("InputRefused") == 0
    assert done(eye.bench) == {line.product.sku: line.done for line in before.lines}
    assert eye.states == ["other"] * 6
    eye.sees(SOCK, SOCK, SOCK)
    assert done(eye.bench)["SOCK-RED"] == 1
    assert eye.states.count("counted") == 1


def test_marks_say_what_is_counted_and_what_is_covered(eye: Eye) -> None:
    eye.sees(SOCK, MUG_BLUE)
    look = eye.bench.view.look
    assert look is not None
    assert (look.device, look.size) == ("camera", (1280, 720))
    assert [(mark.state, mark.covered) for mark in look.marks] == [
        ("counted", False),
        ("other", False),
    ]
    eye.sees(MUG_BLUE, times=1)
    assert eye.bench.view.look
    assert next(mark.covered for mark in eye.bench.view.look.marks)


def test_what_undo_took_out_stays_out_while_it_lies_there(eye: Eye) -> None:
    eye.sees(MUG, SOCK)
    eye.bench.command("undo")
    assert done(eye.bench)["SOCK-RED"] == 0
    eye.sees(MUG, SOCK, times=5)
    assert done(eye.bench) == {"MUG-GRN": 1, "SOCK-RED": 0}
    assert "unsure" in eye.states
    eye.sees(MUG, times=40)
    eye.sees(MUG, SOCK)
    assert done(eye.bench)["SOCK-RED"] == 1


def test_undo_with_nothing_in_sight_is_an_undo(eye: Eye) -> None:
    eye.bench.scan(MUG)
    eye.sees("C3")
    eye.bench.command("undo")
    assert done(eye.bench)["MUG-GRN"] == 0


def test_nothing_counts_while_a_refusal_is_to_be_answered(eye: Eye) -> None:
    eye.bench.scan(MUG_BLUE)
    eye.sees(MUG, SOCK, times=3)
    assert eye.bench.view.alert is not None
    assert done(eye.bench) == {"MUG-GRN": 0, "SOCK-RED": 0}
    eye.bench.command("accept")
    eye.sees(MUG, SOCK, times=1)
    assert done(eye.bench) == {"MUG-GRN": 1, "SOCK-RED": 1}


def test_a_camera_that_is_off_or_unknown_counts_nothing() -> None:
    bench = signed_in()
    bench.scan("T-O-1")
    eye = Eye(bench, use="off")
    eye.sees(MUG, times=3)
    assert done(bench)["MUG-GRN"] == 0
    assert bench.view.look is None
    bench.say(p.CodesSeen("nobody", (read(MUG, 0),), 1, 0))
    assert done(bench)["MUG-GRN"] == 0


def test_nobody_signed_in_nothing_counted(eye: Eye) -> None:
    eye.bench.command("person")
    eye.sees(MUG, times=3)
    assert "ItemVerified" not in eye.bench.kinds()


def tracked() -> Eye:
    bench = signed_in()
    known = product("VAC-1", "09521234543213", 900, tracking=Tracking(serial=True))
    bench.cache.add(known, p.OrderRow(order("O-7", "VAC-1*2"), 1))
    bench.scan("T-O-7")
    return Eye(bench)


def test_serials_are_read_from_gs1_and_each_counts_once() -> None:
    eye = tracked()
    eye.sees("010952123454321321A1", times=4)
    assert done(eye.bench) == {"VAC-1": 1}
    eye.sees("010952123454321321A2", times=40)
    assert done(eye.bench) == {"VAC-1": 2}
    assert eye.bench.view.alert is None


def test_a_code_without_the_serial_asks_for_a_scan_and_refuses_nothing() -> None:
    eye = tracked()
    eye.sees("0109521234543213", times=3)
    assert done(eye.bench) == {"VAC-1": 0}
    assert eye.states == ["scan"]
    assert eye.bench.view.alert is None


def test_the_label_on_the_box_closes_the_parcel_and_another_one_does_nothing() -> None:
    bench = signed_in()
    to_confirming(bench)
    eye = Eye(bench)
    eye.sees("LP999999999CN", MUG, times=3)
    assert bench.core.session.state is State.CONFIRMING
    assert bench.view.alert is None
    assert bench.view.look is not None
    assert bench.core.session.parcel.label
    eye.sees(bench.core.session.parcel.label.waybill)
    assert screen(bench) is Screen.COMPLETED


def test_as_a_scanner_it_opens_an_order_and_takes_a_box() -> None:
    bench = signed_in()
    eye = Eye(bench, use="scan")
    eye.sees("5901234123457", "%PS:help", "%PB:SV-1", "C3", "LP000000005CN", times=3)
    assert screen(bench) is Screen.QUEUE
    assert bench.view.alert is None
    eye.sees("T-O-1")
    assert screen(bench) is Screen.SCANNING
    eye.sees(MUG, MUG, SOCK, times=40)
    assert screen(bench) is Screen.CARTONING
    eye.sees("C1", times=40)
    assert screen(bench) is Screen.CARTONING
    eye.sees("C3", times=3)
    assert screen(bench) is Screen.WEIGHING
    assert bench.view.alert is None


def test_as_a_scanner_an_item_opens_its_order() -> None:
    bench = signed_in()
    eye = Eye(bench, use="scan")
    eye.sees("4006381333955", times=3)
    assert screen(bench) is Screen.QUEUE
    eye.sees(SOCK, times=3)
    assert screen(bench) is Screen.SCANNING
    assert bench.view.alert is None


def test_a_camera_to_look_with_opens_nothing() -> None:
    bench = signed_in()
    Eye(bench).sees("T-O-1", MUG, times=4)
    assert screen(bench) is Screen.QUEUE


def test_a_camera_that_is_lost_shows_no_picture(eye: Eye) -> None:
    eye.bench.say(p.DeviceHealth("camera", p.DeviceState.FAULT, "camera.frozen"))
    assert eye.bench.view.look is None


def test_the_cameras_page_opens_from_devices_and_shows_any_camera() -> None:
    bench = signed_in()
    bench.command("devices")
    assert "camera" not in [command.command for command in bench.view.commands]
    bench.command("camera")
    assert (screen(bench), bench.view.look) == (Screen.CAMERA, None)
    bench.command("back")
    eye = Eye(bench, use="off")
    bench.say(p.DeviceHealth("camera", p.DeviceState.FAULT, "camera.frozen"))
    view = bench.command("devices")
    assert ("camera", "F3") in [(command.command, command.key) for command in view.commands]
    bench.command("camera")
    assert screen(bench) is Screen.CAMERA
    assert bench.view.look is not None
    assert bench.view.look.device == "camera"
    eye.sees(MUG)
    bench.command("back")
    assert screen(bench) is Screen.QUEUE
