"""Files that a command writes, and the recorder that an installed program starts of itself."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from packstation.cli import main
from packstation.cli.files import write
from packstation.devices.film import recorder


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write(str(pipe), b"label")
    reader.join(10)
    assert read == [b"label"]
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_the_program_is_its_own_recorder_until_its_input_ends(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "packstation", "film-recorder", "{}"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert '"kind":"ready"' in done.stdout


def test_the_recorder_gets_its_terms_and_its_status_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # In this process: a recorder lowers its own priority for good.
    monkeypatch.setattr(recorder, "main", {"terms": 7}.__getitem__)
    assert main(["film-recorder", "terms"]) == 7
