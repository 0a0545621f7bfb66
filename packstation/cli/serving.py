"""What the people do who run a server."""

from __future__ import annotations

import os
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.cli.files import data_folder, folder_at
from packstation.cli.running import DONE, Out, Unreadable

if TYPE_CHECKING:
    from packstation.server.options import Tls


def database_of(args: Namespace) -> str:
    """The URL of the server's database: as given, else a file in the data folder."""
    if args.database:
        return str(args.database)
    return f"sqlite:///{folder_at(data_folder(None)) / 'server.sqlite3'}"


def beside(database: str) -> Path:
    """Where a server keeps its files: the folder of a database that is one, else DATADIR."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(database)
    except ArgumentError as exc:
        raise Unreadable(f"{database} is no address of a database") from exc
    if url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}:
        return Path(str(url.database)).parent
    return folder_at(data_folder(None))


def make_ca(args: Namespace, out: Out) -> int:
    """A leaf for these names, by the CA of the folder, which is made at the first time."""
    from packstation.server import ca
    from packstation.server.certificates import seal_of

    folder = folder_at(_tls_folder(args))
    seal = seal_of(folder, os.environ.get("PACKSTATION_VAULT_KEY_FILE", ""))
    made = ca.issue(folder, seal, tuple(dict.fromkeys(args.name)), datetime.now(UTC))
    document = {
        "ca": str(made.ca),
        "fingerprint": made.fingerprint,
        "server": str(made.server),
        "names": made.names,
        "until": made.until.isoformat(),
    }
    out.show(
        document,
        f"{made.ca}\n  SHA-256 {made.fingerprint}\n"
        f"{made.server}\n  {', '.join(made.names)} until {made.until:%Y-%m-%d}, renewed by itself\n"
        f"a bench joins with: --ca {made.ca.name}",
    )
    return DONE


def tls_of(args: Namespace, host: str) -> Tls | None:
    """What the server shows: files as given, else its own CA's, which an open address takes.

    Raises:
        Unreadable: both are given, or a key without a certificate.
        SettingsError: there are no certificates in the folder that is named.
    """
    from packstation.server.certificates import own_tls
    from packstation.server.loopback import loopback
    from packstation.server.options import Tls

    if args.tls and (args.cert or args.key):
        raise Unreadable("either --tls or --cert and --key")
    if args.cert:
        return Tls(args.cert, args.key)
    if args.tls:
        return own_tls(Path(args.tls))
    if loopback(host):
        return None
    folder = _tls_folder(args)
    return own_tls(folder) if folder.is_dir() else None


def _tls_folder(args: Namespace) -> Path:
    from packstation.server.ca import FOLDER

    return Path(args.tls) if args.tls else beside(database_of(args)) / FOLDER
