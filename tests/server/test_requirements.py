"""What marketplaces want of units: kept, asked about outside the push, answered by rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from packstation.domain.packing import facts as f
from packstation.domain.packing.item_facts import RequirementGiven
from packstation.domain.psp import ChangedRow
from packstation.server import requirements
from packstation.server.gates import Asked, SandboxGate, Verdict
from packstation.server.options import Options
from packstation.server.run import Running, serve
from tests.server.bench import Bench, Clock, plan
from tests.server.conftest import TOKEN, NewBench
from tests.server.settling import put_aside
from tests.server.test_changes import pull

IMEI, BAD, SILENT = "490154203237518", "356938035643809", "352099001761481"
OPEN = f.SessionOpened(order_id="A-1", rev=1, lines=(plan(1, "PHONE", 2),), parcel_id="P")


class Watched(SandboxGate):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(refuse=BAD, silent=SILENT)
        self.asked: list[str] = []

    def judge(self, asked: Asked) -> Verdict | None:
        verdict = super().judge(asked)
        self.asked.append(asked.value)
        return verdict


@pytest.fixture
def gate() -> Watched:
    return Watched()


@pytest.fixture
def running(database: str, clock: Clock, gate: Watched, tmp_path: Path) -> Iterator[Running]:
    del tmp_path
    server = serve("127.0.0.1", 0, database, Options(first_token=TOKEN, clock=clock, gate=gate))
    yield server
    server.stop()


def given(value: str, serial: str = "") -> tuple[f.Fact, ...]:
    return (
        f.ItemVerified(line=1, sku="PHONE", serial=serial),
        RequirementGiven(line=1, sku="PHONE", kind="imei", value=value),
    )


def rows(bench: Bench, t: str) -> dict[str, ChangedRow]:
    return {row.id: row for row in pull(bench).rows if row.t == t}


def until(bench: Bench, t: str, seen: Callable[[dict[str, ChangedRow]], bool]) -> None:
    end = time.monotonic() + 10
    while not seen(rows(bench, t)):
        assert time.monotonic() < end, rows(bench, t)
        time.sleep(0.02)


def statuses(found: dict[str, ChangedRow]) -> dict[str, str]:
    body = found["A-1"].body if "A-1" in found else {"answers": []}
    return {one["value"]: one["status"] for one in body["answers"]}


def test_values_are_judged_and_answered_by_a_row_of_the_order(bench: Bench) -> None:
    bench.note(OPEN, *given(IMEI), *given(BAD), *given(SILENT))
    assert put_aside(bench.push()) == []
    until(bench, "requirement", lambda found: len(statuses(found)) == 2)
    assert statuses(rows(bench, "requirement")) == {IMEI: "accepted", BAD: "refused"}
    reasons = [one["reason"] for one in rows(bench, "requirement")["A-1"].body["answers"]]
    assert "not in circulation" in reasons


def test_a_silent_gate_is_asked_again_by_the_next_heartbeat(
    bench: Bench, gate: Watched, clock: Clock
) -> None:
    bench.note(OPEN, *given(SILENT))
    bench.push()
    until(bench, "requirement", lambda _: gate.asked == [SILENT])
    gate.silent = "(?!)"
    bench.push(start=len(bench.events) + 1)
    assert statuses(rows(bench, "requirement")) == {}
    clock.forward(seconds=11)
    bench.push(start=len(bench.events) + 1)
    until(bench, "requirement", lambda found: statuses(found) == {SILENT: "accepted"})


class Broken:
    def __init__(self) -> None:
        self.asked = 0

    def judge(self, asked: Asked) -> Verdict | None:
        self.asked += 1
        raise httpx.ConnectError(asked.kind)


def test_a_gate_that_fails_does_not_know_yet(running: Running, bench: Bench) -> None:
    bench.note(OPEN, *given(SILENT))
    bench.push()
    object.__setattr__(running.server, "gate", Broken())
    assert requirements.settle(running.server, "GZ-1") == 0
    assert statuses(rows(bench, "requirement")) == {}
    object.__setattr__(running.server, "gate", None)
    with running.server.store.read() as connection:
        assert not requirements.is_due(running.server, connection, "GZ-1")
    assert requirements.begin(running.server, "GZ-1") is None


def test_a_dead_gate_is_not_asked_for_each_of_many(running: Running, bench: Bench) -> None:
    values = [f"{number:015}" for number in range(8)]
    bench.note(OPEN, *(fact for value in values for fact in given(value)))
    gate = Broken()
    running.server.desk.take("requirements:GZ-1")
    object.__setattr__(running.server, "gate", gate)
    bench.push()
    assert requirements.settle(running.server, "GZ-1") == 0
    assert gate.asked == requirements.GIVE_UP


def test_other_benches_learn_which_units_are_packed(bench: Bench, new_bench: NewBench) -> None:
    bench.note(OPEN, *given(IMEI, "SN-1"))
    bench.push()
    other = new_bench("02")
    assert {row.id: row.op for row in pull(other).rows if row.t == "unit"} == {
        "serial:PHONE:SN-1": "put",
        f"imei:{IMEI}": "put",
    }
    bench.note(
        f.ItemRemoved(line=1, sku="PHONE", serial="SN-1", codes=(f"imei:{IMEI}",)),
        *given(BAD, "SN-2"),
        f.SessionCancelled(),
    )
    bench.push(start=4)
    assert {row.op for row in pull(other).rows if row.t == "unit"} == {"del"}


def test_the_first_box_keeps_its_unit(bench: Bench, new_bench: NewBench) -> None:
    other = new_bench("02")
    for one, session in ((bench, "s-1"), (other, "s-2")):
        one.note(OPEN, *given(IMEI, "SN-1"), session=session)
        one.push()
    other.note(f.SessionCancelled(), session="s-2")
    other.push(start=4)
    assert rows(bench, "unit")[f"imei:{IMEI}"].body["session"] == "s-1"


def test_silent_ones_keep_nobody_else_from_being_asked(
    running: Running, bench: Bench, gate: Watched, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requirements, "TOGETHER", 2)
    gate.silent = "."
    values = [f"{number:015}" for number in (1, 2, 3)]
    bench.note(OPEN, *(fact for value in values for fact in given(value)))
    running.server.desk.take("requirements:GZ-1")
    bench.push()
    for _ in range(2):
        assert requirements.settle(running.server, "GZ-1") == 0
        clock.forward(seconds=11)
    assert set(gate.asked) == set(values)
