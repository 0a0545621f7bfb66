"""The real bench: first start against a real server and simulated devices, then the station."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from packstation.bootstrap import command
from packstation.bootstrap.window import Bench
from packstation.demo import samples
from packstation.demo.office import DemoOffice
from packstation.devices.sim.bench import SimBench
from packstation.domain.errors import SettingsError
from packstation.domain.testcard import CARD_CODES
from packstation.settings import load
from packstation.settings.sources import Places
from packstation.station.first_start import NEEDED
from packstation.station.ports import AnswerGiven, CodeScanned, CommandGiven, TextEntered
from packstation.station.views import FirstStartView, Screen, StationView
from packstation.ui.sounds import NullPlayer


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(
        tmp_path / "policy.d", tmp_path / "etc.toml", tmp_path / "user.toml", tmp_path / "data"
    )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DemoOffice]:
    folder = tmp_path / "office"
    folder.mkdir()
    office = DemoOffice(folder)
    office.fill(samples.orders(samples.WRITTEN))
    yield office
    office.server_down()


@pytest.fixture
def devices(tmp_path: Path) -> Iterator[SimBench]:
    bench = SimBench(tmp_path / "tray")
    yield bench
    bench.close()


def test_first_start_ends_in_a_bench_that_packs(
    qtbot: QtBot, places: Places, office: DemoOffice, devices: SimBench
) -> None:
    settings = load({"STATION_NAME": "07", "SERVER_URL": office.url}, environ={}, places=places)
    settings.station.data.mkdir(parents=True)
    bench = Bench(settings, command.station_id(settings.station.data), places, NullPlayer())
    qtbot.addWidget(bench.window)
    where = devices.addresses()
    first = bench.first_start((where.scale, where.label))

    def until(seen: Callable[[], bool]) -> None:
        qtbot.waitUntil(seen, timeout=15_000)

    def view() -> StationView:
        return bench.window.view

    def first_view() -> FirstStartView:
        return view().first or FirstStartView()

    assert view().screen is Screen.ENROL
    first.handle(TextEntered("token", f"{office.url} {office.enrol_token()}"))
    until(lambda: {d.kind for d in view().devices} >= {"scale", "label"})
    until(lambda: first_view().test_label == "printed")
    devices.place(420)
    until(lambda: view().scale.grams == 420)
    for about in ("scale", "label"):
        first.handle(AnswerGiven(yes=True, about=about))
    first.handle(CommandGiven("accept"))
    for code in CARD_CODES:
        first.handle(CodeScanned(code.text))
    assert len(first_view().card_read) == len(NEEDED)
    first.handle(CommandGiven("accept"))
    assert view().screen is Screen.SIGN_IN
    bench.bridge.post(CodeScanned("%PB:ly-0107"))
    until(lambda: view().screen is Screen.QUEUE or view().alert is not None)
    bench.close()
    kept = load({}, environ={}, places=places)
    assert [device.kind for device in kept.devices] == ["scale", "label"]


def test_two_devices_of_one_id_are_told_before_the_window(qtbot: QtBot, places: Places) -> None:
    row = '[[DEVICES]]\nkind = "label"\nmodel = "zpl"\naddress = "tcp://192.0.2.{}:9100"\n'
    places.user.parent.mkdir(parents=True, exist_ok=True)
    places.user.write_text(row.format(1) + row.format(2), "utf-8")
    settings = load({"STATION_NAME": "07"}, environ={}, places=places)
    bench = Bench(settings, "st-1", places, NullPlayer())
    qtbot.addWidget(bench.window)
    with pytest.raises(SettingsError) as refused:
        bench.run(full_screen=False)
    assert refused.value.key == "error.setting.twins"
    assert not bench.window.isVisible()
    bench.close()


def test_a_bench_that_knows_its_devices_starts_without_questions(
    qtbot: QtBot, places: Places, devices: SimBench
) -> None:
    settings = load({"STATION_NAME": "07"}, environ={}, places=places)
    settings.station.data.mkdir(parents=True)
    bench = Bench(settings, "st-1", places, NullPlayer())
    qtbot.addWidget(bench.window)
    bench.open_station(devices.configs())
    qtbot.waitUntil(lambda: all(d.state == "ok" for d in bench.window.view.devices), timeout=15_000)
    assert bench.window.view.screen is Screen.SIGN_IN
    bench.close()


def test_a_bench_learns_and_goes_back_to_its_work(
    qtbot: QtBot, places: Places, devices: SimBench
) -> None:
    settings = load({"STATION_NAME": "07"}, environ={}, places=places)
    settings.station.data.mkdir(parents=True)
    bench = Bench(settings, "st-1", places, NullPlayer())
    qtbot.addWidget(bench.window)
    bench.open_station(devices.configs())

    def view() -> StationView:
        return bench.window.view

    qtbot.waitUntil(lambda: all(d.state == "ok" for d in view().devices), timeout=15_000)
    bench.train()
    qtbot.waitUntil(lambda: view().training, timeout=15_000)
    devices.scan("%PB:nobody")  # a real scanner is not heard while somebody learns
    bench.window.give(CodeScanned("%PB:ly-0107"))
    qtbot.waitUntil(lambda: bool(view().person.name), timeout=15_000)
    qtbot.waitUntil(lambda: view().screen is Screen.TRAINING, timeout=15_000)
    bench.window.give(CommandGiven("back"))
    qtbot.waitUntil(lambda: not view().training, timeout=15_000)
    assert view().screen is Screen.SIGN_IN
    assert view().alert is None
    bench.close()


def test_the_training_room_alone_ends_with_its_window(qtbot: QtBot, places: Places) -> None:
    settings = load({"STATION_NAME": "07"}, environ={}, places=places)
    settings.station.data.mkdir(parents=True)
    bench = Bench(settings, "st-1", places, NullPlayer())
    qtbot.addWidget(bench.window)
    bench.window.show()
    bench.train_alone()
    qtbot.waitUntil(lambda: bench.window.view.training, timeout=15_000)
    bench.window.give(CodeScanned("%PB:ly-0107"))
    qtbot.waitUntil(lambda: bench.window.view.screen is Screen.TRAINING, timeout=15_000)
    bench.window.give(CommandGiven("back"))
    qtbot.waitUntil(lambda: not bench.window.isVisible(), timeout=15_000)
    bench.close()
    assert not (settings.station.data / "training" / "bench" / "ports").exists()
