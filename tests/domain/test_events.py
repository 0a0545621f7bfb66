"""The journal's record: codec by version, and a chain that nobody can bend."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.errors import EventConflict, StorageError
from packstation.domain.events import (
    GENESIS,
    Event,
    Record,
    UnknownFact,
    decode,
    encode,
    verify_chain,
)
from packstation.domain.packing.facts import CartonAssigned, Fact, LabelApplied


def chain(count: int) -> list[Record]:
    records: list[Record] = []
    prev = GENESIS
    for seq in range(1, count + 1):
        event = Event(
            id=f"id-{seq}",
            kind="LabelApplied",
            v=1,
            session="s",
            actor="b",
            at="2026-11-21T08:00:00Z",
            mono_ns="9007199254740993",
            prev=prev,
            body={"waybill": f"W{seq}"},
        )
        records.append(Record(station="st", epoch="e", seq=seq, event=event))
        prev = records[-1].hash
    return records


class Renamed(Fact, frozen=True, kw_only=True):
    """A second version: ``number`` was called ``waybill``."""

    V: ClassVar[int] = 2
    number: str


def upcast(body: dict[str, Any]) -> dict[str, Any]:
    return {"number": body["waybill"]}


def test_a_fact_keeps_its_own_field_called_kind() -> None:
    fact = CartonAssigned(carton="C1", kind="own")
    kind, v, body = encode(fact)
    assert (kind, v, body["kind"]) == ("CartonAssigned", 1, "own")
    assert decode(kind, v, body) == fact


def test_an_old_version_is_upcast_on_read() -> None:
    read = decode(
        "Renamed",
        1,
        {"waybill": "W1"},
        kinds={"Renamed": Renamed},
        upcasts={("Renamed", 1): upcast},
    )
    assert read == Renamed(number="W1")


def test_what_a_newer_program_wrote_is_kept_raw() -> None:
    assert decode("Teleported", 1, {"to": "Mars"}) == UnknownFact(
        name="Teleported", body={"to": "Mars"}
    )
    assert isinstance(decode("LabelApplied", 9, {}), UnknownFact)


def test_a_body_that_does_not_fit_its_kind_is_named() -> None:
    with pytest.raises(StorageError) as caught:
        decode("LabelApplied", 1, {"waybill": 5})
    assert caught.value.fields["kind"] == "LabelApplied"
    assert decode("LabelApplied", 1, {"waybill": "W"}) == LabelApplied(waybill="W")


def test_a_whole_chain_verifies_to_its_head() -> None:
    records = chain(5)
    assert verify_chain(records) == (records[-1].hash, 5)
    assert verify_chain([]) == (GENESIS, 0)


@given(st.integers(0, 4), st.sampled_from(["actor", "at", "mono_ns", "kind", "id"]))
def test_a_changed_record_breaks_the_chain(place: int, field: str) -> None:
    records = chain(6)
    bent = replace(records[place], event=replace(records[place].event, **{field: "x"}))
    with pytest.raises(EventConflict) as caught:
        verify_chain([*records[:place], bent, *records[place + 1 :]])
    assert caught.value.fields["code"] == "fork"


def test_a_missing_record_is_a_gap() -> None:
    records = chain(4)
    with pytest.raises(EventConflict) as caught:
        verify_chain([*records[:1], *records[2:]])
    assert caught.value.fields == {"code": "gap", "at": 3, "head": 1}
