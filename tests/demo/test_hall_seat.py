"""One bench of a hall, let through to its end in this process."""

from __future__ import annotations

import io
import json
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from packstation.demo import hall_seat, samples
from packstation.demo.hall_seat import SeatPlan
from packstation.devices.sim.faces import TcpFace
from packstation.devices.sim.printer import ZplPrinterSim

Said = Callable[[dict[str, object]], str]


class Hall(io.StringIO):
    """Hears every line that the bench says, and answers on its standard input."""

    def __init__(self, answer: Said) -> None:
        super().__init__()
        self.said: list[dict[str, object]] = []
        self._asked = answer
        reading, self._writing = os.pipe()
        self.stdin = os.fdopen(reading, "r", encoding="utf-8")

    def answer(self, line: str) -> None:
        """Write to the bench."""
        os.write(self._writing, f"{line}\n".encode())

    def write(self, text: str) -> int:
        """A line of the bench."""
        if text.strip():
            self.said.append(json.loads(text))
            if answer := self._asked(self.said[-1]):
                self.answer(answer)
        return len(text)

    def shut(self) -> None:
        """Both ends."""
        os.close(self._writing)
        self.stdin.close()


@contextmanager
def printers(folder: Path) -> Iterator[dict[str, ZplPrinterSim]]:
    """The label printer and its spare."""
    sims = {
        name: ZplPrinterSim(TcpFace(), random.Random(1), folder / name, print_s=0.05)
        for name in ("label", "label-2")
    }
    try:
        yield sims
    finally:
        for sim in sims.values():
            sim.close()


def seated(folder: Path, sims: dict[str, ZplPrinterSim], hall: Hall) -> None:
    """The plan is told, and the bench is let through."""
    plan = SeatPlan(
        folder=folder / "seat",
        bench="07",
        place=0,
        orders=tuple(order.order_id for order in samples.read_orders())[:2],
        trays=tuple(sim.folder for sim in sims.values()),
        label=sims["label"].address,
        label_settings={"confirmed": True},
        spare=sims["label-2"].address,
        seed=1,
    )
    hall.answer(msgspec.json.encode(plan, enc_hook=str).decode())
    hall_seat.main()


def came_out(sims: dict[str, ZplPrinterSim]) -> int:
    return sum(len(list(sim.folder.glob("*.zpl"))) for sim in sims.values())


def test_a_bench_packs_its_orders_and_ends_when_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = Hall(lambda said: "end" if said.get("done") else "")
    monkeypatch.setattr("sys.stdin", hall.stdin)
    monkeypatch.setattr("sys.stdout", hall)
    with printers(tmp_path) as sims:
        seated(tmp_path, sims, hall)
        labels = came_out(sims)
    hall.shut()

    assert hall.said[0] == {"ready": True}
    assert {"done": True} in hall.said
    assert hall.said[-1] == {"queues": {}}
    assert labels == 2


def test_behind_an_open_lid_a_label_moves_to_the_other_printer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hall_seat, "LOOK_S", 0.1)
    monkeypatch.setattr(hall_seat, "MOVES", 1)
    with printers(tmp_path) as sims:

        def answer(said: dict[str, object]) -> str:
            if said.get("ready"):
                sims["label"].set_fault("head_open", on=True)
            if printer := said.get("clear"):
                sims[str(printer)].power_cycle()
                sims["label"].set_fault("head_open", on=False)
                return "cleared"
            return "end" if said.get("done") else ""

        hall = Hall(answer)
        monkeypatch.setattr("sys.stdin", hall.stdin)
        monkeypatch.setattr("sys.stdout", hall)
        seated(tmp_path, sims, hall)
        behind, beside = (len(list(sim.folder.glob("*.zpl"))) for sim in sims.values())
    hall.shut()

    assert {"done": True} in hall.said
    assert (behind, beside) == (0, 2)
