"""Routes as data: each module of endpoints has a table, ``create_app`` adds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from msgspec import Struct

from packstation.server.access import PersonCaller, StationCaller
from packstation.server.core import Server


class Route(Struct, frozen=True):
    """``about``: what the OpenAPI page says of bodies; None leaves the route out of it."""

    method: str
    path: str
    endpoint: Callable[..., Any]
    about: Mapping[str, Any] | None = None


def add_routes(app: FastAPI, routes: Iterable[Route], tag: str) -> None:
    """Serve ``routes``."""
    for route in routes:
        app.add_api_route(
            route.path,
            route.endpoint,
            methods=[route.method],
            tags=[tag],
            openapi_extra=dict(route.about or {}),
            include_in_schema=route.about is not None,
        )


def server_of(request: Request) -> Server:
    """The server that answers."""
    server: Server = request.app.state.server
    return server


def station_of(request: Request) -> StationCaller:
    """The bench that calls; only in routes of ``roles.STATION_ONLY``."""
    caller: StationCaller = request.state.caller
    return caller


def person_of(request: Request) -> PersonCaller:
    """The person or integration that calls; only in routes with roles."""
    caller: PersonCaller = request.state.caller
    return caller
