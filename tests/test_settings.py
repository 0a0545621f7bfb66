"""Where a setting comes from, what is refused, and what is written back."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.settings import (
    HIDDEN,
    KEYS,
    DeviceSection,
    Places,
    SettingInvalid,
    Settings,
    load,
    save,
)
from packstation.settings.saving import toml_value


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(
        policies=tmp_path / "etc" / "policy.d",
        installer=tmp_path / "etc" / "config.toml",
        user=tmp_path / "home" / "config.toml",
        data=tmp_path / "own",
    )
    made.policies.mkdir(parents=True)
    made.user.parent.mkdir()
    return made


def policy(places: Places, name: str, **values: object) -> None:
    (places.policies / name).write_text(json.dumps(values))


def loaded(places: Places, **more: object) -> Settings:
    return load(more.pop("command", None), environ={}, places=places, **more)  # type: ignore[arg-type]


def test_without_any_file_there_are_defaults(places: Places) -> None:
    settings = loaded(places)
    assert settings.server.url == ""
    assert settings.station.data == places.data
    assert settings.station.language == "en"
    assert (settings.sync.offline_claim, settings.sync.offline_hours) == ("partition", 8)
    assert settings.devices == ()
    assert settings.explain("lang").source == "default"


def test_the_highest_source_wins_and_the_others_are_named(places: Places) -> None:
    places.user.write_text('STATION_NAME = "user"')
    assert loaded(places).station.name == "user"
    places.installer.write_text('station_name = "installer"')
    assert loaded(places).station.name == "installer"
    assert loaded(places, profile={"STATION_NAME": "profile"}).station.name == "profile"
    environ = {"PACKSTATION_STATION_NAME": "environment"}
    assert load(environ=environ, places=places).station.name == "environment"
    command = {"STATION_NAME": "command"}
    assert load(command, environ=environ, places=places).station.name == "command"
    policy(places, "10.json", STATION_NAME="first")
    policy(places, "20.json", station_name="last")
    settings = load(command, environ=environ, places=places, profile={"station_name": "profile"})
    found = settings.explain("STATION_NAME")
    assert (found.value, found.source, found.locked) == ("last", "policy", True)
    assert found.shadowed == (
        ("command line", "command"),
        ("environment", "environment"),
        ("server profile", "profile"),
        ("installer", "installer"),
        ("user settings", "user"),
        ("default", ""),
    )


def test_the_data_folder_is_the_setting_or_the_platforms_place(
    places: Places, tmp_path: Path
) -> None:
    places.installer.write_text(f'DATADIR = "{tmp_path}"')
    assert loaded(places).station.data == tmp_path


def test_an_installed_program_keeps_its_data_with_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = Places.here()
    assert own.data != Path("/var/lib/packstation")
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert Places.here().data == Path("/var/lib/packstation")
    assert Places.here().policies == Path("/etc/packstation/policy.d")


def test_the_system_language_is_none_of_ours(places: Places) -> None:
    assert load(environ={"LANG": "de_DE.UTF-8"}, places=places).station.language == "en"
    assert load(environ={"PACKSTATION_LANG": "ru"}, places=places).station.language == "ru"
    assert load(environ={"PACKSTATION_LANG": ""}, places=places).station.language == "en"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LANG", "de"),
        ("SERVER_URL", "pack.example"),
        ("SERVER_URL", "ftp://pack.example"),
        ("DATADIR", "relative/folder"),
        ("STATION_ID", "B 01"),
        ("STATION_ID", "x" * 65),
        ("STATION_NAME", "two\nlines"),
        ("STATION_NAME", 7),
        ("DATADIR", 7),
        ("KIOSK", "perhaps"),
        ("CUSTOMS_KEYS", "GLv8P29AdaSCQWmxWrH32A=="),
        ("CUSTOMS_KEYS", "not base64"),
        ("OFFLINE_HOURS", "-1"),
        ("OFFLINE_HOURS", 169),
        ("OFFLINE_HOURS", True),
        ("OFFLINE_CLAIM", "always"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_key(
    places: Places, name: str, value: object
) -> None:
    with pytest.raises(SettingInvalid) as caught:
        loaded(places, profile={name: value})
    assert caught.value.fields["name"] == name
    assert caught.value.fields["source"] == "server profile"
    assert caught.value.fields["allowed"]
    assert caught.value.key == "error.setting"


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("yes", True), ("TRUE", True), ("no", False), (" 0 ", False)]
)
def test_flags_are_read_as_people_write_them(places: Places, text: str, value: bool) -> None:
    assert loaded(places, command={"kiosk": text}).station.kiosk is value


def test_keys_of_publishers_are_a_list_each_once(places: Places) -> None:
    key = "GLv8P29AdaSCQWmxWrH32H2ZCdM0IfaF6qmIwb0N9tE="
    found = load(environ={"PACKSTATION_CUSTOMS_KEYS": f" {key}  {key} "}, places=places)
    assert found.customs.keys == (key,)
    assert load(environ={}, places=places).customs.keys == ()


@pytest.mark.parametrize("text", ["LANG =", "LANG = 'en'\nLANG = 'ru'", "\x00"])
def test_a_torn_file_is_named(places: Places, text: str) -> None:
    places.user.write_text(text)
    with pytest.raises(SettingInvalid) as caught:
        loaded(places)
    assert caught.value.fields["name"] == str(places.user)


@pytest.mark.parametrize("text", ["{", "[]", "7"])
def test_a_torn_policy_is_named(places: Places, text: str) -> None:
    (places.policies / "a.json").write_text(text)
    with pytest.raises(SettingInvalid) as caught:
        loaded(places)
    assert caught.value.fields["name"] == str(places.policies / "a.json")


def test_an_unknown_key_is_told_and_no_reason_not_to_start(
    places: Places, caplog: pytest.LogCaptureFixture
) -> None:
    places.user.write_text('LANGUAGE = "ru"')
    assert loaded(places).station.language == "en"
    assert "unknown setting LANGUAGE (user settings)" in caplog.text


def test_asking_for_an_unknown_key_names_those_there_are(places: Places) -> None:
    with pytest.raises(SettingInvalid, match="SERVER_URL"):
        loaded(places).explain("SERVER")


def test_the_enrolment_token_is_never_shown(places: Places) -> None:
    settings = loaded(places, command={"ENROLL_TOKEN": "s3cret"})
    assert settings.server.enroll_token == "s3cret"
    assert settings.explain("ENROLL_TOKEN").value == HIDDEN
    assert "s3cret" not in repr(settings)
    with pytest.raises(SettingInvalid) as caught:
        loaded(places, command={"ENROLL_TOKEN": ["s3cret"]})
    assert "s3cret" not in str(caught.value)


DEVICES = """
[[devices]]
kind = "scale"
model = "mt-sics"
address = "usb:0403:6001:A1"
options = {unit = "g"}
[[devices]]
kind = "label"
model = "zpl"
address = "tcp://10.0.0.5:9100"
id = "label-2"
"""


def test_devices_are_a_list_of_one_source(places: Places) -> None:
    places.user.write_text(DEVICES)
    scale = DeviceSection("scale", "mt-sics", "usb:0403:6001:A1", options={"unit": "g"})
    assert loaded(places).devices == (
        scale,
        DeviceSection("label", "zpl", "tcp://10.0.0.5:9100", "label-2"),
    )
    policy(places, "a.json", devices=[])
    assert loaded(places).devices == ()


@pytest.mark.parametrize(
    ("devices", "name"),
    [
        ({"kind": "scale"}, "DEVICES"),
        (["scale"], "DEVICES[0]"),
        ([{"kind": "scale", "model": "x"}], "DEVICES[0].address"),
        ([{"kind": 5, "model": "x", "address": "y"}], "DEVICES[0].kind"),
        ([{"kind": "s", "model": "x", "address": "y", "options": 1}], "DEVICES[0].options"),
        (
            [{"kind": "s", "model": "x", "address": "y", "record": True}],
            "DEVICES[0].record",
        ),
    ],
)
def test_a_device_that_cannot_be_used_is_named(places: Places, devices: object, name: str) -> None:
    with pytest.raises(SettingInvalid) as caught:
        loaded(places, profile={"devices": devices})
    assert caught.value.fields["name"] == name


def test_routes_of_documents_are_rows_too(places: Places) -> None:
    rows = [
        {"document": "label", "printer": "label-2", "stock": "100x150", "backup": "label"},
        {"document": "cn22", "backup": ["papers", "label"]},
        {"document": "invoice", "language": "pdf"},
    ]
    first, second, third = loaded(places, profile={"print": rows}).prints
    assert (first.document, first.printer, first.stock) == ("label", "label-2", "100x150")
    assert (first.backup, second.backup, third.backup) == (("label",), ("papers", "label"), None)
    assert third.language == "pdf"


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ({"document": "label"}, "PRINT"),
        (["label"], "PRINT[0]"),
        ([{"document": "label", "colour": "red"}], "PRINT[0].colour"),
        ([{"document": ""}], "PRINT[0].document"),
        ([{"document": "label", "printer": 5}], "PRINT[0].printer"),
        ([{"document": "label", "backup": 5}], "PRINT[0].backup"),
        ([{"document": "label", "backup": [""]}], "PRINT[0].backup"),
    ],
)
def test_a_route_that_cannot_be_used_is_named(places: Places, rows: object, name: str) -> None:
    with pytest.raises(SettingInvalid) as caught:
        loaded(places, profile={"print": rows})
    assert caught.value.fields["name"] == name


def test_saving_keeps_what_is_there_and_reads_back(places: Places) -> None:
    places.user.write_text('STATION_NAME = "Bench 1"\nKIOSK = true\n' + DEVICES)
    save({"LANG": "ru", "kiosk": None}, loaded(places), places=places)
    settings = loaded(places)
    assert (settings.station.language, settings.station.name) == ("ru", "Bench 1")
    assert settings.explain("KIOSK").source == "default"
    assert len(settings.devices) == 2
    odd = DeviceSection("scanner", 'qu"ote\\', "/dev/ttyÜ0", options={"a b": [1, "x\x7f"], "n": 2})
    save({"DEVICES": [odd], "STATION_NAME": "包装台 №1"}, settings, places=places)
    assert loaded(places).devices == (odd,)
    assert loaded(places).station.name == "包装台 №1"


def test_what_a_policy_locks_cannot_be_saved(places: Places) -> None:
    policy(places, "a.json", LANG="ru")
    with pytest.raises(SettingInvalid) as caught:
        save({"LANG": "en"}, loaded(places), places=places)
    assert caught.value.key == "error.setting.locked"
    assert not places.user.exists()


def test_a_wrong_value_is_not_saved(places: Places) -> None:
    with pytest.raises(SettingInvalid):
        save({"LANG": "de"}, loaded(places), places=places)
    with pytest.raises(SettingInvalid):
        save({"NOPE": "de"}, loaded(places), places=places)
    assert not places.user.exists()


def test_a_folder_that_cannot_be_written_is_named(places: Places) -> None:
    settings = loaded(places)
    places.user.parent.rmdir()
    places.user.parent.write_text("a file in the way")
    with pytest.raises(SettingInvalid) as caught:
        save({"LANG": "ru"}, settings, places=places)
    assert caught.value.fields["name"] == str(places.user)


def test_values_are_tidied(places: Places) -> None:
    said = {"SERVER_URL": " https://pack.example/ ", "OFFLINE_HOURS": "24", "SITE": "GZ-1"}
    settings = loaded(places, command=said)
    assert settings.server.url == "https://pack.example"
    assert (settings.sync.offline_hours, settings.station.site) == (24, "GZ-1")


def test_keys_are_named_once_and_explained() -> None:
    names = [key.name for key in KEYS]
    assert len(names) == len(set(names))
    assert all(key.about for key in KEYS)


@given(
    st.recursive(
        st.one_of(st.text(), st.booleans(), st.integers(-(2**60), 2**60)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_any_value_is_written_as_toml_reads_it(value: object) -> None:
    assert tomllib.loads(f"x = {toml_value(value)}")["x"] == value
