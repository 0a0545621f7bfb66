"""The history of a parcel and the file of a dispute, from a journal's records."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.events import GENESIS, Event, Record, encode
from packstation.domain.evidence import EvidenceFile, evidence_of, faults_in, record_of
from packstation.domain.packing import evidence_facts as e
from packstation.domain.packing import facts as f

HASH = "ab" * 32
PACKED: tuple[f.Fact, ...] = (
    f.SessionOpened(order_id="O-1", rev=1, lines=(), parcel_id="p-1"),
    f.ItemVerified(line=1, sku="S-1", scanner="scanner", serial="SN1"),
    f.ParcelWeighed(gross_g=512, expected_g=508),
    e.PhotoTaken(sha256=HASH, bytes=900, why="value", camera="camera"),
    f.LabelIssued(key="p-1/1", waybill="LP1"),
    f.LabelVoided(key="p-1/1", waybill="LP1"),
    f.LabelIssued(key="p-1/2", waybill="LP2"),
    e.WeightTraced(begun="2026-11-21T10:00:00Z", points=((0, 0), (900, 512))),
    e.VideoKept(sha256=HASH, bytes=9000, begun="2026-11-21T09:59:00Z", seconds=60, frames=600),
    e.PhotoMissed(why="asked", cause="camera.frozen"),
    e.VideoMissed(cause="disk.full"),
    f.SessionCompleted(),
)


def journal(facts: Iterable[tuple[f.Fact, str]]) -> list[Record]:
    """A chain of facts with the order that each belongs to."""
    prev, found = GENESIS, []
    for seq, (fact, order) in enumerate(facts, 1):
        kind, v, body = encode(fact)
        event = Event(
            id=str(seq),
            kind=kind,
            v=v,
            session="s",
            actor="ly-0107" if seq % 2 else "",
            at=f"2026-11-21T10:00:{seq:02}Z",
            mono_ns=str(seq),
            prev=prev,
            body=body,
            parcel="p-1" if order else None,
            order=order or None,
        )
        found.append(Record(station="b", epoch="e", seq=seq, event=event))
        prev = found[-1].hash
    return found


def packed() -> list[Record]:
    other = [(f.PersonSignedIn(badge="x"), "")]
    return journal([*other, *((fact, "O-1") for fact in PACKED), *other])


def test_a_parcel_tells_who_did_what_when_and_on_which_device() -> None:
    (parcel,) = evidence_of(record.event for record in packed())
    assert (parcel.parcel, parcel.order, parcel.people) == ("p-1", "O-1", ("ly-0107",))
    assert (parcel.waybill, parcel.gross_g, parcel.expected_g) == ("LP2", 512, 508)
    assert [one.kind for one in parcel.files] == ["photo", "video"]
    assert parcel.missed == (("photo", "camera.frozen"), ("video", "disk.full"))
    assert parcel.trace == ((0, 0), (900, 512))
    scan = parcel.steps[1]
    assert (scan.kind, scan.device) == ("ItemVerified", "scanner")
    assert ("serial", "SN1") in scan.detail
    assert (parcel.begun, parcel.ended) == ("2026-11-21T10:00:02Z", "2026-11-21T10:00:13Z")


def test_a_void_label_is_not_the_parcels() -> None:
    records = journal((fact, "O-1") for fact in PACKED[:6])
    assert evidence_of(record.event for record in records)[0].waybill == ""


def test_a_fact_of_a_newer_program_is_a_step_too() -> None:
    record = packed()[1]
    strange = replace(record.event, kind="Sealed", body={"wax": "red"})
    (parcel,) = evidence_of([strange])
    assert [step.kind for step in parcel.steps] == ["Sealed"]


def whole() -> EvidenceFile:
    found = record_of("O-1", packed())
    assert found is not None
    return found


def test_the_file_of_an_order_holds_together_and_survives_writing() -> None:
    found = whole()
    assert len(found.records) == len(PACKED)
    assert faults_in(found) == ()
    read = msgspec.json.decode(msgspec.json.encode(found), type=EvidenceFile)
    assert faults_in(read) == ()


def test_nothing_is_said_of_an_order_that_was_never_here() -> None:
    assert record_of("O-9", packed()) is None
    assert faults_in(replace(whole(), records=())) == (("evidence.empty", ""),)


@given(st.integers(1, len(PACKED) - 2))
def test_a_record_left_out_is_seen(at: int) -> None:
    found = whole()
    cut = replace(found, records=(*found.records[:at], *found.records[at + 1 :]))
    assert "evidence.broken" in {fault for fault, _ in faults_in(cut)}


@given(st.integers(0, len(PACKED) - 1))
def test_a_record_that_was_changed_is_seen(at: int) -> None:
    found = whole()
    record = found.records[at]
    forged = replace(record, event=replace(record.event, at="2026-11-21T11:11:11Z"))
    records = (*found.records[:at], forged, *found.records[at + 1 :])
    names = {fault for fault, _ in faults_in(replace(found, records=records))}
    assert names & {"evidence.broken", "evidence.head"}


def test_a_story_that_the_records_do_not_tell_is_seen() -> None:
    found = whole()
    lighter = (replace(found.parcels[0], gross_g=1),)
    assert faults_in(replace(found, parcels=lighter)) == (("evidence.story", "O-1"),)


def test_records_of_another_bench_are_seen() -> None:
    assert ("evidence.other_bench", "2") in faults_in(replace(whole(), station="other"))


def test_a_body_that_is_none_is_seen() -> None:
    found = whole()
    record = found.records[2]
    bad = replace(record, event=replace(record.event, body={"gross_g": "heavy"}))
    records = (*found.records[:2], bad, *found.records[3:])
    names = dict(faults_in(replace(found, records=records)))
    assert names["evidence.fact"] == "ParcelWeighed"


def test_a_film_shows_every_parcel_of_its_session() -> None:
    film = e.VideoKept(sha256=HASH, bytes=9, begun="2026-11-21T09:59:00Z", seconds=60, frames=600)
    records = journal(((film, "O-1"), (f.ParcelSplit(), "O-1")))
    events = [replace(r.event, parcel=f"p-{r.seq}") for r in records]
    assert [[one.kind for one in parcel.files] for parcel in evidence_of(events)] == [["video"]] * 2
