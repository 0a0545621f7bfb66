"""A push's bytes to events at their places, each with its hash. Pure.

Nearly every push is of one shape: known members, no fractions, no huge numbers. msgspec reads
such a one in one go and writes its canonical form (RFC 8785) straight from the shape, whose
members stand here in the order of that form. All else is read one event at a time, so that one
bad event cannot spoil the others.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Final

import msgspec
import rfc8785
from msgspec import Meta, Struct

from packstation.domain import canonical
from packstation.domain.events import Event
from packstation.domain.psp import MAX_BATCH, SCHEMA
from packstation.server.access import StationCaller
from packstation.server.problems import Problem

OLDEST_SCHEMA: Final = 1
ENVELOPE: Final = frozenset(Event.__struct_fields__)
_ABSENT: Final = {"parcel": None, "order": None, "claim": None, "fence": 0}
_MOST: Final = 2**53 - 1  # RFC 8785 section 3.2.2.3: what a double holds exactly
_LONGEST: Final = 400  # characters of a key: an index of PostgreSQL takes 2.7 kB
_ZERO: Final = "\0"  # no text of a database can hold it

Key = Annotated[str, Meta(max_length=_LONGEST)]
Whole = Annotated[int, Meta(ge=-_MOST, le=_MOST)]
# JSON whose canonical form msgspec writes, as deep as facts are; deeper is read the long way.
_Plain = str | Whole | bool | None
_Deep1 = _Plain | list[_Plain] | dict[str, _Plain]
_Deep2 = _Plain | list[_Deep1] | dict[str, _Deep1]
_Deep3 = _Plain | list[_Deep2] | dict[str, _Deep2]
_Deep4 = _Plain | list[_Deep3] | dict[str, _Deep3]
_Deep5 = _Plain | list[_Deep4] | dict[str, _Deep4]

Columns = tuple[Any, ...]
# What an `Entry` keeps of an event, by the names of the journal's columns.
COLUMNS: Final = (
    "id",
    "kind",
    "v",
    "session",
    "parcel",
    "order",
    "claim",
    "fence",
    "actor",
    "at",
    "mono_ns",
    "prev",
    "body",
    "extra",
)


class Envelope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """`events.Event` with its members in the order of the canonical form."""

    actor: str
    at: str
    body: dict[str, _Deep5]
    claim: str | None = None
    fence: Whole = 0
    id: str
    kind: Key
    mono_ns: str
    order: Key | None = None
    parcel: str | None = None
    prev: str
    session: Key
    v: Whole


class _Record(Struct, gc=False):
    """What is hashed: `events.record_hash`."""

    epoch: str
    event: Envelope
    seq: int
    station: str


class _Head(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    from_: Annotated[int, Meta(ge=1, le=_MOST)]
    sent_at: str
    mono_ns: str
    head: Annotated[int, Meta(ge=0, le=_MOST)]
    schema: int = SCHEMA


class _PlainPush(_Head, frozen=True, kw_only=True, rename={"from_": "from"}):
    events: tuple[Envelope, ...] = ()


class _LoosePush(_Head, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A push with its events still raw."""

    events: tuple[msgspec.Raw, ...] = ()


class Entry(Struct, frozen=True, gc=False):
    """One event of a push: ``hash`` is "" where it has no canonical form.

    ``columns`` as `COLUMNS`, None where it is no event; then ``problem`` says why and ``raw`` is
    what came.
    """

    seq: int
    prev: str
    hash: str
    columns: Columns | None = None
    problem: str = ""
    raw: str = ""


class Pushed(Struct, frozen=True, kw_only=True):
    """A push as read; ``body`` is kept for evidence."""

    caller: StationCaller
    start: int
    head: int
    sent_at: str
    entries: tuple[Entry, ...]
    body: bytes


_plain_push: Final = msgspec.json.Decoder(_PlainPush).decode
_canonical: Final = msgspec.json.Encoder(order="deterministic").encode
_written: Final = msgspec.json.Encoder().encode


def read_push(caller: StationCaller, body: bytes) -> Pushed:
    """The push of these bytes, quickly where it is plain.

    Raises:
        Problem: as `read_loose_push`.
        msgspec.DecodeError: as `read_loose_push`.
    """
    return read_plain_push(caller, body) or read_loose_push(caller, body)


def read_plain_push(caller: StationCaller, body: bytes) -> Pushed | None:
    """The push of these bytes in some 5 us an event; None where it must be read the long way."""
    try:
        push = _plain_push(body)
    except (msgspec.ValidationError, RecursionError):
        return None
    _refuse(push, len(push.events))
    entries = []
    for seq, event in enumerate(push.events, push.from_):
        form = _canonical(_Record(caller.epoch, event, seq, caller.station))
        if b"\\u0000" in form or not (form.isascii() or _ascii_keys(event.body)):
            return None
        digest = hashlib.sha256(form).hexdigest()
        entries.append(Entry(seq, event.prev, digest, _columns(event, None)))
    return Pushed(
        caller=caller,
        start=push.from_,
        head=push.head,
        sent_at=push.sent_at,
        entries=tuple(entries),
        body=body,
    )


def read_loose_push(caller: StationCaller, body: bytes) -> Pushed:
    """The push of these bytes, one event at a time.

    Raises:
        Problem: 413 too many events; 426 a schema older than this server reads.
        msgspec.DecodeError: no push at all.
    """
    try:
        push = msgspec.json.decode(body, type=_LoosePush)
        _refuse(push, len(push.events))
        entries = tuple(
            _entry(caller, seq, bytes(raw)) for seq, raw in enumerate(push.events, push.from_)
        )
    except RecursionError:
        raise msgspec.DecodeError("nested too deep") from None
    return Pushed(
        caller=caller,
        start=push.from_,
        head=push.head,
        sent_at=push.sent_at,
        entries=entries,
        body=body,
    )


def _refuse(push: _Head, events: int) -> None:
    if push.schema < OLDEST_SCHEMA:
        raise Problem(426, "schema", min_schema=OLDEST_SCHEMA)
    if events > MAX_BATCH:
        raise Problem(413, "too_many_events", limit=MAX_BATCH)


def _ascii_keys(value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether no object in it has a key that sorts otherwise in UTF-16 than by code points."""
    if type(value) is dict:
        return all(key.isascii() and _ascii_keys(item) for key, item in value.items())
    return type(value) is not list or all(map(_ascii_keys, value))


def _columns(event: Envelope | Event, extra: str | None) -> Columns:
    return (
        event.id,
        event.kind,
        event.v,
        event.session,
        event.parcel,
        event.order,
        event.claim,
        event.fence,
        event.actor,
        event.at,
        event.mono_ns,
        event.prev,
        _written(event.body).decode(),
        extra,
    )


# --- the long way --------------------------------------------------------------------------


def _entry(caller: StationCaller, seq: int, raw: bytes) -> Entry:
    """One raw event, as far as it can be understood."""
    shape = msgspec.json.decode(raw)
    shape = shape if isinstance(shape, dict) else {}
    told = shape.get("prev")
    prev = told if isinstance(told, str) else ""
    digest = _hash(caller, seq, shape)
    found = _event(shape) if digest else "no canonical form"
    if isinstance(found, str):
        problem = f"envelope: {found}"
        return Entry(seq, prev, digest, None, problem, raw.decode())
    return Entry(seq, prev, digest, _columns(found, _extra(shape)))


def _event(shape: dict[str, Any]) -> Event | str:
    """The event of a JSON object, or what is wrong with it."""
    try:
        event = msgspec.convert(shape, Event)
    except msgspec.ValidationError as exc:
        return str(exc)
    if any(isinstance(part, str) and _ZERO in part for part in _columns(event, None)):
        return "a text with the character zero"
    if any(len(key or "") > _LONGEST for key in (event.kind, event.session, event.order)):
        return f"a kind, session or order of more than {_LONGEST} characters"
    return event


def _extra(shape: dict[str, Any]) -> str | None:
    """Members of a newer envelope, kept beside the columns."""
    more = {name: value for name, value in shape.items() if name not in ENVELOPE}
    return _written(more).decode() if more else None


def _hash(caller: StationCaller, seq: int, shape: dict[str, Any]) -> str:
    """As ``events.record_hash``, over all members that came; "" without a canonical form."""
    form: Any = {
        "station": caller.station,
        "epoch": caller.epoch,
        "seq": seq,
        "event": {**_ABSENT, **shape},
    }
    try:
        return hashlib.sha256(canonical.dumps(form)).hexdigest()
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError):
        return ""
