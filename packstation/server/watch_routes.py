"""What machines watch the server by: health, readiness, metrics, the OpenAPI document."""

from __future__ import annotations

from typing import Final

from fastapi import Request, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from packstation.server import metrics
from packstation.server.bodies import answer
from packstation.server.problems import Problem
from packstation.server.routing import Route, server_of
from packstation.server.store import alive


async def healthz() -> Response:
    """The process answers."""
    return answer({"ok": True})


async def readyz(request: Request) -> Response:
    """The database answers too."""
    try:
        ready = await run_in_threadpool(alive, server_of(request).store)
    except SQLAlchemyError:
        ready = False
    if not ready:
        raise Problem(503, "storage", headers={"Retry-After": "5"})
    return answer({"ok": True})


async def prometheus(request: Request) -> Response:
    """Metrics in Prometheus' text format."""
    text = await run_in_threadpool(metrics.text, server_of(request))
    return Response(text, media_type=metrics.MEDIA)


async def openapi(request: Request) -> Response:
    """This interface as OpenAPI 3.1."""
    return answer(request.app.openapi())


ROUTES: Final = (
    Route("GET", "/healthz", healthz, {}),
    Route("GET", "/readyz", readyz, {}),
    Route("GET", "/metrics", prometheus, {}),
    Route("GET", "/openapi.json", openapi),
)
