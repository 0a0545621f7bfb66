"""Adding a device: recognised, proved, named and opened; every other way out too."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from packstation.domain.packing.device_facts import DeviceConfigured
from packstation.domain.recognition import Finding, Recognition
from packstation.domain.sizes import SizeReading, SizeState
from packstation.station import ports as p
from packstation.station import workshop as w
from packstation.station.views import Screen
from tests.station.bench_hands import FORWARD, REVERSED, SCALE_PORT, SICS, USED_PORT, Floor


def facts(floor: Floor, kind: str) -> list[dict[str, object]]:
    return [one.body for one in floor.store.bench_events([kind])]


def key(floor: Floor) -> str:
    assert floor.view.adding is not None
    return floor.view.adding.main.key


def problem(floor: Floor) -> str:
    assert floor.view.adding is not None
    found = floor.view.adding.problem
    return found.key if found else ""


# --- adding a scale -----------------------------------------------------------------------


def test_a_scale_is_recognised_proved_named_and_opened() -> None:
    floor = Floor()
    floor.unlock()
    assert key(floor) == "add.step.kind"
    floor.pick("scale")
    assert floor.picks() == ["usb:0403:6001:A1", "usb:0403:6001:B2", "usb:0922:8003", *TAIL]
    floor.pick(SCALE_PORT.address)
    assert floor.picks() == []
    floor.say(
        w.ProbeStepped(SCALE_PORT.address, 3, 18, "9600 7E1", b"\x1bP"),
        w.ProbeHeard(SCALE_PORT.address, b"S S 0.000 kg\r\n"),
        w.ProbeHeard("another", b"?"),
    )
    assert floor.view.adding is not None
    assert floor.view.adding.progress == (3, 18)
    assert floor.view.adding.now == "9600 7E1 · ESC P"
    assert floor.view.adding.heard[0].text.startswith("S S")
    floor.ended(Finding.FOUND, SICS)
    assert floor.view.adding.second is not None
    assert floor.view.adding.second.key == "add.weigh.sure"
    floor.pick("1000")
    assert floor.hands.probes[0].settled == [1000]
    floor.settled(Finding.FOUND, SICS)
    assert floor.hands.probes[0].closed
    assert key(floor) == "add.confirm.add"
    floor.pick("device_name")
    floor.say(p.TextEntered("device_name", "Scale by the door"))
    floor.pick("capacity")
    floor.say(p.TextEntered("capacity", "0"), p.TextEntered("capacity", "15"))
    floor.command("accept")
    change, device, _ = floor.hands.saves[0]
    assert change == "added"
    assert (device.id, device.model, device.address) == ("scale-2", "mt-sics", SCALE_PORT.address)
    assert device.options == {
        "baud": 9600,
        "bytesize": 8,
        "parity": "N",
        "name": "Scale by the door",
        "capacity": 15,
    }
    assert floor.view.screen is Screen.DEVICE
    assert floor.view.page is not None
    assert floor.view.page.device.name == "Scale by the door"
    assert facts(floor, DeviceConfigured.__name__)[0]["change"] == "added"


TAIL = ["unplug", "typed"]


def test_what_bytes_do_not_tell_needs_the_weight() -> None:
    floor = Floor()
    floor.at_weigh(Finding.AMBIGUOUS, FORWARD, REVERSED)
    assert floor.picks() == ["500", "1000", "2000", "other"]
    floor.pick("other")
    floor.say(p.TextEntered("known_g", "0"))
    floor.pick("other")
    floor.say(p.TextEntered("known_g", "750"))
    assert floor.hands.probes[0].settled == [750]
    floor.settled(Finding.DISAGREE, FORWARD)
    assert problem(floor) == "add.settle.disagree"
    floor.pick("500")
    floor.settled(Finding.NOTHING)
    assert problem(floor) == "add.settle.nothing"
    floor.pick("500")
    floor.settled(Finding.FOUND, FORWARD)
    floor.pick("unit")
    floor.command("accept")
    assert floor.hands.saves[0][1].options["unit"] == "lb"


def test_a_sure_scale_may_go_without_a_weight_and_one_may_go_back() -> None:
    floor = Floor()
    floor.at_weigh()
    floor.pick("skip")
    assert key(floor) == "add.confirm.add"
    floor.command("back")
    assert key(floor) == "add.step.probe"
    assert len(floor.hands.probes) == 2
    floor.ended(Finding.FOUND)
    assert problem(floor) == "add.finding.found"


def test_nothing_heard_offers_again_and_the_list_of_models() -> None:
    floor = Floor()
    floor.unlock()
    floor.pick("scale")
    floor.pick(SCALE_PORT.address)
    floor.ended(Finding.GARBAGE)
    assert problem(floor) == "add.finding.garbage"
    assert floor.picks() == ["again", "model"]
    floor.pick("again")
    floor.ended(Finding.NOTHING, cause="port.busy")
    assert problem(floor) == "port.busy"
    floor.pick("model")
    floor.pick("yaohua-forward")
    assert key(floor) == "add.trial.scale"
    assert floor.hands.log[-1] == "open scale-2 yaohua-forward"
    floor.read("1.5", device="scale-2")
    assert floor.view.adding is not None
    assert floor.view.adding.giant == "1.5 g"
    assert floor.desk.reading is None
    floor.say(p.DeviceHealth("scale-2", p.DeviceState.FAULT, "device.unplugged"))
    assert problem(floor) == "device.unplugged"
    floor.say(p.DeviceHealth("scale-2", p.DeviceState.OK), p.DeviceSeen("scale-2", b"=1", 3))
    assert floor.view.adding.heard
    floor.say(p.AnswerGiven(yes=True))
    floor.command("accept")
    assert floor.hands.saves[0][1].options == {"unit": "kg"}
    assert floor.desk.devices["scale-2"].state is p.DeviceState.OFF


def test_a_port_that_cannot_be_probed_says_why() -> None:
    floor = Floor()
    floor.hands.broken = "probe"
    floor.unlock()
    floor.pick("scale")
    floor.pick("typed")
    floor.say(p.TextEntered("address", "tcp://"))
    assert problem(floor) == "error.setting"
    floor.say(w.ProbeEnded("tcp://", Recognition(Finding.NOTHING)))
    assert problem(floor) == "error.setting"


def test_a_hid_scale_says_itself_what_it_is() -> None:
    floor = Floor()
    floor.unlock()
    floor.pick("scale")
    floor.pick("usb:0922:8003")
    assert floor.hands.log[-1] == "open scale-2 hid-pos"
    floor.pick("no")
    assert problem(floor) == "add.no.scale"
    assert floor.hands.log[-1] == "close scale-2"


# --- ports --------------------------------------------------------------------------------


def test_a_port_in_use_is_not_taken() -> None:
    floor = Floor()
    floor.unlock()
    floor.pick("scale")
    floor.pick(USED_PORT.address)
    assert problem(floor) == "add.port_used"
    assert key(floor) == "add.step.port"


def test_a_device_is_found_by_pulling_its_plug() -> None:
    floor = Floor()
    floor.unlock()
    floor.pick("scale")
    floor.pick("unplug")
    assert key(floor) == "add.step.unplug"
    floor.hands.there = (USED_PORT,)
    floor.say(p.Ticked())
    assert key(floor) == "add.plug"
    floor.hands.there = (SCALE_PORT, USED_PORT)
    floor.say(p.Ticked())
    assert key(floor) == "add.step.probe"


def test_pulling_the_plug_of_a_device_in_use_leads_back() -> None:
    floor = Floor()
    floor.unlock()
    floor.pick("scale")
    floor.pick("unplug")
    floor.hands.there = (SCALE_PORT,)
    floor.say(p.Ticked())
    floor.hands.there = (SCALE_PORT, USED_PORT)
    floor.say(p.Ticked())
    assert problem(floor) == "add.port_used"
    assert floor.command("back").adding is not None
    assert key(floor) == "add.step.kind"


# --- other kinds --------------------------------------------------------------------------


def test_a_scanner_proves_itself_by_a_scan() -> None:
    floor = Floor()
    floor.unlock()
    floor.scan("%PS:accept")
    floor.pick(SCALE_PORT.address)
    assert key(floor) == "add.trial.scanner"
    floor.say(p.CodeScanned("4006381333931", source="scanner-2"))
    assert floor.view.adding is not None
    assert floor.view.adding.giant == "4006381333931"
    floor.say(p.CodeScanned("T-9", source="scanner"))
    assert floor.view.adding.giant == "4006381333931"
    floor.command("accept", "accept")
    assert floor.hands.saves[0][1].id == "scanner-2"


def test_a_label_printer_is_asked_its_name_and_prints_a_test_label() -> None:
    floor = Floor()
    floor.unlock()
    floor.pick("label")
    floor.pick(SCALE_PORT.address)
    assert floor.picks() == ["100x150", "100x100"]
    floor.pick("100x150")
    floor.pick("203")
    assert floor.hands.log[-2:] == ["open label-2 zpl", "test label-2 label"]
    floor.say(
        p.DeviceHealth("label-2", p.DeviceState.OK),
        p.PrintProgress("test/1", "label", "printed", "label-2"),
    )
    floor.pick("label")
    assert floor.hands.log[-1] == "test label-2 label"
    floor.say(p.AnswerGiven(yes=False))
    assert problem(floor) == "add.no.label"
    floor.pick("300")
    floor.say(p.AnswerGiven(yes=True))
    assert floor.say(p.AnswerGiven(yes=True)).adding is not None
    floor.command("accept")
    device = floor.hands.saves[0][1]
    assert (device.model, device.options) == ("zpl", {"stock": "100x150", "dpi": 300})
    assert device.proven


def test_a_label_that_did_not_come_out_proves_nothing() -> None:
    floor = Floor()
    floor.unlock()
    floor.pick("label")
    floor.pick(SCALE_PORT.address)
    floor.pick("100x150")
    floor.pick("203")
    floor.say(p.AnswerGiven(yes=True))
    floor.command("back")
    floor.say(p.AnswerGiven(yes=False))
    assert floor.desk.pages.wizard is not None
    assert not floor.desk.pages.wizard.proven
    floor.hands.broken = "open"
    floor.pick("203")
    assert floor.say(p.AnswerGiven(yes=True)).earcon == "unknown_code"
    assert key(floor) == "add.trial.label"
    assert floor.hands.saves == []


@pytest.mark.parametrize(
    ("named", "said"),
    [(("", "", "port.busy"), "port.busy"), (("", "", ""), "add.printer_silent")],
)
def test_a_printer_that_does_not_answer_is_chosen_by_hand(
    named: tuple[str, str, str], said: str
) -> None:
    floor = Floor()
    floor.hands.named = named
    floor.unlock()
    floor.pick("label")
    floor.pick(SCALE_PORT.address)
    assert problem(floor) == said
    if not named[2]:
        floor.pick("tspl")
        assert key(floor) == "add.step.stock"
    floor.say(w.PrinterNamed(SCALE_PORT.address, "zpl"))


def test_a_dimensioner_measures_for_proof() -> None:
    floor = Floor()
    floor.unlock()
    floor.pick("dimensioner")
    floor.pick(SCALE_PORT.address)
    floor.pick("cubiscan")
    floor.pick("measure")
    assert floor.hands.log[-1] == "test dimensioner measure"
    sides = SizeReading(
        state=SizeState.MEASURED,
        length=Decimal(40),
        width=Decimal(30),
        height=Decimal(20),
        unit="cm",
    )
    floor.say(
        p.SizeMeasured("dimensioner", SizeReading(state=SizeState.NOT_READY), 1),
        p.SizeMeasured("dimensioner", sides, 1),
    )
    assert floor.view.adding is not None
    assert floor.view.adding.giant == "400 × 300 × 200 mm"


def test_a_device_that_cannot_be_opened_or_saved_says_why() -> None:
    floor = Floor()
    floor.hands.broken = "open"
    floor.unlock()
    floor.pick("light")
    floor.pick(SCALE_PORT.address)
    assert problem(floor) == "error.setting"
    assert floor.pick("next").earcon == "unknown_code"
    assert key(floor) == "add.trial.light"
    floor.command("back")
    floor.hands.broken = "save"
    floor.pick(SCALE_PORT.address)
    floor.pick("next")
    floor.pick("save")
    assert problem(floor) == "error.setting"
    assert key(floor) == "add.confirm.add"


def test_replacing_frees_the_port_and_leaving_gives_it_back() -> None:
    floor = Floor()
    floor.pick("scanner")
    floor.unlock("device-replace")
    assert floor.view.screen is Screen.ADD_DEVICE
    assert floor.hands.log == ["close scanner"]
    assert floor.command("back").screen is Screen.DEVICES
    assert floor.hands.log[-1].startswith("open scanner")
    floor.pick("scanner")
    floor.command("device-replace")
    floor.pick(USED_PORT.address)
    floor.command("accept", "accept")
    assert floor.hands.saves[0][0] == "replaced"
    assert floor.hands.saves[0][2] == "scanner"
    assert key_of_page(floor) == "scanner"


def key_of_page(floor: Floor) -> str:
    assert floor.view.page is not None
    return floor.view.page.device.id


def test_what_is_not_on_the_page_is_not_picked() -> None:
    floor = Floor()
    floor.unlock()
    floor.pick("no-such-kind")
    assert key(floor) == "add.step.kind"
    floor.say(p.CommandGiven("quantity", "1"))
    assert key(floor) == "add.step.port"
    floor.say(p.TextEntered("known_g", "500"))
    assert floor.hands.probes == []


def test_a_scale_on_the_network_has_no_line_and_needs_a_candidate() -> None:
    floor = Floor()
    floor.at_weigh(Finding.FOUND, replace(SICS, baud=0))
    floor.settled(Finding.FOUND)
    assert key(floor) == "add.step.weigh"
    floor.pick("500")
    floor.settled(Finding.FOUND, replace(SICS, baud=0))
    floor.command("accept")
    assert floor.hands.saves[0][1].options == {}


def test_a_camera_is_picked_by_name_and_shows_its_picture() -> None:
    floor = Floor()
    camera = w.PortRow("/dev/v4l/by-id/usb-BRIO", "BRIO", kind="camera", model="uvc")
    floor.hands.there = (SCALE_PORT, camera)
    floor.unlock()
    floor.pick("camera")
    assert floor.picks() == [camera.address, "unplug", "typed"]
    view = floor.pick(camera.address)
    assert view.look is not None
    assert (view.look.device, key(floor)) == ("camera", "add.trial.camera")
    assert floor.hands.log[-1] == "open camera uvc"
    floor.pick("next")
    assert floor.view.look is None
    floor.pick("save")
    assert floor.desk.devices["camera"].info.use == "look"


def test_an_address_is_scanned_where_nobody_can_type_it() -> None:
    floor = Floor()
    floor.unlock()
    floor.pick("camera")
    floor.pick("typed")
    assert floor.view.entry is not None
    view = floor.scan("http://10.0.0.5:8080/stream")
    assert (view.entry, floor.hands.log[-1]) == (None, "open camera mjpeg")


def test_a_light_shows_its_colours_as_soon_as_it_is_tried() -> None:
    floor = Floor()
    usb = w.PortRow("usb", "USB", kind="light", model="busylight")
    floor.hands.there = (SCALE_PORT, usb)
    floor.unlock()
    floor.pick("light")
    assert floor.picks()[:2] == [SCALE_PORT.address, "usb"]
    floor.pick("usb")
    assert floor.hands.log[-2:] == ["open light busylight", "test light light"]
    assert floor.picks() == ["next", "no", "light"]
