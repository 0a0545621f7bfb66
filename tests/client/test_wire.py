"""Exchanges: keys, clocks, sizes, addresses, and ending one early."""

from __future__ import annotations

import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from packstation.client.keys import FILE, key_of
from packstation.client.wire import MAX_ANSWER, Access, Answer, Who, Wire, is_local, open_http
from packstation.domain.errors import ServerUnreachable, SettingsError, StorageError
from tests.client.scripted import HELLO, Reply, Script
from tests.fake_storage import FakeClock

WHO = Who("B-01", "e-1", 1)


def test_the_key_is_made_once_and_for_the_station_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = key_of(folder)
    path = folder / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    assert key_of(folder).public == first.public
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"short", b"!!!!", b"QUJD"])
def test_a_damaged_key_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(StorageError, match=r"error\.storage\.key"):
        key_of(tmp_path)


def test_a_torn_key_of_a_killed_start_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "station.new").write_bytes(b"half")
    assert len(key_of(tmp_path).sign(b"text")) == 64


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080", True),
        ("https://localhost", True),
        ("https://pack.example", False),
        ("http://10.0.0.7", False),
        ("nonsense", False),
    ],
)
def test_which_addresses_are_this_machine(url: str, local: bool) -> None:
    assert is_local(url) == local


@pytest.mark.parametrize("url", ["http://pack.example", "ftp://pack.example", "pack.example", ""])
def test_plain_http_never_leaves_the_machine(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        open_http(Access(url))
    assert caught.value.fields["name"] == "server.url"


def test_settings_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        open_http(Access("https://pack.example", ca_file=str(tmp_path / "none.pem")))
    assert caught.value.fields["name"] == "server.ca_file"
    with pytest.raises(SettingsError):
        open_http(Access("https://pack.example:port"))
    with pytest.raises(SettingsError):
        open_http(Access("https://pack.example", proxy="nonsense"))


def test_proxies_of_the_environment_are_not_for_this_machine(
    monkeypatch: pytest.MonkeyPatch, script: Script, tmp_path: Path, clock: FakeClock
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    wire = Wire(open_http(Access(script.url)), key_of(tmp_path), clock)
    assert wire.hello().gen == 1
    wire.close()


def test_a_clock_that_is_off_is_set_by_the_server(
    wire: Wire, script: Script, clock: FakeClock
) -> None:
    script.on("/v1/hello", Reply({**HELLO, "now": "2026-11-21T09:30:00Z"}))
    script.on("/x", Reply({"code": "clock"}, 401), Reply({}))
    assert wire.send("GET", "/x", WHO).status == 200
    dates = [asked.headers["ps-date"] for asked in script.of("/x")]
    assert dates == ["2026-11-21T08:00:00Z", "2026-11-21T09:30:00Z"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply({}, 404),
        Reply({"gen": 1, "now": "yesterday"}),
        Reply({"gen": 1, "now": "2026-11-21T09:30:00"}),
        Reply(b"<html>"),
        Reply({"gen": "one"}),
    ],
)
def test_a_hello_of_something_else_is_no_server(wire: Wire, script: Script, reply: Reply) -> None:
    script.on("/v1/hello", reply)
    with pytest.raises(ServerUnreachable):
        wire.hello()


def test_nobody_listening_is_unreachable(tmp_path: Path, clock: FakeClock) -> None:
    wire = Wire(open_http(Access("http://127.0.0.1:1")), key_of(tmp_path), clock)
    with pytest.raises(ServerUnreachable, match="ConnectError"):
        wire.send("GET", "/x", WHO)
    wire.close()


def test_an_endless_answer_is_cut(wire: Wire, script: Script) -> None:
    script.on("/x", Reply(b" " * (MAX_ANSWER + 1)))
    with pytest.raises(ServerUnreachable, match="too long"):
        wire.send("GET", "/x", WHO)


def test_a_server_below_a_path_sees_its_own_paths_signed(
    script: Script, tmp_path: Path, clock: FakeClock
) -> None:
    wire = Wire(open_http(Access(script.url + "/pack/")), key_of(tmp_path), clock)
    script.on("/pack/v1/changes", Reply({}))
    assert wire.send("GET", "/v1/changes?cursor=a%20b", WHO).status == 200
    assert script.asked[0].target == "/pack/v1/changes?cursor=a%20b"
    wire.close()


def test_an_exchange_ends_at_once_when_aborted(wire: Wire, script: Script) -> None:
    hold, ended = threading.Event(), threading.Event()
    script.on("/slow", Reply({}, wait=hold))

    def ask() -> None:
        with pytest.raises(ServerUnreachable):
            wire.send("GET", "/slow", WHO, wait_s=25)
        ended.set()

    thread = threading.Thread(target=ask)
    thread.start()
    script.wait_for("/slow")
    wire.abort()
    assert ended.wait(5)
    hold.set()
    thread.join()
    with pytest.raises(ServerUnreachable):
        wire.send("GET", "/slow", WHO)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("Sat, 21 Nov 2026 08:00:30 GMT", 30.0),
        ("Sat, 21 Nov 2026 07:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    answer = Answer(503, headers={"retry-after": text})
    assert answer.retry_after_s(datetime(2026, 11, 21, 8, tzinfo=UTC)) == seconds


def test_a_refusal_without_a_body_has_its_status() -> None:
    assert Answer(413, b"<html>").conflict().status == 413
