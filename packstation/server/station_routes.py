"""PSP/1 over HTTP: what benches call (domain/psp.py, reference/sync.md section 1.1)."""

from __future__ import annotations

import re
from typing import Final

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from packstation.domain import psp
from packstation.server import blobs, enrolment, evidence, labels, pools, rows, staff_list, statuses
from packstation.server.access import (
    MAX_BODY,
    check_date,
    check_signature,
    limited,
    read_stamp,
)
from packstation.server.bodies import (
    ANY_FILE,
    ENCODINGS,
    NOTHING,
    answer,
    gives,
    plain,
    read,
    sends,
    takes,
)
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.routing import Route, server_of, station_of
from packstation.server.store import generation

_SHA256 = re.compile("[0-9a-f]{64}")


async def _content(request: Request, limit: int = psp.MAX_PUSH_BYTES) -> bytes:
    encoding = request.headers.get("content-encoding", "")
    return plain(await request.body(), encoding, limit)


async def hello(request: Request) -> Response:
    """What this server is; before the first push and after any 426."""
    server = server_of(request)

    def look() -> int:
        with server.store.read() as connection:
            return generation(connection)

    gen = await run_in_threadpool(look)
    return answer(psp.Hello(gen=gen, now=stamp(server.clock.now()), encodings=ENCODINGS))


async def enrol(request: Request) -> Response:
    """A bench joins with a one-time token; signed by the key that it brings."""
    server = server_of(request)
    body = await limited(request, 64 * 1024)
    asked = read(body, psp.EnrolRequest)
    given = read_stamp(request)
    if given.station != asked.station_id:
        raise Problem(401, "bad_signature", psp.STATION_HEADER)
    check_signature(asked.pubkey, request, body, given)
    check_date(server, given.date)
    ca: str = request.app.state.ca
    return answer(await run_in_threadpool(enrolment.enrol, server, asked, ca))


async def push(request: Request) -> Response:
    """Facts from a bench, in order and each exactly once; `ingest.door` answers before this."""
    return answer(await request.app.state.ingest.take(station_of(request), await _content(request)))


async def changes(
    request: Request, cursor: str = "", limit: int = 500, wait: float = 0
) -> Response:
    """Rows that changed after the cursor; waits up to ``wait`` seconds for the first."""
    server, site = server_of(request), station_of(request).site
    left = max(0.0, min(wait, float(psp.MAX_WAIT_S)))
    await run_in_threadpool(staff_list.renew, server, site)
    while True:
        heard = server.bell.rings
        found = await run_in_threadpool(rows.changes, server, site, cursor, limit)
        if found.rows or left <= 0 or server.bell.closed:
            return answer(found)
        left -= await server.bell.wait(left, heard)


async def lease(request: Request) -> Response:
    """Waybill numbers ahead of their use."""
    asked = read(await _content(request), psp.LeaseRequest)
    return answer(
        await run_in_threadpool(pools.lease, server_of(request), station_of(request), asked)
    )


async def buy_label(request: Request) -> Response:
    """Buy a label of a service that exists online only; by key, at most once."""
    asked = read(await _content(request), psp.LabelRequest)
    got = await run_in_threadpool(labels.buy, server_of(request), station_of(request), asked)
    return answer(got, labels.HTTP_STATUS[got.status])


async def find_label(request: Request, parcel: str, attempt: int) -> Response:
    """What a key bought, if anything."""
    key = f"{parcel}/{attempt}"
    got = await run_in_threadpool(labels.find, server_of(request), station_of(request), key)
    return answer(got, labels.HTTP_STATUS[got.status])


async def void_label(request: Request, parcel: str, attempt: int) -> Response:
    """Take a label back."""
    key = f"{parcel}/{attempt}"
    got = await run_in_threadpool(labels.void, server_of(request), station_of(request), key)
    return answer(got, labels.HTTP_STATUS[got.status])


async def status(request: Request) -> Response:
    """What a bench is doing now; replaces what it said before, is no fact."""
    told = read(await _content(request, 64 * 1024), statuses.Status)
    await run_in_threadpool(statuses.put, server_of(request), station_of(request), told)
    return Response(status_code=204)


async def get_blob(request: Request, sha256: str) -> Response:
    """A stored file of this site by its hash."""
    found = await run_in_threadpool(blobs.get, server_of(request), station_of(request).site, sha256)
    headers = {"Content-Disposition": "attachment"}
    return Response(found.content, media_type=found.media, headers=headers)


async def put_blob(request: Request, sha256: str) -> Response:
    """Store a file under its own hash; the same file twice changes nothing."""
    if not _SHA256.fullmatch(sha256):
        raise Problem(422, "invalid", "sha256: 64 lower-case hex digits")
    content = await _content(request, MAX_BODY)
    media = request.headers.get("content-type", "application/octet-stream")
    site = station_of(request).site
    await run_in_threadpool(blobs.put, server_of(request), site, sha256, content, media)
    return Response(status_code=204)


async def get_evidence(request: Request, sha256: str) -> Response:
    """How much of a photo or film the server has."""
    site = station_of(request).site
    return answer(await run_in_threadpool(evidence.state, server_of(request), site, sha256))


async def put_evidence(request: Request, sha256: str, at: int, of: int, days: int) -> Response:
    """A piece of a photo or film; the same twice changes nothing."""
    piece = evidence.Piece(
        at=at,
        of=of,
        days=days,
        media=request.headers.get("content-type", ""),
        content=await _content(request, MAX_BODY),
    )
    site = station_of(request).site
    return answer(await run_in_threadpool(evidence.put, server_of(request), site, sha256, piece))


# 202: asked for, and not known yet (labels.HTTP_STATUS).
_BOUGHT: Final = gives(psp.LabelAnswer, psp.LabelRequest)
_BUYS: Final = {"requestBody": _BOUGHT["requestBody"]}
_LABEL: Final = {"responses": dict.fromkeys(("200", "202"), _BOUGHT["responses"]["200"])}
ROUTES: Final = (
    Route("GET", "/v1/hello", hello, gives(psp.Hello)),
    Route("POST", "/v1/enrol", enrol, gives(psp.EnrolAnswer, psp.EnrolRequest)),
    Route("POST", "/v1/journal", push, gives(psp.PushAnswer, psp.Push)),
    Route("GET", "/v1/changes", changes, gives(psp.ChangesAnswer)),
    Route("POST", "/v1/pools/lease", lease, gives(psp.LeaseAnswer, psp.LeaseRequest)),
    Route("POST", "/v1/labels", buy_label, {**_LABEL, **_BUYS}),
    Route("GET", "/v1/labels/{parcel}/{attempt}", find_label, _LABEL),
    Route("POST", "/v1/labels/{parcel}/{attempt}/void", void_label, _LABEL),
    Route("PUT", "/v1/status", status, takes(statuses.Status)),
    Route("GET", "/v1/blobs/{sha256}", get_blob, sends()),
    Route("PUT", "/v1/blobs/{sha256}", put_blob, {**ANY_FILE, **NOTHING}),
    Route("GET", "/v1/evidence/{sha256}", get_evidence, gives(evidence.EvidenceState)),
    Route(
        "PUT", "/v1/evidence/{sha256}", put_evidence, {**gives(evidence.EvidenceState), **ANY_FILE}
    ),
)
