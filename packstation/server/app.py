"""The server's HTTP application."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from fastapi import Depends, FastAPI
from sqlalchemy import Engine
from starlette.staticfiles import StaticFiles

from packstation.assets import resource
from packstation.server import (
    acceptance,
    account_routes,
    claim_routes,
    office_routes,
    pool_routes,
    problems,
    restores,
    staff_routes,
    station_routes,
    tariff_routes,
    token_routes,
    watch_routes,
    web_routes,
)
from packstation.server.access import guard
from packstation.server.core import Desk, Server
from packstation.server.costs import api as costs_api
from packstation.server.costs import pages as costs_pages
from packstation.server.customs import api as customs_api
from packstation.server.customs import broker_api as customs_broker_api
from packstation.server.customs import broker_pages as customs_broker_pages
from packstation.server.customs import mail_routes as customs_mail_routes
from packstation.server.customs import pages as customs_pages
from packstation.server.customs import rule_pages as customs_rule_pages
from packstation.server.customs import taking as customs_taking
from packstation.server.customs import template_api as customs_template_api
from packstation.server.customs import template_files as customs_template_files
from packstation.server.customs import template_pages as customs_template_pages
from packstation.server.desks import SharedDesk
from packstation.server.evidence import FOLDER
from packstation.server.floor import Picture
from packstation.server.handover import routes as handover_routes
from packstation.server.ingest import door
from packstation.server.keeping import profiles, salvaging
from packstation.server.live import BOOKS, Live
from packstation.server.options import DEFAULTS, Options
from packstation.server.pages import SafeHeaders, problem_page
from packstation.server.privacy import routes as privacy_routes
from packstation.server.privacy.sealing import OrderKeys
from packstation.server.purchases import api as purchases_api
from packstation.server.purchases import pages as purchases_pages
from packstation.server.rates import Rates
from packstation.server.routing import add_routes
from packstation.server.store import Store
from packstation.server.tokens import accept_first
from packstation.server.vault import NAME as VAULT
from packstation.server.vault import vault_of
from packstation.server.watched import Watched

LOG: Final = logging.getLogger(__name__)
VERSION: Final = "1"
# The first that fits answers; fonts are built at set-up and may be missing in a checkout.
FOLDERS: Final = (
    ("/static/icons", "icons"),
    ("/static/fonts", "fonts"),
    ("/static", "web/static"),
)
# Routes and the tag that they have in the OpenAPI page.
ROUTES: Final = (
    (station_routes.ROUTES, "station"),
    (claim_routes.ROUTES, "station"),
    (claim_routes.OFFICE, "office"),
    (claim_routes.PAGES, "web"),
    (office_routes.ROUTES, "office"),
    (acceptance.ROUTES, "office"),
    (tariff_routes.ROUTES, "office"),
    (account_routes.ROUTES, "office"),
    (purchases_api.ROUTES, "office"),
    (costs_api.ROUTES, "office"),
    (pool_routes.ROUTES, "office"),
    (staff_routes.ROUTES, "office"),
    (token_routes.ROUTES, "office"),
    (privacy_routes.ROUTES, "office"),
    (handover_routes.ROUTES, "office"),
    (salvaging.ROUTES, "office"),
    (profiles.ROUTES, "station"),
    (watch_routes.ROUTES, "watch"),
    (web_routes.ROUTES, "web"),
    (pool_routes.PAGES, "web"),
    (staff_routes.PAGES, "web"),
    (token_routes.PAGES, "web"),
    (privacy_routes.PAGES, "web"),
    (costs_pages.ROUTES, "web"),
    (purchases_pages.ROUTES, "web"),
    (handover_routes.PAGES, "web"),
    (customs_pages.ROUTES, "web"),
    (customs_rule_pages.ROUTES, "web"),
    (customs_broker_pages.ROUTES, "web"),
    (customs_mail_routes.PAGES, "web"),
    (customs_template_pages.ROUTES, "web"),
    (customs_template_files.ROUTES, "web"),
    (customs_api.ROUTES, "customs"),
    (customs_template_api.ROUTES, "customs"),
    (customs_broker_api.ROUTES, "customs"),
    (customs_mail_routes.ROUTES, "customs"),
)


def _beside(engine: Engine, files: str, name: str) -> Path | None:
    """Photos, films and the vault's key lie beside a database that is a file, else in ``files``."""
    database = engine.url.database
    if engine.dialect.name != "sqlite":
        return Path(files) / name if files else None
    return Path(database).parent / name if database and database != ":memory:" else None


def _watch(app: FastAPI, server: Server) -> None:
    """Headers on every answer, and outermost what counts and tells of each request."""
    app.add_middleware(SafeHeaders, secure=server.secure)
    app.add_middleware(Watched, meters=server.meters)


def _server_of(engine: Engine, options: Options) -> Server:
    files = options.files
    key = Path(options.vault_key) if options.vault_key else _beside(engine, files, VAULT)
    vault = vault_of(key)
    return Server(
        store=Store(engine, OrderKeys(vault)),
        desk=SharedDesk(engine) if engine.dialect.name == "postgresql" else Desk(),
        clock=options.clock,
        ids=options.ids,
        carriers=options.carriers,
        gate=options.gate,
        customs_keys=options.customs_keys,
        smtp=options.smtp,
        vault=vault,
        live=Live(options.karrio_python, _beside(engine, files, BOOKS)),
        evidence=_beside(engine, files, FOLDER),
        rates=Rates(options.limits),
        secure=options.tls is not None,
        reach=options.reach,
    )


def create_app(engine: Engine, options: Options = DEFAULTS) -> FastAPI:
    """The application on an engine made by ``store.open_engine``.

    ``app.state.server`` is the ``core.Server`` that the functions of this package take.
    """
    server = _server_of(engine, options)
    if not accept_first(server, options.first_token) and options.first_token:
        LOG.warning(
            "PACKSTATION_TOKEN is not taken: this database has tokens already;"
            " a new one is made by: packstation server token --role ROLE"
        )
    if options.restored:
        restores.begin(server)
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
    app.state.openapi = None  # made at the first need
    app.state.pictures = Picture()
    app.state.drawing = customs_taking.drawing()
    problems.install(app, problem_page)
    door.stand_before(app, server)
    _watch(app, server)
    for path, folder in FOLDERS:
        static = StaticFiles(directory=resource(*folder.split("/")), check_dir=False)
        app.mount(path, static)
    for routes, tag in ROUTES:
        add_routes(app, routes, tag)
    return app
