"""A workshop on a desk, with settings that are only kept in mind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from packstation.bootstrap.workshop import Wiring, Workshop
from packstation.devices.bench import DOCUMENTS, DeviceConfig, DeviceTimings, Kept
from packstation.devices.printers.rows import bench_printers
from packstation.devices.sim.faces import PtyFace
from packstation.devices.sim.scale import ScaleSim
from packstation.devices.sim.speeches import SPEECHES
from packstation.domain.printers import PrintTable, print_table
from packstation.settings.keys import USER, SettingInvalid
from packstation.station.desk import Desk
from packstation.station.gear import Gear
from tests.devices.rigs import LINK, SCALE, Recorder, chance

TIMINGS = DeviceTimings(link=LINK, scale=SCALE)


class Shop:
    """A workshop on a desk; ``kept`` is what stands in the settings."""

    def __init__(self, recordings: Path | None = None, timings: DeviceTimings = TIMINGS) -> None:
        self.said = Recorder()
        self.kept: list[Sequence[DeviceConfig]] = []
        self.labels: list[str] = []
        self.broken = False
        self.desk = Desk(bench="07")
        self.wiring = Wiring(
            desk=self.desk,
            post=self.said,
            kept=Kept(recordings=recordings),
            gear=Gear(),
            bench="07",
            table=self._table,
            timings=timings,
            keep=self._keep,
        )
        self.workshop = Workshop(self.wiring, self.labels.append)

    @staticmethod
    def _table(rows: Sequence[DeviceConfig]) -> PrintTable:
        return print_table(bench_printers(rows), (), DOCUMENTS)

    def _keep(self, rows: Sequence[DeviceConfig]) -> None:
        if self.broken:
            raise SettingInvalid("DEVICES", "x", "y", USER)
        self.kept.append(rows)


@contextmanager
def shop(
    *rows: DeviceConfig, recordings: Path | None = None, timings: DeviceTimings = TIMINGS
) -> Iterator[Shop]:
    made = Shop(recordings, timings)
    made.workshop.begin(rows)
    try:
        yield made
    finally:
        made.workshop.close_all()


@contextmanager
def scale(folder: Path, model: str = "st-gs", name: str = "scale") -> Iterator[ScaleSim]:
    sim = ScaleSim(PtyFace(folder / name), chance(), SPEECHES[model])
    try:
        yield sim
    finally:
        sim.close()
