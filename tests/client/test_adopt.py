"""A new PC takes over name and devices of a bench whose own is no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.bootstrap.profile import changes_of, profile_of
from packstation.client.enrol import enrol
from packstation.client.enrolment import enrolment_of
from packstation.client.keys import key_of
from packstation.client.pusher import Pusher
from packstation.client.wire import Access, Wire, open_http
from packstation.domain.bench_profile import Profile
from packstation.domain.psp import SiteBody
from packstation.server.enrolment import make_enrol_token, revoke
from packstation.server.options import Options
from packstation.server.run import Running, serve
from packstation.server.sites import put_site
from packstation.settings import load
from packstation.settings.sources import Places
from packstation.storage.journal import SqliteJournalReader
from packstation.storage.store import FILE, open_store
from tests.cli.terminal import packstation
from tests.fake_storage import FakeClock, FakeIds

SITE = "GZ-1"
DEVICES = Profile(
    devices=(
        {"kind": "scale", "model": "mt-sics", "address": "/dev/ttyUSB0", "id": "0123"},
        {
            "kind": "printer",
            "model": "zpl",
            "address": "tcp://192.0.2.9:9100",
            "options": {"dpi": "203"},
        },
    ),
    prints=({"document": "label", "printer": "printer", "stock": "100x150"},),
)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    made = serve("127.0.0.1", 0, f"sqlite:///{tmp_path / 'server.sqlite3'}", Options())
    with made.server.store.write() as connection:
        put_site(made.server, connection, SiteBody(code=SITE, zone="Asia/Shanghai"))
    yield made
    made.stop()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the new PC's user has settings."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    return tmp_path / "home"


def old_pc(running: Running, folder: Path, profile: Profile) -> None:
    """A bench that told its devices, and then died."""
    clock = FakeClock()
    folder.mkdir()
    token = make_enrol_token(running.server, SITE)
    enrol(Access(running.url), token, "B-07", "07", folder, clock=clock)
    with open_store(folder / FILE, station="B-07", clock=clock, ids=FakeIds()) as store:
        wire = Wire(open_http(Access(running.url)), key_of(folder), clock)
        reader = SqliteJournalReader(store.database.path)
        pusher = Pusher(
            wire, reader, lambda _: None, clock=clock, ids=FakeIds("r"), chance=lambda: 0.5
        )
        pusher.errands.keep(profile)
        for _ in range(6):
            clock.advance(pusher.turn())
        wire.close()
        reader.close()
    revoke(running.server, SITE, "B-07")


def test_a_new_pc_takes_over(running: Running, tmp_path: Path, home: Path) -> None:
    old_pc(running, tmp_path / "old", DEVICES)
    data = tmp_path / "new"
    token = make_enrol_token(running.server, SITE)
    at = ("--bench", "07", "--server", running.url, "--data", data)
    done = packstation("station", "adopt", *at, "--token", token)
    assert done.status == 0, done.err
    assert "is bench 07 of GZ-1" in done.out
    joined = enrolment_of(data)
    assert joined is not None
    assert (joined.name, joined.site) == ("07", SITE)
    assert joined.station_id != "B-07"
    settings = load(places=Places.here())
    assert profile_of(settings) == DEVICES
    assert home.is_dir()
    again = packstation("station", "adopt", *at, "--token", "spent")
    assert again.status == 0, "asked again after a lost answer"
    other = packstation("station", "adopt", *at[:1], "08", *at[2:], "--token", "t")
    assert (other.status, "is bench 07" in other.err) == (2, True)


def test_a_bench_that_told_nothing_is_named(running: Running, tmp_path: Path, home: Path) -> None:
    del home
    token = make_enrol_token(running.server, SITE)
    at = ("--bench", "09", "--server", running.url, "--data", tmp_path / "new")
    done = packstation("station", "adopt", *at, "--token", token)
    assert (done.status, "no bench 09" in done.err) == (2, True)
    assert packstation("station", "adopt", *at).status == 2


def test_the_newest_word_of_a_name_counts(running: Running, tmp_path: Path, home: Path) -> None:
    del home
    old_pc(running, tmp_path / "old", DEVICES)
    assert changes_of(DEVICES)["DEVICES"] == list(DEVICES.devices)
    from packstation.server.access import StationCaller
    from packstation.server.keeping import profiles

    caller = StationCaller(site=SITE, station="B-07", epoch="", gen=1)
    profiles.put(running.server, caller, DEVICES)
    profiles.put(running.server, caller, Profile())
    assert profiles.of_bench(running.server, SITE, "07") == Profile()
