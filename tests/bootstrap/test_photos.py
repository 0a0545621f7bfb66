"""A photo of a simulated camera ends as a JPEG under its hash; a lost camera says so."""

from __future__ import annotations

import hashlib
import queue
import time
from pathlib import Path

import pytest

from packstation.bootstrap.photos import RULES, BenchPhotographer, BenchShelf, evidence_rules
from packstation.devices.bench import DeviceConfig, open_devices
from packstation.devices.sim.camera import CameraSim
from packstation.domain.errors import DeviceFaulty, SettingsError
from packstation.domain.evidence import EvidenceRules, PhotoRule
from packstation.station.ports import Happening


def test_a_photo_is_whole_and_fresh_or_there_is_none(tmp_path: Path) -> None:
    sim = CameraSim(size=(960, 540), fps=20)
    happened: queue.Queue[Happening] = queue.Queue()
    rows = (DeviceConfig("camera", "mjpeg", sim.address, settings={"use": "look"}),)
    bench = open_devices(rows, happened.put)
    photographer = BenchPhotographer(BenchShelf(tmp_path), bench.cameras)
    try:
        with pytest.raises(DeviceFaulty) as told:
            photographer.shoot("nobody", 30)
        assert told.value.fields["fault"] == "photo.no_camera"
        deadline = time.monotonic() + 20
        while True:
            try:
                shot = photographer.shoot("camera", 30)
                break
            except DeviceFaulty:
                assert time.monotonic() < deadline
                happened.get(timeout=20)
        (path,) = (tmp_path / "evidence" / "waiting").iterdir()
        data = path.read_bytes()
        assert data[:2] == b"\xff\xd8"
        assert hashlib.sha256(data).hexdigest() == shot.sha256
        assert (shot.width, shot.height, shot.bytes) == (960, 540, len(data))
        assert photographer.cameras() == ("camera",)
    finally:
        bench.close()
        sim.close()
    with pytest.raises(DeviceFaulty) as late:
        photographer.shoot("camera", 30)
    assert late.value.fields["fault"] == "photo.stale"


def test_rules_come_from_the_data_folder(tmp_path: Path) -> None:
    assert evidence_rules(tmp_path) == EvidenceRules()
    (tmp_path / RULES).write_text('{"photos": [{"why": "nth", "nth": 5}]}')
    assert evidence_rules(tmp_path).photos == (PhotoRule(why="nth", nth=5),)
    (tmp_path / RULES).write_text('{"photos": 5}')
    with pytest.raises(SettingsError):
        evidence_rules(tmp_path)
