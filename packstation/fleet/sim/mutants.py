"""Faults planted one at a time into the running code; the invariants must see each of them.

A row names what is put in the place of what. A mutant that no seed notices means that an invariant
is missing, or that the code has two cures for one illness; then it is no row of this list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

Old = Callable[..., Any]


class Mutant(Struct, frozen=True):
    """``of`` is ``module:name`` or ``module:Class.name``; ``made`` gets what stands there."""

    name: str
    of: str
    made: Callable[[Any], Any]


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The mutant ``name`` in this process; none for "".

    Raises:
        KeyError: there is no such mutant.
    """
    if not name:
        yield
        return
    mutant = MUTANTS[name]
    module, _, path = mutant.of.partition(":")
    holder: Any = import_module(module)
    *outer, last = path.split(".")
    for part in outer:
        holder = getattr(holder, part)
    old = holder.__dict__[last] if isinstance(holder, type) else getattr(holder, last)
    setattr(holder, last, mutant.made(old))
    try:
        yield
    finally:
        setattr(holder, last, old)


def _no_gap(old: Old) -> Old:
    """What begins too late is taken as if nothing were missing."""

    def admit(mark: Any, push: Any, gen: int, hash_at: Any) -> Any:  # noqa: ANN401 - as the code
        if push.start > mark.hw + 1 and not mark.closed:
            first = push.entries[0].prev if push.entries else mark.last_hash
            mark = replace(mark, hw=push.start - 1, last_hash=first)
        return old(mark, push, gen, hash_at)

    return admit


def _no_fork(old: Old) -> Old:
    def admit(mark: Any, push: Any, gen: int, hash_at: Any) -> Any:  # noqa: ANN401 - as the code
        if mark.closed or push.start > mark.hw + 1:
            return old(mark, push, gen, hash_at)
        return push.entries[max(0, mark.hw + 1 - push.start) :]

    return admit


def _fork_at_the_end(_: Old) -> Old:
    def other(mark: Any, known: Any, hash_at: Any) -> Any:  # noqa: ANN401, ARG001 - as the code
        have = hash_at(known[-1].seq) if known else ""
        return (known[-1].seq, have) if have and have != known[-1].hash else None

    return other


def _closed_is_open(old: Old) -> Old:
    def admit(mark: Any, *rest: Any) -> Any:  # noqa: ANN401 - as the code
        return old(replace(mark, closed=None), *rest)

    return admit


def _kept_every_other_time(old: Old) -> Old:
    """The server acknowledges and forgets."""
    count = [0]

    def write(connection: Any, flush: Any) -> None:  # noqa: ANN401 - as the code
        count[0] += 1
        if not flush.journal or count[0] % 5:
            old(connection, flush)

    return write


def _changed(**changes: Any) -> Callable[[Old], Old]:  # noqa: ANN401 - of any field
    """The same answer with other fields; each is made of the old value."""

    def made(old: Old) -> Old:
        def changed(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - as the code
            answer = old(*args, **named)
            return replace(answer, **{n: by(getattr(answer, n)) for n, by in changes.items()})

        return changed

    return made


def _is(value: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - what stands there instead
    return lambda _: value


def _answers(value: Any) -> Callable[[Old], Old]:  # noqa: ANN401 - what is answered
    return lambda _: lambda *_args, **_named: value


def _twice(old: Old) -> Old:
    def twice(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - as the code
        old(*args, **named)
        return old(*args, **named)

    return twice


def _stops_at_poison(old: Old) -> Old:
    def understood(rows: Any) -> Any:  # noqa: ANN401 - as the code
        steps, problems = old(rows)
        if problems:
            raise ValueError(problems)
        return steps, problems

    return understood


def _gap_unheard(old: Old) -> Old:
    def conflict(self: Any, said: Any) -> None:  # noqa: ANN401 - as the code
        if said.code != "gap":
            old(self, said)

    return conflict


def _same_epoch(old: Old) -> Old:
    def look(self: Any, now: float) -> None:  # noqa: ANN401 - as the code
        self._place = self._reader.place()
        old(self, now)

    return look


def _past_the_head(_: Old) -> Old:
    def batch(self: Any) -> Any:  # noqa: ANN401 - as the code
        return list(self._reader.events(self._place, self._cursor.sent, self._line.batch))

    return batch


def _clock_unlearned(old: Old) -> Old:
    def hello(self: Any) -> Any:  # noqa: ANN401 - as the code
        ahead, found = self._ahead, old(self)
        self._ahead = ahead
        return found

    return hello


def _resync_unheard(old: Old) -> Old:
    def send(self: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - as the code
        answer = old(self, *args, **named)
        return replace(answer, status=500) if answer.status == 410 else answer

    return send


def _one_slice(old: Old) -> Old:
    return lambda rows: iter(list(old(rows))[:1])


def _epoch_at(step: int) -> Callable[[Old], Old]:
    return lambda old: lambda self, at: old(self, max(1, at + step))


def _number_unburned(old: Old) -> Old:
    def apply(self: Any, fact: Any) -> None:  # noqa: ANN401 - as the code
        if type(fact).__name__ != "NumberUsed":
            old(self, fact)

    return apply


def _backwards(old: Old) -> Old:
    return lambda *args: old(*args)[::-1]


def _one_later(old: Old) -> Old:
    return lambda self, place, after, count: old(self, place, after + 1, count)


def _cursor_ahead(old: Old) -> Old:
    def changes(*args: Any) -> Any:  # noqa: ANN401 - as the code
        answer = old(*args)
        gen, _, change = answer.cursor.partition(".")
        return replace(answer, cursor=f"{gen}.{int(change) + 1}") if answer.rows else answer

    return changes


def _longer(old: Old) -> Old:
    return lambda *args: 1000.0 + old(*args)


_WRITING: Final = "packstation.server.ingest.writing"
_PUSHER: Final = "packstation.client.pusher:Pusher"
_EVENTS: Final = "packstation.storage.event_store:SqliteEventStore"
_READER: Final = "packstation.storage.journal:SqliteJournalReader"
_WIRE: Final = "packstation.client.wire:Wire"

_ROWS: Final = (
    # The server's journal.
    Mutant("a gap is taken", f"{_WRITING}:admit", _no_gap),
    Mutant("a fork is taken", f"{_WRITING}:admit", _no_fork),
    Mutant("fork at the end", "packstation.server.ingest.admission:_other_past", _fork_at_the_end),
    Mutant("a closed epoch goes on", f"{_WRITING}:admit", _closed_is_open),
    Mutant("mark too far", f"{_WRITING}:moved", _changed(hw=lambda hw: hw + 1)),
    Mutant("mark stays", f"{_WRITING}:moved", lambda _: lambda mark, _fresh: mark),
    Mutant("answer too far", f"{_WRITING}:answered", _changed(hw=lambda hw: hw + 1)),
    Mutant("answered, not kept", f"{_WRITING}:_write", _kept_every_other_time),
    Mutant("last hash forgotten", f"{_WRITING}:moved", _changed(last_hash=lambda _: "0" * 64)),
    Mutant("poison stops all", "packstation.server.projection:_understood", _stops_at_poison),
    Mutant("poison not aside", "packstation.server.projection:_set_aside", _answers(None)),
    Mutant("counted twice", "packstation.server.folds:_count", _twice),
    Mutant("not counted", "packstation.server.folds:_count", _answers(None)),
    Mutant("revoked in words only", "packstation.server.enrolment:revoke", _answers(None)),
    # Its rows and numbers.
    Mutant("same generation", "packstation.server.restores:begin", _answers(10**6)),
    Mutant(
        "old cursor taken",
        "packstation.server.rows:_place",
        _is(lambda cursor, _gen: int(cursor.partition(".")[2] or 0)),
    ),
    Mutant("cursor runs ahead", "packstation.server.rows:changes", _cursor_ahead),
    Mutant("changes not counted", "packstation.server.rows:counted", _answers(1)),
    Mutant("held numbers unknown", "packstation.server.holdings:note", _answers({})),
    # The sender.
    Mutant("gap unheard", f"{_PUSHER}._conflict", _gap_unheard),
    Mutant("stops at nothing", f"{_PUSHER}._stop", _answers(None)),
    Mutant("new epoch unseen", f"{_PUSHER}._look", _same_epoch),
    Mutant("past the head", f"{_PUSHER}._batch", _past_the_head),
    Mutant("told once", "packstation.client.retelling:Retelling.begin", _answers(None)),
    Mutant("waits for ever", "packstation.station.sync:backoff_s", _longer),
    Mutant("probes never", "packstation.station.sync:between", _longer),
    Mutant("clock unlearned", f"{_WIRE}.hello", _clock_unlearned),
    # The puller.
    Mutant("resync unheard", f"{_WIRE}.send", _resync_unheard),
    Mutant("first slice only", "packstation.client.puller:_slices", _one_slice),
    # The station's database.
    Mutant("rows not held", "packstation.storage.held:is_touched", _answers(0)),
    Mutant("rows held for ever", "packstation.storage.held:release", _answers(None)),
    Mutant("epoch late", f"{_EVENTS}.begin_epoch", _epoch_at(1)),
    Mutant("epoch early", f"{_EVENTS}.begin_epoch", _epoch_at(-1)),
    Mutant("epoch without genesis", "packstation.storage.forks:GENESIS", _is("1" * 64)),
    Mutant("facts backwards", f"{_READER}.events", _backwards),
    Mutant("a fact skipped", f"{_READER}.events", _one_later),
    Mutant("numbers not burned", "packstation.station.pool:NumberPool.apply", _number_unburned),
)
MUTANTS: Final = {mutant.name: mutant for mutant in _ROWS}
