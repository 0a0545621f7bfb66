"""Which fields a device's page offers, and that each of them has a name in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from packstation.bootstrap.editing import EDITED, fields_of
from packstation.bootstrap.workshop import STOCKS
from packstation.devices.bench import DeviceConfig
from packstation.devices.options import MODELS
from packstation.devices.sim.faces import PtyFace
from packstation.devices.sim.scale import ScaleSim
from packstation.devices.sim.speeches import SPEECHES
from packstation.domain.errors import SettingsError
from packstation.i18n import LANGUAGES, load
from packstation.station.editing import read
from packstation.station.ports import ScaleRead
from packstation.station.workshop import FieldRow, NewDevice
from tests.bootstrap.workshop_rig import shop
from tests.devices.rigs import chance


def names(kind: str, model: str, address: str = "/dev/ttyUSB0") -> list[str]:
    return [one.name for one in fields_of(DeviceConfig(kind, model, address), STOCKS)]


def test_a_scale_offers_its_unit_only_where_it_sends_none() -> None:
    assert "unit" in names("scale", "yaohua-forward")
    assert "unit" not in names("scale", "mt-sics")
    assert names("scale", "mt-sics")[-4:] == ["baud", "bytesize", "parity", "stopbits"]
    assert "baud" not in names("scale", "mt-sics", "tcp://192.0.2.1:4001")


def test_a_printer_and_a_scanner_offer_what_is_theirs() -> None:
    found = {
        one.name: one for one in fields_of(DeviceConfig("label", "zpl", "tcp://h:9100"), STOCKS)
    }
    assert found["stock"].words == STOCKS
    assert not found["dpi"].typed
    assert "share_port" not in found
    assert names("scanner", "serial")[:2] == ["name", "again_ms"]
    assert names("pedal", "keyboard") == ["name"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_a_name(language: str) -> None:
    words = load(language)
    told = [words.say(f"edit.{name}") for name in EDITED]
    assert not [one for one in told if one.startswith("edit.")]
    free = {
        one.name
        for kind, models in MODELS.items()
        for model in models
        for one in fields_of(DeviceConfig(kind, model, "x"), STOCKS)
        if one.type == "text"
    }
    assert not [one for one in free if words.say(f"edit.text.{one}").startswith("edit.")]


def test_every_word_that_is_offered_may_stand_in_the_row() -> None:
    checked = 0
    with shop() as here:
        for kind, models in MODELS.items():
            for model in models:
                for one in fields_of(DeviceConfig(kind, model, "/dev/x"), STOCKS):
                    for word in one.words:
                        options = {one.name: read(one, word)}
                        here.workshop.check(NewDevice(kind, model, "/dev/x", "one", options))
                        checked += 1
    assert checked > 200


def test_an_edited_scale_is_opened_anew_with_its_new_options(tmp_path: Path) -> None:
    sim = ScaleSim(PtyFace(tmp_path / "scale"), chance(), SPEECHES["st-gs"])
    row = DeviceConfig("scale", "st-gs", sim.address)
    try:
        with shop(row) as here:
            here.said.next(ScaleRead, lambda one: one.reading.value is not None)
            wrong = NewDevice("scale", "st-gs", sim.address, "scale", {"baud": 1})
            with pytest.raises(SettingsError) as caught:
                here.workshop.check(wrong)
            assert caught.value.fields["name"] == "DEVICES[scale].baud"
            edited = NewDevice("scale", "st-gs", sim.address, "scale", {"name": "Seven"})
            here.workshop.check(edited)
            here.workshop.save("edited", edited)
            mark = here.said.mark
            here.workshop.close("scale")
            here.workshop.changed()
            here.said.healthy(after=mark)
            here.said.next(ScaleRead, lambda one: one.reading.value is not None, after=mark)
            assert here.kept[0][0].settings == {"name": "Seven"}
            assert {field.name for field in here.workshop.fields(edited)} >= {"name", "capacity"}
    finally:
        sim.close()


def test_read_leaves_what_is_no_number_to_the_check() -> None:
    assert read(FieldRow("fps", "whole", ""), "x") == "x"
    assert read(FieldRow("exposure", "number", ""), "-6") == -6
