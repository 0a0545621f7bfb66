from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from packstation import __version__
from packstation.benchmarks import LONG, NAMES
from packstation.cli import commands, main, running
from packstation.cli.commands import BENCHMARKS, SPECS
from packstation.cli.commands_server import ROLES
from packstation.cli.running import Out, error_document
from packstation.cli.specs import Spec
from packstation.devices.sim.models import EXTRAS, LABELS
from packstation.domain.errors import DeviceOffline, GlyphMissing
from packstation.server import roles
from tests.cli.terminal import packstation


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.words)
def test_every_command_helps_with_an_example(
    spec: Spec, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main([*spec.words.split(), "--help"])
    assert left.value.code == 0
    shown = capsys.readouterr().out
    assert f"example: {spec.example}" in shown
    assert "--json" in shown
    assert spec.example.startswith(f"packstation {spec.words}")


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.words)
def test_every_command_has_its_function(spec: Spec) -> None:
    assert callable(running._command(spec.run))


@pytest.mark.parametrize(
    "argv",
    [[], ["orders"], ["pack"], ["code"], ["schema", "cake"], ["code", "1", "--aimless"]],
)
def test_wrong_usage_is_status_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        packstation(*argv)
    assert left.value.code == 2
    assert "usage: packstation" in capsys.readouterr().err


def test_without_a_command_all_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        packstation()
    assert left.value.code == 2
    assert "packstation doctor" not in (shown := capsys.readouterr().err)
    assert all(spec.words.split()[0] in shown for spec in SPECS)


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        packstation("--version")
    assert left.value.code == 0
    assert capsys.readouterr().out == f"packstation {__version__}\n"


def test_every_argument_is_explained() -> None:
    unsaid = [(s.words, one.names) for s in SPECS for one in s.args if not one.options.get("help")]
    assert unsaid == []


def test_the_names_in_the_help_are_those_that_there_are() -> None:
    assert (*NAMES, *LONG) == BENCHMARKS
    assert roles.ROLES == ROLES


def test_the_help_of_the_demo_names_every_model(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["demo", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert ", ".join(LABELS) in told
    assert ", ".join(EXTRAS) in told


def test_groups_name_their_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "list, identify, read, decode, simulate" in capsys.readouterr().out


def test_a_missing_file_is_status_2(tmp_path: Path) -> None:
    done = packstation("quote", tmp_path / "none.json", "--tariffs", tmp_path, "--json")
    assert (done.status, done.out) == (2, "")
    assert "none.json" in done.err


def test_errors_as_json() -> None:
    assert error_document(DeviceOffline(device="COM3", cause="port.missing")) == {
        "code": "device-offline",
        "device": "COM3",
        "cause": "port.missing",
    }
    assert error_document(GlyphMissing(field="ship_to.name"))["code"] == "glyph-missing"


def _with(
    command: running.Command, monkeypatch: pytest.MonkeyPatch, *more: str
) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(running, "_command", lambda _: command)
    return running.run(["code", "1", *more], out, err), out.getvalue(), err.getvalue()


def test_a_refusal_of_the_world_is_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def command(_: argparse.Namespace, __: Out) -> int:
        raise DeviceOffline(device="COM3", cause="port.missing")

    status, out, err = _with(command, monkeypatch, "--json")
    assert status == 1
    assert '"code": "device-offline"' in out
    assert json.loads(err) == {
        "error": {
            "code": "device-offline",
            "device": "COM3",
            "cause": "port.missing",
            "key": "error.device.offline",
            "message": "COM3: The port is not there",
            "cure": "Plug the device in, or choose another port",
        }
    }
    status, out, err = _with(command, monkeypatch)
    assert (status, out) == (1, "")
    assert err.startswith("packstation: COM3: The port is not there\n  Plug")


@pytest.mark.parametrize(("language", "word"), [("ru", "Порт"), ("zh_Hans", "端口")])
def test_errors_speak_the_language_that_was_chosen(
    language: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def command(_: argparse.Namespace, __: Out) -> int:
        raise DeviceOffline(device="COM3", cause="port.missing")

    for more in (("--json",), ()):
        asked = _with(command, monkeypatch, *more, "--lang", language)[2]
        monkeypatch.setenv("PACKSTATION_LANG", language)
        assert asked == _with(command, monkeypatch, *more)[2]
        monkeypatch.setenv("PACKSTATION_LANG", "xx")
        assert asked != _with(command, monkeypatch, *more)[2]
        assert word in asked


def test_a_file_that_cannot_be_used_is_told_as_json() -> None:
    done = packstation("quote", "none.json", "--tariffs", ".", "--json")
    error = json.loads(done.err)["error"]
    assert (done.status, error["code"], "none.json" in error["message"]) == (2, "unreadable", True)


STEERS = ("\x1b[31m", "\x9b31m", "\u202e", "\x07")


@pytest.mark.parametrize("bad", STEERS)
@pytest.mark.parametrize("as_json", [("--json",), ()])
def test_nothing_that_steers_reaches_the_terminal(
    bad: str, as_json: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def shows(_: argparse.Namespace, out: Out) -> int:
        out.show({"text": bad}, f"one {bad}\n\ttwo")
        raise DeviceOffline(device=f"COM3{bad}", cause="port.missing")

    def complains(_: argparse.Namespace, __: Out) -> int:
        raise running.Unreadable(f"{bad}: no such file")

    for command in (shows, complains):
        _, out, err = _with(command, monkeypatch, *as_json)
        assert not set(bad) - set("[31m") & set(out + err)
        assert err
    monkeypatch.undo()
    for argv in (["devices", "identify", f"/dev/{bad}"], ["config", "--explain", bad]):
        done = packstation(*argv, *as_json)
        assert done.status == 2
        assert not set(bad) - set("[31m") & set(done.out + done.err)


def test_nothing_that_steers_is_repeated_of_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["code", "1", "--\x1b[31m"], ["\x9bcode"]):
        with pytest.raises(SystemExit):
            packstation(*argv)
        assert not {"\x1b", "\x9b"} & set(capsys.readouterr().err)


def test_ctrl_c_ends_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def command(_: argparse.Namespace, __: Out) -> int:
        raise KeyboardInterrupt

    assert _with(command, monkeypatch)[0] == 130


def test_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def command(_: argparse.Namespace, __: Out) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _with(command, monkeypatch)


def test_a_reader_that_has_enough_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "packstation", "schema", "order"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        told = program.stderr.read()
        assert program.wait(timeout=30) == 0
    assert told == b""


def test_a_reader_that_has_enough_hides_no_refusal(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "packstation", "code", "6901234567893"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None
        program.stdout.close()
        assert program.wait(timeout=30) == 1
    with subprocess.Popen(
        [*argv[:3], "quote", "none", "--tariffs", str(tmp_path)], stderr=subprocess.PIPE
    ) as program:
        assert program.stderr is not None
        program.stderr.close()
        assert program.wait(timeout=30) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk to write to")
def test_an_answer_that_cannot_be_written_is_no_bug() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "packstation", "code", "6901234567892"],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    told = b"packstation: the answer cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, told)


def test_a_pipe_that_breaks_elsewhere_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    def command(_: argparse.Namespace, __: Out) -> int:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        _with(command, monkeypatch)


def test_nothing_heavy_is_imported_for_a_code() -> None:
    heavy = "{'PySide6', 'sqlalchemy', 'fastapi', 'httpx', 'biip', 'reportlab', 'cv2', 'babel'}"
    program = (
        "import sys; from packstation.cli import main; main(['code', '6901234567892', '--json']);"
        f"sys.exit(' '.join({heavy} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert (done.returncode, done.stderr.decode()) == (0, "")


def test_the_table_of_commands_stands_alone() -> None:
    assert len({spec.words for spec in commands.SPECS}) == len(commands.SPECS)
