"""What the people do who run a server."""

from __future__ import annotations

import os
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packstation.cli.files import data_folder, folder_at, read
from packstation.cli.running import DONE, Out, Unreadable

# What may be typed, and the setting that it is.
_TYPED: Final = {
    "listen": "LISTEN",
    "database": "DATABASE",
    "tls": "TLS",
    "cert": "CERT_FILE",
    "key": "KEY_FILE",
    "backups": "BACKUPS",
    "gate": "GATE",
}

if TYPE_CHECKING:
    from packstation.server.options import Tls
    from packstation.settings.serving import ServerGiven


def given_by(args: Namespace) -> dict[str, ServerGiven]:
    """The server's settings; what was typed ranks below a machine's policy and above all else.

    Raises:
        SettingsError: a value, or a name in a file, that cannot be used.
    """
    from packstation.domain.errors import SettingsError
    from packstation.settings import SettingInvalid
    from packstation.settings.serving import load_server

    typed = {key: getattr(args, name, "") or "" for name, key in _TYPED.items()}
    try:
        return load_server(typed, os.environ)
    except SettingInvalid as exc:
        raise SettingsError(exc.key, **exc.fields) from exc


def config(args: Namespace, out: Out) -> int:
    """Each setting with its value, its source, whether it is a policy's."""
    found = given_by(args)
    wanted = args.explain.upper().removeprefix("PACKSTATION_")
    if wanted and wanted not in found:
        raise Unreadable(f"{args.explain} is no setting of a server; there are: {', '.join(found)}")
    for name, one in found.items():
        if wanted in {"", name}:
            told = f"{name} = {one.shown or '(not given)'}\n  {one.source}"
            told += ", nothing overrides it" if one.locked else ""
            document = {
                "key": name,
                "value": one.shown,
                "source": one.source,
                "locked": one.locked,
                "about": one.key.about,
            }
            out.show(document, f"{told}; {one.key.about}")
    return DONE


def database_of(args: Namespace) -> str:
    """The URL of the server's database: as given, else a file in the data folder."""
    given = given_by(args)["DATABASE"].value
    if given:
        return given
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

    given = given_by(args)
    folder, chain, key = (given[name].value for name in ("TLS", "CERT_FILE", "KEY_FILE"))
    if folder and (chain or key):
        raise Unreadable("either --tls or --cert and --key")
    for name in filter(None, (chain, key)):
        read(name)  # a name that is none is refused before anything listens
    if chain:
        return Tls(chain, key)
    if folder:
        return own_tls(Path(folder))
    if loopback(host):
        return None
    made = _tls_folder(args)
    return own_tls(made) if made.is_dir() else None


def _tls_folder(args: Namespace) -> Path:
    from packstation.server.ca import FOLDER

    named = given_by(args)["TLS"].value
    return Path(named) if named else beside(database_of(args)) / FOLDER
