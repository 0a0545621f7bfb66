"""Stations and printers over real sockets: moves, kills, and one printer of two benches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from packstation.devices.bench import DeviceConfig
from packstation.devices.sim.printer import ZplPrinterSim
from packstation.station import ports as p
from packstation.station.views import Screen
from tests.bootstrap.printing_rig import Seat, labels, printer

SURE = {"confirmed": True}


class Two:
    """A bench with two label printers."""

    def __init__(self, folder: Path) -> None:
        self.open = ExitStack()
        self.first, self.second = (self._printer(folder, name) for name in ("one", "two"))
        self.seat = Seat(
            folder / "bench",
            DeviceConfig("label", "zpl", self.first.address, settings=SURE),
            DeviceConfig("label", "zpl", self.second.address, "label-2", {"confirmed": True}),
            DeviceConfig("papers", "folder", str(folder / "papers")),
        )
        self.open.callback(self.seat.close)
        for name in ("label", "label-2"):
            self.seat.device(name)

    def _printer(self, folder: Path, name: str) -> ZplPrinterSim:
        made = printer(folder, name)
        self.open.callback(made.close)
        return made

    @property
    def out(self) -> list[str]:
        return labels(self.first) + labels(self.second)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    made = Two(tmp_path)
    with made.open:
        yield made


def test_what_waits_for_paper_comes_out_of_the_other_printer_and_only_there(two: Two) -> None:
    two.first.set_fault("paper_out", on=True)
    two.seat.device("label", "fault")
    two.seat.pack()
    two.seat.paper("label", "started")
    two.seat.say(p.CodeScanned("%PS:printer:label-2"))
    two.seat.until(lambda v: v.screen is Screen.CONFIRMING)
    two.first.set_fault("paper_out", on=False)
    two.seat.device("label")
    assert labels(two.second) == [two.seat.waybill]
    assert labels(two.first) == []
    assert two.seat.facts("PrintMoved")[0]["proof"] == "withdrawn"
    printed = next(f for f in two.seat.facts("DocumentPrinted") if f["document"] == "label")
    assert (printed["printer"], printed["rung"]) == ("label-2", "counted")


def stuck_after_acceptance(two: Two) -> None:
    """The label lies in the first printer, which has no paper, and the cable is out."""
    two.first._print_s = 2.0
    two.seat.pack()
    two.seat.until(lambda _: bool(two.seat.facts("PrintAdvanced")) and _accepted(two))
    two.first.set_fault("paper_out", on=True)
    two.first._print_s = 0.03


def _accepted(two: Two) -> bool:
    return any(fact["rung"] == "accepted" for fact in two.seat.facts("PrintAdvanced"))


@pytest.mark.parametrize("killed", [False, True])
def test_of_what_lies_in_a_printer_a_person_is_asked_and_empties_it_first(
    two: Two, *, killed: bool
) -> None:
    stuck_after_acceptance(two)
    if killed:
        two.seat.kill()
        two.seat.device("label-2")
    else:
        two.seat.device("label", "fault")
    two.seat.say(p.CodeScanned("%PS:printer:label-2"))
    two.seat.paper("label", "uncertain")
    assert two.out == []
    view = two.seat.command("no")
    assert view.alert is not None
    assert view.alert.headline.key == "print.clear"
    if killed:
        two.seat.kill()
        assert two.seat.view.alert is not None
    two.first.power_cycle()
    two.seat.command("yes")
    two.seat.until(lambda v: v.screen is Screen.CONFIRMING)
    two.first.set_fault("paper_out", on=False)
    two.seat.device("label")
    assert two.out == labels(two.second) == [two.seat.waybill]


def test_a_label_that_came_out_after_all_is_scanned_and_not_printed_again(two: Two) -> None:
    stuck_after_acceptance(two)
    two.seat.device("label", "fault")
    two.seat.say(p.CodeScanned("%PS:printer:label-2"))
    two.seat.command("no")
    two.first.set_fault("paper_out", on=False)
    two.seat.until(lambda _: two.seat.status() == "printed")
    assert two.out == labels(two.first) == [two.seat.waybill]
    two.seat.until(lambda v: v.screen is Screen.CONFIRMING)


# --- one printer, two benches ----------------------------------------------------------------


class Shared:
    """Bench A owns a printer; bench B prints on it."""

    def __init__(self, folder: Path) -> None:
        self.open = ExitStack()
        self.sim = printer(folder, "one")
        self.open.callback(self.sim.close)
        key = folder / "key"
        key.write_text("what both benches know")
        share = {
            "share_port": 0,
            "share_host": "127.0.0.1",
            "share_benches": ["B"],
            "share_key_file": str(key),
        }
        label = DeviceConfig("label", "zpl", self.sim.address, settings=SURE | share)
        self.a = Seat(folder / "a", label, _papers(folder / "pa"), bench="A")
        self.open.callback(self.a.close)
        self.a.device("label")
        port = self.a.opened.station._flow.printing.printers["label"].port  # type: ignore[attr-defined]
        settings = {"share_key_file": str(key), "confirmed": True}
        borrowed = DeviceConfig("label", "zpl", f"bench://127.0.0.1:{port}", settings=settings)
        self.b = Seat(folder / "b", borrowed, _papers(folder / "pb"), bench="B", at=1)
        self.open.callback(self.b.close)
        self.b.device("label")


def _papers(folder: Path) -> DeviceConfig:
    return DeviceConfig("papers", "folder", str(folder))


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Shared]:
    made = Shared(tmp_path)
    with made.open:
        yield made


def test_two_stations_print_on_one_printer_in_turn_and_each_label_names_its_bench(
    shared: Shared,
) -> None:
    shared.sim.set_fault("paper_out", on=True)
    shared.b.device("label", "fault")
    shared.a.pack()
    shared.a.paper("label", "started")
    shared.b.pack()
    shared.b.paper("label", "started")
    note = shared.b.until(lambda v: any(d.note for d in v.devices))
    told = next(d.note for d in note.devices if d.note)
    assert (told.key, dict(told.args)["bench"]) == ("printer.queue", "A")
    shared.sim.set_fault("paper_out", on=False)
    shared.a.until(lambda v: v.screen is Screen.CONFIRMING)
    shared.b.until(lambda v: v.screen is Screen.CONFIRMING)
    assert labels(shared.sim) == [shared.a.waybill, shared.b.waybill]
    marks = [re.findall(rb"\^FD([AB])\^FS", shared.sim.label(n)) for n in (1, 2)]
    assert marks == [[b"A"], [b"B"]]
    printed = next(f for f in shared.b.facts("DocumentPrinted") if f["document"] == "label")
    assert [rung for rung, _ in printed["rungs"]] == ["spooled", "accepted", "idle", "counted"]  # type: ignore[attr-defined]


def test_a_guest_that_dies_in_its_turn_prints_once_and_is_asked(shared: Shared) -> None:
    shared.sim._print_s = 0.5
    shared.b.pack()
    shared.b.until(lambda _: any(f["rung"] == "accepted" for f in shared.b.facts("PrintAdvanced")))
    shared.b.kill()
    shared.b.paper("label", "uncertain")
    shared.a.pack()
    shared.a.until(lambda v: v.screen is Screen.CONFIRMING)
    assert labels(shared.sim).count(shared.b.waybill) == 1
    shared.b.say(p.CodeScanned(shared.b.waybill))
    assert shared.b.view.screen is not Screen.PRINTING or shared.b.status("cn22") != "printed"
    assert labels(shared.sim).count(shared.b.waybill) == 1
