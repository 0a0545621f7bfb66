"""The journal's record: envelope, codec by (kind, version), hash chain.

Shape {id, kind, v, session, parcel?, order?, claim?, fence, actor, at, mono_ns,
prev, body} and place (station, epoch, seq): ARCHITECTURE "The log is the
outbox" and reference/sync.md section 1.1. ``prev`` = SHA-256 of the RFC 8785
form of the record before, {station, epoch, seq, event}; 64 zeros before the
first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from packstation.domain import canonical
from packstation.domain.errors import EventConflict, StorageError
from packstation.domain.packing import (
    choice_facts,
    consignment_facts,
    customs_facts,
    device_facts,
    evidence_facts,
    facts,
    handover_facts,
    item_facts,
    material_facts,
    pass_facts,
    person_facts,
    product_facts,
    shift_facts,
    staff_facts,
    task_facts,
    tote_facts,
    training_facts,
    weight_facts,
)
from packstation.domain.packing.facts import Fact
from packstation.first_use import shaped

GENESIS: Final = "0" * 64

# Every module that holds facts.
_SUBJECTS: Final = (
    facts,
    choice_facts,
    consignment_facts,
    customs_facts,
    device_facts,
    evidence_facts,
    handover_facts,
    item_facts,
    material_facts,
    pass_facts,
    person_facts,
    product_facts,
    shift_facts,
    staff_facts,
    task_facts,
    tote_facts,
    training_facts,
    weight_facts,
)

KINDS: Final[Mapping[str, type[Fact]]] = {
    kind.__name__: kind
    for subject in _SUBJECTS
    for kind in vars(subject).values()
    if isinstance(kind, type) and issubclass(kind, Fact) and kind is not Fact
}

Body = dict[str, Any]

# (kind, old version) -> function from that version's body to the next one's. Kept for ever.
UPCASTS: Final[Mapping[tuple[str, int], Callable[[Body], Body]]] = {}


class Event(Struct, frozen=True, kw_only=True):
    """A fact with who, when and where it belongs; ``at`` is RFC 3339 UTC."""

    id: str
    kind: str
    v: int
    session: str
    actor: str
    at: str
    mono_ns: str
    prev: str
    body: Body
    parcel: str | None = None
    order: str | None = None
    claim: str | None = None
    fence: int = 0


class Record(Struct, frozen=True, kw_only=True):
    """An event at its place in a station's journal."""

    station: str
    epoch: str
    seq: int
    event: Event

    @property
    def hash(self) -> str:
        """Lower-case hex SHA-256 of the record's RFC 8785 form."""
        return record_hash(self.station, self.epoch, self.seq, self.event)


class UnknownFact(Fact, frozen=True, kw_only=True):
    """A kind this program does not know (a newer station's): kept raw, folds to nothing."""

    name: str
    body: Body = field(default_factory=dict)


def record_hash(station: str, epoch: str, seq: int, event: Event) -> str:
    """Hash of one record as ``prev`` of the next."""
    form = {"station": station, "epoch": epoch, "seq": seq, "event": msgspec.to_builtins(event)}
    return hashlib.sha256(canonical.dumps(form)).hexdigest()


def encode(fact: Fact) -> tuple[str, int, Body]:
    """Kind, version and JSON body of a fact."""
    return type(fact).__name__, fact.V, msgspec.to_builtins(fact)


def decode(
    kind: str,
    v: int,
    body: Body,
    *,
    kinds: Mapping[str, type[Fact]] = KINDS,
    upcasts: Mapping[tuple[str, int], Callable[[Body], Body]] = UPCASTS,
) -> Fact:
    """The fact of a stored body, upcast from any old version.

    Raises:
        StorageError: the body does not fit its kind and version.
    """
    shape = kinds.get(kind)
    if shape is None or v > shape.V:
        return UnknownFact(name=kind, body=body)
    for version in range(v, shape.V):
        body = upcasts[kind, version](body)
    try:
        return shaped(body, shape)
    except msgspec.ValidationError as exc:
        raise StorageError("error.event.body", kind=kind, v=v, cause=str(exc)) from exc


def verify_chain(records: Iterable[Record], prev: str = GENESIS, seq: int = 0) -> tuple[str, int]:
    """Check a run of records after (``seq``, ``prev``); answer the new head.

    Raises:
        EventConflict: ``code`` "gap" or "fork" and the place ``at``.
    """
    for record in records:
        if record.seq != seq + 1:
            raise EventConflict(code="gap", at=record.seq, head=seq)
        if record.event.prev != prev:
            raise EventConflict(code="fork", at=record.seq, head=seq)
        prev, seq = record.hash, record.seq
    return prev, seq
