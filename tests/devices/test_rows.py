"""Rows of devices that are refused before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.cli.wording import said
from packstation.devices.bench import DeviceConfig
from packstation.devices.options import KINDS, MODELS, OPTIONS, options_of
from packstation.devices.rows import check_rows, faults, port_of
from packstation.devices.shapes import TYPES
from packstation.documents.label.languages import LANGUAGES
from packstation.documents.label.settings import LanguageSettings
from packstation.domain.errors import SettingsError
from packstation.domain.printers import TUNING
from packstation.i18n import LANGUAGES as SPOKEN
from packstation.settings.keys import nearest

TCP = "tcp://192.0.2.1:4001"


def refused(*rows: DeviceConfig) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        check_rows(rows)
    return caught.value


def row(kind: str, model: str, **settings: object) -> DeviceConfig:
    return DeviceConfig(kind, model, TCP, settings=settings)


@pytest.mark.parametrize(
    ("config", "name", "value"),
    [
        (row("scale", "mt-sics", bytesize=9), "DEVICES[scale].bytesize", 9),
        (row("scale", "mt-sics", stopbits=7), "DEVICES[scale].stopbits", 7),
        (row("scale", "mt-sics", stopbits=1.5), "DEVICES[scale].stopbits", 1.5),
        (row("scale", "mt-sics", parity="X"), "DEVICES[scale].parity", "X"),
        (row("scale", "mt-sics", baud=-1), "DEVICES[scale].baud", -1),
        (row("scale", "mt-sics", baud=True), "DEVICES[scale].baud", True),
        (row("scale", "mt-sics", baud=10**30), "DEVICES[scale].baud", 10**30),
        (row("scale", "mt-sics", period_ms=-100), "DEVICES[scale].period_ms", -100),
        (row("scale", "mt-sics", record="yes"), "DEVICES[scale].record", "yes"),
        (row("scale", "mt-sics", check_days=-1), "DEVICES[scale].check_days", -1),
        (row("scale", "mt-sics", check_g="heavy"), "DEVICES[scale].check_g", "heavy"),
        (row("scale", "mt-sics", check_tolerance_g=0), "DEVICES[scale].check_tolerance_g", 0),
        (row("scale", "mt-sics", check_blocks=1), "DEVICES[scale].check_blocks", 1),
        (row("scale", "mt-sics", name="a\x1b[2Jb"), "DEVICES[scale].name", "a\x1b[2Jb"),
        (row("scanner", "serial", again_ms=0), "DEVICES[scanner].again_ms", 0),
        (row("scanner", "keyboard", prefix=""), "DEVICES[scanner].prefix", ""),
        (row("camera", "uvc", fps=0), "DEVICES[camera].fps", 0),
        (row("camera", "uvc", exposure="-6"), "DEVICES[camera].exposure", "-6"),
        (row("light", "relay", channels={"green": 9}), "DEVICES[light].channels", {"green": 9}),
        (row("light", "tower", frames={"on": "57"}), "DEVICES[light].frames", {"on": "57"}),
        (row("light", "tower", frames=5), "DEVICES[light].frames", 5),
        (row("pedal", "keyboard", keys={}), "DEVICES[pedal].keys", {}),
        (row("pedal", "keyboard", keys={"F13": 5}), "DEVICES[pedal].keys", {"F13": 5}),
        (row("dimensioner", "framed", pattern="("), "DEVICES[dimensioner].pattern", "("),
        (row("dimensioner", "framed", pattern="(.)"), "DEVICES[dimensioner].pattern", "(.)"),
        (row("dimensioner", "framed", weight_unit="st"), "DEVICES[dimensioner].weight_unit", "st"),
        (row("label", "zpl", stock="huge"), "DEVICES[label].stock", "huge"),
        (row("label", "zpl", dpi=250), "DEVICES[label].dpi", 250),
        (row("label", "tspl", darkness=16), "DEVICES[label].darkness", 16),
        (row("label", "zpl", gap_mm=float("nan")), "DEVICES[label].gap_mm", "nan"),
        (row("label", "zpl", status="no"), "DEVICES[label].status", "no"),
        (row("label", "zpl", share_benches=[]), "DEVICES[label].share_benches", []),
        (row("label", "zpl", share_benches="07"), "DEVICES[label].share_benches", "07"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_what_may_be(
    config: DeviceConfig, name: str, value: object
) -> None:
    error = refused(config)
    assert error.fields["name"] == name
    assert str(error.fields["value"]) == str(value)
    assert error.fields["allowed"]
    for language in SPOKEN:
        told = said(error, language)
        assert name in told
        assert str(error.fields["allowed"]) in told
        assert "error." not in told


@pytest.mark.parametrize(
    ("config", "key", "near"),
    [
        (row("scale", "mt-sics", period=5), "error.setting.unknown.near", "period_ms"),
        (row("scale", "mt-sics", Baud=9600), "error.setting.unknown.near", "baud"),
        (row("scale", "mt-sics", qwxyz=5), "error.setting.unknown", None),
        (row("scale", "mt-sics", unit="kgs"), "error.setting.near", "kg"),
        (row("scale", "mt-siks"), "error.setting.near", "mt-sics"),
        (row("scael", "mt-sics"), "error.setting.near", "scale"),
        (row("scale", "hid-pos", baud=9600), "error.setting.model", None),
        (row("scanner", "serial", prefix="F13"), "error.setting.model", None),
        (row("label", "zpl", tape="62"), "error.setting.model", None),
    ],
)
def test_a_name_that_is_none_comes_with_the_nearest(
    config: DeviceConfig, key: str, near: str | None
) -> None:
    error = refused(config)
    assert error.key == key
    assert error.fields.get("nearest") == near
    for language in SPOKEN:
        told = said(error, language)
        assert "error." not in told
        assert (near or str(error.fields["value"]).join("  ").strip()) in told or near is None


def test_every_fault_is_found_not_only_the_first() -> None:
    rows = [row("scale", "mt-sics", baud=-1, period=5), row("scale", "toaster")]
    names = [str(one.fields["name"]) for one in faults(rows)]
    assert names == [
        "DEVICES[scale].baud",
        "DEVICES[scale].period",
        "DEVICES[scale].model",
        "DEVICES.id",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "../../x",
        ".hidden",
        "a/b",
        "a\\b",
        "a\nb",
        "\x1b[31m",
        "\x9b",
        "a" * 41,
        "вес",
        " ",
        "a b",
        "\u202ex",
    ],
)
def test_an_id_that_no_file_should_be_named_after(name: str) -> None:
    error = refused(DeviceConfig("scale", "mt-sics", TCP, name))
    assert error.fields["name"] == "DEVICES.id"


@pytest.mark.parametrize("name", ["", "a", "label-2", "Scale_1.left", "-x", "a" * 40])
def test_an_id_of_letters_digits_and_three_signs(name: str) -> None:
    assert not list(faults([DeviceConfig("scale", "mt-sics", TCP, name)]))


def test_two_of_one_id_are_named_both() -> None:
    error = refused(
        DeviceConfig("label", "zpl", "tcp://192.0.2.1:9100"),
        DeviceConfig("scale", "mt-sics", "COM3", "Label"),
    )
    assert error.key == "error.setting.twins"
    for language in SPOKEN:
        told = said(error, language)
        assert "1 (label zpl, tcp://192.0.2.1:9100)" in told
        assert "2 (scale mt-sics, COM3)" in told


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("scale", "mt-sics", "COM3"), ("scanner", "serial", "COM3")),
        (("scale", "mt-sics", TCP), ("scale", "sma", TCP)),
        (("scale", "mt-sics", "tcp://Moxa:4001"), ("scale", "sma", "tcp://moxa:04001")),
        (("scale", "mt-sics", "usb:0403:6001:A1"), ("label", "zpl", "usb:0403:6001:a1")),
        (("scale", "hid-pos", "usb:0922:8003"), ("scanner", "hid-pos", "usb:0922:8003")),
        (("camera", "uvc", "0"), ("camera", "uvc", "/dev/video0")),
        (("light", "busylight", "usb"), ("light", "busylight", "usb")),
        (("light", "tower", "udp://192.0.2.1:1"), ("light", "tower", "udp://192.0.2.1:1")),
        (("label", "zpl", "cups:zebra"), ("papers", "spool", "cups:zebra")),
    ],
)
def test_two_at_one_address_are_named_both(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    error = refused(DeviceConfig(*one, "first"), DeviceConfig(*other, "second"))
    assert error.key == "error.setting.shared"
    assert (error.fields["first"], error.fields["second"]) == ("first", "second")
    assert all("first" in said(error, one) for one in SPOKEN)


def test_two_names_of_one_port_are_one(tmp_path: Path) -> None:
    (tmp_path / "ttyUSB0").touch()
    (tmp_path / "by-id").symlink_to(tmp_path / "ttyUSB0")
    rows = [
        DeviceConfig("scale", "mt-sics", str(tmp_path / "ttyUSB0"), "a"),
        DeviceConfig("scanner", "serial", str(tmp_path / "by-id"), "b"),
    ]
    assert refused(*rows).key == "error.setting.shared"


def test_what_several_may_use_by_design(tmp_path: Path) -> None:
    (film := tmp_path / "film.avi").touch()
    pairs = [
        ("scanner", "keyboard", "keyboard"),
        ("pedal", "keyboard", "keyboard"),
        ("camera", "mjpeg", "http://192.0.2.1/video"),
        ("camera", "mjpeg", "http://192.0.2.1/video"),
        ("camera", "uvc", str(film)),
        ("camera", "uvc", str(film)),
        ("scale", "mt-sics", "replay:a.jsonl"),
        ("scale", "mt-sics", "replay:a.jsonl"),
        ("scale", "hid-pos", "usb:0922:8003"),
        ("scanner", "serial", "usb:0922:8003"),
    ]
    rows = [DeviceConfig(*one, f"d{number}") for number, one in enumerate(pairs)]
    assert not list(faults(rows))


# --- the table --------------------------------------------------------------------------------


def test_every_kind_has_options_and_models() -> None:
    assert set(OPTIONS) == set(MODELS) == set(KINDS)
    for kind in KINDS:
        for model in MODELS[kind]:
            names = [option.name for option in options_of(kind, model)]
            assert len(names) == len(set(names))
        assert all(one.shape.type in TYPES and one.shape.allowed for one in OPTIONS[kind])
        assert all(set(one.models) <= set(MODELS[kind]) for one in OPTIONS[kind])


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.id)
def test_limits_are_those_of_the_printers_languages(language: object) -> None:
    row_ = next(one for one in LANGUAGES if one is language)
    found = {option.name: option.shape for option in options_of("label", row_.id)}
    for name, limits in (("darkness", row_.darkness), ("speed", row_.speed)):
        assert (name in found) is (limits is not None)
        if limits is not None:
            fits = found[name].fits
            assert fits(limits[0])
            assert fits(limits[1])
            assert not fits(limits[0] - 1)
            assert not fits(limits[1] + 1)


def test_all_that_tunes_a_language_is_an_option() -> None:
    names = {option.name for option in OPTIONS["label"]}
    assert set(TUNING) <= names
    assert set(LanguageSettings.__struct_fields__) - {"kind"} <= names


@given(st.sampled_from(KINDS), st.data())
def test_no_value_breaks_a_check(kind: str, data: st.DataObject) -> None:
    scalar = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()
    value = data.draw(scalar | st.lists(scalar) | st.dictionaries(st.text(), scalar))
    option = data.draw(st.sampled_from(OPTIONS[kind]))
    assert option.shape.fits(value) in {True, False}


@pytest.mark.parametrize("address", ["/dev/tty\x00", "/dev/\x1b[31m", "tcp://a\u202e:1", "\x9b"])
def test_an_address_that_would_write_on_the_terminal(address: str) -> None:
    error = refused(DeviceConfig("scale", "mt-sics", address))
    assert error.fields["name"] == "DEVICES[scale].address"


@given(st.text(), st.text())
def test_no_text_breaks_an_address(address: str, other: str) -> None:
    rows = [
        DeviceConfig("scale", "mt-sics", address, "a"),
        DeviceConfig("scale", "sma", other, "b"),
    ]
    same = port_of(rows[0]) == port_of(rows[1]) != ""
    assert same <= bool([*faults(rows)])


def test_the_nearest_name() -> None:
    assert nearest("PARITY", ("parity", "baud")) == "parity"
    assert nearest("zzz", ("parity", "baud")) == ""
