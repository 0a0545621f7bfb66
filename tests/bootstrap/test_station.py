"""A bench that cannot be opened leaves nothing behind."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from packstation.bootstrap.station import Setup, no_server, open_station
from packstation.devices.bench import DeviceConfig
from packstation.domain.errors import SettingsError
from packstation.station.ports import Happening
from packstation.station.views import Screen, StationView


def test_a_device_row_that_cannot_be_used_closes_the_journal_again(tmp_path: Path) -> None:
    posted: list[Happening] = []
    views: list[StationView] = []
    bad = Setup(tmp_path, "st-1", "07", (DeviceConfig("toaster", "x", "y"),))
    # Work of an earlier test's bench may still be on its way out.
    before = set(threading.enumerate())
    with pytest.raises(SettingsError):
        open_station(bad, posted.append, views.append)
    left = set(threading.enumerate()) - before
    assert not [t for t in left if t.name.startswith(("work", "ticker"))]
    opened = open_station(Setup(tmp_path, "st-1", "07"), posted.append, views.append, no_server)
    assert views[-1].screen is Screen.SIGN_IN
    opened.begin()
    opened.close()
