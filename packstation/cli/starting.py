"""``demo``, ``station``, ``server`` and ``bench``: hand over to what does the work."""

from __future__ import annotations

import logging
import os
import re
import shlex
import signal
import socket
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from msgspec.structs import replace

from packstation.cli.files import data_folder, folder_at, read, settings
from packstation.cli.running import DONE, Command, Out, Unreadable, language, reason
from packstation.cli.serving import database_of, given_by, tls_of

if TYPE_CHECKING:
    from packstation.server.core import Server
    from packstation.server.problems import Problem

LOG: Final = logging.getLogger(__name__)
LAST_PORT: Final = 65535


def demo(args: Namespace, out: Out) -> int:
    """`packstation.demo.command.run(args, out)`."""
    return _hand_over("packstation.demo.command", args, out)


def station(args: Namespace, out: Out) -> int:
    """The bench; with ``--from-menu`` what keeps it from starting is told in a window too."""
    from packstation.domain.errors import PackstationError

    try:
        return _station(args, out)
    except PackstationError as exc:
        from packstation.bootstrap.command import has_display

        if args.from_menu and has_display():
            from packstation.ui.trouble import tell

            message, _, cure = reason(exc, args).partition("\n  ")
            tell(message, cure, language(args))
        raise


def _station(args: Namespace, out: Out) -> int:
    """`packstation.bootstrap.command.run(args, out)`, logged in the data folder too."""
    from packstation.cli.logs import file_in
    from packstation.domain.errors import SettingsError
    from packstation.settings import SettingInvalid, load
    from packstation.settings.sources import Places

    places = Places.here()
    if args.config:
        places = replace(places, user=Path(args.config))
    try:
        folder = load(places=places).station.data
    except SettingInvalid as exc:
        raise SettingsError(exc.key, **exc.fields) from exc
    with file_in(folder, os.environ):
        return _hand_over("packstation.bootstrap.command", args, out)


def bench(args: Namespace, out: Out) -> int:
    """`packstation.benchmarks.command.run(args, out)`."""
    return _hand_over("packstation.benchmarks.command", args, out)


def _hand_over(module: str, args: Namespace, out: Out) -> int:
    """Each of them has its own module, with a ``run`` of this shape, that is imported late."""
    try:
        found = import_module(module)
    except ModuleNotFoundError as exc:
        # A server's installation, for one, has no window and no benchmarks.
        raise Unreadable(f"this installation lacks {exc.name}") from exc
    return cast("Command", found.run)(args, out)


def enrol(args: Namespace, out: Out) -> int:
    """Join a server; what comes of it lies in the data folder."""
    from packstation import __version__
    from packstation.bootstrap.clock import SystemClock
    from packstation.bootstrap.command import station_id
    from packstation.client.enrol import enrol as join
    from packstation.client.wire import Access

    if bool(args.token) == bool(args.file):
        raise Unreadable("either --token or --file is needed")
    token = args.token or read(args.file).decode("ascii", "replace").strip()
    known = settings().station
    folder = folder_at(data_folder(args.data))
    here = known.id or station_id(folder)
    joined = join(
        Access(args.server, ca_file=args.ca),
        token,
        here,
        args.name or known.name or socket.gethostname(),
        folder,
        clock=SystemClock(),
        app=__version__,
    )
    document = {"station": joined.station_id, "site": joined.site, "server": joined.server_url}
    out.show(document, f"{joined.station_id} joined {joined.site} at {joined.server_url}")
    return DONE


def server(args: Namespace, _: Out) -> int:
    """Serve until it is told to stop."""
    from packstation.server.databases import without_password
    from packstation.server.gates import gate_of
    from packstation.server.options import Options
    from packstation.server.outgoing import reach_from
    from packstation.server.run import run_server
    from packstation.server.smtp import smtp_of

    given = {name: one.value for name, one in given_by(args).items()}
    host, port = _address(given["LISTEN"])
    tls = tls_of(args, host)
    database = database_of(args)
    options = Options(
        first_token=given["TOKEN"],
        tls=tls,
        restored=args.restored,
        gate=gate_of(given["GATE"], given["GATE_TOKEN"]),
        customs_keys=tuple(given["CUSTOMS_KEYS"].split()),
        smtp=smtp_of({f"PACKSTATION_{name}": value for name, value in given.items() if value}),
        vault_key=given["VAULT_KEY_FILE"],
        backups=given["BACKUPS"],
        karrio_python=given["KARRIO_PYTHON"],
        reach=reach_from(given["OUTGOING"]),
        files="" if database.startswith("sqlite") else str(folder_at(data_folder(None))),
    )
    telling = without_password(database)

    def started(url: str) -> None:
        made = shlex.join(["packstation", "server", "enrol-token", "--database", telling])
        LOG.info(
            "listening at %s; floor %s/floor; a bench joins by: %s --site SITE", url, url, made
        )

    # uvicorn ends what runs, then raises the signal again: a stop that was asked for is no death.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        run_server(database, host, port, options, started)
    return DONE


def _address(listen: str) -> tuple[str, int]:
    """Host and port; a number over the last port would be taken modulo 65536."""
    host, colon, port = listen.rpartition(":")
    if not colon or not re.fullmatch("[0-9]{1,5}", port) or int(port) > LAST_PORT:
        raise Unreadable(f"--listen {listen}: HOST:PORT is wanted, PORT from 0 to {LAST_PORT}")
    return host.strip("[]"), int(port)


def token(args: Namespace, out: Out) -> int:
    """A token for an integration; it is shown this once."""
    from packstation.server.tokens import make_token

    with server_of(args) as running:
        made = make_token(running, args.role, args.site, args.name)
    out.show({"token": made, "role": args.role, "site": args.site}, made)
    return DONE


def enrol_token(args: Namespace, out: Out) -> int:
    """A one-time token for a bench; it is shown this once."""
    from packstation.server.enrolment import make_enrol_token

    with server_of(args) as running:
        made = make_enrol_token(running, args.site)
    out.show({"token": made, "site": args.site}, made)
    return DONE


@contextmanager
def server_of(args: Namespace) -> Iterator[Server]:
    """The server's database, worked on beside a running server."""
    from packstation.server.core import Server
    from packstation.server.problems import Problem
    from packstation.server.store import Store, open_engine

    store = Store(open_engine(database_of(args)))
    try:
        yield Server(store)
    except Problem as exc:
        raise Unreadable(_refused(exc)) from exc
    finally:
        store.close()


def _refused(problem: Problem) -> str:
    """What was refused, and what there is instead."""
    valid = problem.members.get("allowed") or problem.members.get("known")
    what = problem.detail or problem.code.replace("_", " ")
    return f"{what}; there is: {', '.join(cast('Sequence[str]', valid))}" if valid else what
