"""Two benches, one printer of both and a spare each; the benches are killed, the printers live on.

Each bench is a process (`hall_seat`): one owns the shared printer, the other borrows it. A seeded
hand takes paper out and opens lids, and kills (SIGKILL) one bench or the other in the middle of
printing, moving, waiting in line. What came out of the printers is then held against what the
benches wrote down.
"""

from __future__ import annotations

import errno
import json
import os
import random
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from packstation.demo import samples
from packstation.demo.audit import Book, Findings, after_kill
from packstation.demo.hall_seat import SeatPlan
from packstation.devices.sim.faces import TcpFace
from packstation.devices.sim.labels import waybill_of
from packstation.devices.sim.printer import ZplPrinterSim

OWNER: Final = "A"
GUEST: Final = "B"
TROUBLES: Final = ("paper_out", "head_open", "pause")
START_S: Final = 30.0
FINISH_S: Final = 120.0
PRINT_S: Final = 0.25


class HallScore(Struct):
    """What came of all kills; ``asked_twice``: a person wanted the second copy and was warned."""

    kills: int = 0
    runs: int = 0
    moves: int = 0
    reprints: int = 0
    uncertain: int = 0
    labels: int = 0
    asked_twice: int = 0
    seconds: float = 0.0
    findings: Findings = field(default_factory=Findings)


def killed_halls(
    folder: Path,
    *,
    kills: int,
    orders: int = 5,
    seed: int = 1,
    tell: Callable[[str], None] = lambda _: None,
) -> HallScore:
    """Kill until there were ``kills``; every hall is let through to its end and audited."""
    score, begun, chance = HallScore(), time.monotonic(), random.Random(seed)
    while score.kills < kills:
        score.runs += 1
        hall = _Hall(folder / f"hall-{score.runs:03}", orders, seed * 1000 + score.runs, score)
        try:
            hall.through(chance, min(kills - score.kills, chance.randint(6, 12)))
        finally:
            hall.close()
        tell(f"{score.kills} of {kills} kills: {score}")
    score.seconds = round(time.monotonic() - begun, 1)
    return score


class _Bench:
    """A bench's process, started again after each kill."""

    def __init__(self, plan: SeatPlan, empty: Callable[[str], None]) -> None:
        self.plan, self._empty = plan, empty
        self.ready, self.done = threading.Event(), threading.Event()
        self.lost: list[str] = []
        self.queues: Mapping[str, object] | None = None
        self.book: Book = {}
        self._said: list[str] = []
        self.start()

    def start(self) -> None:
        self.ready.clear()
        self.done.clear()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "packstation.demo.hall_seat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._ears = [
            threading.Thread(target=self._hear, args=(self._process,)),
            threading.Thread(target=self._wail, args=(self._process,)),
        ]
        for ear in self._ears:
            ear.start()
        self._write(msgspec.json.encode(self.plan, enc_hook=str).decode())

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()
        self._end()

    def finish(self) -> str:
        """Tell it to end; "" for a good end."""
        self._write("end")
        try:
            code = self._process.wait(START_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = -1
        self._end()
        return "" if code == 0 else f"exit {code}: {''.join(self._said)[-2000:]}"

    @property
    def broken(self) -> str:
        """What it said when it ended by itself."""
        code = self._process.poll()
        return "" if code is None else f"exit {code}: {''.join(self._said)[-2000:]}"

    def _end(self) -> None:
        self._process.wait()
        for ear in self._ears:
            ear.join()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                _shut(stream.close)

    def _write(self, line: str) -> None:
        stream = self._process.stdin
        if stream is not None:
            _shut(lambda: stream.write(line + "\n"))
            _shut(stream.flush)

    def _hear(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            match json.loads(line) if line.endswith("}\n") else {}:
                case {"ready": True}:
                    self.ready.set()
                case {"done": True}:
                    self.done.set()
                case {"clear": str(printer)}:
                    self._empty(printer)
                    self._write("cleared")
                case {"lost": str(waybill)}:
                    self.lost.append(waybill)
                case {"queues": dict(queues)}:
                    self.queues = queues

    def _wail(self, process: subprocess.Popen[str]) -> None:
        for line in process.stderr or ():
            self._said.append(line)


def _shut(act: Callable[[], object]) -> None:
    """A process that was killed takes no more words."""
    try:
        act()
    except (OSError, ValueError):
        return


class _Hall:
    """One folder: its benches killed some times, then let through."""

    def __init__(self, folder: Path, orders: int, seed: int, score: HallScore) -> None:
        folder.mkdir(parents=True)
        self._score, self._folder = score, folder
        self._trouble = random.Random(f"{seed}-trouble")
        names = ("shared", OWNER, GUEST)
        self._sims = {
            name: ZplPrinterSim(
                TcpFace(), random.Random(f"{seed}-{name}"), folder / f"tray-{name}", print_s=PRINT_S
            )
            for name in names
        }
        key = folder / "key"
        key.write_text(secrets.token_hex(16))
        port = _free_port()
        share = {"share_port": port, "share_host": "127.0.0.1", "share_benches": [GUEST]}
        common = {"confirmed": True, "share_key_file": str(key)}
        own = self._sims["shared"].address
        ids = tuple(order.order_id for order in samples.read_orders())
        self._benches = {
            name: _Bench(
                SeatPlan(
                    folder=folder / name,
                    bench=name,
                    place=place,
                    orders=ids[place : 2 * orders : 2],
                    trays=tuple(sim.folder for sim in self._sims.values()),
                    label=address,
                    label_settings=common | more,
                    spare=self._sims[name].address,
                    seed=seed,
                ),
                lambda printer, name=name: self._empty(name, printer),  # type: ignore[misc]
            )
            for place, (name, address, more) in enumerate(
                ((OWNER, own, share), (GUEST, f"bench://127.0.0.1:{port}", {}))
            )
        }
        self._over = threading.Event()
        self._hand = threading.Thread(target=self._make_trouble)
        self._hand.start()

    def _empty(self, bench: str, printer: str) -> None:
        self._sims["shared" if printer == "label" else bench].power_cycle()

    def _make_trouble(self) -> None:
        """Paper, lids, pauses: one at a time, and mended again."""
        chance = self._trouble
        while not self._over.wait(chance.uniform(0.1, 0.8)):
            sim = self._sims[chance.choice(("shared", "shared", OWNER, GUEST))]
            trouble = chance.choice(TROUBLES)
            sim.set_fault(trouble, on=True)
            self._over.wait(chance.uniform(0.2, 2.0))
            sim.set_fault(trouble, on=False)

    # --- the run --------------------------------------------------------------------------

    def through(self, chance: random.Random, kills: int) -> None:
        """So many kills at the most, then to the end."""
        wanted = self._score.kills + kills
        while self._score.kills < wanted and not self._done:
            self._kill_one(chance)
        until = time.monotonic() + FINISH_S
        while not self._done and time.monotonic() < until:
            broken = [bench.broken for bench in self._benches.values() if bench.broken]
            if broken:
                break
            time.sleep(0.05)
        found = self._score.findings
        if not self._done:
            found.violations.append("a hall hangs")
        self._rest()
        for name, bench in self._benches.items():
            if said := bench.finish():
                found.violations.append(f"bench {name}: {said}")
            if bench.queues:
                found.violations.append(f"bench {name} still waits: {bench.queues}")
        self._audit()

    @property
    def _done(self) -> bool:
        return all(bench.done.is_set() for bench in self._benches.values())

    def _kill_one(self, chance: random.Random) -> None:
        name = chance.choice((OWNER, GUEST))
        bench = self._benches[name]
        bench.ready.wait(START_S)
        time.sleep(chance.uniform(0.0, 2.5))
        if self._done or bench.broken:
            return
        bench.kill()
        self._score.kills += 1
        bench.book, found = after_kill(bench.plan.folder, bench.book)
        self._score.findings.add(found)
        time.sleep(chance.choice((0.0, 0.0, 0.5)))
        bench.start()

    def _rest(self) -> None:
        self._over.set()
        self._hand.join()

    def close(self) -> None:
        """Nothing of it goes on."""
        self._rest()
        for bench in self._benches.values():
            if not bench.broken:
                bench.kill()
        for sim in self._sims.values():
            sim.close()

    # --- the audit ------------------------------------------------------------------------

    def _audit(self) -> None:
        score, found = self._score, self._score.findings
        out = Counter(
            waybill_of(label.read_bytes())
            for sim in self._sims.values()
            for label in sim.folder.glob("*.zpl")
        )
        score.labels += out.total()
        issued: set[str] = set()
        for name, bench in self._benches.items():
            book, more = after_kill(bench.plan.folder, bench.book)
            found.add(more)
            found.facts += len(book)
            found.violations += [f"bench {name} lost label {one}" for one in bench.lost]
            issued |= self._compare(name, bench.plan, book, out)
        found.violations += [f"label {one} was never issued" for one in out.keys() - issued]

    def _compare(self, name: str, plan: SeatPlan, book: Book, out: Counter[str]) -> set[str]:
        """What one bench wrote down, against what came out; the waybills that it had issued."""
        score, found, issued = self._score, self._score.findings, set[str]()
        by_session: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
        for fact in book.values():
            by_session.setdefault(fact.session, []).append((fact.kind, fact.body))
        packed = Counter[str]()
        for facts in by_session.values():
            kinds = Counter(kind for kind, _ in facts)
            score.moves += kinds["PrintMoved"]
            score.uncertain += kinds["PrintUncertain"]
            packed.update(
                str(body["order_id"])
                for kind, body in facts
                if kind == "SessionOpened" and kinds["SessionCompleted"]
            )
            asked = _count(facts, "ReprintRequested", "label")
            score.reprints += asked
            for waybill in (str(body["waybill"]) for kind, body in facts if kind == "LabelIssued"):
                issued.add(waybill)
                more = max(0, out[waybill] - 1)
                score.asked_twice += min(more, asked)
                found.double_prints += max(0, more - asked)
                if not out[waybill] and kinds["LabelApplied"]:
                    found.violations.append(f"label {waybill} never came out")
            for document in ("label", "cn22", "invoice"):
                begun = _count(facts, "PrintStarted", document)
                wanted = _count(facts, "ReprintRequested", document)
                moved = _count(facts, "PrintMoved", document)
                if begun > 1 + wanted + moved:
                    found.violations.append(f"bench {name} sent a {document} again by itself")
        found.violations += [
            f"bench {name}: order {order} packed {packed[order]} times"
            for order in plan.orders
            if packed[order] != 1
        ]
        return issued


def _count(facts: list[tuple[str, Mapping[str, Any]]], kind: str, document: str) -> int:
    return sum(one == kind and body["document"] == document for one, body in facts)


def _free_port() -> int:
    """A door that stays ours while its bench is away.

    What the system gives away by itself (from 32768 on) may be a stranger's when the bench is back.
    """
    for port in random.sample(range(20_000, 32_000), 50):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
