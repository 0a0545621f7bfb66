from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from packstation.bootstrap.command import has_display
from packstation.cli import running
from packstation.client.enrolment import enrolment_of
from packstation.demo.command import _tell
from packstation.server.options import Options
from packstation.server.run import Running, serve
from tests.cli.terminal import packstation


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PACKSTATION_DATADIR", str(tmp_path / "data"))


@pytest.mark.parametrize(
    ("words", "module"),
    [
        (["demo", "--headless", "--orders", "3"], "packstation.demo.command"),
        (["station", "--training"], "packstation.bootstrap.command"),
        (["bench", "scan"], "packstation.benchmarks.command"),
    ],
)
def test_the_work_is_handed_over(
    words: list[str], module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = ModuleType(module)
    stand_in.__dict__["run"] = lambda args, out: 7 if out.as_json and args.json else 8
    monkeypatch.setitem(sys.modules, module, stand_in)
    assert packstation(*words, "--json").status == 7
    monkeypatch.setitem(sys.modules, module, None)
    done = packstation(*words)
    assert done.status == 2
    assert "lacks" in done.err


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'server.sqlite3'}"


@pytest.fixture
def server(database: str) -> Iterator[Running]:
    running_server = serve("127.0.0.1", 0, database, Options(first_token="first"))
    yield running_server
    running_server.stop()


def test_a_bench_joins_with_a_token_from_the_command_line(
    server: Running, database: str, tmp_path: Path
) -> None:
    head = {"Authorization": "Bearer first"}
    site = {"code": "GZ-1", "zone": "Asia/Shanghai", "currency": "CNY"}
    assert httpx.post(f"{server.url}/v1/import/site", json=site, headers=head).status_code == 200
    made = packstation("server", "enrol-token", "--site", "GZ-1", "--database", database, "--json")
    assert made.status == 0
    token = tmp_path / "enroll.token"
    token.write_text(made.document["token"] + "\n", "ascii")
    argv = ("station", "enrol", "--server", server.url, "--file", token, "--name", "Bench 07")
    joined = packstation(*argv, "--data", tmp_path / "bench", "--json")
    assert joined.document["site"] == "GZ-1"
    kept = enrolment_of(tmp_path / "bench")
    assert kept is not None
    assert (kept.name, kept.station_id) == ("Bench 07", joined.document["station"])
    assert kept.station_id == (tmp_path / "bench" / "station-id").read_text("ascii").strip()
    spent = packstation(*argv, "--data", tmp_path / "bench", "--json")
    assert spent.status == 1
    assert spent.document["error"]["code"] == "enrol_token"


def test_a_token_for_an_integration(server: Running, database: str) -> None:
    made = packstation("server", "token", "--role", "supervisor", "--database", database)
    head = {"Authorization": f"Bearer {made.out.strip()}", "Content-Type": "application/json"}
    sent = httpx.post(f"{server.url}/v1/import/catalog", content=b"[]", headers=head)
    assert sent.status_code == 200


def test_what_a_server_has_not_is_refused() -> None:
    king = packstation("server", "token", "--role", "king")
    assert (king.status, "packer, lead, supervisor" in king.err) == (2, True)
    assert packstation("server", "enrol-token", "--site", "GZ-1").status == 0
    other = packstation("server", "enrol-token", "--site", "GZ-2")
    assert other.err == "packstation: no site 'GZ-2'; there is: GZ-1\n"
    assert packstation("station", "enrol", "--server", "http://127.0.0.1:9").status == 2


@pytest.mark.parametrize(
    "listen", ["nowhere", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:99999", "127.0.0.1:-1"]
)
def test_a_port_that_is_none_is_refused(listen: str) -> None:
    done = packstation("server", "--listen", listen)
    assert (done.status, f"--listen {listen}" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("packs.sqlite3", "packs.sqlite3 is no address of a database"),
        ("sqlite:////nonexistent/x.sqlite3", "/nonexistent/x.sqlite3 does not open: unable"),
    ],
)
@pytest.mark.parametrize("words", ["server", "server token --role it"])
def test_a_database_that_is_none_is_refused(words: str, url: str, told: str) -> None:
    done = packstation(*words.split(), "--database", url)
    assert (done.status, done.out) == (2, "")
    assert told in done.err


def test_a_certificate_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = packstation("server", "--listen", "127.0.0.1:0", "--cert", tmp_path / "none.pem")
    assert (done.status, "none.pem: No such file" in done.err) == (2, True)


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="a window opens anywhere")
def test_a_bench_needs_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    done = packstation("station")
    assert done.status == 2
    assert "display: none is not allowed; allowed: a display" in done.err
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert has_display()
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert has_display()


def test_a_bench_whose_data_folder_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("", "utf-8")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    done = packstation("station")
    assert (done.status, "Setting DATADIR" in done.err) == (2, True)


def test_a_robot_packs_on_when_nobody_reads_its_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    unread = os.fdopen(writing, "wb", buffering=0)
    monkeypatch.setattr(sys, "stderr", TextIOWrapper(unread, write_through=True))
    _tell("1/20 S-10482")
    with pytest.raises(BrokenPipeError):
        sys.stderr.write("others hear of it")
    unread.close()


def test_a_server_runs_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [sys.executable, "-m", "packstation", "server", "--listen", f"127.0.0.1:{port}"]
    env = {**os.environ, "PACKSTATION_TOKEN": "first"}
    with subprocess.Popen(argv, env=env, stderr=subprocess.PIPE, text=True) as program:
        assert program.stderr is not None
        line = json.loads(program.stderr.readline())
        answer = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=20)
        program.send_signal(signal.SIGTERM)
        assert program.wait(timeout=30) == 0
    assert answer.json() == {"ok": True}
    url = f"http://127.0.0.1:{port}"
    assert f"listening at {url}; floor {url}/floor; a bench joins by: " in line["message"]
    database = f"sqlite:///{tmp_path / 'data' / 'server.sqlite3'}"
    assert f"packstation server enrol-token --database {database} --site" in line["message"]
    assert (tmp_path / "data" / "server.sqlite3").is_file()


def test_every_start_has_its_status() -> None:
    assert (running.DONE, running.REFUSED, running.UNREADABLE) == (0, 1, 2)
