"""What a server is installed by: the unit's walls, the container file, settings that there are."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from packstation.settings.keys import KEYS
from packstation.settings.serving import SERVER_KEYS
from tests.walls.sources import ROOT

HERE = ROOT / "installer" / "server"
UNIT = HERE / "packstation-server.service"
NAMES = {key.name for key in (*SERVER_KEYS, *KEYS)} | {"LOG"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_the_service_may_do_little() -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(UNIT)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if "Unknown" in done.stderr or "unrecognized" in done.stderr:
        pytest.skip("an older systemd-analyze")
    assert done.returncode == 0, done.stdout[-400:] + done.stderr


def test_the_unit_has_what_a_stop_and_a_crash_need() -> None:
    unit = UNIT.read_text("utf-8")
    for line in ("KillSignal=SIGTERM", "Restart=on-failure", "NoNewPrivileges=yes"):
        assert line in unit
    stop = re.search("TimeoutStopSec=([0-9]+)", unit)
    assert stop is not None
    assert int(stop[1]) > 8  # as long as a stop under load takes, tests/server/test_stopping.py


def test_the_container_runs_as_nobody_special_and_waits_for_the_stop() -> None:
    text = (HERE / "Containerfile").read_text("utf-8")
    lines = [line.split()[0] for line in text.splitlines() if line and line[0].isupper()]
    assert lines.index("USER") < lines.index("ENTRYPOINT")
    assert "STOPSIGNAL SIGTERM" in text
    assert "TOKEN" not in text
    assert (ROOT / "requirements" / "run.lock").exists()
    assert "requirements/run.lock" in text


def test_every_setting_that_they_name_is_one() -> None:
    for file in HERE.iterdir():
        if file.suffix in {".json", ".yml"}:
            continue
        named = set(re.findall(r"\bPACKSTATION_([A-Z_]+)\b", file.read_text("utf-8")))
        assert named <= NAMES, file.name
