"""What the journal tells of each parcel: who did what, when, on which device; photos and films."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from msgspec import Struct, field

from packstation.domain.events import Event, UnknownFact, decode
from packstation.domain.packing import facts as f
from packstation.domain.packing.evidence_facts import (
    PhotoMissed,
    PhotoTaken,
    VideoKept,
    VideoMissed,
    WeightTraced,
)


class Step(Struct, frozen=True):
    """One thing that happened: ``kind`` a fact's, ``detail`` ids and numbers to show beside it."""

    at: str
    kind: str
    actor: str
    device: str = ""
    detail: tuple[tuple[str, str], ...] = ()


class Picture(Struct, frozen=True):
    """A photo or a film by its content."""

    kind: str
    sha256: str
    bytes: int
    why: str
    at: str


class ParcelEvidence(Struct, frozen=True):
    """All that is kept of one parcel."""

    parcel: str
    order: str
    session: str
    people: tuple[str, ...] = ()
    begun: str = ""
    ended: str = ""
    waybill: str = ""
    gross_g: int | None = None
    expected_g: int | None = None
    steps: tuple[Step, ...] = ()
    files: tuple[Picture, ...] = ()
    missed: tuple[tuple[str, str], ...] = ()
    trace: tuple[tuple[int, int], ...] = ()


class _Heap(Struct):
    """A parcel while it is put together."""

    order: str = ""
    session: str = ""
    people: dict[str, None] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    files: list[Picture] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)
    waybill: str = ""
    gross_g: int | None = None
    expected_g: int | None = None
    trace: list[tuple[int, int]] = field(default_factory=list)


def evidence_of(events: Iterable[Event]) -> tuple[ParcelEvidence, ...]:
    """Parcels of the events of one or more sessions, oldest first, each with its steps in order."""
    heaps: dict[str, _Heap] = {}
    for event in events:
        if event.parcel is not None:
            _add(heaps.setdefault(event.parcel, _Heap()), event)
    _share_films(heaps.values())
    return tuple(_made(parcel, heap) for parcel, heap in heaps.items())


def _share_films(heaps: Collection[_Heap]) -> None:
    """A film is of a stay on the bench: it shows every parcel of it."""
    films: dict[str, list[Picture]] = {}
    for heap in heaps:
        films.setdefault(heap.session, []).extend(f for f in heap.files if f.kind == "video")
    for heap in heaps:
        others = (film for film in films[heap.session] if film not in heap.files)
        heap.files.extend(others)


def _add(heap: _Heap, event: Event) -> None:
    fact = decode(event.kind, event.v, event.body)
    heap.order, heap.session = event.order or heap.order, event.session
    if event.actor:
        heap.people[event.actor] = None
    take = _TAKES.get(type(fact))
    if take is not None:
        take(heap, fact, event.at)
    heap.steps.append(_step(event, fact))


# Shown beside a step where the fact has them.
_SHOWN: Final = (
    *("sku", "units", "lot", "serial", "expiry", "reason", "carton", "gross_g", "expected_g"),
    *("service", "waybill", "scanned", "document", "rung", "by", "cause", "why", "sha256"),
)
_DEVICES: Final = ("scanner", "printer", "camera", "device")


def _step(event: Event, fact: f.Fact) -> Step:
    """Every fact is a step, those of a newer program too."""
    if isinstance(fact, UnknownFact):
        return Step(event.at, event.kind, event.actor)
    values = {name: getattr(fact, name, None) for name in (*_SHOWN, *_DEVICES)}
    device = next((str(values[name]) for name in _DEVICES if values[name]), "")
    shown = ((name, str(values[name])) for name in _SHOWN if values[name] not in {None, ""})
    return Step(event.at, event.kind, event.actor, device, tuple(shown))


def _weighed(heap: _Heap, fact: f.ParcelWeighed, _: str) -> None:
    heap.gross_g, heap.expected_g = fact.gross_g, fact.expected_g


def _issued(heap: _Heap, fact: f.LabelIssued, _: str) -> None:
    heap.waybill = fact.waybill


def _voided(heap: _Heap, _fact: f.LabelVoided, _: str) -> None:
    heap.waybill = ""


def _photo(heap: _Heap, fact: PhotoTaken, at: str) -> None:
    heap.files.append(Picture("photo", fact.sha256, fact.bytes, fact.why, at))


def _film(heap: _Heap, fact: VideoKept, _: str) -> None:
    heap.files.append(Picture("video", fact.sha256, fact.bytes, "", fact.begun))


def _missed(kind: str) -> Callable[[_Heap, Any, str], None]:
    return lambda heap, fact, _: heap.missed.append((kind, fact.cause))


def _traced(heap: _Heap, fact: WeightTraced, _: str) -> None:
    heap.trace.extend(fact.points)


_TAKES: Final[Mapping[type[f.Fact], Callable[[_Heap, Any, str], None]]] = {
    f.ParcelWeighed: _weighed,
    f.LabelIssued: _issued,
    f.LabelVoided: _voided,
    PhotoTaken: _photo,
    PhotoMissed: _missed("photo"),
    VideoKept: _film,
    VideoMissed: _missed("video"),
    WeightTraced: _traced,
}


def _made(parcel: str, heap: _Heap) -> ParcelEvidence:
    return ParcelEvidence(
        parcel=parcel,
        order=heap.order,
        session=heap.session,
        people=tuple(heap.people),
        begun=heap.steps[0].at,
        ended=heap.steps[-1].at,
        waybill=heap.waybill,
        gross_g=heap.gross_g,
        expected_g=heap.expected_g,
        steps=tuple(heap.steps),
        files=tuple(heap.files),
        missed=tuple(heap.missed),
        trace=tuple(heap.trace),
    )
