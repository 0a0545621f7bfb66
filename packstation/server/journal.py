"""One push, kept and projected before this returns: for simulations and tests.

The endpoint (`ingest.door`) answers as soon as a push is kept; `projector` follows in its thread.
"""

from __future__ import annotations

from msgspec.structs import replace

from packstation.domain.psp import PushAnswer, Result
from packstation.server import intruders, projector
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.ingest.envelopes import read_push
from packstation.server.ingest.writing import Writer
from packstation.server.problems import Problem


def push(server: Server, caller: StationCaller, body: bytes) -> PushAnswer:
    """Take one push; ``results`` also name what could not be projected.

    Raises:
        Problem: 409 gap, fork, epoch_closed; 413 too many events; 422 no push at all;
            426 a schema older than this server reads; 503 the database is away.
    """
    pushed = read_push(caller, body)
    outcome = Writer(server.store, server.clock).write([pushed])[0]
    if isinstance(outcome, Problem) and outcome.code == "fork":
        intruders.note_fork(server, caller, outcome, body)
    if isinstance(outcome, Exception):
        raise outcome
    problems = projector.catch_up(server, caller)
    told = {one.seq: one for one in outcome.results}
    told |= {seq: Result(seq=seq, code="quarantined") for seq in problems}
    return replace(outcome, results=tuple(told[seq] for seq in sorted(told)))
