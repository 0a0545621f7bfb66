"""Whatever happens to printers, cables and the program: a label comes out once, or is asked for.

The printers here are physical: what they were sent lies in their buffer, comes out when there
is paper, whoever still listens, and is gone only when they are switched off.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.packing import State
from packstation.station import ports as p
from tests.station.desk import EPACKET, PRINTERS, order, to_weighing
from tests.station.test_printers import SECOND, TwoPrinters

LABEL, PAPERS = PRINTERS
IDS = ("label", "label-2")


class Body:
    """The machine itself; it outlives the program."""

    def __init__(self) -> None:
        self.paper, self.cable = True, True
        self.buffer: deque[bytes] = deque()
        self.out: list[bytes] = []

    def work(self) -> None:
        """Print what is in the buffer."""
        while self.buffer and self.paper:
            self.out.append(self.buffer.popleft())


class Worker:
    """`Printer` of a run: one job at a time, and none of which a byte has left again."""

    def __init__(self, name: str, body: Body) -> None:
        self.name, self.body = name, body
        self.post: Callable[[p.Happening], object] = lambda _: None
        self.waiting: list[p.PrintJob] = []
        self.sent: p.PrintJob | None = None
        self.health = ""

    def submit(self, job: p.PrintJob) -> None:
        self.waiting.append(job)

    def withdraw(self, job: str) -> bool:
        left = [one for one in self.waiting if one.job != job]
        found = len(left) < len(self.waiting)
        self.waiting = left
        return found

    def came_out(self, job: str) -> bool | None:
        return None

    def close(self) -> None:
        self.waiting.clear()

    def step(self) -> None:
        """One look at the machine, and what follows from it."""
        cause = "" if self.body.cable else "device.unplugged"
        cause = cause or ("" if self.body.paper else "printer.paper_out")
        if cause != self.health:
            state = p.DeviceState.FAULT if cause else p.DeviceState.OK
            self.post(p.DeviceHealth(self.name, state, cause))
            self.health = cause
        if self.sent is not None:
            self._follow(self.sent)
        elif self.waiting and not cause:
            self.sent = self.waiting.pop(0)
            self.body.buffer.append(self.sent.payload)
            self._say(self.sent, "accepted")

    def _follow(self, job: p.PrintJob) -> None:
        if not self.body.cable:
            self.sent = None
            self._say(job, "uncertain", "printer.lost")
        elif not self.body.buffer:
            self.sent = None
            self._say(job, "idle")
            self._say(job, "printed")

    def _say(self, job: p.PrintJob, outcome: str, cause: str = "") -> None:
        self.post(p.PrintProgress(job.job, job.document, outcome, self.name, cause))


class Floor:
    """A bench, its machines, and a person who looks before answering."""

    def __init__(self) -> None:
        self.bodies = {name: Body() for name in IDS}
        self.bench = self._open()
        self.bench.cache.add(p.OrderRow(order(), 1))
        self.bench.lease()
        self.bench.scan("%PB:PK-1")
        to_weighing(self.bench)
        self.bench.weigh(780)

    def _open(self, before: TwoPrinters | None = None) -> TwoPrinters:
        self.workers = {name: Worker(name, body) for name, body in self.bodies.items()}
        more: dict[str, object] = {
            "printers": dict(self.workers),
            "rows": (LABEL, SECOND),
            "services": (ONE_LABEL,),
        }
        if before is not None:
            more |= {"store": before.store, "cache": before.cache}
        bench = TwoPrinters(**more)
        bench.start()
        for worker in self.workers.values():
            worker.post = bench.say
        if before is not None:
            bench.scan("%PB:PK-1")
        return bench

    def do(self, what: str) -> None:
        """One thing that happens."""
        verb, _, name = what.partition(" ")
        body = self.bodies.get(name, Body())
        match verb:
            case "work":
                body.work()
            case "look":
                self.workers[name].step()
            case "paper":
                body.paper = not body.paper
            case "cable":
                body.cable = not body.cable
            case "scan":
                self.bench.scan(f"%PS:printer:{name}")
            case "restart":
                self.bench = self._open(self.bench)
            case "answer":
                self.answer()
            case "reprint":
                self.bench.command("reprint")

    def answer(self) -> None:
        """Look at the machines, then at the screen, and say what is so."""
        view, bench = self.bench.view, self.bench
        if self.outs and bench.paper.status in {"uncertain", "failed"}:
            label = bench.core.session.parcel.label
            bench.scan(label.waybill if label else "")
        elif view.alert is not None and view.alert.headline.key == "print.clear":
            first = self.bench.paper.printer
            self.bodies[first].buffer.clear()  # switched off and on, as it was asked for
            self.bench.command("yes")
        elif view.alert is not None:
            self.bench.command("accept")
        elif view.label is not None and view.label.unsure:
            self.bench.command("no")

    def settle(self) -> None:
        """Everything works again, and the person does what is asked."""
        for body in self.bodies.values():
            body.paper = body.cable = True
        for _ in range(12):
            for name in IDS:
                for verb in ("look", "work", "look"):
                    self.do(f"{verb} {name}")
            if self.bench.core.session.state is not State.PRINTING:
                return
            self.answer()
            if self.bench.paper.status == "failed" and self.bench.view.alert is None:
                self.bench.command("printer")

    @property
    def outs(self) -> int:
        return sum(len(body.out) for body in self.bodies.values())


# Out; out and scanned on the box; and the program started anew after that.
DONE = frozenset({State.CONFIRMING, State.COMPLETED, State.IDLE})
ONE_LABEL = replace(EPACKET, documents=("label",))
EVENTS = st.lists(
    st.sampled_from(
        [
            *(f"{verb} {name}" for verb in ("work", "look", "paper", "cable") for name in IDS),
            *("scan label", "scan label-2", "answer", "restart", "look label", "work label"),
        ]
    ),
    max_size=25,
)


@settings(max_examples=250, deadline=None)
@given(EVENTS)
def test_a_label_comes_out_once_and_is_never_lost_silently(events: list[str]) -> None:
    floor = Floor()
    for event in events:
        floor.do(event)
        assert floor.outs <= 1, events
    floor.settle()
    assert floor.outs == 1, events
    assert floor.bench.core.session.state in DONE


@pytest.mark.parametrize("kill", range(7))
def test_a_moved_job_survives_a_kill_between_any_two_rungs(kill: int) -> None:
    """Sent, out of paper, moved after the question, sent again; the program dies in between."""
    story = (
        *("look label", "paper label", "look label", "scan label-2", "answer", "answer"),
        *("look label-2", "work label-2", "look label-2"),
    )
    floor = Floor()
    floor.bodies["label"].paper = False
    for place, event in enumerate(story):
        if place == kill:
            floor.do("restart")
        floor.do(event)
        assert floor.outs <= 1
    floor.settle()
    assert floor.outs == 1
    assert floor.bench.core.session.state in DONE


def test_a_job_that_waits_is_moved_without_a_question() -> None:
    floor = Floor()
    floor.bodies["label"].paper = False
    for event in ("look label", "scan label-2", "look label-2", "work label-2", "look label-2"):
        floor.do(event)
    floor.bodies["label"].paper = True
    floor.do("look label")
    floor.do("work label")
    assert (floor.outs, len(floor.bodies["label-2"].out)) == (1, 1)
    assert "PrintUncertain" not in floor.bench.kinds()
