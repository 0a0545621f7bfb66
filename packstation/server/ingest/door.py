"""``POST /v1/journal`` before any routing: what the hot path needs of HTTP and nothing more.

A bench is known by the signature of its request, as in `access.guard`; the same refusals, the
same problem documents. The route in `station_routes` is there for the OpenAPI page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import msgspec
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from packstation.domain import psp
from packstation.domain.errors import StorageError
from packstation.server import intruders
from packstation.server.access import StationCaller
from packstation.server.bodies import plain
from packstation.server.core import Server
from packstation.server.ingest.combiner import Combiner
from packstation.server.ingest.envelopes import Pushed, read_plain_push, read_push
from packstation.server.ingest.hot import CONNECTIONS, HotWriter
from packstation.server.ingest.writing import Outcome, Writer
from packstation.server.keyring import Pinned
from packstation.server.problems import Problem, as_problem
from packstation.server.projector import Projector
from packstation.server.roles import RULES, STATION_ONLY

PATH: Final = "/v1/journal"
# Larger ones are read in a thread: the loop has other benches.
LARGE: Final = 512 * 1024
_JSON: Final = (b"content-type", b"application/json")
_REFUSALS: Final = (Problem, msgspec.DecodeError, StorageError)

Headers = dict[bytes, bytes]


class Ingest:
    """What takes pushes: keys, queue, writer, the projector that follows."""

    def __init__(self, server: Server, projector: Projector) -> None:
        """For ``server``; ``projector`` is woken after each push."""
        self._server = server
        self._projector = projector
        self._writer = Writer(server.store, server.clock)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="packstation-ingest")
        engine = server.store.engine
        postgres = engine.dialect.name == "postgresql"
        self._hot = HotWriter(engine.url, server.clock, self._write) if postgres else None
        self.combiner = (
            Combiner(self._hot.write, CONNECTIONS) if self._hot else Combiner(self._write)
        )

    def close(self) -> None:
        """Nobody pushes any more; `release` came before."""
        self._thread.shutdown()

    async def release(self) -> None:
        """Let go of what belongs to the event loop, which is about to end."""
        if self._hot is not None:
            await self._hot.close()

    async def pinned(self, station: str) -> Pinned:
        """A bench that may speak.

        Raises:
            Problem: 401 unknown_station; 403 revoked.
        """
        keys = self._server.keys
        found = keys.at_hand(station) or await asyncio.to_thread(
            keys.look_up, self._server.store, station
        )
        if found is None:
            raise Problem(401, "unknown_station")
        if found.revoked:
            raise Problem(403, "revoked", since=found.revoked)
        return found

    async def take(self, caller: StationCaller, body: bytes) -> psp.PushAnswer:
        """Keep a push whose sender is proven.

        Raises:
            Problem: as `journal.push`; 429 and 503 with Retry-After.
            msgspec.DecodeError: no push at all.
        """
        quick = read_plain_push(caller, body) if len(body) <= LARGE else None
        push = quick if quick is not None else await asyncio.to_thread(read_push, caller, body)
        outcome = await self.combiner.put(push)
        if isinstance(outcome, Problem) and outcome.code == "fork":
            await asyncio.to_thread(intruders.note_fork, self._server, caller, outcome, body)
        if isinstance(outcome, Exception):
            raise outcome
        if push.entries or self._server.gate is not None:
            self._projector.wake(caller.site)
        return outcome

    async def _write(self, pushes: Sequence[Pushed]) -> Sequence[Outcome]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._writer.write, pushes)


def stand_before(app: FastAPI, server: Server) -> None:
    """Let ``app`` answer pushes here; `Projector.start` is left to who runs it."""
    app.state.projector = Projector(server)
    app.state.ingest = Ingest(server, app.state.projector)
    app.add_middleware(JournalDoor, ingest=app.state.ingest)


class JournalDoor:
    """Answers pushes; lets all other requests through."""

    def __init__(self, app: ASGIApp, ingest: Ingest) -> None:
        """Stand before ``app``."""
        assert RULES["POST", PATH] is STATION_ONLY  # noqa: S101 - the guard that this one is
        self._app = app
        self._ingest = ingest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        try:
            answer = await self._answer(scope, receive)
        except _REFUSALS as exc:
            await as_problem(exc).response()(scope, receive, send)
            return
        length = (b"content-length", str(len(answer)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [_JSON, length]})
        await send({"type": "http.response.body", "body": answer})

    async def _answer(self, scope: Scope, receive: Receive) -> bytes:
        headers: Headers = dict(scope["headers"])
        station = _text(headers, psp.STATION_HEADER)
        combiner = self._ingest.combiner
        body = _Body(combiner)
        try:
            content = await body.read(receive)
            pinned = await self._ingest.pinned(station)
            stamp = _stamp(headers, station)
            base = psp.signing_base("POST", _target(scope), content, stamp)
            if not pinned.signed(base, _text(headers, psp.SIGNATURE_HEADER)):
                raise Problem(401, "bad_signature")
            caller = StationCaller(
                site=pinned.site, station=station, epoch=stamp.epoch, gen=stamp.gen
            )
            combiner.enter(station)
            try:
                encoding = _text(headers, "content-encoding")
                text = plain(content, encoding, psp.MAX_PUSH_BYTES)
                return msgspec.json.encode(await self._ingest.take(caller, text))
            finally:
                combiner.leave(station)
        finally:
            body.let_go()


class _Body:
    """A request's body on its way in, counted while it is in memory."""

    def __init__(self, combiner: Combiner) -> None:
        self._combiner = combiner
        self._size = 0

    async def read(self, receive: Receive) -> bytes:
        """All of it, at most `psp.MAX_PUSH_BYTES`; what is compressed is shorter still."""
        chunks = []
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Problem(422, "torn_body", "the connection ended early")
            chunk = message.get("body", b"")
            self._combiner.hold(len(chunk))
            self._size += len(chunk)
            if self._size > psp.MAX_PUSH_BYTES:
                raise Problem(413, "too_large", limit=psp.MAX_PUSH_BYTES)
            chunks.append(chunk)
            if not message.get("more_body", False):
                return b"".join(chunks)

    def let_go(self) -> None:
        """It is answered."""
        self._combiner.hold(-self._size)


def _text(headers: Headers, name: str) -> str:
    return headers.get(name.lower().encode(), b"").decode("latin-1")


def _stamp(headers: Headers, station: str) -> psp.Stamp:
    gen = _text(headers, psp.GENERATION_HEADER)
    if not gen.isascii() or not gen.isdigit():
        raise Problem(401, "unsigned", psp.GENERATION_HEADER)
    return psp.Stamp(
        station=station,
        epoch=_text(headers, psp.EPOCH_HEADER),
        gen=int(gen),
        date=_text(headers, psp.DATE_HEADER),
    )


def _target(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    path = scope.get("raw_path", PATH.encode()).decode("latin-1")
    return f"{path}?{query}" if query else path
