from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.devices.commands import simulate
from tests.cli.terminal import packstation

STABLE = "53 20 53 20 20 20 20 20 31 30 30 2E 30 30 20 67 0D 0A"


def test_decode() -> None:
    done = packstation("devices", "decode", "--model", "mt-sics", "--hex", STABLE, "--json")
    assert done.status == 0
    assert done.document["state"] == "STABLE"
    assert done.document["grams"] == 100
    told = packstation("devices", "decode", "--model", "mt-sics", "--hex", STABLE)
    assert told.out == "STABLE 100.00 g\n"


def test_decode_a_file_of_frames(tmp_path: Path) -> None:
    file = tmp_path / "frames.txt"
    file.write_text(f"{STABLE}\n\n53 20 2B 0D 0A\n41 42\n", "ascii")
    done = packstation("devices", "decode", "--model", "mt-sics", "--hex-file", file, "--json")
    assert done.status == 1
    assert [one["state"] for one in done.documents] == ["STABLE", "OVER", "FAULT"]


@pytest.mark.parametrize(
    "argv",
    [
        ["--model", "mt-sics"],
        ["--model", "mt-sics", "--hex", STABLE, "--hex-file", "x"],
        ["--model", "mt-sics", "--hex", "no hex"],
        ["--model", "bathroom", "--hex", STABLE],
    ],
)
def test_decode_what_cannot_be(argv: list[str]) -> None:
    done = packstation("devices", "decode", *argv, "--json")
    assert (done.status, done.out) == (2, "")
    assert done.err


def test_list_answers() -> None:
    document = packstation("devices", "list", "--json").document
    assert isinstance(document["ports"], list)
    assert packstation("devices", "list").out


@pytest.fixture
def scale(tmp_path: Path) -> Iterator[str]:
    config = {"devices": [{"kind": "scale", "transport": "tcp", "grams": 1250}]}
    shelf = simulate(config, tmp_path)
    yield str(shelf.addresses()[0]["address"])
    shelf.close()


def test_read_and_identify(scale: str) -> None:
    argv = ("devices", "read", "--port", scale, "--model", "mt-sics", "--count", "2", "--json")
    done = packstation(*argv)
    assert done.status == 0
    assert len(done.documents) == 2
    found = packstation("devices", "identify", scale, "--json")
    assert found.status == 0
    assert found.document["kind"] == "scale"


def test_a_port_that_is_not_there() -> None:
    argv = ("devices", "read", "--port", "tcp://127.0.0.1:9", "--model", "mt-sics", "--count", "1")
    done = packstation(*argv, "--json")
    assert done.status == 1
    assert done.document["error"]["device"] == "tcp://127.0.0.1:9"
    found = packstation("devices", "identify", "tcp://127.0.0.1:9")
    assert found.status == 1
    assert found.out.startswith("tcp://127.0.0.1:9: The device takes no connection\n  Switch it on")
    named = packstation("devices", "identify", "tcp://127.0.0.1:9", "--json").document
    assert named["cause"] == "port.refused"


@pytest.mark.parametrize("count", ["0", "-3"])
def test_no_readings_are_not_asked_for(count: str) -> None:
    argv = ("devices", "read", "--port", "tcp://127.0.0.1:9", "--model", "mt-sics")
    done = packstation(*argv, "--count", count)
    assert (done.status, done.err) == (2, f"packstation: --count {count}: 1 or more is wanted\n")


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (["--port", "tcp://127.0.0.1:9", "--model", "zpl"], "devices identify"),
        (["--port", "", "--model", "mt-sics"], "tcp://HOST:PORT"),
        (["--port", "tcp://127.0.0.1:9", "--model", "yaohua-a9", "--unit", "stone"], "kg, g"),
        (["--model", "mt-sics"], "either --port or --replay"),
        (["--replay", "nowhere.jsonl", "--model", "mt-sics"], "nowhere.jsonl: no such file"),
    ],
)
def test_what_cannot_be_read_says_what_can(argv: list[str], why: str) -> None:
    done = packstation("devices", "read", *argv)
    assert done.status == 2
    assert why in done.err


def test_a_recording_is_read_like_the_device(tmp_path: Path) -> None:
    tape = tmp_path / "scale.jsonl"
    steps = [(0, "out", b"SI\r\n"), (20, "in", b"S S      1.250 kg\r\n")]
    head = {"recording": 1}
    lines = [{"t_ms": t, "dir": way, "hex": data.hex(" ")} for t, way, data in steps]
    tape.write_text("".join(json.dumps(row) + "\n" for row in (head, *lines)), "utf-8")
    argv = ("devices", "read", "--replay", tape, "--model", "mt-sics", "--count", "1", "--json")
    assert packstation(*argv).document["grams"] == 1250


def test_codes_are_shown_with_what_they_are(tmp_path: Path) -> None:
    rows = [{"kind": "scanner", "transport": "tcp", "codes": ["]C1010"], "every_s": 0.05}]
    shelf = simulate({"devices": rows}, tmp_path)
    port = str(shelf.addresses()[0]["address"])
    argv = ("devices", "read", "--port", port, "--model", "serial", "--count", "1")
    assert packstation(*argv).out == "'010' (GS1-128)\n"
    shelf.close()


def test_readings_end_when_nobody_reads_them(scale: str) -> None:
    argv = [sys.executable, "-m", "packstation", "devices", "read", "--port", scale]
    with subprocess.Popen([*argv, "--model", "mt-sics"], stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline()
        program.stdout.close()
        assert program.wait(timeout=30) == 0


def test_simulated_devices_until_ctrl_c(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    config = tmp_path / "bench.json"
    config.write_text('{"devices":[{"kind":"scale","transport":"tcp"}]}', "utf-8")
    argv = [sys.executable, "-m", "packstation", "devices", "simulate", str(config)]
    # A test run in the background may have been told to ignore it, and its children with it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    with subprocess.Popen(
        [*argv, "--json", "--out", str(tmp_path / "out")], stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        (device,) = json.loads(program.stdout.readline())["addresses"]
        assert packstation("devices", "identify", device["address"]).status == 0
        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=30) == 130


def test_a_configuration_that_is_none(tmp_path: Path) -> None:
    config = tmp_path / "bench.json"
    for text in ("[]", '{"devices":[{"kind":"kettle"}]}'):
        config.write_text(text, "utf-8")
        assert packstation("devices", "simulate", config, "--out", tmp_path).status == 2
    config.write_text("{", "utf-8")
    done = packstation("devices", "simulate", config, "--out", tmp_path)
    assert (done.status, "bench.json: " in done.err) == (2, True)


CUBISCAN = b"\x02MAH000000,L040.0,W030.0,H020.0,M,K012.34,D004.80,M,F5000,I\x03\r\n"
DOUBTED = CUBISCAN.replace(b"040.0", b"~40.0")


@pytest.mark.parametrize(
    ("model", "data", "status", "text"),
    [
        ("cubiscan", CUBISCAN, 0, "STABLE 40.0 x 30.0 x 20.0 cm, 12.34 kg"),
        (
            "cubiscan",
            CUBISCAN.replace(b"040.0", b"~40.0"),
            0,
            "OVER 40.0 x 30.0 x 20.0 cm, 12.34 kg (over)",
        ),
        ("cubiscan", b"\x02MNHZ\x03", 0, "NOT_READY (zero)"),
        ("cubiscan", b"\x02?N\x03", 1, "FAULT (syntax)"),
        ("tspl", b"\x05", 0, "ATTENTION head_open paper_out"),
        ("tspl", b"\x00", 0, "READY"),
        (
            "yaohua-a9",
            bytes.fromhex("022B303034313339333137 03".replace(" ", "")),
            0,
            "UNKNOWN 4.139 kg",
        ),
        (
            "yaohua-a9",
            bytes.fromhex("022B303034313339333138 03".replace(" ", "")),
            1,
            "FAULT (checksum)",
        ),
    ],
)
def test_decode_tells_people_what_a_device_said(
    model: str, data: bytes, status: int, text: str
) -> None:
    done = packstation("devices", "decode", "--model", model, "--hex", data.hex(" "))
    assert (done.status, done.out.strip()) == (status, text)


@pytest.mark.parametrize("address", ["cups:a4", "folder:papers", "spool:Office"])
def test_the_address_of_a_queue_is_called_one(address: str) -> None:
    done = packstation("devices", "read", "--port", address, "--model", "mt-sics", "--json")
    error = json.loads(done.err)["error"]
    assert (done.status, error["key"], error["name"]) == (2, "error.setting.queue", "address")
    assert error["message"].startswith(f"address: {address} leads to a printer")
