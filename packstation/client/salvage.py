"""An old disk's facts that no server has: told under its own journal, by its key or a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Final

from msgspec import Struct

from packstation.client.wire import Answer
from packstation.domain.errors import NotAuthorised, ServerUnreachable, StorageError
from packstation.domain.psp import Push, PushAnswer
from packstation.station.ports import Clock
from packstation.station.sync import JournalPlace, JournalReader

BATCH: Final = 200

Tell = Callable[[Push], Answer]


class Told(Struct, frozen=True):
    """``before``: how far the server was; ``after``: how far it is; ``aside``: put aside."""

    before: int
    after: int
    aside: int


def tell(send: Tell, reader: JournalReader, place: JournalPlace, clock: Clock) -> Told:
    """Send what the server lacks of ``place``, whose ``head`` is the last that holds.

    Raises:
        NotAuthorised: the server does not take it from us.
        StorageError: the server knows another past, or the disk lacks what it wants next.
        ServerUnreachable: it answered nothing of ours.
    """
    cursor = before = _asked(send, place, clock, ()).hw
    aside = 0
    while cursor < place.head:
        events = reader.events(place, cursor, min(BATCH, place.head - cursor))
        if not events:
            raise StorageError("error.storage.chain", code="gap", at=cursor + 1)
        answer = _asked(send, place, clock, events, cursor + 1)
        if answer.hw <= cursor:
            raise ServerUnreachable(cause=f"nothing was taken after {cursor}")
        cursor, aside = answer.hw, aside + len(answer.results)
    return Told(before, cursor, aside)


def _asked(
    send: Tell, place: JournalPlace, clock: Clock, events: tuple[object, ...], start: int = 1
) -> PushAnswer:
    answer = send(
        Push(
            from_=start,
            sent_at=clock.now().astimezone(UTC).isoformat().replace("+00:00", "Z"),
            mono_ns=str(clock.mono_ns()),
            head=place.head,
            events=events,  # type: ignore[arg-type]
        )
    )
    if answer.status == 200:
        return answer.read(PushAnswer)
    told = answer.conflict()
    if answer.status == 409:
        raise StorageError("error.storage.chain", code=told.code, at=told.at or start)
    if answer.status in {401, 403, 404}:
        raise NotAuthorised("error.not_authorised.token", code=told.code, detail=told.detail)
    raise ServerUnreachable(cause=f"{answer.status} {told.code}")
