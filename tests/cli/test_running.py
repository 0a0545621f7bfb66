from __future__ import annotations

import argparse
import io
import subprocess
import sys
from pathlib import Path

import pytest

from packstation.cli import commands, main, running
from packstation.cli.commands import SPECS, Spec
from packstation.cli.running import Out, error_document
from packstation.domain.errors import DeviceOffline, GlyphMissing
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


def _with(command: running.Command, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(running, "_command", lambda _: command)
    return running.run(["code", "1", "--json"], out, err), out.getvalue(), err.getvalue()


def test_a_refusal_of_the_world_is_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def command(_: argparse.Namespace, __: Out) -> int:
        raise DeviceOffline(device="COM3", cause="port.missing")

    status, out, err = _with(command, monkeypatch)
    assert status == 1
    assert '"code": "device-offline"' in out
    assert "port.missing" in err


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
