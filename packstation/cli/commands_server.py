"""What the people do who run a server: part of the table of commands."""

from __future__ import annotations

from typing import Final

from packstation.cli.commands_keeping import BACKUPS
from packstation.cli.specs import Spec, arg

# As server.roles.ROLES, which a command line has no time to import.
ROLES: Final = (
    "packer",
    "lead",
    "supervisor",
    "customs_clerk",
    "broker",
    "supplier",
    "it",
    "auditor",
    "service",
)
_DATABASE: Final = arg(
    "--database",
    metavar="URL",
    help="sqlite:///FILE or postgresql://... (else server.sqlite3 in the folder DATADIR)",
)
_TLS: Final = arg(
    "--tls",
    default="",
    metavar="FOLDER",
    help="certificates that `packstation server ca` made (else `tls` beside the database)",
)

SERVER: Final = (
    Spec(
        "server",
        "starting:server",
        "the central server",
        "packstation server --database sqlite:///packs.sqlite3 --listen 127.0.0.1:8443",
        (
            _DATABASE,
            arg(
                "--listen",
                default="",
                metavar="HOST:PORT",
                help="where to answer (127.0.0.1:8443); port 0 takes a free one",
            ),
            arg("--cert", default="", metavar="FILE", help="TLS certificate chain (PEM)"),
            arg("--key", default="", metavar="FILE", help="its key (PEM)"),
            _TLS,
            arg(
                "--gate",
                default="",
                metavar="GATE",
                help="who judges marketplace data of units: none, sandbox or a URL"
                " (else PACKSTATION_GATE; its token: PACKSTATION_GATE_TOKEN)",
            ),
            BACKUPS,
            arg(
                "--restored",
                action="store_true",
                help="the database is an older copy: benches send again what it lacks",
            ),
        ),
    ),
    Spec(
        "server config",
        "serving:config",
        "the server's settings, and which source each comes from",
        "packstation server config --explain LISTEN",
        (arg("--explain", default="", metavar="KEY", help="only this one"),),
    ),
    Spec(
        "server token",
        "starting:token",
        "a token for an integration",
        "packstation server token --role supervisor",
        (
            arg("--role", required=True, metavar="ROLE", help=", ".join(ROLES)),
            arg("--site", default="*", metavar="SITE", help="the one site it is for (else all)"),
            arg("--name", default="", help="what to call it (else the role)"),
            _DATABASE,
        ),
    ),
    Spec(
        "server enrol-token",
        "starting:enrol_token",
        "a one-time token for a bench of a site",
        "packstation server enrol-token --site GZ-1",
        (arg("--site", required=True, metavar="SITE", help="code of the site"), _DATABASE),
    ),
    Spec(
        "server ca",
        "serving:make_ca",
        "make the certificates of a server that has none: its own CA and a leaf of 90 days",
        "packstation server ca --name packs.example --name 192.0.2.7",
        (
            arg(
                "--name",
                action="append",
                required=True,
                metavar="HOST",
                help="name or address that benches know the server by; may be repeated",
            ),
            _TLS,
            _DATABASE,
        ),
    ),
)
