"""Which device belongs where, over starts and over damage."""

from __future__ import annotations

from pathlib import Path

import pytest

from packstation.storage.known_devices import KnownDevices


def test_a_number_outlives_the_program(tmp_path: Path) -> None:
    path = tmp_path / "devices.json"
    known = KnownDevices(path)
    assert known.serial("scale mt-sics COM5") == ""
    known.remember("scale mt-sics COM5", "0123")
    known.remember("label zpl tcp://192.0.2.7:9100", "秤")
    before = path.stat().st_mtime_ns
    known.remember("scale mt-sics COM5", "0123")
    assert path.stat().st_mtime_ns == before
    again = KnownDevices(path)
    assert again.serial("scale mt-sics COM5") == "0123"
    assert again.serial("label zpl tcp://192.0.2.7:9100") == "秤"
    assert again.serial("scale mt-sics COM6") == ""


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'{"schema": "packstation.devices/2"}', b'{"serials": {"a": 1}}']
)
def test_a_damaged_file_is_an_empty_one(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "devices.json"
    path.write_bytes(raw)
    known = KnownDevices(path)
    assert known.serial("scale") == ""
    known.remember("scale", "0123")
    assert KnownDevices(path).serial("scale") == "0123"


def test_a_disk_that_refuses_costs_the_memory_over_the_next_start_only(tmp_path: Path) -> None:
    known = KnownDevices(tmp_path / "none" / "devices.json")
    known.remember("scale", "0123")
    assert known.serial("scale") == "0123"
    assert KnownDevices(tmp_path).serial("scale") == ""
