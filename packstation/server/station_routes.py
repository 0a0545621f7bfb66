"""PSP/1 over HTTP: what benches call (domain/psp.py, reference/sync.md section 1.1)."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from packstation.domain import psp
from packstation.server import blobs, enrolment, journal, labels, pools, rows, statuses
from packstation.server.access import (
    MAX_BODY,
    StationCaller,
    check_date,
    check_signature,
    limited,
    read_stamp,
)
from packstation.server.bodies import ENCODINGS, answer, gives, plain, read, takes
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.store import generation

ROUTER = APIRouter(prefix="/v1", tags=["station"])
_SHA256 = re.compile("[0-9a-f]{64}")


def _server(request: Request) -> Server:
    server: Server = request.app.state.server
    return server


def _caller(request: Request) -> StationCaller:
    caller: StationCaller = request.state.caller
    return caller


async def _content(request: Request, limit: int = psp.MAX_PUSH_BYTES) -> bytes:
    encoding = request.headers.get("content-encoding", "")
    return plain(await request.body(), encoding, limit)


@ROUTER.get("/hello", openapi_extra=gives(psp.Hello))
async def hello(request: Request) -> Response:
    """What this server is; before the first push and after any 426."""
    server = _server(request)

    def look() -> int:
        with server.store.read() as connection:
            return generation(connection)

    gen = await run_in_threadpool(look)
    return answer(psp.Hello(gen=gen, now=stamp(server.clock.now()), encodings=ENCODINGS))


@ROUTER.post("/enrol", openapi_extra=gives(psp.EnrolAnswer, psp.EnrolRequest))
async def enrol(request: Request) -> Response:
    """A bench joins with a one-time token; signed by the key that it brings."""
    server = _server(request)
    body = await limited(request, 64 * 1024)
    asked = read(body, psp.EnrolRequest)
    given = read_stamp(request)
    if given.station != asked.station_id:
        raise Problem(401, "bad_signature", psp.STATION_HEADER)
    check_signature(asked.pubkey, request, body, given)
    check_date(server, given.date)
    ca: str = request.app.state.ca
    return answer(await run_in_threadpool(enrolment.enrol, server, asked, ca))


@ROUTER.post("/journal", openapi_extra=gives(psp.PushAnswer, psp.Push))
async def push(request: Request) -> Response:
    """Facts from a bench, in order and each exactly once."""
    body = await _content(request)
    taken = await run_in_threadpool(journal.push, _server(request), _caller(request), body)
    return answer(taken)


@ROUTER.get("/changes", openapi_extra=gives(psp.ChangesAnswer))
async def changes(
    request: Request, cursor: str = "", limit: int = 500, wait: float = 0
) -> Response:
    """Rows that changed after the cursor; waits up to ``wait`` seconds for the first."""
    server, site = _server(request), _caller(request).site
    left = max(0.0, min(wait, float(psp.MAX_WAIT_S)))
    while True:
        heard = server.bell.rings
        found = await run_in_threadpool(rows.changes, server, site, cursor, limit)
        if found.rows or left <= 0 or server.bell.closed:
            return answer(found)
        left -= await server.bell.wait(left, heard)


@ROUTER.post("/pools/lease", openapi_extra=gives(psp.LeaseAnswer, psp.LeaseRequest))
async def lease(request: Request) -> Response:
    """Waybill numbers ahead of their use."""
    asked = read(await _content(request), psp.LeaseRequest)
    return answer(await run_in_threadpool(pools.lease, _server(request), _caller(request), asked))


@ROUTER.post("/labels", openapi_extra=gives(psp.LabelAnswer, psp.LabelRequest))
async def buy_label(request: Request) -> Response:
    """Buy a label of a service that exists online only; by key, at most once."""
    asked = read(await _content(request), psp.LabelRequest)
    got = await run_in_threadpool(labels.buy, _server(request), _caller(request), asked)
    return answer(got, labels.HTTP_STATUS[got.status])


@ROUTER.get("/labels/{parcel}/{attempt}", openapi_extra=gives(psp.LabelAnswer))
async def find_label(request: Request, parcel: str, attempt: int) -> Response:
    """What a key bought, if anything."""
    key = f"{parcel}/{attempt}"
    got = await run_in_threadpool(labels.find, _server(request), _caller(request), key)
    return answer(got, labels.HTTP_STATUS[got.status])


@ROUTER.post("/labels/{parcel}/{attempt}/void", openapi_extra=gives(psp.LabelAnswer))
async def void_label(request: Request, parcel: str, attempt: int) -> Response:
    """Take a label back."""
    key = f"{parcel}/{attempt}"
    got = await run_in_threadpool(labels.void, _server(request), _caller(request), key)
    return answer(got, labels.HTTP_STATUS[got.status])


@ROUTER.put("/status", openapi_extra=takes(statuses.Status))
async def status(request: Request) -> Response:
    """What a bench is doing now; replaces what it said before, is no fact."""
    told = read(await _content(request, 64 * 1024), statuses.Status)
    await run_in_threadpool(statuses.put, _server(request), _caller(request), told)
    return Response(status_code=204)


@ROUTER.get("/blobs/{sha256}")
async def get_blob(request: Request, sha256: str) -> Response:
    """A stored file of this site by its hash."""
    found = await run_in_threadpool(blobs.get, _server(request), _caller(request).site, sha256)
    headers = {"Content-Disposition": "attachment"}
    return Response(found.content, media_type=found.media, headers=headers)


@ROUTER.put("/blobs/{sha256}")
async def put_blob(request: Request, sha256: str) -> Response:
    """Store a file under its own hash; the same file twice changes nothing."""
    if not _SHA256.fullmatch(sha256):
        raise Problem(422, "invalid", "sha256: 64 lower-case hex digits")
    content = await _content(request, MAX_BODY)
    media = request.headers.get("content-type", "application/octet-stream")
    site = _caller(request).site
    await run_in_threadpool(blobs.put, _server(request), site, sha256, content, media)
    return Response(status_code=204)
