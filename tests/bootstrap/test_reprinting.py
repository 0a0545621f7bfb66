"""Another copy on the printer that may still hold the first: how many labels come out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from packstation.devices.bench import DeviceConfig, open_devices
from packstation.devices.sim.faces import TcpFace
from packstation.devices.sim.labels import waybill_of
from packstation.devices.sim.printers.catalogue import DIALECTS
from packstation.devices.sim.printers.dialect import Item, Sheet
from packstation.devices.sim.printers.press import LabelPrinterSim
from packstation.station.ports import PrintJob, PrintProgress
from packstation.station.views import Screen
from tests.bootstrap.printing_rig import TIMINGS, Seat
from tests.contracts.printers import FAMILIES, at_work, zpl
from tests.devices.printers.queues.peers import wait_for
from tests.devices.rigs import Recorder


def held(sim: LabelPrinterSim) -> list[Item]:
    """What lies in its buffer."""
    with sim._change:
        return list(sim._waiting)


class One:
    """A bench with one label printer of a family, whose first label lies in it."""

    def __init__(self, folder: Path, model: str, **settings: object) -> None:
        self.open = ExitStack()
        face, dialect = TcpFace(), DIALECTS[model]()
        self.sim = LabelPrinterSim(face, random.Random(1), folder / "out", dialect, print_s=0.03)
        self.open.callback(self.sim.close)
        told = {"confirmed": True, **settings}
        self.seat = Seat(
            folder / "bench",
            DeviceConfig("label", model, self.sim.address, settings=told),
            DeviceConfig("papers", "folder", str(folder / "papers")),
        )
        self.open.callback(self.seat.close)
        self.seat.device("label")

    def stuck(self) -> None:
        """The lid is opened once the printer has the label; the bench is killed."""
        self.sim._print_s = 3.0
        self.seat.pack()
        self.seat.until(
            lambda _: any(f["rung"] == "accepted" for f in self.seat.facts("PrintAdvanced"))
        )
        wait_for(lambda: bool(held(self.sim)), "nothing came")
        self.sim.set_fault("head_open", on=True)
        self.sim._print_s = 0.03
        self.seat.kill()
        self.seat.paper("label", "uncertain")

    def again(self) -> None:
        """No, it did not come out; another one."""
        self.seat.command("no")
        view = self.seat.command("reprint")
        assert view.alert is not None
        assert view.alert.headline.key == "print.first"
        assert view.alert.todo is not None
        assert dict(view.alert.todo.args)["copy"] == "2"

    def closed(self) -> None:
        """The lid is closed, and the copy is printed."""
        self.sim.set_fault("head_open", on=False)
        view = self.seat.until(lambda v: v.screen is Screen.CONFIRMING)
        assert view.alert is not None
        assert view.alert.headline.key in {"print.first", "print.spare"}
        assert self.seat.command("accept").alert is None

    @property
    def out(self) -> list[bytes]:
        return [self.sim.label(number) for number in range(1, self.sim.printed + 1)]


@pytest.fixture
def made(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[One]:
    model, settings = request.param
    one = One(tmp_path, model, **settings)
    with one.open:
        yield one


@pytest.mark.parametrize("made", [("zpl", {})], indirect=True)
def test_a_zebra_forgets_the_first_before_its_lid_is_closed(made: One) -> None:
    made.stuck()
    made.again()
    made.seat.paper("label", "started")
    made.seat.until(lambda _: not held(made.sim))
    made.closed()
    assert len(made.out) == 1
    assert waybill_of(made.out[0]) == made.seat.waybill
    assert b"COPY 2" in made.out[0]
    assert made.seat.facts("SpareCopyOut") == []


@pytest.mark.parametrize("made", [("zpl", {"purge": False}), ("tspl", {})], indirect=True)
def test_where_nothing_is_thrown_away_the_packer_is_told_which_one_to_tear_up(made: One) -> None:
    made.stuck()
    made.again()
    made.closed()
    assert len(made.out) == 2
    assert {waybill_of(label) for label in made.out} == {made.seat.waybill}
    assert made.out[0] != made.out[1]


@pytest.mark.parametrize("made", [("zpl", {})], indirect=True)
def test_a_copy_of_what_came_out_is_asked_for_without_a_word_and_without_purging(
    made: One,
) -> None:
    made.seat.pack()
    made.seat.until(lambda v: v.screen is Screen.CONFIRMING)
    view = made.seat.command("reprint")
    assert view.alert is None
    made.seat.until(lambda v: v.screen is Screen.CONFIRMING)
    assert len(made.out) == 2
    assert b"COPY 2" in made.out[1]


def test_the_copy_of_a_job_that_is_still_watched_takes_its_place(tmp_path: Path) -> None:
    with at_work(FAMILIES[0], "tcp", tmp_path) as bench:
        bench.heard.healthy()
        bench.sim._print_s = 3.0
        bench.printer.submit(bench.job("j1"))
        bench.reached("accepted")
        wait_for(lambda: bool(held(bench.sim)), "nothing came")
        bench.sim.set_fault("head_open", on=True)
        bench.sim._print_s = 0.03
        bench.printer.submit(replace(bench.job("j2"), doubtful=True))
        wait_for(lambda: not held(bench.sim), "the first is kept")
        bench.sim.set_fault("head_open", on=False)
        assert bench.ended("j2").outcome == "printed"
        assert len(bench.papers()) == 1
        assert bench.rungs("j1") == ["spooled", "accepted"]


def test_a_line_without_a_way_back_is_told_to_forget_as_well(tmp_path: Path) -> None:
    sim = LabelPrinterSim(TcpFace(), random.Random(1), tmp_path, DIALECTS["zpl"](), print_s=0.03)
    heard = Recorder()
    row = DeviceConfig("label", "zpl", sim.address, settings={"status": False})
    bench = open_devices([row], heard, timings=TIMINGS)
    try:
        heard.healthy()
        sim.set_fault("head_open", on=True)
        made = PrintJob("j1", "label", zpl("LP000000001CN"), "zpl")
        bench.printers["label"].submit(made)
        wait_for(lambda: bool(held(sim)), "nothing came")
        again = replace(made, job="j2", payload=zpl("LP000000002CN"), doubtful=True)
        bench.printers["label"].submit(again)
        heard.next(PrintProgress, lambda one: (one.job, one.outcome) == ("j2", "accepted"))
        wait_for(lambda: held(sim) == [Sheet(again.payload)], "not forgotten")
    finally:
        bench.close()
        sim.close()
