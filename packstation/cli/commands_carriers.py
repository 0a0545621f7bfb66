"""What can be asked of carriers and their accounts: part of the table of commands."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import Final

from packstation.cli.specs import Spec, arg


def _secret(text: str) -> tuple[str, str]:
    name, equals, file = text.partition("=")
    if not (name and equals and file):
        raise ArgumentTypeError("NAME=FILE is wanted: the value stands in the file")
    return name, file


_SERVER: Final = (
    arg("--server", required=True, metavar="URL", help="token: PACKSTATION_TOKEN"),
    arg("--site", default="", metavar="SITE", help="where the token is for several sites"),
    arg("--ca", metavar="FILE", default="", help="certificate (PEM) to trust besides"),
)

CARRIERS: Final = (
    Spec(
        "carriers lint",
        "carriers:lint",
        "what is wrong with descriptions of carriers' interfaces, before a server takes them",
        "packstation carriers lint acme.json",
        (arg("files", nargs="+", metavar="FILE", help="carrier/1 (JSON); - is standard input"),),
    ),
    Spec(
        "carriers put",
        "carriers:put",
        "keep an account at a carrier on the server; credentials are read from files",
        "packstation carriers put acme --kind rest --description acme.json"
        " --secret token=token.txt --server https://...",
        (
            arg("name", metavar="NAME", help="what benches call the carrier"),
            arg(
                "--kind",
                default="rest",
                metavar="KIND",
                help="adapter: rest, own, easypost, karrio ... (rest)",
            ),
            arg("--description", default="", metavar="FILE", help="carrier/1 (JSON), for rest"),
            arg("--base-url", default="", metavar="URL", help="another address: a test system's"),
            arg(
                "--secret",
                action="append",
                default=[],
                type=_secret,
                metavar="NAME=FILE",
                help="a credential; one that is not named stays; may be given several times",
            ),
            *_SERVER,
        ),
    ),
    Spec(
        "carriers list",
        "carriers:listed",
        "the accounts that a server has, with the names of their credentials",
        "packstation carriers list --server https://...",
        _SERVER,
    ),
)
