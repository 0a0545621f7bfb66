"""Running the server: in a thread of this process, or as the process."""

from __future__ import annotations

import gc
import ipaddress
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI
from msgspec.structs import replace

from packstation.domain.errors import SettingsError, StorageError
from packstation.server import labels, partitions
from packstation.server.app import create_app
from packstation.server.ca import CA
from packstation.server.certificates import Certificates
from packstation.server.core import Server
from packstation.server.customs import checks, postman
from packstation.server.keeping import daily
from packstation.server.leading import Leading
from packstation.server.loopback import loopback
from packstation.server.options import DEFAULTS, Options, Tls
from packstation.server.privacy import background as privacy
from packstation.server.store import open_engine

GRACE_S: Final = 5


class _Uvicorn(uvicorn.Server):
    """Ends long polls and live pages first, so that a stop takes no longer than a request.

    The signal is not raised again afterwards, as uvicorn would: a stop that was asked for
    closes the database and is a success. A second SIGINT waits for nobody.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        await _app(self.config.app).state.ingest.release()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a handler
        _server(self.config.app).bell.close()
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def _url(bound: tuple[str, int], *, secure: bool) -> str:
    """Where it answers; by the machine's name where it answers at all its addresses."""
    host, port = bound
    if ipaddress.ip_address(host).is_unspecified:
        host = socket.gethostname()
    host = f"[{host}]" if ":" in host else host
    return f"{'https' if secure else 'http'}://{host}:{port}"


def _app(app: object) -> FastAPI:
    assert isinstance(app, FastAPI)  # noqa: S101 - made by this module
    return app


def _server(app: object) -> Server:
    server: Server = _app(app).state.server
    return server


class Running:
    """A server in a thread of this process."""

    def __init__(
        self, app: FastAPI, listening: socket.socket, certificates: Certificates | None
    ) -> None:
        """Start serving on a socket that listens already."""
        self.app = app
        self.server = _server(app)
        self.certificates = certificates
        self.host, self.port = listening.getsockname()[:2]
        self._listening = listening
        self._uvicorn = _Uvicorn(_config(app, certificates))
        self._thread = threading.Thread(target=self._serve, name="packstation-server")
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return _url((self.host, self.port), secure=self.server.secure)

    @property
    def leads(self) -> bool:
        """Whether it does what is nobody's request, of all servers on its database."""
        leading: Leading = self.app.state.leading
        return leading.leads

    def stop(self) -> None:
        """Let running requests end (5 s at the most), close the database; returns when done."""
        self.server.bell.close()
        self._uvicorn.should_exit = True
        self._thread.join()
        self._listening.close()
        if self.certificates is not None:
            self.certificates.close()
        _ended(self.app)

    def settle(self) -> None:
        """Return when all that benches have sent is projected."""
        assert self.app.state.projector.settle()  # noqa: S101 - within 30 s or not at all

    def _serve(self) -> None:
        self._uvicorn.run(sockets=[self._listening])


def serve(host: str, port: int, database: str, options: Options = DEFAULTS) -> Running:
    """Start in a thread; ``port`` 0 takes a free one, told by ``Running.port``.

    ``database`` is a URL (``sqlite:///path``). It takes requests when this returns: what comes
    before the thread is up waits in the socket's queue.

    Raises:
        SettingsError: the address is taken, is none of this machine, or is open to the
            network without TLS; the database does not open.
        StorageError: see ``store.open_engine``.
    """
    listening = _listen(host, port, options.tls)
    certificates = None
    try:
        certificates = _certificates(options)
        app = _begun(database, options)
        _watch(app, certificates)
    except (SettingsError, StorageError):
        listening.close()
        if certificates is not None:
            certificates.close()
        raise
    return Running(app, listening, certificates)


def run_server(
    database_url: str,
    host: str,
    port: int,
    options: Options = DEFAULTS,
    started: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve until SIGINT or SIGTERM; ``started`` is given the URL once it listens.

    Raises:
        SettingsError, StorageError: as ``serve``.
    """
    listening = _listen(host, port, options.tls)
    certificates = None
    try:
        certificates = _certificates(options)
        app = _begun(database_url, options)
        _watch(app, certificates)
        leave_alone()
        started(_url(listening.getsockname()[:2], secure=options.tls is not None))
        _Uvicorn(_config(app, certificates)).run(sockets=[listening])
        _ended(app)
    finally:
        listening.close()
        if certificates is not None:
            certificates.close()


def _watch(app: FastAPI, certificates: Certificates | None) -> None:
    if certificates is not None:
        _server(app).meters.certificate(certificates.left_s)


def _certificates(options: Options) -> Certificates | None:
    if options.tls is None:
        return None
    return Certificates(options.tls, options.vault_key, options.clock.now)


def _begun(database: str, options: Options) -> FastAPI:
    """The application over its open database, its own threads under way."""
    if options.tls is not None and options.tls.own and not options.ca:
        options = replace(options, ca=(Path(options.tls.own) / CA).read_text("ascii"))
    app = create_app(open_engine(database), options)
    server = _server(app)
    begins = (
        partitions.ahead,
        checks.at_start,
        postman.at_start,
        labels.at_start,
        privacy.at_start,
    )
    app.state.leading = Leading(server, begins, daily=(partitions.ahead,))
    daily.begin(server, daily.folder_of(server, options.backups), options.vault_key)
    app.state.projector.start()
    return app


def leave_alone() -> None:
    """Tell the collector that what the program consists of stays; for a process that only serves.

    A push of 500 events makes some 10,000 objects: else all of the program would be looked
    through for garbage with every second push.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _ended(app: FastAPI) -> None:
    """The lead, carriers, their processes and the database are let go of, in this order."""
    server = _server(app)
    app.state.ingest.close()
    app.state.projector.stop()
    app.state.leading.close()
    server.desk.close()
    server.gateways.close()
    server.live.close()
    server.store.close()


def _config(app: FastAPI, certificates: Certificates | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=65,
        proxy_headers=False,
        ssl_context_factory=certificates.context if certificates else None,
    )


def _listen(host: str, port: int, tls: Tls | None) -> socket.socket:
    _refuse_plain(host, tls)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as exc:
        raise _no_address(host, port, exc) from exc
    # With the protocol named: asyncio turns Nagle's delay off only where it sees TCP.
    listening = socket.socket(*found[:3])
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(found[4])
        listening.listen(512)
    except OSError as exc:
        listening.close()
        raise _no_address(host, port, exc) from exc
    return listening


def _no_address(host: str, port: int, exc: OSError) -> SettingsError:
    return SettingsError(
        "error.server.address", name="listen", value=f"{host}:{port}", allowed=str(exc)
    )


def _refuse_plain(host: str, tls: Tls | None) -> None:
    """Plain HTTP never leaves the machine (reference/server.md section 4)."""
    if tls is None and not loopback(host):
        raise SettingsError(
            "error.server.plain", name="listen", value=host, allowed="127.0.0.1, ::1, localhost"
        )
