"""A device's name and options are changed on its page, checked, saved, opened anew, taken back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.domain.errors import SettingsError
from packstation.domain.packing.device_facts import DeviceConfigured
from packstation.station import ports as p
from packstation.station import workshop as w
from packstation.station.views import AddDeviceView, Screen, Words
from tests.station.bench_hands import Floor


def editing(device: str = "scale", **options: object) -> Floor:
    floor = Floor()
    record = floor.desk.devices[device]
    record.info = replace(record.info, options=options)
    floor.pick(device)
    floor.unlock("device-edit")
    return floor


def page(floor: Floor) -> AddDeviceView:
    assert floor.view.screen is Screen.EDIT_DEVICE
    assert floor.view.adding is not None
    return floor.view.adding


def typed(floor: Floor, field: str, value: str) -> None:
    floor.pick(field)
    floor.pick("typed")
    floor.say(p.TextEntered("option", value))


def test_a_name_is_typed_saved_and_shown_and_the_device_opened_anew() -> None:
    floor = editing(unit="kg")
    assert page(floor).rail == 0
    assert floor.picks() == ["name", "unit", "capacity", "check_blocks", "baud", "parity", "more"]
    typed(floor, "name", "Pack scale 7")
    assert floor.picks()[0] == "save"
    named = {name.key: value for name, value in page(floor).facts}
    assert named["edit.name"] == "Pack scale 7"
    assert floor.hands.saves == []
    floor.pick("save")
    ((change, device, replaces),) = floor.hands.saves
    assert (change, device.id, replaces) == ("edited", "scale", "")
    assert device.options == {"unit": "kg", "name": "Pack scale 7"}
    assert not device.proven
    assert floor.hands.log == ["close scale", "changed"]
    assert floor.view.page is not None
    assert floor.view.page.device.name == "Pack scale 7"
    fact = floor.store.bench_events([DeviceConfigured.__name__])[0].body
    assert (fact["device"], fact["change"], fact["by"]) == ("scale", "edited", "SV-1")


def test_the_last_change_is_taken_back() -> None:
    floor = editing(unit="kg", baud=9600)
    floor.pick("baud")
    assert page(floor).giant == "9600"
    assert floor.picks() == ["9600", "19200", "typed", "unset"]
    floor.pick("19200")
    floor.pick("save")
    floor.command("device-edit")
    assert floor.picks()[-2:] == ["undo", "more"]
    floor.pick("undo")
    assert floor.hands.saves[1][1].options == {"unit": "kg", "baud": 9600}
    floor.command("device-edit")
    floor.pick("undo")
    assert floor.hands.saves[2][1].options == {"unit": "kg", "baud": 19200}


def test_a_value_that_cannot_be_is_named_with_what_can() -> None:
    floor = editing()
    for wrong in ("96000000", "fast"):
        typed(floor, "baud", wrong)
        assert page(floor).main == Words("edit.baud")
        told = (("value", wrong), ("allowed", "50..4000000"))
        assert page(floor).problem == Words("edit.wrong", told)
        assert page(floor).giant == ""
        floor.command("back")
    assert "save" not in floor.picks()
    floor.say(p.TextEntered("option", "9600"))
    assert "save" not in floor.picks()


def test_fields_of_every_kind_are_read_as_what_they_are() -> None:
    floor = editing()
    typed(floor, "capacity", "15")
    typed(floor, "capacity", "1,5")
    floor.pick("check_blocks")
    assert floor.picks() == ["true", "false"]
    floor.pick("false")
    rows = {row.id: row for row in page(floor).picks}
    assert rows["check_blocks"].detail == Words("edit.false")
    floor.pick("check_blocks")
    floor.pick("true")
    floor.pick("unit")
    floor.pick("lb")
    floor.pick("more")
    assert floor.picks() == ["save", "stopbits", "more"]
    floor.pick("stopbits")
    floor.pick("1")
    floor.pick("more")
    rows = {row.id: row for row in page(floor).picks}
    assert rows["check_blocks"].detail == Words("edit.true")
    assert rows["baud"].detail == Words("edit.usual")
    floor.pick("unit")
    floor.pick("unset")
    floor.pick("save")
    options = floor.hands.saves[0][1].options
    assert options == {"capacity": 1.5, "check_blocks": True, "stopbits": 1}


def test_it_goes_by_keys_and_codes_and_a_name_may_be_scanned() -> None:
    floor = Floor()
    floor.pick("scale")
    floor.scan("%PS:manual")
    floor.scan("%PB:SV-1")
    floor.say(p.TextEntered("pin", "9999"))
    floor.scan("%PS:quantity:1")
    assert page(floor).main == Words("edit.name")
    floor.command("accept")
    assert floor.view.entry is not None
    assert floor.view.entry.kind == "option"
    assert floor.scan("SCALE-07").entry is None
    assert floor.command("accept").screen is Screen.DEVICE
    assert floor.hands.saves[0][1].options["name"] == "SCALE-07"
    floor.command("device-edit")
    floor.scan("4006381333931")
    assert floor.view.order is None


def test_leaving_forgets_and_a_change_of_person_closes() -> None:
    floor = editing()
    typed(floor, "name", "x")
    assert floor.command("back").screen is Screen.DEVICE
    floor.command("device-edit")
    assert "save" not in floor.picks()
    floor.command("queue")
    assert floor.desk.pages.edit is None
    assert floor.hands.saves == []


def test_settings_that_cannot_be_written_say_so() -> None:
    floor = editing()
    typed(floor, "name", "x")
    floor.hands.broken = "save"
    floor.pick("save")
    problem = page(floor).problem
    assert problem is not None
    assert problem.key == "error.setting"
    assert floor.picks()[0] == "save"
    floor.say(w.DeviceSaved("edited", w.NewDevice("scale", "x", "y", "scale"), "error.setting"))
    floor.command("back")
    floor.say(w.DeviceSaved("edited", w.NewDevice("scale", "x", "y", "scale"), "error.setting"))
    assert floor.view.alert is not None


def test_nobody_edits_what_is_not_shown() -> None:
    floor = Floor()
    assert floor.command("device-edit").alert is not None
    none = w.NoWorkshop()
    assert none.fields(w.NewDevice("scale", "x", "y")) == ()
    with pytest.raises(SettingsError):
        none.check(w.NewDevice("scale", "x", "y"))
    floor.command("accept")
    floor.desk.page = "edit_device"
    assert floor.say(p.Ticked()).adding is None
