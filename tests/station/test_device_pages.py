"""The Devices pages: look, try, add, replace and remove, as people do it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from packstation.domain.errors import SettingsError
from packstation.domain.packing.device_facts import DeviceConfigured, ScaleChecked
from packstation.domain.weights import Reading, ScaleState
from packstation.station import ports as p
from packstation.station import workshop as w
from packstation.station.scale_checks import rule_of
from packstation.station.views import Screen, Words
from tests.station.bench_hands import SCALE_PORT, Floor


def facts(floor: Floor, kind: str) -> list[dict[str, object]]:
    return [one.body for one in floor.store.bench_events([kind])]


def key(floor: Floor) -> str:
    assert floor.view.adding is not None
    return floor.view.adding.main.key


def problem(floor: Floor) -> str:
    assert floor.view.adding is not None
    found = floor.view.adding.problem
    return found.key if found else ""


# --- looking ------------------------------------------------------------------------------


def test_a_device_is_opened_by_number_touch_arrows_and_scan() -> None:
    floor = Floor()
    assert floor.say(p.ChoiceMade(1)).screen is Screen.DEVICE
    assert floor.view.page is not None
    assert floor.view.page.device.id == "scale"
    assert floor.command("back").screen is Screen.DEVICES
    assert floor.pick("label").page is not None
    floor.command("back")
    assert floor.command("next-row").selected == 1
    assert floor.command("previous-row", "previous-row").selected == 3
    assert floor.command("accept").screen is Screen.DEVICE
    floor.command("back")
    assert floor.scan("%PS:quantity:2").page is not None
    floor.command("back")
    assert floor.say(p.ChoiceMade(77)).screen is Screen.DEVICES
    assert floor.command("back").screen is Screen.QUEUE


@pytest.mark.parametrize("nothing", ["two", "²", "9" * 5000])
def test_a_number_that_is_none_opens_nothing(
    nothing: str, caplog: pytest.LogCaptureFixture
) -> None:
    floor = Floor()
    assert floor.say(p.CommandGiven("quantity", nothing)).screen is Screen.DEVICES
    assert not caplog.records


def test_a_lamp_opens_the_page_of_its_device() -> None:
    floor = Floor()
    floor.command("back")
    assert floor.say(p.CommandGiven("devices", "label", "touch")).page is not None


def test_the_page_shows_bytes_what_they_mean_and_how_often() -> None:
    floor = Floor()
    floor.pick("scale")
    for _ in range(3):
        floor.read("12.5")
    floor.read("13")
    floor.clock.advance(1)
    floor.read("14", ScaleState.MOTION)
    fault = Reading(state=ScaleState.FAULT, error="frame", raw=b"\x02?")
    floor.clock.advance(1)
    floor.say(p.ScaleRead("scale", fault, floor.clock.mono_ns()))
    floor.say(p.ScaleRead("scale", Reading(state=ScaleState.NOT_READY), 1))
    page = floor.view.page
    assert page is not None
    newest, moving, first = page.heard
    assert (newest.hex, newest.text, newest.state) == ("02 3F", "\\x02?", "FAULT")
    assert (moving.value, moving.state) == ("14 g", "MOTION")
    assert (first.value, first.count) == ("12.5 g", 3)
    named = {name.key: value for name, value in page.facts}
    assert named["dev.fact.bad"] == "1"
    assert named["dev.fact.losses"] == "0"


def test_losses_serial_and_bytes_of_others_are_kept() -> None:
    floor = Floor()
    floor.say(
        p.DeviceHealth("scale", p.DeviceState.FAULT, "device.unplugged"),
        p.DeviceHealth("scale", p.DeviceState.OK, "", "B123"),
        p.DeviceHealth("nobody", p.DeviceState.OK, "", "B123"),
        p.DeviceHealth("scanner", p.DeviceState.OK),
        p.DeviceSeen("scanner", b"690\r", 5),
        p.DeviceSeen("scale", b"S S", 5),
        p.DeviceSeen("nobody", b"?", 5),
    )
    page = floor.pick("scale").page
    assert page is not None
    named = {name.key: value for name, value in page.facts}
    assert (named["dev.fact.serial"], named["dev.fact.losses"]) == ("B123", "1")
    floor.command("back")
    page = floor.pick("scanner").page
    assert page is not None
    assert page.heard[0].text == "690\\r"
    assert page.tests == ()


def test_a_scan_on_a_device_page_is_shown_and_not_acted_on() -> None:
    floor = Floor()
    floor.pick("scanner")
    view = floor.scan("4006381333931")
    assert view.screen is Screen.DEVICE
    assert view.page is not None
    assert view.page.heard[0].text == "4006381333931"
    assert view.order is None


def test_tests_by_kind_are_tried_by_button_and_number() -> None:
    floor = Floor()
    floor.pick("scale")
    assert floor.picks() == ["zero", "check"]
    floor.say(p.CommandGiven("device-test", "zero", "touch"), p.CommandGiven("device-test", "x"))
    floor.command("back")
    floor.pick("label")
    floor.say(p.ChoiceMade(0))
    assert floor.hands.log == ["test scale zero", "test label label"]
    floor.hands.broken = "test"
    assert floor.command("accept").earcon == "unknown_code"


def test_a_device_that_is_gone_leaves_an_empty_page() -> None:
    floor = Floor()
    floor.pick("scale")
    del floor.desk.devices["scale"]
    assert floor.command("accept").page is None


# --- the reference weight -----------------------------------------------------------------


def put_on(floor: Floor, grams: str) -> None:
    floor.pick("scale")
    floor.pick("check")
    assert floor.view.page is not None
    assert floor.view.page.health is not None
    assert floor.view.page.health.checking is not None
    floor.read("0")
    floor.read(grams, ScaleState.MOTION)
    for _ in range(6):
        floor.read(grams)


def test_a_reference_weight_is_read_recorded_and_survives_a_restart() -> None:
    floor = Floor()
    floor.desk.devices["scale"].serial = "B123"
    put_on(floor, "1003")
    body = facts(floor, ScaleChecked.__name__)[0]
    assert (body["read_g"], body["reference_g"], body["serial"]) == ("1003", 1000, "B123")
    assert body["by"] == "PK-1"
    assert floor.view.page is not None
    health = floor.view.page.health
    assert health is not None
    assert (health.passed, health.due_state) == (True, "fine")
    assert health.deviation == Words("unit.more_g", (("g", Decimal(3)),))
    assert health.due is not None
    assert health.due.n == 7
    assert len(facts(floor, ScaleChecked.__name__)) == 1

    again = Floor(floor.store)
    page = again.pick("scale").page
    assert page is not None
    assert page.health is not None
    assert page.health.deviation == Words("unit.more_g", (("g", Decimal(3)),))


def test_a_scale_that_is_off_is_marked_and_barred_only_by_its_own_rule() -> None:
    floor = Floor()
    put_on(floor, "990")
    assert floor.view.page is not None
    assert floor.view.page.health is not None
    assert floor.view.page.health.due_state == "failed"
    note = next(one for one in floor.view.devices if one.id == "scale").note
    assert note is not None
    assert note.key == "dev.due.failed"
    assert not floor.desk.scale_lost
    info = floor.desk.devices["scale"].info
    floor.desk.devices["scale"].info = replace(info, options={"check_blocks": True})
    floor.say(p.Ticked())
    assert floor.desk.scale_lost


def test_a_check_can_be_left() -> None:
    floor = Floor()
    floor.pick("scale")
    floor.pick("check")
    assert floor.command("back").screen is Screen.DEVICE
    for _ in range(6):
        floor.read("1000")
    assert facts(floor, ScaleChecked.__name__) == []


def test_the_card_of_a_scale_names_its_noise_and_what_is_due() -> None:
    floor = Floor()
    for _ in range(8):
        floor.read("0")

    def note() -> str:
        found = next(one for one in floor.view.devices if one.id == "scale").note
        return found.key if found else ""

    assert note() == "dev.noise"
    put_on(floor, "1000")
    floor.command("back")
    assert note() == "dev.noise_due"
    floor.clock.advance(9 * 86400)
    floor.say(p.Ticked())
    floor.scan("%PB:PK-1")
    floor.command("devices")
    assert note() == "dev.due.overdue"


def test_a_rule_of_settings_takes_no_nonsense() -> None:
    assert rule_of({"check_days": 3, "check_g": 500, "check_tolerance_g": "0.5"}).days == 3
    odd = rule_of(
        {"check_days": True, "check_g": 0, "check_tolerance_g": "x", "check_blocks": "yes"}
    )
    assert odd == rule_of({})
    assert rule_of({"check_tolerance_g": "-1"}).tolerance_g == Decimal(5)


# --- who may change the bench -------------------------------------------------------------


def test_adding_needs_a_supervisors_badge_and_pin() -> None:
    floor = Floor()
    assert floor.command("add-device").entry is not None
    assert floor.command("back").entry is None
    assert floor.view.screen is Screen.DEVICES
    floor.command("add-device")
    floor.say(p.TextEntered("supervisor", "PK-2"))
    assert floor.view.screen is Screen.DEVICES
    floor.command("accept")
    assert floor.unlock().screen is Screen.ADD_DEVICE
    assert floor.command("back").screen is Screen.DEVICES
    assert floor.command("add-device").screen is Screen.ADD_DEVICE
    assert floor.command("cancel").screen is Screen.DEVICES
    floor.command("back")
    floor.command("devices")
    assert floor.command("add-device").entry is not None


def test_a_supervisors_badge_scanned_asks_for_the_pin_at_once() -> None:
    floor = Floor()
    floor.scan("%PS:manual")
    floor.scan("%PB:SV-1")
    assert floor.view.entry is not None
    assert floor.view.entry.kind == "pin"
    assert floor.say(p.TextEntered("pin", "9999")).screen is Screen.ADD_DEVICE


def test_a_supervisor_at_work_needs_the_pin_alone() -> None:
    floor = Floor()
    floor.command("back")
    floor.scan("%PB:SV-1")
    floor.command("devices", "add-device")
    assert floor.view.entry is not None
    assert floor.view.entry.kind == "pin"


def test_a_pin_that_comes_too_late_changes_nothing() -> None:
    floor = Floor()
    floor.command("add-device")
    floor.say(p.TextEntered("supervisor", "SV-1"))
    floor.clock.advance(61)
    floor.say(p.TextEntered("pin", "9999"))
    assert floor.view.screen is Screen.DEVICES


def test_removing_writes_closes_and_is_recorded() -> None:
    floor = Floor()
    assert floor.command("device-remove").alert is not None
    floor.command("accept")
    floor.pick("papers")
    floor.unlock("device-remove")
    assert floor.view.screen is Screen.DEVICES
    assert [one.id for one in floor.view.devices] == ["scanner", "scale", "label"]
    assert floor.hands.saves[0][0] == "removed"
    assert "changed" in floor.hands.log
    body = facts(floor, DeviceConfigured.__name__)[0]
    assert (body["device"], body["change"], body["by"]) == ("papers", "removed", "SV-1")


def test_a_device_that_cannot_be_removed_stays() -> None:
    floor = Floor()
    floor.hands.broken = "save"
    floor.pick("papers")
    floor.unlock("device-remove")
    assert floor.view.alert is not None
    assert len(floor.view.devices) == 4


# --- leaving ------------------------------------------------------------------------------


def test_a_change_of_person_closes_what_was_half_added() -> None:
    floor = Floor()
    floor.at_weigh()
    floor.command("person")
    assert floor.view.locked
    assert floor.hands.probes[0].closed
    floor.say(w.ProbeHeard(SCALE_PORT.address, b"late"), w.PortsListed(()))
    assert floor.desk.pages.wizard is None


def test_opening_another_page_closes_it_too() -> None:
    floor = Floor()
    floor.at_weigh()
    floor.command("queue")
    assert floor.view.screen is Screen.QUEUE
    assert floor.hands.probes[0].closed


def test_a_bench_that_closes_gives_the_port_back() -> None:
    floor = Floor()
    floor.station.stop()
    other = Floor()
    other.at_weigh()
    other.station.stop()
    assert other.hands.probes[0].closed


def test_pages_take_only_what_is_theirs() -> None:
    floor = Floor()
    floor.say(p.AnswerGiven(yes=True))
    assert floor.view.screen is Screen.DEVICES
    floor.command("person")
    floor.say(p.ChoiceMade(0), p.AnswerGiven(yes=True))
    assert floor.view.locked


def test_a_bench_without_a_workshop_refuses_changes() -> None:
    none = w.NoWorkshop()
    assert (none.kinds(), none.models("x"), none.stocks(), none.ports()) == ((), (), (), ())
    assert none.identify("x").model == ""
    assert not none.test("x", "y")
    assert not none.can_zero("x")
    none.open(w.NewDevice("a", "b", "c"))
    none.close("a")
    none.changed()
    with pytest.raises(SettingsError):
        none.probe("x")
    with pytest.raises(SettingsError):
        none.save("added", w.NewDevice("a", "b", "c"))


def test_a_device_is_recorded_and_a_printer_chosen_from_its_page() -> None:
    floor = Floor()

    class Care:
        asked: tuple[str, int] = ("", 0)

        def accept(self, device: str) -> tuple[str, str] | None:
            return None if device else ("", "")

        def record(self, device: str, minutes: int) -> str | None:
            self.asked = (device, minutes)
            return "file"

    floor.core.care = care = Care()
    floor.pick("label")
    assert floor.picks() == ["label", "use", "roll", "record"]
    floor.pick("record")
    assert care.asked == ("label", 5)
    floor.pick("roll")
    floor.pick("use")
    assert floor.hands.log == []
