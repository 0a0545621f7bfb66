"""Looks through what a run left on the disk: nothing lost, nothing twice, both books alike."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pysqlite3
from msgspec import Struct, field

from packstation.demo.kept import SERVER_FILE, SUMMARY_FILE
from packstation.demo.sheets import times
from packstation.devices.sim.labels import waybill_of
from packstation.devices.sim.models import LABELS
from packstation.domain.errors import StorageError
from packstation.storage.journal import verify_file
from packstation.storage.store import FILE as STATION_FILE

# What comes out of a label printer and has no waybill.
MARK: Final = "battery"
# Outcomes of an order that needs nothing more.
_THROUGH: Final = frozenset({"packed", "held"})

Place = tuple[str, int]
"""Epoch and seq."""

_FACTS: Final = "SELECT epoch, seq, id, kind, session, prev, body FROM {} ORDER BY epoch, seq"


class Fact(Struct, frozen=True):
    """A stored fact, as an auditor compares it."""

    id: str
    kind: str
    session: str
    prev: str
    body: Mapping[str, Any]


Book = dict[Place, Fact]


class Findings(Struct):
    """What an audit found; empty ``violations``, no ``lost`` and no ``double_prints`` is well."""

    facts: int = 0
    lost: int = 0
    double_prints: int = 0
    violations: list[str] = field(default_factory=list)

    def add(self, other: Findings) -> None:
        """Sum up."""
        self.facts += other.facts
        self.lost += other.lost
        self.double_prints += other.double_prints
        self.violations += other.violations

    @property
    def well(self) -> bool:
        """Nothing found."""
        return not (self.lost or self.double_prints or self.violations)


def book(path: Path, table: str) -> Book:
    """All facts of a journal by their place; empty where there is no such file or table yet."""
    if not path.exists():
        return {}
    with closing(pysqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        try:
            rows = database.execute(_FACTS.format(table)).fetchall()
        except pysqlite3.OperationalError:
            return {}
    return {
        (row[0], row[1]): Fact(row[2], row[3], row[4], row[5], json.loads(row[6])) for row in rows
    }


def after_kill(folder: Path, before: Book) -> tuple[Book, Findings]:
    """A run was killed: its chain holds, and nothing of ``before`` is gone or changed."""
    now, found = book(folder / STATION_FILE, "event"), Findings()
    found.lost = sum(now.get(place) != fact for place, fact in before.items())
    if now:
        found.violations += _chain(folder / STATION_FILE)
    found.violations += _numbers(now)
    return now, found


def after_end(folder: Path, orders: int, before: Book) -> Findings:
    """A run came to its end: all of `after_kill`, every order through, printed once, synced."""
    own, found = after_kill(folder, before)
    found.facts = len(own)
    found.lost += _not_on_server(own, book(folder / SERVER_FILE, "journal"))
    printed = labels_out(folder)
    found.double_prints = sum(n - 1 for waybill, n in printed.items() if waybill and n > 1)
    found.violations += _labels(own, printed)
    found.violations += _sessions(own)
    found.violations += _summary(folder, orders)
    return found


def labels_out(folder: Path) -> Counter[str]:
    """How often the label of each waybill came out of the printer."""
    files = (folder / "tray").glob("printed*/*")
    sheets: dict[tuple[str, str], list[bytes]] = {}
    for file in sorted(file for file in files if file.suffix.removeprefix(".") in LABELS):
        label = file.read_bytes()
        sheets.setdefault((waybill_of(label), file.suffix.removeprefix(".")), []).append(label)
    found: Counter[str] = Counter()
    for (waybill, language), labels in sheets.items():
        found[waybill] += times(labels, language)
    return found


def _chain(path: Path) -> list[str]:
    try:
        verify_file(path)
    except StorageError as exc:
        return [f"chain: {exc}"]
    return []


def _of(facts: Book, kind: str) -> Iterator[Fact]:
    return (fact for fact in facts.values() if fact.kind == kind)


def _twice(values: Iterator[str], what: str) -> list[str]:
    return [f"{what} {value}: {n} times" for value, n in Counter(values).items() if n > 1]


def _numbers(facts: Book) -> list[str]:
    """Every number is used once, and every label has one; a carrier's own are its own."""
    used = {str(fact.body["number"]) for fact in _of(facts, "NumberUsed")}
    labels = list(_of(facts, "LabelIssued"))
    issued = [str(fact.body["waybill"]) for fact in labels]
    pooled = [str(fact.body["waybill"]) for fact in labels if fact.body["source"] == "pool"]
    return [
        *_twice((str(fact.body["number"]) for fact in _of(facts, "NumberUsed")), "number used"),
        *_twice(iter(issued), "waybill issued"),
        *(f"waybill {waybill} is no leased number" for waybill in pooled if waybill not in used),
    ]


def _labels(facts: Book, printed: Counter[str]) -> list[str]:
    """What was stuck on a box came out; what came out had been issued, or is a bag's."""
    issued = {str(fact.body["waybill"]) for fact in _of(facts, "LabelIssued")}
    marks = sum(fact.body["document"] == MARK for fact in _of(facts, "PrintStarted"))
    applied = {str(fact.body["waybill"]) for fact in _of(facts, "LabelApplied")}
    bags = {str(fact.body["code"]) for fact in _of(facts, "UnitOpened")}
    return [
        *(f"label {waybill} never came out" for waybill in sorted(applied - printed.keys())),
        *(
            f"label {waybill} was never issued"
            for waybill in sorted(printed.keys() - issued - bags - {""})
        ),
        *(["a label without a number came out"] if printed[""] > marks else []),
    ]


def _sessions(facts: Book) -> list[str]:
    """No order is packed twice."""
    opened = {f.session: str(f.body["order_id"]) for f in _of(facts, "SessionOpened")}
    packed = (opened[fact.session] for fact in _of(facts, "SessionCompleted"))
    return _twice(packed, "order packed")


def _not_on_server(own: Book, server: Book) -> int:
    return sum(server.get(place) != fact for place, fact in own.items()) + len(
        server.keys() - own.keys()
    )


def _summary(folder: Path, orders: int) -> list[str]:
    path = folder / SUMMARY_FILE
    if not path.exists():
        return ["no summary"]
    document = json.loads(path.read_bytes())
    outcomes = Counter(row["outcome"] for row in document["orders"])
    missing = [f"{orders} orders: {dict(outcomes)}"] if len(document["orders"]) != orders else []
    refused = [f"{n} orders {what}" for what, n in outcomes.items() if what not in _THROUGH]
    folds = [] if document["folds_equal"] else ["folds differ"]
    return [*missing, *refused, *folds]
