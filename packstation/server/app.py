"""The server's HTTP application."""

from __future__ import annotations

from fastapi import Depends, FastAPI
from sqlalchemy import Engine

from packstation.server import office_routes, problems, station_routes, watch_routes
from packstation.server.access import guard
from packstation.server.core import Server
from packstation.server.options import DEFAULTS, Options
from packstation.server.routing import add_routes
from packstation.server.store import Store
from packstation.server.tokens import accept_first

VERSION = "1"


def create_app(engine: Engine, options: Options = DEFAULTS) -> FastAPI:
    """The application on an engine made by ``store.open_engine``.

    ``app.state.server`` is the ``core.Server`` that the functions of this package take.
    """
    server = Server(
        store=Store(engine),
        clock=options.clock,
        ids=options.ids,
        carriers=options.carriers,
        secure=options.tls is not None,
    )
    accept_first(server, options.first_token)
    app = FastAPI(
        title="packstation",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(guard)],
    )
    app.state.server = server
    app.state.ca = options.ca
    problems.install(app)
    add_routes(app, station_routes.ROUTES, "station")
    add_routes(app, office_routes.ROUTES, "office")
    add_routes(app, watch_routes.ROUTES, "watch")
    return app
