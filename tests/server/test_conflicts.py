"""Parcels that must not leave: packed by two benches, against a cancellation, with an old label."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import msgspec
import pytest

from packstation.domain.conflicts import DUPLICATE, RELABEL
from packstation.domain.order_digest import order_digest
from packstation.domain.packing import facts as f
from packstation.domain.packing.task_facts import TaskClosed
from packstation.domain.psp import LabelRequest, OrderBody
from packstation.server import conflicts
from packstation.server.access import PersonCaller
from packstation.server.labels_sandbox import SandboxCarrier
from packstation.server.problems import Problem
from packstation.server.rows import row_body
from packstation.server.run import Running
from packstation.server.tables import LABEL
from tests.server.bench import Bench, packed
from tests.server.claiming import ask, got, import_orders, rows, told
from tests.server.conftest import NewBench

ONE, TWO = "LP000000014CN", "LP000000028CN"


@pytest.fixture
def two(new_bench: NewBench, api: httpx.Client) -> tuple[Bench, Bench]:
    import_orders(api, "A-1")
    return new_bench("01"), new_bench("02")


def pack(bench: Bench, waybill: str, fence: int = 0, digest: str = "") -> None:
    facts = packed("A-1", waybill, parcel=f"p-{waybill}")
    opened = facts[0]
    assert isinstance(opened, f.SessionOpened)
    facts[0] = msgspec.structs.replace(opened, digest=digest)
    told(bench, *facts, session=f"s-{waybill}", fence=fence)


def found(api: httpx.Client) -> list[tuple[str, str, list[str], str]]:
    """Kind, bench, waybills and the bench whose parcel stands."""
    listed = api.get("/v1/conflicts").json()["conflicts"]
    return [(one["kind"], one["bench"], one["waybills"], one["stands"]) for one in listed]


def due(bench: Bench, waybill: str) -> dict[str, Any]:
    return rows(bench, "parcel")[waybill]


@pytest.mark.parametrize(
    ("fences", "loser"),
    [((1, 2), 0), ((2, 1), 1), ((0, 0), 1), ((3, 3), 1), ((0, 1), 0)],
)
def test_of_two_offline_packs_the_lower_fence_loses_else_the_later_label(
    two: tuple[Bench, Bench], api: httpx.Client, fences: tuple[int, int], loser: int
) -> None:
    pack(two[0], ONE, fences[0])
    assert found(api) == []
    pack(two[1], TWO, fences[1])
    names, waybills = ("01", "02"), (ONE, TWO)
    wrong = (DUPLICATE, names[loser], [waybills[loser]], names[1 - loser])
    assert found(api) == [wrong]
    row = rows(two[loser], "conflict")[f"s-{waybills[loser]}"]
    assert (row["station"], row["stands"]) == (two[loser].station, names[1 - loser])
    assert due(two[0], waybills[loser])["stop"] == "duplicate"
    assert due(two[0], waybills[1 - loser])["stop"] == ""


def test_benches_that_come_back_in_any_order_agree(
    two: tuple[Bench, Bench], api: httpx.Client, new_bench: NewBench
) -> None:
    third = new_bench("03")
    pack(third, "LP000000031CN", 2)
    pack(two[0], ONE, 1)
    pack(two[1], TWO, 3)
    assert {(bench, *waybills) for _, bench, waybills, _ in found(api)} == {
        ("01", ONE),
        ("03", "LP000000031CN"),
    }


def test_a_scan_at_the_bench_settles_it(two: tuple[Bench, Bench], api: httpx.Client) -> None:
    pack(two[0], ONE)
    pack(two[1], TWO)
    told(two[0], TaskClosed(task="t-0", code=TWO), session="bench", order="")
    assert len(found(api)) == 1  # not where the parcel is
    told(two[1], TaskClosed(task="t-1", code="SHELF"), session="bench", order="")
    told(two[1], TaskClosed(task="t-1", code=TWO), session="bench", order="")
    assert found(api) == []
    assert rows(two[1], "conflict") == {}
    assert due(two[1], TWO)["stop"] == "duplicate"  # it leaves by no list all the same
    api.post("/v1/orders/A-1/hold", json={"reason": "look"})
    import_orders(api, "A-1", allow_partial=True)
    assert found(api) == []


def test_a_parcel_that_is_opened_again_is_none_any_more(
    two: tuple[Bench, Bench], api: httpx.Client
) -> None:
    pack(two[0], ONE)
    pack(two[1], TWO)
    told(two[1], f.SessionReopened(by="b-1", reason="twice"), session=f"s-{TWO}")
    assert found(api) == []
    assert due(two[1], TWO)["stop"] == ""
    told(two[1], f.SessionCompleted(), session=f"s-{TWO}")
    assert len(found(api)) == 1


def test_packed_against_a_cancellation(two: tuple[Bench, Bench], api: httpx.Client) -> None:
    api.post("/v1/orders/A-1/cancel")
    pack(two[0], ONE)
    assert found(api) == [("packed_after_cancel", "01", [ONE], "")]
    import_orders(api, "A-1")  # the buyer wants it after all
    assert found(api) == []


def digest_of(running: Running) -> str:
    with running.server.store.read() as connection:
        body = row_body(connection, "GZ-1", "order", "A-1")
    assert body is not None
    return order_digest(msgspec.json.decode(body, type=OrderBody).order)


MOVED = {"name": "Secret Name", "city": "Natal", "country": "BR"}


def test_another_address_after_the_label_needs_another_label(
    two: tuple[Bench, Bench], api: httpx.Client, running: Running
) -> None:
    pack(two[0], ONE, digest=digest_of(running))
    import_orders(api, "A-1", store="renamed")  # of that the box says nothing
    assert found(api) == []
    import_orders(api, "A-1", ship_to=MOVED)
    assert found(api) == [(RELABEL, "01", [ONE], "")]
    assert due(two[1], ONE)["stop"] == "relabel"
    import_orders(api, "A-1")
    assert found(api) == []
    assert due(two[1], ONE)["stop"] == ""


def test_an_offline_label_of_an_older_address_is_found_when_its_bench_is_back(
    two: tuple[Bench, Bench], api: httpx.Client, running: Running
) -> None:
    digest = digest_of(running)
    import_orders(api, "A-1", ship_to=MOVED)
    pack(two[0], ONE, digest=digest)
    assert found(api) == [(RELABEL, "01", [ONE], "")]


def test_labels_that_the_server_bought_are_taken_back(
    two: tuple[Bench, Bench], api: httpx.Client, running: Running, sandbox_label: str
) -> None:
    told(two[0], *bought(sandbox_label), session="s-bought", fence=1)
    pack(two[1], TWO, fence=2)
    for thread in threading.enumerate():
        if thread.name == conflicts.VOIDS:
            thread.join(20)
    assert api.get("/v1/conflicts").json()["conflicts"][0]["voided"] == "yes"
    with running.server.store.read() as connection:
        assert {label.status for label in connection.execute(LABEL.select())} == {"voided"}


def bought(waybill: str) -> list[f.Fact]:
    """The same facts with the key that the server bought by."""
    return [
        msgspec.structs.replace(fact, key="p-9/1") if hasattr(fact, "key") else fact
        for fact in packed("A-1", waybill, parcel="p-9")
    ]


@pytest.fixture
def sandbox_label(two: tuple[Bench, Bench], running: Running) -> str:
    assert isinstance(running.server.carriers["sandbox"], SandboxCarrier)
    asked = LabelRequest(
        key="p-9/1", parcel="p-9", carrier="sandbox", service="express", order="A-1", rev=1
    )
    answer = two[0].post("/v1/labels", asked)
    assert answer.status_code == 200, answer.text
    waybill: str = answer.json()["waybill"]
    return waybill


def test_a_supervisor_says_that_it_is_done(
    two: tuple[Bench, Bench], api: httpx.Client, running: Running
) -> None:
    pack(two[0], ONE)
    pack(two[1], TWO)
    who = PersonCaller(site="GZ-1", name="Mei Tan", role="supervisor")
    assert conflicts.say_done(running.server, who, f"s-{TWO}") == "A-1"
    assert found(api) == []
    with pytest.raises(Problem) as caught:
        conflicts.say_done(running.server, who, f"s-{TWO}")
    assert caught.value.code == "unknown_conflict"
    other = msgspec.structs.replace(who, site="MSK-1")
    with pytest.raises(Problem):
        conflicts.say_done(running.server, other, f"s-{ONE}")


def test_a_claim_keeps_two_benches_that_hear_of_it_from_all_this(
    two: tuple[Bench, Bench], api: httpx.Client
) -> None:
    pack(two[0], ONE, got(ask(two[0], "A-1")).fence)
    assert ask(two[1], "A-1").refused[0].why == "packed"
    assert found(api) == []
