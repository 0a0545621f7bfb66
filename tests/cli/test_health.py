from __future__ import annotations

from pathlib import Path

import pytest

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
    assert {"disk", "space", "database", "clock", "ports", "printers", "fonts", "server"} <= checks
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
