"""What machines watch the server by: health, readiness, metrics, the OpenAPI document."""

from __future__ import annotations

from typing import Final

from fastapi import Request, Response
from msgspec import Struct
from starlette.concurrency import run_in_threadpool

from packstation.server import metrics, readiness
from packstation.server.bodies import answer, gives, sends
from packstation.server.openapi import described
from packstation.server.problems import Problem
from packstation.server.routing import Route, server_of


class Alive(Struct, frozen=True):
    """It answers."""

    ok: bool = True


async def healthz() -> Response:
    """The process answers."""
    return answer(Alive())


async def readyz(request: Request) -> Response:
    """It can do its work: database, tables, room on the disk; 503 with the reasons."""
    found = await run_in_threadpool(readiness.reasons, server_of(request))
    if found:
        detail = ", ".join(found)
        raise Problem(503, "not_ready", detail, headers={"Retry-After": "5"}, reasons=found)
    return answer(Alive())


async def prometheus(request: Request) -> Response:
    """Metrics in Prometheus' text format."""
    text = await run_in_threadpool(metrics.text, server_of(request))
    return Response(text, media_type=metrics.MEDIA)


async def openapi(request: Request) -> Response:
    """This interface as OpenAPI 3.1."""
    document = request.app.state.openapi
    if document is None:
        document = request.app.state.openapi = described(request.app)
    return answer(document)


ROUTES: Final = (
    Route("GET", "/healthz", healthz, gives(Alive)),
    Route("GET", "/readyz", readyz, gives(Alive)),
    Route("GET", "/metrics", prometheus, sends(metrics.MEDIA)),
    Route("GET", "/openapi.json", openapi),
)
