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

KINDS: Final = ("unknown", "voiding", "file", "number", "refused")

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
    Spec(
        "carriers accounts",
        "purchases:accounts",
        "each account: adapter, verified against the carrier or not, shut or not, its last answer",
        "packstation carriers accounts --server https://...",
        _SERVER,
    ),
    Spec(
        "carriers test",
        "purchases:attempt",
        "ask a carrier something that costs nothing: does it answer, does it take our credentials",
        "packstation carriers test acme --server https://...",
        (arg("name", metavar="NAME", help="the account"), *_SERVER),
    ),
    Spec(
        "carriers shut",
        "purchases:shut",
        "buy nothing new by an account; what was bought is still asked for",
        "packstation carriers shut acme --reason 'contract has ended' --server https://...",
        (
            arg("name", metavar="NAME", help="the account"),
            arg("--reason", default="", metavar="TEXT", help="why; kept with who and when"),
            arg("--open", action="store_true", help="buy by it again"),
            *_SERVER,
        ),
    ),
    Spec(
        "carriers unknown",
        "purchases:unknown",
        "purchases in trouble: nobody knows, being taken back, no number or file yet, refused",
        "packstation carriers unknown --server https://...",
        (
            arg("--kind", default="", metavar="KIND", help=f"only one of: {', '.join(KINDS)}"),
            arg("--carrier", default="", metavar="NAME", help="only of this carrier"),
            *_SERVER,
        ),
    ),
    Spec(
        "carriers ask",
        "purchases:ask",
        "ask a carrier now what a key bought, and keep that it was asked",
        "packstation carriers ask 0190a0b0-...-01/1 --server https://...",
        (arg("key", metavar="KEY", help="parcel id/attempt"), *_SERVER),
    ),
    Spec(
        "carriers settle",
        "purchases:settle",
        "say what a person found on the carrier's own pages; the carrier is asked once more before",
        "packstation carriers settle 0190a0b0-...-01/1 --sold 1Z999 --reason 'their page' --server https://...",
        (
            arg("key", metavar="KEY", help="parcel id/attempt"),
            arg("--sold", default="", metavar="WAYBILL", help="it was sold with this waybill"),
            arg("--not-sold", action="store_true", help="it was not sold"),
            arg("--reason", required=True, metavar="TEXT", help="how it is known; kept for ever"),
            *_SERVER,
        ),
    ),
)
