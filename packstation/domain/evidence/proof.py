"""The file of a dispute: an unbroken run of the journal, and what it says of an order's parcels.

Facts hold no buyer's name, so the run may be given away whole. It is whole because of the chain:
each record names the hash of the one before, so a record that is changed, left out or put in breaks
it. What is not proven by the file alone is that the run is this bench's: compare ``head`` with the
journal, or with the server's copy of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from msgspec import Struct

from packstation.domain.errors import EventConflict, StorageError
from packstation.domain.events import Record, verify_chain
from packstation.domain.evidence.history import ParcelEvidence, evidence_of

SCHEMA: Final = "packstation.evidence/1"


class EvidenceFile(Struct, frozen=True, kw_only=True):
    """packstation.evidence/1: ``head`` is the hash of the last record of ``records``."""

    schema: Literal["packstation.evidence/1"] = "packstation.evidence/1"
    order: str
    station: str
    epoch: str
    head: str
    records: tuple[Record, ...]
    parcels: tuple[ParcelEvidence, ...]


def record_of(order: str, records: Iterable[Record]) -> EvidenceFile | None:
    """The file of an order from a bench's journal, oldest first; None where it has nothing of it.

    Records before the first and after the last fact of the order are left out.
    """
    run = list(records)
    own = [at for at, record in enumerate(run) if record.event.order == order]
    if not own:
        return None
    run = run[own[0] : own[-1] + 1]
    last = run[-1]
    return EvidenceFile(
        order=order,
        station=last.station,
        epoch=last.epoch,
        head=last.hash,
        records=tuple(run),
        parcels=_parcels(order, run),
    )


def _parcels(order: str, records: Iterable[Record]) -> tuple[ParcelEvidence, ...]:
    return evidence_of(record.event for record in records if record.event.order == order)


def faults_in(found: EvidenceFile) -> tuple[tuple[str, str], ...]:
    """What is wrong with a file: (message key, where), nothing where it holds together."""
    if not found.records:
        return (("evidence.empty", ""),)
    return (*_chain(found), *_story(found))


def _chain(found: EvidenceFile) -> Iterable[tuple[str, str]]:
    first, last = found.records[0], found.records[-1]
    strangers = [
        record.seq
        for record in found.records
        if (record.station, record.epoch) != (found.station, found.epoch)
    ]
    if strangers:
        yield "evidence.other_bench", str(strangers[0])
    try:
        verify_chain(found.records, first.event.prev, first.seq - 1)
    except EventConflict as exc:
        yield "evidence.broken", str(exc.fields["at"])
    if last.hash != found.head:
        yield "evidence.head", str(last.seq)


def _story(found: EvidenceFile) -> Iterable[tuple[str, str]]:
    try:
        told = _parcels(found.order, found.records)
    except StorageError as exc:
        yield "evidence.fact", str(exc.fields.get("kind", ""))
        return
    if told != found.parcels:
        yield "evidence.story", found.order
