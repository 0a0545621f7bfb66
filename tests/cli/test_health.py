from __future__ import annotations

from pathlib import Path

import pytest

from packstation.cli.explaining import table_lines
from packstation.i18n import load
from tests.cli.terminal import packstation


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PACKSTATION_DATADIR", str(tmp_path / "data"))


@pytest.mark.parametrize("language", ["en", "zh_Hans", "ru"])
def test_doctor(language: str) -> None:
    done = packstation("doctor", "--json", "--lang", language)
    answer = done.document
    checks = {one["check"] for one in answer["checks"]}
    assert {
        "settings",
        "disk",
        "space",
        "database",
        "clock",
        "ports",
        "printers",
        "fonts",
        "server",
    } <= checks
    assert done.status == (0 if answer["ok"] else 1)
    for one in answer["checks"]:
        assert bool(one["cure"]) is (one["state"] != "ok")
        assert "doctor." not in one["message"] + one["cure"]


def test_doctor_for_people(tmp_path: Path) -> None:
    done = packstation("doctor", "--data", tmp_path, "--server", "http://127.0.0.1:9")
    assert done.status == 1
    assert "FAIL server" in done.out
    assert "Check address, network" in done.out


def test_a_setting_and_where_it_comes_from(tmp_path: Path) -> None:
    answer = packstation("config", "--explain", "datadir", "--json").document
    assert answer["value"] == str(tmp_path / "data")
    assert (answer["source"], answer["locked"]) == ("environment", False)
    told = packstation("config", "--explain", "DATADIR").out
    assert told.startswith("DATADIR = ")
    assert "hidden by it: '' (default)" in told


def test_settings_that_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    done = packstation("config", "--explain", "COLOUR", "--json")
    assert (done.status, done.out) == (2, "")
    assert "SERVER_URL" in done.err
    monkeypatch.setenv("PACKSTATION_DATADIR", "not/absolute")
    assert packstation("config", "--explain", "DATADIR").status == 2


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    done = packstation("doctor", "--data", tmp_path / "nope")
    assert (done.status, done.out) == (2, "")
    assert "no such folder" in done.err
    assert not (tmp_path / "nope").exists()


ROWS = """
[[DEVICE]]
kind = "scale"

[[DEVICES]]
kind = "scale"
model = "mt-sics"
address = "usb:0403:6001:A10K2X"
options = { baud = 9600, period = 5 }

[[DEVICES]]
kind = "scanner"
model = "serial"
address = "cups:\\u001b[31m"
id = "hand"
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "config" / "packstation" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(ROWS, "utf-8")
    return path


@pytest.mark.parametrize("language", ["en", "zh_Hans", "ru"])
def test_what_cannot_be_used_is_found_all_at_once(written: Path, language: str) -> None:
    done = packstation("config", "check", "--json", "--lang", language)
    found = [(one["state"], one["key"], one["values"]["name"]) for one in done.document["checks"]]
    assert done.status == 1
    assert found == [
        ("warn", "settings.near", "DEVICE"),
        ("fail", "settings.refused", "DEVICES[scale].period"),
        ("fail", "settings.refused", "DEVICES[hand].address"),
    ]
    told = packstation("config", "check", "--lang", language).out
    assert "period_ms" in told
    assert "\x1b" not in told + done.out
    assert "doctor." not in told
    assert "error." not in told
    doctor = packstation("doctor", "--json", "--lang", language).document["checks"]
    assert [one for one in doctor if one["check"] == "settings"] == done.document["checks"]
    written.unlink()
    assert packstation("config", "check").out.startswith("ok   settings")


def test_rows_that_only_break_together(written: Path) -> None:
    row = '[[DEVICES]]\nkind = "{}"\nmodel = "{}"\naddress = "{}"\n'
    written.write_text(row.format("badge", "keyboard", "keyboard"), "utf-8")
    assert packstation("config", "check").status == 1
    printer = row.format("label", "zpl", "tcp://192.0.2.1:9100")
    written.write_text(f'{printer}[[PRINT]]\ndocument = "label"\nprinter = "no"\n', "utf-8")
    told = packstation("config", "check").out
    assert "PRINT[0].printer" in told
    assert "--explain PRINT" in told


@pytest.mark.parametrize("language", ["en", "zh_Hans", "ru"])
def test_the_options_of_devices_are_explained_one_a_line(written: Path, language: str) -> None:
    told = packstation("config", "--explain", "DEVICES", "--lang", language).out
    lines = told.splitlines()
    assert lines[0] == "DEVICES: 2 (user settings)"
    assert "       period = 5" in lines
    assert any("DEVICE (" in line or "DEVICE（" in line for line in lines)
    assert "option." not in told
    assert "\x1b" not in told
    for name in ("again_ms", "capacity", "stock", "keys", "channels", "record", "exposure"):
        (line,) = (one for one in lines if one.split()[:1] == [name])
        assert len(line) > 70 or language == "zh_Hans"
    answer = packstation("config", "--explain", "DEVICES", "--json", "--lang", language).document
    first = answer["options"]["scanner"][0]
    assert (first["name"], first["type"], first["allowed"]) == ("again_ms", "whole", "1..60000")
    assert answer["unknown"] == [
        {"name": "DEVICE", "source": "user settings", "nearest": "DEVICES"}
    ]


def test_no_devices_and_no_key(tmp_path: Path) -> None:
    assert "No devices are set up" in packstation("config", "--explain", "DEVICES").out
    done = packstation("config")
    assert (done.status, "--explain" in done.err) == (2, True)
    path = tmp_path / "config" / "packstation" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[[PRINT]]\ndocument = "label"\n[[printt]]\n[[QQQQQQ]]', "utf-8")
    told = packstation("config", "--explain", "PRINT").out
    assert "  document = 'label'" in told
    assert "QQQQQQ (user settings) is no setting\n" in told
    path.write_text("[[printt]]\n[[QQQQQQ]]", "utf-8")
    done = packstation("config", "check")
    assert (done.status, done.out.count("WARN settings")) == (0, 2)


def test_the_page_of_options_is_the_table() -> None:
    page = Path("docs/device-options.md").read_text("utf-8")
    shown = page.split("```text\n")[1].split("\n```")[0]
    assert shown == "\n".join([*table_lines(load("en"))][1:])
