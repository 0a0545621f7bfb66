"""Settings of a server: policy, command line, environment, file, default, in this order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packstation.settings import Places, SettingInvalid
from packstation.settings.serving import SERVER_KEYS, load_server
from tests.cli.terminal import packstation


@pytest.fixture
def places(tmp_path: Path) -> Places:
    etc = tmp_path / "etc"
    (etc / "server.d").mkdir(parents=True)
    return Places(etc / "policy.d", etc / "config.toml", tmp_path / "user.toml", tmp_path)


def test_the_first_source_that_has_a_value_wins(places: Places) -> None:
    etc = places.installer.parent
    environ: dict[str, str] = {}

    def found(**typed: str) -> tuple[str, str, bool]:
        one = load_server(typed, environ, places)["LISTEN"]
        return one.value, one.source, one.locked

    assert found() == ("127.0.0.1:8443", "default", False)
    (etc / "server.toml").write_text('listen = "127.0.0.1:1"\n')
    assert found() == ("127.0.0.1:1", "server file", False)
    environ["PACKSTATION_LISTEN"] = "127.0.0.1:2"
    assert found() == ("127.0.0.1:2", "environment", False)
    assert found(listen="127.0.0.1:3") == ("127.0.0.1:3", "command line", False)
    (etc / "server.d" / "it.json").write_text('{"LISTEN": "127.0.0.1:4"}')
    assert found(listen="127.0.0.1:3") == ("127.0.0.1:4", "policy", True)


def test_a_name_that_is_none_is_named_with_the_nearest(places: Places) -> None:
    (places.installer.parent / "server.toml").write_text('lisen = "x"\n')
    with pytest.raises(SettingInvalid) as caught:
        load_server({}, {}, places)
    assert (caught.value.fields["name"], caught.value.fields["nearest"]) == ("LISEN", "LISTEN")


@pytest.mark.parametrize("value", ["[1]", "7", '"a\\u0007b"'])
def test_a_value_that_is_no_text_is_refused(places: Places, value: str) -> None:
    (places.installer.parent / "server.toml").write_text(f"outgoing = {value}\n")
    with pytest.raises(SettingInvalid, match="OUTGOING"):
        load_server({}, {}, places)


def test_a_list_and_a_stations_name_are_taken(places: Places) -> None:
    (places.installer.parent / "server.toml").write_text('outgoing = ["a.lan", "10.0.0.0/8"]\n')
    (places.installer.parent / "server.d" / "both.json").write_text('{"SERVER_URL": "https://x"}')
    assert load_server({}, {}, places)["OUTGOING"].value == "a.lan 10.0.0.0/8"


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in SERVER_KEYS:
        if key.secret:
            monkeypatch.setenv(f"PACKSTATION_{key.name}", "hidden-from-all")
    monkeypatch.setenv("PACKSTATION_DATABASE", "postgresql://ps:hidden-from-all@db/packs")
    done = packstation("server", "config", "--json")
    assert "hidden-from-all" not in done.out + done.err
    shown = {one["key"]: one for one in map(json.loads, done.out.splitlines())}
    assert shown["DATABASE"]["value"] == "postgresql://ps:(hidden)@db/packs"
    assert shown["TOKEN"] == {
        "key": "TOKEN",
        "value": "(hidden)",
        "source": "environment",
        "locked": False,
        "about": "the first API token that a new server accepts",
    }
    assert list(shown) == [key.name for key in SERVER_KEYS]


def test_one_setting_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKSTATION_OUTGOING", "carrier.lan")
    done = packstation("server", "config", "--explain", "outgoing")
    assert done.out.splitlines()[:2][0] == "OUTGOING = carrier.lan"
    assert "environment" in done.out
    done = packstation("server", "config", "--explain", "no-such")
    assert (done.status, "LISTEN" in done.err) == (2, True)
